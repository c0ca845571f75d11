"""Commands that bring editions out: check them, put them into a site, look at it."""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wijkpeiling.cli.main import ProjectFolder, app, tell
from wijkpeiling.cli.options import short
from wijkpeiling.errors import ReportError

if TYPE_CHECKING:
    from wijkpeiling.run.findings import Finding

Folders = Annotated[list[Path], typer.Argument(help="Folders of editions, such as reports/2019.")]
SomeFolders = Annotated[
    list[Path] | None, typer.Argument(help="Folders of editions.", show_default="every edition in reports/")
]
Site = Annotated[Path | None, typer.Option("--output", help="Folder of the site.", show_default="reports/site")]


@app.command()
def check(folders: Folders, project: ProjectFolder = Path()) -> None:
    """Say what keeps editions from going out: files, inputs, cells that tell, alt texts, links, language, marks."""
    from wijkpeiling.project import find_root
    from wijkpeiling.run.checks import check_edition

    root, n_findings = find_root(project), 0
    for folder in folders:
        found = check_edition(folder.absolute(), root)
        n_findings += len(found)
        for finding in found:
            _tell_finding(folder.absolute(), finding)
        tell(f"{short(folder.absolute())}: {len(found)} findings" if found else f"{folder}: nothing found")
    raise typer.Exit(ReportError.exit_code if n_findings else 0)


@app.command()
def publish(
    folders: SomeFolders = None,
    output: Site = None,
    url: Annotated[
        str | None, typer.Option(help="Address of the site, for its sitemap.", show_default="url in style.yml")
    ] = None,
    project: ProjectFolder = Path(),
) -> None:
    """Put editions that pass every check into a site, with an index; earlier versions keep an address."""
    from wijkpeiling.charts.style import project_style
    from wijkpeiling.project import find_root
    from wijkpeiling.run.site import SITE, editions_in
    from wijkpeiling.run.site import publish as put

    if url is not None and not _is_web(url):
        raise typer.BadParameter(f"{url!r:.60} does not begin with https:// or http://", param_hint="--url")
    root = find_root(project)
    style = project_style(root)
    site = (output or root / "reports" / SITE).absolute()
    chosen = [folder.absolute() for folder in folders or []] or editions_in(root)
    address = url or style.url
    is_new = put(
        chosen,
        site,
        root,
        style,
        url=address,
        today=datetime.date.today(),
        on_finding=_tell_finding,
    )
    tell(f"{'published in' if is_new else 'nothing changed since'} {short(site)}")
    if not address:
        tell("without a sitemap: give the site's address with --url, or as url in style.yml")


@app.command()
def serve(
    folder: Annotated[Path | None, typer.Argument(help="A site or an edition.", show_default="reports/site")] = None,
    port: Annotated[int, typer.Option(help="Port on this machine; 0 for any that is free.", min=0, max=65_535)] = 8000,
    project: ProjectFolder = Path(),
) -> None:
    """Show a site or an edition in the browser, on this machine alone, until Ctrl-C."""
    from wijkpeiling.cli.main import Interrupted
    from wijkpeiling.project import find_root
    from wijkpeiling.run.serving import HOST, open_server

    shown = (folder or find_root(project) / "reports" / "site").absolute()
    with open_server(shown, port) as server:
        tell(f"http://{HOST}:{server.server_port}/ shows {short(shown)}; Ctrl-C ends")
        try:
            server.serve_forever()
        except (Interrupted, KeyboardInterrupt):
            tell("ended")


def _is_web(url: str) -> bool:
    from wijkpeiling.report.page import WEB

    return WEB.fullmatch(url) is not None


def _tell_finding(folder: Path, finding: "Finding") -> None:
    tell(f"{short(folder / finding.where)}: {finding.what}\n  to do: {finding.todo}")
