"""Publications: the edition and another, built by the same functions in the same kernels."""

import json
import sys

import pytest

from wijkpeiling.errors import ReportError, RunError, WijkpeilingError
from wijkpeiling.parameters import LANGUAGE, Parameter
from wijkpeiling.project import open_edition
from wijkpeiling.run import edition as run_edition
from wijkpeiling.run import kernels as run_kernels
from wijkpeiling.run.publications import EDITION, PACKAGES, Publication
from wijkpeiling.sources import edition as sources_edition

# what somebody adds for a folder of exercises
EXERCISES = Publication(
    name="exercises",
    folder="notebooks/oefenen",
    parameters={"language": LANGUAGE, "n": Parameter(lambda n: type(n) is int and n > 0, "a whole number above 0")},
    formats=("html",),
    called=lambda given: f"exercises-{given['language']}",
)
GIVEN = {"language": "en", "n": 30}
CODE = [
    "from wijkpeiling.present.blocks import Cover, Sentence",
    'Cover(language=language, title="Exercises", subtitle="To try", source="synthetic")',
    'Sentence(id="drawn", language=language, text=f"{n} municipalities were drawn.")',
]


def cell(kind, source, *tags):
    code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": f"c{abs(hash(source))}", "metadata": {"tags": list(tags)}, "source": source} | code


@pytest.fixture
def with_exercises(project):
    """A project with one notebook of its edition, and one exercise."""
    for path in project.glob("notebooks/0[2-9]_*.ipynb"):
        path.unlink()
    cells = [
        cell("code", 'language = "nl"\nn = 20', "parameters"),
        cell("markdown", "# Draw a sample", "en"),
        *(cell("code", source) for source in CODE),
    ]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    folder = project / "notebooks" / "oefenen"
    folder.mkdir()
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (folder / "01_steekproef.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return project


def counted(monkeypatch, place, name):
    calls = []
    was = getattr(place, name)
    monkeypatch.setattr(place, name, lambda *arguments: calls.append(arguments) or was(*arguments))
    return calls


def test_two_publications_are_built_in_the_same_kernels_with_the_data_read_once(with_exercises, monkeypatch):
    servers = counted(monkeypatch, run_kernels, "_Server")
    reads = counted(monkeypatch, sources_edition, "read_sources")
    edition = open_edition(wave=2019, start=with_exercises)
    folders = {one.name: with_exercises / "reports" / one.name for one in (EDITION, EXERCISES)}
    english = edition.parameters | {"language": "en"}
    with run_kernels.Kernels() as kernels:
        sources_edition.read_sources(edition)
        for publication, given, folder in [
            (EDITION, edition.parameters, folders["edition"]),
            (EDITION, english, with_exercises / "reports" / "english"),
            (EXERCISES, GIVEN, folders["exercises"]),
        ]:
            formats = list(publication.formats)
            assert run_edition.build(publication, with_exercises, given, folder, formats, kernels=kernels)
    assert (len(servers), len(reads)) == (1, 1)
    assert (folders["edition"] / "data").is_dir()
    page = (folders["exercises"] / "index.html").read_text(encoding="utf-8")
    assert "30 municipalities were drawn." in page and "Draw a sample" in page
    written = {path.relative_to(folders["exercises"]).as_posix() for path in folders["exercises"].rglob("*.*")}
    assert written == {"build.json", "index.html", "report.json", "notebooks/01_steekproef.ipynb"}
    built = json.loads((folders["exercises"] / "build.json").read_text(encoding="utf-8"))
    assert (built["parameters"], built["formats"]) == (GIVEN, ["html"])
    assert "notebooks/oefenen/01_steekproef.ipynb" in built["inputs"]
    # nothing changed: neither a kernel nor a reader is wanted
    assert not run_edition.build(EXERCISES, with_exercises, GIVEN, folders["exercises"], ["html"])
    assert (len(servers), len(reads)) == (1, 1)


@pytest.mark.parametrize(
    ("publication", "given", "formats", "error", "told"),
    [
        (EXERCISES, GIVEN | {"m": 2}, ["html"], RunError, "unknown parameter m"),
        (EXERCISES, {"language": "en"}, ["html"], RunError, "no value for parameter n"),
        (EXERCISES, GIVEN | {"n": "30"}, ["html"], RunError, "parameter n is '30'"),
        (EXERCISES, GIVEN | {"language": "de"}, ["html"], RunError, "parameter language is 'de'"),
        (EXERCISES, GIVEN, ["html", "data"], ReportError, "format data of publication exercises"),
        (EXERCISES._replace(folder="notebooks/none"), GIVEN, ["html"], RunError, "no notebooks"),
        (EDITION, GIVEN, ["html"], RunError, "unknown parameter n"),
    ],
)
def test_what_a_publication_does_not_have_is_refused(publication, given, formats, error, told, with_exercises):
    with pytest.raises(WijkpeilingError, match=told) as refused:
        run_edition.build(publication, with_exercises, given, with_exercises / "out", formats)
    assert type(refused.value) is error
    assert not (with_exercises / "out").exists()


@pytest.mark.parametrize(("form", "package"), [(form, one) for form in PACKAGES for one in PACKAGES[form]])
def test_a_format_without_its_package_is_refused_before_a_notebook_runs(form, package, with_exercises, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr(run_kernels, "Kernels", None)
    given = {"wave": 2019, "baseline": 2017, "language": "nl", "source": "published"}
    with pytest.raises(ReportError, match=f"the format {form} takes the package {package}") as refused:
        run_edition.build(EDITION, with_exercises, given, with_exercises / "out", ["html", form])
    assert '"wijkpeiling[publish]"' in refused.value.todo and "--formats html,data" in refused.value.todo


@pytest.mark.parametrize(
    ("source", "language", "folder"),
    [
        ("published", "nl", "2019"),
        ("published", "en", "2019-en"),
        ("synthetic", "nl", "demo"),
        ("synthetic", "en", "demo-en"),
    ],
)
def test_an_edition_stands_in_a_folder_of_its_own(five_waves, source, language, folder):
    edition = open_edition(wave=2019, language=language, source=source, start=five_waves)
    assert EDITION.target(five_waves, edition.parameters) == five_waves / "reports" / folder
