"""The what-if page: what it holds is what the package computes, in the form a reader sees."""

import json
import re

import numpy as np
import pytest

from wijkpeiling import language as speak
from wijkpeiling.charts.style import house_style
from wijkpeiling.present import planning, whatif
from wijkpeiling.report.whatif import render_what_if
from wijkpeiling.trend.planning import Plan, plan_table
from wijkpeiling.trend.whatif import choices_of, what_if

PLAN = Plan(342, 212, 355, p=0.3, overlap=0.65, correlation=0.4)
RATES, FAMILIES, CHANGE = [0.4, 0.6, 0.8], [1, 40], 0.06
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def found():
    return what_if(PLAN, choices_of(PLAN, RATES, FAMILIES, CHANGE))


@pytest.fixture(scope="module", params=["nl", "en"])
def page(request, found):
    language = request.param
    table = planning.table(PLAN, plan_table(PLAN, [205], FAMILIES), language)
    html = render_what_if(
        whatif.controls(found, FAMILIES, CHANGE, 205, language),
        whatif.lookup(found, 2019, language),
        tables=[table, whatif.interval_table(found, language)],
        sentences=planning.sentences(PLAN, CHANGE, FAMILIES, language),
        baseline=2019,
        style=house_style(),
        language=language,
    )
    return language, html, json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.S)[1])


def test_every_change_and_response_on_the_page_is_that_of_the_package(found, page):
    language, _, shown = page
    place = np.array(shown["detectable"])
    expected = [speak.tenths(change * 100, language) for change in found.detectable.flat]
    assert [shown["points"][tenth].split()[0] for tenth in place.flat] == expected
    texts = {n: f"{n} " for n in range(1, PLAN.N + 1)} | {0: speak.say(language, "whatif_never")}
    answers = [shown["answers"][at] for at in np.array(shown["needed"]).flat]
    assert all(text.startswith(texts[n]) for text, n in zip(answers, found.needed.flat, strict=True))


def test_every_interval_on_the_page_is_that_of_the_package(found, page):
    language, _, shown = page
    np.testing.assert_allclose(np.array(shown["limits"]), found.limits * 1000, atol=0.5 + 1e-6)
    between = [text for row in shown["between"] for text in row]
    width = [text.split()[0] for row in shown["width"] for text in row]
    for told, wide, (low, high) in zip(between, width, found.limits.reshape(-1, 2), strict=True):
        assert speak.tenths(low * 100, language) in told and speak.tenths(high * 100, language) in told
        assert wide == speak.tenths((high - low) * 100, language)


def test_each_slider_steps_over_the_grid_and_starts_at_the_plan(page):
    _, html, shown = page
    for name, texts in shown["texts"].items():
        slider = re.search(rf'<input type="range" id="{name}" min="0" max="(\d+)" step="1" value="(\d+)"', html)
        assert int(slider[1]) == len(texts) - 1
        assert f'<span class="value" id="{name}-text">{texts[int(slider[2])]}</span>' in html
    starts = dict(re.findall(r'<span class="value" id="(\w+)-text">([^<]*)', html))
    assert starts["overlap"] == "65%" and starts["share"] == "30%" and starts["response"].startswith("205 ")


def test_without_a_script_there_are_tables_and_no_dead_slider(page):
    _, html, _ = page
    assert re.search(r'<section class="moving"[^>]* hidden>', html)
    after = html[html.index('id="numbers"') :]
    assert after.count("<table>") == 2 and "hidden" not in after[: after.index("<script")]


def test_the_page_is_one_light_file(page):
    _, html, _ = page
    assert len(html.encode()) < MEGABYTE
    assert not re.search(r'(?:src|href)="(?!#|data:)', html)


@pytest.mark.parametrize("change", [0.00001, 0.99])
def test_a_change_beyond_the_drawing_is_still_a_choice(change):
    found = what_if(PLAN, choices_of(PLAN, RATES, FAMILIES, change))
    shown = whatif.lookup(found, 2019, "nl")
    assert len(shown["changes"]) == len(found.choices.changes)
