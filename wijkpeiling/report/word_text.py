"""Text in a Word document: markdown in its styles, and the fields that keep numbers and references right."""

from collections.abc import Callable
from typing import Any, NamedTuple

from wijkpeiling.report.prose import read_prose

DEEPEST = 4
# what a link may lead to; any other stays its words
WEB = ("https://", "http://")
SAFE = (*WEB, "mailto:")
LISTS = {False: "List Bullet", True: "List Number"}


class Heading(NamedTuple):
    """A heading of the document, and the bookmark on it."""

    level: int
    text: str
    bookmark: str


class Bookmarks:
    """Places that fields refer to, by the names that Word gives its own: its dialogue offers them to an editor."""

    def __init__(self) -> None:
        self.names: dict[tuple[str, str], str] = {}

    def of(self, kind: str, id: str) -> str:
        return self.names.setdefault((kind, id), f"_Ref{100000001 + len(self.names)}")


def add_number(paragraph: Any, label: str, number: int, bookmark: str) -> None:
    """``Table 3`` of a caption: a number that Word counts anew, and the place that references point to."""
    from docx import fields

    paragraph.add_run(f"{label} ")
    paragraph.add_field(fields.sequence(label), simple=True, dirty=False, result=str(number))
    paragraph.add_bookmark(bookmark)


def add_reference(paragraph: Any, text: str, bookmark: str) -> None:
    """A reference that follows what it refers to, however that is numbered or worded later."""
    from docx import fields

    paragraph.add_field(fields.cross_reference(bookmark), simple=True, dirty=False, result=text)


def add_contents(after: Any, headings: list[Heading]) -> None:
    """A table of contents below its heading. Word adds the pages when it opens the file."""
    from docx import fields
    from docx.text.paragraph import Paragraph

    before = Paragraph(after._p.getnext(), after._parent)
    paragraphs: list[Any] = []
    for level, text, bookmark in headings:
        paragraph = before.insert_paragraph_before(style=f"toc {level}")
        paragraphs.append(paragraph)
        if len(paragraphs) == 1:
            _add_mark(paragraph, "begin", dirty="true")
            _add_instruction(paragraph, fields.table_of_contents((1, 2)))
            _add_mark(paragraph, "separate")
        paragraph.add_hyperlink(text, fragment=bookmark, style=None)
    if paragraphs:
        _add_mark(paragraphs[-1], "end")


def _add_mark(paragraph: Any, kind: str, **given: str) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    mark = OxmlElement("w:fldChar")
    for name, value in {"fldCharType": kind, **given}.items():
        mark.set(qn(f"w:{name}"), value)
    paragraph.add_run()._r.append(mark)


def _add_instruction(paragraph: Any, instruction: str) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = instruction
    paragraph.add_run()._r.append(text)


class Prose:
    """Markdown of a notebook, written as paragraphs of a document; HTML stays text.

    Parameters
    ----------
    on_heading
        Called with each heading that is written: its paragraph and level.
    """

    def __init__(self, document: Any, on_heading: Callable[[Any, int], None]):
        self.document, self.on_heading = document, on_heading
        self.block: dict[str, Callable[[dict], None]] = {
            "heading": self._heading,
            "list": self._list,
            "block_quote": self._quote,
            "blank_line": lambda token: None,
            "thematic_break": lambda token: None,
        }

    def add(self, text: str, notebook: str) -> None:
        """Write markdown.

        Raises
        ------
        ReportError
            For a picture in it.
        """
        for token in read_prose(text, notebook):
            self.block.get(token["type"], self._paragraph)(token)

    def _paragraph(self, token: dict, style: str | None = None) -> Any:
        paragraph = self.document.add_paragraph(style=style)
        self._inline(paragraph, [token], {})
        return paragraph

    def _heading(self, token: dict) -> None:
        level = min(token["attrs"]["level"], DEEPEST)
        paragraph = self._paragraph(token, f"Heading {level}")
        self.on_heading(paragraph, level)

    def _quote(self, token: dict) -> None:
        for child in token["children"]:
            self._paragraph(child, "Quote")

    def _list(self, token: dict, depth: int = 1) -> None:
        style = LISTS[token["attrs"]["ordered"]]
        first = None
        for item in token["children"]:
            for child in item["children"]:
                if child["type"] == "list":
                    self._list(child, min(depth + 1, 3))
                elif child["type"] != "blank_line":
                    paragraph = self._paragraph(child, style if depth == 1 else f"{style} {depth}")
                    first = first or paragraph
                    if token["attrs"]["ordered"] and paragraph is first:
                        paragraph.restart_numbering()
                        number = paragraph.numbering.num_id
                    elif token["attrs"]["ordered"]:
                        paragraph.set_numbering(number)

    def _inline(self, paragraph: Any, tokens: list[dict], look: dict[str, bool]) -> None:
        for token in tokens:
            kind = token["type"]
            if kind in ("softbreak", "linebreak"):
                paragraph.add_run(" " if kind == "softbreak" else "\n")
            elif kind == "link" and token["attrs"]["url"].startswith(SAFE):
                paragraph.add_hyperlink(plain(token), token["attrs"]["url"])
            elif "children" in token:
                self._inline(paragraph, token["children"], look | LOOKS.get(kind, {}))
            else:
                run = paragraph.add_run(token.get("raw", ""))
                for name, value in (look | LOOKS.get(kind, {})).items():
                    setattr(run, name, value)


LOOKS = {"strong": {"bold": True}, "emphasis": {"italic": True}}


def plain(token: dict) -> str:
    """The words of a token."""
    return token.get("raw", "") + "".join(map(plain, token.get("children", [])))
