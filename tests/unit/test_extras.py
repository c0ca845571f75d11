"""Packages that only some work takes."""

import sys

import pytest

from wijkpeiling.errors import PopulationError, ReportError
from wijkpeiling.extras import library


def test_a_package_that_is_there_is_imported():
    assert library("json", "reading", ReportError).loads("1") == 1


@pytest.mark.parametrize("error", [ReportError, PopulationError])
def test_a_package_that_is_missing_is_told_with_the_line_that_installs_it(monkeypatch, error):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(error, match=r"writing a spreadsheet takes the package xlsxwriter[^$]*pip install") as told:
        library("xlsxwriter", "writing a spreadsheet", error)
    assert '"wijkpeiling[fieldwork]"' in str(told.value)
