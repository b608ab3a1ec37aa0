"""How fast coded interviews are counted and compared, beside a package and plain pandas.

    python benchmarks/coding.py

Alpha with 2,000 resamples on 36 conversations × 50 codes, beside the package krippendorff, which
is given the resampled units one draw at a time (timed on some draws, and told for all). Agreement
and co-occurrence on 200,000 passages × 100 codes, beside the usual merge of a table with itself,
on a tenth of the passages, because the merge does not fit in memory with all. Peak memory is that
of the step itself, in a process of its own. A ratio above 1: ours is faster.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import multiprocessing
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from lostudy import statistics as st

LENGTH, DRAWS, SAMPLE = 60_000, 2_000, 10


def coding(passages: int, conversations: int, codes: int, coders: int = 2) -> pd.DataFrame:
    """Passages of 20 to 400 characters, anywhere in conversations of 60,000."""
    draw = np.random.default_rng(passages)
    start = draw.integers(0, LENGTH - 400, passages)
    return pd.DataFrame({
        "conversation": draw.integers(0, conversations, passages),
        "coder": draw.choice(list("ABCDE")[:coders], passages),
        "code": draw.integers(0, codes, passages),
        "start": start, "end": start + draw.integers(20, 400, passages),
    })  # fmt: skip


def sentences(conversations: int) -> pd.DataFrame:
    """600 sentences of 99 characters in each conversation."""
    at = np.tile(np.arange(0, LENGTH, 100), conversations)
    name = np.repeat(np.arange(conversations), LENGTH // 100)
    return pd.DataFrame({"conversation": name, "start": at, "end": at + 99})


def alpha_beside_krippendorff() -> tuple[float, float, float]:
    """Seconds of ours and of the package for all draws, and the largest difference of alpha."""
    import krippendorff

    segments, units = coding(6_000, 36, 50), sentences(36)
    start = time.perf_counter()
    ours = st.agreement_by_code(segments, units, draws=DRAWS)
    spent = time.perf_counter() - start
    marks = st.coder_marks(segments, units)
    both = segments[["conversation", "coder"]].drop_duplicates()
    ratings = [st.ratings_of(marks, code, units, both).to_numpy().T for code in marks.codes]
    rows = [np.flatnonzero(units["conversation"] == name) for name in range(36)]
    draw = np.random.default_rng(1)
    start = time.perf_counter()
    for _ in range(SAMPLE):
        picked = np.concatenate([rows[name] for name in draw.integers(0, 36, 36)])
        for each in ratings:
            krippendorff.alpha(each[:, picked], level_of_measurement="nominal")
    theirs = (time.perf_counter() - start) / SAMPLE * DRAWS
    told = [krippendorff.alpha(each, level_of_measurement="nominal") for each in ratings]
    mine = ours.loc[ours["measure"] == "alpha", "estimate"].to_numpy()
    return spent, theirs, float(np.abs(np.array(told) - mine).max())


def merged_with_itself(segments: pd.DataFrame) -> pd.DataFrame:
    """The usual way: every passage beside every other of its conversation."""
    rows = segments[["conversation", "code", "start", "end"]]
    both = rows.merge(rows, on="conversation", suffixes=("_a", "_b"))
    both = both[(both["code_a"] < both["code_b"]) & (both["start_a"] < both["end_b"])
                & (both["start_b"] < both["end_a"])]  # fmt: skip
    return both.groupby(["code_a", "code_b"])["conversation"].nunique()


def together_beside_pandas() -> tuple[float, float, bool]:
    """Seconds of both on a tenth of the passages, without resamples, and whether they agree."""
    segments = coding(20_000, 36, 100)
    start = time.perf_counter()
    ours = st.co_occurrence(segments, draws=0).set_index(["one", "two"])["n_both"]
    spent = time.perf_counter() - start
    start = time.perf_counter()
    theirs = merged_with_itself(segments)
    return spent, time.perf_counter() - start, ours.eq(theirs.reindex(ours.index).fillna(0)).all()


STEPS: dict[str, Callable[[pd.DataFrame, int], object]] = {
    "agreement, sentences": lambda s, m: st.agreement_by_code(s, sentences(m), draws=DRAWS),
    "agreement, characters": lambda s, m: st.agreement_by_code(
        s, dict.fromkeys(range(m), LENGTH), draws=DRAWS
    ),
    "co-occurrence, overlap": lambda s, m: st.co_occurrence(s, draws=1000),
    "as MAXQDA": lambda s, m: st.segment_agreement(s, "A", "B"),
    "as NVivo": lambda s, m: st.character_agreement(s, dict.fromkeys(range(m), LENGTH), "A", "B"),
    "disagreements": lambda s, m: st.disagreements(s, "A", "B"),
    "saturation": lambda s, m: st.saturation(s),
}


def measured(task: tuple[str, int]) -> tuple[float, float]:
    """Seconds, and megabytes that the largest size of the process grew by in the step."""
    name, conversations = task
    segments = coding(200_000, conversations, 100)
    STEPS[name](segments.head(200), conversations)
    before = most_memory()
    start = time.perf_counter()
    STEPS[name](segments, conversations)
    spent = time.perf_counter() - start
    return spent, most_memory() - before


def most_memory() -> float:
    """The largest size of this process until now, in megabytes.

    Not ru_maxrss: that of a child begins with its parent's.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def main() -> None:
    ours, theirs, apart = alpha_beside_krippendorff()
    print(f"alpha of 50 codes, 36 conversations, {DRAWS} resamples (all eight measures): "
          f"{ours:.2f} s; krippendorff, alpha alone: {theirs:.0f} s; ratio {theirs / ours:.0f}; "
          f"largest difference {apart:.1e}")  # fmt: skip
    ours, theirs, same = together_beside_pandas()
    print(f"co-occurrence of 20,000 passages, 100 codes: {ours:.2f} s; merged with itself: "
          f"{theirs:.1f} s; ratio {theirs / ours:.0f}; the same counts: {same}")  # fmt: skip
    size = coding(200_000, 36, 100).memory_usage(deep=True).sum() / 2**20
    print(f"200,000 passages × 100 codes ({size:.0f} MB):")
    context = multiprocessing.get_context("spawn")
    for conversations in (36, 400):
        for name in STEPS:
            with context.Pool(1) as pool:
                spent, grown = pool.map(measured, [(name, conversations)])[0]
            print(f"  {conversations} conversations, {name}: {spent:.2f} s, peak {grown:.0f} MB")
    if not same or apart > 1e-9:
        sys.exit("counts or alphas differ from the peer's")


if __name__ == "__main__":
    main()
