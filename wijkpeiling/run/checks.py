"""What keeps an edition from going out: each rule is a function in `CHECKS` that yields what it finds."""

from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import unquote, urlsplit

from wijkpeiling.errors import ReportError
from wijkpeiling.language import say
from wijkpeiling.present.blocks import Chart, Prose, Table
from wijkpeiling.run.disclosed import disclosed
from wijkpeiling.run.edition import on_record, project_style
from wijkpeiling.run.findings import MODEL, Edition, Finding
from wijkpeiling.run.provenance import BUILD, input_hashes, output_hashes, package
from wijkpeiling.run.reading import Link, undescribed_pictures, words_of

AGAIN = "build the edition again"
# schemes that an address may have: the web, and letters
SCHEMES = ("http", "https", "mailto")
# of invented answers, files with words that a program can read
WORDED = (".html", ".md", ".docx", ".xlsx", ".pdf")
OTHERS_WORDED = ("infographic.svg", "data/datapackage.json", "figures/*.csv")
# the same in every edition: it is about the package, and has none of the edition's numbers
METHOD = "data/METHOD.md"
Rule = Callable[[Edition], Iterator[Finding]]


def check_edition(folder: Path, root: Path) -> list[Finding]:
    """Everything that keeps an edition from going out, in the order of the rules; nothing when it can.

    Parameters
    ----------
    folder
        Of an edition.
    root
        The project, whose inputs are to be those that the edition was made from.

    Raises
    ------
    ReportError
        When the folder is no edition, or its model is none of this version.
    """
    edition = Edition(folder, root)
    return [finding for rule in CHECKS for finding in _found(rule, edition)]


def _found(rule: Rule, edition: Edition) -> Iterator[Finding]:
    """What a rule finds; a file that it cannot read is a finding too, and ends that rule alone."""
    try:
        yield from rule(edition)
    except ReportError as failure:
        yield Finding(failure.what, str(failure.where), failure.todo)


def as_built(edition: Edition) -> Iterator[Finding]:
    """Every file that ``build.json`` lists, as it was written, and no other."""
    written, found = edition.build["outputs"], output_hashes(edition.folder)
    for name in sorted(written.keys() | found.keys()):
        if name not in found:
            yield Finding(f"the file is missing that {BUILD} lists", name, AGAIN)
        elif name not in written:
            yield Finding(f"a file that {BUILD} does not list", name, "move it out of the edition")
        elif written[name] != found[name]:
            yield Finding("the file is not as it was built: another sha256", name, AGAIN)
    for path in sorted(edition.folder.rglob("*")):
        if path.is_symlink():
            name = path.relative_to(edition.folder).as_posix()
            yield Finding("a link instead of a file", name, "move it out of the edition")


def from_these_inputs(edition: Edition) -> Iterator[Finding]:
    """Made from the data, notebooks and package as they are now."""
    made_from, now = edition.build.get("inputs", {}), input_hashes(edition.root, edition.build)
    for name in sorted(made_from.keys() | now.keys()):
        if made_from.get(name) != now.get(name):
            what = "is gone" if name not in now else "is new" if name not in made_from else "was changed"
            yield Finding(f"input {name} {what} since the edition was made", BUILD, AGAIN)
    style = on_record(project_style(edition.root))
    if style is not None and edition.build.get("style") != style:
        yield Finding("the style is not that of style.yml as it is now", BUILD, "wijkpeiling render the edition")
    if edition.build["package"] != package():
        yield Finding("another version of the package made the edition", BUILD, AGAIN)


def pictures_described(edition: Edition) -> Iterator[Finding]:
    """Words for every chart and picture, and other words than its caption."""
    for chart in edition.report.charts:
        if not chart.alt.strip():
            yield Finding(f"chart {chart.id} has no alternative text", MODEL, "give it one in present")
        elif chart.alt == chart.caption:
            yield Finding(
                f"the alternative text of chart {chart.id} is its caption", MODEL, "say what its numbers are in present"
            )
    for name, page in edition.pages.items():
        for picture in page.unnamed:
            yield Finding(f"a picture without alternative text: {picture}", name, "give it one in the template")
    for name in (name for name in edition.files if name.endswith(".docx")):
        if number := undescribed_pictures(edition.folder / name):
            yield Finding(f"pictures without alternative text: {number}", name, AGAIN)


