"""SQLite stores, opened so that nothing can be written, not even a journal."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from lostudy.deliveries.files import refusal

Record = dict[str, Any]


class Database:
    """The tables of an open store, asked for by name; a table or column may be absent.

    `words`: columns without whose text nothing can be read.
    """

    def __init__(
        self, path: Path, connection: sqlite3.Connection, words: frozenset[str] = frozenset()
    ) -> None:
        self.path = path
        self.words = words
        self.connection = connection
        found = connection.execute("select name from sqlite_master where type = 'table'")
        self.tables = frozenset(str(row[0]) for row in found)

    def rows(self, table: str) -> list[Record]:
        """All rows of a table, [] where the version of the tool has no such table."""
        if table not in self.tables:
            return []
        cursor = self.connection.execute(f'select * from "{table}"')
        names = [column[0] for column in cursor.description]
        words = [name for name in names if name in self.words]
        records = (dict(zip(names, row, strict=True)) for row in cursor)
        return [self._with_words(table, words, record) for record in records]

    def _with_words(self, table: str, words: list[str], record: Record) -> Record:
        """A row; what should be words and was stored as bytes is decoded."""
        for name in (each for each in words if isinstance(record[each], bytes)):
            try:
                record[name] = record[name].decode("utf-8")
            except UnicodeDecodeError:
                raise refusal(
                    self.path, f"a cell of {table}.{name} holds bytes that are no text",
                    "open the project in the tool, look that part up, and export it again",
                    rule="sqlite.text") from None
        return record


@contextmanager
def opened(
    path: Path, tool: str, words: frozenset[str] = frozenset()
) -> Iterator[Database]:
    """The store, read-only; what SQLite and a missing column raise becomes our own error."""
    try:
        with _settled(path) as uri, closing(sqlite3.connect(uri, uri=True)) as connection:
            connection.text_factory = lambda data: data.decode("utf-8", "replace")
            yield Database(path, connection, words)
    except (sqlite3.Error, UnicodeDecodeError):
        raise refusal(
            path, f"the {tool} database is cut off, damaged or no database",
            "close the tool, copy the file again, and deliver the copy", rule="sqlite.damaged",
        ) from None
    except KeyError as error:
        raise refusal(
            path, f"a table of the {tool} database has no column {error}",
            "tell the maintainers which version of the tool wrote it", rule="sqlite.column",
        ) from None


@contextmanager
def _settled(path: Path) -> Iterator[str]:
    """The address of a store with all that was written to it.

    A tool that was open when its store was copied leaves a journal beside it, with rows that are
    not in the store yet: then a copy is opened in which SQLite may put them.
    """
    beside = [path.with_name(path.name + ending) for ending in ("-wal", "-journal")]
    left = [journal for journal in beside if journal.is_file() and journal.stat().st_size]
    if not left:
        yield path.resolve().as_uri() + "?mode=ro&immutable=1"
        return
    with tempfile.TemporaryDirectory() as folder:
        for each in (path, *left):
            shutil.copyfile(each, Path(folder) / each.name)
        yield (Path(folder) / path.name).as_uri()


def table_names(path: Path) -> frozenset[str]:
    """The names of the tables in a SQLite file."""
    with opened(path, "SQLite") as database:
        return database.tables


def text(value: Any) -> str:
    """A value of a database as text, "" where there is none."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def made(row: Record) -> dict[str, str]:
    """Who made a row and when, where the store says so."""
    written = (("created", row.get("date")), ("created by", row.get("owner")))
    return {name: text(value) for name, value in written if value}
