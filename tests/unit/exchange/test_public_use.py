"""A file for public use: what it leaves out, whatever the answers."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from wijkpeiling.cli.main import app
from wijkpeiling.contracts import SIZE_CLASSES
from wijkpeiling.errors import IntakeError, ReportError
from wijkpeiling.estimation.disclosure import Disclosure, is_small
from wijkpeiling.exchange.dataset import MISSING_CODES, Described
from wijkpeiling.exchange.deduction import possible_counts
from wijkpeiling.exchange.export import FORMATS, dataset_of, export
from wijkpeiling.exchange.public_use import ANY, OTHER, K, public_dataset, public_use
from wijkpeiling.published import read_published

WEIGHTS = dict(zip(SIZE_CLASSES, (1.9, 1.7, 1.5, 1.3), strict=True))
TEAM, TASK = "has_wijkteam", "task_signalling"
WORDING = "Werkt uw gemeente met een wijkteam?"


def answers_of(*groups):
    """Answers from groups of respondents alike: size class, provincie, how many, and the answers they gave."""
    rows = [
        {"size_class": size_class, "provincie": provincie, "weight": WEIGHTS[size_class], **given}
        for size_class, provincie, n, given in groups
        for _ in range(n)
    ]
    table = pd.DataFrame(rows)
    table["size_class"] = pd.Categorical(table["size_class"], SIZE_CLASSES, ordered=True)
    return table.astype({name: "Int64" for name in table if name not in ("size_class", "provincie", "weight")})


def judged(answers):
    """As a wave of item responses is judged: by all its cells by size class."""
    classes = answers.groupby("size_class", observed=False)
    concepts = [name for name in answers if name not in ("size_class", "provincie", "weight")]
    cells = [
        pd.DataFrame(
            {
                "concept": concept,
                "n": classes[concept].apply(lambda column: column.ge(0).sum()),
                "count": classes[concept].apply(lambda column: column.eq(1).sum()),
            }
        )
        for concept in concepts
    ]
    return Disclosure.of(pd.concat(cells))


def made(answers, routing=()):
    return public_use(answers, dict(routing), judged(answers))


def halves(size_class, provincie, n, concept=TEAM):
    return [(size_class, provincie, n, {concept: 1}), (size_class, provincie, n, {concept: 0})]


def by_provincie(result):
    table = result.table
    names = {ANY: "any", OTHER: "other", **dict(enumerate(result.provincies, start=1))}
    counts = table.groupby(["size_class", "provincie"]).size()
    return {(int(size), names[place]): int(n) for (size, place), n in counts.items()}


# groups of answers, and how many are told of each size class and provincie
TOLD = {
    "every provincie is large": (
        [*halves("<20k", "A", 10), *halves("<20k", "B", 6)],
        {(1, "A"): 20, (1, "B"): 12},
    ),
    "two small ones are joined": (
        [*halves("<20k", "A", 10), *halves("<20k", "B", 3), *halves("<20k", "C", 4)],
        {(1, "A"): 20, (1, "other"): 14},
    ),
    "one small one takes a large one with it": (
        [*halves("<20k", "A", 10), *halves("<20k", "B", 6), *halves("<20k", "C", 2)],
        {(1, "A"): 20, (1, "other"): 16},
    ),
    "one small one beside one large one": (
        [*halves("<20k", "A", 10), *halves("<20k", "B", 2)],
        {(1, "any"): 24},
    ),
    "large enough, but all said the same": (
        [*halves("<20k", "A", 10), ("<20k", "B", 12, {TEAM: 1}), ("<20k", "C", 12, {TEAM: 0})],
        {(1, "A"): 20, (1, "other"): 24},
    ),
    "each class by itself": (
        [*halves("<20k", "A", 10), *halves("20-50k", "A", 6), *halves("20-50k", "B", 2)],
        {(1, "A"): 20, (2, "any"): 16},
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_provincies_are_joined_until_enough_share_each(name):
    groups, told = TOLD[name]
    result = made(answers_of(*groups))
    assert by_provincie(result) == told and result.withheld == ()
    assert set(result.table["weight"]) == {WEIGHTS[SIZE_CLASSES[size - 1]] for size, _ in told}


# the last class is too small to be told, which the edition protects as well
PROTECTED = halves("<20k", "A", 30) + halves("20-50k", "A", 30) + halves("50-100k", "A", 30) + halves(">=100k", "A", 4)


def test_where_an_edition_protects_anything_no_class_is_told():
    result = made(answers_of(*PROTECTED))
    assert list(result.table) == [TEAM] and len(result.table) == 188 and result.withheld == ()


def and_then(concept, groups):
    """The same respondents, each with the same answer to another concept as to the first."""
    return [(*group, {**given, concept: given[TEAM]}) for *group, given in groups]


@pytest.mark.parametrize(("no", "is_left_out"), [(0, True), (1, True), (4, True), (5, False), (94, False)])
@pytest.mark.parametrize("answer", [0, 1])
def test_a_concept_that_few_or_none_answered_one_way_is_left_out(no, is_left_out, answer):
    table = answers_of(*and_then(TASK, PROTECTED))
    # spread over the classes, so that no class is told by the number alone
    table[TASK] = answer
    table.loc[np.linspace(0, len(table) - 9, no).astype(int), TASK] = 1 - answer
    assert table[TASK].ne(answer).sum() == no
    result = public_use(table, {}, Disclosure(protected=frozenset({TEAM})))
    assert (TASK in result.withheld, TASK in result.table) == (is_left_out, not is_left_out)


def test_what_a_concept_that_is_left_out_routes_to_is_left_out_as_well():
    table = answers_of(*and_then(TASK, PROTECTED)).assign(third=1, apart=lambda table: table[TEAM])
    table[TEAM] = pd.array([0] * 3 + [1] * (len(table) - 3), dtype="Int64")
    table.loc[:2, [TASK, "third"]] = MISSING_CODES["not_shown"]
    table = table.astype({"third": "Int64"})
    table.loc[5:60, "third"] = 0
    result = made(table, {TASK: TEAM, "third": TASK})
    assert set(result.withheld) == {TEAM, TASK, "third"} and list(result.table) == ["apart"]


def test_a_total_that_tells_of_a_class_is_left_out():
    # with weights this far apart the rounded share of the edition has one division only
    groups = [("<20k", "A", 9, {TEAM: 1}), ("<20k", "A", 1, {TEAM: 0}), *halves(">=100k", "A", 5)]
    table = answers_of(*and_then(TASK, groups))
    table["weight"] = np.where(table["size_class"] == "<20k", 1.0, 9.0)
    with pytest.raises(ReportError, match="no file for public use: every answer would tell of a few"):
        made(table)
    table["weight"] = 1.0
    assert list(made(table).table) == [TEAM, TASK]


def test_whoever_stopped_halfway_stands_as_not_answered():
    table = answers_of(*PROTECTED)
    table.loc[:2, TEAM] = MISSING_CODES["broken_off"]
    assert set(made(table).table[TEAM]) == {0, 1, MISSING_CODES["not_answered"]}


@pytest.mark.parametrize("n", [0, 1, K - 1])
def test_a_wave_of_few_has_no_file(n):
    table = answers_of(("<20k", "A", 9, {TEAM: 1})).head(n)
    with pytest.raises(ReportError, match=f"no file for public use: {n} municipalities took part"):
        made(table)


@st.composite
def waves(draw):
    """Answers to two routed concepts and one apart, in provincies and classes of any size."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(K, 260))
    sizes = rng.choice(SIZE_CLASSES[: draw(st.integers(1, 4))], n)
    provincies = rng.choice(list("ABCDE")[: draw(st.integers(1, 5))], n, p=None)
    team, task, apart = (rng.random(n) < draw(st.sampled_from([0.02, 0.1, 0.5, 0.9, 1.0])) for _ in range(3))
    groups = [
        (size, provincie, 1, {TEAM: int(a), TASK: int(b) if a else MISSING_CODES["not_shown"], "apart": int(c)})
        for size, provincie, a, b, c in zip(sizes, provincies, team, task, apart, strict=True)
    ]
    return answers_of(*groups)


