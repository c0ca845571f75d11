"""Every number in every table answers why, and its sums, worked out as they are printed, give the printed number."""

import json
import re

import pytest

from tests.sums import numbers, unexplained, work_out


@pytest.fixture(scope="module")
def built_in_english(built, run):
    """The English edition of what was published: its notation has other names and signs."""
    process = run("wijkpeiling", "report", "--language", "en", "--formats", "html", cwd=built[0])
    assert process.returncode == 0, process.stderr
    return built[0] / "reports" / "2019-en"


@pytest.fixture(scope="module")
def folders(built, built_in_english, demo, english):
    return [built[0] / "reports" / "2019", built_in_english, demo[0] / "reports" / "demo", english]


@pytest.fixture(scope="module", params=range(4), ids=["2019", "2019-en", "demo", "demo-en"])
def report(request, folders):
    return json.loads((folders[request.param] / "report.json").read_text(encoding="utf-8"))


def tables(report):
    return [block for section in report["sections"] for block in section["blocks"] if block["kind"] == "table"]


def test_every_number_answers_why(report):
    assert unexplained(tables(report)) == []


def test_sums_worked_out_as_printed_give_the_printed_number(report):
    n_lines, lost = work_out(tables(report), report["cover"]["language"])
    assert lost == []
    assert n_lines > (300 if report["cover"]["source"] == "published" else 70)


# quoted from a source that says over whom they are in no checkable way, or chosen
WITHOUT_SUMS = {
    ("published", "nl"): {("table_disputed", "Percentage"), ("table_audit", "Cijfer")},
    ("published", "en"): {("table_disputed", "Percentage"), ("table_audit", "Figure")},
    ("synthetic", "nl"): {("table_assumed", "Aangenomen niveau")},
    ("synthetic", "en"): {("table_assumed", "Assumed level")},
}


def test_every_number_has_a_sum_unless_it_is_a_count_protected_or_has_no_counts_behind_it(report):
    without = {
        (table["id"], column)
        for table in tables(report)
        for column, cell, steps in numbers(table)
        if cell["format"] != "count"
        and not any(step["formulas"] for step in steps)
        and not any("M20" in step["methods"] for step in steps)
    }
    cover = report["cover"]
    assert without == WITHOUT_SUMS[cover["source"], cover["language"]]


def test_a_protected_number_tells_its_rule_and_no_number(demo):
    project, _ = demo
    report = json.loads((project / "reports" / "demo" / "report.json").read_text(encoding="utf-8"))
    protected = [
        step
        for table in tables(report)
        for why in table["why"]
        for step in (why["steps"] if why else [])
        if "M20" in step["methods"]
    ]
    assert len(protected) > 60
    for step in protected:
        assert step["formulas"] == [] and step["detail"] == "" and not re.search(r"\d", step["text"])


def test_the_page_folds_one_explanation_for_each_table_and_shares_its_words(built):
    project, _ = built
    folder = project / "reports" / "2019"
    page = (folder / "index.html").read_text(encoding="utf-8")
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    explained = [table for table in tables(report) if any(table["why"]) and table["contract"] != "audit"]
    assert page.count('<details class="why">') == len(explained)
    # the rule of the limits once for each table that has them, not for each row
    rule = next(
        step["text"] for table in explained for step in table["why"][0]["steps"] if "2,5 procent" in step["text"]
    )
    assert page.count(rule) <= sum(rule in json.dumps(table["why"], ensure_ascii=False) for table in explained)
    assert page.count("<code>") > 200
