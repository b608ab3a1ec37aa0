"""Signs of careless answering, against definitions written out person by person."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statistics_data import likert, seeded

from lostudy.statistics.careless import (
    even_odd,
    guttman_errors,
    irv,
    longstring,
    mahalanobis,
    seconds_per_item,
    synonym_pairs,
    synonyms,
)

rows_of_answers = st.lists(
    st.lists(st.one_of(st.none(), st.integers(1, 5)), min_size=6, max_size=6),
    min_size=1,
    max_size=8,
)


@given(rows_of_answers)
def test_longstring_is_the_longest_run(rows: list) -> None:
    expected = [
        max([len(list(g)) for value, g in itertools.groupby(row) if value is not None], default=0)
        for row in rows
    ]
    assert longstring(pd.DataFrame(rows, dtype=float)).tolist() == expected


def test_irv_is_the_sd_of_a_persons_answers() -> None:
    frame = likert("irv", n=20)
    np.testing.assert_allclose(irv(frame), frame.to_numpy().std(axis=1, ddof=1))
    assert np.isnan(irv(pd.DataFrame([[np.nan, np.nan]])).item())


def wide_scales(words: str, n: int = 80) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    draw = seeded(words)
    columns, scales = {}, {}
    for s in range(8):
        latent = draw.normal(size=n)
        names = [f"s{s}i{i}" for i in range(4)]
        for name in names:
            columns[name] = np.clip(np.round(3 + latent + 0.5 * draw.normal(size=n)), 1, 5)
        scales[f"s{s}"] = names
    return pd.DataFrame(columns), scales


def test_even_odd_tells_careful_from_random_answers() -> None:
    frame, scales = wide_scales("careful")
    frame.iloc[:20] = seeded("random answers").integers(1, 6, (20, 32))
    found = even_odd(frame, scales)
    assert found.iloc[20:].median() > 0.85
    assert found.iloc[:20].median() < 0.6
    assert found.between(-1, 1).all()


def test_even_odd_by_hand() -> None:
    frame, scales = wide_scales("hand", n=5)
    row = frame.iloc[0]
    odd = [row[names[0::2]].mean() for names in scales.values()]
    even = [row[names[1::2]].mean() for names in scales.values()]
    r = np.corrcoef(odd, even)[0, 1]
    assert even_odd(frame, scales).iloc[0] == pytest.approx(2 * r / (1 + r))


def test_even_odd_is_undefined_for_few_items_or_straight_lines() -> None:
    frame, scales = wide_scales("few")
    assert even_odd(frame, {k: scales[k] for k in list(scales)[:5]}).isna().all()
    frame.iloc[0] = 3
    assert np.isnan(even_odd(frame, scales).iloc[0])


def test_synonyms_are_pairs_over_the_limit_and_their_correlation() -> None:
    frame, _ = wide_scales("synonyms")
    pairs = synonym_pairs(frame)
    R = frame.corr()
    assert pairs and all(R.loc[a, b] > 0.6 for a, b in pairs)
    assert len(pairs) == int((np.triu(R, 1) > 0.6).sum())
    expected = np.corrcoef(
        frame.iloc[4][[a for a, _ in pairs]], frame.iloc[4][[b for _, b in pairs]]
    )
    assert synonyms(frame).iloc[4] == pytest.approx(expected[0, 1])


def test_antonyms_are_found_below_a_negative_limit() -> None:
    frame, _ = wide_scales("antonyms")
    turned = frame.assign(**{f"s{s}i0": 6 - frame[f"s{s}i0"] for s in range(8)})
    found = synonyms(turned, -0.6)
    assert found.median() < 0


def test_mahalanobis_is_the_squared_distance() -> None:
    frame = likert("distance", n=200)
    centred = frame.to_numpy() - frame.to_numpy().mean(axis=0)
    expected = np.einsum("ij,jk,ik->i", centred, np.linalg.inv(np.cov(centred.T)), centred)
    ours = mahalanobis(frame)
    np.testing.assert_allclose(ours["distance"], expected, rtol=1e-8)
    np.testing.assert_allclose(ours["p"], stats.chi2.sf(expected, 5), rtol=1e-8)
    assert not ours["shrunk"].any()


def test_mahalanobis_with_holes_uses_what_was_answered() -> None:
    frame = likert("holes in distance", n=200)
    frame.iloc[0, 1:] = np.nan
    frame.iloc[1] = np.nan
    ours = mahalanobis(frame)
    z = (frame.iloc[0, 0] - frame["q1"].mean()) ** 2 / frame["q1"].var()
    assert ours["distance"].iloc[0] == pytest.approx(z)
    assert np.isnan(ours["distance"].iloc[1]) and np.isnan(ours["p"].iloc[1])


def test_more_items_than_a_fifth_of_persons_are_shrunk_and_it_is_said() -> None:
    frame, _ = wide_scales("thin", n=40)
    ours = mahalanobis(frame)
    assert ours["shrunk"].all() and np.isfinite(ours["distance"]).all()
    assert mahalanobis(frame.assign(s0i0=3.0))["distance"].isna().all()


def guttman_by_hand(frame: pd.DataFrame) -> list[float]:
    """Normed errors with the largest number found by trying every answer pattern."""
    values = [sorted(frame[c].unique()) for c in frame]
    steps = [(c, v) for c, vs in zip(frame, values, strict=True) for v in vs[1:]]
    order = sorted(range(len(steps)), key=lambda i: (-(frame[steps[i][0]] >= steps[i][1]).sum(), i))

    def errors(answers: dict) -> tuple[int, int]:
        passed = [answers[steps[i][0]] >= steps[i][1] for i in order]
        wrong = sum(passed[j] and not passed[i] for j in range(len(passed)) for i in range(j))
        return wrong, sum(passed)

    most: dict[int, int] = {}
    for pattern in itertools.product(*values):
        wrong, total = errors(dict(zip(frame, pattern, strict=True)))
        most[total] = max(most.get(total, 0), wrong)
    result = []
    for _, row in frame.iterrows():
        wrong, total = errors(row.to_dict())
        result.append(wrong / most[total] if most[total] else np.nan)
    return result


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(*[st.integers(1, 3)] * 4), min_size=5, max_size=10))
def test_guttman_errors_equal_trying_every_pattern(rows: list) -> None:
    frame = pd.DataFrame(rows, columns=list("abcd"))
    if sum(frame.nunique() - 1) < 2:
        assert guttman_errors(frame).isna().all()
        return
    np.testing.assert_allclose(guttman_errors(frame), guttman_by_hand(frame), atol=1e-12)


def test_random_answers_have_more_guttman_errors() -> None:
    frame = likert("guttman", n=200, k=8, loading=0.9) + [0, 0, 0, 0, -1, -1, 1, 1]
    frame.iloc[:40] = seeded("guttman random").integers(1, 6, (40, 8))
    found = guttman_errors(frame.clip(1, 5))
    assert found.iloc[:40].median() > 1.5 * found.iloc[40:].median()
    assert found.dropna().between(0, 1).all()


def test_incomplete_persons_have_no_guttman_errors() -> None:
    frame = pd.DataFrame({"a": [1, 2, np.nan, 1], "b": [1, 2, 2, 1]})
    assert guttman_errors(frame).isna().tolist()[2]
    assert guttman_errors(frame.iloc[:1]).isna().all()


def test_the_order_of_persons_does_not_matter() -> None:
    frame, scales = wide_scales("order")
    other = frame.sample(frac=1, random_state=4)
    for function in (longstring, irv, synonyms, lambda f: even_odd(f, scales), guttman_errors):
        np.testing.assert_allclose(function(other).sort_index(), function(frame), equal_nan=True)


def test_seconds_per_item() -> None:
    found = seconds_per_item(pd.Series([120.0, np.nan]), pd.Series([60, 60]))
    assert found.iloc[0] == 2 and np.isnan(found.iloc[1])
