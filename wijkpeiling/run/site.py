"""The site of editions: each at an address of its own, what it replaces at a dated one, an index before them."""

import datetime
import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from wijkpeiling.charts.style import Style
from wijkpeiling.errors import ReportError
from wijkpeiling.parameters import LANGUAGES
from wijkpeiling.report.site import Listed, Version, render_index, render_sitemap
from wijkpeiling.run.checks import check_edition
from wijkpeiling.run.findings import MODEL, Finding
from wijkpeiling.run.folder import replacing
from wijkpeiling.run.provenance import BUILD, is_current, output_hashes, package, read_build, write_build
from wijkpeiling.run.publications import EDITION

SITE, VERSIONS = "site", "versions"
INDEXES = {"nl": "index.html", "en": "index-en.html"}
SITEMAP = "sitemap.xml"
OnFinding = Callable[[Path, Finding], object]


def publish(
    folders: Sequence[Path],
    site: Path,
    root: Path,
    style: Style,
    *,
    url: str | None = None,
    today: datetime.date,
    on_finding: OnFinding,
) -> bool:
    """Put editions into the site, all of them or none.

    An edition stands at ``NAME/``, such as ``2019/`` or ``2019-en/``, and the same at ``versions/DATE/NAME/``, where
    it stays when another takes its place.

    Parameters
    ----------
    folders
        Of editions.
    site
        Folder of the site, replaced as a whole when everything has succeeded.
    style
        Looks of the index.
    url
        Address of the site on the web; without one there is no sitemap.
    today
        The date of the versions.
    on_finding
        Called with the folder of the edition for everything that keeps one from going out.

    Returns
    -------
    bool
        False when the site already held these editions.

    Raises
    ------
    ReportError
        When a check finds something, for a synthetic edition, one that was replaced before, or one that is compared
        with another wave than the one in its place; when a file of the site was changed, or the site cannot be written.
    """
    for folder in folders:
        _refuse_synthetic(folder)
    found = [(folder, finding) for folder in folders for finding in check_edition(folder, root)]
    for folder, finding in found:
        on_finding(folder, finding)
    if found:
        raise ReportError(
            f"{len(found)} findings keep the editions from going out",
            where=found[0][0],
            expected="editions in which wijkpeiling check finds nothing",
            todo="do what each finding says; nothing was published",
        )
    before = _read_site(site)
    listed = list(before["editions"])
    new = [(folder, name) for folder in folders if (name := _listed(listed, folder, today)) is not None]
    description = {
        "kind": SITE,
        "package": package(),
        "url": url,
        "style": style.on_record(),
        "editions": sorted(listed, key=lambda one: (-one["wave"], one["name"])),
    }
    if is_current(site, description):
        return False
    with replacing(site, SITE, root, lambda: _refuse_other(site, before)) as work:
        if site.exists():
            shutil.copytree(site, work, dirs_exist_ok=True)
        for folder, name in new:
            _put(folder, work, name, _version_of(description, name))
        _write_indexes(work, description, style)
        write_build(work, description)
    return True


def editions_in(root: Path) -> list[Path]:
    """Folders of real editions in the ``reports`` of a project.

    Raises
    ------
    ReportError
        When there are none.
    """
    built = sorted(path.parent for path in (root / "reports").glob(f"*/{BUILD}"))
    found = [folder for folder in built if read_build(folder)["kind"] == EDITION.name]
    if not found:
        raise ReportError(
            "there is no edition to publish",
            where=root / "reports",
            expected="a folder such as reports/2019",
            todo="build one with wijkpeiling report, or name its folder",
        )
    return found


def _refuse_synthetic(folder: Path) -> None:
    built = read_build(folder)
    if built["kind"] != EDITION.name or built.get("parameters", {}).get("source") == "synthetic":
        raise ReportError(
            f"this is a publication of kind {built['kind']}",
            where=folder,
            expected="an edition of real figures: what is invented is never published",
            todo="name other folders",
        )


