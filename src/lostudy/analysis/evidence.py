"""What stands under a table of change: the plan, the turnover, the test, the size, the robustness.

Every line is written from what is protected already, or from numbers over so many persons as the
row that it is about.
"""

from __future__ import annotations

import pandas as pd

from lostudy import formats
from lostudy.analysis.opening import View
from lostudy.analysis.planned import family, planned_tests, shown_p, sizes_of_effect
from lostudy.analysis.result import Result, label
from lostudy.analysis.robustness import all_shown, headline, pooled, sign_share, tellable
from lostudy.analysis.worked import row_of
from lostudy.disclosure import Safe, decimals_for
from lostudy.statistics.everyone import WORKFORCE
from lostudy.study.plan import PRIMARY, outcomes
from lostudy.words import word


def remarks(view: View, scale: str, safe: Safe, moved: Result) -> tuple[str, ...]:
    """The lines under a table of change; those of the headline only where that row is shown."""
    lines = [_turnover(view, moved)]
    row = row_of(safe.table, str(headline(view, scale)["organisation"]), WORKFORCE)
    if row is not None and row["hidden"] == "" and pd.notna(row["estimate"]):
        lines += [_test(view, scale), _size(view, scale, row), _robustness(view, scale, row)]
        lines.append(_pooled(view, scale, row))
    return tuple(line for line in lines if line)


def _turnover(view: View, moved: Result) -> str:
    """Per organisation: so many then, so many now, so many at both; by rounded numbers."""
    table, parts = moved.safe.table, []
    for name, rows in table.groupby("organisation", sort=False):
        if (rows["hidden"] != "").any() or (name == "all" and len(view.organisations) > 1):
            continue
        then, now, both = (formats.count(n, view.language) for n in rows["n"])
        who = label(view.study, "organisation", str(name), view.language)
        parts.append(word("turnover_one", view.language, who, then, now, both))
    return word("turnover_line", view.language, "; ".join(parts)) if parts else ""


def _test(view: View, scale: str) -> str:
    """The planned test over all organisations, adjusted in its family; nothing if exploratory."""
    if view.organisation != "all" or family(view, scale) == "exploratory":
        return ""
    kind = family(view, scale)
    rows = planned_tests(view, kind)
    mine = rows[rows["scale"] == scale]
    if mine.empty or pd.isna(mine["adjusted"].iloc[0]):
        return ""
    adjusted, inside = (_p(view, mine[name].iloc[0]) for name in ("adjusted", "equivalence"))
    count = len(outcomes(view.study, kind))
    key = "test_holm" if kind == PRIMARY else "test_bh"
    sesoi = formats.number(view.study.plan.sesoi, 2, view.language)
    return word(key, view.language, adjusted, count, sesoi, inside)


def _p(view: View, p: float) -> str:
    """A p in a sentence: "= 0,012" or "< 0,001"."""
    text = shown_p(p)
    text = f"< {text[1:]}" if text.startswith("<") else f"= {text}"
    return text.replace(".", ",") if view.language == "nl" else text


def _size(view: View, scale: str, row: pd.Series) -> str:
    found = row_of(sizes_of_effect(view, scale), str(row["organisation"]), WORKFORCE)
    if found is None or pd.isna(found["estimate"]):
        return ""
    places = decimals_for(int(row["n"]))
    value = formats.number(found["estimate"], places, view.language, sign=True)
    interval = formats.interval(found["low"], found["high"], places, view.language)
    return word("effect_line", view.language, value, interval)


def _pooled(view: View, scale: str, row: pd.Series) -> str:
    """The mean organisation under three priors, and that so few cannot settle the spread."""
    if len(view.organisations) < 3 or not all_shown(view, scale):
        return ""
    table = pooled(view, scale)
    means = table[table["what"] == "mean"]
    if means["estimate"].isna().any():
        return ""
    places = decimals_for(int(row["n"]))
    ends = [formats.interval(low, high, places, view.language)
            for low, high in zip(means["low"], means["high"], strict=True)]  # fmt: skip
    return word("pooled_line", view.language, "; ".join(ends))


def _robustness(view: View, scale: str, row: pd.Series) -> str:
    """How many of the other choices agree in sign, and from where to where go those that may be
    shown."""
    curve = tellable(view, scale)
    if curve["estimate"].dropna().empty:
        return ""
    same = round(sign_share(view, scale) * len(curve))
    known = curve.loc[curve["told"], "estimate"].dropna()
    if known.empty:
        return word("robustness_signs", view.language, same, len(curve))
    places = decimals_for(int(row["n"]))
    ends = (formats.number(x, places, view.language, sign=True) for x in (known.min(), known.max()))
    return word("robustness_line", view.language, same, len(curve), *ends)
