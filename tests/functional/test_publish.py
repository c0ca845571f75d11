"""Editions brought into a site: all or none, each version at an address that stays, nothing that is not checked."""

import datetime
import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from tests.trials import files_of
from wijkpeiling.charts.style import house_style
from wijkpeiling.errors import ReportError
from wijkpeiling.run import site as sites
from wijkpeiling.run.provenance import BUILD, output_hashes

FIRST, SECOND = datetime.date(2026, 11, 1), datetime.date(2026, 11, 24)


@pytest.fixture
def project(built, tmp_path):
    """The project of the built edition, with that edition."""
    root = tmp_path / "project"
    shutil.copytree(built[0], root, ignore=shutil.ignore_patterns("reports"))
    shutil.copytree(built[0] / "reports" / "2019", root / "reports" / "2019")
    return root


@pytest.fixture
def site(project):
    return project / "reports" / "site"


def publish(project, *names, today=FIRST, **given):
    """Publish editions in ``reports`` by name; gives what was found."""
    found = []
    folders = [project / "reports" / name for name in names or ("2019",)]
    is_new = sites.publish(
        folders,
        project / "reports" / "site",
        project,
        house_style(),
        today=today,
        on_finding=lambda _, one: found.append(one),
        **given,
    )
    assert not found
    return is_new


def build_again(folder, text):
    """Another build of an edition: one file has other words, and ``build.json`` lists it so."""
    (folder / "article.md").write_text(text, encoding="utf-8")
    built = json.loads((folder / BUILD).read_text("utf-8"))
    (folder / BUILD).write_text(json.dumps(built | {"outputs": output_hashes(folder)}), encoding="utf-8")


def with_parameters(folder, **changed):
    built = json.loads((folder / BUILD).read_text("utf-8"))
    built["parameters"] |= changed
    (folder / BUILD).write_text(json.dumps(built), encoding="utf-8")


def links(page):
    return [one["href"] for one in BeautifulSoup(page.read_text("utf-8"), "lxml").select("a[href]")]


def test_an_edition_stands_at_its_address_and_at_that_of_its_version(project, site):
    assert publish(project) is True
    edition = files_of(project / "reports" / "2019")
    assert files_of(site / "2019") == files_of(site / "versions" / "2026-11-01" / "2019") == edition
    # an edition in the other language is named there, and its files in the index of its own
    for index, expected in (
        ("index.html", {"2019/index.html", "2019/report.pdf"}),
        ("index-en.html", {"2019/index.html"}),
    ):
        inside = [one for one in links(site / index) if "://" not in one]
        assert expected <= set(inside)
        assert [one for one in inside if not (site / one.split("#")[0]).exists()] == []
    # no address, no sitemap
    assert not (site / "sitemap.xml").exists()


def test_the_same_again_changes_nothing(project, site):
    publish(project)
    before = files_of(site)
    assert publish(project, today=SECOND) is False
    assert files_of(site) == before


def test_a_newer_build_takes_the_address_and_every_version_keeps_its_own(project, site):
    edition = project / "reports" / "2019"
    versions = ("versions/2026-11-01/2019", "versions/2026-11-24/2019", "versions/2026-11-24-2/2019")
    for today, text in ((FIRST, None), (SECOND, "tweede"), (SECOND, "derde")):
        if text:
            build_again(edition, text)
        assert publish(project, today=today) is True
    assert [(site / one / "article.md").read_text("utf-8") for one in ("2019", *versions[1:])] == [
        "derde",
        "tweede",
        "derde",
    ]
    assert (site / versions[0] / "article.md").read_text("utf-8") not in ("tweede", "derde")
    listed = [one for one in links(site / "index.html") if one.startswith("versions/")]
    assert {one.removesuffix("/index.html").rstrip("/") for one in listed} >= set(versions[:2])


def test_a_build_that_was_replaced_does_not_come_back(project, site):
    shutil.copytree(project / "reports" / "2019", project / "kept")
    publish(project)
    build_again(project / "reports" / "2019", "tweede")
    publish(project, today=SECOND)
    shutil.rmtree(project / "reports" / "2019")
    (project / "kept").rename(project / "reports" / "2019")
    before = files_of(site)
    with pytest.raises(ReportError, match="was published on 2026-11-01 and replaced since"):
        publish(project, today=SECOND)
    assert files_of(site) == before


def test_the_same_wave_against_another_baseline_does_not_take_its_place(project, site):
    publish(project)
    build_again(project / "reports" / "2019", "tweede")
    with_parameters(project / "reports" / "2019", baseline=2015)
    with pytest.raises(ReportError, match="2019 is compared with 2015"):
        publish(project, today=SECOND)


