"""The cover of an edition: its title and lead tell what came out, as far as the figures bear it."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from wijkpeiling import language as speak
from wijkpeiling.present import changes, found
from wijkpeiling.present.blocks import Cover, KeyFigure, Origin, titled
from wijkpeiling.present.wording import half, likely, of_whom, one_per_item, whom
from wijkpeiling.project import Edition, Project
from wijkpeiling.records import Text
from wijkpeiling.sources.edition import Sources

# what can be news, the first that is known, and the chart that shows it
CHARTS = {"shortfall": "figure_shortfall", "task": "figure_task", "team": "figure_trend"}
TEAM = "has_wijkteam"
FEWER = {"fell": "key_fewer", "lower": "key_lower"}
KEYS_BEFORE = {"withheld": "key_before_withheld"}
MORE = {"rose": "key_more", "higher": "key_higher"}
# others that a lead names beside the first
MOST_NAMED = 3
MOST_FIGURES = 3


class News:
    """What is known of the wave of an edition, for its cover.

    Parameters
    ----------
    shortfalls, tasks
        Contract ``estimates`` of the wave.
    teams
        Contract ``estimates`` of having a team, of every wave.
    task_changes, team_changes
        Contract ``changes`` against the baseline, of the same families as the sections tell.
    """

    def __init__(
        self,
        edition: Edition,
        sources: Sources,
        *,
        shortfalls: pd.DataFrame,
        tasks: pd.DataFrame,
        teams: pd.DataFrame,
        task_changes: pd.DataFrame,
        team_changes: pd.DataFrame,
    ):
        self.edition, self.sources, self.language = edition, sources, edition.language
        self.teams, self.task_changes, self.team_changes = teams, task_changes, team_changes
        of_wave = {"shortfall": shortfalls, "task": tasks, "team": teams[teams["wave"] == edition.wave.wave]}
        self.shares = {kind: list(one_per_item(table).itertuples()) for kind, table in of_wave.items()}
        self.measured = {kind: [row for row in rows if pd.notna(row.ci_low)] for kind, rows in self.shares.items()}

    def cover(self) -> Cover:
        """Title, lead, key figures, chart and origin."""
        edition = self.edition
        source = self.sources.source_of(*edition.years.values())
        kind = self._kind()
        # without an interval there is no chart of percentages: that of the years stands in its place
        shown = kind if kind and self.measured[kind] else "team" if self.shares["team"] else None
        return Cover(
            language=self.language,
            title=self._title(kind),
            subtitle=speak.say(self.language, f"subtitle_{source}", wave=edition.wave.wave),
            source=source,
            lead=self._lead(kind) if kind else (),
            key_figures=tuple(self._key_figures())[:MOST_FIGURES],
            chart=CHARTS.get(shown or ""),
            origin=self._origin(),
            wave=edition.wave.wave,
            editorial=edition.editorial,
            labels=labels_of(edition.project),
        )

    def _kind(self) -> str | None:
        """What the title speaks of: what was measured, or else what was published without an interval."""
        measured = (kind for kind, rows in self.measured.items() if rows)
        published = (kind for kind, rows in self.shares.items() if rows)
        return next(measured, next(published, None))

    def _title(self, kind: str | None) -> str:
        if kind is None:
            return titled(self.edition, "title", wave=self.edition.wave.wave)
        first = (self.measured[kind] or self.shares[kind])[0]
        label = self.edition.label(first.concept)
        return speak.sentence_case(
            titled(self.edition, f"title_{kind}", wave=self.edition.wave.wave, label=label, share=self._claimed(first))
        )

    def _claimed(self, row: Any) -> str:
        """The share that a title claims: about half where the interval reaches to both sides of it.

        Of tasks and shortfalls without an interval no more than that some municipalities say so, as in the article: of
        whom their percentage is, is seldom known either.
        """
        if pd.isna(row.ci_low) and row.concept != TEAM:
            some = speak.say(self.language, "title_some")
            return f"{some} {whom(self.edition, row)}"
        if pd.notna(row.ci_low) and half(row.ci_low, row.ci_high) == "around":
            return f"{speak.say(self.language, 'half_around')} {whom(self.edition, row)}"
        return of_whom(self.edition, row)

    def _lead(self, kind: str) -> tuple[str, ...]:
        change = self._change() or self._first_task(kind)
        told = [self._other_shortfalls(), change, self._team(kind), *self._without_interval()]
        return (*[sentence for sentence in told if sentence][:2], self._source())

    def _other_shortfalls(self) -> str | None:
        """The shortfalls beside that of the title, by whether more than half name each of them."""
        named: dict[str, list[str]] = {}
        for row in self.measured["shortfall"][1 : MOST_NAMED + 1]:
            named.setdefault(half(row.ci_low, row.ci_high), []).append(self.edition.label(row.concept))
        parts = [
            speak.say(
                self.language,
                "lead_shortfall_more" if place else "lead_shortfall",
                n=len(labels),
                part=speak.say(self.language, f"half_{where}"),
                labels=speak.listing(labels, self.language),
            )
            for place, (where, labels) in enumerate(named.items())
        ]
        return f"{speak.sentence_case(', '.join(parts))}." if parts else None

    def _change(self) -> str | None:
        claims = changes.claimed(self.task_changes)
        publisher = changes.publisher_of(self.edition, self.sources)
        told = changes.by_claim(claims, "task", self.language, lambda row: changes.spell(self.edition, row), publisher)
        return next((told[claim][0] for claim in changes.NEWS if claim in told), None)

    def _first_task(self, kind: str) -> str | None:
        rows = self.measured["task"]
        if kind == "task" or not rows:
            return None
        share, label = of_whom(self.edition, rows[0]), self.edition.label(rows[0].concept)
        return (
            speak.sentence_case(
                speak.say(self.language, "title_task", wave=self.edition.wave.wave, share=share, label=label)
            )
            + "."
        )

    def _team(self, kind: str) -> str | None:
        """Who had a team in the earlier wave, where having one is the news."""
        if kind != "team":
            return None
        claims = changes.claimed(self.team_changes)
        of_wave = claims[(claims["wave"] == self.edition.wave.wave) & claims["difference"].notna()]
        return next((changes.spell_trend(row, self.language) for row in of_wave.itertuples()), None)

    def _without_interval(self) -> Iterable[str]:
        """Shortfalls and tasks of which only a percentage is known."""
        for kind in ("shortfall", "task"):
            if self.shares[kind] and not self.measured[kind]:
                yield found.without_interval(self.edition, pd.DataFrame(self.shares[kind]), kind).text

    def _source(self) -> str:
        wave = self.sources.of(self.edition.wave.wave)
        if self.edition.source == "synthetic":
            return speak.say(self.language, "lead_source_invented")
        if wave.n_respondents is None:
            return speak.say(self.language, "lead_source_unknown", wave=wave.wave)
        return speak.say(self.language, "lead_source", wave=wave.wave, n=wave.n_respondents, N=wave.N)

    def _key_figures(self) -> Iterable[KeyFigure]:
        for row in self.measured["shortfall"][:1]:
            yield self._figure(row, "key_shortfall")
        yield from self._task_figure()
        for row in self.shares["team"]:
            figure = self._figure(row, "key_team")
            yield figure.model_copy(update={"text": self._with_earlier(figure.text)})
        wave = self.sources.of(self.edition.wave.wave)
        if wave.n_respondents is not None:
            text = speak.say(self.language, "key_response", n=wave.n_respondents, N=wave.N)
            yield KeyFigure(value=speak.percent_cell(wave.n_respondents / wave.N), text=text)

    def _task_figure(self) -> Iterable[KeyFigure]:
        """The task of which fewer or more municipalities say so than before, or else the one named most."""
        rows = self.measured["task"]
        known = changes.spoken(changes.claimed(self.task_changes), self.language)
        claims = known.set_index("concept")["claim"]
        publisher = changes.publisher_of(self.edition, self.sources)
        told_by = {row.concept: publisher(row) for row in known.itertuples()}
        for named, place in ((FEWER, -1), (MORE, 0)):
            changed = [row for row in rows if claims.get(row.concept) in named]
            if changed:
                figure = self._figure(changed[place], "key_task")
                concept = changed[place].concept
                text = speak.say(
                    self.language,
                    named[claims[concept]],
                    text=figure.text,
                    publisher=told_by[concept],
                    baseline=self.edition.baseline_year,
                )
                yield figure.model_copy(update={"text": text})
                return
        for row in rows[:1]:
            yield self._figure(row, "key_task")

    def _figure(self, row: Any, key: str) -> KeyFigure:
        value = speak.percent_cell(row.share)
        text = speak.say(self.language, key, whom=whom(self.edition, row), label=self.edition.label(row.concept))
        if pd.isna(row.ci_low):
            return KeyFigure(value=speak.say(self.language, "about", share=value), text=text)
        return KeyFigure(value=value, text=text, interval=speak.sentence_case(likely(row, self.language)))

    def _with_earlier(self, text: str) -> str:
        """The key figure of having a team with that of the baseline behind it, and whether they differ for certain."""
        earlier = self.teams[(self.teams["wave"] == self.edition.baseline_year) & self.teams["ci_low"].notna()]
        claims = changes.claimed(self.team_changes)
        claim = claims.loc[(claims["wave"] == self.edition.wave.wave) & claims["difference"].notna(), "claim"]
        if earlier.empty or claim.empty:
            return text
        told = claim.iloc[0]
        return speak.say(
            self.language,
            "key_before" if told in changes.SHOWN else KEYS_BEFORE.get(told, "key_before_no_evidence"),
            text=text,
            baseline=self.edition.baseline_year,
            share=speak.whole_percent(earlier["share"].iloc[0], self.language),
        )

    def _origin(self) -> Origin | None:
        """Of a survey that was held; invented answers have none."""
        if self.edition.source == "synthetic":
            return None
        wave = self.edition.wave
        return Origin(
            held_by=wave.held_by[self.language],
            fieldwork=wave.fieldwork[self.language],
            report=wave.report.title,
            published=wave.report.published[self.language],
            url=wave.report.url,
        )


def cover(edition: Edition, sources: Sources, **known: pd.DataFrame) -> Cover:
    """The cover of an edition from what is known of its wave: see `News`."""
    return News(edition, sources, **known).cover()


def labels_of(project: Project) -> dict[str, dict[str, Text]]:
    """What the slugs of concepts and bases stand for, in every language: by column, then by slug."""
    known: dict[str, Mapping[str, Text]] = {
        "concept": {slug: concept.label for slug, concept in project.concepts.items()},
        "base": project.bases,
    }
    return {
        column: {slug: Text(nl=text.nl, en=text.en) for slug, text in texts.items()} for column, texts in known.items()
    }
