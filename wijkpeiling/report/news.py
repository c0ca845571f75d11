"""The news of an edition in four paragraphs: a draft for the editor, told from the report's tables alone.

Words follow the interval as it is printed: wholly above a half is "more than half", across it "about half". The news
is told with its margin, and with what it would be if none of those that did not take part said so, and if all did.
Percentages of which the intervals overlap are never ranked; a change is told as the comparison concluded.
"""

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.contracts import CHANGES
from wijkpeiling.editorial import Editorial
from wijkpeiling.present.blocks import EMPTY, Sentence
from wijkpeiling.present.changes import POSSIBLE, by_claim, claimed, spoken
from wijkpeiling.present.wording import OF_BASE
from wijkpeiling.report.article import Article, Link, Paragraph
from wijkpeiling.report.items import POSITIONS, Item, item_of, items_of, records_of, table_of
from wijkpeiling.report.layout import publications_of, publisher_of
from wijkpeiling.report.model import Report
from wijkpeiling.report.terms import told_aside, written_out

# the news comes from the first of these that has a percentage
KINDS = ("shortfall", "prevention", "task")
# where none has, how many have a team
TEAM = "team"
# the flag of a percentage of which the publication does not say of whom it is
NOT_STATED = "base_not_stated"


def article_of(report: Report) -> Article | None:
    """The article of a report; None where no table gives a share to tell.

    Notes
    -----
    Paragraphs: the finding, who answered and how sure it is; the other subjects; change; how to read it. What an editor
    added stands between them, marked; without it nothing takes its place.
    """
    wave = _wave(report)
    if wave is None:
        return None
    items = {kind: found for kind in KINDS if (found := items_of(report, f"table_{kind}"))}
    if not any(found[0].share > 0 for found in items.values()):
        # a wave of which little more is known than how many have a team
        team = _with_team(report, wave)
        items = {TEAM: team} if team else {}
    lead = next((kind for kind, found in items.items() if found[0].share > 0), None)
    if lead is None:
        return None
    others = [kind for kind in reversed(KINDS) if kind in items and kind != lead]
    # where the news has no margins, or is no more than that, little else can be said
    is_short = lead == TEAM or items[lead][0].position == "open"
    further = items_of(report, "table_other") if is_short else []
    told_items = [item for found in [*items.values(), further] for item in found]
    texts = (
        _news(report, lead, items[lead][0], told_items, wave),
        [
            *_others(report, lead, items[lead]),
            *(sentence for kind in others for sentence in _next(report, kind, items[kind])),
            *_further(report, further),
        ],
        [*_changes(report, lead), *_team(report, lead, wave)],
        _reading(report, items, told_items),
    )
    told = [" ".join(sentences) for sentences in texts]
    told[-1] = " ".join([told[-1], *told_aside(" ".join(told), report.language)])
    return Article(
        language=report.language,
        headline=_headline(report, lead, items[lead][0], wave),
        paragraphs=tuple(_paragraphs(report, told)),
        source=_source(report, wave, [*items, *(["other"] if further else []), "trend"]),
        related_head=speak.say(report.language, "article_related"),
        related=tuple(Link(link.title[report.language], link.url) for link in _editorial(report).related),
    )


def _wave(report: Report) -> int | None:
    """The year of the survey; of a cover that does not say it, the one that the tables of shares are of."""
    years = (record["wave"] for kind in KINDS for record in records_of(report, f"table_{kind}"))
    return report.cover.wave or max(years, default=None)


def _say(report: Report, key: str, **values: object) -> str:
    return speak.say(report.language, f"article_{key}", **values)


def _when(report: Report, wave: int) -> str:
    return _say(report, "when_invented" if report.cover.source == "synthetic" else "when", wave=wave)


def _headline(report: Report, kind: str, first: Item, wave: int) -> str:
    claim = _say(report, f"{kind}_headline_{first.position}", wave=wave, label=first.label, whom=_whom(report, first))
    if report.cover.source != "synthetic":
        return claim
    return _say(report, "invented", headline=claim[:1].lower() + claim[1:])


def _whom(report: Report, item: Item) -> str:
    """Of whom a headline speaks: where the publication does not say of whom it is, of those that answered."""
    unit = OF_BASE.get(item.base)
    if item.flag == NOT_STATED or unit is None:
        return _say(report, "whom_answered")
    return speak.say(report.language, "whom_municipalities") if unit == "of_all" else report.label("base", item.base)


def _news(report: Report, kind: str, first: Item, items: list[Item], wave: int) -> Iterator[str]:
    """The finding, where it comes from, who answered, how sure it is, and what the publication leaves open of it."""
    when = _when(report, wave)
    yield _say(report, f"{kind}_first", when=when, share=_of_whom(report, first), label=first.label)
    yield _say(report, f"from_{report.cover.source}")
    yield from (block.key or block.text for block in _sentences(report, "response"))
    yield from _margin(report, first)
    if first.flag == NOT_STATED:
        n = len(items) if _is_stated_of_none(items) else 1
        yield _say(report, "base_not_stated", n=n, share=_share(report, first))
    yield from _remark(report, kind, first)


