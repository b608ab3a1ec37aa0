"""How many planted defects are told, missed and falsely told, in deliveries corrupted by seed.

    python benchmarks/corruption.py [--seeds 50] [--first 0]

Each seed spoils about nine of the shipped deliveries, each in one way (some of which must change
nothing), checks them all, and compares what is told with what was planted and with what was told
before. A kind that is never missed and nothing told falsely is the aim; what is missed is listed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from corruption.run import corrupt, summary, told  # noqa: E402
from lostudy.study import load_study  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    study, raw = load_study(ROOT), ROOT / "data" / "raw"
    before, outcomes, start = told(study, raw), [], time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(given.first, given.first + given.seeds):
            outcome = corrupt(study, raw, Path(folder) / "raw", seed, before)
            outcomes.append(outcome)
            for each in outcome.missed:
                print(f"seed {seed}: missed {each.kind} in {each.file}, rows {each.rows}")
            for each in outcome.false:
                print(f"seed {seed}: told falsely {each}")
    found, missed, false = summary(outcomes)
    for kind in sorted({*found, *missed}):
        print(f"  {kind:<30} found {found[kind]:>4}   missed {missed[kind]:>3}")
    seconds = (time.perf_counter() - start) / given.seeds
    print(
        f"{given.seeds} seeds, {len({*found, *missed})} kinds: found {sum(found.values())}, missed "
        f"{sum(missed.values())}, told falsely {len(false)} ({seconds:.1f} s per seed)"
    )


if __name__ == "__main__":
    main()
