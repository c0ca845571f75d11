"""How the answers of a wave are weighed, and what that changes."""

import numpy as np
import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.estimation.nonresponse import kish_effect, largest_change
from wijkpeiling.present import cells
from wijkpeiling.present.blocks import Sentence, Table, records, titled
from wijkpeiling.present.classes import class_label
from wijkpeiling.present.why_tables import why_of_weighting
from wijkpeiling.project import Edition
from wijkpeiling.sources.edition import Sources

KINDS = ("team", "task", "shortfall", "prevention")


def sentence(edition: Edition, sources: Sources) -> Sentence | None:
    """What an answer counts for in figures of all municipalities; nothing for a wave without answers."""
    source, language = sources.of(edition.wave.wave), edition.language
    if source.why_not:
        return None
    response = source.response().merge(source.weights(), on="size_class")
    n, weight = response["n"].to_numpy(), response["weight"].to_numpy(dtype=float)
    if n.sum() == response["N"].sum():
        text = speak.say(language, "weights_census")
    elif edition.wave.weighting == "none":
        text = speak.say(language, "weights_none", weight=speak.hundredths(np.nanmax(weight), language))
    else:
        text = " ".join([*_counting_for(np.repeat(weight, n), language), *_empty(response, language)])
    return Sentence(id="response_weights", language=language, text=text)


def effect(edition: Edition, sources: Sources) -> pd.DataFrame:
    """Shares with and without weighting, of what the edition tells exactly: see `WaveSource.weighting_effect`.

    ``difference`` is what weighting adds, the one minus the other.
    """
    shares = sources.of(edition.wave.wave).weighting_effect(_concepts(edition))
    return shares.assign(difference=shares["weighted"] - shares["unweighted"])


def effect_sentence(edition: Edition, shares: pd.DataFrame) -> Sentence | None:
    """By how much weighting changes the share that it changes most; nothing where none can be told."""
    if shares.empty:
        return None
    language = edition.language
    largest = shares.loc[shares["difference"].abs().idxmax()]
    text = speak.say(
        language,
        "weighting_effect",
        points=abs(int(speak.whole(largest["difference"]))),
        label=edition.label(largest["concept"]),
        weighted=speak.whole_percent(largest["weighted"], language),
        unweighted=speak.whole(largest["unweighted"]),
    )
    return Sentence(id="weighting_effect", language=language, text=text)


def effect_table(edition: Edition, sources: Sources, shares: pd.DataFrame) -> Table | None:
    """Each share with and without weighting; nothing where none can be told."""
    if shares.empty:
        return None
    language = edition.language
    rows = [
        (
            speak.sentence_case(edition.label(row.concept)),
            cells.percent(row.weighted),
            cells.percent(row.unweighted),
            cells.points(row.difference),
        )
        for row in shares.itertuples()
    ]
    n_left_out = len(sources.of(edition.wave.wave).asked(_concepts(edition))) - len(shares)
    left_out = [speak.say(language, "weighting_left_out", n=n_left_out)] if n_left_out else []
    columns = tuple(speak.say(language, "weighting_columns").split("|"))
    return Table(
        id="table_weighting",
        language=language,
        caption=titled(edition, "weighting_caption", wave=edition.wave.wave),
        columns=columns,
        rows=tuple(rows),
        notes=(speak.say(language, "weighting_note"), *left_out),
        records=records(shares),
        why=why_of_weighting(edition, sources, shares, columns, rows),
    )


def _concepts(edition: Edition) -> list[str]:
    return [slug for kind in KINDS for slug in edition.concepts(kind)]


def _counting_for(weights: np.ndarray, language: str) -> list[str]:
    """The least and the most that an answer counts for, and what that costs by the rule of thumb of Kish."""
    lowest, highest = (speak.hundredths(end, language) for end in (weights.min(), weights.max()))
    if lowest == highest:
        return [speak.say(language, "weights_equal", lowest=lowest)]
    factor = kish_effect(weights)
    cost = {"n": len(weights), "effective": round(len(weights) / factor), "factor": speak.hundredths(factor, language)}
    return [
        speak.say(language, "weights_range", lowest=lowest, highest=highest),
        speak.say(language, "weights_kish", **cost),
        speak.say(language, "weights_bound", points=int(np.ceil(largest_change(weights) * 100))),
    ]


def _empty(response: pd.DataFrame, language: str) -> list[str]:
    """The classes that nobody answered for, which the answers of a neighbouring class stand for."""
    empty = response.loc[(response["n"] == 0) & (response["N"] > 0), "size_class"]
    if empty.empty:
        return []
    labels = [speak.say(language, "quoted", text=class_label(name, language)) for name in empty]
    return [speak.say(language, "weights_empty", n=len(labels), listing=speak.listing(labels, language))]
