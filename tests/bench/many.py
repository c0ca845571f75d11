"""A project with many more items than any wave has had: to see that time grows no faster than they do."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

EARLIER, LATER = 2017, 2019


def with_tasks(project: Path, copy: Path, n_tasks: int) -> Path:
    """Copy a project and add invented tasks until the later wave has a percentage of ``n_tasks``."""
    for name in ("data", "notebooks"):
        shutil.copytree(project / name, copy / name, dirs_exist_ok=True)
    raw = copy / "data" / "raw"
    figures = raw / str(LATER) / "published.csv"
    with figures.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    like = next(row for row in rows if row["concept"].startswith("task_") and row["status"] == "accepted")
    known = {row["concept"] for row in rows if row["concept"].startswith("task_") and row["status"] == "accepted"}
    tasks = {f"task_invented_{number}": 10 + number % 80 for number in range(n_tasks - len(known))}
    with figures.open("a", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(like), lineterminator="\n")
        writer.writerows(like | {"concept": task, "pct": pct} for task, pct in tasks.items())
    label = {task: {language: task.replace("_", " ") for language in ("nl", "en")} for task in tasks}
    _add(raw / "concepts.yml", "concepts", {task: {"kind": "task", "label": label[task]} for task in tasks})
    for wave in (EARLIER, LATER):
        _add(raw / str(wave) / "questionnaire.yml", "items", {task: {"bases": ["with_team"]} for task in tasks})
    levels = {task: {"pct": pct + 3, "reason": label[task]} for task, pct in tasks.items()}
    _add(raw / "synthetic.yml", "levels", lambda known: known[EARLIER].update(levels))
    return copy


def _add(path: Path, key: str, added: dict[str, Any] | Callable[[dict], None]) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    (content[key].update if isinstance(added, dict) else lambda new: new(content[key]))(added)
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
