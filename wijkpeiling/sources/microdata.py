"""A wave of which the item responses of municipalities are known, or were invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.answers import LEFT_OPEN, NOT_SHOWN, Answers
from wijkpeiling.errors import EstimationError
from wijkpeiling.estimation.answered import AnsweredShare, answered_share
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.disclosure import Disclosure
from wijkpeiling.estimation.domains import OVERALL
from wijkpeiling.estimation.overlap import Overlap, overlap
from wijkpeiling.estimation.shares import Shares, estimates, shares
from wijkpeiling.estimation.tables import rao_scott
from wijkpeiling.project import Project
from wijkpeiling.published import RESPONDENTS

STRATUM = "size_class"
# answers that a cell of a test by size class expects at the least
LEAST_EXPECTED = 5


class Panel(NamedTuple):
    """Rows of the municipalities that answered both waves, shape (n12, 2), and those that continue, by stratum."""

    pairs: np.ndarray
    continuing: pd.DataFrame


@dataclass(frozen=True)
class MicrodataWave:
    """Item responses as the source of a wave: see `sources.base.WaveSource`. A wave without any was asked nothing."""

    project: Project
    answers: Answers
    wave: int

    why_not = None

    @property
    def source(self) -> str:
        return self.answers.source

    @property
    def n_respondents(self) -> int:
        return len(self.responses)

    @property
    def N(self) -> int:
        return len(self.answers.frame(self.wave))

    @property
    def df(self) -> float:
        return float(self.design.df)

    @cached_property
    def responses(self) -> pd.DataFrame:
        """Contract ``responses``."""
        return self.answers.wave(self.wave)

    @cached_property
    def missing_reasons(self) -> pd.DataFrame:
        """Why an answer is missing, as `Answers.missing_reasons`; spelled out once."""
        return self.answers.missing_reasons(self.wave)

    @cached_property
    def design(self) -> Design:
        """Of shares of all municipalities: size classes as strata or, where ``wave.yml`` asks so, no strata."""
        if self.project.wave(self.wave).weighting == "none":
            return Design.from_responses(self.responses, self.N)
        return self._by_class

    @cached_property
    def _by_class(self) -> Design:
        """Of shares by size class, which no weighting changes: each class has its own rows of the frame."""
        return Design.from_responses(self.responses, self.answers.population_sizes(self.wave), stratum=STRATUM)

    def _design_of(self, by: str | None) -> Design:
        return self._by_class if by == STRATUM else self.design

    @cached_property
    def disclosure(self) -> Disclosure:
        """What would tell on municipalities, judged once by all cells by size class."""
        asked = self.asked(list(self.project.concepts))
        if not asked:
            return Disclosure()
        classes = self.responses.groupby(STRATUM, observed=False)
        cells = [
            pd.DataFrame({"concept": concept, "n": classes[concept].count(), "count": classes[concept].sum()})
            for concept in asked
        ]
        return Disclosure.of(pd.concat(cells))

    @cached_property
    def _shares(self) -> dict[tuple, Shares]:
        return {}

    def asked(self, concepts: list[str]) -> list[str]:
        if self.wave not in self.answers.waves:
            return []
        return [slug for slug in concepts if slug in self.responses and self.responses[slug].notna().any()]

    def by_base(self, concepts: list[str]) -> list[tuple[str, list[str]]]:
        """The concepts that were asked, with the base of their share: that of the concept which routes to them.

        Concepts that were asked of the same municipalities stand together. One that somebody else was not shown stands
        by itself, under the same name of its base.
        """
        asked = self.asked(concepts)
        if not asked:
            return []
        hidden = self._is_hidden(asked)
        groups: dict[tuple[str, bytes], list[str]] = {}
        for concept, was_hidden in zip(asked, hidden.T, strict=True):
            groups.setdefault((self._base(concept), was_hidden.tobytes()), []).append(concept)
        return sorted(((base, group) for (base, _), group in groups.items()), key=itemgetter(0))

    def bases(self, concept: str) -> list[str]:
        """Its own base, and all respondents where it was asked of some: those that routing left out did not say yes."""
        own = [base for base, _ in self.by_base([concept])]
        return [*own, RESPONDENTS] if own and RESPONDENTS not in own else own

    def shares(self, concepts: list[str], by: str | None = None, base: str | None = None) -> Shares:
        """Shares of concepts that share a base, overall and by a column of the answers; estimated once.

        Parameters
        ----------
        base
            Of `bases`; by default their own. Over all respondents, those that routing left out said no.

        Raises
        ------
        EstimationError
            When the concepts were asked of different municipalities.
        """
        of_all = base == RESPONDENTS and any(self._base(concept) != RESPONDENTS for concept in concepts)
        key = (tuple(concepts), by, of_all)
        if key not in self._shares:
            self._shares[key] = self._estimate(concepts, by, of_all)
        return self._shares[key]

    def share(self, concept: str, base: str) -> AnsweredShare:
        # with its own interval: beside a published figure it has no other whose surplus would add up (METHOD.md, M11)
        return answered_share(self.shares([concept], base=base), concept)

    def items(self, concepts: list[str]) -> list[tuple[str, Shares]]:
        return [(base, self.shares(group)) for base, group in self.by_base(concepts)]

    def estimates(self, concepts: list[str], by: str | None = None) -> pd.DataFrame:
        """As `WaveSource.estimates`; by ``by``, without the cells that would tell on municipalities."""
        empty = contracts.check(pd.DataFrame(columns=contracts.ESTIMATES.columns), contracts.ESTIMATES, EstimationError)
        if not self.asked(concepts) or (by and by not in self.responses):
            return empty
        tables = []
        for base, group in self.by_base(concepts):
            result = self.shares(group, by)
            nonrespondents = self.nonrespondents(result)
            table = estimates(result, self.wave, base=base, source=self.source, nonrespondents=nonrespondents)
            tables.append(self.disclosure.estimates(table[table["domain"] == by] if by else table))
        table = _in_order(pd.concat(tables), concepts)
        is_assumed = np.array([self.is_assumed(concept) for concept in table["concept"]], dtype=bool)
        table["flag"] = table["flag"].mask(table["flag"].isna() & is_assumed, "assumed")
        return contracts.check(table, contracts.ESTIMATES, EstimationError)

    def nonrespondents(self, result: Shares) -> np.ndarray:
        """Shape (D, k): the municipalities that could belong to each share of ``result`` and gave no answer.

        All that took no part, and those that took part and left the item open or broke off; by domain of its value.
        """
        frame, left_open = self.answers.frame(self.wave), self.missing_reasons[list(result.items)].isin(LEFT_OPEN)
        is_open = left_open.to_numpy(bool)
        counts = []
        for domain in result.domains:
            takes_part = _is_in(self.responses, domain)
            counts.append(_is_in(frame, domain).sum() - takes_part.sum() + is_open[takes_part].sum(axis=0))
        return np.array(counts)

    def class_test(self, concept: str) -> float | None:
        # the outcome, and that there are enough answers for one, tells of the counts by class what M20 protects
        if not self.asked([concept]) or self.is_rounded(concept):
            return None
        try:
            tested = rao_scott(self._by_class, self.responses[STRATUM], self.responses[concept])
        except EstimationError:
            return None
        expected = np.outer(tested.table.sum(axis=1), tested.table.sum(axis=0)) * tested.n
        return tested.p_value if expected.min() >= LEAST_EXPECTED else None

    def response(self, by: Sequence[str] = (STRATUM,)) -> pd.DataFrame:
        frame = self.answers.frame(self.wave)
        frame = frame.assign(n=frame["gemeentecode"].isin(self.responses["gemeentecode"]).astype(int), N=1)
        # every size class has a row, also one that no municipality of the year belongs to
        cells = frame.groupby(list(by), observed=len(by) > 1)[["n", "N"]].sum().reset_index()
        return cells.astype(dict.fromkeys(by, str))

    def weights(self) -> pd.DataFrame:
        design, response = self.design, self.response()
        of_class = [design.stratum_of.get(name, 0) if design.column else 0 for name in response[STRATUM]]
        weight = (design.N_h / design.n_h)[of_class]
        return pd.DataFrame({STRATUM: response[STRATUM], "weight": np.where(response["n"] > 0, weight, np.nan)})

    def weighting_effect(self, concepts: list[str]) -> pd.DataFrame:
        rows: list[tuple[str, float, float]] = []
        for _, group in self.by_base([concept for concept in concepts if not self.is_rounded(concept)]):
            # the first domain is all municipalities, in the strata of the size classes whatever the weighting
            result = self.shares(group, STRATUM)
            rows += zip(group, result.share[0], result.count[0] / result.n[0], strict=True)
        table = pd.DataFrame(rows, columns=["concept", "weighted", "unweighted"])
        return table.sort_values("concept", key=pd.Index(concepts).get_indexer, ignore_index=True)

    def item_responses(self, concept: str) -> pd.DataFrame:
        return self.responses[["wave", "gemeentecode", concept]].dropna(subset=[concept])

    def obstacle(self, concept: str, language: str) -> str | None:
        return None

    def is_rounded(self, concept: str) -> bool:
        return any(self.disclosure.covers(concept, base) for base in self.bases(concept))

    def is_assumed(self, concept: str) -> bool:
        return (self.wave, concept) in self.answers.assumed

    def panel_with(self, later: "MicrodataWave", by: str | None = None) -> Panel:
        """The municipalities of this wave that are the same in a later one, in the strata of shares by ``by``."""
        years = self.wave, later.wave
        same, same_later = self.answers.common(*years)
        continuing = pd.crosstab(self._strata(by)[same], later._strata(by)[same_later])
        return Panel(np.column_stack(self.answers.panel(*years)), continuing)

    def overlap_with(
        self, later: "MicrodataWave", concepts: list[str], by: str | None = None, base: str | None = None
    ) -> Overlap:
        """How the shares of this wave and a later one vary together."""
        return overlap(self.shares(concepts, by, base), later.shares(concepts, by, base), *self.panel_with(later, by))

    def _strata(self, by: str | None) -> np.ndarray:
        """Labels of the strata in which the municipalities of the frame stand; one without weighting."""
        sizes, design = self.answers.frame(self.wave)[STRATUM].astype(str).to_numpy(), self._design_of(by)
        return sizes if design.column else np.full(len(sizes), design.labels[0])

    def _router(self, concept: str) -> str | None:
        return self.answers.routing.get((self.wave, concept))

    def _base(self, concept: str) -> str:
        return self.project.base_defined_by(self._router(concept)) or RESPONDENTS

    def _of_all(self, concept: str) -> pd.Series:
        """The answers to a concept, with no for those that said no to the one that routes to it."""
        router = self._router(concept)
        if router is None:
            return self.responses[concept]
        return self.responses[concept].mask(~self._of_all(router).fillna(True), False)

    def _is_hidden(self, concepts: list[str]) -> np.ndarray:
        return self.missing_reasons[concepts].eq(NOT_SHOWN).to_numpy(dtype=bool, na_value=False)

    def _estimate(self, concepts: list[str], by: str | None, of_all: bool) -> Shares:
        domains = self.responses[[by]] if by else None
        design = self._design_of(by)
        if of_all:
            said = pd.DataFrame({concept: self._of_all(concept) for concept in concepts})
            return shares(design, said, domains)
        applies = ~self._is_hidden(concepts)
        if not (applies == applies[:, :1]).all():
            raise EstimationError(
                f"{', '.join(concepts)} were asked of different municipalities",
                expected="concepts with one base",
                todo="estimate them one at a time",
            )
        return shares(design, self.responses[concepts], domains, applies[:, 0])


def _in_order(table: pd.DataFrame, concepts: list[str]) -> pd.DataFrame:
    """By base, then domain, then concept, also where concepts of one base were asked of different municipalities."""
    base, domain = (pd.factorize(table[name])[0] for name in ("base", "domain_value"))
    concept = pd.Index(concepts).get_indexer(table["concept"])
    return table.iloc[np.lexsort((concept, domain, base))].reset_index(drop=True)


def _is_in(table: pd.DataFrame, domain: tuple[str, str]) -> np.ndarray:
    column, value = domain
    return np.ones(len(table), dtype=bool) if domain == OVERALL else (table[column].astype(str) == value).to_numpy(bool)
