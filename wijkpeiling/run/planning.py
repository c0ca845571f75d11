"""The plan of a coming wave, told and written."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from wijkpeiling.errors import ProjectError
from wijkpeiling.project import Project

if TYPE_CHECKING:
    from wijkpeiling.present.blocks import Table
    from wijkpeiling.trend.planning import Plan


def plan_wave(
    root: Path,
    folder: Path,
    *,
    baseline: int | None,
    municipalities: int | None,
    share: float,
    rates: list[float],
    families: list[int],
    overlap: float | None,
    correlation: float,
    change: float,
    language: str,
) -> str:
    """Compute what a coming wave can find, write it, and return the table as text.

    Writes ``plan.csv``, ``plan.svg``, and ``index.html``, where other choices can be tried.

    Parameters
    ----------
    baseline
        Year of the wave to compare with; None for the newest of which the respondents are known.
    municipalities
        In the coming wave; None for the number of the newest confirmed year.
    share, overlap, correlation
        As in `wijkpeiling.trend.planning.Plan`.
    rates
        Response rates, 0-1.
    families
        Numbers of items tested together.
    change
        To find, 0-1.

    Raises
    ------
    ProjectError
        When the baseline's respondents are not known.
    EstimationError
        For numbers that no wave can have.
    """
    from wijkpeiling.charts.style import house_style
    from wijkpeiling.population import read_population
    from wijkpeiling.present import planning
    from wijkpeiling.run.folder import replacing
    from wijkpeiling.run.provenance import package, write_build
    from wijkpeiling.trend.planning import Plan, check_change, plan_table

    check_change(change)
    project = Project(root)
    population = read_population(project)
    wave = project.wave(project.newest_counted_wave if baseline is None else baseline)
    if wave.n_respondents is None:
        raise ProjectError(f"the respondents of {wave.wave} are not known", todo="choose another wave with --baseline")
    confirmed = population.municipalities[population.municipalities["status"] == "confirmed"]
    newest = int(confirmed.sort_values("year")["municipalities"].iloc[-1])
    N = newest if municipalities is None else municipalities
    plan = Plan(
        N,
        wave.n_respondents,
        population.n_municipalities(wave.frame_date),
        p=share,
        overlap=overlap,
        correlation=correlation,
    )
    detectable = plan_table(plan, [plan.respondents(rate) for rate in rates], families)
    table = planning.table(plan, detectable, language)
    chart = planning.chart(plan, detectable, language)
    with replacing(folder, "plan", root) as new:
        detectable.to_csv(new / "plan.csv", index=False, lineterminator="\n")
        (new / "plan.svg").write_text(chart.drawings(house_style()).wide, encoding="utf-8")
        page = _page(plan, wave.wave, change, rates, families, table, language)
        (new / "index.html").write_text(page, encoding="utf-8")
        write_build(new, {"kind": "plan", "package": package(), "plan": asdict(plan)})
    needed = planning.sentences(plan, change, families, language)
    return "\n".join([planning.as_text(table), "", *(sentence.text for sentence in needed)])


def _page(
    plan: Plan, baseline: int, change: float, rates: list[float], families: list[int], table: Table, language: str
) -> str:
    from wijkpeiling.charts.style import house_style
    from wijkpeiling.present import planning, whatif
    from wijkpeiling.report.whatif import render_what_if
    from wijkpeiling.trend.whatif import choices_of, what_if

    found = what_if(plan, choices_of(plan, rates, families, change))
    middle = plan.respondents(rates[len(rates) // 2])
    return render_what_if(
        whatif.controls(found, families, change, middle, language),
        whatif.lookup(found, baseline, language),
        tables=[table, whatif.interval_table(found, language)],
        sentences=planning.sentences(plan, change, families, language),
        baseline=baseline,
        style=house_style(),
        language=language,
    )
