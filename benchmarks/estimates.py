"""How fast the statistics are beside other packages, in the same run on the same data.

    python benchmarks/estimates.py

Uses the gold data at ../shared/gold where that folder is present, else simulated data of the
same size. R (psych, lme4) joins in where Rscript is installed. A ratio above 1: ours is faster.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from timing import best_of

from lostudy.statistics.aggregation import icc
from lostudy.statistics.agreement import krippendorff_alpha
from lostudy.statistics.bootstrap import reliability_interval
from lostudy.statistics.coding import code_agreement
from lostudy.statistics.kappas import fleiss_kappa
from lostudy.statistics.mixed import fit_mixed
from lostudy.statistics.ordinal import fit_ordinal
from lostudy.statistics.raters import rater_icc
from lostudy.statistics.reliability import alpha, omega
from lostudy.statistics.robust import cluster_ols

GOLD = Path(__file__).resolve().parents[2] / "shared" / "gold"


def teams() -> pd.DataFrame:
    """7,382 persons in 99 teams."""
    if (GOLD / "bh1996.csv").exists():
        frame = pd.read_csv(GOLD / "bh1996.csv")
    else:
        draw = np.random.default_rng(1996)
        group = np.sort(draw.integers(0, 99, 7382))
        frame = pd.DataFrame(draw.normal(size=(7382, 3)), columns=["HRS", "LEAD", "WBEING"])
        frame["GRP"] = group
        frame["WBEING"] += 0.5 * frame["LEAD"] + 0.2 * draw.normal(size=99)[group]
    return frame.assign(one=1.0, G=frame.groupby("GRP")["HRS"].transform("mean"))


def scale() -> pd.DataFrame:
    """2,042 persons, 11 items."""
    if (GOLD / "lq2002.csv").exists():
        return pd.read_csv(GOLD / "lq2002.csv").filter(regex=r"^LEAD\d")
    draw = np.random.default_rng(2002)
    raw = draw.normal(size=(2042, 1)) + draw.normal(size=(2042, 11))
    return pd.DataFrame(np.clip(np.round(3 + raw), 1, 5)).add_prefix("LEAD")


def coders() -> pd.DataFrame:
    """4 coders, 5,000 units, five categories, a tenth missing."""
    draw = np.random.default_rng(4)
    truth = draw.integers(1, 6, 5000)
    ratings = np.where(draw.random((4, 5000)) < 0.8, truth, draw.integers(1, 6, (4, 5000)))
    return pd.DataFrame(ratings.astype(float)).mask(draw.random((4, 5000)) < 0.1).T


def panel() -> pd.DataFrame:
    """60 teams of 12 persons, two waves: a person within a team answers twice."""
    draw = np.random.default_rng(12)
    frame = pd.DataFrame({"person": np.repeat(np.arange(720), 2), "wave": np.tile([0.0, 1.0], 720)})
    frame["team"] = frame["person"] // 12
    frame["y"] = 3 + 0.2 * frame["wave"] + draw.normal(0, 0.3, 60)[frame["team"]]
    frame["y"] += draw.normal(0, 0.5, 720)[frame["person"]] + draw.normal(0, 0.5, 1440)
    frame["answer"] = frame["y"].round().clip(1, 5).astype(int)
    return frame.assign(one=1.0)


def others(items: pd.DataFrame, frame: pd.DataFrame, rated: pd.DataFrame) -> dict[str, tuple]:
    """What -> (package, call), for the packages that are installed."""
    import krippendorff
    import pingouin
    import statsmodels.formula.api as smf
    from statsmodels.miscmodels.ordinal_model import OrderedModel
    from statsmodels.multivariate.factor import Factor
    from statsmodels.stats.inter_rater import aggregate_raters
    from statsmodels.stats.inter_rater import fleiss_kappa as their_kappa

    small = frame.groupby("GRP").head(20).reset_index(drop=True)
    model = smf.mixedlm("WBEING ~ HRS + LEAD + G", frame, groups=frame["GRP"])
    reliability = rated.to_numpy().T

    def resampled_alpha() -> None:
        draw = np.random.default_rng(1)
        for _ in range(50):
            pingouin.cronbach_alpha(items.iloc[draw.integers(0, len(items), len(items))])

    def one_way() -> None:
        pingouin.anova(small, dv="WBEING", between="GRP")

    repeated, complete = panel(), rated.dropna().astype(int)
    long = rated.iloc[:200].dropna().reset_index().melt("index")
    nested = smf.mixedlm("y ~ wave", repeated, groups=repeated["team"],
                         vc_formula={"person": "0 + C(person)"}, re_formula="1")  # fmt: skip
    ordered = OrderedModel(repeated["answer"], repeated[["wave"]], distr="logit")
    line = smf.ols("WBEING ~ HRS + LEAD + G", frame)

    def robust() -> object:
        fit = line.fit(cov_type="cluster", cov_kwds={"groups": frame["GRP"]})
        return fit.bse, fit.pvalues, fit.conf_int()

    return {
        "alpha": ("pingouin", lambda: pingouin.cronbach_alpha(items)),
        "omega": ("statsmodels", lambda: Factor(items, 1, method="ml").fit()),
        "mixed model, persons in teams": ("statsmodels", lambda: nested.fit(reml=True)),
        "cluster-robust errors": ("statsmodels CR1", robust),
        "cumulative logit": ("statsmodels", lambda: ordered.fit(method="bfgs", disp=0)),
        "ICC of raters": (
            "pingouin",
            lambda: pingouin.intraclass_corr(long, "index", "variable", "value"),
        ),
        "Fleiss' kappa": ("statsmodels", lambda: their_kappa(aggregate_raters(complete)[0])),
        "ICC (one-way)": ("pingouin anova", one_way),
        "mixed model, 7,382 rows": ("statsmodels", lambda: model.fit(reml=True)),
        "alpha, bootstrap of 50": ("pingouin", resampled_alpha),
        "Krippendorff's alpha": (
            "krippendorff",
            lambda: krippendorff.alpha(reliability, level_of_measurement="nominal"),
        ),
    }


def ours(items: pd.DataFrame, frame: pd.DataFrame, rated: pd.DataFrame) -> dict[str, Callable]:
    small = frame.groupby("GRP").head(20).reset_index(drop=True)
    X = frame[["one", "HRS", "LEAD", "G"]]
    repeated, some, complete = panel(), rated.iloc[:200].dropna(), rated.dropna()
    return {
        "alpha": lambda: alpha(items),
        "omega": lambda: omega(items),
        "ICC (one-way)": lambda: icc(small, "WBEING", "GRP"),
        "mixed model, 7,382 rows": lambda: fit_mixed(frame["WBEING"], X, frame["GRP"]),
        "mixed model, Kenward-Roger": lambda: fit_mixed(
            frame["WBEING"], X, frame["GRP"], df="kenward-roger"
        ),
        "mixed model, persons in teams": lambda: fit_mixed(
            repeated["y"], repeated[["one", "wave"]], repeated["team"], repeated["person"]
        ),
        "cluster-robust errors": lambda: cluster_ols(frame["WBEING"], X, frame["GRP"], "CR1"),
        "cluster-robust errors, CR2": lambda: cluster_ols(frame["WBEING"], X, frame["GRP"]),
        "cumulative logit": lambda: fit_ordinal(repeated["answer"], repeated[["wave"]]),
        "alpha, bootstrap of 50": lambda: reliability_interval(items, draws=50),
        "alpha, bootstrap of 1,000": lambda: reliability_interval(items, draws=1000),
        "omega, bootstrap of 1,000": lambda: reliability_interval(items, "omega", draws=1000),
        "Krippendorff's alpha": lambda: krippendorff_alpha(rated),
        "Fleiss' kappa": lambda: fleiss_kappa(complete),
        "ICC of raters": lambda: rater_icc(some),
        "five coefficients, 1,000 resamples": lambda: code_agreement(rated.iloc[:1000], draws=1000),
    }


R_SCRIPT = """
suppressMessages({{library(psych); library(lme4)}})
d <- read.csv("{teams}"); i <- read.csv("{items}")
ms <- function(f) 1000 * min(sapply(1:7, function(k) system.time(f())[[3]]))
cat("alpha", ms(function() suppressWarnings(alpha(i))), "\\n", sep = "\\t")
one <- function() suppressWarnings(suppressMessages(omega(i, nfactors = 1, plot = FALSE)))
cat("omega", ms(one), "\\n", sep = "\\t")
fit <- function() lmer(WBEING ~ HRS + LEAD + G + (1 | GRP), d)
cat("mixed model, 7,382 rows", ms(fit), "\\n", sep = "\\t")
"""


def by_r(items: pd.DataFrame, frame: pd.DataFrame) -> dict[str, float]:
    """Milliseconds in R, where it is installed."""
    if shutil.which("Rscript") is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        paths = {"teams": f"{folder}/teams.csv", "items": f"{folder}/items.csv"}
        frame.to_csv(paths["teams"], index=False)
        items.to_csv(paths["items"], index=False)
        command = ["Rscript", "-e", R_SCRIPT.format(**paths)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]
    return {parts[0]: float(parts[1]) for parts in lines}


def main() -> None:
    warnings.simplefilter("ignore")
    items, frame, rated = scale(), teams(), coders()
    theirs, r = others(items, frame, rated), by_r(items, frame)
    print(f"{'what':36s} {'ours, ms':>9s} {'other':>16s} {'ms':>9s} {'ratio':>7s} {'R, ms':>8s}")
    for what, call in ours(items, frame, rated).items():
        mine = best_of(call, 3 if "1,000" in what else 7)
        package, other = theirs.get(what, ("", None))
        taken = best_of(other, 3) if other else np.nan
        ratio = f"{taken / mine:7.1f}" if other else ""
        shown = f"{taken:9.2f}" if other else ""
        print(
            f"{what:36s} {mine:9.2f} {package:>16s} {shown:>9s} {ratio:>7s} "
            f"{r.get(what, np.nan):8.1f}"
        )
    assert "statsmodels" not in _imports_of_ours(), "statsmodels is imported without being used"


def _imports_of_ours() -> str:
    code = "import sys, lostudy.statistics.mixed, lostudy.statistics.factor; print(*sys.modules)"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout


if __name__ == "__main__":
    main()