def _margin(report: Report, first: Item) -> Iterator[str]:
    """Between which values the news lies, as printed: if those that did not take part are alike, and whatever they say.

    Nothing where nearly everybody answered: both ends are then the same whole percentage.
    """
    if first.likely is None:
        yield _say(report, "no_margin")
        return
    low, high = map(speak.whole, first.likely)
    if low == high:
        return
    yield _say(report, "margin", share=_share(report, first), low=low, high=high)
    yield _say(report, f"half_{first.position}")
    if first.worst:
        low, high = map(speak.whole, first.worst)
        yield _say(report, "worst", low=low, high=high)


def _next(report: Report, kind: str, items: list[Item]) -> Iterator[str]:
    yield _say(report, f"{kind}_next", share=_of_whom(report, items[0]), label=items[0].label)
    yield from _others(report, kind, items)
    yield from _remark(report, kind, items[0])


def _remark(report: Report, kind: str, item: Item) -> Iterator[str]:
    """What the publication leaves open of a percentage without a margin, as its table says it."""
    table = table_of(report, f"table_{kind}")
    has_remarks = table and table.columns == tuple(speak.say(report.language, "other_columns").split("|"))
    if table and has_remarks and item.position == "open":
        head = speak.sentence_case(item.label)
        remarks = [last for first, *_, last in table.texts if first == head and last != EMPTY]
        yield from (_say(report, "remark", label=item.label, remark=remark) for remark in remarks)


def _further(report: Report, items: list[Item]) -> Iterator[str]:
    """What else was published, each over its own municipalities."""
    if items:
        named = [_say(report, "item", label=item.label, share=_share(report, item)) for item in items]
        yield _say(report, "further", listing="; ".join(named))


def _others(report: Report, kind: str, items: list[Item]) -> Iterator[str]:
    """All items but the first, by where their intervals lie."""
    first, *others = items
    for position in POSITIONS:
        alike = [item for item in others if item.position == position]
        if alike:
            named = [_say(report, "item", label=item.label, share=_beside(report, item, first)) for item in alike]
            told = _say(
                report,
                f"{kind}_{position}",
                n=len(alike),
                label=alike[0].label,
                share=_beside(report, alike[0], first),
                listing=speak.listing(named, report.language),
            )
            yield speak.sentence_case(told)


def _not_ranked(report: Report, kinds: dict[str, list[Item]]) -> Iterator[str]:
    """Why items are no ranking: the same municipalities named them, and only answers tell how they go together."""
    beside = [item for items in kinds.values() if len(items) > 1 for item in items]
    if not beside:
        return
    if all(item.position == "open" for item in beside):
        yield _say(report, "not_ranked_open")
        return
    yield _say(report, "not_ranked" if report.cover.source == "published" else "not_ranked_tested")


def _of_whom(report: Report, item: Item) -> str:
    """The share with its unit: ``59 procent van de gemeenten``."""
    base = report.label("base", item.base)
    return speak.say(report.language, _unit(item), share=_share(report, item), base=base)


def _unit(item: Item) -> str:
    return "of_all" if item.flag == NOT_STATED else OF_BASE.get(item.base, "of_base")


def _beside(report: Report, item: Item, first: Item) -> str:
    """A share named after another: its unit only where that differs."""
    is_alike = _unit(item) == _unit(first) and (_unit(item) != "of_base" or item.base == first.base)
    return _share(report, item) if is_alike else _of_whom(report, item)


def _share(report: Report, item: Item) -> str:
    if item.flag == "approximate":
        return speak.rough_percent(item.share, report.language)
    return speak.whole_percent(item.share, report.language)


def _changes(report: Report, lead: str) -> Iterator[str]:
    """What changed, by kind; for the subject of the news also why nothing can be said of it."""
    for kind in dict.fromkeys([*([lead] if lead != TEAM else []), *reversed(KINDS)]):
        rows = records_of(report, f"table_changes_{kind}")
        if rows:
            claims = claimed(pd.DataFrame(rows, columns=CHANGES.columns))
            parts = by_claim(claims, kind, report.language, partial(_changed, report), partial(publisher_of, report))
            yield from chain.from_iterable(parts.values())
        elif kind == lead:
            yield from (block.text for block in _sentences(report, f"changes_{kind}"))


def _changed(report: Report, row: Any) -> str:
    """An item that changed with its difference; one of which no change is shown without."""
    label = report.label("concept", row.concept)
    if pd.isna(row.difference) or row.conclusion not in ("rose", "fell"):
        return label
    difference = speak.points_in_words(row.difference, report.language)
    return speak.say(report.language, "changed_by", label=label, difference=difference)


