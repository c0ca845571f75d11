"""The editions that every format is made of."""

from functools import cache

import pytest

from tests import reports
from wijkpeiling.charts.style import house_style
from wijkpeiling.report.model import draw_charts

EDITIONS = [("nl", "published"), ("en", "published"), ("nl", "synthetic"), ("en", "synthetic")]


@pytest.fixture(scope="session")
def edition_report(notebooks, shown, bundle_of):
    """The report of an edition, without a kernel: ``edition_report(2019, "en", "synthetic")``."""
    return cache(
        lambda wave, language, source: reports.edition_report(notebooks, shown, bundle_of, language, source, wave)
    )


@pytest.fixture(scope="session")
def report_of(edition_report):
    """The edition of 2019: ``report_of("nl", "synthetic")``."""
    return lambda language, source: edition_report(2019, language, source)


@pytest.fixture(scope="session", params=EDITIONS, ids="-".join)
def edition(request, report_of):
    """The editions of published figures and the demo, Dutch and English."""
    return report_of(*request.param)


@pytest.fixture(scope="session")
def drawings_of():
    """The charts of a report in the house style: drawn once for all formats."""
    made = {}

    def drawings(report):
        # the report is kept beside them, so that no other takes its number
        if id(report) not in made:
            made[id(report)] = report, draw_charts(report, house_style())
        return made[id(report)][1]

    return drawings
