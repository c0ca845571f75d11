"""How an edition is referred to: nothing filled in that nobody gave."""

import datetime

import pytest

from tests.told_reports import made, share
from wijkpeiling.charts.style import Sender, house_style
from wijkpeiling.present.blocks import Origin
from wijkpeiling.report.citation import citation

ORIGIN = Origin(held_by="het instituut", fieldwork="voorjaar 2027", report="Het rapport", published="najaar 2027")
SENDER = Sender(name="Een uitgever", url=None)
DAY = datetime.date(2026, 11, 25)
ADDRESS = "https://example.org/2027"


@pytest.mark.parametrize(
    ("language", "given", "expected"),
    [
        ("nl", {}, "TITLE (z.d.). SUBTITLE. Uitgever niet vermeld. Bron: de peiling van het instituut."),
        ("en", {}, "TITLE (n.d.). SUBTITLE. Publisher not stated. Source: the survey by het instituut."),
        ("nl", {"sender": SENDER}, "Een uitgever (z.d.). TITLE. SUBTITLE. Bron: de peiling van het instituut."),
        (
            "nl",
            {"sender": SENDER, "authors": "A. Auteur", "published": DAY, "address": ADDRESS},
            f"A. Auteur (2026). TITLE. SUBTITLE. Een uitgever. Bron: de peiling van het instituut. {ADDRESS}",
        ),
        (
            "en",
            {"authors": "A. Auteur", "published": DAY},
            "A. Auteur (2026). TITLE. SUBTITLE. Publisher not stated. Source: the survey by het instituut.",
        ),
    ],
)
def test_an_edition_is_referred_to_by_what_is_known_of_it(language, given, expected):
    report = made({"table_task": [share("task_signalling", 0.58, 0.5, 0.65)]}, language=language, origin=ORIGIN)
    told = citation(report, house_style().model_copy(update=given)).text
    assert told == expected.replace("SUBTITLE", report.cover.subtitle).replace("TITLE", report.cover.title)


def test_without_an_origin_no_survey_is_named():
    report = made({"table_task": [share("task_signalling", 0.58, 0.5, 0.65)]})
    assert "peiling van" not in citation(report, house_style()).text
