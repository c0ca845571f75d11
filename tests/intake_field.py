"""The small project before its last wave was taken in, and the export that its survey tool gives."""

import csv
import shutil

from wijkpeiling.intake.intake import take_in

OPTIONS = {
    "tasks": {
        "signalling": "task_signalling",
        "case_management": "task_case_management",
        "long_term_support": "task_long_term_support",
    },
    "shortfalls": {
        "outreach": "shortfall_outreach",
        "preventive_work": "shortfall_preventive_work",
        "informal_networks": "shortfall_informal_networks",
    },
}
EXTRA = ("none", "dont_know")
HEADINGS = [
    *("id", "submitdate", "lastpage", "startlanguage", "gemeentecode", "hasWijkteam"),
    *(f"{question}[{option}]" for question, options in OPTIONS.items() for option in (*options, *EXTRA)),
]


class Field:
    """The small project before its last wave was taken in, and the export of it."""

    def __init__(self, mini, folder):
        self.copy, self.project, self.path = mini, mini.project, folder / "export.csv"
        self.responses = mini.raw / "2027" / "responses"
        with (self.responses / "responses.csv").open(encoding="utf-8", newline="") as file:
            self.known = list(csv.DictReader(file))
        shutil.rmtree(self.responses)
        mini.replace("2027/wave.yml", "n_respondents: 66", "n_respondents: null")
        self.rows = [self._row(number, row) for number, row in enumerate(self.known, start=1)]
        self.write()

    def _row(self, number, row):
        done = f"2027-05-0{number % 7 + 1} 12:00:00"
        cells = [str(number), done, "3", "nl", row["gemeentecode"], {"True": "yes", "False": "no"}[row["has_wijkteam"]]]
        for options in OPTIONS.values():
            answers = [self._as_fielded(row, options)[concept] for concept in options.values()]
            ticked = ["Y" if answer == "True" else "" for answer in answers]
            is_none = "False" in answers and "True" not in answers
            cells += [*ticked, "Y" if is_none else "", ""]
        return cells

    @staticmethod
    def _as_fielded(row, options):
        """A question is answered or left open as a whole, where the small project leaves open an item of it."""
        is_open = any(row[concept] == "" for concept in options.values())
        return {concept: "" if is_open else row[concept] for concept in options.values()}

    def expected(self):
        for row in self.known:
            reason = "not_shown" if row["has_wijkteam"] == "False" else "not_answered"
            answers = [self._as_fielded(row, options) for options in OPTIONS.values()]
            open_items = [concept for question in answers for concept, answer in question.items() if answer == ""]
            missing = "; ".join(f"{concept}={reason}" for concept in open_items)
            yield row | answers[0] | answers[1] | {"weight": "1.0", "missing_reason": missing}

    def write(self, rows=None, headings=HEADINGS):
        lines = [headings, *(self.rows if rows is None else rows)]
        text = "".join(",".join(f'"{cell}"' for cell in line) + "\r\n" for line in lines)
        self.path.write_text("\ufeff" + text, encoding="utf-8", newline="")

    def put(self, row, column, value):
        """Change a cell, the row as a spreadsheet shows it."""
        self.rows[row - 2][HEADINGS.index(column)] = value
        self.write()

    def take_in(self, **given):
        return take_in(self.project, 2027, self.path, **given)

    def written(self):
        return {path.relative_to(self.responses).as_posix() for path in self.responses.rglob("*") if path.is_file()}

    def findings(self):
        with (self.responses / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
