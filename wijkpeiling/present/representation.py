"""Whom the respondents represent: response by provincie, groups that answered more often, who answered twice."""

import numpy as np
import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.estimation.disclosure import SMALLEST_BASE
from wijkpeiling.estimation.nonresponse import r_indicator, response_tests
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import Sentence, Table, records, titled
from wijkpeiling.present.classes import class_label
from wijkpeiling.present.why_counts import of_group, of_panel
from wijkpeiling.project import Edition
from wijkpeiling.sources.edition import Sources
from wijkpeiling.trend.conclusions import ALPHA, adjust

PROVINCIE = "provincie"
TOGETHER = " + "
OF_SIZES = ("response_size_more", "response_size_less", "response_size_even")
OF_PROVINCIES = ("response_provincie_more", "response_provincie_less", "response_provincie_even")


def by_provincie(sources: Sources, wave: int) -> pd.DataFrame:
    """Respondents ``n`` of ``N`` municipalities by ``provincie``; no rows for a wave without answers.

    Those with fewer than ten municipalities stand together, and with the next smallest where that is not enough.
    """
    response = sources.of(wave).response([PROVINCIE]).sort_values(["N", PROVINCIE], ignore_index=True)
    n_small = int((response["N"] < SMALLEST_BASE).sum())
    # one that is small by itself, or together, would be the difference between the total and the others
    while 0 < n_small < len(response) and (n_small == 1 or response["N"].iloc[:n_small].sum() < SMALLEST_BASE):
        n_small += 1
    if n_small > 1:
        small = response.iloc[:n_small]
        name = TOGETHER.join(sorted(small[PROVINCIE]))
        joined = pd.DataFrame({PROVINCIE: [name], "n": [small["n"].sum()], "N": [small["N"].sum()]})
        response = pd.concat([response.iloc[n_small:].sort_values(PROVINCIE), joined], ignore_index=True)
        return response
    return response.sort_values(PROVINCIE, ignore_index=True)


def provincie_table(edition: Edition, sources: Sources) -> Table | None:
    """Municipalities, respondents and response by provincie; nothing for a wave without answers."""
    language, wave = edition.language, edition.wave.wave
    response = by_provincie(sources, wave)
    if response.empty:
        return None
    rows = [
        (_names(row.provincie, language), cells.count(row.N), cells.count(row.n), cells.percent(row.n / row.N))
        for row in response.itertuples()
    ]
    has_together = response[PROVINCIE].str.contains(TOGETHER, regex=False).any()
    columns = tuple(speak.say(language, "response_provincie_columns").split("|"))
    return Table(
        id="table_response_provincie",
        language=language,
        caption=titled(edition, "response_provincie_caption", wave=wave),
        columns=columns,
        rows=tuple(rows),
        notes=(speak.say(language, "provincies_together_note", least=SMALLEST_BASE),) if has_together else (),
        records=records(response),
        why=tuple(of_group(language, columns, row, response.iloc[at]) for at, row in enumerate(rows)),
    )


def sentence(edition: Edition, sources: Sources) -> Sentence | None:
    """Which size classes and provincies answered more or less often, and the R-indicator over both."""
    language, source = edition.language, sources.of(edition.wave.wave)
    if source.why_not:
        return None
    if source.n_respondents == source.N:
        text = speak.say(language, "response_everybody")
        return Sentence(id="response_evenness", language=language, text=text)
    by_size, provincies = source.response(), by_provincie(sources, edition.wave.wave)
    by_size = by_size[by_size["N"] > 0]
    sizes = [speak.say(language, "quoted", text=class_label(name, language)) for name in by_size["size_class"]]
    names = [_names(name, language) for name in provincies[PROVINCIE]]
    parts = [
        *_uneven(sizes, by_size, OF_SIZES, language),
        *_uneven(names, provincies, OF_PROVINCIES, language),
        _evenness(source.response(["size_class", PROVINCIE]), language),
    ]
    return Sentence(id="response_evenness", language=language, text=" ".join(parts))


