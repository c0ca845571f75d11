"""What an edition is estimated from: published figures alone, or the answers of municipalities as well."""

from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

import numpy as np
import pandas as pd

from wijkpeiling import contracts
from wijkpeiling.answers import Answers
from wijkpeiling.errors import EstimationError, ProjectError
from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.disclosure import Disclosure
from wijkpeiling.estimation.overlap import Overlap, overlap
from wijkpeiling.estimation.rounded import estimate_published
from wijkpeiling.estimation.shares import OVERALL, Shares, estimates, shares
from wijkpeiling.project import Edition
from wijkpeiling.published import Published, read_published
from wijkpeiling.synthetic import AssumedLevel, read_assumptions, synthesize

STRATUM = "size_class"
NOT_SHOWN, NOT_ANSWERED = "not_shown", "not_answered"


@dataclass(frozen=True)
class Evidence:
    """Published figures and, where there are any, answers.

    Attributes
    ----------
    answers
        None where only published figures are known.
    """

    published: Published
    answers: Answers | None = None

    @property
    def source(self) -> str:
        """``published``, ``microdata`` or ``synthetic``."""
        return self.answers.source if self.answers else "published"

    @property
    def waves(self) -> list[int]:
        """Waves to show: those with answers, or all that something was published about."""
        return self.answers.waves if self.answers else list(self.published.project.waves)

    @property
    def assumptions(self) -> dict[int, dict[str, AssumedLevel]]:
        """Every level that invented answers were given without a source, by wave and concept."""
        if self.source != "synthetic":
            return {}
        return read_assumptions(self.published.project).levels

    @property
    def assumed(self) -> frozenset[tuple[int, str]]:
        """Wave and concept of each level that was assumed, not published."""
        return frozenset(self.answers.assumed) if self.answers else frozenset()

    @cached_property
    def _shares(self) -> dict[tuple, Shares]:
        return {}

    @cached_property
    def _disclosures(self) -> dict[int, Disclosure]:
        return {}

    @cached_property
    def _missing_reasons(self) -> dict[int, pd.DataFrame]:
        return {}

    def responses(self, wave: int) -> pd.DataFrame:
        """The answers of a wave: contract ``responses``."""
        return self._known_answers().wave(wave)

    def nonrespondents(self, wave: int, result: Shares) -> np.ndarray:
        """Shape (D, k): the municipalities that could belong to each share of ``result`` and gave no answer.

        All that took no part, and those that took part and left the item open; by domain those of its value.
        """
        answers = self._known_answers()
        frame, responses = answers.frame(wave), answers.wave(wave)
        left_open = self.missing_reasons(wave)[list(result.items)].eq(NOT_ANSWERED).to_numpy(bool, na_value=False)
        counts = []
        for domain in result.domains:
            takes_part = _is_in(responses, domain)
            counts.append(_is_in(frame, domain).sum() - takes_part.sum() + left_open[takes_part].sum(axis=0))
        return np.array(counts)

    def disclosure(self, wave: int) -> Disclosure:
        """What of a wave would tell on municipalities, judged once by all its cells by size class."""
        if self.answers is None or wave not in self.answers.waves:
            return Disclosure()
        if wave not in self._disclosures:
            responses = self.responses(wave)
            asked = self.asked(wave, list(self.published.project.concepts))
            classes = responses.groupby(STRATUM, observed=False)
            cells = [
                pd.DataFrame({"concept": concept, "n": classes[concept].count(), "count": classes[concept].sum()})
                for concept in asked
            ]
            self._disclosures[wave] = Disclosure.of(pd.concat(cells)) if cells else Disclosure()
        return self._disclosures[wave]

    def is_rounded(self, wave: int, concept: str) -> bool:
        """Whether what is told of a concept in a wave is rounded to whole percents."""
        if self.answers is None or not self.asked(wave, [concept]):
            return False
        ((base, _),) = by_base(self, wave, [concept])
        return self.disclosure(wave).covers(concept, base)

    def missing_reasons(self, wave: int) -> pd.DataFrame:
        """Why an answer is missing, as `Answers.missing_reasons`; spelled out once."""
        if wave not in self._missing_reasons:
            self._missing_reasons[wave] = self._known_answers().missing_reasons(wave)
        return self._missing_reasons[wave]

    def design(self, wave: int) -> Design:
        """The design of a wave with answers: size classes as strata."""
        answers = self._known_answers()
        return Design.from_responses(answers.wave(wave), answers.population_sizes(wave), stratum=STRATUM)

    def asked(self, wave: int, concepts: list[str]) -> list[str]:
        """Those of ``concepts`` that municipalities answered in a wave."""
        answers = self._known_answers()
        if wave not in answers.waves:
            return []
        responses = answers.wave(wave)
        return [concept for concept in concepts if concept in responses and responses[concept].notna().any()]

    def shares(self, wave: int, concepts: list[str], by: str | None = None) -> Shares:
        """Shares of concepts that share a base, overall and by a column of the answers.

        Raises
        ------
        EstimationError
            When the concepts were asked of different municipalities.
        """
        key = (wave, tuple(concepts), by)
        if key not in self._shares:
            self._shares[key] = self._estimate(wave, concepts, by)
        return self._shares[key]

    def _estimate(self, wave: int, concepts: list[str], by: str | None) -> Shares:
        answers = self._known_answers()
        responses = answers.wave(wave)
        applies = ~self.missing_reasons(wave)[concepts].eq(NOT_SHOWN).to_numpy(dtype=bool, na_value=False)
        if not (applies == applies[:, :1]).all():
            raise EstimationError(
                f"{', '.join(concepts)} were asked of different municipalities",
                expected="concepts with one base",
                todo="estimate them one at a time",
            )
        domains = responses[[by]] if by else None
        return shares(self.design(wave), responses[concepts], domains, applies[:, 0])

    def overlap(self, first: int, second: int, concepts: list[str], by: str | None = None) -> Overlap:
        """How the shares of two waves with answers vary together."""
        return overlap(self.shares(first, concepts, by), self.shares(second, concepts, by), *self.panel(first, second))

    def panel(self, first: int, second: int) -> tuple[np.ndarray, pd.DataFrame]:
        """Rows of the municipalities that answered both waves, shape (n12, 2), and those that continue, by stratum."""
        answers = self._known_answers()
        earlier, later = answers.common(first, second)
        continuing = pd.crosstab(
            answers.frame(first)[STRATUM].iloc[earlier].to_numpy(),
            answers.frame(second)[STRATUM].iloc[later].to_numpy(),
        )
        return np.column_stack(answers.panel(first, second)), continuing

    def _known_answers(self) -> Answers:
        if self.answers is None:
            raise EstimationError("no answers of municipalities", todo="ask what published figures give")
        return self.answers


