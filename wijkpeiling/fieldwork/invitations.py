"""Who is invited: a token for each municipality, which stands for it in the survey tool."""

import csv
import io
import secrets
from pathlib import Path

from wijkpeiling.errors import InstrumentError, PopulationError
from wijkpeiling.fieldwork.form import frame_path, read_frame
from wijkpeiling.files import keep_from_git, write_file
from wijkpeiling.project import Project

FILE = "invitations.csv"
# the columns of a participant in LimeSurvey; it passes over gemeentecode, by which the intake reads the file
COLUMNS = ("token", "gemeentecode", "firstname", "lastname", "email", "attribute_1")
# small letters and digits, without those taken for another: i, l and 1, o and 0
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
# 31 signs, 12 times: 59 bits, so that nobody guesses one
LENGTH = 12


def write_invitations(project: Project, wave: int) -> Path:
    """Write ``invitations.csv`` of a wave, once: its tokens link answers to municipalities.

    The file is confidential, so ``.gitignore`` beside it keeps it from git before it is there.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    PopulationError
        When the wave has no frame.
    InstrumentError
        When there is such a file already: other tokens would leave answers without a municipality.
    """
    municipalities = read_frame(project, project.wave(wave).wave)
    if not municipalities:
        raise PopulationError(
            f"{wave} has no municipalities to invite",
            where=frame_path(project, wave),
            expected="the frame of the wave",
            todo=f"wijkpeiling frame {wave}",
        )
    path = project.raw / str(wave) / "responses" / FILE
    if path.exists():
        raise InstrumentError(
            f"the tokens of {wave} are there already",
            where=path,
            expected="one list of tokens a wave: answers that came in under them would lose their municipality",
            todo="use this list; remove it only before anybody was invited",
        )
    # one that takes the file back may stand before it
    keep_from_git(path.parent, (f"/{FILE}",), InstrumentError)
    write_file(path, _table(municipalities), InstrumentError)
    return path


def _table(municipalities: list[tuple[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    tokens: set[str] = set()
    for code, name in municipalities:
        token = _token(tokens)
        tokens.add(token)
        writer.writerow([token, code, "", name, "", code])
    return text.getvalue().encode()


def _token(taken: set[str]) -> str:
    while (token := "".join(secrets.choice(SIGNS) for _ in range(LENGTH))) in taken:
        pass
    return token
