"""The index of a site of editions, and what search engines want to know of it."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from xml.etree import ElementTree

from wijkpeiling import language as speak
from wijkpeiling.charts.style import Style
from wijkpeiling.present.blocks import Cover
from wijkpeiling.report.page import AUDIT_PAGE, BESIDE, PAGE, dress, environment

SITEMAPS, XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"


class Version(NamedTuple):
    """A build of an edition: where it stays, and when it was published."""

    path: str
    date: datetime.date


class Listed(NamedTuple):
    """An edition in a site: the folder ``name``, and its versions, the newest first."""

    name: str
    wave: int
    language: str
    cover: Cover
    files: tuple[str, ...]
    versions: tuple[Version, ...]

    @property
    def formats(self) -> list[tuple[str, str]]:
        """The files that people take, and the key of the words for each."""
        return [(name, key) for name, (key, _) in BESIDE.items() if name in self.files]


def render_index(editions: Sequence[Listed], language: str, style: Style, indexes: Mapping[str, str]) -> str:
    """The page that leads to every edition, wave by wave: those in its own language first.

    Parameters
    ----------
    editions
        In the order of the page.
    indexes
        Name of the index in each language.
    """
    waves: dict[int, list[Listed]] = {}
    for one in sorted(editions, key=lambda one: (-one.wave, one.language != language)):
        waves.setdefault(one.wave, []).append(one)
    return (
        environment(__package__)
        .get_template("site.html.j2")
        .render(
            language=language,
            indexes=indexes,
            waves=waves,
            say=lambda key, **values: speak.say(language, key, **values),
            date=lambda day: speak.date(day, language),
            **dress(style),
        )
    )


def render_sitemap(editions: Sequence[Listed], url: str, indexes: Mapping[str, str]) -> str:
    """The pages of a site for search engines (sitemaps.org 0.9): current editions, and the same in another language.

    Parameters
    ----------
    url
        Address of the site, ``https://example.org/peiling``.
    """
    base = url.rstrip("/") + "/"
    newest = max((one.versions[0].date for one in editions), default=None)
    pages = [(dict(indexes), newest), *_pages(editions)]
    ElementTree.register_namespace("", SITEMAPS)
    ElementTree.register_namespace("xhtml", XHTML)
    root = ElementTree.Element(f"{{{SITEMAPS}}}urlset")
    for by_language, day in pages:
        for path in by_language.values():
            place = ElementTree.SubElement(root, f"{{{SITEMAPS}}}url")
            ElementTree.SubElement(place, f"{{{SITEMAPS}}}loc").text = base + path
            if day:
                ElementTree.SubElement(place, f"{{{SITEMAPS}}}lastmod").text = day.isoformat()
            for other, address in by_language.items() if len(by_language) > 1 else ():
                link = {"rel": "alternate", "hreflang": other, "href": base + address}
                ElementTree.SubElement(place, f"{{{XHTML}}}link", link)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _pages(editions: Sequence[Listed]) -> Iterator[tuple[dict[str, str], datetime.date]]:
    """Each page of the editions, by its languages, with the day of the newest."""
    for wave in dict.fromkeys(one.wave for one in editions):
        of_wave = [one for one in editions if one.wave == wave]
        day = max(one.versions[0].date for one in of_wave)
        for page in (PAGE, AUDIT_PAGE):
            found = {one.language: f"{one.name}/{page}" for one in of_wave if page in one.files}
            if found:
                yield found, day
