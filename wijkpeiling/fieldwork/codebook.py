"""The codebook of a wave: every question, its answers and codes, who was asked, and what its columns are called."""

import csv
import io
from collections.abc import Iterator
from importlib.metadata import version
from typing import NamedTuple

from wijkpeiling.fieldwork.form import Form, Posed, described
from wijkpeiling.instrument.questionnaire import Option, Questionnaire
from wijkpeiling.language import listing, say, sentence_case
from wijkpeiling.project import Project

# what each tool calls a column; of several options that can be ticked each has one of its own
COLUMNS = {
    "LimeSurvey": ("{name}", "{name}[{code}]"),
    "SPSS, Stata": ("{name}", "{name}_{code}"),
    "KoBo, ODK": ("{name}", "{name}/{code}"),
}
HEADING = (
    "number",
    "question",
    "type",
    "wording",
    "asked_of",
    "code",
    "label",
    "is_exclusive",
    "is_missing",
    "concepts",
    "limesurvey",
    "spss_stata",
    "kobo_odk",
    "comparability",
)


class TableOf(NamedTuple):
    """A table of the page, its rows as text."""

    name: str
    caption: str
    columns: list[str]
    rows: list[list[str]]


class Entry(NamedTuple):
    """A question on the page."""

    name: str
    title: str
    tables: list[TableOf]


def columns_of(posed: Posed, code: str | None = None) -> list[str]:
    """What each tool of `COLUMNS` calls the column of a question, or of one option that can be ticked.

    Empty for a question of unknown type, of which nobody knows the columns.
    """
    if posed.type == "unknown":
        return [""] * len(COLUMNS)
    is_ticked = posed.type == "multiple" and code is not None
    return [names[is_ticked].format(name=posed.name, code=code) for names in COLUMNS.values()]


def to_codebook_csv(questionnaire: Questionnaire, wave: int, project: Project, language: str = "nl") -> bytes:
    """The codebook as a table: a row for each option of each question, in UTF-8 with the mark that spreadsheets want.

    Raises
    ------
    PopulationError
        When the frame of the wave is there and broken.
    """
    book = _Book(questionnaire, described(questionnaire, wave, project), project, language)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADING)
    for number, posed in enumerate(book.form.questions, start=1):
        options: list[tuple[str | None, Option | None]] = [*posed.options.items()] or [(None, None)]
        for code, option in options:
            writer.writerow([number, *book.cells(posed, code, option)])
    return text.getvalue().encode("utf-8-sig")


def to_codebook_html(questionnaire: Questionnaire, wave: int, project: Project, language: str = "nl") -> bytes:
    """The codebook as a page: one file, readable without a network, by keyboard and by a screen reader.

    Raises
    ------
    PopulationError
        When the frame of the wave is there and broken.
    """
    # a page takes the parts of the report, which takes seconds to import
    from wijkpeiling.charts.style import house_style
    from wijkpeiling.report.page import dress, environment

    book = _Book(questionnaire, described(questionnaire, wave, project), project, language)
    page = environment("wijkpeiling.fieldwork").get_template("codebook.html.j2")
    return page.render(
        language=language,
        form_title=book.form.title[language],
        entries=[Entry(posed.name, book.title(posed), list(book.tables(posed))) for posed in book.form.questions],
        say=lambda key, **values: say(language, key, **values),
        version=version("wijkpeiling"),
        **dress(house_style()),
    ).encode()


