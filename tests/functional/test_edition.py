"""The edition as its readers get it, from the command line."""

import csv
import json
import re
from html.parser import HTMLParser

import pytest

from tests.trials import FORMAT_FILES, data_files
from wijkpeiling.report.hyphens import SOFT


class Text(HTMLParser):
    """The words of a page, without styles."""

    def __init__(self):
        super().__init__()
        self.words = []
        self.is_hidden = False

    def handle_starttag(self, tag, attributes):
        self.is_hidden = tag == "style"

    def handle_data(self, data):
        if not self.is_hidden:
            self.words.append(data)


@pytest.fixture(scope="module")
def edition(built):
    return built[0] / "reports" / "2019"


@pytest.fixture(scope="module")
def page(edition):
    return (edition / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def words(page):
    text = Text()
    text.feed(page)
    return re.sub(r"\s+", " ", " ".join(text.words)).replace(SOFT, "")


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_edition_is_complete(edition):
    written = {path.relative_to(edition).as_posix() for path in edition.rglob("*") if path.is_file()}
    names = ("00_kern", "01_respons", "02_taken", "03_preventie", "04_trend", "05_herkomst")
    assert written == {
        "index.html",
        "report.pdf",
        *(f"infographic.{form}" for form in ("pdf", "png", "svg")),
        "report.json",
        "build.json",
        *FORMAT_FILES,
        *data_files("estimates", "changes", "audit"),
        "audit.html",
        *(
            f"figures/figure_{name}.{form}"
            for name in ("response", "task", "shortfall", "trend", "bounds", "audit")
            for form in ("svg", "png", "csv")
        ),
        *(f"notebooks/{name}.ipynb" for name in names),
    }


@pytest.mark.parametrize(
    "row",
    [
        "2014 oktober 2014 403 224 56%",
        "2015 eind 2015 393 234 60%",
        "2017 zomer 2017 388 242 62%",
        "2019 zomer 2019 355 212 60% ongeveer 134 (2017)",
        "2022 najaar 2022 344 niet bekend niet bekend",
        "Vraagverheldering en keukentafelgesprekken 90% 86–93%",
        "Vraagverheldering en keukentafelgesprekken 90% 86–93% 49–95%",
        "alle gemeenten die meededen (212 van 355) of gemeenten met een wijkteam (ongeveer 176 van 295)",
        "Casusregie 86%",
        "Een plan maken met de cliënt 83%",
        "Signaleren 75%",
        "Kortdurende ondersteuning 70%",
        "Langdurende ondersteuning 11%",
        "Preventief werken en vroegsignalering 59% 54–64%",
        "Outreachend werken 52%",
        "De stap van individuele hulp naar collectieve voorzieningen 51%",
        "Informele netwerken en buurthulp 46%",
        "Kortdurende ondersteuning Minder gemeenten, volgens de publicatie",
        "Langdurende ondersteuning Minder gemeenten, volgens de publicatie",
        "2014 69% 65–73% 224 van 403",
        "2015 87% 84–90% 234 van 393",
        "2017 83% 79–86% 242 van 388",
        "2019 83% 79–86% 212 van 355",
        "2022 ongeveer 80% – niet bekend",
        "2014–2017 +14",
        "2017–2022 – – – – Niet te vergelijken",
        "Respons (2014) 66% verworpen Kan niet kloppen",
    ],
)
def test_page_shows(words, row):
    assert row in words


def test_page_needs_no_network(page):
    markup = re.sub(r"(?s)<script>.*?</script>", "", page)
    loaded = re.findall(r"""(?:src|srcset|url)\s*[=(]\s*["']?([^"')\s>]+)""", markup)
    assert loaded
    # a drawing refers to its own parts
    assert all(address.startswith(("data:", "#")) for address in loaded)


def test_page_is_dutch(page):
    assert '<html lang="nl">' in page


def test_every_figure_on_the_page_has_words_and_a_table(page):
    figures = re.findall(r"<figure.*?</figure>", page, flags=re.S)
    assert len(figures) == 5
    for figure in figures:
        assert len(re.search(r'role="img" aria-label="([^"]*)"', figure)[1]) > 30
        assert re.search(r"<details>.*<table[ >].*</details>", figure, flags=re.S)


def test_data_follow_their_contracts(edition):
    columns = {
        "estimates": "wave concept domain domain_value base n N is_n_estimated is_N_estimated count share se ci_low "
        "ci_high level df method deff worst_low worst_high target source flag is_suppressed",
        "changes": "concept domain domain_value baseline wave difference se ci_low ci_high p_value p_adjusted "
        "adjustment family_size method overlap n_overlap source conclusion reason",
        "audit": "wave concept pct base_n feasible_counts verdict reason source source_url",
    }
    for name, expected in columns.items():
        heading = (edition / "data" / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        assert heading.split(",") == expected.split()


def test_every_published_figure_is_audited(edition):
    audit = rows(edition / "data" / "audit.csv")
    assert len(audit) == 97
    assert all(row["verdict"] and row["reason"] for row in audit)


def test_data_are_at_full_precision(edition):
    shares = [row for row in rows(edition / "data" / "estimates.csv") if row["concept"] == "shortfall_preventive_work"]
    assert {row["base"] for row in shares} == {"respondents", "with_team"}
    assert any(len(row["ci_low"]) > 12 for row in shares)


def test_unknown_cells_of_the_baseline_stay_empty(edition):
    changes = {row["concept"]: row for row in rows(edition / "data" / "changes.csv")}
    for concept in ("task_short_term_support", "task_long_term_support"):
        assert changes[concept]["conclusion"] == "direction_only"
        assert changes[concept]["difference"] == changes[concept]["p_value"] == ""


def test_executed_notebooks_carry_no_trace_of_the_run(built, edition):
    for path in (edition / "notebooks").glob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert str(built[0]) not in text
        assert not re.search(r"\b20[2-9]\d-\d\d-\d\dT", text)
        outputs = [output for cell in json.loads(text)["cells"] for output in cell.get("outputs", [])]
        assert {output["output_type"] for output in outputs} == {"execute_result"}


def test_build_names_inputs_versions_and_parameters(edition):
    build = json.loads((edition / "build.json").read_text(encoding="utf-8"))
    assert build["parameters"] == {"wave": 2019, "baseline": 2017, "language": "nl", "source": "published"}
    assert len(build["inputs"]["data/raw/2019/published.csv"]) == 64
    assert "notebooks/02_taken.ipynb" in build["inputs"]
    assert {"pandas", "statsmodels", "papermill"} <= set(build["libraries"])


def test_work_without_a_terminal_reports_json_lines(built):
    events = [json.loads(line) for line in built[1].stderr.splitlines()]
    assert [event["n_done"] for event in events] == [1, 2, 3, 4, 5, 6, 7]
    assert events[-1]["step"] == "report"


def test_nothing_changed_takes_a_moment_and_says_so(built, run):
    again = run("wijkpeiling", "report", cwd=built[0])
    assert again.returncode == 0
    assert again.stdout == "nothing changed since reports/2019\n"
    assert again.stderr == ""


def test_the_english_edition_stands_beside_the_dutch_one_and_is_english(built, run_here):
    code, message = run_here("report", "--language", "en", "--formats", "html,data", cwd=built[0])
    assert code == 0, message
    page = (built[0] / "reports" / "2019-en" / "index.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert "What did teams do, and how were they organised?" in page
    # titles of publications stay as they are
    told = re.sub(r"<td[^>]*>.*?</td>|<a href=\"http[^>]*>.*?</a>", "", page, flags=re.S)
    assert "gemeenten" not in told


@pytest.mark.parametrize(
    ("wave", "language", "told"),
    [
        (2014, "nl", ["78 procent van alle steden van het G32-netwerk", "93 procent van de G32-steden", "86–95%"]),
        (
            2022,
            "en",
            ["spotting problems and prevention (81 percent)", "about 90%", "In 2019, 75 percent of municipalities"],
        ),
    ],
)
def test_the_first_wave_and_one_of_unknown_respondents_have_an_edition(project, run_here, wave, language, told):
    folder = project / "out"
    arguments = ("report", "--wave", wave, "--language", language, "--output", folder, "--formats", "html,data")
    code, message = run_here(*arguments, cwd=project)
    assert code == 0, message
    page = (folder / "index.html").read_text(encoding="utf-8")
    # a word that the page explains is a link
    said = re.sub(r"</?a\b[^>]*>", "", page)
    assert [words for words in told if words not in said] == []
    assert "None" not in page
    assert {row["wave"] for row in rows(folder / "data" / "estimates.csv")} >= {str(wave)}
