"""Checking and refreshing a Markdown, Quarto or LaTeX file, with the states of a Word document."""

from __future__ import annotations

import fnmatch
import os
import shutil
from pathlib import Path

from lostudy.errors import DocumentError, Problem
from lostudy.findings.forms import OWN, forms_of, text_of
from lostudy.publish.anchors import digest_of, near
from lostudy.publish.latest import Records, ready
from lostudy.publish.states import Report, Row, state_of, unused
from lostudy.publish.textfile import (
    Spot,
    defined,
    marked,
    shown,
    spots_in,
    syntax_of,
    without_marks,
    written,
)
from lostudy.publish.wish import Change, Refreshed, Wish, kept_copy, same_file
from lostudy.words import word


def read_text(path: Path) -> str:
    """The text of a file; raises DocumentError where it is none."""
    try:
        return Path(path).read_bytes().decode()
    except FileNotFoundError:
        problem = Problem("there is no such document", "check the name", path.name)
        raise DocumentError(problem) from None
    except (UnicodeDecodeError, IsADirectoryError):
        raise DocumentError(
            Problem("it is no text in UTF-8", "save it as UTF-8", path.name)
        ) from None


def check_text(path: Path, records: Records, reports: Path, language: str = "nl") -> Report:
    """The state of every finding in a text."""
    text, syntax = read_text(path), syntax_of(path)
    spots = spots_in(text, syntax, records)
    rows = tuple(
        _row(text, spot, spots, records, language, syntax, reports, path.parent) for spot in spots
    )
    return Report(rows, unused(records, rows))


def refresh_text(
    path: Path, records: Records, reports: Path, wish: Wish, output: Path | None = None
) -> Refreshed:
    """Refresh a text in place, or into `output`; a copy is kept, hand edits stay."""
    wish.require_known(records)
    before, syntax = read_text(path), syntax_of(path)
    target = path if output is None else output
    text = before
    changes: list[Change] = []
    for spot in reversed(spots_in(before, syntax, records)):
        spots = spots_in(text, syntax, records)
        spot = next(each for each in spots if each.start == spot.start and each.kind == spot.kind
                    and each.address == spot.address)  # fmt: skip
        fresh = _fresh(text, spot, spots, records, reports, wish, syntax, target.parent)
        if fresh is not None:
            changes.insert(0, _change(text, before, spot, spots, records, wish.language))
            text = text[: spot.start] + fresh + text[spot.end :]
    text = defined(text, syntax)
    if text == before and same_file(target, path):
        backup = None
    else:
        backup = kept_copy(target) if target.exists() else None
        _write(target, text)
    return Refreshed(tuple(changes), check_text(target, records, reports, wish.language), backup)


def _change(
    text: str, before: str, spot: Spot, spots: list[Spot], records: Records, language: str
) -> Change:
    """What is done at a spot: what stood there, and what the finding says now."""
    record, form, said = records[spot.address.id], spot.address.form, shown(text, spot, spots)
    block = form == "" and record["kind"] in ("figure", "table")
    renewed = spot.kind == "mark"
    return Change(
        "written" if renewed else "adopted", str(spot.address), _where(before, spot, language),
        said if renewed and not block else "",
        said if form == OWN else text_of(record, form, language),
    )  # fmt: skip


def _write(path: Path, text: str) -> None:
    """Write a text in one step, its line ends as they are, through a link to its file."""
    path = path.resolve()
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_bytes(text.encode())
        if path.exists():
            shutil.copymode(path, fresh)
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def release_text(path: Path, output: Path) -> Path:
    """The text without marks."""
    _write(output, without_marks(read_text(path), syntax_of(path)))
    return output


def _fresh(
    text: str, spot: Spot, spots: list[Spot], records: Records, reports: Path, wish: Wish,
    syntax: str, home: Path,
) -> str | None:  # fmt: skip
    """What comes in the place of a spot; None where it stays."""
    record = records.get(spot.address.id)
    if record is None or not ready(record) or spot.problem:
        return None
    form = spot.address.form
    if form not in ("", *forms_of(record)):
        return None
    said = shown(text, spot, spots)
    accepted = spot.kind == "mark" and any(fnmatch.fnmatch(spot.address.id, each)
                                           for each in wish.accept)  # fmt: skip
    if spot.kind == "sentence" or (accepted and record["kind"] == "claim"):
        left, right = spot.inside
        return marked(type(spot.address)(spot.address.id, OWN), text[left:right], syntax,
                      digest_of(said))  # fmt: skip
    if form == OWN:
        return None
    now = written(record, form, wish.language, syntax, reports, home)
    now = now.replace("\n", "\r\n") if "\r\n" in text else now
    fresh = digest_of(now)
    if spot.kind == "mark":
        forced = any(fnmatch.fnmatch(spot.address.id, each) for each in wish.force)
        same = digest_of(said) == fresh
        if (same and spot.digest == fresh) or not (
            same or forced or digest_of(said) == spot.digest
        ):
            return None
    return marked(spot.address, now, syntax, fresh)


def _row(
    text: str, spot: Spot, spots: list[Spot], records: Records, language: str, syntax: str,
    reports: Path, home: Path,
) -> Row:  # fmt: skip
    name, form, where = spot.address.id, spot.address.form, _where(text, spot, language)
    record, said = records.get(name), shown(text, spot, spots)
    if record is None:
        like = near(name, records)
        note = word("note_near", language, ", ".join(like)) if like else ""
        return Row("unknown", name, form, where, said, "", note)
    if form not in ("", *forms_of(record)) and not spot.problem:
        note = word("note_form", language, ", ".join(forms_of(record)))
        return Row("unknown", name, form, where, said, "", note)
    now = (
        said
        if form == OWN or spot.problem
        else written(record, form, language, syntax, reports, home)
    )
    waiting = spot.kind != "mark"
    state = state_of(record, form, digest_of(said), spot.digest, digest_of(now))
    note = word("note_claim", language, record[f"text_{language}"]) if state == "broken" else ""
    if waiting and state not in ("withdrawn", "broken"):
        state, note = "token", word(f"note_{spot.problem}", language) if spot.problem else ""
    if not ready(record) and state in ("ok", "token"):
        state, note = "token", word("note_draft", language)
    return Row(state, name, form, where, said, now, note)


def _where(text: str, spot: Spot, language: str) -> str:
    return word("where_line", language, text.count("\n", 0, spot.start) + 1)