def read_evidence(edition: Edition) -> Evidence:
    """What the edition's source has to estimate from.

    Raises
    ------
    ProjectError
        When the wave or its baseline has no answers.
    IntakeError, PopulationError
        For data that do not follow their contract.
    """
    published = read_published(edition.project)
    evidence = Evidence(published, synthesize(published) if edition.source == "synthetic" else None)
    for wave in edition.years.values():
        if wave is not None and wave not in evidence.waves:
            raise ProjectError(
                f"there are no answers of {wave}: its number of respondents is not known",
                where=edition.project.raw / str(wave) / "wave.yml",
                expected="n_respondents, or one of the waves " + ", ".join(map(str, evidence.waves)),
                todo="fill in n_respondents (the year also needs rows in data/raw/population/size_classes.csv), "
                "or choose another wave or baseline",
            )
    return evidence


def estimate(evidence: Evidence, wave: int, concepts: list[str], by: str | None = None) -> pd.DataFrame:
    """Estimate the share of each concept in a wave.

    Parameters
    ----------
    concepts
        Slugs; those that the wave has nothing on are left out.
    by
        A column of the answers, such as ``size_class``, or a domain of published figures, such as ``city_network``.

    Returns
    -------
    DataFrame
        Contract ``estimates``; by ``by``, its values only, without the cells that would tell on municipalities.
    """
    if evidence.answers is None:
        return estimate_published(evidence.published, wave, concepts, by)
    tables = []
    for base, group in by_base(evidence, wave, concepts):
        result = evidence.shares(wave, group, by)
        nonrespondents = evidence.nonrespondents(wave, result)
        table = estimates(result, wave, base=base, source=evidence.source, nonrespondents=nonrespondents)
        tables.append(evidence.disclosure(wave).estimates(table[table["domain"] == by] if by else table))
    table = _in_order(pd.concat(tables or [estimate_published(evidence.published, wave, [])]), concepts)
    is_assumed = [(row.wave, row.concept) in evidence.assumed for row in table.itertuples()]
    table["flag"] = table["flag"].mask(table["flag"].isna() & np.array(is_assumed, dtype=bool), "assumed")
    return contracts.check(table, contracts.ESTIMATES, EstimationError)


def _in_order(table: pd.DataFrame, concepts: list[str]) -> pd.DataFrame:
    """By base, then domain, then concept, also where concepts of one base were asked of different municipalities."""
    base, domain = (pd.factorize(table[name])[0] for name in ("base", "domain_value"))
    concept = pd.Index(concepts).get_indexer(table["concept"])
    return table.iloc[np.lexsort((concept, domain, base))].reset_index(drop=True)


def _is_in(table: pd.DataFrame, domain: tuple[str, str]) -> np.ndarray:
    column, value = domain
    return np.ones(len(table), dtype=bool) if domain == OVERALL else (table[column].astype(str) == value).to_numpy(bool)


def by_base(evidence: Evidence, wave: int, concepts: list[str]) -> list[tuple[str, list[str]]]:
    """The concepts that were asked, with the base of their share: all respondents, or those with a team.

    Concepts that were asked of the same municipalities stand together. One that somebody else was not shown stands by
    itself, under the same name of its base.
    """
    asked = evidence.asked(wave, concepts)
    if not asked:
        return []
    hidden = evidence.missing_reasons(wave)[asked].eq(NOT_SHOWN).to_numpy(dtype=bool, na_value=False)
    groups: dict[bytes, list[str]] = {}
    for concept, was_hidden in zip(asked, hidden.T, strict=True):
        groups.setdefault(was_hidden.tobytes(), []).append(concept)
    bases = [("with_team" if any(mask) else "respondents", group) for mask, group in groups.items()]
    return sorted(bases, key=itemgetter(0))


def estimate_all_waves(evidence: Evidence, concept: str) -> pd.DataFrame:
    """Estimate one concept in every wave that has something on it: contract ``estimates``, by time."""
    tables = [estimate(evidence, wave, [concept]) for wave in evidence.waves]
    return pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
