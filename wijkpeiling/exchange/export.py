"""The answers of a wave in a file for others, whole or for public use."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from wijkpeiling.errors import IntakeError, ReportError
from wijkpeiling.exchange.dataset import Dataset, Described, asked_concepts, coded, full_dataset
from wijkpeiling.exchange.public_use import PublicUse, public_dataset, public_use
from wijkpeiling.exchange.spss import sav, sps
from wijkpeiling.exchange.stata import dta
from wijkpeiling.exchange.tables import csv_files, xlsx
from wijkpeiling.files import write_file
from wijkpeiling.project import Project
from wijkpeiling.published import read_published
from wijkpeiling.sources.intake import read_answers
from wijkpeiling.sources.microdata import MicrodataWave

Files = dict[str, bytes]
CONFIDENTIAL = "answers of single municipalities, not for publication: --public makes a file that can be published"


class Exported(NamedTuple):
    """The files that were written, and what there is to tell of them."""

    paths: tuple[Path, ...]
    told: tuple[str, ...]


def export(
    project: Project, wave: int, to: str, path: Path, *, is_public: bool = False, language: str = "nl"
) -> Exported:
    """Write the answers of a wave.

    Parameters
    ----------
    to
        One of `FORMATS`.
    path
        Of the file; what belongs to it is written beside it under the same name.
    is_public
        Whether the file is for public use: see `exchange.public_use`.

    Raises
    ------
    IntakeError
        When no answers of the wave were taken in.
    ReportError
        When nothing can be given for public use, or the file cannot be written, or another one is there.
    """
    dataset = dataset_of(project, wave, is_public=is_public, language=language)
    files = {path.with_name(path.stem + end): content for end, content in FORMATS[to](dataset, path.name).items()}
    if dataset.notes:
        files[path.with_name(f"{path.stem}.txt")] = ("\n\n".join((dataset.title, *dataset.notes)) + "\n").encode()
    _check_free(files)
    for place, content in files.items():
        if not place.exists():
            write_file(place, content, ReportError)
    told = f"{len(dataset.table)} municipalities, {len(dataset.variables)} variables"
    return Exported(tuple(files), (told, *(dataset.notes or (CONFIDENTIAL,))))


def dataset_of(project: Project, wave: int, *, is_public: bool = False, language: str = "nl") -> Dataset:
    """The answers of a wave as they are exported."""
    published = read_published(project)
    answers = read_answers(published)
    project.wave(wave)
    if answers is None or wave not in answers.waves:
        raise IntakeError(
            f"there are no answers of {wave}",
            where=project.raw / str(wave) / "responses",
            expected="a file responses.csv",
            todo="take the answers in first; of published figures there is nothing to export",
        )
    questionnaire = published.questionnaires[wave]
    described = Described(project, questionnaire, language, shows_wording=questionnaire.is_public or not is_public)
    if not is_public:
        return full_dataset(answers, wave, described)
    return public_dataset(public_answers(MicrodataWave(project, answers, wave)), wave, described)


def public_answers(of_wave: MicrodataWave) -> PublicUse:
    """The answers of a wave for public use, judged as an edition of that wave judges them."""
    answers, wave, design = of_wave.answers, of_wave.wave, of_wave.design
    known = of_wave.responses[["size_class", "provincie"]].assign(weight=(design.N_h / design.n_h)[design.stratum])
    routing = {concept: by for (year, concept), by in answers.routing.items() if year == wave}
    table = known.join(coded(answers, wave)[asked_concepts(answers, wave)])
    return public_use(table, routing, of_wave.disclosure)


def _sav(dataset: Dataset, name: str) -> Files:
    return {".sav": sav(dataset), ".sps": sps(dataset, name).encode()}


def _dta(dataset: Dataset, name: str) -> Files:
    return {".dta": dta(dataset)}


def _csv(dataset: Dataset, name: str) -> Files:
    answers, codebook = csv_files(dataset)
    return {".csv": answers.encode(), "_codebook.csv": codebook.encode()}


def _xlsx(dataset: Dataset, name: str) -> Files:
    return {".xlsx": xlsx(dataset)}


# what each format writes, by the end of the name
FORMATS: dict[str, Callable[[Dataset, str], Files]] = {"sav": _sav, "dta": _dta, "csv": _csv, "xlsx": _xlsx}


def _check_free(files: dict[Path, bytes]) -> None:
    for place, content in files.items():
        if place.is_file() and place.read_bytes() != content:
            raise ReportError(
                f"{place.name} is there already, and differs",
                where=place,
                expected="a name that is free",
                todo="move it away, or name another with --output",
            )