@given(waves())
def test_whatever_the_answers_enough_share_a_group_and_nothing_tells_of_a_few(answers):
    try:
        result = made(answers, {TASK: TEAM})
    except ReportError:
        return
    table = result.table
    concepts = [name for name in table if name in (TEAM, TASK, "apart")]
    if TEAM in result.withheld:
        assert TASK not in table
    if result.has_classes:
        groups = [rows for _, rows in table.groupby(["size_class", "provincie"])]
        assert min(map(len, groups)) >= K
        assert (table.groupby(["size_class", "weight"]).ngroups) == table["size_class"].nunique()
    else:
        groups = [table]
    for rows in groups:
        n, yes = rows[concepts].ge(0).sum(), rows[concepts].eq(1).sum()
        assert not is_small(pd.DataFrame({"n": n, "count": yes})).any()
    if not result.has_classes:
        assert set(table) <= {TEAM, TASK, "apart"}
        for concept in judged(answers).protected & set(concepts):
            given = answers[answers[concept] >= 0].groupby("size_class", observed=True)
            yes, n = given[concept].sum().to_numpy(int), given[concept].size().to_numpy(int)
            low, high = possible_counts(yes, n, given["weight"].first().to_numpy(float))
            assert (high - low >= np.minimum(K, n)).all()


