"""Reports of a few made-up tables, for what is told of them."""

from wijkpeiling.contracts import CHANGES, ESTIMATES
from wijkpeiling.present.blocks import Cover, Sentence, Table
from wijkpeiling.records import Text
from wijkpeiling.report.model import Report, Section

LABELS = {
    "concept": {
        "task_short_term_support": Text(nl="kortdurende ondersteuning", en="short-term support"),
        "task_signalling": Text(nl="signaleren", en="spotting problems"),
        "shortfall_preventive_work": Text(
            nl="preventief werken en vroegsignalering", en="preventive work and early detection"
        ),
        "shortfall_outreach": Text(nl="outreachend werken", en="outreach"),
        "collective_work": Text(nl="collectief werken", en="collective work"),
        "has_wijkteam": Text(nl="werkt met een wijkteam", en="has a neighbourhood team"),
    },
    "base": {
        "respondents": Text(nl="alle gemeenten die antwoordden", en="all responding municipalities"),
        "with_team": Text(nl="gemeenten met een wijkteam", en="municipalities with a team"),
        "wants_support": Text(
            nl="gemeenten die extra ondersteuning willen", en="municipalities that want extra support"
        ),
    },
}

NOTHING_TO_REMARK = dict.fromkeys(("is_n_estimated", "is_N_estimated", "is_suppressed"), False)


def share(concept, value, low=None, high=None, *, wave=2027, base="respondents", source="microdata", flag=None, **more):
    """A row of estimates."""
    given = {"wave": wave, "concept": concept, "base": base, "share": value, "ci_low": low, "ci_high": high}
    fixed = {"domain": "overall", "domain_value": "all", "target": "population"} | NOTHING_TO_REMARK
    method = {"method": "none" if low is None else "exact", "source": source, "flag": flag}
    return dict.fromkeys(ESTIMATES.columns) | fixed | given | method | more


def change(concept, conclusion, difference=None, **more):
    """A row of changes between 2019 and 2027."""
    fixed = {"domain": "overall", "domain_value": "all", "baseline": 2019, "wave": 2027, "source": "microdata"}
    method = {"method": "none" if difference is None else "mover", "overlap": None if difference is None else "known"}
    told = {"concept": concept, "conclusion": conclusion, "difference": difference}
    return dict.fromkeys(CHANGES.columns) | fixed | method | told | more


def table(name, contract, rows, language="nl"):
    """A table that carries the rows."""
    return Table(
        id=name, language=language, caption="Tabel", columns=("",), rows=(("rij",),), contract=contract, records=rows
    )


def made(estimates=None, changes=None, *, language="nl", sentences=(), **cover):
    """A report of estimates by table and changes by table."""
    given = {"title": "Titel", "subtitle": "Ondertitel", "source": "microdata", "wave": 2027, "labels": LABELS} | cover
    blocks = [
        *(table(name, "estimates", rows, language) for name, rows in (estimates or {}).items()),
        *(table(name, "changes", rows, language) for name, rows in (changes or {}).items()),
        *(Sentence(id=name, language=language, text=text) for name, text in sentences),
    ]
    sections = [Section(id="01", title="Een", blocks=blocks)]
    return Report(cover=Cover(language=language, **given), sections=sections)
