"""A PDF read back by its tags, as a reader that speaks it does."""

import io
import re
from collections.abc import Iterator

import pikepdf


class Tagged:
    """A PDF by its tags."""

    def __init__(self, document: bytes):
        self.pdf = pikepdf.open(io.BytesIO(document))
        self.texts = {}
        for page in self.pdf.pages:
            for mark, text in marked_texts(page):
                key = page.objgen, mark
                self.texts[key] = self.texts.get(key, "") + text

    def all(self, *kinds: str, below=None) -> list:
        """Elements of these kinds, in reading order."""
        return [one for one in self._walk(below or self.pdf.Root.StructTreeRoot) if str(one.S) in kinds]

    def _walk(self, parent) -> Iterator:
        for child in children(parent):
            if isinstance(child, pikepdf.Dictionary) and "/S" in child:
                yield child
                yield from self._walk(child)

    def text(self, element) -> str:
        """What an element says, as it is read; a line that broke a word is whole again."""
        return plain("".join(self._pieces(element, element.get("/Pg"))))

    def _pieces(self, element, page) -> Iterator[str]:
        page = element.get("/Pg", page)
        for child in children(element):
            if isinstance(child, int):
                yield self.texts.get((page.objgen, child), "")
            elif "/S" in child:
                yield from self._pieces(child, page)
            elif child.get("/Type") == "/MCR":
                yield self.texts.get((child.get("/Pg", page).objgen, int(child.MCID)), "")

    def tables(self) -> list[list[list[str]]]:
        cells = [
            [self.all("/TH", "/TD", below=row) for row in self.all("/TR", below=one)] for one in self.all("/Table")
        ]
        return [[[self.text(cell) for cell in row] for row in table] for table in cells]

    def everything(self) -> str:
        return plain("".join(self.texts.values()))


def plain(text: str) -> str:
    """Without spaces and hyphens: what a line may end with."""
    return re.sub(r"[\s\u00ad\u2010-]", "", text)


def children(element) -> list:
    below = element.get("/K", [])
    return list(below) if isinstance(below, pikepdf.Array) else [below]


def marked_texts(page) -> Iterator[tuple[int, str]]:
    """The number of each marked piece of a page, with its text by the characters that its font gives them."""
    characters = {name: to_unicode(font) for name, font in page.Resources.get("/Font", {}).items()}
    marks, font = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC":
                marks.append(operands[1])
            case "BMC":
                marks.append({})
            case "EMC":
                marks.pop()
            case "Tf":
                font = characters[str(operands[0])]
            case "TJ" | "Tj":
                shown = operands[0] if str(operator) == "TJ" else [operands[0]]
                numbers = [int(mark["/MCID"]) for mark in marks if "/MCID" in mark]
                if numbers:
                    yield numbers[-1], "".join(spelled(bytes(one), font) for one in shown if is_text(one))


def is_text(one) -> bool:
    return isinstance(one, pikepdf.String)


def spelled(codes: bytes, font: dict[int, str]) -> str:
    return "".join(font[int.from_bytes(codes[place : place + 2])] for place in range(0, len(codes), 2))


def to_unicode(font) -> dict[int, str]:
    """The character of each code of a font, as it says itself for those that copy text."""
    told = font.ToUnicode.read_bytes().decode("latin-1")
    found = {}
    for chars in re.findall(r"beginbfchar(.*?)endbfchar", told, re.S):
        for code, text in re.findall(r"<(\w+)>\s*<(\w+)>", chars):
            found[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for ranges in re.findall(r"beginbfrange(.*?)endbfrange", told, re.S):
        for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", ranges):
            start = ord(bytes.fromhex(text).decode("utf-16-be"))
            found |= {code: chr(start + code - int(first, 16)) for code in range(int(first, 16), int(last, 16) + 1)}
    return found
