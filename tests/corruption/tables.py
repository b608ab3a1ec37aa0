"""A delivered survey as rows of cells, to be spoilt and written again as its tool writes it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat

from lostudy.study.codebook import normal


@dataclass
class Table:
    """`rows` under the headings; `targets`: target of the crosswalk → place of its column.

    `first` is the row number of the first record as messages count it; `origin` says for each row
    which row it was before anything was done (None for a new one).
    """

    path: Path
    name: str
    head: list[list[str]]
    rows: list[list[object]]
    targets: dict[str, int]
    first: int
    meta: object = None
    encoding: str = ""
    separator: str = ","
    origin: list[int | None] = field(default_factory=list)
    raw: bytes | None = None

    @property
    def organisation(self) -> str:
        return self.name.split("/")[0]

    @property
    def wave(self) -> str:
        return self.name.split("/")[1]

    @property
    def items(self) -> list[str]:
        """The items in the order of their columns."""
        known = [each for each in self.targets if each[:2].islower() and each[-1].isdigit()]
        return sorted(known, key=self.targets.__getitem__)

    def number(self, place: int) -> int:
        """The row number of the record at a place."""
        return self.first + place

    def cell(self, place: int, target: str) -> object:
        return self.rows[place][self.targets[target]]

    def put(self, place: int, target: str, value: object) -> None:
        self.rows[place][self.targets[target]] = value

    def add(self, row: list[object], place: int | None = None) -> int:
        """A new record (at the end); where it stands."""
        at = len(self.rows) if place is None else place
        self.rows.insert(at, row)
        self.origin.insert(at, None)
        return at

    def save(self) -> None:
        if self.raw is not None:
            self.path.write_bytes(self.raw)
        elif self.path.suffix == ".csv":
            self.path.write_bytes(self.text().encode(self.encoding))
        elif self.path.suffix == ".xlsx":
            _save_xlsx(self)
        else:
            _save_sav(self)

    def text(self) -> str:
        """The whole file as text, for a CSV."""
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, delimiter=self.separator, lineterminator="\n")
        writer.writerows([*self.head, *self.rows])
        return stream.getvalue()


def load(study, raw: Path, organisation: str, wave: str) -> Table:
    """The survey of one organisation at one wave."""
    (path,) = (raw / organisation / wave).glob("survey.*")
    name = f"{organisation}/{wave}/{path.name}"
    rows = study.crosswalks[f"{organisation}-{wave}"]
    read = {".csv": _csv, ".xlsx": _xlsx, ".sav": _sav}[path.suffix]
    table = read(path, name)
    headings = [normal(str(cell)) for cell in table.head[0]]
    codes = [heading.split(". ")[0] for heading in headings]
    for row in rows:
        known = normal(row.source)
        place = headings.index(known) if known in headings else (
            codes.index(known) if known in codes else None)
        if place is not None and row.target != "ignore":
            table.targets[row.target] = place
        elif place is not None and "opm" in known or "kwijt" in known or known == "q65":
            table.targets["comment"] = place
    table.origin = [table.number(place) for place in range(len(table.rows))]
    return table


def _csv(path: Path, name: str) -> Table:
    data = path.read_bytes()
    encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        encoding, text = "cp1252", data.decode("cp1252")
    separator = ";" if text.split("\n", 1)[0].count(";") > 20 else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    heads = 3 if "ImportId" in text[:40_000] else 1
    return Table(path, name, rows[:heads], rows[heads:], {}, heads + 1, encoding=encoding,
                 separator=separator)


def _xlsx(path: Path, name: str) -> Table:
    sheet = openpyxl.load_workbook(path).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    return Table(path, name, [[str(cell or "") for cell in rows[0]]], rows[1:], {}, 2)


def _save_xlsx(table: Table) -> None:
    book = openpyxl.Workbook()
    for row in [*table.head, *table.rows]:
        book.active.append(row)
    book.save(table.path)


def _sav(path: Path, name: str) -> Table:
    frame, meta = pyreadstat.read_sav(str(path), user_missing=True)
    rows = frame.astype("object").where(frame.notna(), None).to_numpy().tolist()
    return Table(path, name, [list(frame.columns)], rows, {}, 1, meta=meta)


def _save_sav(table: Table) -> None:
    meta, names = table.meta, table.head[0]
    frame = pd.DataFrame(table.rows, columns=names)
    for column in names:
        if any(isinstance(cell, (dt.datetime, pd.Timestamp)) for cell in frame[column]):
            frame[column] = pd.to_datetime(frame[column])
        elif meta.readstat_variable_types.get(column) == "double":
            frame[column] = pd.to_numeric(frame[column])
        else:
            frame[column] = frame[column].astype("str").fillna("")
    ranges = {name: [each["lo"] for each in found]
              for name, found in meta.missing_ranges.items() if name in names}
    labels = {name: found for name, found in meta.variable_value_labels.items() if name in names}
    texts = dict(zip(meta.column_names, meta.column_labels, strict=True))
    formats = {name: "DATETIME20" for name in ("begin", "eind") if name in names}
    pyreadstat.write_sav(
        frame, str(table.path), column_labels=[texts.get(name) or "" for name in names],
        variable_value_labels=labels, missing_ranges=ranges, variable_format=formats)
