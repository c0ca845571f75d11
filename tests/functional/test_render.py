"""``wijkpeiling render``: the page and the charts again from ``report.json``, without a notebook."""

import json
import shutil

import pytest


@pytest.fixture
def edition(built, tmp_path):
    shutil.copytree(built[0] / "reports" / "2019", tmp_path / "2019")
    return tmp_path / "2019"


def rendered(files):
    """Those of an edition that are made from the model and the style."""
    made = ("index.", "audit.", "report.pdf", "report.docx", "infographic.", "figures/", "article.")
    return [name for name in files if name.startswith(made)]


def test_an_edition_rendered_again_is_the_same_to_the_byte(edition, run, files_of):
    before = files_of(edition)
    articles = [name for name in before if name.startswith("article.")]
    assert len(articles) == 3
    for name in ("index.html", "audit.html", *articles):
        (edition / name).unlink()
    shutil.rmtree(edition / "figures")
    # what is rendered is read from the model alone
    shutil.rmtree(edition / "notebooks")
    (edition / "notebooks").mkdir()
    process = run("wijkpeiling", "render", edition, cwd=edition.parent)
    assert (process.returncode, process.stdout) == (0, "rendered 2019\n"), process.stderr
    after = files_of(edition)
    made = [*rendered(before), "tables.xlsx"]
    assert len(made) > 12
    assert [name for name in made if after[name] != before[name]] == []


def test_an_editors_words_in_the_model_stand_in_the_article(edition, main_here):
    model = json.loads((edition / "report.json").read_text("utf-8"))
    quote = {"text": {"nl": "Wij zien dit ook", "en": "So do we"}, "name": "A. Voorbeeld", "consent": True}
    model["cover"]["editorial"] = {"quote": quote | {"role": {"nl": "wethouder", "en": "alderman"}}}
    (edition / "report.json").write_text(json.dumps(model), encoding="utf-8")
    process = main_here("render", edition, cwd=edition.parent)
    assert process.returncode == 0, process.stderr
    article = (edition / "article.md").read_text("utf-8")
    assert "> **Citaat, niet uit de cijfers**\n>\n> ‘Wij zien dit ook’, zegt A. Voorbeeld, wethouder." in article


def test_the_licence_of_a_style_reaches_page_and_data_alike(edition, main_here):
    (edition.parent / "eigen.yml").write_text(
        "licence: {name: Eigen, url: 'https://example.org/eigen'}", encoding="utf-8"
    )
    process = main_here("render", edition, "--style", "eigen.yml", cwd=edition.parent)
    assert process.returncode == 0, process.stderr
    texts = [(edition / name).read_text("utf-8") for name in ("index.html", "data/README.md", "data/datapackage.json")]
    assert [text for text in texts if "https://example.org/eigen" not in text or "creativecommons" in text] == []


def test_a_style_changes_every_chart_and_the_page_and_is_on_record(edition, main_here, files_of):
    before = files_of(edition)
    (edition.parent / "paars.yml").write_text('colours: {brand: "#7a1f5c", estimate: "#7a1f5c"}', encoding="utf-8")
    process = main_here("render", edition, "--style", "paars.yml", cwd=edition.parent)
    assert process.returncode == 0, process.stderr
    after = files_of(edition)
    # a table has no colours, nor has Markdown
    drawn = {name for name in rendered(before) if not name.endswith((".csv", ".md"))}
    assert {name for name in before if after[name] != before[name]} == drawn | {"build.json"}
    assert json.loads(after["build.json"])["style"]["colours"]["brand"] == "#7a1f5c"


@pytest.mark.parametrize(
    ("style", "says"),
    [
        ('colours: {estimate: "#c9b8dd"}', "estimate #c9b8dd on paper #ffffff has a contrast of 1.84"),
        ('colours: {lijn: "#154273"}', "colours.lijn is no role"),
        ("colours: [", "broken YAML"),
        (None, "style.yml is missing"),
    ],
)
def test_a_style_that_cannot_be_used_leaves_the_edition_as_it_was(style, says, edition, main_here, files_of):
    if style:
        (edition.parent / "style.yml").write_text(style, encoding="utf-8")
    before = files_of(edition)
    process = main_here("render", edition, "--style", "style.yml", cwd=edition.parent)
    assert (process.returncode, says in process.stderr) == (16, True), process.stderr
    assert files_of(edition) == before


def test_a_folder_that_is_no_edition_is_refused(tmp_path, main_here):
    (tmp_path / "scriptie.txt").write_text("van iemand", encoding="utf-8")
    process = main_here("render", tmp_path, cwd=tmp_path)
    assert process.returncode == 16
    assert "report.json" in process.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["scriptie.txt"]
