"""Compute every frozen value of R again, and show the worst error of each estimator.

python tests/reference/compare.py            print the table
python tests/reference/compare.py --write    and keep it in ERRORS.md
"""

import runpy
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from wijkpeiling.estimation.design import Design
from wijkpeiling.estimation.intervals import interval
from wijkpeiling.estimation.nonresponse import r_indicator
from wijkpeiling.estimation.overlap import overlap
from wijkpeiling.estimation.shares import shares
from wijkpeiling.methods.replicates import Replicates, jackknife
from wijkpeiling.methods.tables import rao_scott
from wijkpeiling.methods.weights import calibrate, poststratify, rake

HERE = Path(__file__).parent
ITEMS = ["common", "half", "seldom", "gaps", "never", "always", "large"]
COMPLETE = ["common", "half", "seldom"]
BOUNDS = (0.95, 1.06)
# below this a value is compared as it is, not in proportion
NEAR_ZERO = 1e-9
KEYS = ["design", "estimator", "item", "domain"]
# what R gives and the package does not, on purpose: DIFFERENCES.md
DIFFERENT = {"rake_se"}


def frozen() -> pd.DataFrame:
    """The values of R, a row each."""
    return pd.read_csv(HERE / "reference.csv", keep_default_na=False, dtype=dict.fromkeys(KEYS, str))


def errors() -> pd.DataFrame:
    """The values of R beside ours, with the error: relative, or absolute near 0."""
    ours = pd.DataFrame(list(_computed()), columns=[*KEYS, "ours"])
    both = []
    for table in (frozen().query("estimator not in @DIFFERENT"), ours):
        table = table.assign(place=table.groupby(KEYS).cumcount())
        both.append(table.set_index([*KEYS, "place"]).iloc[:, 0])
    joined = both[0].to_frame().join(both[1], how="left", validate="1:1").reset_index()
    # R lets a mean interval pass 0 and 1, and folds an asin interval back at them; ours are cut: DIFFERENCES.md
    joined = joined[~(joined["estimator"].str.startswith("asin") & joined["ours"].isin([0, 1]))]
    cut = joined["value"].clip(0, 1)
    joined = joined.assign(value=joined["value"].mask(joined["estimator"].str.startswith("mean_"), cut))
    distance = (joined["ours"] - joined["value"]).abs()
    return joined.assign(error=np.where(joined["value"].abs() > NEAR_ZERO, distance / joined["value"].abs(), distance))


def worst(table: pd.DataFrame) -> pd.DataFrame:
    """The largest error of each estimator and the number of values compared, with and without calibration."""
    kind = table["estimator"].str.replace(r"_(low|high|\d+)$", "", regex=True)
    return table.groupby(kind)["error"].agg(values="size", worst="max").reset_index()


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(HERE / name)


def designs() -> dict[str, tuple[Design, pd.DataFrame]]:
    """Each design of reference.R with its respondents."""
    answers, frame = read("responses.csv"), read("municipalities.csv")
    population = frame["size_class"].value_counts(sort=False)
    large = answers["size_class"] == ">=100k"
    single = answers[~large | ~large.duplicated()].reset_index(drop=True)
    plain = Design.from_responses(answers, population)
    numbers = answers[["inhabitants"]].assign(log_inhabitants=np.log(answers["inhabitants"]))
    totals = pd.Series(
        {"inhabitants": frame["inhabitants"].sum(), "log_inhabitants": np.log(frame["inhabitants"]).sum()}
    )
    provincies = frame["provincie"].value_counts()
    margins = {"size_class": population, "provincie": provincies}
    made = {
        "fpc": plain,
        "process": Design.from_responses(answers, population, target="process"),
        "unstratified": Design.from_responses(answers, len(frame)),
        "weights": _weighed(plain, answers["weight"].to_numpy()),
        "census_stratum": Design.from_responses(answers, population.where(population.index != ">=100k", large.sum())),
        "poststratify": poststratify(plain, answers["provincie"], provincies),
        "rake": rake(plain, answers[["size_class", "provincie"]], margins),
        "linear": calibrate(plain, numbers, totals),
        "truncated": calibrate(plain, numbers, totals, method="truncated", bounds=BOUNDS),
        "logit": calibrate(plain, numbers, totals, method="logit", bounds=BOUNDS),
    }
    alone = {
        f"singleton_{lonely}": Design.from_responses(single, population, lonely=lonely)
        for lonely in ("adjust", "collapse")
    }
    return {name: (design, answers) for name, design in made.items()} | {
        name: (design, single) for name, design in alone.items()
    }


def _weighed(design: Design, weights: np.ndarray) -> Design:
    """With these weights, of which some are below 1: R takes them and `Design.from_responses` does not."""
    return replace(design, group=np.arange(design.n), group_stratum=design.stratum, group_weight=weights.copy())


def _computed():
    made = designs()
    for name, (design, answers) in made.items():
        yield from ((name, f"weight_{row + 1}", "", "", design.weights[row]) for row in range(10))
        yield from _shares(name, design, answers)
        yield from _covariances(name, design, answers)
        yield from _tables(name, design, answers)
    for name in ("fpc", "process", "census_stratum"):
        design, answers = made[name]
        yield from _replicated(name, "jackknife_se", jackknife(design), design, answers)
    design, answers = made["fpc"]
    weights = read("replicate_weights.csv").to_numpy().T
    yield from _replicated("fpc", "bootstrap_se", Replicates(weights, np.full(12, 1 / 12)), design, answers)
    for name in ("fpc", "process"):
        yield from _change(name, *made[name])
    yield "fpc", "stacked_se", "half", "partly other respondents", _stacked(*made["fpc"])
    yield from _evenness(answers)
    three = shares(made["rake"][0], answers[COMPLETE]).share[0]
    yield from (("rake", "rake_share", item, "", value) for item, value in zip(COMPLETE, three, strict=True))


