"""What became of each finding in a Word document: a report, and nothing changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lostudy.findings.forms import OWN, forms_of
from lostudy.publish.anchors import digest_of, fits, near
from lostudy.publish.latest import latest, ready
from lostudy.publish.states import Report, Row, state_of, unused
from lostudy.publish.word.names import INS, name
from lostudy.publish.word.package import Package, open_package, owner_files
from lostudy.publish.word.pictures import alt_by_hand, drawing_in
from lostudy.publish.word.places import Place, places_in, stands_alone
from lostudy.words import word

Records = Mapping[str, Mapping[str, Any]]


def check_word(path: Path, records: Records, language: str = "nl") -> Report:
    """The state of every finding in a document; raises DocumentError where it cannot be read."""
    package = open_package(path)
    notes = [word("note_open", language)] if owner_files(path) else []
    return report_of(package, records, language, notes)


def report_of(
    package: Package, records: Records, language: str, notes: list[str] | None = None
) -> Report:
    """The report on a document that was read."""
    places = [place for place in places_in(package, records) if not place.twin]
    rows = tuple(row_of(place, records, language) for place in places)
    said = [*(notes or []), *_about(package, language)]
    return Report(rows, unused(records, rows), tuple(said))


def _about(package: Package, language: str) -> list[str]:
    """What an author should know of the document as a whole."""
    said = [word("note_macros", language)] if package.macros else []
    tracked = sum(1 for _ in package.tree(package.main).iter(INS, name("w:del")))
    said += [word("note_tracked", language, tracked)] if tracked else []
    settings = package.related(package.main, "settings")
    on = settings is not None and package.tree(settings).find(name("w:trackRevisions")) is not None
    return said + ([word("note_tracking", language)] if on else [])


def row_of(place: Place, records: Records, language: str) -> Row:
    """A place as a row of the report."""
    record = records.get(place.address.id)
    where = where_of(place, language)
    form = place.address.form
    if record is None:
        return Row("unknown", place.address.id, form, where, place.shown, "",
                   _unknown_note(place, records, language))  # fmt: skip
    if form not in ("", *forms_of(record)) and place.problem != "alone":
        known = ", ".join(forms_of(record))
        note = word("note_form", language, known)
        return Row("unknown", place.address.id, form, where, place.shown, "", note)
    now = place.shown if form == OWN or place.problem == "alone" else latest(record, form, language)
    block = form == "" and record["kind"] in ("figure", "table")
    said = str(record[f"text_{language}"]) if block else now
    if place.kind == "token":
        return _token(place, record, where, said, language)
    digests = place.intact, place.digest, digest_of(now)
    state = state_of(record, form, *digests)
    if state == "ok" and not ready(record):
        return Row("token", place.address.id, form, where, place.shown, now,
                   word("note_draft", language))  # fmt: skip
    note = ""
    if record["kind"] == "figure" and form == "":
        drawing = drawing_in(place.element) if place.kind == "control" else place.element
        if state == "ok" and drawing is not None and alt_by_hand(drawing):
            state, note = "edited", word("note_alt", language)
    if state == "broken":
        note = word("note_claim", language, str(record[f"text_{language}"]))
    shown = said if block and state in ("ok", "stale") else place.shown
    return Row(state, place.address.id, form, where, shown, said, note)


def _token(place: Place, record: Mapping[str, Any], where: str, now: str, language: str) -> Row:
    """A token that was typed: waiting to be put in place, or why it cannot be."""
    state, note = "token", ""
    if record["status"] == "withdrawn":
        state = "withdrawn"
    elif record["kind"] == "claim" and record["status"] != "holds":
        state, note = "broken", word("note_claim", language, str(record[f"text_{language}"]))
    elif not ready(record):
        note = word("note_draft", language)
    elif place.problem and place.problem != "field":
        note = word(f"note_{place.problem}", language)
    elif record["kind"] == "table" and place.address.form == "" and not stands_alone(place):
        note = word("note_block", language)
    elif not fits(place.address):
        note = word("note_long", language)
    return Row(state, place.address.id, place.address.form, where, place.shown, now, note)


def _unknown_note(place: Place, records: Records, language: str) -> str:
    if place.problem == "unclosed":
        return word("note_unclosed", language)
    like = near(place.address.id, records)
    return word("note_near", language, ", ".join(like)) if like else ""


def where_of(place: Place, language: str) -> str:
    """Where a place is, as an author looks for it."""
    where = word("where_paragraph", language, place.paragraph)
    return where if place.story == "body" else f"{word(f'where_{place.story}', language)}, {where}"