def _sentences(report: Report, name: str) -> list[Sentence]:
    blocks = (block for section in report.sections for block in section.blocks)
    return [block for block in blocks if isinstance(block, Sentence) and block.id == name]


def _with_team(report: Report, wave: int) -> list[Item]:
    """The share of municipalities with a team, if it is known of this wave."""
    rows = [row for row in records_of(report, "table_trend") if row["wave"] == wave and row["share"] is not None]
    return [item_of(report, rows)] if rows else []


def _team(report: Report, lead: str, wave: int) -> Iterator[str]:
    """How many municipalities had a team, where that is not the news, and before, and whether it changed."""
    for item in _with_team(report, wave) if lead != TEAM else ():
        when = speak.say(report.language, "article_when", wave=wave)
        yield _say(report, "team_first", when=when, share=_of_whom(report, item))
    yield from _before(report, wave)
    changes = [row for row in records_of(report, "table_changes_team") if row["wave"] == wave > row["baseline"]]
    if changes:
        claims = claimed(pd.DataFrame(changes, columns=CHANGES.columns))
        for row in spoken(claims, report.language).itertuples():
            yield _say(report, f"team_{row.claim}", baseline=row.baseline, wave=row.wave)
        if claims["claim"].isin(POSSIBLE).any():
            yield speak.say(report.language, "if_chance")


def _before(report: Report, wave: int) -> Iterator[str]:
    """How many had a team in the waves before: from the baseline on, where a change since then is told."""
    since = max((row["baseline"] for row in records_of(report, "table_changes_team") if row["wave"] == wave), default=0)
    trend = records_of(report, "table_trend")
    earlier = [row for row in trend if since <= row["wave"] < wave and row["share"] is not None]
    if earlier:
        told_shares = [
            speak.say(report.language, "in_wave", share=_share(report, item_of(report, [row])), wave=row["wave"])
            for row in earlier
        ]
        first = earlier[0]
        yield _say(
            report,
            "team_before",
            n=len(earlier),
            wave=first["wave"],
            share=_share(report, item_of(report, [first])),
            listing=speak.listing(told_shares, report.language),
        )


def _reading(report: Report, kinds: dict[str, list[Item]], told_items: list[Item]) -> Iterator[str]:
    """Who held the survey, of whom the percentages are, and that they are no ranking."""
    if report.cover.origin and report.cover.source != "synthetic":
        yield _say(report, "held", held_by=written_out(report.cover.origin.held_by, report.language))
    yield from _bases(report, told_items)
    yield from _not_ranked(report, kinds)
    if report.cover.source == "published":
        yield _say(report, "answers_published")


def _is_stated_of_none(items: list[Item]) -> bool:
    return all(item.flag == NOT_STATED for item in items)


def _bases(report: Report, items: list[Item]) -> Iterator[str]:
    """Of whom the percentages are, as far as it is known; where it is of none, that stands beside the first."""
    if _is_stated_of_none(items):
        return
    stated = dict.fromkeys(item.base for item in items if item.flag != NOT_STATED and item.base != "unknown")
    bases = speak.listing([report.label("base", base) for base in stated], report.language)
    is_open = any(item.flag == NOT_STATED or item.base == "unknown" for item in items)
    if not stated:
        yield _say(report, "base_unknown")
    elif is_open:
        yield _say(report, "base_partly", bases=bases)
    else:
        yield _say(report, "shares_of", bases=bases)


def _source(report: Report, wave: int, kinds: list[str]) -> str:
    """Where the percentages told were published; else the report of the survey."""
    tables = [table for kind in kinds if (table := table_of(report, f"table_{kind}"))]
    titles = publications_of(report, tables, wave)
    if titles:
        return _say(report, "source", source="; ".join(titles))
    origin = report.cover.origin
    if origin and report.cover.source != "synthetic":
        return _say(report, "source", source=f"{origin.report} ({origin.held_by}, {origin.published})")
    return _say(report, "source", source=report.cover.subtitle)


def _editorial(report: Report) -> Editorial:
    return report.editorial or Editorial()


def _paragraphs(report: Report, texts: list[str]) -> Iterator[Paragraph]:
    """The paragraphs from the data, each followed by what an editor has to say there."""
    language, added = report.language, _editorial(report)
    quote = added.quote
    said = quote and _say(report, "quote", text=quote.text[language], name=quote.name, role=quote.role[language])
    after = {
        1: ("said", said),
        2: ("interpretation", added.interpretation and added.interpretation[language]),
        3: ("advice", added.advice and added.advice[language]),
    }
    for place, text in enumerate(texts):
        if text:
            yield Paragraph(text=text)
        mark, words = after.get(place, ("", None))
        if words:
            yield Paragraph(text=words, mark=_say(report, mark))
