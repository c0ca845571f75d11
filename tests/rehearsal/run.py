"""A whole wave rehearsed by the commands that a researcher gives: from an empty folder to the edition, nl and en.

Run by ``make rehearsal``. The municipalities are invented, and so are the answers; what stands in for the survey tool
is `limesurvey.py`. Every step is a command, or an edit that the documents ask for; the checks stand at the end.
"""

import csv
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.rehearsal.limesurvey import Reply, draw_replies, read_survey, write_export

WAVE, MUNICIPALITIES, SEED = 2027, 342, 20270501
# as the researcher judges them, with both questionnaires side by side
JUDGED = ("has_wijkteam", "task_", "shortfall_")
FORMATS = {"limesurvey": "txt", "xlsform": "xlsx", "docx": "docx", "codebook": "html", "ddi": "xml"}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        root = Path(folder) / "mijn-peiling"
        run(Path(folder), "init", root.name)
        run(root, "new", str(WAVE))
        judge(root / "data" / "raw" / str(WAVE) / "questionnaire.yml")
        (root / "gemeenten.csv").write_bytes(municipalities())
        run(root, "frame", str(WAVE), "--file", "gemeenten.csv", "--add-year")
        run(root, "questionnaire", str(WAVE))
        for name, ending in FORMATS.items():
            run(root, "questionnaire", str(WAVE), "--to", name, "--output", f"vragenlijst-{name}.{ending}")
        run(root, "invitations", str(WAVE))
        questions = read_survey((root / "vragenlijst-limesurvey.txt").read_bytes())
        replies = draw_replies(questions, codes(root), np.random.default_rng(SEED))
        (root / "results-survey.csv").write_bytes(write_export(questions, replies))
        run(root, "intake", "results-survey.csv", "--wave", str(WAVE))
        for language in ("nl", "en"):
            run(root, "report", "--wave", str(WAVE), "--language", language)
        run(root, "report", "--wave", str(WAVE), "--baseline", "2019", "--output", "reports/met-2019")
        check_answers(root, questions, replies)
        for folder, fewest in {str(WAVE): 1, f"{WAVE}-en": 1, "met-2019": 11}.items():
            check_edition(root / "reports" / folder, fewest)
    print("rehearsed: every step done, every answer came out as it went in, two editions compare with 2017 and 2019")


def run(folder: Path, *command: str) -> None:
    print("$ wijkpeiling", *command, flush=True)
    program = Path(sys.executable).with_name("wijkpeiling")
    done = subprocess.run([program, *command], cwd=folder, capture_output=True, text=True)
    shown = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith('{"event"')]
    print("\n".join(f"    {line}" for line in shown))
    if done.returncode:
        raise SystemExit(f"exit {done.returncode} of wijkpeiling {' '.join(command)}")


def judge(path: Path) -> None:
    """The verdicts that the questionnaire asks for: these questions measure what they did in 2017 and 2019."""
    text = path.read_text("utf-8")
    before, items = text.split("\nitems:\n", 1)
    parts = re.split(r"(?m)^(?=  \w)", items)
    judged = [_judged(part) if part.strip().startswith(JUDGED) else part for part in parts]
    assert judged != parts, "no verdict was left to judge"
    path.write_text(before + "\nitems:\n" + "".join(judged), encoding="utf-8")


def _judged(item: str) -> str:
    reasons = {"nl": "Andere woorden voor hetzelfde (repetitie).", "en": "Other words for the same (rehearsal)."}
    for language, reason in reasons.items():
        item = re.sub(rf"(?m)^( +{language}: ).*$", rf"\g<1>{reason}", item)
    return item.replace("verdict: unknown", "verdict: minor")


def municipalities() -> bytes:
    """An invented country: codes that no municipality has, sizes as in the Netherlands."""
    rng = np.random.default_rng(SEED)
    names = [
        start + end + side
        for start in ("Dwaal", "Kabouter", "Mompel", "Pluis", "Tover", "Wolken", "Zwerf")
        for end in ("beke", "dam", "donk", "gaarde", "horst", "kerke", "mond", "veen", "wijk", "woud")
        for side in ("", "-Noord", "-Zuid", "-Oost", "-West")
    ]
    inhabitants = rng.lognormal(np.log(33_000), 0.8, MUNICIPALITIES).round().astype(int)
    lines = ["gemeentecode,naam,provincie,inwoners"]
    for number, name in enumerate(names[:MUNICIPALITIES]):
        provincie = ("Donderland", "Nevelgouw", "Windmark")[number % 3]
        lines.append(f"GM{9000 + number},{name},{provincie},{inhabitants[number]}")
    return "\n".join(lines).encode() + b"\n"


def codes(root: Path) -> list[str]:
    with (root / "data" / "raw" / "population" / f"frame_{WAVE}.csv").open(encoding="utf-8", newline="") as file:
        return [row["gemeentecode"].removeprefix("GM") for row in csv.DictReader(file)]


def check_answers(root: Path, questions: list, replies: list[Reply]) -> None:
    """Every cell of the responses is what was answered, or says rightly why nothing was."""
    from wijkpeiling.instrument.reading import read_questionnaire
    from wijkpeiling.project import Project

    questionnaire = read_questionnaire(Project(root), WAVE)
    kept: dict[str, Reply] = {}
    for reply in replies:
        is_better = reply.stopped_after is None or reply.municipality not in kept
        if is_better and (reply.stopped_after is None or len(reply.answers) > 1):
            kept[reply.municipality] = reply
    page = {question.name: number for number, question in enumerate(questions, start=1)}
    with (root / "data" / "raw" / str(WAVE) / "responses" / "responses.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["gemeentecode"][2:] for row in rows} == set(kept), "not the same municipalities"
    n_cells = 0
    for row in rows:
        reasons = dict(part.split("=") for part in row["missing_reason"].split("; ") if part)
        for asked in questionnaire.asked():
            for concept in asked.concepts:
                expected = told(kept[row["gemeentecode"][2:]], asked, questionnaire.says_yes(concept), page[asked.name])
                found = reasons.get(concept) or row[concept]
                assert found == expected, f"{row['gemeentecode']}, {concept}: {found}, and not {expected}"
                n_cells += 1
    print(f"    {len(rows)} municipalities, {n_cells:,} cells equal")


def told(reply: Reply, asked, says_yes: set[str], page: int) -> str:
    neither = {code for code, option in asked.question.offered.items() if option.is_missing}
    answer = reply.answers.get(asked.name)
    if answer is None:
        is_routed = asked.question.routing is not None
        team = reply.answers.get("wijkteam", set())
        return "not_shown" if is_routed and "yes" not in team else "broken_off"
    if not answer or answer <= neither:
        return "not_answered"
    return str(bool(answer & says_yes))


def check_edition(folder: Path, fewest: int) -> None:
    """The edition tells the change of at least so many concepts: of 2017 no task or shortfall has a percentage."""
    with (folder / "data" / "changes.csv").open(encoding="utf-8", newline="") as file:
        changes = [row for row in csv.DictReader(file) if row["wave"] == str(WAVE) or row["baseline"] == str(WAVE)]
    tested = {row["concept"] for row in changes if row["difference"]}
    assert "has_wijkteam" in tested and len(tested) >= fewest, f"{folder.name}: {sorted(tested)}"
    assert {row["source"] for row in changes} == {"mixed"}
    report = json.loads((folder / "report.json").read_text("utf-8"))
    print(f"    {folder.name}: {len(tested)} concepts compared, {len(report['sections'])} sections")


if __name__ == "__main__":
    main()