def _read_site(site: Path) -> dict[str, Any]:
    """What the site's ``build.json`` says; a site that is not there yet has no editions."""
    if not (site / BUILD).is_file():
        return {"kind": SITE, "editions": [], "outputs": {}}
    built = read_build(site)
    if built["kind"] != SITE:
        raise ReportError(
            f"a publication of kind {built['kind']} stands where the site would",
            where=site,
            expected="a site, an empty folder or none",
            todo="choose another folder with --output; nothing was published",
        )
    now, written = output_hashes(site), built["outputs"]
    changed = sorted(name for name in now.keys() | written.keys() if now.get(name) != written.get(name))
    if changed:
        raise ReportError(
            f"{changed[0]} is not as it was published",
            where=site / changed[0],
            expected="a site that only wijkpeiling publish writes in",
            todo="put it back, or move the site away and publish anew; nothing was published",
        )
    return built


def _refuse_other(site: Path, before: dict[str, Any]) -> None:
    """Two that publish at the same time would each leave out what the other put there."""
    if _read_site(site) != before:
        raise ReportError(
            "somebody else published in the meantime",
            where=site,
            expected="a site that stays as it is until this is done",
            todo="publish again; nothing was published",
        )


def _listed(listed: list[dict[str, Any]], folder: Path, today: datetime.date) -> str | None:
    """Enter an edition in the list of the site; its name there, None where it stands there already."""
    built = read_build(folder)
    parameters = built["parameters"]
    name, identity = EDITION.called(parameters), _identity(built)
    known = next((one for one in listed if one["name"] == name), None)
    if known and known["parameters"] != parameters:
        raise ReportError(
            f"{name} is compared with {parameters['baseline']}, the edition in its place with "
            f"{known['parameters']['baseline']}",
            where=folder,
            expected="the same baseline in every version of an edition",
            todo="publish it in another site with --output",
        )
    versions = list(known["versions"]) if known else []
    if versions and versions[0]["sha256"] == identity:
        return None
    if replaced := [one["date"] for one in versions if one["sha256"] == identity]:
        raise ReportError(
            f"{name}: this build was published on {replaced[0]} and replaced since",
            where=folder,
            expected="a newer build than the one that stands there",
            todo="build the edition again",
        )
    taken = {one["path"] for one in versions}
    days = (f"{today}{f'-{number}' if number > 1 else ''}" for number in range(1, len(taken) + 2))
    path = next(path for day in days if (path := f"{VERSIONS}/{day}/{name}") not in taken)
    entry = {
        "name": name,
        "wave": parameters["wave"],
        "language": parameters["language"],
        "parameters": parameters,
        "versions": [{"date": today.isoformat(), "path": path, "sha256": identity}, *versions],
    }
    listed[:] = [*(one for one in listed if one["name"] != name), entry]
    return name


def _identity(built: dict[str, Any]) -> str:
    """One hash over what an edition holds: the same files are the same version, whatever commit they name."""
    return hashlib.sha256(json.dumps(built["outputs"], sort_keys=True).encode()).hexdigest()


def _version_of(description: dict[str, Any], name: str) -> str:
    return next(str(one["versions"][0]["path"]) for one in description["editions"] if one["name"] == name)


def _put(folder: Path, work: Path, name: str, version: str) -> None:
    """Copy an edition to its address and to that of its version, and see that it is what was checked."""
    shutil.rmtree(work / name, ignore_errors=True)
    for place in (name, version):
        shutil.copytree(folder, work / place)
        if read_build(work / place)["outputs"] != output_hashes(work / place):
            raise ReportError(
                "the edition was written while it was published",
                where=folder,
                expected="an edition that stays as it is until this is done",
                todo="publish again; nothing was published",
            )


def _write_indexes(work: Path, description: dict[str, Any], style: Style) -> None:
    from wijkpeiling.report.model import read_model

    editions = [
        Listed(
            name=one["name"],
            wave=one["wave"],
            language=one["language"],
            cover=read_model(work / one["name"] / MODEL).cover,
            files=tuple(output_hashes(work / one["name"])),
            versions=tuple(
                Version(path=version["path"], date=datetime.date.fromisoformat(version["date"]))
                for version in one["versions"]
            ),
        )
        for one in description["editions"]
    ]
    for language in LANGUAGES:
        page = render_index(editions, language, style, INDEXES)
        (work / INDEXES[language]).write_text(page, encoding="utf-8")
    (work / SITEMAP).unlink(missing_ok=True)
    if description["url"]:
        (work / SITEMAP).write_text(render_sitemap(editions, description["url"], INDEXES), encoding="utf-8")
