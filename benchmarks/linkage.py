"""How well and how fast persons are linked over waves, and how fast all careless signs are.

    python benchmarks/linkage.py

Linking: codes of seven elements are drawn for known persons of one organisation. Some leave, others
come, and each element is written otherwise now and then; precision and recall are held against who
they truly are. The peer compares every code with every code by numpy, with the same rule, and must
find the same pairs. Careless signs: 200 x 50 answers, for which the R package careless needed
430 ms (measured once, on another machine; it has no Guttman errors, which count here), and
1,000 x 100.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Callable

import numpy as np
import pandas as pd
from timing import best_of

from lostudy.cleaning.people import link, near_pairs
from lostudy.statistics import careless

ELEMENTS, STAY, R_MILLISECONDS = 7, 0.8, 430
LETTERS = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
# what a person fills in is not spread evenly: some months, letters and house numbers are common
COMMON = 1 / np.arange(1, 27) ** 0.5


def drawn(random: np.random.Generator, size: int) -> np.ndarray:
    """Codes as rows of letters, common letters more often."""
    return random.choice(LETTERS, (size, ELEMENTS), p=COMMON / COMMON.sum())


def two_waves(size: int, error: float, seed: int = 20260101) -> pd.DataFrame:
    """Columns wave, code, truth: `size` records per wave, a share of STAY in both."""
    random = np.random.default_rng(seed)
    first, stay = drawn(random, size), int(STAY * size)
    second = np.vstack([first[:stay], drawn(random, size - stay)])
    wrong = random.random(second.shape) < error
    second = np.where(wrong, random.choice(LETTERS, second.shape), second)
    truth = np.concatenate([np.arange(size), np.arange(stay), size + np.arange(size - stay)])
    wave = pd.Categorical(["T0"] * size + ["T1"] * size, ["T0", "T1"], ordered=True)
    code = ["".join(row) for row in np.vstack([first, second])]
    return pd.DataFrame({"wave": wave, "code": code, "truth": truth})


def shares(codes: pd.DataFrame, names: pd.Series) -> tuple[float, float]:
    """Precision and recall of the pairs of records over the two waves."""
    frame = codes.assign(name=names)
    first, second = (frame[frame["wave"] == wave] for wave in ("T0", "T1"))
    found = first.merge(second, on="name")
    right = (found["truth_x"] == found["truth_y"]).sum()
    return right / len(found), right / len(first.merge(second, on="truth"))


def every_with_every(ones: set[str], others: set[str]) -> list[tuple[str, str]]:
    """The peer: mutually single candidates of one difference at most, from the whole matrix."""
    left, right = sorted(ones), sorted(others)
    A, B = (np.array([list(code) for code in codes]) for codes in (left, right))
    differences = np.zeros((len(left), len(right)), dtype=np.int8)
    for place in range(ELEMENTS):
        differences += A[:, place, None] != B[None, :, place]
    near = differences <= 1
    single = near & (near.sum(axis=1) == 1)[:, None] & (near.sum(axis=0) == 1)[None, :]
    return [(left[row], right[column]) for row, column in zip(*np.nonzero(single), strict=True)]


def quality() -> None:
    print("persons  error per element  rule        precision  recall")
    for size in (150, 1000, 5000):
        for error in (0.0, 0.02, 0.05):
            codes = two_waves(size, error)
            for rule, different in (("exact", 0), ("one apart", 1)):
                precision, recall = shares(codes, link(codes, different))
                print(f"{size:7d}  {error:17.2f}  {rule:10s}  {precision:9.3f}  {recall:6.3f}")


def speed_of_linking(size: int = 5000) -> None:
    codes = two_waves(size, 0.05)
    first, second = (set(codes.loc[codes["wave"] == wave, "code"]) for wave in ("T0", "T1"))
    ones, others = first - second, second - first
    assert near_pairs(ones, others, 1) == sorted(every_with_every(ones, others))
    mine = best_of(lambda: near_pairs(ones, others, 1), 3)
    theirs = best_of(lambda: every_with_every(ones, others), 3)
    print(f"\nlinking 2 x {size:,} codes, all of it: {best_of(lambda: link(codes), 3):.0f} ms")
    print(f"near pairs: {mine:.0f} ms, every with every (numpy) {theirs:.0f} ms:"
          f" {theirs / mine:.1f} x")


def answers(size: int, items: int) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Five-point answers in scales of ten."""
    random = np.random.default_rng(5)
    level = np.repeat(random.normal(size=(size, items // 10)), 10, axis=1)
    raw = np.clip(np.round(3 + level + random.normal(size=(size, items))), 1, 5)
    frame = pd.DataFrame(raw, columns=[f"q{place:03d}" for place in range(items)])
    names = list(frame.columns)
    return frame, {f"S{at}": names[at : at + 10] for at in range(0, items, 10)}


def speed_of_signs() -> None:
    for size, items in ((200, 50), (1000, 100)):
        frame, scales = answers(size, items)
        signs: dict[str, Callable[[], object]] = {
            "longstring": lambda frame=frame: careless.longstring(frame),
            "irv": lambda frame=frame: careless.irv(frame),
            "even-odd": lambda frame=frame, scales=scales: careless.even_odd(frame, scales),
            "synonyms": lambda frame=frame: careless.synonyms(frame, 0.4),
            "Mahalanobis": lambda frame=frame: careless.mahalanobis(frame),
            "Guttman errors": lambda frame=frame, scales=scales: [
                careless.guttman_errors(frame[each]) for each in scales.values()],
        }
        took = {name: best_of(call) for name, call in signs.items()}
        print(f"\ncareless signs, {size:,} x {items}: {sum(took.values()):.1f} ms ("
              + ", ".join(f"{name} {ms:.1f}" for name, ms in took.items()) + ")")
        if size == 200:
            ratio = R_MILLISECONDS / sum(took.values())
            print(f"R careless took {R_MILLISECONDS} ms: {ratio:.0f} x")


def main() -> None:
    quality()
    speed_of_linking()
    speed_of_signs()


if __name__ == "__main__":
    main()
