"""The numbers of METHOD.md's examples, read from its text, are those of the package."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import beta, hypergeom

from wijkpeiling.estimation.answered import answered_share, lowered
from wijkpeiling.estimation.change import possible_overlap
from wijkpeiling.estimation.exact import exact_limits
from wijkpeiling.estimation.limits import stratum_counts
from wijkpeiling.estimation.predictive import _moments, predictive_limits
from wijkpeiling.estimation.rounded import ROUNDING_VARIANCE
from wijkpeiling.estimation.shares import estimates
from wijkpeiling.sources.published import rounded_share
from wijkpeiling.trend.changes import changes_against
from wijkpeiling.trend.comparison import compare_waves

ROOT = Path(__file__).parents[2]
METHOD = (ROOT / "METHOD.md").read_text(encoding="utf-8")
# not M20, A5 or n_12, and no letter follows
NUMBER = re.compile(r"(?<![\w.])[-−]?\d[\d,]*(?:\.\d+)?(?![\w]|\.\d)")
TASK = "task_signalling"
LABELS = {"base": "with_team", "source": "synthetic"}
TEAM = "has_wijkteam"


def numbers(text: str) -> list[str]:
    return [number.replace(",", "").replace("−", "-") for number in NUMBER.findall(text)]


def is_printed(number: str, value: float) -> bool:
    """Whether ``number`` is ``value`` rounded to the digits it has."""
    decimals = len(number.partition(".")[2])
    return abs(float(number) - value) <= 0.5 * 10.0**-decimals + 1e-9


def hold(text: str, values: list[float]) -> None:
    """Every number of a text in the order it stands, each rounded to its own digits."""
    assert len(numbers(text)) == len(values), (numbers(text), values)
    wrong = [(told, value) for told, value in zip(numbers(text), values, strict=True) if not is_printed(told, value)]
    assert wrong == []


def passage(start: str, end: str) -> str:
    return METHOD.split(start, 1)[1].split(end, 1)[0]


def bullets(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("\n- ")[1:]]


SHARE = bullets(passage("**One share: 59 percent", "**One change"))
CHANGE = bullets(passage("**One change: having a team", "## From answers"))
FOLLOW = passage("### Follow one number", "## Limits")
STEPS = {step.split(".")[0].split("**")[1]: step for step in bullets(FOLLOW)}


@pytest.mark.parametrize(
    ("number", "value", "printed"),
    [("0.445", 0.44520, True), ("0.445", 0.4456, False), ("-0.03", -0.0315, True), ("174", 175, False)],
)
def test_a_number_is_printed_as_it_rounds(number, value, printed):
    assert is_printed(number, value) is printed


def test_numbers_are_read_without_the_names_of_sections():
    assert numbers("M20: x_12 = 1,528 of A5, −3 to 0.5.") == ["1528", "-3", "0.5"]


class TestTheBlock:
    """The python block runs as it stands; the numbers in its comments are what it prints."""

    @pytest.fixture(scope="class")
    @classmethod
    def printed(cls):
        (block,) = re.findall(r"```python\n(.*?)```", FOLLOW, flags=re.DOTALL)
        calls = []
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(ROOT)
            exec(compile(block, "METHOD.md", "exec"), {"print": lambda *parts: calls.append(parts)})
        lines = [line for line in block.splitlines() if line.startswith("print(")]
        return list(zip(lines, calls, strict=True))

    def test_every_comment_of_a_print_holds_the_numbers_that_are_printed(self, printed):
        for line, parts in printed:
            comment = line.partition("#")[2]
            values = [float(value) for value in numbers(" ".join(_plain(part) for part in parts))]
            shown = numbers(comment)
            assert shown, line
            assert comment.rstrip().endswith("...") or len(shown) == len(values), (line, parts)
            wrong = [told for told, value in zip(shown, values, strict=False) if not is_printed(told, value)]
            assert wrong == [], (line, parts)


def _plain(part: object) -> str:
    return re.sub(r"np\.\w+\(([^)]*)\)", r"\1", str(part))


class TestOneShare:
    @pytest.fixture(scope="class")
    @classmethod
    def figure(cls, published):
        return published.accepted(2019, "shortfall_preventive_work")

    @pytest.fixture(scope="class")
    @classmethod
    def share(cls, published, figure):
        return rounded_share(published, figure, "respondents")

    def test_counts(self, figure):
        x = figure.counts(212)
        below = x[0] - 1
        hold(SHARE[0], [0.585, 212, 0.585 * 212, 0.595, 212, 0.595 * 212, *x, below, 100 * below / 212, 58])
        assert round(100 * below / 212) == 58

    def test_exact_interval(self):
        tails = [hypergeom.sf(124, 355, K, 212) for K in (194, 193)]
        assert tails[1] < 0.025 < tails[0]
        first, second = list(zip(*exact_limits(355, 212), strict=True))[125:127]
        hold(SHARE[1], [125, *first, 125, tails[0], 194, tails[1], 193, 0.025, 126, *second])

    def test_union_over_cases(self, share):
        low, high = share.limits()
        hold(SHARE[2], [low * 355, 355, high * 355, 355, low, high, 100 * low, 100 * high])

    def test_variance(self, share):
        sampling = share.variance - ROUNDING_VARIANCE
        hold(SHARE[3], [0.59, 0.41, 211, 1, 212, 355, sampling, ROUNDING_VARIANCE, share.variance**0.5])
        assert sampling == pytest.approx(0.59 * 0.41 / 211 * (1 - 212 / 355))

    def test_worst_case(self, share):
        low, high = share.worst_case(143)
        hold(SHARE[4], [355 - 212, 125, 355, low, 126, 143, 355, high])

    def test_over_those_with_a_team(self, published, figure):
        share = rounded_share(published, figure, "with_team")
        of_176 = {case.N for case in share.cases if case.n == 176}
        assert of_176 == {*range(min(of_176), max(of_176) + 1)}
        counts = sorted({case.n_yes for case in share.cases})
        sizes = sorted({case.n for case in share.cases})
        values = [83, 212, *sizes, 176, min(of_176), max(of_176), len(share.cases), *counts]
        hold(SHARE[5], [*values, *share.limits(), *share.worst_case(143)])


class TestOneChange:
    @pytest.fixture(scope="class")
    @classmethod
    def shares(cls, published):
        return [rounded_share(published, published.accepted(year, TEAM), "respondents") for year in (2014, 2017)]

    @pytest.fixture(scope="class")
    @classmethod
    def tests(cls, sources):
        return compare_waves(sources, 2017, 2014, [TEAM], "en")[0]

    @pytest.fixture(scope="class")
    @classmethod
    def n_common(cls, published):
        dates = (published.project.wave(year).frame_date for year in (2014, 2017))
        return published.population.n_common(*dates)

    def test_the_two_shares(self, shares, tests):
        first, second = shares
        limits = [[round(limit * share.N) for limit in share.limits()] for share in shares]
        (low_1, high_1), (low_2, high_2) = limits
        values = [154, 224, first.share, low_1, 403, high_1, 403, *first.limits()]
        values += [second.share, low_2, 388, high_2, 388, *second.limits(), second.share - first.share]
        values += [first.variance, second.variance - ROUNDING_VARIANCE, ROUNDING_VARIANCE, tests[0].change.se]
        hold(CHANGE[0].replace("p_1", "p").replace("p_2", "p"), values)

    def test_the_overlap_of_chance(self, n_common):
        f1, f2 = 224 / 403, 242 / 388
        hold(CHANGE[1], [n_common, n_common, f1, f2, n_common * f1 * f2, 0])

    def test_the_interval(self, shares, tests, sources):
        (p1, (l1, u1)), (p2, (l2, u2)) = ((share.share, share.limits()) for share in shares)
        change = tests[0].change
        values = [p2 - p1, p2 - l2, 2, u1 - p1, 2, change.ci_low, p2 - p1, u2 - p2, 2, p1 - l1, 2, change.ci_high]
        family = changes_against(sources, 2017, [2014, 2015, 2019], [TEAM], "en").query("overlap != 'range'")
        assert family["p_adjusted"].min() < 0.001
        percents = [100 * value for value in (change.difference, change.ci_low, change.ci_high)]
        hold(CHANGE[2].replace("^2", "^ 2"), [*values, *percents, len(family), 0.001])

    def test_the_least_favourable_overlap(self, shares, tests, n_common):
        least, _ = possible_overlap(*shares, n_common)
        chance, root = n_common * 224 / 403 * 242 / 388, (224 * 242 * (1 - 224 / 403) * (1 - 242 / 388)) ** 0.5
        change = tests[1].change
        values = [least, 224, 242, 403 + 388 - n_common, 0.6, least, chance, root, change.correlation]
        hold(CHANGE[3], [*values, change.ci_low, change.ci_high])
        assert change.ci_low > 0

    def test_the_known_overlap_of_the_next_waves(self, published):
        dates = (published.project.wave(year).frame_date for year in (2017, 2019))
        chance = published.population.n_common(*dates) * 242 / 388 * 212 / 355
        hold(CHANGE[4], [2017, 2019, 134, chance, 0, 0])


class TestOneNumber:
    """From answer to page."""

    @pytest.fixture(scope="class")
    @classmethod
    def result(cls, invented):
        return invented.of(2019).shares(invented.of(2019).asked([f"task_{name}" for name in TASKS]))

    @pytest.fixture(scope="class")
    @classmethod
    def by_class(cls, invented, result):
        return invented.of(2019).shares(list(result.items), "size_class")

    @pytest.fixture(scope="class")
    @classmethod
    def exact(cls, invented, result):
        table = estimates(result, 2019, **LABELS, nonrespondents=invented.of(2019).nonrespondents(result))
        return table.set_index("concept").loc[TASK]

    @pytest.fixture(scope="class")
    @classmethod
    def parts(cls, invented, result):
        """Of each class: N_h, n_h, with a team, answered, yes, and its part of the variance."""
        design, place = result.design, result.items.index(TASK)
        z = result.linearised()[:, place]
        responses = invented.of(2019).responses
        rows = []
        for h in range(len(design.labels)):
            inside = design.stratum == h
            here, z_h, n, N = responses[inside], z[inside], inside.sum(), design.N_h[h]
            part = (1 - n / N) * n / (n - 1) * ((z_h - z_h.mean()) ** 2).sum()
            counts = [here[TEAM].sum(), here[TASK].notna().sum(), here[TASK].sum()]
            rows.append([N, n, N / n, *map(int, counts), part])
        assert sum(row[-1] for row in rows) == pytest.approx(result.variance[0, place])
        return np.array(rows)

    def test_the_table_of_classes(self, parts):
        lines = [line for line in FOLLOW.splitlines() if line.startswith(("| <", "| 20", "| 50", "| >"))]
        assert len(lines) == len(parts) == 4
        for line, row in zip(lines, parts, strict=True):
            hold(line.split("|", 2)[2], row)

    def test_answers(self, invented, parts):
        reasons = invented.of(2019).missing_reasons[TASK].value_counts()
        values = [parts[:, 5].sum(), parts[:, 4].sum(), reasons["not_shown"], reasons["not_answered"]]
        hold(STEPS["Answer"], values)

    def test_share(self, result, exact, parts):
        weight = parts[:, 2]
        yes, answered, base = (weight @ parts[:, column] for column in (5, 4, 3))
        assert yes / answered == pytest.approx(exact["share"])
        hold(STEPS["Share"].split("(M13)")[1], [yes, answered, exact["share"], 130, 174, 130 / 174, base])
        assert base == pytest.approx(result.N[0])

    def test_error(self, result, exact):
        place, design = result.items.index(TASK), result.design
        z = result.linearised()[design.stratum == 3, place]
        p, total, weight = exact["share"], result.answered_weight[0, place], design.weights[design.stratum == 3][0]
        values = [weight, 1 - p, total, z.max(), z.min(), z.sum(), 23, z.mean(), ((z - z.mean()) ** 2).sum()]
        part = (1 - 23 / 31) * 23 / 22 * ((z - z.mean()) ** 2).sum()
        text = STEPS["Error"].split("class:")[1]
        hold(text, [*values, 1, 23, 31, 23, 22, part, exact["se"] ** 2, exact["se"]])

    def test_interval(self, result, exact):
        counts = stratum_counts(result)[(0, result.items.index(TASK), np.newaxis)]
        quantiles, seen = [], []
        for h in range(4):
            mean, variance, _ = (float(np.ravel(part)[0]) for part in _moments(counts, h))
            size = mean * (1 - mean) / variance - 1
            seen.append([mean, variance, mean * size, (1 - mean) * size])
            quantiles.append(beta.ppf(0.975, mean * size, (1 - mean) * size))
        low, high = (float(limit[0]) for limit in predictive_limits(counts, np.array([exact["share"]])))
        assert (low, high) == pytest.approx((exact["ci_low"], exact["ci_high"]))
        assert max(quantiles) == pytest.approx(high)
        text = STEPS["Interval"].split("class:")[1]
        hold(text, [*seen[0], 97.5, *quantiles, exact["ci_low"]])

    def test_worst_case_and_classes(self, invented, exact, by_class, parts):
        unobserved = 355 - 212
        m = unobserved + 2
        values = [unobserved, 2, 130, 174, m, exact["worst_low"], 130, m, 174, m, exact["worst_high"]]
        classes = estimates(by_class, 2019, **LABELS).query("concept == @TASK").set_index("domain_value")
        large, small = (classes.loc[name] for name in (">=100k", "<20k"))
        values += [parts[3, 3], *parts[3, [5, 4]], parts[3, 0]]
        values += [100 * large[name] for name in ("share", "ci_low", "ci_high")]
        values += [*parts[0, [3, 1, 5, 4]], *(100 * small[name] for name in ("share", "ci_low", "ci_high"))]
        text = STEPS["Worst case"].split("(M19)")[1].replace("**By size** (M14, M20)", "")
        hold(text, values)

    def test_change(self, invented, result):
        first, second = (invented.of(year).shares(list(result.items)) for year in (2017, 2019))
        before, now = (answered_share(wave, TASK) for wave in (first, second))
        overlap = invented.of(2017).overlap_with(invented.of(2019), list(result.items))
        change = {
            test.concept: test.change for test in compare_waves(invented, 2017, 2019, list(result.items), "en")[0]
        }
        change = change[TASK]
        limits = [
            estimates(wave, 2019, **LABELS, method="beta").set_index("concept").loc[TASK] for wave in (second, first)
        ]
        n_pairs = overlap.n_overlap * min(before.n / first.design.n, now.n / second.design.n)
        r = lowered(change.correlation, before, now, n_pairs)
        (l2, u2), (l1, u1) = ((row["ci_low"], row["ci_high"]) for row in limits)
        below, above = now.share - l2, u1 - before.share
        values = [l2, u2, limits[1]["count"], before.n, before.share, l1, u1, change.correlation, overlap.n_overlap, r]
        values += [change.difference, below, 2, above, 2, 2, r, below, above, change.ci_low, change.ci_high]
        values += [change.p_value, 6, 1, 2, -3, 8, 2017]
        text = STEPS["Change since 2017"].split("(M16, M7):")[1].replace("^2", "^ 2")
        hold(text, values)
        adjusted = changes_against(invented, 2017, [2019], list(result.items), "en").set_index("concept").loc[TASK]
        assert adjusted["family_size"] == 6 and adjusted["conclusion"] == "no_evidence"
        told = [100 * adjusted[name] for name in ("difference", "ci_low", "ci_high")]
        assert told == pytest.approx([2, -3, 8])

    def test_page(self, demo_row):
        text = " ".join(FOLLOW.split("it says:")[1].split(". Whole")[0].split())
        assert text == ", ".join(demo_row)


TASKS = [
    "needs_clarification",
    "case_management",
    "plan_with_client",
    "signalling",
    "short_term_support",
    "long_term_support",
]


@pytest.fixture(scope="module")
def demo_row(edition, invented):
    from wijkpeiling.present import shares
    from wijkpeiling.sources.edition import estimate

    demo = edition(2019, language="en", source="synthetic")
    rows = shares.table(demo, invented, estimate(invented, 2019, [f"task_{name}" for name in TASKS]), "task").texts
    return next(row for row in rows if row[0] == "Spotting problems")
