"""The house style: roles, and colours that people can tell apart."""

import pytest

from wijkpeiling.charts.style import CONTRASTS, DRAWN, check_contrast, contrast, house_style, read_style
from wijkpeiling.errors import ReportError


def written(folder, text):
    path = folder / "style.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_the_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.03)


def test_the_house_style_holds_its_own_rule():
    check_contrast(house_style(), "house.yml")


def test_a_style_file_names_what_differs(tmp_path):
    style = read_style(written(tmp_path, 'colours:\n  brand: "#7a1f5c"\n'))
    assert style.colours.brand == "#7a1f5c"
    assert style.colours.ink == house_style().colours.ink


@pytest.mark.parametrize(
    ("role", "behind"), [(role, behind) for role, behind, _ in CONTRASTS if behind != "half of estimate"]
)
@pytest.mark.parametrize(("scheme", "named"), [("colours", ""), ("dark", "dark.")])
def test_a_pair_that_cannot_be_told_apart_is_refused_and_named(role, behind, scheme, named, tmp_path):
    ground = getattr(getattr(house_style(), scheme), behind)
    with pytest.raises(ReportError, match=r"has a contrast of [12]\.") as refused:
        read_style(written(tmp_path, f'{scheme}:\n  {role}: "{ground}"\n'))
    assert refused.value.expected.startswith("at least ")
    assert refused.value.what.startswith(f"{named}{role} {ground} on ")


@pytest.mark.parametrize("scheme", ["colours", "dark"])
def test_every_mark_that_means_something_is_held_to_a_contrast(scheme):
    colours = getattr(house_style(), scheme)
    held = {(role, behind): least for role, behind, least in CONTRASTS}
    for role in set(DRAWN) - {"paper", "rule"}:
        assert held[role, "paper"] >= 3
        assert contrast(getattr(colours, role), colours.paper) >= 3


@pytest.mark.parametrize("scheme", ["colours", "dark"])
def test_what_is_drawn_has_a_colour_of_its_own_in_the_house_style(scheme):
    colours = getattr(house_style(), scheme)
    assert len({getattr(colours, role) for role in DRAWN}) == len(DRAWN)


def test_numbers_on_the_darkest_cell_of_a_grid_stay_readable(tmp_path):
    with pytest.raises(ReportError, match="ink #1b2429 on half of estimate"):
        read_style(written(tmp_path, 'colours:\n  estimate: "#000000"\n'))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('colours:\n  brnad: "#7a1f5c"\n', "colours.brnad is no role"),
        ("colours:\n  brand: purple\n", "colours.brand"),
        ("kleuren: {}\n", "kleuren"),
        ("", "the whole file"),
    ],
)
def test_a_style_that_is_none_is_refused(text, what, tmp_path):
    with pytest.raises(ReportError) as refused:
        read_style(written(tmp_path, text))
    assert what in refused.value.what
