"""What Taguette's log of commands says of the codebook: tags added, renamed, merged, deleted.

An exported project gives tags new numbers, and minus the old number to tags that are gone; the
destination of a merge keeps its old number. Old numbers were given in order, so those of the tags
that are left are the gaps between those of the tags that are gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lostudy.deliveries.interviews.database import Record, text

CHANGES = {"tag_add": "added", "tag_delete": "deleted", "tag_merge": "merged"}


def history(commands: Sequence[Record]) -> list[Record]:
    """The changes in the order of the log; a tag added again under another name was renamed."""
    names: dict[Any, str] = {}
    keys = old_numbers(commands)
    rows = []
    for command, payload, key in _about_tags(commands):
        known, name = names.get(key, ""), text(payload.get("tag_path"))
        change, to = CHANGES[payload["type"]], ""
        if change == "merged":
            destination = payload.get("dest_tag_id")
            to = text(keys.get(destination, destination) if _is_key(destination) else None)
        elif change == "added" and known:
            if name == known:
                continue
            change, to = "renamed", name
        names[key] = name or known
        rows.append({
            "when": text(command.get("date")), "coder": text(command.get("user_login")),
            "change": change, "code": text(key), "name": known or name, "to": to})
    return rows


def old_numbers(commands: Sequence[Record]) -> dict[Any, Any]:
    """The number of a tag before the project was exported -> its number in the export.

    >>> log = [{"payload": {"type": "tag_add", "tag_id": key}} for key in (1, -110, 2, -112)]
    >>> old_numbers(log)
    {109: 1, 110: -110, 111: 2, 112: -112}
    """
    first = list(dict.fromkeys(
        key for _, payload, key in _about_tags(commands) if payload["type"] == "tag_add"))
    anchors = [(place, -key) for place, key in enumerate(first) if key < 0]
    if not anchors or any(
        other[1] - one[1] != other[0] - one[0]
        for one, other in zip(anchors, anchors[1:], strict=False)
    ):
        return {-key: key for key in first if key < 0}
    place, number = anchors[0]
    return {number + at - place: key for at, key in enumerate(first)}


def _about_tags(commands: Sequence[Record]) -> Iterator[tuple[Record, Record, int]]:
    for command in commands:
        payload = command["payload"]
        if payload.get("type") in CHANGES:
            key = payload.get("tag_id", payload.get("src_tag_id"))
            if _is_key(key):
                yield command, payload, key


def _is_key(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
