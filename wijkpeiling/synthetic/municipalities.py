"""A map of municipalities that do not exist, with as many in each year as there were, and mergers between."""

import datetime
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.errors import IntakeError, PopulationError
from wijkpeiling.population import Population
from wijkpeiling.synthetic.assumptions import ASSUMPTIONS, Vocabulary
from wijkpeiling.waves import Wave

# the rest of the classes that CBS counts is >=100k
SIZE_CLASS_OF = {"lt_5k": "<20k", "5k_10k": "<20k", "10k_20k": "<20k", "20k_50k": "20-50k", "50k_100k": "50-100k"}
# spread of the logarithm of inhabitants that gives about the real numbers per class; only the order of sizes counts
LOG_SIZE_SPREAD = 0.85

Register = Iterator[tuple[str, str]]


class Invented(NamedTuple):
    """Municipalities that do not exist: the contracts ``frames`` and ``answer_mergers``."""

    frames: pd.DataFrame
    mergers: pd.DataFrame


class _Redrawn(NamedTuple):
    """A map of municipalities, and the changes that led to it."""

    units: pd.DataFrame
    changes: list[dict]


def invent_municipalities(
    population: Population, waves: list[Wave], vocabulary: Vocabulary, rng: np.random.Generator
) -> Invented:
    """A first map of municipalities, redrawn for every next wave.

    Raises
    ------
    IntakeError
        When there are too few words for as many names.
    PopulationError
        When a wave's size classes are not known.
    """
    names = rng.permutation([beginning + end for beginning in vocabulary.beginnings for end in vocabulary.ends])
    numbers = [population.n_municipalities(wave.frame_date) for wave in waves]
    stays = [population.n_common(earlier.frame_date, wave.frame_date) for earlier, wave in pairwise(waves)]
    begun = [n - n_stay for n, n_stay in zip(numbers[1:], stays, strict=True)]
    if len(names) < numbers[0] + sum(begun):
        raise IntakeError(
            f"names: {len(names)} of them can be put together",
            where=ASSUMPTIONS,
            expected=f"{numbers[0] + sum(begun)} or more, for municipalities and those that mergers begin",
            todo="add beginnings or ends",
        )
    register = ((f"SY{number:04}", str(name)) for number, name in enumerate(names, start=1))
    units = _first_map(numbers[0], register, vocabulary.regions, rng)
    frames, mergers = [_frame(units, population, waves[0])], []
    for (earlier, wave), n_stay, n_begun in zip(pairwise(waves), stays, begun, strict=True):
        dates = _new_years(earlier.frame_date, wave.frame_date)
        units, changes = _redraw(units, len(units) - n_stay, n_begun, dates, register, rng)
        frames.append(_frame(units, population, wave))
        mergers += changes
    table = pd.DataFrame(mergers, columns=contracts.ANSWER_MERGERS.columns)
    in_time = table.sort_values("date", kind="stable", ignore_index=True)
    return Invented(pd.concat(frames, ignore_index=True), in_time)


def _first_map(n: int, register: Register, regions: list[str], rng: np.random.Generator) -> pd.DataFrame:
    codes, names = zip(*islice(register, n), strict=True)
    return pd.DataFrame(
        {"name": names, "size": rng.lognormal(sigma=LOG_SIZE_SPREAD, size=n), "provincie": rng.choice(regions, n)},
        index=codes,
    )


def _redraw(
    units: pd.DataFrame, n_ended: int, n_begun: int, dates: list[str], register: Register, rng: np.random.Generator
) -> _Redrawn:
    """The next map and what led to it: small municipalities end, to be taken in, divided or merged into new ones."""
    smallness = 1 / units["size"]
    ended = units.loc[rng.choice(units.index, n_ended, replace=False, p=smallness / smallness.sum())]
    # a new municipality needs two; of the others about a third joins one that stays
    n_joining = max(n_ended - 2 * n_begun, 0) // 3
    staying, joined = _join(units.drop(index=ended.index), ended[:n_joining], dates, rng)
    begun, merged = _merge(ended[n_joining:], n_begun, dates, register, rng)
    return _Redrawn(pd.concat([staying, begun]), joined + merged)