def _shares(name, design, answers):
    result = shares(design, answers[ITEMS], answers[["provincie", "common"]])
    finite = np.inf if design.target == "process" else result.N[:, None]
    tables = {"share": result.share, "se": result.se, "df": result.df, "deff": result.deff}
    for ours, theirs in {"logit": "xlogit"}.items() | {(m, m) for m in ("asin", "mean", "beta", "wilson")}:
        limits = interval(ours, result.share, result.se, result.df, result.n, finite)
        tables |= {f"{theirs}_{end}": limit for end, limit in zip(("low", "high"), limits, strict=True)}
    for d, (column, value) in enumerate(result.domains):
        domain = "" if d == 0 else f"{column}={value}"
        for j, item in enumerate(result.items):
            yield from ((name, estimator, item, domain, table[d, j]) for estimator, table in tables.items())
    if name == "unstratified":
        limits = interval("exact", result.share[0], result.se[0], result.df[0], result.n[0], result.N[0])
        for end, limit in zip(("low", "high"), limits, strict=True):
            yield from ((name, f"exact_{end}", item, "", value) for item, value in zip(ITEMS, limit, strict=True))


def _covariances(name, design, answers):
    among = shares(design, answers[COMPLETE]).covariance()
    yield from ((name, "covariance_items", " ".join(COMPLETE), "", value) for value in among.ravel())
    between = shares(design, answers[["half"]], answers[["provincie"]]).covariance()[1:, 1:]
    yield from ((name, "covariance_domains", "half", "provincie", value) for value in between.ravel())
    contrast = np.array([1, -1, *[0] * (len(between) - 2)])
    yield name, "contrast_se", "half", "provincie", np.sqrt(contrast @ between @ contrast)


def _tables(name, design, answers):
    for row, column in (("provincie", "half"), ("size_class", "common"), ("half", "common"), ("provincie", "gaps")):
        test = rao_scott(design, answers[row], answers[column])
        values = {"f": test.f, "df_1": test.df_1, "df_2": test.df_2, "p": test.p_value}
        yield from ((name, f"rao_scott_{part}", f"{row} {column}", "", value) for part, value in values.items())


def _replicated(name, estimator, replicates, design, answers):
    result = shares(design, answers[COMPLETE], answers[["common"]])
    for domain, row in zip(("", "common=False", "common=True"), np.sqrt(replicates.variance(result)), strict=True):
        yield from ((name, estimator, item, domain, value) for item, value in zip(COMPLETE, row, strict=True))


def _change(name, design, answers):
    later = read("later.csv")
    waves = shares(design, answers[["half"]]), shares(design, later[["half"]])
    both = overlap(*waves, np.repeat(np.arange(design.n), 2).reshape(-1, 2))
    C = np.block([[both.variance_1, both.covariance], [both.covariance.T, both.variance_2]])
    yield from ((name, "change_covariance", "half", "same respondents", value) for value in C.ravel())
    yield name, "change_se", "half", "same respondents", np.sqrt(C[0, 0] + C[1, 1] - 2 * C[0, 1])


def _evenness(answers):
    frame = read("municipalities.csv")
    frame = frame.assign(n=frame["gemeentecode"].isin(answers["gemeentecode"]), N=1)
    for groups in (["size_class"], ["size_class", "provincie"]):
        response = frame.groupby(groups, as_index=False)[["n", "N"]].sum()
        found = r_indicator(response)
        yield "fpc", "r_indicator", "", " ".join(groups), found.value
        yield "fpc", "r_indicator_uncorrected", "", " ".join(groups), found.uncorrected


def _stacked(design, answers):
    """The standard error that simulate.py takes for R's."""
    frame, later = (read(name) for name in ("municipalities.csv", "later.csv"))
    stacked_se = runpy.run_path(str(HERE / "simulate.py"))["_stacked_se"]
    waves = [
        (pd.DataFrame({"index": pd.Index(frame["gemeentecode"]).get_indexer(codes)}), shares(design, values.to_frame()))
        for codes, values in (
            (answers["gemeentecode"], answers["half"]),
            (later["partly_gemeentecode"], later["partly_half"]),
        )
    ]
    return stacked_se(frame.rename(columns={"size_class": "stratum"}), *waves)


def _table(rows: pd.DataFrame) -> str:
    lines = ["| estimator | values | worst error |", "|---|---:|---:|"]
    return "\n".join(lines + [f"| {name} | {values} | {error:.1e} |" for name, values, error in rows.to_numpy()])


HEADING = """# The worst error of each estimator against R

Relative, or absolute where R gives less than 1e-9 in size. Written by `python tests/reference/compare.py --write`.

"""

if __name__ == "__main__":
    printed = _table(worst(errors()))
    print(printed)
    if "--write" in sys.argv:
        (HERE / "ERRORS.md").write_text(HEADING + printed + "\n", encoding="utf-8")
