"""Invent the small project of this folder: published figures of 2017 and 2019, item responses of 2027.

Nothing here is about real municipalities: codes begin with GM9, which no municipality has. Run from the project's
folder with ``python tests/data/mini/make.py``; the same seed gives the same files.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import yaml

RAW = Path(__file__).parent / "data" / "raw"
SIZE_CLASSES = ["<20k", "20-50k", "50-100k", ">=100k"]
N, RESPONDENTS = {2017: 120, 2019: 110, 2027: 100}, {2017: 78, 2019: 72, 2027: 66}
MERGED_ON = ["2018-01-01", "2023-01-01"]
TEAM = "has_wijkteam"
# share in each wave over those with a team; having one is over all
SHARES = {
    TEAM: (0.80, 0.82, 0.86),
    "task_signalling": (0.55, 0.62, 0.84),
    "task_case_management": (0.80, 0.78, 0.74),
    "task_long_term_support": (0.42, 0.33, 0.12),
    "shortfall_outreach": (0.40, 0.42, 0.45),
    "shortfall_preventive_work": (0.66, 0.60, 0.35),
    "shortfall_informal_networks": (0.30, 0.31, 0.30),
}
LABELS = {
    TEAM: ("team", "werkt met een wijkteam", "has a neighbourhood team"),
    "task_signalling": ("task", "signaleren", "signalling"),
    "task_case_management": ("task", "casusregie", "case coordination"),
    "task_long_term_support": ("task", "langdurende ondersteuning", "long-term support"),
    "shortfall_outreach": ("shortfall", "outreachend werken", "outreach"),
    "shortfall_preventive_work": ("shortfall", "preventief werken", "preventive work"),
    "shortfall_informal_networks": ("shortfall", "informele netwerken", "informal networks"),
}
# question, its wording and the beginning of the slugs of its items
QUESTIONS = {
    "tasks": ("task_", "Welke taken heeft het wijkteam?", "Which tasks does the team have?"),
    "shortfalls": ("shortfall_", "Waar komt het wijkteam te weinig aan toe?", "What does the team do too little of?"),
}
EXTRA_OPTIONS = {
    "none": {"label": {"nl": "geen van deze", "en": "none of these"}, "is_exclusive": True},
    "dont_know": {"label": {"nl": "weet niet", "en": "do not know"}, "is_exclusive": True, "is_missing": True},
}
# of one of these the publication of 2017 does not say over whom it is
BASE_OPEN = "task_case_management"
PERSISTENCE, LEFT_OPEN = 0.4, 0.03


def main() -> None:
    rng = np.random.default_rng(9027)
    units, mergers = municipalities(rng)
    lasting = {concept: rng.normal(size=N[2017]) for concept in SHARES}
    waves = {year: answers(units[year], lasting, place, rng) for place, year in enumerate(N)}
    respondents = {year: np.sort(rng.choice(units[year].index, RESPONDENTS[year], replace=False)) for year in N}
    write_yaml("concepts.yml", concepts())
    write_population(units, mergers)
    for year in N:
        write_wave(year, respondents)
        table = figures(waves[year].loc[respondents[year]], year) if year < 2027 else []
        write_figures(RAW / str(year) / "published.csv", table)
    write_figures(RAW / "other_studies.csv", [], first="year,")
    write_responses(waves[2027].loc[respondents[2027]], units[2027], rng)


def municipalities(rng: np.random.Generator) -> tuple[dict[int, pd.DataFrame], pd.DataFrame]:
    """The municipalities of each wave by their place in the first, and who was taken in by whom."""
    n = N[2017]
    names = [
        a + b
        for a in ("Dwaal", "Kabouter", "Mompel", "Pluis", "Tover", "Wolken")
        for b in (
            "beke",
            "dam",
            "donk",
            "gaarde",
            "horst",
            "kerke",
            "mond",
            "oord",
            "rode",
            "sluis",
            "stede",
            "veen",
            "waard",
            "wijk",
            "zijl",
            "hoven",
            "burg",
            "drecht",
            "dijk",
            "hage",
        )
    ]
    first = pd.DataFrame(
        {
            "gemeentecode": [f"GM9{number:03}" for number in range(n)],
            "name": rng.permutation(names),
            "size_class": rng.choice(SIZE_CLASSES, n, p=[0.3, 0.45, 0.15, 0.1]),
            "provincie": rng.choice(["Donderland", "Sneeuwgouw", "Windmark"], n),
        }
    )
    units, changes, now = {2017: first}, [], first
    for year, date in zip((2019, 2027), MERGED_ON, strict=True):
        gone = rng.choice(now.index[now["size_class"] == "<20k"], len(now) - N[year], replace=False)
        now = now.drop(index=gone)
        takers = rng.choice(now.index, len(gone), replace=False)
        codes = first["gemeentecode"]
        changes += [(date, "absorption", codes[a], codes[b], "") for a, b in zip(gone, takers, strict=True)]
        units[year] = now
    return units, pd.DataFrame(changes, columns=["date", "kind", "from_code", "to_code", "remark"])


def answers(units: pd.DataFrame, lasting: dict[str, np.ndarray], place: int, rng: np.random.Generator) -> pd.DataFrame:
    """What each municipality would answer: a lasting part and a new one, cut where the share of the wave asks."""
    table = pd.DataFrame(index=units.index)
    for concept, shares in SHARES.items():
        score = PERSISTENCE**0.5 * lasting[concept][units.index]
        score = score + (1 - PERSISTENCE) ** 0.5 * rng.normal(size=len(units))
        table[concept] = score > np.quantile(score, 1 - shares[place])
    return table


def figures(answered: pd.DataFrame, year: int) -> list[dict]:
    """Whole percentages as a publication would print them."""
    with_team = answered[answered[TEAM]]
    rows = []
    for concept in SHARES:
        base = answered if concept == TEAM else with_team
        is_open = concept == BASE_OPEN and year == 2017
        rows.append(
            {
                "concept": concept,
                "pct": int(100 * base[concept].mean() + 0.5),
                "precision": "whole_percent",
                "base": "" if is_open else "respondents" if concept == TEAM else "with_team",
                "base_n": "" if is_open else len(base),
                "unit": "municipalities",
                "status": "accepted",
                "source_title": f"Verzonnen rapport {year}",
                "confidence": "high",
            }
        )
    return rows


def write_figures(path: Path, rows: list[dict], first: str = "") -> None:
    heading = f"{first}concept,pct,precision,count,base,base_n,direction,compared_with,unit,status,remark_nl,remark_en"
    columns = f"{heading},source_title,source_url,confidence".split(",")
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows, columns=columns).to_csv(path, index=False, lineterminator="\n")


def concepts() -> dict:
    bases = {
        "respondents": {"nl": "alle gemeenten die meededen", "en": "all responding municipalities"},
        "with_team": {"nl": "gemeenten met een wijkteam", "en": "municipalities with a team", "defined_by": TEAM},
        "all_municipalities": {"nl": "alle gemeenten", "en": "all municipalities", "is_frame": True},
    }
    return {
        "bases": bases,
        "prevention_levels": {"arises": {"nl": "voorkomen dat het ontstaat", "en": "keeping it from arising"}},
        "ways_of_working": {"outreach": {"nl": "eropaf gaan", "en": "going out"}},
        "concepts": {slug: {"kind": kind, "label": {"nl": nl, "en": en}} for slug, (kind, nl, en) in LABELS.items()},
    }


def write_population(units: dict[int, pd.DataFrame], mergers: pd.DataFrame) -> None:
    folder = RAW / "population"
    folder.mkdir(parents=True, exist_ok=True)
    years = pd.Series(range(min(N), max(N) + 1))
    ended = years.map(lambda year: int((mergers["date"] <= f"{year}-01-01").sum()))
    counts = pd.DataFrame({"year": years, "municipalities": max(N.values()) - ended, "status": "confirmed"})
    counts.to_csv(folder / "municipalities.csv", index=False, lineterminator="\n")
    mergers.to_csv(folder / "mergers.csv", index=False, lineterminator="\n")
    (folder / "size_classes.csv").write_text("year,size_class,municipalities,basis,remark\n", encoding="utf-8")
    frame = units[2027].assign(wave=2027)[["wave", "gemeentecode", "name", "size_class", "provincie"]]
    frame.to_csv(folder / "frame_2027.csv", index=False, lineterminator="\n")


def write_wave(year: int, respondents: dict[int, np.ndarray]) -> None:
    earlier = {2017: [], 2019: [2017], 2027: [2019]}[year]
    overlap = [
        {"wave": before, "n_respondents": len(np.intersect1d(respondents[before], respondents[year]))}
        for before in earlier
    ]
    wave = {
        "wave": year,
        "fieldwork": {"nl": f"zomer {year}", "en": f"summer {year}"},
        "frame_date": f"{year}-01-01",
        "n_respondents": RESPONDENTS[year],
        "baseline": None if year == 2017 else 2017,
        "overlap": overlap,
        "report": {"title": f"Verzonnen rapport {year}", "published": {"nl": str(year), "en": str(year)}, "url": None},
        "held_by": {"nl": "niemand", "en": "nobody"},
    }
    write_yaml(f"{year}/wave.yml", wave)
    alike = {"verdict": "same", "reason": {"nl": "dezelfde vraag", "en": "the same question"}}
    items = {}
    for concept in SHARES:
        bases = ["respondents"] if concept == TEAM else ["respondents", "with_team"]
        comparability = {before: alike for before in N if before < year}
        items[concept] = {"bases": bases, **answer_to(concept), "comparability": comparability}
    # that only those with a team were asked is on record for 2027 alone
    questions = {name: question(name, {"routing": TEAM} if year == 2027 else {}) for name in QUESTIONS}
    write_yaml(f"{year}/questionnaire.yml", {"is_public": True, "questions": questions, "items": items})


def question(name: str, routing: dict) -> dict:
    first, nl, en = QUESTIONS[name]
    options = {
        concept.removeprefix(first): {"label": {"nl": LABELS[concept][1], "en": LABELS[concept][2]}}
        for concept in SHARES
        if concept.startswith(first)
    }
    return {"type": "multiple", "wording": {"nl": nl, "en": en}, **routing, "options": options | EXTRA_OPTIONS}


def answer_to(concept: str) -> dict:
    """The question and the option that say yes to a concept; nothing for a question of its own."""
    return next(
        (
            {"question": name, "counts_as_yes": [concept.removeprefix(first)]}
            for name, (first, *_) in QUESTIONS.items()
            if concept.startswith(first)
        ),
        {},
    )


def write_responses(answered: pd.DataFrame, units: pd.DataFrame, rng: np.random.Generator) -> None:
    table = answered.astype("boolean")
    reasons = []
    for place in table.index:
        missing = {}
        for concept in table.columns.drop(TEAM):
            if not answered.loc[place, TEAM]:
                missing[concept] = "not_shown"
            elif rng.random() < LEFT_OPEN:
                missing[concept] = "not_answered"
        table.loc[place, list(missing)] = pd.NA
        reasons.append("; ".join(f"{concept}={reason}" for concept, reason in missing.items()))
    known = units.loc[table.index]
    for at, name in enumerate(["gemeentecode", "size_class", "provincie"]):
        table.insert(at, name, known[name])
    table.insert(0, "wave", 2027)
    table["weight"] = 1
    table["missing_reason"] = reasons
    path = RAW / "2027" / "responses" / "responses.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n")


class Plain(yaml.SafeDumper):
    """Writes what appears twice twice: the project takes no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def write_yaml(name: str, content: dict) -> None:
    path = RAW / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.dump(content, Dumper=Plain, sort_keys=False, allow_unicode=True), encoding="utf-8")


if __name__ == "__main__":
    main()
