"""A project with a ``style.yml``: built, checked, published and shown by the commands that docs/publish.md tells."""

import json
import re
import shlex
import shutil
import signal
import subprocess
import urllib.request

import pytest

from tests.trials import COMMANDS, ROOT, copy_project, files_of
from wijkpeiling.run.provenance import BUILD

FONTS = ROOT / "wijkpeiling" / "charts" / "fonts"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><path d="M0 0h60v20H0z" fill="#7a1f5c"/></svg>'
DOCUMENT = (ROOT / "docs" / "publish.md").read_text("utf-8")
# that of the document: what it tells is what works
STYLE = re.search(r"```yaml\n(.*?)```", DOCUMENT, re.S)[1]
FILES = {"Huis-Regular.ttf": "Inter-SemiBold.ttf", "Huis-Bold.ttf": "Inter-Regular.ttf", "OFL.txt": "OFL.txt"}
# of the commands in the document, how each ends
ENDS = {"report": "2019", "check": "nothing found", "publish": "published in reports/site", "serve": "http://127.0.0.1"}


def told():
    """The commands of docs/publish.md, in their order."""
    blocks = DOCUMENT.split("```")[1::2]
    return [shlex.split(line) for block in blocks for line in re.findall(r"(?m)^wijkpeiling .+$", block)]


def serve(command, project):
    """What the server shows at its address, and how it ends when it is interrupted."""
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) as server:
        address = re.match(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())[0]
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(address) as answer:
            page = answer.read().decode()
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)
    return page, server.returncode, address


@pytest.fixture(scope="module")
def styled(tmp_path_factory):
    """A project with a style, in which every command of the document has run, and what each said."""
    project = copy_project(tmp_path_factory.mktemp("styled") / "project")
    for name, source in FILES.items():
        shutil.copy(FONTS / source, project / name)
    (project / "logo.svg").write_text(LOGO, encoding="utf-8")
    (project / "style.yml").write_text(STYLE, encoding="utf-8")
    said = {}
    for program, name, *rest in told():
        command = [COMMANDS / program, name, *rest]
        if name == "serve":
            page, code, said[name] = serve([*command, "--port", "0"], project)
            assert (code, "2019/index.html" in page) == (0, True)
            continue
        process = subprocess.run(command, cwd=project, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        assert process.returncode == 0, (name, process.stdout, process.stderr)
        said[name] = process.stdout
    return project, said


def test_the_commands_of_the_document_run_as_it_tells(styled):
    _, said = styled
    assert list(said) == list(ENDS)
    assert [name for name, end in ENDS.items() if end not in said[name]] == []


def test_the_style_of_a_project_dresses_what_is_built_in_it(styled, built):
    project, _ = styled
    plain, dressed = (files_of(root / "reports" / "2019") for root in (built[0], project))
    assert plain.keys() == dressed.keys()
    # what has no looks is the same: the model, the data, what the notebooks show, the tables, Markdown
    alike = {name for name in plain if plain[name] == dressed[name]}
    assert {
        name for name in alike if name.startswith(("figures/", "report.", "index", "audit", "infographic", "article"))
    } <= {
        "report.json",
        "article.md",
        *(name for name in plain if name.endswith(".csv")),
    }
    assert {"report.json", "data/estimates.csv", "notebooks/02_taken.ipynb", "tables.xlsx", "article.md"} <= alike
    assert b"#7a1f5c" in dressed["index.html"] and b"Instituut Voorbeeld" in dressed["index.html"]


def test_the_style_stands_in_build_json_without_its_files(styled):
    project, _ = styled
    style = json.loads((project / "reports" / "2019" / BUILD).read_text("utf-8"))["style"]
    assert style["colours"]["brand"] == "#7a1f5c"
    assert style["logo"].keys() == {"file", "sha256", "media_type"}
    assert style["fonts"]["files"] == ["Huis-Regular.ttf", "Huis-Bold.ttf"]
    # where the site stands is no matter of an edition
    assert "url" not in style


def test_the_site_is_in_the_style_and_at_its_address(styled):
    site = styled[0] / "reports" / "site"
    assert "#7a1f5c" in (site / "index.html").read_text("utf-8")
    assert "https://example.org/peiling/2019/index.html" in (site / "sitemap.xml").read_text("utf-8")


def test_a_style_that_changes_is_found_and_rendering_mends_it(styled, tmp_path, main_here):
    project = tmp_path / "project"
    shutil.copytree(styled[0], project)
    (project / "style.yml").write_text(STYLE.replace("#7a1f5c", "#154273"), encoding="utf-8")
    ended = main_here("check", "reports/2019", cwd=project)
    assert "the style is not that of style.yml as it is now" in ended.stdout
    assert main_here("render", "reports/2019", cwd=project).returncode == 0
    assert main_here("check", "reports/2019", cwd=project).returncode == 0
    # without one, a style that was named to render is a choice
    (project / "style.yml").unlink()
    assert main_here("check", "reports/2019", cwd=project).returncode == 0


def test_a_style_that_cannot_be_used_is_told_before_a_notebook_runs(styled, main_here, tmp_path):
    project = copy_project(tmp_path / "project")
    (project / "style.yml").write_text("logo: weg.svg\n", encoding="utf-8")
    ended = main_here("report", cwd=project)
    assert (ended.returncode, "logo: " in ended.stderr) == (16, True), ended.stderr
    assert not (project / "reports" / "2019").exists()
