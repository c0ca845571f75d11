"""What goes wrong with a sheet of answers on its way: one thing at a time, to its cells or to its text."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Literal

from tests.intake_survey import ASKED, Form, Sheet

# what a text damage has to come to: the same answers, a word of it, or one of the two
Outcome = Literal["same", "told", "either", "part"]


@dataclass(frozen=True)
class Damage:
    """A damage that was done.

    Attributes
    ----------
    what
        In words, for who reads of a failure.
    sheet
        As it stands now; what is read in it is for the oracle to say.
    row
        That was damaged, as it is shown; None where it is not one.
    content
        What happens to the bytes besides, and what that has to come to.
    """

    what: str
    sheet: Sheet
    row: int | None = None
    content: Callable[[bytes], bytes] | None = None
    outcome: Outcome | None = None


WORDS = [word for question in ASKED for pair in question.options.items() for word in pair]
STRANGE = (
    *("1,0", "1.0", "01", "1.5", "2", "-1", "10", "0", "1", "1e0", "+1", "١", "½", "①", "1²", "I", "l"),
    *(
        "J a",
        "ja!",
        "Ja <niet>",
        "ja?",
        "<b>Ja</b>",
        "&#74;a",
        "J\u200ba",
        "n",
        "N",
        "Y",
        "X",
        "N/A",
        "n.v.t.",
        "-",
        ".",
        "?",
    ),
    *(
        "2027-05-01",
        "1-mei",
        "45000",
        "2027-05-01 10:00:00",
        "01/05/2027",
        "TRUE",
        "WAAR",
        "ONWAAR",
        "#N/A",
        "NULL",
        "nan",
        "None",
    ),
    *(
        " ",
        "\u00a0",
        "\u200b",
        "\ufeff",
        "''",
        "'1",
        "=1",
        "Ja;Nee",
        "yes no",
        "hulp prev",
        "hulp;prev",
        "hulp, prev",
        "a1 a2",
        "a1²",
    ),
    *(
        "Hulp",
        "kort of lang",
        "Hulp, kort of lang;Preventie",
        "Noord;Oost",
        "n o",
        "Meer",
        "GM9000",
        "9000",
        "{}",
        "goed matig",
    ),
)
TYPED = (True, False, 1.0, 2.0, 0.5, datetime.date(2027, 5, 1), datetime.date(1900, 1, 1), 45000.25)
NUMBERS = (0.0, 1.0, 2.0, 3.0, 4.0, 12.0, -1.0, 0.5, 1.000001, 97.0, 98.0, 99.0, 96.0, 100.0, 1e10, 1e300)


def _near(random: Random, text: str) -> str:
    """A text in which one sign is another, wider, too many or too few."""
    at = random.randrange(len(text)) if text else 0
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text[at : at + 1])
    return random.choice(
        [
            text[:at] + wide + text[at + 1 :],
            text[:at] + " " + text[at:],
            text[:at] + "\u200b" + text[at:],
            text[:at] + text[at + 1 :],
            text[:at] + text[at : at + 1] + text[at:],
            *(text + tail for tail in (".0", ",0", " ", "\u00a0", "\t", ".", "²", ";", " (anders)", "\n", "*")),
            *("0" + text, f" {text}", f'"{text}"', f"'{text}", text.swapcase(), text.title()),
        ]
    )


def a_cell(random: Random, sheet: Sheet, form: Form) -> Damage:
    number, at = random.randrange(len(sheet.rows)), random.randrange(len(sheet.headings))
    old, heading = sheet.rows[number][at], sheet.headings[at]
    if heading in sheet.labels:
        new: Any = random.choice([*NUMBERS, *(value for value in sheet.labels[heading] if isinstance(value, str))])
    elif isinstance(old, float):
        new = random.choice(NUMBERS[:10])
    else:
        others = [row[at] or "" for row in sheet.rows]
        new = random.choice([random.choice(WORDS), random.choice(STRANGE), _near(random, old or ""), *others, ""])
        is_typed = form.file.endswith(".xlsx") and random.random() < 0.2
        new = random.choice(TYPED) if is_typed else new
    return _put(sheet, number, at, new)


def _put(sheet: Sheet, number: int, at: int, new: Any) -> Damage:
    rows = [list(row) for row in sheet.rows]
    old, rows[number][at] = rows[number][at], new
    what = f"{sheet.headings[at]!r} of row {sheet.first_row + number}: {old!r} becomes {new!r}"
    return Damage(what, replace(sheet, rows=rows), sheet.first_row + number)


def an_answer_of_another_question(random: Random, sheet: Sheet, form: Form) -> Damage:
    number = random.randrange(len(sheet.rows))
    first, second = random.sample(range(len(sheet.headings)), 2)
    if sheet.labels and (sheet.headings[first] in sheet.labels) != (sheet.headings[second] in sheet.labels):
        return a_cell(random, sheet, form)
    return _put(sheet, number, first, sheet.rows[number][second])


def a_shifted_row(random: Random, sheet: Sheet, form: Form) -> Damage:
    """Cells of a row one place to the right or left; what falls off is gone."""
    if sheet.labels:
        return a_swap_of_cells(random, sheet, form)
    number, at = random.randrange(len(sheet.rows)), random.randrange(len(sheet.headings))
    row = sheet.rows[number]
    is_right = random.random() < 0.5
    shifted = [*row[:at], "", *row[at:-1]] if is_right else [*row[:at], *row[at + 1 :], ""]
    rows = [*sheet.rows[:number], shifted, *sheet.rows[number + 1 :]]
    what = f"row {sheet.first_row + number} from {sheet.headings[at]!r} on to the {'right' if is_right else 'left'}"
    return Damage(what, replace(sheet, rows=rows), sheet.first_row + number)


def a_shifted_column(random: Random, sheet: Sheet, form: Form) -> Damage:
    """The cells of one column sorted, or a row further, without the others."""
    at = random.randrange(len(sheet.headings))
    cells = [row[at] for row in sheet.rows]
    cells = random.choice([[*cells[-1:], *cells[:-1]], sorted(cells, key=str)])
    rows = [[*row[:at], cell, *row[at + 1 :]] for row, cell in zip(sheet.rows, cells, strict=True)]
    return Damage(f"the cells of {sheet.headings[at]!r} in another order", replace(sheet, rows=rows))


def a_swap_of_cells(random: Random, sheet: Sheet, form: Form) -> Damage:
    first, second = random.sample(range(len(sheet.rows)), 2)
    at = random.randrange(len(sheet.headings))
    rows = [list(row) for row in sheet.rows]
    rows[first][at], rows[second][at] = rows[second][at], rows[first][at]
    what = f"{sheet.headings[at]!r} of rows {sheet.first_row + first} and {sheet.first_row + second} swapped"
    return Damage(what, replace(sheet, rows=rows))


def rows_otherwise(random: Random, sheet: Sheet, form: Form) -> Damage:
    """Rows in another order, one twice, one blank or one gone."""
    number, rows = random.randrange(len(sheet.rows)), [list(row) for row in sheet.rows]
    how = random.choice(["twice", "twice", "gone", "blank", "order"])
    if how == "twice":
        rows.insert(random.randrange(len(rows) + 1), list(rows[number]))
    elif how == "gone":
        del rows[number]
    elif how == "blank" and not sheet.labels:
        rows[number] = ["" for _ in rows[number]]
    else:
        random.shuffle(rows)
    return Damage(f"row {sheet.first_row + number}: {how}", replace(sheet, rows=rows))


def headings_again(random: Random, sheet: Sheet, form: Form) -> Damage:
    if sheet.labels:
        return rows_otherwise(random, sheet, form)
    number = random.randrange(len(sheet.rows) + 1)
    rows = [*sheet.rows[:number], list(sheet.headings), *sheet.rows[number:]]
    return Damage(
        f"headings again in row {sheet.first_row + number}", replace(sheet, rows=rows), sheet.first_row + number
    )


def a_heading(random: Random, sheet: Sheet, form: Form) -> Damage:
    """A column under another heading: a near one, one of another column, none."""
    if sheet.labels:
        return columns_otherwise(random, sheet, form)
    at, headings = random.randrange(len(sheet.headings)), list(sheet.headings)
    texts = [text for question in ASKED for text in (question.name, question.text)]
    new = random.choice([_near(random, headings[at]), random.choice(headings), random.choice(texts), "", "Kolom1"])
    if form.file.endswith(".json") and (new in headings or not new):
        new = f"{headings[at]}x"
    old, headings[at] = headings[at], new
    return Damage(f"heading {old!r} becomes {new!r}", replace(sheet, headings=headings))


def two_headings(random: Random, sheet: Sheet, form: Form) -> Damage:
    if sheet.labels:
        return columns_otherwise(random, sheet, form)
    first, second = random.sample(range(len(sheet.headings)), 2)
    headings = list(sheet.headings)
    headings[first], headings[second] = headings[second], headings[first]
    if all(". " in headings[at] for at in (first, second)) and random.random() < 0.5:
        # the codes alone, the texts stay
        codes, texts = zip(*(headings[at].split(". ", 1) for at in (first, second)), strict=True)
        headings[first], headings[second] = f"{codes[0]}. {texts[1]}", f"{codes[1]}. {texts[0]}"
    return Damage(f"headings {headings[first]!r} and {headings[second]!r} swapped", replace(sheet, headings=headings))


def columns_otherwise(random: Random, sheet: Sheet, form: Form) -> Damage:
    """Columns in another order, one gone, one twice, blank ones behind."""
    order = list(range(len(sheet.headings)))
    at = random.randrange(len(order))
    how = random.choice(["order", "gone", "twice", "blank"])
    can_repeat = not sheet.labels and not form.file.endswith(".json")
    if how == "blank" and can_repeat and not sheet.texts:
        more = random.randrange(1, 4)
        rows = [[*row, *[""] * more] for row in sheet.rows]
        return Damage(
            f"{more} blank columns behind", replace(sheet, headings=[*sheet.headings, *[""] * more], rows=rows)
        )
    if how == "gone":
        del order[at]
    elif how == "twice" and can_repeat:
        order.insert(random.randrange(len(order) + 1), at)
    elif not sheet.texts:
        random.shuffle(order)
    return Damage(
        f"column {sheet.headings[at]!r}: {how}",
        replace(
            sheet,
            headings=[sheet.headings[place] for place in order],
            rows=[[row[place] for place in order] for row in sheet.rows],
            texts=[sheet.texts[place] for place in order] if sheet.texts else None,
        ),
    )


SHEET_DAMAGES = (
    *(a_cell, a_cell, a_cell, a_cell, a_cell, a_cell, an_answer_of_another_question, an_answer_of_another_question),
    *(a_shifted_row, a_shifted_column, a_swap_of_cells, rows_otherwise, headings_again),
    *(a_heading, a_heading, two_headings, columns_otherwise),
)


def _recoded(content: bytes, encoding: str) -> bytes:
    old = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(old)
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    return text.encode(encoding, "replace")


def _lines(content: bytes, change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    """The same with its records changed; what stands in quotes is no end of one."""
    records, rest = [], b""
    for line in content.splitlines(keepends=True):
        rest += line
        if rest.count(b'"') % 2 == 0:
            records.append(rest)
            rest = b""
    return b"".join(change([*records, rest] if rest else records))


def encodings(random: Random, sheet: Sheet, form: Form) -> Damage:
    encoding, outcome = random.choice(
        [
            *(("utf-8", "same"), ("utf-8-sig", "same"), ("utf-16", "same"), ("utf-32", "same")),
            *(
                ("cp1252", "same"),
                ("cp850", "either"),
                ("mac_roman", "either"),
                ("utf-16-le", "told"),
                ("iso8859_2", "either"),
            ),
        ]
    )
    return Damage(f"written in {encoding}", sheet, None, lambda content: _recoded(content, encoding), outcome)


def _text(content: bytes) -> str:
    return _recoded(content, "utf-8").decode()


def signs_around(random: Random, sheet: Sheet, form: Form) -> Damage:
    """Line ends of another system, a line that names the separator, blank lines before, between and behind."""
    separator = form.separator
    number = random.randrange(len(sheet.rows))
    how: dict[str, Callable[[str], str]] = {
        "sep=": lambda text: f"sep={separator}\r\n{text}",
        "blank lines before": lambda text: "\n\n" + text,
        "blank lines behind": lambda text: text + "\n\n\r\n",
        "a second byte order mark": lambda text: "\ufeff" + text,
        "a blank line between": lambda text: _between(text, number + sheet.first_row - 1),
    }
    what = random.choice(sorted(how))
    outcome: Outcome = "either" if what.endswith("mark") else "same"
    return Damage(what, sheet, None, lambda content: how[what](_text(content)).encode("utf-8-sig"), outcome)


def _between(text: str, number: int) -> str:
    return _lines(text.encode(), lambda lines: [*lines[:number], b"\r\n", *lines[number:]]).decode()


def _apart(record: str, separator: str) -> list[str]:
    """The cells of a record as they are written, quotes and all."""
    cells, rest = [], ""
    for piece in record.rstrip("\r\n").split(separator):
        rest = f"{rest}{separator}{piece}" if rest else piece
        if rest.count('"') % 2 == 0:
            cells.append(rest)
            rest = ""
    return cells


def a_ragged_row(random: Random, sheet: Sheet, form: Form) -> Damage:
    """A record with cells too few, too many, of another separator, or run into the next."""
    number = random.randrange(len(sheet.rows) - 1)
    row, separator = sheet.first_row + number, form.separator
    # a preview stands above the answers of Qualtrics
    line = row - 1
    other = ";" if separator != ";" else ","
    at = random.randrange(1, len(sheet.headings))
    how: dict[str, Callable[[list[str]], str]] = {
        "cut short": lambda cells: separator.join(cells[:at]) + "\r\n",
        "a cell too many": lambda cells: separator.join([*cells[:at], random.choice(cells), *cells[at:]]) + "\r\n",
        "a blank cell too many": lambda cells: separator.join([*cells[:at], "", *cells[at:]]) + "\r\n",
        "another separator": lambda cells: other.join(cells) + "\r\n",
        "into the next": lambda cells: separator.join(cells),
        "broken": lambda cells: separator.join(cells[:at]) + "\r\n" + separator.join(cells[at:]) + "\r\n",
    }
    what = random.choice(sorted(how))

    def change(lines: list[bytes]) -> list[bytes]:
        cells = _apart(lines[line].decode(), separator)
        return [*lines[:line], how[what](cells).encode(), *lines[line + 1 :]]

    def content(given: bytes) -> bytes:
        return _lines(_text(given).encode(), change)

    return Damage(f"row {row}: {what}, at {sheet.headings[at]!r}", sheet, row, content, "told")


def a_sign(random: Random, sheet: Sheet, form: Form) -> Damage:
    """A quote or a line break that is taken out or put in somewhere, or the end that is gone."""
    place, how = random.random(), random.choice(["quote out", "quote in", "end gone"])

    def content(given: bytes) -> bytes:
        text = _text(given)
        start = text.index("\n") + 1
        at = start + int(place * (len(text) - start))
        if how == "quote in":
            return (text[:at] + '"' + text[at:]).encode()
        if how == "end gone":
            # within a cell: behind the headings and more than a row
            return text[:at].encode()
        found = text.find('"', at)
        return (text if found < 0 else text[:found] + text[found + 1 :]).encode()

    return Damage(f"{how} at {place:.3f} of the text", sheet, None, content, "part" if how == "end gone" else "either")


def headings_apart(random: Random, sheet: Sheet, form: Form) -> Damage:
    """Headings with another separator than the rows."""
    other = ";" if form.separator != ";" else ","

    def change(lines: list[bytes]) -> list[bytes]:
        return [(other.join(_apart(lines[0].decode(), form.separator)) + "\r\n").encode(), *lines[1:]]

    return Damage(
        f"headings apart by {other!r}", sheet, None, lambda given: _lines(_text(given).encode(), change), "told"
    )


TEXT_DAMAGES = (encodings, signs_around, a_ragged_row, a_ragged_row, a_sign, headings_apart)


def damaged(random: Random, sheet: Sheet, form: Form) -> Damage:
    """One damage, of those that the form can have."""
    of_text = (*TEXT_DAMAGES, *TEXT_DAMAGES) if form.is_text else ()
    return random.choice((*SHEET_DAMAGES, *of_text))(random, sheet, form)