def one_language(edition: Edition) -> Iterator[Finding]:
    """One language, that of the parameters, in the model and on every page."""
    language = edition.report.language
    asked = edition.build.get("parameters", {}).get("language")
    if asked != language:
        yield Finding(f"language {language} in the model, {asked} in {BUILD}", MODEL, AGAIN)
    for section in edition.report.sections:
        for block in section.blocks:
            if not isinstance(block, Prose) and block.language != language:
                yield Finding(f"{block.kind} {block.id} is in language {block.language}", MODEL, AGAIN)
    for name, page in edition.pages.items():
        if page.language != language:
            yield Finding(f"the page has language {page.language}, not {language}", name, AGAIN)


def links_lead_somewhere(edition: Edition) -> Iterator[Finding]:
    """Addresses of the web are http(s), others lead to a file of the edition and a place in it; nothing is fetched."""
    for name, page in edition.pages.items():
        for link in dict.fromkeys(page.links):
            if what := _amiss(edition, name, link):
                yield Finding(f"{what}: {link.address:.120}", name, "correct it where it is written, and build again")


def _amiss(edition: Edition, name: str, link: Link) -> str | None:
    """What is wrong with an address in a page, if anything."""
    try:
        parts = urlsplit(link.address)
    except ValueError:
        return "an address that is none"
    if parts.scheme == "data" and link.is_loaded:
        return None
    if parts.scheme or parts.netloc:
        if link.is_loaded:
            return "the page loads something from elsewhere"
        is_whole = parts.scheme == "mailto" or parts.netloc
        return None if parts.scheme in SCHEMES and is_whole else "a link that is no http(s)"
    path = edition.folder / name
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
    home = edition.folder.resolve()
    if not target.is_relative_to(home) or not target.is_file():
        return "a link to a file that is not in the edition"
    page = edition.pages.get(target.relative_to(home).as_posix())
    if parts.fragment and page is not None and unquote(parts.fragment) not in page.ids:
        return "a link to a place that is not on the page"
    return None


def invented_is_marked(edition: Edition) -> Iterator[Finding]:
    """The mark on everything that is made of invented answers, and none of them among real ones."""
    sources = _sources(edition)
    if not edition.is_synthetic:
        if "synthetic" in sources:
            yield Finding("invented figures in an edition of real ones", MODEL, AGAIN)
        return
    if edition.report.cover.source != "synthetic":
        yield Finding(f"invented answers are told as {edition.report.cover.source}", MODEL, AGAIN)
    if others := sources - {"synthetic"}:
        yield Finding(f"figures that are {', '.join(sorted(others))} among invented ones", MODEL, AGAIN)
    mark = say(edition.report.language, "synthetic_mark").lower()
    pieces: list[Chart | Table] = [*edition.report.charts, *edition.report.tables]
    for block in pieces:
        if mark not in _marked(block):
            yield Finding(f"{block.kind} {block.id} does not say that the answers are invented", MODEL, AGAIN)
    for name in (name for name in edition.files if name != METHOD):
        is_worded = name.endswith(WORDED) or any(fnmatch(name, other) for other in OTHERS_WORDED)
        if is_worded and mark not in (words_of(edition.folder / name) or "").lower():
            yield Finding("it does not say that the answers are invented", name, AGAIN)


def _marked(block: Chart | Table) -> str:
    return ((block.mark or "") if isinstance(block, Chart) else block.caption).lower()


def _sources(edition: Edition) -> set[str]:
    rows = (
        row for table in edition.report.tables if table.contract in ("estimates", "changes") for row in table.records
    )
    return {str(row.get("source")) for row in rows}


CHECKS: tuple[Rule, ...] = (
    as_built,
    from_these_inputs,
    disclosed,
    pictures_described,
    one_language,
    links_lead_somewhere,
    invented_is_marked,
)
