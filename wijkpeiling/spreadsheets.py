"""What a spreadsheet makes of text: a formula, a link, a number. Here is what keeps text text."""

from typing import TypeVar

# what a formula begins with, in one spreadsheet or another
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# for xlsxwriter: in a workbook a cell says itself that it is text
AS_WRITTEN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

Cell = TypeVar("Cell")


def as_text(cell: Cell) -> Cell | str:
    """A cell for a CSV file: one that a spreadsheet would run as a formula gets a ' in front, which makes it text.

    Not for a file that a program reads: to it the ' belongs to the text.

    References
    ----------
    OWASP, CSV Injection.
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
