"""Who answered: response of each wave."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.estimation.evidence import Evidence
from wijkpeiling.present.blocks import Cover, Figure, Sentence, Table, marked, records, titled
from wijkpeiling.project import Edition

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing


def cover(edition: Edition) -> Cover:
    """Title of the edition and where its figures come from."""
    return Cover(
        edition.language,
        titled(edition, "title", **edition.years),
        speak.say(edition.language, edition.worded(f"subtitle_{edition.source}"), **edition.years),
        edition.source,
    )


def responses(evidence: Evidence) -> pd.DataFrame:
    """Respondents and municipalities of each wave: columns wave, n (missing where not known), N, rate (0-1)."""
    published = evidence.published
    waves = {wave: published.project.wave(wave) for wave in evidence.waves}
    table = pd.DataFrame(
        {
            "wave": list(waves),
            "n": pd.array([wave.n_respondents for wave in waves.values()], dtype="Int64"),
            "N": [published.n_municipalities(wave) for wave in waves],
        }
    )
    table["rate"] = table["n"] / table["N"]
    return table


def sentence(edition: Edition, response: pd.DataFrame) -> Sentence:
    """How many municipalities answered the wave and, if it has one, its baseline."""
    language, baseline = edition.language, edition.baseline_year
    now = _spell(response, edition.wave.wave, language)
    parts = [f"{now}."]
    if baseline is not None:
        parts.append(f"{_spell(response, baseline, language)}.")
        overlap = edition.wave.overlap_with(baseline)
        if overlap is not None:
            parts.append(speak.say(language, "overlap_sentence", overlap=overlap, baseline=baseline))
    return Sentence("response", language, " ".join(parts), key=f"{now}.")


def unknown_sentence(edition: Edition, response: pd.DataFrame) -> Sentence:
    """The waves of which the respondents are not known, and what follows from it."""
    language = edition.language
    unknown = [str(wave) for wave in response.loc[response["n"].isna(), "wave"]]
    key = "response_unknown" if unknown else "response_all_known"
    return Sentence("response_unknown", language, speak.say(language, key, waves=speak.listing(unknown, language)))


def largest_sentence(edition: Edition) -> Sentence | None:
    """How many of the largest municipalities took part, in the waves where that is known; not of invented answers."""
    language = edition.language
    known = {year: wave.largest_cities for year, wave in edition.project.waves.items() if wave.largest_cities}
    if edition.source == "synthetic" or not known:
        return None
    spelled = [
        speak.say(language, "largest_part", wave=year, n=cities.n_respondents, N=cities.n_municipalities)
        for year, cities in known.items()
    ]
    text = speak.say(language, "largest_sentence", listing=speak.listing(spelled, language))
    return Sentence("largest", language, text)


def table(edition: Edition, response: pd.DataFrame) -> Table:
    """Fieldwork, municipalities, respondents and response rate of each wave."""
    language = edition.language
    unknown = speak.say(language, "not_known")
    rows = []
    for row in response.itertuples():
        wave = edition.project.wave(row.wave)
        overlap = speak.listing([f"{known.n_respondents} ({known.wave})" for known in wave.overlap], language)
        rows.append(
            (
                str(row.wave),
                wave.fieldwork[language],
                str(row.N),
                unknown if pd.isna(row.n) else str(row.n),
                unknown if pd.isna(row.n) else speak.percent_cell(row.rate),
                overlap or unknown,
            )
        )
    return Table(
        "table_response",
        language,
        titled(edition, "response_caption"),
        tuple(speak.say(language, "response_columns").split("|")),
        tuple(rows),
        (speak.say(language, "response_note"),),
        records=records(response),
    )


def figure(edition: Edition, response: pd.DataFrame) -> Figure:
    """Bars of the municipalities of each wave, filled as far as they answered."""
    language = edition.language

    def draw(width: float) -> "Drawing":
        from wijkpeiling.present import drawing

        figure, axis = drawing.new_figure(width, 0.62 * len(response) + 0.25)
        for place, row in enumerate(response.itertuples()):
            axis.barh(place, row.N, height=0.34, color=drawing.PALE)
            if pd.notna(row.n):
                axis.barh(place, row.n, height=0.34, color=drawing.BLUE)
            axis.text(0, place - 0.28, str(row.wave), va="bottom", **drawing.BOLD)
            text = _spell_bar(row, language)
            axis.text(response["N"].max(), place - 0.28, text, va="bottom", ha="right")
        axis.set(ylim=(len(response) - 0.7, -0.75), xlim=(0, response["N"].max()), xticks=[], yticks=[])
        drawing.sns.despine(ax=axis, left=True, bottom=True)
        return figure

    known = response.dropna(subset="n")
    spelled = [speak.say(language, "response_alt", wave=row.wave, n=row.n, N=row.N) for row in known.itertuples()]
    return Figure(
        "figure_response",
        language,
        titled(edition, "response_figure"),
        speak.say(language, "response_figure_alt", listing=speak.listing(spelled, language)),
        "table_response",
        records(response),
        draw,
        marked(edition),
    )


def _spell(response: pd.DataFrame, wave: int, language: str) -> str:
    row = response.set_index("wave").loc[wave]
    if pd.isna(row["n"]):
        return speak.say(language, "response_unknown_part", wave=wave)
    rate = speak.whole_percent(row["rate"], language)
    return speak.say(language, "response_part", wave=wave, n=int(row["n"]), N=int(row["N"]), rate=rate)


def _spell_bar(row: Any, language: str) -> str:
    if pd.isna(row.n):
        return speak.say(language, "response_bar_unknown", N=row.N)
    return speak.say(language, "response_bar", n=row.n, N=row.N, rate=speak.whole(row.rate))
