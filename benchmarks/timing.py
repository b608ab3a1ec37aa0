"""How long a call takes, for the benchmarks beside this file."""

from __future__ import annotations

import time
from collections.abc import Callable


def best_of(call: Callable[[], object], rounds: int = 7) -> float:
    """The shortest of several runs in milliseconds; the first one warms up."""
    call()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)
