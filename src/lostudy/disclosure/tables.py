"""What a table must be before it is protected: groups of the policy, whole numbers, no free words.

What is not understood is refused, all of it at once, and never with a value in the message.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from numbers import Real

import numpy as np
import pandas as pd

from lostudy.deliveries.identifiers import kinds_in
from lostudy.disclosure.claims import QUANTITIES
from lostudy.disclosure.people import WEIGHT
from lostudy.disclosure.policy import check_policy
from lostudy.disclosure.sums import ALL
from lostudy.errors import DisclosureError, Problem
from lostudy.study import Disclosure

NUMBERS = ("estimate", "low", "high")
TEXTS = (
    "note", "wording", "method", "items", "family", "adjusted", "equivalence", "same_sign", "n_eff",
)  # fmt: skip
SPREAD = "se"
HELP = (SPREAD, "minimum", "maximum", "span")
TOLD = (*QUANTITIES, "estimand", "step", "status")  # no groups of persons


def check_shape(table: object, by: Sequence[str]) -> list[Problem]:
    """What keeps a table from being read at all."""
    if not isinstance(table, pd.DataFrame):
        what = f"a {type(table).__name__} instead of a table"
        return [Problem(what, "give a DataFrame with one row per estimate")]
    if isinstance(table.columns, pd.MultiIndex) or not table.columns.is_unique:
        what = "a table with more than one level of headings, or the same heading twice"
        return [Problem(what, "give one row per estimate")]
    if isinstance(by, str) or not all(isinstance(each, str) for each in (*by, *table.columns)):
        what = "headings, or groups in by, that are no list of names"
        return [Problem(what, "name every column, and give by as a list of names")]
    return []


def check_counts(
    table: pd.DataFrame,
    by: Sequence[str],
    policy: Disclosure,
    known: Sequence[str],
    answers: Sequence[str] = (),
) -> None:
    """Raise DisclosureError with everything that is wrong with a table of groups and counts `n`.

    `known`: the columns that it may have besides; `answers`: columns that name answers, not groups.
    """
    problems = [*check_policy(policy), *check_shape(table, by)]
    if problems:
        raise DisclosureError(problems)
    problems += check_groups(by, policy)
    by = (*by, *answers)
    for column in (each for each in (*by, "n") if each not in table):
        cure = "protect needs every identifying column and n, the number of persons"
        problems.append(Problem(f"a table without column '{column}'", cure))
    for column in (str(each) for each in table if each not in (*by, "n", *known)):
        cure = "leave it out, or name it in by or values"
        problems.append(Problem(f"column '{column}' is unknown to protect", cure))
    if "n" in table and not whole(table["n"]):
        what = "a number of persons that is negative or not whole"
        problems.append(Problem(what, "count distinct persons, as integers"))
    if not problems and by and table[list(by)].astype("str").duplicated().any():
        problems.append(Problem("two rows for one group", f"one row per {' × '.join(by)}"))
    if not problems:
        problems += _named(table, [each for each in (*by, *TEXTS) if each in table])
    if problems:
        raise DisclosureError(problems)


def check_groups(by: Sequence[str], policy: Disclosure) -> list[Problem]:
    """Groups of persons are those that the policy names; answers are never groups."""
    cure = f"by: {', '.join(policy.dimensions)}; another one is named under dimensions in "
    cure += "[disclosure] of study.toml by who signs the policy; answers go to protect_shares"
    return [
        Problem(f"'{each}' is no group of the disclosure policy", cure)
        for each in by
        if each not in (*policy.dimensions, *TOLD)
    ]


def check_behind(people: pd.DataFrame, by: Sequence[str], policy: Disclosure) -> list[Problem]:
    """Groups of persons that the people behind a table do not know, and weights that are none."""
    cure = "give the group of each person: how many there are is counted, not taken from n"
    problems = [
        Problem(f"the people behind this table without their '{each}'", cure)
        for each in by
        if each in policy.dimensions and each not in people
    ]
    if WEIGHT in people and not (_finite(people[WEIGHT]) and people[WEIGHT].notna().all()):
        what = "weights of persons that are no finite numbers"
        problems.append(Problem(what, "give each person in the table a weight"))
    return problems


def _named(table: pd.DataFrame, columns: Iterable[str]) -> list[Problem]:
    """Words that point at somebody by their form, among groups and notes."""
    cure = "no words of persons in a table: name groups and reasons only"
    return [
        Problem(f"column '{column}' holds {kind}", cure, rule="D14")
        for column in columns
        for kind in kinds_in("\n".join(table[column].dropna().astype("str").unique()))
    ]


def check_values(table: pd.DataFrame, values: Sequence[str]) -> None:
    """Raise where estimates are no finite numbers, or nothing says how far answers can be apart."""
    unknown = [each for each in values if each not in NUMBERS]
    cure = f"values are {', '.join(NUMBERS)}: a mean, a difference or a coefficient with its "
    cure += "interval; shares go to protect_shares, least and most are never shown"
    problems = [Problem(f"'{each}' is no number that protect can judge", cure) for each in unknown]
    wrong = [each for each in values if each in table and not _finite(table[each])]
    cure = "give finite numbers, or a missing value"
    problems += [Problem(f"column '{each}' holds no numbers", cure) for each in wrong]
    shown = any(each in table for each in values)
    ends = {"minimum", "maximum"} <= set(table) or {"low", "high"} <= set(table)
    if shown and not ends and not {SPREAD, "span"} & set(table):
        what = "estimates of which nothing says whether all of a group answered alike"
        cure = "give minimum and maximum of what can be answered; of a difference its span"
        problems.append(Problem(what, cure))
    if problems:
        raise DisclosureError(problems)


def _finite(values: pd.Series) -> bool:
    known = [each for each in values.tolist() if not pd.isna(each)]
    real = all(isinstance(each, Real) and not isinstance(each, bool) for each in known)
    return real and all(math.isfinite(each) for each in known)


def whole(counts: pd.Series) -> bool:
    """Whether counts are integers of nothing less than zero; a missing one is "not measured"."""
    kind = counts.dtype
    if pd.api.types.is_bool_dtype(kind) or not pd.api.types.is_integer_dtype(kind):
        return False
    known = counts.dropna()
    return not bool((known < 0).any() or (known > np.iinfo("int64").max).any())


def has_total(values: pd.Series) -> bool:
    """Whether a column holds groups and their total.

    >>> has_total(pd.Series(["a", "all"])), has_total(pd.Series(["all"]))
    (True, False)
    """
    texts = set(values.astype("str"))
    return ALL in texts and len(texts) > 1
