"""Bring a Word document up to date: tokens become controls, stale texts are written anew.

What somebody edited by hand is left as it is and told; a copy of the document is kept before
anything is written; a document in which nothing changes keeps its bytes.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lostudy.findings.forms import OWN, forms_of
from lostudy.publish.anchors import digest_of, fits
from lostudy.publish.latest import latest, ready
from lostudy.publish.wish import Change, Refreshed, Wish, kept_copy, put, same_file
from lostudy.publish.word.adopt import adopt
from lostudy.publish.word.check import report_of, where_of
from lostudy.publish.word.comments import can_comment, comment
from lostudy.publish.word.controls import take_apart_ids, tidy
from lostudy.publish.word.names import SDT
from lostudy.publish.word.package import Package, open_package, require_closed
from lostudy.publish.word.pictures import alt_by_hand, drawing_in, own_alt
from lostudy.publish.word.places import Place, places_in
from lostudy.publish.word.rewrite import keep_sentence, reseal_place, rewrite
from lostudy.words import word

Records = Mapping[str, Mapping[str, Any]]


def refresh_word(
    path: Path, records: Records, reports: Path, wish: Wish, output: Path | None = None
) -> Refreshed:
    """Refresh a document in place, or into `output`; raises DocumentError where that cannot be.

    `reports`: the folder in which the files of figures stand.
    """
    path = Path(path)
    target = path if output is None else Path(output)
    inside = same_file(target, path)
    require_closed(target)
    package = open_package(path)
    changes = refresh(package, records, reports, wish)
    report = report_of(package, records, wish.language)
    if not package.changed:
        return Refreshed((), report, None if inside else put(path, target))
    backup = kept_copy(target) if target.exists() else None
    package.save(target)
    return Refreshed(tuple(changes), report, backup)


def refresh(package: Package, records: Records, reports: Path, wish: Wish) -> list[Change]:
    """Put findings in place and write stale ones anew, in a document that was read."""
    wish.require_known(records)
    changes = []
    places = places_in(package, records)
    for place in (each for each in places if each.kind != "token"):
        change = _update(package, place, records, reports, wish)
        if change is not None and not place.twin:
            changes.append(change)
    first = len(changes)
    for place in reversed([each for each in places if each.kind == "token"]):
        change = _adopt(package, place, records, reports, wish)
        if change is not None and not place.twin:
            changes.insert(first, change)
    if package.changed:
        _tidy(package)
    return changes


def _asked(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _adopt(
    package: Package, place: Place, records: Records, reports: Path, wish: Wish
) -> Change | None:
    """Put a finding in the place of its token; None where it must wait."""
    record = records.get(place.address.id)
    form = place.address.form
    if record is None or not ready(record) or place.problem not in ("", "field"):
        return None
    if form not in ("", *forms_of(record)) or not fits(place.address):
        return None
    if not adopt(package, place, record, reports, wish.language):
        return None
    package.changed.add(place.part)
    now = place.shown if form == OWN else latest(record, form, wish.language)
    return Change("adopted", str(place.address), where_of(place, wish.language), "", now)


def _update(
    package: Package, place: Place, records: Records, reports: Path, wish: Wish
) -> Change | None:
    """Write a place anew where it is stale, or where that was asked; None where nothing is done."""
    record, form = records.get(place.address.id), place.address.form
    if record is None or form not in ("", *forms_of(record)):
        return None
    where = where_of(place, wish.language)
    if _asked(place.address.id, wish.accept) and record["kind"] == "claim":
        return _accept(package, place, record, where)
    if _asked(place.address.id, wish.accept) and record["kind"] == "figure" and form == "":
        return _accept_alt(package, place, where)
    if form == OWN or not ready(record):
        return None
    now = latest(record, form, wish.language)
    fresh = digest_of(now)
    forced = _asked(place.address.id, wish.force)
    if place.intact == fresh and not forced:
        if place.digest != fresh:
            reseal_place(place, fresh)
            package.changed.add(place.part)
        return None
    if place.intact != place.digest and not forced:
        return None
    written = rewrite(package, place, record, reports, wish.language)
    package.changed.add(place.part)
    if wish.comments and can_comment(place.part, package, written) and not place.twin:
        comment(package, written, _remark(place, record, now, wish.language))
    shown = record["kind"] in ("figure", "table") and form == ""
    return Change("written", str(place.address), where, "" if shown else place.shown,
                  str(record[f"text_{wish.language}"]) if shown else now)  # fmt: skip


def _accept(package: Package, place: Place, record: Mapping, where: str) -> Change | None:
    """Take an author's own sentence as one that says what the claim says."""
    if record["status"] != "holds" or place.kind != "control":
        return None
    if place.address.form == OWN and place.intact == place.digest:
        return None
    text = keep_sentence(package, place.element, place.address.id)
    package.changed.add(place.part)
    return Change("accepted", place.address.id, where, "", text)


def _accept_alt(package: Package, place: Place, where: str) -> Change | None:
    """Take an author's own alternative text as the one that belongs to the figure."""
    drawing = drawing_in(place.element)
    if drawing is None or not alt_by_hand(drawing):
        return None
    package.changed.add(place.part)
    return Change("accepted", place.address.id, where, "", own_alt(drawing))


def _remark(place: Place, record: Mapping[str, Any], now: str, language: str) -> str:
    if record["kind"] in ("figure", "table") and place.address.form == "":
        return word("remark_block", language, place.address.id)
    return word("remark", language, place.address, place.shown, now)


def _tidy(package: Package) -> None:
    """The properties of every control in the order of the schema, each with its own number."""
    roots = [package.tree(part) for part in package.stories]
    for part, root in zip(package.stories, roots, strict=True):
        for control in root.iter(SDT):
            properties = list(control[0]) if len(control) else []
            tidy(control)
            if len(control) and properties != list(control[0]):
                package.changed.add(part)
    package.changed |= {package.stories[place] for place in take_apart_ids(roots)}
