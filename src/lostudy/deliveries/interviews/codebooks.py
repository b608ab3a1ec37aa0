"""A codebook through time as the coding tool kept it: versions that were exported, and its log."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lostudy.deliveries.tables import InterviewDelivery

VERSIONS = ["version", "codes", "added", "gone"]
LINEAGE = ["code", "name", "merged", "from"]


def compare_codebooks(versions: Sequence[tuple[str, InterviewDelivery]]) -> pd.DataFrame:
    """One row per version, in the order given: how many codes, and which came and went.

    Codes are compared by their path, because an export of another day can have other keys.
    """
    rows: list[dict[str, object]] = []
    known: list[str] | None = None
    for name, delivery in versions:
        paths = [str(path) for path in delivery.codes["path"].dropna()]
        before = paths if known is None else known
        rows.append({
            "version": name, "codes": len(paths),
            "added": [path for path in paths if path not in before],
            "gone": [path for path in before if path not in paths]})
        known = paths
    return pd.DataFrame(rows, columns=VERSIONS)


def lineage(delivery: InterviewDelivery) -> pd.DataFrame:
    """One row per code: the names of all codes that were merged into it, directly or in between."""
    into: dict[str, list[tuple[str, str]]] = {}
    history = delivery.history
    for change, code, name, to in history[["change", "code", "name", "to"]].itertuples(index=False):
        if change == "merged" and isinstance(to, str):
            into.setdefault(to, []).append((code, name if isinstance(name, str) else ""))
    rows = []
    for code, name in delivery.codes[["code", "name"]].itertuples(index=False):
        found = _all_into(code, into)
        rows.append({"code": code, "name": name, "merged": len(found), "from": found})
    return pd.DataFrame(rows, columns=LINEAGE)


def _all_into(code: str, into: dict[str, list[tuple[str, str]]]) -> list[str]:
    names: list[str] = []
    waiting, seen = [code], {code}
    while waiting:
        for source, name in into.get(waiting.pop(), []):
            names.append(name)
            if source not in seen:
                seen.add(source)
                waiting.append(source)
    return names
