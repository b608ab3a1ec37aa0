"""Rows about people, to look at while working: asked for by name, and never in a run."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from lostudy.analysis.opening import View
from lostudy.analysis.output import output_folder
from lostudy.errors import DisclosureError, Problem, StudyError

TABLES = ("responses", "missing", "interviews", "segments")


@dataclass(frozen=True, repr=False)
class Rows:
    """Rows about people that somebody asked to see; a run refuses them."""

    frame: pd.DataFrame

    def __repr__(self) -> str:
        return self.frame.to_string()

    def _repr_html_(self) -> str:
        return self.frame.to_html()


def look(view: View, table: str = "responses", rows: int = 5) -> Rows:
    """The first rows of a tidy table, to look at while working; a run refuses this.

    `table`: one of responses, missing, interviews, segments. Raises DisclosureError in a run: what
    is shown then stands in a notebook under reports/.
    """
    outside_a_run()
    if table not in TABLES:
        known = ", ".join(TABLES)
        raise StudyError(Problem(f"there is no table '{table}' to look at", f"one of: {known}"))
    return Rows(view.processed(table).head(rows))


def outside_a_run() -> None:
    """Raise DisclosureError in a run: what is shown there stands in a notebook under reports/."""
    if output_folder() is not None:
        what = "a run shows no rows about people"
        cure = "take lo.look(...) and lo.disagreements(...) out of the notebook before a run"
        raise DisclosureError(Problem(what, cure))
