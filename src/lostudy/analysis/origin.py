"""Where a finding comes from: notebook, parameters, frozen plan, tidy tables, code."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from lostudy.analysis.output import notebook_name
from lostudy.analysis.result import Identity, Result
from lostudy.study.contents import KEY, RESULTS, code_hash, hashes_read, read_hashes, tables_hash
from lostudy.study.plan import plan_hash


def origin(result: Result) -> dict[str, Any]:
    """The fields of a finding that say where it comes from."""
    identity = result.identity
    return {
        "question": identity.question,
        "evidence": (result.safe.digest,),
        "notebook": notebook_name(),
        "parameters": {"organisation": identity.organisation, "wave": identity.wave},
        "plan": plan_hash(identity.study),
        "tables": _tables(identity),
        "code": _code(),
    }


@lru_cache
def _code() -> str:
    return code_hash(RESULTS)[:16]


def _tables(identity: Identity) -> dict[str, str]:
    """Organisation → hash of the tidy tables that the run could read."""
    folder = identity.study.folder / "data" / "processed"
    made = (folder / KEY).stat().st_mtime_ns if (folder / KEY).exists() else 0
    everyone = [each.id for each in identity.study.organisations]
    read = everyone if identity.organisation == "all" else [identity.organisation]
    return read_hashes(dict(_hashes(folder, made, tuple(read))))


@lru_cache
def _hashes(folder: Path, _: int, organisations: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    whole = {name: tables_hash(folder / name) for name in organisations}
    there = {name: each for name, each in whole.items() if each}
    return tuple(hashes_read(folder, there).items())
