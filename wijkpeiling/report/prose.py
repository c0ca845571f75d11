"""The text of a notebook, read from its markdown for the formats that set it themselves."""

from typing import Any

from mistune import create_markdown

from wijkpeiling.errors import ReportError


def read_prose(text: str, notebook: str) -> list[dict[str, Any]]:
    """Markdown as mistune's tokens: a dictionary each, with ``type`` and ``raw`` or ``children``; HTML is a token too.

    Raises
    ------
    ReportError
        For a picture, as `picture_in_text` tells.
    """
    tokens: Any = create_markdown(renderer="ast")(text)
    _refuse_pictures(tokens, notebook)
    return tokens


def _refuse_pictures(tokens: list[dict], notebook: str) -> None:
    for token in tokens:
        if token["type"] == "image":
            raise picture_in_text(token["attrs"]["url"], notebook)
        _refuse_pictures(token.get("children", []), notebook)


def picture_in_text(url: str, notebook: str) -> ReportError:
    """The refusal of a picture in a notebook's text."""
    return ReportError(
        f"a picture in the text: {url}",
        where=f"{notebook}.ipynb",
        expected="pictures that the package makes: they work without a network, and carry their numbers",
        todo="remove the picture, or link to it",
    )