def test_what_a_check_finds_keeps_all_of_them_out_and_is_told(project, site):
    shutil.copytree(project / "reports" / "2019", project / "reports" / "2019-b")
    (project / "reports" / "2019-b" / "scriptie.docx").write_bytes(b"x")
    found = []
    folders = [project / "reports" / name for name in ("2019", "2019-b")]
    with pytest.raises(ReportError, match="keep the editions from going out"):
        sites.publish(
            folders, site, project, house_style(), today=FIRST, on_finding=lambda folder, _: found.append(folder.name)
        )
    assert set(found) == {"2019-b"} and not site.exists()


def test_what_is_invented_is_never_published(project, site, demo):
    shutil.copytree(demo[0] / "reports" / "demo", project / "reports" / "demo")
    assert sites.editions_in(project) == [project / "reports" / "2019"]
    for change in ({}, {"kind": "edition"}):
        built = json.loads((project / "reports" / "demo" / BUILD).read_text("utf-8"))
        (project / "reports" / "demo" / BUILD).write_text(json.dumps(built | change), encoding="utf-8")
        with pytest.raises(ReportError, match="a publication of kind"):
            publish(project, "2019", "demo")
    assert not site.exists()


def test_a_site_that_somebody_wrote_in_stays_as_it_is(project, site):
    publish(project)
    (site / "2019" / "article.md").write_text("van mij", encoding="utf-8")
    before = files_of(site)
    build_again(project / "reports" / "2019", "tweede")
    with pytest.raises(ReportError, match=r"2019/article\.md is not as it was published"):
        publish(project, today=SECOND)
    assert files_of(site) == before


def test_what_goes_wrong_half_way_leaves_the_site_as_it_was(project, site, monkeypatch):
    publish(project)
    before = files_of(site)
    build_again(project / "reports" / "2019", "tweede")
    monkeypatch.setattr(sites, "_write_indexes", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        publish(project, today=SECOND)
    assert files_of(site) == before
    assert sorted(one.name for one in site.parent.iterdir()) == ["2019", "site"]


def test_an_edition_that_is_written_meanwhile_is_not_published(project, site, monkeypatch):
    copytree = shutil.copytree

    def copy(source, target, *rest, **given):
        copytree(source, target, *rest, **given)
        if Path(target).name == "2019":
            (Path(target) / "article.md").write_text("half", encoding="utf-8")

    monkeypatch.setattr(sites.shutil, "copytree", copy)
    with pytest.raises(ReportError, match="was written while it was published"):
        publish(project)
    assert not site.exists()


def test_two_that_publish_at_once_do_not_leave_out_what_the_other_put_there(project, site, monkeypatch):
    publish(project)
    build_again(project / "reports" / "2019", "tweede")
    write_indexes = sites._write_indexes

    def other_first(*given):
        monkeypatch.setattr(sites, "_write_indexes", write_indexes)
        publish(project, today=SECOND)
        write_indexes(*given)

    monkeypatch.setattr(sites, "_write_indexes", other_first)
    with pytest.raises(ReportError, match="somebody else published in the meantime"):
        publish(project, today=SECOND)
    assert (site / "2019" / "article.md").read_text("utf-8") == "tweede"


def test_with_an_address_there_is_a_sitemap_of_every_page(project, site):
    publish(project, url="https://example.org/peiling/")
    tree = ElementTree.parse(site / "sitemap.xml")
    namespace = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    told = [one.text for one in tree.iter(f"{namespace}loc")]
    assert told == [
        f"https://example.org/peiling/{page}"
        for page in ("index.html", "index-en.html", "2019/index.html", "2019/audit.html")
    ]
    assert {one.text for one in tree.iter(f"{namespace}lastmod")} == {FIRST.isoformat()}


def test_the_command_publishes_every_edition_of_the_project(project, site, main_here):
    ended = main_here("publish", "--url", "https://example.org", cwd=project)
    assert ended.returncode == 0 and "published in reports/site" in ended.stdout
    ended = main_here("publish", "--url", "https://example.org", cwd=project)
    assert ended.returncode == 0 and "nothing changed" in ended.stdout
    assert main_here("publish", "--url", "example.org", cwd=project).returncode == 2
    assert main_here("publish", "--output", "data/raw/site", cwd=project).returncode == ReportError.exit_code


def test_without_an_edition_there_is_nothing_to_publish(project, run_here):
    shutil.rmtree(project / "reports" / "2019")
    code, told = run_here("publish", cwd=project)
    assert code == ReportError.exit_code and "there is no edition to publish" in told
