"""Titles of publications, which are Dutch in a report of any language: a voice that reads it aloud must know."""

import re
from collections.abc import Callable, Iterator

from markupsafe import Markup, escape

from wijkpeiling.report.model import Report

LANGUAGE = "nl"
# what stands in brackets behind a title, such as who brought it out, is told in the language of the report
_BEHIND = re.compile(r"\s*\([^()]*\)$")


class Titles:
    """The titles that a report names in another language than its own."""

    def __init__(self, report: Report):
        self.titles = titles_of(report)
        self._pattern = re.compile(f"({'|'.join(map(re.escape, self.titles))})") if self.titles else None

    def mark(self, text: str, others: Callable[[str], Markup] = escape) -> Markup:
        """``text`` safe for a page, with its language on each title; ``others`` makes the rest of it safe."""
        if self._pattern is None:
            return others(text)
        # a pattern in brackets: every second part is a title
        parts = self._pattern.split(text)
        return Markup().join(
            Markup('<span lang="{}">{}</span>').format(LANGUAGE, part) if place % 2 else others(part)
            for place, part in enumerate(parts)
            if part
        )


def titles_of(report: Report) -> list[str]:
    """Titles that the report names, the longest first: one may begin another. None for a report in their language."""
    if report.language == LANGUAGE:
        return []
    return sorted({_BEHIND.sub("", title) for title in _named(report)}, key=lambda title: (-len(title), title))


def _named(report: Report) -> Iterator[str]:
    if report.cover.origin:
        yield report.cover.origin.report
    for table in report.tables:
        told = (reference for row in table.why if row for reference in row.sources)
        # without an address it may be a file of the project
        yield from (reference.title for reference in told if reference.url)
        if table.contract == "audit":
            yield from (record["source"] for record in table.records if record.get("source"))
