"""How a job went, as its process tells it."""

from __future__ import annotations

from dataclasses import dataclass

from lostudy.run.plan import Job

NOTEBOOK = "notebook.ipynb"


@dataclass(frozen=True)
class Outcome:
    """How a job went: seconds, and where it failed ("" if it did not); never an answer.

    `left_out`: the cells whose output was not protected and does not stand in the reports;
    `strays`: the files that the notebook wrote by itself, which do not stand there either;
    `kept`: the notebook stands under data/failed as far as it came;
    `unproven`: no output is of lostudy, so that nothing in it says whose it is.
    """

    job: Job
    seconds: float
    failed: str = ""
    cell: int | None = None
    said: str = ""
    left_out: tuple[int, ...] = ()
    strays: tuple[str, ...] = ()
    kept: bool = False
    unproven: bool = False
