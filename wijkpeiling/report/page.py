"""The web page: one file, readable without a network, on a phone and on paper."""

from base64 import b64encode
from functools import cache
from importlib.metadata import version
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from mistune import HTMLRenderer, Markdown

from wijkpeiling.charts.style import Style
from wijkpeiling.language import say
from wijkpeiling.present.blocks import Drawings
from wijkpeiling.report.model import Report
from wijkpeiling.report.prose import picture_in_text


def render_page(report: Report, *, drawings: dict[str, Drawings], style: Style, data_files: list[str]) -> str:
    """The report as an HTML page with its styles, fonts and charts in it.

    Parameters
    ----------
    drawings
        Of each chart, by its id.
    style
        The colours of the page; those of the drawings are in them.
    data_files
        Names of the data files that stand beside the page.

    Raises
    ------
    ReportError
        For a picture in a notebook's text.
    jinja2.UndefinedError
        Never for a report that ``assemble`` made: the model has everything that the template names.
    """
    templates = environment("wijkpeiling.report")
    templates.filters |= {"markdown": _markdown, "data_uri": _data_uri}
    return templates.get_template("page.html.j2").render(
        report=report,
        data_files=data_files,
        say=lambda key, **values: say(report.language, key, **values),
        version=version("wijkpeiling"),
        drawings=drawings,
        **dress(style),
    )


def environment(package: str) -> Environment:
    """The templates of a package, which may take ``head.html.j2`` and ``parts.html.j2`` of this one."""
    return Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in dict.fromkeys([package, __package__])]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def dress(style: Style) -> dict[str, object]:
    """What ``head.html.j2`` takes: colours, styles and fonts, so that a page needs no other file."""
    return {
        "colours": style.colours.model_dump(),
        "style": _resource("wijkpeiling.report", "templates", "page.css").decode(),
        "fonts": [(weight, _font(name)) for weight, name in ((400, "Inter-Regular.ttf"), (600, "Inter-SemiBold.ttf"))],
    }


def _markdown(text: str, notebook: str) -> str:
    """Markdown of a notebook as HTML."""
    return str(Markdown(_Prose(notebook))(text))


class _Prose(HTMLRenderer):
    """Headings one level lower, below the section's own title; HTML as text; no pictures."""

    def __init__(self, notebook: str):
        super().__init__(escape=True)
        self.notebook = notebook

    def heading(self, text: str, level: int, **attrs: object) -> str:
        return super().heading(text, level + 1, **attrs)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        raise picture_in_text(url, self.notebook)


def _data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


@cache
def _font(name: str) -> str:
    return "data:font/ttf;base64," + b64encode(_resource("wijkpeiling.charts", "fonts", name)).decode()


def _resource(package: str, *path: str) -> bytes:
    return files(package).joinpath(*path).read_bytes()
