"""Small files written by the tests themselves; a canary marks what may never reach a message."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from lostudy.errors import DataError, Problem

CANARY = "Zwartkopmees-7731"


@pytest.fixture
def canary() -> str:
    """A value that stands in the files and must never stand in a message."""
    return CANARY


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write text (or bytes) to a file in the test's own folder."""

    def make(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return make


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Write an .xlsx; sheets are given as name=rows, or rows alone for one sheet."""

    def make(
        name: str,
        rows: Sequence[Sequence[Any]] | dict[str, Sequence[Sequence[Any]]],
        merge: str | None = None,
    ) -> Path:
        import openpyxl

        book = openpyxl.Workbook()
        book.remove(book.active)
        sheets = rows if isinstance(rows, dict) else {"Blad1": rows}
        for title, lines in sheets.items():
            sheet = book.create_sheet(title)
            for line in lines:
                sheet.append(list(line))
            if merge:
                sheet.merge_cells(merge)
        path = tmp_path / name
        book.save(path)
        return path

    return make


Tables = dict[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]


def store(path: Path, tables: Tables) -> Path:
    """A SQLite file: table -> (columns, rows)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    for table, (columns, rows) in tables.items():
        connection.execute(f'create table "{table}" ({", ".join(columns)})')
        marks = ", ".join("?" * len(columns))
        connection.executemany(f'insert into "{table}" values ({marks})', rows)
    connection.commit()
    connection.close()
    return path


@pytest.fixture
def database(tmp_path: Path) -> Callable[..., Path]:
    """Write a SQLite file into the test's own folder."""
    return lambda name, tables: store(tmp_path / name, tables)


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[..., Path]:
    """Write a zip of members."""

    def make(name: str, members: dict[str, str | bytes], deflate: bool = True) -> Path:
        path = tmp_path / name
        kind = zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED
        with zipfile.ZipFile(path, "w", kind) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return path

    return make


@pytest.fixture
def problem_of() -> Callable[..., Problem]:
    """Call something that must raise DataError, and return its only problem."""

    def call(function: Callable[..., Any], *arguments: Any) -> Problem:
        with pytest.raises(DataError) as caught:
            function(*arguments)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
        assert len(caught.value.problems) == 1
        assert caught.value.problems[0].what
        assert caught.value.problems[0].cure
        return caught.value.problems[0]

    return call


def rows_of(frame: Any) -> list[list[str | None]]:
    """A categorical frame as rows of text, None where missing."""
    cells = frame.astype("object")
    return [[None if c != c or c is None else str(c) for c in row] for row in cells.to_numpy()]


@pytest.fixture(name="rows_of")
def rows_of_fixture() -> Callable[[Any], list[list[str | None]]]:
    return rows_of
