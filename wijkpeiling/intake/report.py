"""The findings of an intake as people read them: a page, and rows for a spreadsheet."""

import csv
import io
from collections import Counter
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from wijkpeiling.intake.export import Export
from wijkpeiling.intake.findings import Finding
from wijkpeiling.spreadsheets import as_text

FINDINGS = ("findings.csv", "findings.html")
HEADING = ("severity", "kind", "file", "row", "column", "value", "message", "todo")
MARK = '<meta name="generator" content="wijkpeiling intake">'
SEVERITIES = {
    "error": "must be corrected before the export can be taken in",
    "warning": "something was assumed: look whether it is right",
    "note": "what was done",
}


def findings_csv(findings: tuple[Finding, ...]) -> bytes:
    """A row for each finding; a value that a spreadsheet would take for a formula has a ' in front."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(HEADING)
    rows.writerows([as_text(getattr(finding, name)) for name in HEADING] for finding in findings)
    return text.getvalue().encode("utf-8-sig")


def findings_html(findings: tuple[Finding, ...], export: Export, respondents: int) -> bytes:
    """A page by severity, the ones that keep the export out first."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files("wijkpeiling.intake").joinpath("findings.html.j2").read_text("utf-8"))
    counts = Counter(finding.severity for finding in findings)
    return template.render(
        export=export,
        respondents=respondents,
        counts=counts,
        severities=SEVERITIES,
        findings={severity: [one for one in findings if one.severity == severity] for severity in SEVERITIES},
        mark=MARK,
    ).encode()


def is_ours(path: Path) -> bool:
    """Whether a file is one that `findings_csv` or `findings_html` made."""
    start = path.read_bytes()[:400].decode("utf-8-sig", errors="replace")
    return start.startswith(",".join(HEADING)) or MARK in start
