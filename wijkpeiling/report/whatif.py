"""The page of a plan: sliders that look up what was computed, and the same as tables."""

import json
from importlib.metadata import version
from typing import Any

from markupsafe import Markup

from wijkpeiling import language as speak
from wijkpeiling.charts.style import Style
from wijkpeiling.present.blocks import Sentence, Table
from wijkpeiling.present.whatif import Control
from wijkpeiling.report.page import dress, environment

# of the drawing, in its own units
LEFT, RIGHT, TOP, BOTTOM = 70, 690, 16, 280
MARKS = (0, 2, 5, 10, 20, 50, 100)


def render_what_if(
    controls: list[Control],
    found: dict[str, Any],
    *,
    tables: list[Table],
    sentences: list[Sentence],
    baseline: int,
    style: Style,
    language: str,
) -> str:
    """The what-if page as HTML, whole: it needs no other file and no network.

    Parameters
    ----------
    controls, found
        From `wijkpeiling.present.whatif`: the sliders, and what the page looks up for them.
    tables, sentences
        The same numbers for a reader without JavaScript, and on paper.
    baseline
        Year of the wave compared with.
    """
    drawing = _drawing(controls[0], found)
    looked_up = {
        **found,
        "x": drawing["x"],
        "y": drawing["y"],
        "texts": {control.id: control.texts for control in controls},
    }
    return (
        environment(__package__)
        .get_template("whatif.html.j2")
        .render(
            say=lambda key, **values: speak.say(language, key, **values),
            language=language,
            title=speak.say(language, "whatif_title"),
            subtitle=speak.say(language, "whatif_lead", baseline=baseline),
            baseline=baseline,
            controls=controls,
            tables=tables,
            sentences=sentences,
            drawing=drawing,
            # no text can end the element that holds it
            data=Markup(json.dumps(looked_up, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")),
            version=version("wijkpeiling"),
            **dress(style, "whatif.js"),
        )
    )


def _drawing(response: Control, found: dict[str, Any]) -> dict[str, Any]:
    """Where each response stands from left to right, and each tenth of a point from bottom to top."""
    highest = len(found["points"]) - 1
    step = (RIGHT - LEFT) / max(len(response.texts) - 1, 1)
    # the root of the size: small changes, which matter most, get the most room
    heights = [round(BOTTOM - (BOTTOM - TOP) * (tenth / max(highest, 1)) ** 0.5, 1) for tenth in range(highest + 1)]
    return {
        "x": [round(LEFT + place * step, 1) for place in range(len(response.texts))],
        "y": heights,
        "marks": [(size, heights[size * 10]) for size in MARKS if size * 10 <= highest],
        "rates": [text.rpartition("(")[2].rstrip(")") for text in response.texts],
        "left": LEFT,
        "right": RIGHT,
        "bottom": BOTTOM,
    }
