"""Kinds of defect in coded interviews and their register."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import zipfile
from collections.abc import Callable

import openpyxl

from corruption.survey import Planted

VOICES: dict[str, Callable] = {}


def voice(spoil: Callable) -> Callable:
    VOICES[spoil.__name__] = spoil
    return spoil


def in_workbook(spoil: Callable) -> Callable:
    """A kind of defect for organisations whose coding came in a workbook: by its path and name."""

    def planted(folder, organisation, rng):
        path, name = _name(folder, organisation)
        return spoil(path, name, rng) if path.suffix == ".xlsx" else None

    VOICES[spoil.__name__] = planted
    return spoil


def _name(folder, organisation):
    (path,) = (folder / organisation / "T2").glob("interviews.*")
    return path, f"{organisation}/T2/{path.name}"


def _rows(path):
    sheet = openpyxl.load_workbook(path).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    return rows, [str(cell).casefold() for cell in rows[0]]


def _save(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def _column(head, *names):
    return next(head.index(name) for name in names if name in head)


@voice
def code_outside_the_codebook(folder, organisation, rng):
    path, name = _name(folder, organisation)
    if path.suffix == ".xlsx":
        rows, head = _rows(path)
        at = rng.randrange(1, len(rows))
        rows[at][_column(head, "code")] = "Iets heel nieuws"
        _save(path, rows)
        return Planted("code_outside_the_codebook", name, frozenset({"C23"}), (at + 1,))
    if path.suffix == ".sqlite3":
        with sqlite3.connect(path) as store:
            store.execute("insert into tags (id, project_id, path, description) "
                          "values (9999, 1, 'Iets heel nieuws', '')")
            store.execute("update highlight_tags set tag_id = 9999 where rowid = "
                          "(select min(rowid) from highlight_tags)")
        store.close()
        return Planted("code_outside_the_codebook", name, frozenset({"C23"}))
    return None


@in_workbook
def coder_under_another_name(path, name, rng):
    rows, head = _rows(path)
    at = rng.randrange(1, len(rows))
    column = _column(head, "created by", "codeur")
    rows[at][column] = f"{rows[at][column]} thuis"
    _save(path, rows)
    return Planted("coder_under_another_name", name, frozenset({"C23"}), (at + 1,))


@in_workbook
def coded_twice(path, name, rng):
    rows, _ = _rows(path)
    at = rng.randrange(1, len(rows))
    rows.append(list(rows[at]))
    _save(path, rows)
    return Planted("coded_twice", name, frozenset({"C23"}), (len(rows), at + 1))


@voice
def overlapping_codings(folder, organisation, rng):
    """One code by one coder on two passages that overlap."""
    path, name = _name(folder, organisation)
    if path.suffix != ".qdpx":
        return None
    with zipfile.ZipFile(path) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    (qde,) = [each for each in members if each.endswith(".qde")]
    text = members[qde].decode("utf-8")
    found = list(re.finditer(
        r'<PlainTextSelection [^>]*startPosition="(\d+)" endPosition="(\d+)".*?'
        r"</PlainTextSelection>", text, re.DOTALL))
    one = rng.choice([each for each in found if "CodeRef" in each[0]])
    start, end = int(one[1]), int(one[2])
    if end - start < 40:
        return None
    copy = one[0].replace(f'startPosition="{start}"', f'startPosition="{start + 10}"')
    copy = re.sub(r'guid="([0-9a-fA-F])', lambda m: f'guid="{(int(m[1], 16) + 1) % 16:x}', copy)
    copy = re.sub(r' name="[^"]*"', "", copy, count=1)
    members[qde] = (text[: one.end()] + copy + text[one.end():]).encode("utf-8")
    with zipfile.ZipFile(path, "w") as archive:
        for each, content in members.items():
            archive.writestr(each, content)
    return Planted("overlapping_codings", name, frozenset({"C23"}),
                   also=frozenset({"offset.repaired", "offset.convention"}))


@in_workbook
def attribute_out_of_range(path, name, rng):
    rows, head = _rows(path)
    at = rng.randrange(1, len(rows))
    rows[at][_column(head, "comment", "opmerking")] = "werking: fantastisch"
    _save(path, rows)
    return Planted("attribute_out_of_range", name, frozenset({"C23"}), (at + 1,))


@in_workbook
def document_renamed(path, name, rng):
    rows, head = _rows(path)
    column = _column(head, "document name", "gesprek")
    chosen = rng.choice([row[column] for row in rows[1:]])
    for row in rows[1:]:
        if row[column] == chosen:
            row[column] = "Gesprek met onbekend"
    _save(path, rows)
    numbers = tuple(at + 1 for at, row in enumerate(rows) if row[column] == "Gesprek met onbekend")
    return Planted("document_renamed", name, frozenset({"C23"}), numbers, also=frozenset({"C23"}))


def _register(folder, organisation, change):
    path = folder / organisation / "T2" / "conversations.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    at, head = 1, rows[0]
    change(rows[at], head)
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    path.write_text(stream.getvalue(), encoding="utf-8")
    return f"{organisation}/T2/conversations.csv", at + 1


def _cell(name, column, value):
    def spoil(folder, organisation, rng):
        def change(row, head):
            row[head.index(column)] = value
        file, row = _register(folder, organisation, change)
        return Planted(name, file, frozenset({"C23"}), (row,))
    spoil.__name__ = name
    return spoil


for _kind, _col, _value in (
    ("consent_unclear", "consent", "misschien"), ("minutes_in_words", "minutes", "een uur"),
    ("question_unknown", "questions_asked", "lq1;lq9"),
):
    voice(_cell(_kind, _col, _value))
