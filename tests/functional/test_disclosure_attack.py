"""Everything that the demo publishes of a wave, put in one integer programme against what it withholds."""

import json
import re
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.unweighted import Unweighted
from wijkpeiling.contracts import SIZE_CLASSES
from wijkpeiling.estimation.disclosure import SMALLEST_COUNT, Disclosure, is_small, told_p_value
from wijkpeiling.estimation.shares import estimates, shares
from wijkpeiling.estimation.tables import rao_scott
from wijkpeiling.project import open_edition
from wijkpeiling.sources.edition import Sources, estimate, read_sources
from wijkpeiling.sources.microdata import MicrodataWave
from wijkpeiling.trend.answered import class_differences, item_differences
from wijkpeiling.trend.conclusions import ALPHA, adjust, conclude

TEAM = "has_wijkteam"
# what rounding to whole percentages and to fives leaves open, and what full precision does
ROUNDED, FIVES, EXACT = 0.005 + 1e-9, 0.025 + 1e-9, 1e-10
# answers an item can lack in a class: more than the attacker may know, so that the attack is stronger
MOST_MISSING = 10
# divisions over the classes for which an interval is computed
MOST_TRIED = 300


class Attack:
    """Unknowns: by class the respondents with a team, and of each item those that answered and said yes, and its share.

    Whole numbers but for the shares over all classes, which differences between items speak of.
    """

    def __init__(self, n, N, items):
        self.n, self.N, self.items = n, N, items
        self.whole = len(n) * (1 + 2 * len(items))
        self.size = self.whole + len(items)
        self.rows, self.low, self.high = [], [], []
        for item in items:
            for h in range(len(n)):
                self.add({("r", item, h): 1, ("y", item, h): -1}, 0, np.inf)
                self.add({("t", "", h): 1, ("r", item, h): -1}, 0, np.inf)

    def place(self, kind, item, h):
        if kind == "p":
            return self.whole + self.items.index(item)
        start = {"t": 0, "r": 1, "y": 2}[kind]
        return h if kind == "t" else len(self.n) * (start + 2 * self.items.index(item)) + h

    def add(self, terms, low, high):
        row = np.zeros(self.size)
        for place, factor in terms.items():
            row[self.place(*place)] += factor
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def ratio(self, top, bottom, share, tolerance):
        """``top / bottom`` lies within ``tolerance`` of ``share``; each is terms and a constant."""
        (over, a), (under, b) = top, bottom
        for sign in (1, -1):
            edge = share + sign * tolerance
            terms = {key: sign * (over.get(key, 0) - edge * under.get(key, 0)) for key in {**over, **under}}
            # in thousands: the solver lets a row be off by a millionth
            self.add({key: 1000 * value for key, value in terms.items()}, -np.inf, -1000 * sign * (a - edge * b))

    def product(self, item, top, bottom, share, tolerance):
        """The share times its denominator is its numerator, by McCormick's four planes."""
        least, most = self.extremes(bottom, is_whole=False)
        for edge, at, sign in ((-1, least, 1), (1, most, 1), (-1, most, -1), (1, least, -1)):
            # (p - edge)(W - at) has a known sign
            known = share + edge * tolerance
            terms = dict(top) | {("p", item, 0): -at}
            for key, value in bottom.items():
                terms[key] = terms.get(key, 0) - known * value
            bound = -known * at - sign * 1e-6
            self.add(terms, *((bound, np.inf) if sign > 0 else (-np.inf, bound)))

    def extremes(self, terms, is_whole=True):
        aim = np.zeros(self.size)
        for place, factor in terms.items():
            aim[self.place(*place)] = factor
        upper = np.append(np.tile(self.n, self.whole // len(self.n)), np.ones(len(self.items)))
        limits = LinearConstraint(np.array(self.rows), self.low, self.high)
        integrality = (np.arange(self.size) < self.whole) & is_whole
        found = []
        for sign in (1, -1):
            result = milp(sign * aim, constraints=limits, bounds=Bounds(0, upper), integrality=integrality)
            assert result.success, result.message
            found.append(result.x @ aim)
        return tuple(found)

    def range(self, place):
        return tuple(round(value) for value in self.extremes({place: 1}))


def put_together(overall, by_size, pairs, n, N, weight=None):
    """The attack with every constraint that the tables give; ``weight`` by class, N / n unless given."""
    items = [concept for concept in overall["concept"] if concept != TEAM]
    attack, every, weight = Attack(n, N, items), range(len(n)), N / n if weight is None else weight
    for row in overall.itertuples():
        tolerance = ROUNDED if row.flag == "rounded" else EXACT
        yes = [("t", "", h) if row.concept == TEAM else ("y", row.concept, h) for h in every]
        answered = [("r", row.concept, h) for h in every]
        top = dict(zip(yes, weight, strict=True)), 0
        if row.concept == TEAM:
            attack.ratio(top, ({}, weight @ n), row.share, tolerance)
            base = {}, N.sum()
            no_answer = {}
        else:
            attack.ratio(top, (dict(zip(answered, weight, strict=True)), 0), row.share, tolerance)
            team = {("t", "", h): 1 for h in every}
            base = team, N.sum() - n.sum()
            no_answer = team | dict.fromkeys(answered, -1)
            if pd.notna(row.n):
                attack.add(dict.fromkeys(answered, 1), row.n, row.n)
        if pd.notna(row.count):
            attack.add(dict.fromkeys(yes, 1), row.count, row.count)
        if pd.notna(row.worst_low):
            attack.ratio((dict.fromkeys(yes, 1), 0), base, row.worst_low, tolerance)
            # the other way round, whoever did not take part or left the item open says yes as well
            everyone = no_answer | dict.fromkeys(yes, 1), N.sum() - n.sum()
            attack.ratio(everyone, base, row.worst_high, tolerance)
    for row in by_size.itertuples():
        h = SIZE_CLASSES.index(row.domain_value)
        yes = ("t", "", h) if row.concept == TEAM else ("y", row.concept, h)
        if pd.notna(row.n) and row.concept != TEAM:
            attack.add({("r", row.concept, h): 1}, row.n, row.n)
        if pd.notna(row.count):
            attack.add({yes: 1}, row.count, row.count)
        elif pd.notna(row.share):
            tolerance = FIVES if row.flag == "rounded" else EXACT
            attack.ratio(({yes: 1}, 0), ({("r", row.concept, h): 1}, 0), row.share, tolerance)
    for h in every:
        bases = possible_bases(by_size[by_size["domain_value"] == SIZE_CLASSES[h]], n[h])
        attack.add({("t", "", h): 1}, min(bases), max(bases))
    rounded = overall[(overall["flag"] == "rounded") & overall["concept"].isin(items)]
    for row in rounded.itertuples():
        yes, answered = ({(kind, row.concept, h): weight[h] for h in every} for kind in "yr")
        attack.add({("p", row.concept, 0): 1}, row.share - ROUNDED, row.share + ROUNDED)
        attack.product(row.concept, yes, answered, row.share, ROUNDED)
    for row in pairs.itertuples():
        if {row.lower, row.higher} <= set(rounded["concept"]):
            terms = {("p", row.higher, 0): 1, ("p", row.lower, 0): -1}
            attack.add(terms, row.difference - ROUNDED, row.difference + ROUNDED)
    return attack


def possible_bases(cells, n):
    """Numbers with a team in a class that can give every rounded share of it."""
    cells = cells[cells["flag"] == "rounded"]
    triples = np.array(
        [(t, r, y) for t in range(n + 1) for r in range(max(1, t - MOST_MISSING), t + 1) for y in range(r + 1)]
    )
    bases = set(range(n + 1))
    for row in cells.itertuples():
        fitting = triples[np.abs(triples[:, 2] / triples[:, 1] - row.share) <= FIVES]
        bases &= set(fitting[:, 0].tolist())
    return bases


def sizes(sources, wave):
    N = sources.answers.population_sizes(wave)
    n = sources.of(wave).responses["size_class"].value_counts(sort=False).reindex(N.index)
    return n.to_numpy(dtype=int), N.to_numpy(dtype=int)


def published(sources, wave):
    """What an edition of the wave shows overall, by size class and of pairs of items."""
    concepts = sources.of(wave).asked(list(sources.published.project.concepts))
    of_kind = [[slug for slug in concepts if slug.startswith(kind)] for kind in ("task", "shortfall")]
    pairs = pd.concat([item_differences(sources, wave, kind) for kind in of_kind])
    items = [name for name in concepts if name != TEAM]
    return estimate(sources, wave, concepts), estimate(sources, wave, items, by="size_class"), pairs


def solved(attack, by_size):
    hidden = by_size[by_size["is_suppressed"]]
    places = [("y", row.concept, SIZE_CLASSES.index(row.domain_value)) for row in hidden.itertuples()]
    places += [("t", "", h) for h in range(len(SIZE_CLASSES))]
    return {place: attack.range(place) for place in places}


def national(attack):
    """What is left of each count over all respondents: of municipalities with a team, and of those that said yes."""
    every = range(len(attack.n))
    sums = {TEAM: {("t", "", h): 1 for h in every}}
    sums |= {item: {("y", item, h): 1 for h in every} for item in attack.items}
    return {concept: tuple(map(round, attack.extremes(terms))) for concept, terms in sums.items()}


def check_solutions(found, sources, wave):
    answers = sources.of(wave).responses.groupby("size_class", observed=False)
    for (kind, item, h), (low, high) in found.items():
        # the attack is of the true answers: a programme that excludes them shows nothing
        assert low <= answers[item or TEAM].sum().iloc[h] <= high
        # as many as a whole class can hide among, or nearly
        assert high - low >= (10 if kind == "y" else 5), (kind, item, h)


def read(folder):
    """The same tables from the files of an edition, with the sizes of the classes."""
    estimates = pd.read_csv(folder / "data" / "estimates.csv")
    tables = {table["id"]: table["records"] for table in blocks(folder) if table["kind"] == "table"}
    is_wave, is_overall = estimates["wave"] == 2019, estimates["domain"] == "overall"
    response = pd.DataFrame(tables["table_response_size"])
    pairs = pd.DataFrame(tables["table_task_pairs"] + tables["table_shortfall_pairs"])
    sizes = response["n"].to_numpy(), response["N"].to_numpy()
    return estimates[is_wave & is_overall], estimates[is_wave & ~is_overall], pairs, *sizes


def blocks(folder):
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return [block for section in report["sections"] for block in section["blocks"]]


@pytest.fixture(scope="module")
def invented(demo):
    """The answers that the demo was built from."""
    return read_sources(open_edition(wave=2019, source="synthetic", start=demo[0]))


@pytest.fixture(scope="module", params=["nl", "en"])
def folder(request, demo, english):
    return {"nl": demo[0] / "reports" / "demo", "en": english}[request.param]


def test_nothing_withheld_can_be_solved_back_from_the_files(demo, invented):
    overall, by_size, pairs, n, N = read(demo[0] / "reports" / "demo")
    found = solved(put_together(overall, by_size, pairs, n, N), by_size)
    assert len(found) == 16 + 4
    check_solutions(found, invented, 2019)
    assert by_size["is_suppressed"].mean() <= 0.5


@pytest.mark.parametrize("wave", [2015, 2017])
def test_nor_from_an_edition_of_another_wave(invented, wave):
    overall, by_size, pairs = published(invented, wave)
    check_solutions(solved(put_together(overall, by_size, pairs, *sizes(invented, wave)), by_size), invented, wave)


@pytest.mark.parametrize(
    ("wave", "of_all", "of_protected", "told"),
    [
        (2019, (2, 5), (3, 5), "leaves 2 to 5 counts in 2019, of the five protected concepts 3 to 5"),
        (2017, (2, 4), (2, 4), "2 to 4 in 2017"),
        (2015, (2, 2), (2, 2), "2 in 2015"),
    ],
)
def test_over_all_classes_few_counts_are_left_and_the_method_says_how_many(
    invented, root, wave, of_all, of_protected, told
):
    overall, by_size, pairs = published(invented, wave)
    found = national(put_together(overall, by_size, pairs, *sizes(invented, wave)))
    answers, protected = invented.of(wave).responses, invented.of(wave).disclosure.protected
    left = {concept: high - low + 1 for concept, (low, high) in found.items()}
    assert all(low <= answers[concept].sum() <= high for concept, (low, high) in found.items())
    assert (min(left.values()), max(left.values())) == of_all
    of_those = [left[concept] for concept in protected]
    assert (min(of_those), max(of_those)) == of_protected
    # and none of these counts points to few municipalities
    assert all(low >= SMALLEST_COUNT and high <= len(answers) - SMALLEST_COUNT for low, high in found.values())
    assert told in " ".join((root / "METHOD.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize("wave", [2015, 2017, 2019])
def test_nor_from_an_edition_that_is_not_weighed(invented, wave):
    unweighted = Unweighted(invented.published.project.root)
    alike = Sources(replace(invented.published, project=unweighted), invented.answers)
    overall, by_size, pairs = published(alike, wave)
    attack = put_together(overall, by_size, pairs, *sizes(alike, wave), weight=np.ones(len(SIZE_CLASSES)))
    check_solutions(solved(attack, by_size), alike, wave)


@pytest.mark.parametrize("wave", [2017, 2019])
def test_without_the_rule_the_attack_recovers_every_withheld_cell(published_evidence, wave):
    overall, by_size, pairs = published(published_evidence, wave)
    # withheld as single small cells are, with everything else at full precision
    small = is_small(by_size)
    by_size.loc[small, ["count", "share"]] = pd.NA
    by_size.loc[small, "is_suppressed"] = True
    found = solved(put_together(overall, by_size, pairs, *sizes(published_evidence, wave)), by_size)
    recovered = [place for place, (low, high) in found.items() if low == high and place[0] == "y"]
    assert len(recovered) == small.sum() > 0


def admissible(sources, wave, concept, row):
    """Counts by class that give the published share, interval and worst case, if who answered the item is known."""
    design, responses = sources.of(wave).design, sources.of(wave).responses
    answered = responses[concept].notna().to_numpy()
    n = np.bincount(design.stratum[answered], minlength=len(SIZE_CLASSES))
    weight = design.N_h / design.n_h
    drawn = np.random.default_rng(wave).integers(0, n + 1, size=(200_000, len(n)))
    true = responses[concept].groupby(responses["size_class"], observed=False).sum().to_numpy(dtype=int)
    drawn[0] = true
    drawn = drawn[np.abs(drawn @ weight / (n @ weight) - row.share) <= ROUNDED][:MOST_TRIED]
    # in each class the first ones said yes: an interval looks at how many they are
    rank = np.array([np.sum(answered[:i] & (design.stratum[:i] == h)) for i, h in enumerate(design.stratum)])
    yes = rank[:, None] < drawn.T[design.stratum]
    items = pd.DataFrame(yes).astype("boolean").where(answered[:, None].repeat(len(drawn), axis=1))
    result = shares(design, items, base=answered | (row.base == "respondents"))
    told = estimates(result, wave, base=row.base, source="synthetic")
    everyone = n.sum() + sources.of(wave).nonrespondents(sources.of(wave).shares([concept]))[0, 0]
    told = told[["share", "ci_low", "ci_high"]].assign(worst_low=drawn.sum(axis=1) / everyone).astype(float)
    published = row[told.columns].astype(float).to_numpy()
    fitting = drawn[(np.abs(told.to_numpy() - published) <= ROUNDED).all(axis=1)]
    assert (fitting[0] == true).all()
    return fitting


@pytest.mark.parametrize("wave", [2015, 2017, 2019])
def test_national_intervals_leave_every_class_open(invented, wave):
    overall, *_ = published(invented, wave)
    protected = overall[overall["concept"].isin(invented.of(wave).disclosure.protected)]
    assert len(protected)
    for _, row in protected.iterrows():
        fitting = admissible(invented, wave, row["concept"], row)
        # in every class, whatever else is known of who answered
        assert (np.ptp(fitting, axis=0) >= 5).all(), row["concept"]


def divisions(sources, wave, concept):
    """Counts by class that give the shares told by class and over all, if who answered the item is known."""
    source = sources.of(wave)
    by_size = source.estimates([concept], "size_class").set_index("domain_value")["share"].reindex(SIZE_CLASSES)
    overall = source.estimates([concept])["share"].iloc[0]
    _, n, weight = answered_by_class(source, concept)
    fitting = [
        np.flatnonzero(np.abs(np.arange(k + 1) / k - share) <= FIVES) for k, share in zip(n, by_size, strict=True)
    ]
    drawn = np.array(np.meshgrid(*fitting, indexing="ij")).reshape(len(n), -1).T
    return drawn[np.abs(drawn @ weight / (n @ weight) - overall) <= ROUNDED]


def answered_by_class(source, concept):
    stratum = source.responses["size_class"].map(SIZE_CLASSES.index).to_numpy(dtype=int)
    n = np.bincount(stratum[source.responses[concept].notna()], minlength=len(SIZE_CLASSES))
    return stratum, n, (source.design.N_h / source.design.n_h)


def outcome(source, concept, counts):
    """Whether the classes would differ with these counts, before Holm's correction."""
    stratum, *_ = answered_by_class(source, concept)
    answered = source.responses[concept].notna().to_numpy()
    rank = pd.Series(answered).groupby(stratum).cumsum().to_numpy() - 1
    answers = pd.Series(rank < counts[stratum], index=source.responses.index).astype("boolean").where(answered)
    return rao_scott(source.design, source.responses["size_class"], answers).p_value < ALPHA


@pytest.mark.parametrize(("wave", "told_apart"), [(2017, 1), (2019, 2)])
def test_a_class_test_would_rule_out_divisions_and_is_not_told(invented, wave, told_apart):
    source = invented.of(wave)
    items = [name for name in source.asked(list(source.project.concepts)) if name != TEAM]
    shown = [name for name in items if not source.estimates([name], "size_class")["is_suppressed"].any()]
    left = {}
    for concept in shown:
        possible = divisions(invented, wave, concept)
        outcomes = [outcome(source, concept, counts) for counts in possible]
        left[concept] = len(set(outcomes))
    # an item of which both outcomes are possible: the test would have told which
    assert sum(kinds == 2 for kinds in left.values()) == told_apart
    tested = class_differences(invented, wave, items)
    assert tested["is_protected"].all() and not tested["is_certain"].any() and tested["p_value"].isna().all()


# the files


def test_every_conclusion_in_the_files_follows_from_the_whole_points_beside_it(folder):
    """So it tells an attacker nothing more: it can be made without the answers."""
    tables = {block["id"]: pd.DataFrame(block["records"]) for block in blocks(folder) if block["kind"] == "table"}
    ends = ["difference", "ci_low", "ci_high"]
    for kind in ("task", "shortfall"):
        pairs = tables[f"table_{kind}_pairs"]
        p = adjust(
            [told_p_value(*row) for row in pairs[ends].to_numpy(float)], family_size=int(pairs["family_size"][0])
        )
        assert pairs["is_certain"].tolist() == (p < ALPHA).tolist()
        left_open = (p >= ALPHA) & ~((pairs["ci_low"] < 0) & (pairs["ci_high"] > 0))
        assert pairs["is_withheld"].tolist() == left_open.tolist()
    changes = pd.read_csv(folder / "data" / "changes.csv").dropna(subset=["difference"])
    for _, family in changes.groupby(["baseline", "family_size", changes["concept"].str.split("_").str[0]]):
        rows = family[ends].to_numpy(float)
        assert len(rows) == family["family_size"].iloc[0]
        p = adjust([told_p_value(*row) for row in rows])
        told = [conclude(*row, one, is_rounded=True) for row, one in zip(rows, p, strict=True)]
        assert family["conclusion"].tolist() == told


def test_neither_page_nor_notebook_tells_whether_classes_or_a_trend_differ(folder):
    texts = [part for block in blocks(folder) for part in words_of(block)]
    assert [text for text in texts if re.search(r"Rao|Verschillen de klassen|Do the classes differ", text)] == []
    left_out = re.compile(r"geen van de (6 taken|4 tekorten) is|none of the (6 tasks|4 shortfalls) was it tested")
    assert sum(bool(left_out.search(text)) for text in texts) >= 2


def test_both_languages_carry_the_same_numbers(demo, english):
    editions = [demo[0] / "reports" / "demo", english]
    for name in ("estimates", "changes"):
        tables = [pd.read_csv(edition / "data" / f"{name}.csv") for edition in editions]
        pd.testing.assert_frame_equal(*(table.drop(columns="reason", errors="ignore") for table in tables))
    numbers = [[list(numbers_of(block)) for block in blocks(edition) if "rows" in block] for edition in editions]
    assert numbers[0] == numbers[1] and sum(map(len, numbers[0])) > 400


def numbers_of(value, name=""):
    """Every number of a record or bundle, with its name, at any depth."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from numbers_of(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from numbers_of(part, name)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield name, value


# "highest" is the top of a chart's scale
PUBLIC = {"wave", "baseline", "family_size", "level", "highest"}


def protected_records(bundles):
    """Records of answers in bundles: everything but the response, which is public."""
    for bundle in bundles:
        if "response" not in bundle.get("id", ""):
            # the cells of a table and the plot of a chart carry numbers as well
            cells = [cell for row in bundle.get("rows", []) for cell in row if isinstance(cell, dict)]
            yield from [*bundle.get("records", []), *cells, bundle.get("plot", {})]


def shown_in_notebooks(folder):
    for path in sorted((folder / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                yield output["data"]


def test_no_number_in_the_model_or_a_notebook_is_finer_than_whole_percents(folder):
    shown = list(shown_in_notebooks(folder))
    bundles = [part for output in shown for mime, part in output.items() if mime.endswith("+json")]
    for found in (blocks(folder), bundles):
        records = list(protected_records(found))
        numbers = [pair for record in records for pair in numbers_of(record) if pair[0] not in PUBLIC]
        # of a wave only the respondents and municipalities are known in number
        sized = [pair for pair in numbers if pair[0] in ("n", "N")]
        assert {value for _, value in sized} <= {224, 403, 234, 393, 242, 388, 212, 355}
        shares = [value for name, value in numbers if name not in ("n", "N")]
        assert len(shares) > 300
        assert [value for value in shares if abs(100 * value - round(100 * value)) > 1e-9] == []
        assert [value for value in shares if str(value) == "-0.0"] == []
        hidden = ("count", "se", "df", "deff", "p_value", "p_adjusted")
        assert [record for record in records for name in hidden if record.get(name) is not None] == []


def test_by_class_over_the_base_that_is_an_answer_shares_are_multiples_of_five(folder):
    _, by_size, *_ = read(folder)
    shares = (100 * by_size["share"].dropna()).tolist()
    assert len(shares) == 24 and {round(share, 9) % 5 for share in shares} == {0}


def test_texts_and_drawings_say_no_percentage_with_decimals(folder):
    texts = [path.read_text(encoding="utf-8") for path in (folder / "figures").glob("*.svg")]
    texts += [output[mime] for output in shown_in_notebooks(folder) for mime in output if "svg" in mime]
    told = [comment for text in texts for comment in re.findall(r"<!--(.*?)-->", text)]
    told += [part for block in blocks(folder) for part in words_of(block)]
    told += [str(output["text/plain"]) for output in shown_in_notebooks(folder)]
    told.append(
        re.sub(
            r"(?s)<(style|script|svg).*?</\1>|data:[^\"')]+|<[^>]+>", " ", (folder / "index.html").read_text("utf-8")
        )
    )
    found = [number for text in told for number in re.findall(r"\d+[.,]\d+ ?(?:%|procent|percent|punt|point)", text)]
    assert len(told) > 500 and found == []


def words_of(block):
    parts = [block.get(key) or "" for key in ("text", "caption", "alt")] + block.get("notes", [])
    return parts + [cell if isinstance(cell, str) else cell["text"] for row in block.get("rows", []) for cell in row]


def test_equal_rounded_differences_stand_in_the_order_of_their_names(folder):
    for table in blocks(folder):
        if table.get("id", "").endswith("_pairs") and table["kind"] == "table":
            told = [(-row["difference"], row["higher"], row["lower"]) for row in table["records"]]
            assert told == sorted(told)


@pytest.fixture
def published_evidence(invented):
    bare = Sources(invented.published, invented.answers)
    with patch.object(MicrodataWave, "disclosure", Unprotected()):
        yield bare


class Unprotected(Disclosure):
    def estimates(self, table):
        return table
