"""Findings and figures that are no longer as the run made them: somebody changed a file by hand."""

from __future__ import annotations

from collections.abc import Iterable

import typer

from lostudy.errors import Problem
from lostudy.study import Study

REGISTRY = "findings.json"
WHAT, CURE = "this file is not as the run made it", "`lostudy run` makes it again"


def altered(study: Study, records: dict[str, dict], names: Iterable[str]) -> list[Problem]:
    """A problem for the registry, and for each figure of these findings, that was changed.

    Only where the list of what the run made stands: authors who have no data have none.
    """
    from lostudy.run.inventory import FILE, changed

    if not (study.folder / FILE).exists():
        return []
    used = {path for name in names if name in records for path in records[name]["files"].values()}
    other = changed(study.folder, study.folder / "reports") & {REGISTRY, *used}
    return [Problem(WHAT, CURE, f"reports/{each}") for each in sorted(other)]


def tell_altered(study: Study, records: dict[str, dict], names: Iterable[str]) -> None:
    """Say on the error channel which files were changed."""
    for each in altered(study, records, names):
        typer.echo(f"warning: {each}", err=True)
