"""A news article as Markdown, HTML and Word: each from one model, none adding a word."""

import io
import re
from pathlib import Path
from typing import NamedTuple

from wijkpeiling.charts.style import Style
from wijkpeiling.records import Record
from wijkpeiling.report.office import storable
from wijkpeiling.report.word_styles import new_document

# what Markdown would read as more than a sign
_SIGNS = re.compile(r"([\\`*_\[\]<>#|])")


class Link(NamedTuple):
    """A page to read on: its title in the article's language, and its address."""

    title: str
    url: str


class Paragraph(Record):
    """A paragraph; ``mark`` says above it that its words do not come from the data."""

    text: str
    mark: str | None = None


class Article(Record):
    """A news article, whatever file it goes into.

    Attributes
    ----------
    headline
        The finding as a claim without a number.
    source
        The closing line.
    related
        Pages to read on, under ``related_head``.
    """

    language: str
    headline: str
    paragraphs: tuple[Paragraph, ...]
    source: str
    related_head: str
    related: tuple[Link, ...] = ()


def write_article(article: Article, folder: Path, style: Style) -> None:
    """Write ``article.md``, ``article.html`` and ``article.docx``, as `render_article` makes them."""
    for name, content in render_article(article, style).items():
        (folder / f"article.{name}").write_bytes(content)


def render_article(article: Article, style: Style) -> dict[str, bytes]:
    """The article in each of its files, by the end of the name; Markdown has no looks.

    Raises
    ------
    ReportError
        Where the package that writes Word is not installed, and for a logo that cannot be drawn.
    """
    return {
        "md": render_markdown(article),
        "html": render_html(article, style),
        "docx": render_docx(article, style),
    }


def render_markdown(article: Article) -> bytes:
    """The article as Markdown; what an editor added stands in a block quote under its mark."""
    parts = [f"# {_plain(article.headline)}"]
    for paragraph in article.paragraphs:
        text = _plain(paragraph.text)
        parts.append(f"> **{_plain(paragraph.mark)}**\n>\n> {text}" if paragraph.mark else text)
    parts.append(f"*{_plain(article.source)}*")
    if article.related:
        links = [f"- [{_plain(link.title)}](<{_in_brackets(link.url)}>)" for link in article.related]
        parts += [f"**{_plain(article.related_head)}**", "\n".join(links)]
    return ("\n\n".join(parts) + "\n").encode()


def _plain(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text)


def _in_brackets(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E")


def render_html(article: Article, style: Style) -> bytes:
    """The article as a page of its own, to read or to take over; it loads nothing.

    Fonts of a style are in it; without them it is set in that of the machine.
    """
    from wijkpeiling.report.page import dress, environment

    looks = dress(style)
    template = environment("wijkpeiling.report").get_template("article.html.j2")
    return template.render(article=article, **looks, has_fonts=style.fonts is not None).encode()


def render_docx(article: Article, style: Style) -> bytes:
    """The article in Word, with styles for title and headings and the language of the text.

    Raises
    ------
    ReportError
        Where the package that writes it is not installed.
    """
    article = storable(article)
    task = "writing the article in Word"
    document = new_document(article.headline, article.language, style, task=task)
    document.add_paragraph(article.headline, style="Title")
    for paragraph in article.paragraphs:
        if paragraph.mark:
            document.add_paragraph(paragraph.mark, style="Heading 2")
        document.add_paragraph(paragraph.text, style="Quote" if paragraph.mark else None)
    document.add_paragraph(article.source).runs[0].italic = True
    if article.related:
        document.add_paragraph(article.related_head, style="Heading 2")
    for link in article.related:
        document.add_paragraph(style="List Bullet").add_hyperlink(link.title, link.url)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()
