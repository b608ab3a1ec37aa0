"""The ledger: every claim that a run or an earlier release made about persons, kept under data/.

A protected table is written down when a notebook makes it, one file per table: what each row tells,
of how many, how precisely, and the keys of the persons behind it. It holds no answer. It is about
persons, so it never leaves data/.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from lostudy.disclosure.claims import Claims
from lostudy.disclosure.safe import Safe
from lostudy.errors import DisclosureError, Problem
from lostudy.study.parameters import PUBLIC

COLUMNS = {
    "table": "str", "kind": "str", "audience": "str", "unit": "str", "row": "int64",
    "label": "str", "quantity": "str", "shown": "bool", "least": "Int64", "most": "Int64",
    "error": "float64", "span": "float64", "person": "str", "moment": "str", "weight": "float64",
}  # fmt: skip


def note(folder: Path, safe: Safe, audience: str = PUBLIC) -> None:
    """Write down what a protected table tells; the same table twice is written once."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, claims in enumerate(safe.claims):
        path = folder / f"{safe.kind}-{safe.digest}-{number}.parquet"
        _frame(safe, claims, audience).to_parquet(path, index=False)


def _frame(safe: Safe, claims: Claims, audience: str) -> pd.DataFrame:
    rows = claims.rows.rename_axis("row").reset_index()
    frame = rows.merge(claims.members, how="left", on="row")
    facts = {"kind": safe.kind, "audience": audience, "unit": claims.unit, "table": ""}
    return frame.assign(**facts)[list(COLUMNS)].astype(COLUMNS)


def read_ledger(folders: Iterable[tuple[str, Path]]) -> pd.DataFrame:
    """Every claim in these folders, each under the name by which a reader knows where it stands.

    Raises DisclosureError where a file cannot be read: what is not known cannot be attacked.
    """
    frames = []
    for name, folder in folders:
        for path in sorted(folder.glob("*.parquet")):
            frame = _read(path)
            table = f"{frame['kind'].iloc[0]} ({name})" if len(frame) else name
            frames.append(frame.assign(table=table, source=f"{name}/{path.stem}"))
    if not frames:
        return pd.DataFrame(columns=[*COLUMNS, "source"]).astype(COLUMNS)
    return pd.concat(frames, ignore_index=True)


def _read(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path).astype(COLUMNS)
    except (OSError, ValueError, KeyError):
        what = "this page of the ledger cannot be read"
        cure = "run `lostudy run --force`; a page of an earlier release: put it back from a copy"
        raise DisclosureError(Problem(what, cure, f"{path.parent.name}/{path.name}")) from None