@given(waves(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_tells_nothing(answers, random):
    order = list(range(len(answers)))
    random.shuffle(order)
    try:
        first = made(answers, {TASK: TEAM})
    except ReportError:
        return
    second = made(answers.iloc[order].reset_index(drop=True), {TASK: TEAM})
    pd.testing.assert_frame_equal(first.table, second.table)


# the file


@pytest.fixture
def large(copy, taken_in):
    """The project of five waves, with answers of 2019 as if real municipalities had given them."""
    answers = taken_in.answers
    frame, wave = answers.frame(2019), answers.wave(2019)
    concepts = [slug for slug in answers.concepts if wave[slug].notna().any()]
    kept = [part.split("; ") for part in wave["missing_reason"].fillna("")]
    wave["missing_reason"] = ["; ".join(one for one in parts if one.split("=")[0] in concepts) for parts in kept]
    columns = ["wave", "gemeentecode", "size_class", "provincie", *concepts, "weight", "missing_reason"]
    folder = copy.raw / "2019" / "responses"
    folder.mkdir()
    wave[columns].to_csv(folder / "responses.csv", index=False)
    path = copy.raw / "2019" / "questionnaire.yml"
    questionnaire = yaml.safe_load(path.read_text(encoding="utf-8"))
    # what routes comes first
    questionnaire["items"] = {TEAM: questionnaire["items"].pop(TEAM)} | questionnaire["items"]
    questionnaire["items"][TEAM]["wording"] = {"nl": WORDING, "en": WORDING}
    for concept in concepts:
        if concept != TEAM:
            questionnaire["items"][concept]["routing"] = TEAM
    path.write_text(yaml.safe_dump(questionnaire, sort_keys=False, allow_unicode=True), encoding="utf-8")
    frame.to_csv(copy.raw / "population" / "frame_2019.csv", index=False)
    return SimpleNamespace(copy=copy, project=copy.project, codes=set(frame["gemeentecode"]), names=set(frame["name"]))


@pytest.mark.parametrize("to", FORMATS)
def test_classes_and_joined_provincies_are_told_in_every_format(mini, tmp_path, to):
    groups = [*halves("<20k", "A", 10), *halves("<20k", "B", 3), *halves("<20k", "C", 4)]
    groups += [*halves("20-50k", "A", 4), *halves("20-50k", "B", 4)]
    questionnaire = read_published(mini.project).questionnaires[2027]
    dataset = public_dataset(made(answers_of(*groups)), 2027, Described(mini.project, questionnaire, "en"))
    assert dataset.variables[1].values == {1: "A", OTHER: "Other provincies", ANY: "Not stated"}
    assert any("holds at least 5 participating municipalities" in note for note in dataset.notes)
    path = tmp_path / f"a.{to}"
    path.write_bytes(FORMATS[to](dataset, path.name)[f".{to}"])
    readers = {
        "sav": lambda: pyreadstat.read_sav(str(path), apply_value_formats=True)[0],
        "dta": lambda: pyreadstat.read_dta(str(path), apply_value_formats=True)[0],
        "csv": lambda: pd.read_csv(path),
        "xlsx": lambda: pd.read_excel(path, engine="openpyxl"),
    }
    table = readers[to]()
    told = table.groupby(["size_class", "provincie"], observed=True).size().to_dict()
    small, large = "under 20,000 inhabitants", "20,000 to 50,000"
    assert told == {(small, "A"): 20, (small, "Other provincies"): 14, (large, "Not stated"): 16}
    assert table["weight"].round(6).value_counts().to_dict() == {1.9: 34, 1.7: 16}


@pytest.mark.parametrize("to", ["csv", "sav"])
def test_the_file_has_no_code_name_class_or_weight_where_the_edition_protects(large, tmp_path, to):
    path = tmp_path / f"public.{to}"
    written = export(large.project, 2019, to, path, is_public=True, language="en")
    dataset = dataset_of(large.project, 2019, is_public=True)
    assert len(dataset.table) == 212 and len(dataset.variables) >= 8
    assert not {"gemeentecode", "name", "size_class", "provincie", "weight", "wave"} & set(dataset.table)
    content = b"".join(place.read_bytes() for place in written.paths).decode("utf-8", "replace")
    assert not [text for text in (*large.codes, *large.names) if text in content]
    assert any("Size class, provincie and weights are left out" in line for line in written.told)
    assert (tmp_path / "public.txt").read_text(encoding="utf-8").count("\n\n") == len(written.told) - 1
    if to == "sav":
        table, _ = pyreadstat.read_sav(str(path), user_missing=True)
        assert table.astype(int).to_numpy().tolist() == dataset.table.astype(int).to_numpy().tolist()


def test_totals_of_the_file_are_those_of_the_answers(large):
    dataset, whole = (dataset_of(large.project, 2019, is_public=is_public) for is_public in (True, False))
    concepts = list(dataset.table)
    for concept in concepts:
        assert dataset.table[concept].clip(-1).value_counts().to_dict() == (
            whole.table[concept].clip(-1).value_counts().to_dict()
        )


@pytest.mark.parametrize(
    ("questionnaire_is_public", "is_public", "has_wording"),
    [(True, True, True), (True, False, True), (False, True, False), (False, False, True)],
)
def test_wording_of_a_questionnaire_that_is_not_public_stays_out_of_a_public_file(
    large, questionnaire_is_public, is_public, has_wording
):
    path = large.copy.raw / "2019" / "questionnaire.yml"
    words = {True: "true", False: "false"}
    text = re.sub("is_public: (true|false)", f"is_public: {words[questionnaire_is_public]}", path.read_text("utf-8"))
    path.write_text(text, encoding="utf-8")
    dataset = dataset_of(large.project, 2019, is_public=is_public)
    assert (WORDING in {variable.question for variable in dataset.variables}) == has_wording


def test_a_wave_of_which_every_answer_tells_is_refused_with_its_code(mini, main_here):
    command = ["export", "2027", "--to", "csv"]
    run = main_here(*command, "--public", cwd=mini.root)
    assert run.returncode == ReportError.exit_code and "ReportError: no file for public use" in run.stderr
    assert not (mini.root / "reports").exists()
    run = main_here(*command, cwd=mini.root)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[0] == "66 municipalities, 13 variables"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--to", "doc"], "'doc' is not one of sav, dta, csv, xlsx"),
        (["--to", "sav,csv"], "'sav,csv' is not one of sav, dta, csv, xlsx"),
        (["--to", "sav", "--language", "nl,en"], "'nl,en' is not one of nl, en"),
        (["--to", "sav", "--output", "a.csv"], "'a.csv' does not end with .sav"),
        (["--to", "sav", "--language", "de"], "'de' is not one of nl, en"),
        ([], "Missing option '--to'"),
    ],
)
def test_an_option_that_cannot_be_is_wrong_use(mini, options, says):
    run = CliRunner().invoke(app, ["export", "2027", *options, "--project", str(mini.root)], env={"COLUMNS": "200"})
    assert run.exit_code == 2 and says in run.output


def test_a_wave_of_which_no_answers_were_taken_in_is_told(mini, tmp_path):
    with pytest.raises(IntakeError, match=r"there are no answers of 2019\n[^$]*responses\.csv"):
        export(mini.project, 2019, "csv", tmp_path / "a.csv")


def test_the_same_again_changes_nothing_and_another_file_is_not_written_over(mini, tmp_path):
    path = tmp_path / "a.csv"
    export(mini.project, 2027, "csv", path)
    export(mini.project, 2027, "csv", path)
    before = path.read_bytes()
    with pytest.raises(ReportError, match=r"a_codebook\.csv is there already, and differs|a\.csv is there already"):
        export(mini.project, 2027, "csv", path, language="en")
    assert path.read_bytes() == before
