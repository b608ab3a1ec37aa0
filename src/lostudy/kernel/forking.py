"""What forking asks of a process, and of what is forked from it: for kernels and for notebooks."""

from __future__ import annotations

from pathlib import Path

SINGLE = {  # no threads beside the one that forks
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
INLINE = "module://matplotlib_inline.backend_inline"  # figures go to the notebook


def threads() -> int:
    """How many threads this process has; a fork is safe while there is one."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else 1


def shuffle() -> None:
    """Chance of its own for a process that was forked: its parent's would come back in each."""
    import random

    import numpy as np

    random.seed()
    np.random.seed()