def panel_sentence(edition: Edition, sources: Sources) -> Sentence | None:
    """How many respondents of the wave also answered the earlier ones, or that it is not known."""
    language, wave, baseline = edition.language, edition.wave.wave, edition.baseline_year
    if sources.of(wave).why_not:
        return None
    panels = _panels(edition, sources)
    counted = [speak.say(language, "panel_part", n=counts.both, earlier=earlier) for earlier, counts in panels.items()]
    parts = [speak.say(language, "panel_sentence", listing=speak.listing(counted, language))] if counted else []
    parts += _changed(edition, panels)
    is_unknown = baseline is not None and sources.of(baseline).why_not and edition.wave.overlap_with(baseline) is None
    if is_unknown:
        parts.append(speak.say(language, "panel_unknown", baseline=baseline))
    return Sentence(id="response_panel", language=language, text=" ".join(parts)) if parts else None


def _changed(edition: Edition, panels: dict) -> list[str]:
    """Why fewer answered twice than the wave says: its number holds those that mergers changed in between.

    Of invented answers this is so because they are made to that number; a published one may differ for other reasons.
    """
    baseline = edition.baseline_year
    stated = None if baseline is None else edition.wave.overlap_with(baseline)
    if stated is None or edition.source != "synthetic" or stated <= panels[baseline].both:
        return []
    n = stated - panels[baseline].both
    return [speak.say(edition.language, "panel_changed", n=n, stated=stated, baseline=baseline)]


def panel_table(edition: Edition, sources: Sources) -> Table | None:
    """Municipalities that were there in two waves, by which they answered; nothing without answers of both."""
    language, wave = edition.language, edition.wave.wave
    panels = _panels(edition, sources)
    if not panels:
        return None
    table = pd.DataFrame(
        [(earlier, sum(counts), *counts) for earlier, counts in panels.items()],
        columns=["wave", "N", "both", "only_later", "only_earlier", "neither"],
    )
    columns = tuple(speak.say(language, "panel_columns", wave=wave).split("|"))
    rows = tuple((str(row[0]), *map(cells.count, row[1:])) for row in table.itertuples(index=False))
    return Table(
        id="table_response_panel",
        language=language,
        caption=titled(edition, "panel_caption", wave=wave),
        columns=columns,
        rows=rows,
        notes=(speak.say(language, "panel_note"),),
        records=records(table),
        why=tuple(
            of_panel(language, columns, row, list(counts)) for row, counts in zip(rows, panels.values(), strict=True)
        ),
    )


def _panels(edition: Edition, sources: Sources) -> dict:
    wave = edition.wave.wave
    found = {earlier: sources.panel(earlier, wave) for earlier in sources.waves if earlier < wave}
    return {earlier: counts for earlier, counts in found.items() if counts}


def _names(provincie: str, language: str) -> str:
    """A provincie, or those that stand together, in words."""
    return speak.listing(provincie.split(TOGETHER), language)


def _uneven(labels: list[str], response: pd.DataFrame, keys: tuple[str, ...], language: str) -> list[str]:
    """The groups that demonstrably answered more often than the others, and less often; or that there are none."""
    n, N = response["n"].to_numpy(), response["N"].to_numpy()
    if len(labels) < 2:
        return []
    is_shown = adjust(list(response_tests(n, N))) < ALPHA
    often = n / N > n.sum() / N.sum()
    found = [(keys[0], is_shown & often), (keys[1], is_shown & ~often)]
    told = [
        speak.say(language, key, n=int(rows.sum()), listing=speak.listing(list(np.array(labels)[rows]), language))
        for key, rows in found
        if rows.any()
    ]
    return told or [speak.say(language, keys[2])]


def _evenness(response: pd.DataFrame, language: str) -> str:
    found = r_indicator(response)
    value, low, high = (_of_hundred(number, language) for number in (found.value, found.low, found.high))
    if np.isnan(found.low):
        return speak.say(language, "r_indicator_alone", value=value)
    # the estimate is 100 wherever the groups differ less than chance makes them: no finding that they are equal
    if found.value == 1:
        return speak.say(language, "r_indicator_chance", low=low)
    key = "r_indicator_even" if found.high == 1 else "r_indicator_uneven"
    return speak.say(language, key, value=value, low=low, high=high)


def _of_hundred(number: float, language: str) -> str:
    """The R-indicator or a limit of it, of 100; with a decimal where it would be told as 100 and is less."""
    told = "" if np.isnan(number) else speak.whole(number)
    return speak.tenths(np.floor(number * 1000) / 10, language) if told == "100" and number < 1 else told
