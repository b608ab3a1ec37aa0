"""Small data sets of the textbooks, with the values that R prints for them, wherever one runs.

The gold folder is not always there; these tables stand here. Sources: Davies & Goldsmith 1972
(dyestuff, with a second set simulated by Box & Tiao 1973), Pinheiro & Bates 2000 (rails), Student
1908 (two soporifics), Chatterjee & Price 1977 (attitude). Values: lme4, nlme, psych, stats.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lostudy import statistics as st

DYESTUFF = """
A 1545 1440 1440 1520 1580
B 1540 1555 1490 1560 1495
C 1595 1550 1605 1510 1560
D 1445 1440 1595 1465 1545
E 1595 1630 1515 1635 1625
F 1520 1455 1450 1480 1445
"""
DYESTUFF2 = """
A 7.298 3.846 2.434 9.566 7.990
B 5.220 6.556 0.608 11.788 -0.892
C 0.110 10.386 13.434 5.510 8.166
D 2.212 4.852 7.092 9.288 4.980
E 0.282 9.014 4.458 9.446 7.198
F 1.722 4.782 8.106 0.758 3.758
"""
RAIL = """
1 55 53 54
2 26 37 32
3 78 91 85
4 92 100 96
5 49 51 50
6 80 85 83
"""
SLEEP = """
first 0.7 -1.6 -0.2 -1.2 -0.1 3.4 3.7 0.8 0.0 2.0
second 1.9 0.8 1.1 0.1 -0.1 4.4 5.5 1.6 4.6 3.4
"""
ATTITUDE = """
43 51 30 39 61 92 45
63 64 51 54 63 73 47
71 70 68 69 76 86 48
61 63 45 47 54 84 35
81 78 56 66 71 83 47
43 55 49 44 54 49 34
58 67 42 56 66 68 35
71 75 50 55 70 66 41
72 82 72 67 71 83 31
67 61 45 47 62 80 41
64 53 53 58 58 67 34
67 60 47 39 59 74 41
69 62 57 42 55 63 25
68 83 83 45 59 77 35
77 77 54 72 79 77 46
81 90 50 72 60 54 36
74 85 64 69 79 79 63
65 60 65 75 55 80 60
65 70 46 57 75 85 46
50 58 68 54 64 78 52
50 40 33 34 43 64 33
64 61 52 62 66 80 41
53 66 52 50 63 80 37
40 37 42 58 50 57 49
63 54 42 48 66 75 33
66 77 66 63 88 76 72
78 75 58 74 80 78 49
48 57 44 45 51 83 38
85 85 71 71 77 74 55
82 82 39 59 64 78 39
"""


def long(text: str) -> pd.DataFrame:
    """A row per number, with the name that stands before its line."""
    lines = [line.split() for line in text.strip().splitlines()]
    return pd.DataFrame(
        [(name, float(number)) for name, *numbers in lines for number in numbers],
        columns=["team", "value"],
    )


def intercepts(text: str, method: str = "REML") -> st.MixedFit:
    frame = long(text)
    return st.fit_mixed(frame["value"], np.ones((len(frame), 1)), frame["team"], method=method)


@pytest.mark.parametrize(
    ("text", "method", "deviance", "mean", "se", "between", "within"),
    [
        (DYESTUFF, "REML", 319.6543, 1527.5, 19.383, 1764.05, 2451.25),
        (DYESTUFF, "ML", 327.3271, 1527.5, 17.695, 1388.333, 2451.25),
        (DYESTUFF2, "REML", 161.8283, 5.6656, 0.6784, 0.0, 13.806),
        (RAIL, "REML", 122.177, 66.5, 10.171, 24.80547**2, 4.020779**2),
    ],
)
def test_random_intercepts(
    text: str,
    method: str,
    deviance: float,
    mean: float,
    se: float,
    between: float,
    within: float,
) -> None:
    fit = intercepts(text, method)
    assert -2 * fit.loglik == pytest.approx(deviance, abs=1e-3)
    assert fit.fixed["estimate"].item() == pytest.approx(mean, abs=1e-4)
    assert fit.fixed["se"].item() == pytest.approx(se, abs=1e-3)
    assert fit.variance["estimate"].tolist() == pytest.approx([between, within], abs=1e-3)


def test_a_balanced_layout_has_as_many_df_as_teams_less_one() -> None:
    assert intercepts(DYESTUFF).fixed["df"].item() == pytest.approx(5)
    assert intercepts(RAIL).fixed["df"].item() == pytest.approx(5)


def test_the_variance_of_a_layout_without_team_differences_is_zero_and_stays_usable() -> None:
    """Batches that differ less than chance: lme4 stops at 0, and so do we; ICC(1) is negative."""
    assert intercepts(DYESTUFF2).variance["estimate"].iloc[0] == 0
    single = st.icc(long(DYESTUFF2), "value", "team")
    assert single["estimate"].iloc[0] < 0


def test_the_paired_test_of_student() -> None:
    frame = long(SLEEP)
    pairs = frame["value"].to_numpy().reshape(2, 10)
    row = st.cluster_ols(pairs[1] - pairs[0], np.ones((10, 1)), range(10), "CR2").iloc[0]
    assert [row["estimate"], row["statistic"], row["df"]] == pytest.approx(
        [1.58, 4.0621, 9], abs=1e-4
    )
    assert row["p"] == pytest.approx(0.002833, abs=1e-6)
    assert [row["low"], row["high"]] == pytest.approx([0.7001142, 2.4598858], abs=1e-6)


def test_alpha_of_the_attitude_survey() -> None:
    rows = [[int(each) for each in line.split()] for line in ATTITUDE.strip().splitlines()]
    items = pd.DataFrame(rows, columns=list("rcplsia"))
    assert st.alpha(items)["estimate"].item() == pytest.approx(0.8431428, abs=1e-7)
