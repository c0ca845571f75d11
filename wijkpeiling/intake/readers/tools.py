"""Survey tools, known by the headings of the columns that they add of their own accord."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from wijkpeiling.intake.findings import Finding

# a no-break space, which MS Forms writes, is no other heading
BLANKS = re.compile(r"[\s\u00a0\u200b\ufeff]+")
# LimeSurvey heads a column "code. text" where it is asked for both; what stands between them can be changed
CODE_AND_TEXT = re.compile(r"(\w+)(\W+)(\S.*)")


@dataclass(frozen=True)
class Tool:
    """A survey tool and the columns that it adds.

    Attributes
    ----------
    format
        As in ``Export.format``.
    name
        For the user.
    columns
        Name of each column in the tool, and how else its heading reads, by language and version.
    telling
        Columns that no other tool has, of which ``enough`` give the tool away.
    dates
        Columns that hold a moment.
    """

    format: str
    name: str
    columns: Mapping[str, tuple[str, ...]]
    telling: frozenset[str]
    enough: int
    dates: frozenset[str]


TOOLS = (
    Tool(
        format="limesurvey_csv",
        name="LimeSurvey",
        columns={
            "id": ("Respons-ID", "Response ID"),
            "submitdate": ("Datum verzonden", "Date submitted"),
            "lastpage": ("Laatste pagina", "Last page"),
            "startlanguage": ("Begin taal", "Begintaal", "Start language"),
            # the Dutch of LimeSurvey calls the seed of its random order a place
            "seed": ("Plaats",),
            "token": ("Toegangscode", "Access code"),
            "startdate": ("Startdatum", "Date started"),
            "datestamp": ("Datum laatste actie", "Date last action"),
            "ipaddr": ("IP-adres", "IP address"),
            "refurl": ("Referrer URL", "Verwijzende URL"),
            "interviewtime": ("Totaaltijd", "Total time"),
        },
        telling=frozenset({"submitdate", "lastpage", "startlanguage"}),
        enough=2,
        dates=frozenset({"submitdate", "startdate", "datestamp"}),
    ),
    Tool(
        format="qualtrics",
        name="Qualtrics",
        columns={
            "StartDate": ("Start Date",),
            "EndDate": ("End Date",),
            "Status": ("Response Type",),
            "IPAddress": ("IP Address",),
            "Progress": (),
            "Duration (in seconds)": (),
            "Finished": (),
            "RecordedDate": ("Recorded Date",),
            "ResponseId": ("Response ID",),
            "ResponseSet": (),
        },
        telling=frozenset({"StartDate", "Status", "Finished", "RecordedDate", "ResponseId"}),
        enough=3,
        dates=frozenset({"StartDate", "EndDate", "RecordedDate"}),
    ),
    Tool(
        format="kobo",
        name="KoBoToolbox",
        columns={
            "_id": (),
            "_uuid": (),
            "_submission_time": (),
            "_validation_status": (),
            "_index": (),
            "start": (),
            "end": (),
        },
        telling=frozenset({"_id", "_uuid", "_submission_time"}),
        enough=2,
        dates=frozenset({"_submission_time", "start", "end"}),
    ),
    Tool(
        format="forms",
        name="Microsoft Forms",
        columns={
            "ID": (),
            "Start time": ("Begintijd",),
            "Completion time": ("Tijd van voltooien",),
            "Email": ("E-mail",),
            "Name": ("Naam",),
            "Last modified time": ("Tijd van laatste wijziging",),
        },
        telling=frozenset({"Start time", "Completion time"}),
        enough=2,
        dates=frozenset({"Start time", "Completion time", "Last modified time"}),
    ),
)
# what LimeSurvey writes below an option where answers are exported in full
LABELS_OF_OPTIONS = frozenset({"Ja", "Yes", "Nee", "No", "N/A"})
UNTICKED = LABELS_OF_OPTIONS - {"Ja", "Yes"}

BY_FORMAT = {tool.format: tool for tool in TOOLS}
HEADINGS = {
    tool.format: {
        spelling.casefold(): column for column, others in tool.columns.items() for spelling in (column, *others)
    }
    for tool in TOOLS
}


def tidy(heading: str) -> str:
    """A heading with single spaces and none around it; a no-break space is a space."""
    return BLANKS.sub(" ", heading).strip()


def own_columns(tool: Tool, headings: Sequence[str]) -> dict[str, str]:
    """The columns that a tool added.

    Returns
    -------
    dict
        Name of the column in the tool, by heading as it was written.
    """
    found: dict[str, str] = {}
    for heading in headings:
        name = _own_column(HEADINGS[tool.format], tidy(heading).casefold())
        if name is not None and name not in found.values():
            found[heading] = name
    return found


def _own_column(known: Mapping[str, str], heading: str) -> str | None:
    """The column of a heading that is its name, its text, its text with underscores, or name and text."""
    name = known.get(heading) or known.get(heading.replace("_", " "))
    return name or _of_code_and_text(known, heading)


def _of_code_and_text(known: Mapping[str, str], heading: str) -> str | None:
    found = CODE_AND_TEXT.fullmatch(heading)
    if found is None:
        return None
    code, between, text = found.groups()
    # a text in a language that is not known here still has its code, a point and a blank before it
    return known.get(code) if between == ". " or known.get(code, code) == known.get(text) else None


def tool_of(headings: Sequence[str]) -> Tool | None:
    """The survey tool that wrote these headings; None where no tool shows."""
    for tool in TOOLS:
        if len(tool.telling & set(own_columns(tool, headings).values())) >= tool.enough:
            return tool
    return None


def heading_form(headings: Sequence[str]) -> str:
    """How LimeSurvey wrote its headings: as ``codes``, ``codes and texts`` or ``texts``."""
    known = HEADINGS["limesurvey_csv"]
    if any(_of_code_and_text(known, tidy(heading).casefold()) for heading in headings):
        return "codes and texts"
    codes = BY_FORMAT["limesurvey_csv"].columns
    return "codes" if any(tidy(heading) in codes for heading in headings) else "texts"


def has_labels(cells: pd.DataFrame) -> bool:
    """Whether LimeSurvey wrote labels instead of codes: below options stands No or N/A instead of nothing.

    Notes
    -----
    Labels lose the difference between NULL and an empty cell but for options: an answer from a list is NULL where
    nothing was chosen, and a text is empty where it was not shown.
    """
    for heading in cells:
        if str(heading).endswith("]"):
            values = set(cells[heading].dropna().unique()) - {""}
            if values & UNTICKED and values <= LABELS_OF_OPTIONS:
                return True
    return False


def labels_found(file: str) -> Finding:
    """What to say where ``has_labels``."""
    return Finding(
        "answers_as_labels",
        "note",
        "answers are written as labels, which tell NULL from an empty cell below options only",
        file,
        todo="export codes instead: they tell what was not shown from what was not answered",
    )
