"""How to refer to an edition: what it is called, who brings it out, when, and whose survey its figures are of."""

from typing import NamedTuple

from wijkpeiling.charts.style import Style
from wijkpeiling.language import say
from wijkpeiling.report.model import Report


class Citation(NamedTuple):
    """A reference in its parts: a page sets the title apart, and links the address; None where there is none."""

    before: str
    title: str
    after: str
    address: str | None

    @property
    def text(self) -> str:
        """The reference as one line."""
        return " ".join(filter(None, [f"{self.before}{self.title}{self.after}", self.address]))


def citation(report: Report, style: Style) -> Citation:
    """The reference to an edition: authors or publisher, year, title, wave, and the survey it draws on.

    Notes
    -----
    Nothing is filled in that nobody gave: without a date it says so, and without a publisher too. The day on which the
    edition was built is no date of publication, and would make two builds differ.
    """
    language, cover = report.language, report.cover
    sender = style.sender.name if style.sender else None
    author = style.authors or sender
    date = str(style.published.year) if style.published else say(language, "cite_no_date")
    publisher = sender or say(language, "cite_no_publisher")
    parts = [
        cover.subtitle,
        publisher if publisher != author else None,
        say(language, "cite_survey", held_by=cover.origin.held_by) if cover.origin else None,
    ]
    told = " ".join(f"{part}." for part in parts if part)
    if author:
        return Citation(f"{author} ({date}). ", cover.title, f". {told}", style.address)
    return Citation("", cover.title, f" ({date}). {told}", style.address)
