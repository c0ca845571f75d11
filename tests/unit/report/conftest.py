"""The editions that every format is made of."""

from functools import cache

import pytest

from tests.reports import edition_report

EDITIONS = [("nl", "published"), ("en", "published"), ("nl", "synthetic"), ("en", "synthetic")]


@pytest.fixture(scope="session")
def report_of(notebooks, shown, bundle_of):
    """The edition of 2019: ``report_of("nl", "synthetic")``."""
    return cache(lambda language, source: edition_report(notebooks, shown, language, source, bundle_of))


@pytest.fixture(scope="session", params=EDITIONS, ids="-".join)
def edition(request, report_of):
    """The editions of published figures and the demo, Dutch and English."""
    return report_of(*request.param)
