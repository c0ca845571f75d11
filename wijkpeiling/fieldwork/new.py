"""A new wave of the project: its folder, begun with what the trend needs and a module on prevention."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from wijkpeiling import contracts
from wijkpeiling import language as speak
from wijkpeiling.concepts import FILE, AddedConcepts
from wijkpeiling.errors import ProjectError
from wijkpeiling.files import new_folder, write_file
from wijkpeiling.instrument.audit import NOT_JUDGED
from wijkpeiling.instrument.questionnaire import Comparability, Item, Questionnaire
from wijkpeiling.project import Project
from wijkpeiling.published import Published, read_published
from wijkpeiling.records import Text, read_yaml

TEMPLATES = Path(__file__).parent / "templates"
WIDTH, SHORT = 110, 90

HEADS = {
    "wave.yml": """\
# Fill in the fieldwork, and what stands in square brackets. n_respondents: once the answers are in.
# Answers are weighed by size class; with the line  weighting: none  each counts alike.
""",
    "questionnaire.yml": """\
# Begun with {source}. Change what this wave asks otherwise.
# comparability: set the two wordings side by side and judge each verdict that is unknown: same, minor or broken. It
# stays unknown where one of the wordings is. Only same and minor are compared. Readers see the reason.
""",
    FILE: f"# What this wave is the first to ask; every other concept stands in {FILE} of data/raw.\n",
}


class _Dumper(yaml.SafeDumper):
    """YAML as one writes it by hand: short pieces on one line, and no references, which reading refuses.

    Words are quoted: a colon that somebody adds to them then breaks nothing.
    """

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_str(self, text: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", text, style="'" if " " in text else None)

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        node = super().represent_mapping(tag, mapping, flow_style=False)
        parts = [part for pair in node.value for part in pair]
        is_short = sum(len(part.value) + len(": ") for part in parts) <= SHORT
        node.flow_style = is_short and all(isinstance(part, yaml.ScalarNode) for part in parts)
        return node


_Dumper.add_representer(str, _Dumper.represent_str)


def new_wave(project: Project, wave: int) -> Path:
    """Make the folder of a new wave, whole or not at all.

    The questionnaire is that of the last earlier wave whose questionnaire is public; without one, the template of the
    package. What is taken over keeps its verdicts on comparability, and is the same as in the wave that it comes from.
    Every other verdict is ``unknown``: whether a new wording measures what an earlier one did is for the researcher to
    judge, and nothing is compared until then.

    Parameters
    ----------
    wave
        Its year, in four digits.

    Returns
    -------
    Path
        The folder, with ``wave.yml``, ``questionnaire.yml``, ``concepts.yml`` and a ``published.csv`` without figures.

    Raises
    ------
    ProjectError
        When the folder is there, or the project lacks a concept that the template asks.
    WijkpeilingError
        When what the project holds does not follow its contract.
    """
    with new_folder(project.raw / str(wave), ProjectError) as folder:
        published = read_published(project)
        added = read_yaml(TEMPLATES / FILE, AddedConcepts).concepts
        questionnaire = _questionnaire(published, wave)
        _check_concepts(questionnaire, {*project.concepts, *added}, project.raw / FILE)
        first_asked = {
            slug: concept.model_dump(exclude_defaults=True)
            for slug, concept in added.items()
            if slug in questionnaire.items and slug not in project.concepts
        }
        copied = _copied(published, wave)
        source = "the template of the package" if copied is None else f"the questionnaire of {copied}"
        for name, content in {
            "wave.yml": _wave(project, wave),
            "questionnaire.yml": questionnaire.model_dump(exclude_defaults=True),
            FILE: {"concepts": first_asked},
        }.items():
            write_file(folder / name, (HEADS[name].format(source=source) + _spell(content)).encode(), ProjectError)
        write_file(folder / "published.csv", _heading(), ProjectError)
    return project.raw / str(wave)


def _wave(project: Project, wave: int) -> dict[str, Any]:
    earlier = [year for year in project.waves if year < wave]
    to_fill_in = {language: speak.say(language, "to_fill_in") for language in Text.model_fields}
    return {
        "wave": wave,
        "fieldwork": {language: str(wave) for language in Text.model_fields},
        "frame_date": date(wave, 1, 1),
        "n_respondents": None,
        "baseline": project.waves[max(earlier)].baseline if earlier else None,
        "overlap": [],
        "report": {"title": to_fill_in["nl"], "published": to_fill_in, "url": None},
        "held_by": to_fill_in,
    }


def _copied(published: Published, wave: int) -> int | None:
    """The last earlier wave whose questionnaire is public."""
    public = [year for year, known in published.questionnaires.items() if known.is_public and year < wave]
    return max(public, default=None)


def _questionnaire(published: Published, wave: int) -> Questionnaire:
    earlier = [year for year in published.questionnaires if year < wave]
    copied = _copied(published, wave)
    template = TEMPLATES / "questionnaire.yml"
    begun = read_yaml(template, Questionnaire) if copied is None else published.questionnaires[copied]
    measured, concepts = published.measured(), published.project.concepts
    asked = {
        slug: [
            year for year in earlier if slug in published.questionnaires[year].items or year in measured.get(slug, [])
        ]
        for slug in begun.items
        if slug not in concepts or concepts[slug].is_answer
    }
    items = {
        slug: begun.items[slug].model_copy(update={"comparability": _verdicts(begun.items[slug], years, copied)})
        for slug, years in asked.items()
    }
    return begun.model_copy(update={"items": items})


def _verdicts(item: Item, asked: list[int], copied: int | None) -> dict[int, Comparability]:
    """A verdict against each earlier wave that asked it: of what is copied, those of the wave that it comes from."""
    known = dict(item.comparability)
    if copied is not None:
        known[copied] = Comparability(verdict="same", reason=_reason("wording_copied", earlier=copied))
    return {
        year: known.get(year) or Comparability(verdict="unknown", reason=_reason(NOT_JUDGED, earlier=year))
        for year in asked
    }


def _reason(key: str, **values: int) -> Text:
    return Text(**{language: speak.say(language, key, **values) for language in Text.model_fields})


def _check_concepts(questionnaire: Questionnaire, known: set[str], path: Path) -> None:
    missing = [slug for slug in questionnaire.items if slug not in known]
    if missing:
        raise ProjectError(
            f"no concept {', '.join(missing)}",
            where=path,
            expected="the concepts that a new wave asks, so that the trend goes on",
            todo="add them, with the labels that stand in the package's own data/raw",
        )


def _spell(content: Mapping[str, Any]) -> str:
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=None)


def _heading() -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(contracts.PUBLISHED.columns)
    return text.getvalue().encode()