def _join(staying: pd.DataFrame, joining: pd.DataFrame, dates: list[str], rng: np.random.Generator) -> _Redrawn:
    """Let each join a municipality of its region, which grows and keeps its code; the first is divided over two."""
    grown, changes = staying.copy(), []
    for place, unit in enumerate(joining.itertuples()):
        kind, n_receivers = ("split", 2) if place == 0 and len(joining) > 1 else ("absorption", 1)
        receivers = rng.choice(grown.index[grown["provincie"] == unit.provincie], n_receivers, replace=False)
        grown.loc[receivers, "size"] += unit.size / n_receivers
        date = rng.choice(dates)
        changes += [_change(date, kind, unit.Index, receiver) for receiver in receivers]
    return _Redrawn(grown, changes)


def _merge(
    merging: pd.DataFrame, n_begun: int, dates: list[str], register: Register, rng: np.random.Generator
) -> _Redrawn:
    """Put them together, neighbours by region, into ``n_begun`` municipalities with a new code and name."""
    in_order = merging.sort_values("provincie", kind="stable")
    begun, changes = {}, []
    for group in np.array_split(np.arange(len(in_order)), max(n_begun, 1)):
        parts = in_order.iloc[group]
        if parts.empty:
            continue
        (code, name), date = next(register), rng.choice(dates)
        begun[code] = {"name": name, "size": parts["size"].sum(), "provincie": parts["provincie"].iloc[0]}
        kind = "merger" if len(parts) > 1 else "rename"
        changes += [_change(date, kind, part, code) for part in parts.index]
    return _Redrawn(pd.DataFrame.from_dict(begun, orient="index", columns=merging.columns), changes)


def _change(date: str, kind: str, from_code: str, to_code: str) -> dict:
    return {"date": date, "kind": kind, "from_code": from_code, "to_code": to_code, "remark": "Invented"}


def _new_years(after: datetime.date, until: datetime.date) -> list[str]:
    return [datetime.date(year, 1, 1).isoformat() for year in range(after.year + 1, until.year + 1)]


def _frame(units: pd.DataFrame, population: Population, wave: Wave) -> pd.DataFrame:
    """The map of a wave. The order of sizes fills the classes with the real numbers, whatever the mergers were."""
    place = units["size"].rank(method="first").to_numpy() - 1
    bounds = _class_counts(population, wave.frame_date.year).cumsum()
    size_class = np.searchsorted(bounds, place, side="right").clip(max=len(bounds) - 1)
    return pd.DataFrame(
        {
            "wave": wave.wave,
            "gemeentecode": units.index,
            "name": units["name"].to_numpy(),
            "size_class": pd.Categorical.from_codes(size_class, contracts.SIZE_CLASSES, ordered=True),
            "provincie": units["provincie"].to_numpy(),
        }
    )


def _class_counts(population: Population, year: int) -> np.ndarray:
    """Municipalities in each size class on 1 January."""
    rows = population.size_classes[population.size_classes["year"] == year]
    if rows.empty:
        raise PopulationError(
            f"the size classes of {year} are not known",
            where="data/raw/population/size_classes.csv",
            expected=f"a row {year},SIZE_CLASS,MUNICIPALITIES,BASIS for each of: "
            + ", ".join(population.size_classes["size_class"].unique()),
            todo="add the rows, which add up to the year's municipalities, or leave n_respondents in wave.yml empty",
        )
    classes = rows["size_class"].map(SIZE_CLASS_OF).fillna(contracts.SIZE_CLASSES[-1])
    return rows.groupby(classes)["municipalities"].sum().reindex(contracts.SIZE_CLASSES, fill_value=0).to_numpy(int)
