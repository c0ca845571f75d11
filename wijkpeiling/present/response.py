"""Who answered: response of each wave."""

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.charts.model import Bar, Bars
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import EMPTY, Chart, Sentence, Table, marked, records, titled
from wijkpeiling.present.overlap import stated_overlap
from wijkpeiling.present.why_counts import of_response
from wijkpeiling.project import Edition
from wijkpeiling.sources.edition import Sources


def responses(sources: Sources) -> pd.DataFrame:
    """Respondents and municipalities of each wave: columns wave, n (missing where not known), N, rate (0-1)."""
    waves = [sources.of(wave) for wave in sources.waves]
    table = pd.DataFrame(
        {
            "wave": [wave.wave for wave in waves],
            "n": pd.array([wave.n_respondents for wave in waves], dtype="Int64"),
            "N": [wave.N for wave in waves],
        }
    )
    table["rate"] = table["n"] / table["N"]
    return table


def sentence(edition: Edition, response: pd.DataFrame, sources: Sources) -> Sentence:
    """How many municipalities answered the wave and, if it has one, its baseline; how many answered both."""
    language, baseline = edition.language, edition.baseline_year
    now = _spell(response, edition.wave.wave, language)
    parts = [f"{now}."]
    if baseline is not None:
        parts.append(f"{_spell(response, baseline, language)}.")
        parts += _both_times(edition, sources, baseline)
    row = response.set_index("wave").loc[edition.wave.wave]
    rate = None if pd.isna(row["n"]) else speak.whole_percent(row["rate"], language)
    claim = titled(edition, "response_heading", rate=rate, wave=edition.wave.wave) if rate else None
    return Sentence(
        id="response",
        language=language,
        text=" ".join(parts),
        key=f"{now}.",
        claim=claim and speak.sentence_case(claim),
    )


def _both_times(edition: Edition, sources: Sources, baseline: int) -> list[str]:
    """How many took part in the baseline too; what the comparison makes of that stands under its table."""
    wave, language = edition.wave, edition.language
    n, stated = wave.overlap_with(baseline), stated_overlap(sources, baseline, wave.wave)
    if n is None:
        return []
    if stated and stated.share is not None:
        share = speak.whole_percent(stated.share, language)
        return [speak.say(language, "overlap_sentence_about", overlap=n, share=share, **edition.years)]
    return [speak.say(language, "overlap_sentence", overlap=n, **edition.years)]


def respondent_sentence(edition: Edition, sources: Sources) -> Sentence | None:
    """That publications do not say who filled in the questionnaire; None beside answers, invented or not."""
    if sources.publications is None:
        return None
    text = speak.say(edition.language, "respondent_unknown")
    return Sentence(id="respondent", language=edition.language, text=text)


def unknown_sentence(edition: Edition, response: pd.DataFrame) -> Sentence | None:
    """Other waves of which the respondents are not known, and what follows from it; None where they all are."""
    language = edition.language
    unknown = [str(wave) for wave in response.loc[response["n"].isna(), "wave"] if wave != edition.wave.wave]
    if not unknown:
        return None
    text = speak.say(language, "response_unknown", waves=speak.listing(unknown, language))
    return Sentence(id="response_unknown", language=language, text=text)


def largest_sentence(edition: Edition, sources: Sources) -> Sentence | None:
    """How many of the largest municipalities took part, where a publication says so; not of invented answers."""
    language, spelled, told_by = edition.language, [], []
    for year, wave in edition.project.waves.items():
        cities = wave.largest_cities
        if cities and cities.source:
            n, N = cities.n_respondents, cities.n_municipalities
            spelled.append(speak.say(language, "largest_part", wave=year, n=n, N=N))
            told_by.append(cities.source[language].rstrip("."))
    if sources.publications is None or not spelled:
        return None
    source = "; ".join(dict.fromkeys(told_by)) + "."
    text = speak.say(language, "largest_sentence", listing=speak.listing(spelled, language), source=source)
    return Sentence(id="largest", language=language, text=text, is_detail=True)


def table(edition: Edition, response: pd.DataFrame, sources: Sources) -> Table:
    """Fieldwork, municipalities, respondents and response rate of each wave, and how many took part before."""
    language = edition.language
    unknown = speak.say(language, "not_known")
    first = response["wave"].min()
    rows: list[tuple] = []
    counted: list[dict[int, int]] = []
    for row in response.itertuples():
        wave = edition.project.wave(row.wave)
        counted.append(_counted_twice(sources, row.wave))
        stated = {known.wave: _about(sources, known.wave, row.wave, language) for known in wave.overlap}
        before = stated | {earlier: str(n) for earlier, n in counted[-1].items()}
        overlap = speak.listing([f"{n} ({earlier})" for earlier, n in sorted(before.items())], language)
        rows.append(
            (
                str(row.wave),
                wave.fieldwork[language],
                cells.count(row.N),
                unknown if pd.isna(row.n) else cells.count(row.n),
                unknown if pd.isna(row.n) else cells.percent(row.rate),
                overlap or (EMPTY if row.wave == first else unknown),
            )
        )
    columns = tuple(speak.say(language, "response_columns").split("|"))
    return Table(
        id="table_response",
        language=language,
        caption=titled(edition, "response_caption"),
        columns=columns,
        rows=tuple(rows),
        notes=tuple(speak.say(language, key) for key in ("response_note", *(["response_panel_note"] * any(counted)))),
        records=records(response),
        why=tuple(
            of_response(language, columns, row, response.iloc[at], is_counted=bool(counted[at]))
            for at, row in enumerate(rows)
        ),
    )


def _about(sources: Sources, earlier: int, wave: int, language: str) -> str:
    """A number that ``wave.yml`` has, as about so many where a percentage gave it."""
    n, stated = sources.project.wave(wave).overlap_with(earlier), stated_overlap(sources, earlier, wave)
    return speak.say(language, "about", share=n) if stated and stated.share is not None else str(n)


def _counted_twice(sources: Sources, wave: int) -> dict[int, int]:
    """Respondents of a wave that also answered an earlier one, by that one, where the answers of both are there."""
    panels = {earlier: sources.panel(earlier, wave) for earlier in sources.waves if earlier < wave}
    return {earlier: panel.both for earlier, panel in panels.items() if panel}


def chart(edition: Edition, response: pd.DataFrame) -> Chart | None:
    """A bar of the municipalities of the wave, filled as far as they answered; the table has every wave.

    None where it is not known how many answered.
    """
    language = edition.language
    row = response.set_index("wave").loc[edition.wave.wave]
    if pd.isna(row["n"]):
        return None
    wave, n, N = edition.wave.wave, int(row["n"]), int(row["N"])
    told = speak.say(language, "response_bar", n=n, N=N, rate=speak.whole(row["rate"]))
    return Chart(
        id="figure_response",
        language=language,
        caption=titled(edition, "response_claim", wave=wave, n=n, N=N),
        subtitle=titled(edition, "response_figure"),
        alt=speak.say(language, "response_figure_alt", wave=wave, listing=told),
        table="table_response",
        plot=Bars(bars=[Bar(label=str(wave), text=told, part=n, whole=N)]),
        mark=marked(edition),
    )


def _spell(response: pd.DataFrame, wave: int, language: str) -> str:
    row = response.set_index("wave").loc[wave]
    if pd.isna(row["n"]):
        return speak.say(language, "response_unknown_part", wave=wave)
    rate = speak.whole_percent(row["rate"], language)
    return speak.say(language, "response_part", wave=wave, n=int(row["n"]), N=int(row["N"]), rate=rate)