class _Book(NamedTuple):
    questionnaire: Questionnaire
    form: Form
    project: Project
    language: str

    def word(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)

    def title(self, posed: Posed) -> str:
        """The wording; where that is not known, what the question measures."""
        known = " ".join(posed.wording[self.language].split())
        labels = [self.project.concepts[slug].label[self.language] for slug in posed.concepts]
        return known or sentence_case(listing(labels, self.language)) or posed.name

    def asked_of(self, posed: Posed) -> str:
        """Who was asked, by the question that decides, or by the base that the concept defines."""
        if posed.condition:
            return self.form.who(posed.condition, self.language)
        base = self.project.base_defined_by(posed.routing)
        if base:
            return self.project.bases[base][self.language]
        return self.word("not_known" if posed.type == "unknown" else "field_everybody")

    def says_yes(self, posed: Posed, code: str | None) -> list[str]:
        """Concepts to which an option says yes; of a question without options all that it measures."""
        if not posed.options:
            return list(posed.concepts)
        return [slug for slug in posed.concepts if code in self.questionnaire.says_yes(slug)]

    def comparability(self, posed: Posed) -> Iterator[tuple[str, int, str, str]]:
        for slug in posed.concepts:
            for year, known in self.questionnaire.items[slug].comparability.items():
                yield slug, year, known.verdict, known.reason[self.language]

    def cells(self, posed: Posed, code: str | None, option: Option | None) -> list[str]:
        verdicts = [f"{slug} {year}: {verdict}" for slug, year, verdict, _ in self.comparability(posed)]
        return [
            posed.name,
            posed.type,
            posed.wording[self.language],
            self.asked_of(posed),
            code or "",
            option.label[self.language] if option else "",
            str(option.is_exclusive).lower() if option else "",
            str(option.is_missing).lower() if option else "",
            "; ".join(self.says_yes(posed, code)),
            *columns_of(posed, code),
            "; ".join(verdicts),
        ]

    def tables(self, posed: Posed) -> Iterator[TableOf]:
        yield TableOf(
            "facts", self.word("field_facts"), self.word("field_facts_columns").split("|"), self._facts(posed)
        )
        # the list of municipalities is the frame
        if posed.options and posed.type != "dropdown":
            columns = self.word("field_options_columns").split("|")
            yield TableOf("options", self.word("field_options"), columns, self._options(posed))
        if posed.type == "multiple":
            names = [[code, *columns_of(posed, code)] for code in posed.options]
            yield TableOf("columns", self.word("field_columns"), [self.word("field_columns_code"), *COLUMNS], names)
        if posed.concepts:
            columns = self.word("field_concepts_columns").split("|")
            yield TableOf("concepts", self.word("field_concepts"), columns, self._concepts(posed))
        compared = [
            [self.project.concepts[slug].label[self.language], str(year), self.word(f"field_verdict_{verdict}"), reason]
            for slug, year, verdict, reason in self.comparability(posed)
        ]
        if compared:
            columns = self.word("field_compared_columns").split("|")
            yield TableOf("compared", self.word("field_compared"), columns, compared)

    def _facts(self, posed: Posed) -> list[list[str]]:
        kind = self.word(f"field_type_{posed.type}")
        facts = [
            [self.word("field_fact_type"), f"{kind}: {posed.reason[self.language]}" if posed.reason else kind],
            [self.word("field_fact_asked"), self.asked_of(posed)],
        ]
        if posed.type not in ("unknown", "multiple"):
            facts.append([self.word("field_fact_name"), posed.name])
        if not posed.wording[self.language]:
            facts.append([self.word("field_fact_wording"), self.word("not_known")])
        return facts

    def _options(self, posed: Posed) -> list[list[str]]:
        rows = []
        for code, option in posed.options.items():
            marks = {"field_exclusive_mark": option.is_exclusive, "field_missing_mark": option.is_missing}
            told = "; ".join(self.word(key) for key, holds in marks.items() if holds)
            concepts = ", ".join(self.says_yes(posed, code))
            rows.append([code, option.label[self.language], concepts or "–", told or "–"])
        return rows

    def _concepts(self, posed: Posed) -> list[list[str]]:
        rows = []
        for slug in posed.concepts:
            bases = [self.project.bases[base][self.language] for base in self.questionnaire.bases(slug)]
            label = self.project.concepts[slug].label[self.language]
            rows.append([slug, label, "; ".join(bases) or self.word("not_known")])
        return rows
