"""Kinds of defect in survey files; each knows what must be told, and what follows from it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pandas as pd

from corruption.tables import Table


@dataclass
class Planted:
    """One planted defect: told by one of `rules` in `file`, at each of `rows` (or of the file).

    `also`: rules that may speak of the same file because of it; at `rows` anything may.
    """

    kind: str
    file: str
    rules: frozenset[str]
    rows: tuple[int, ...] = ()
    also: frozenset[str] = frozenset()
    whole: bool = False
    silent: bool = False
    files: tuple[str, ...] = field(default=())


Spoil = Callable[..., "Planted | None"]
KINDS: dict[str, Spoil] = {}


def kind(spoil: Spoil) -> Spoil:
    KINDS[spoil.__name__] = spoil
    return spoil


def planted(name: str, table: Table, rules: Iterable[str], places: Iterable[int] = (),
            also: Iterable[str] = (), **more) -> Planted:
    rows = tuple(table.number(place) for place in places)
    return Planted(name, table.name, frozenset(rules), rows, frozenset(also), **more)


def words(study, table: Table, item: str) -> dict[int, object]:
    """What stands in a cell for each answer of an item, as this tool writes it."""
    column = table.targets[item]
    labels = study.item_labels(item)
    seen = {str(row[column]) for row in table.rows}
    crosswalk = {row.target: row for row in study.crosswalks[f"{table.organisation}-{table.wave}"]}
    if table.path.suffix == ".sav":
        return {value: float(value) for value in labels.values}
    if "=" in crosswalk[item].labels:
        return {value: str(value) for value in labels.values}
    if any(labels.labels[value].nl in seen for value in labels.values):
        return {value: labels.labels[value].nl for value in labels.values}
    return {value: labels.labels[value].nl for value in labels.values}


def value_of(study, table: Table, item: str, cell: object) -> int | None:
    """The answer behind a cell."""
    labels = study.item_labels(item)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return int(cell) if cell == cell and int(cell) in labels.values else None
    text = " ".join(str(cell or "").casefold().split())
    if text in labels.accepted:
        return int(labels.accepted[text])
    return int(text) if text.isdigit() and int(text) in labels.values else None


def plain_records(study, table: Table, rng: random.Random, count: int) -> list[int]:
    """Places of ordinary, complete records."""
    fit = []
    for place in range(len(table.rows)):
        if table.origin[place] is None or table.number(place) in busy(table):
            continue
        answered = sum(
            value_of(study, table, item, table.cell(place, item)) is not None
            for item in table.items)
        if answered >= 0.9 * len(table.items) and str(table.cell(place, "link") or "").strip():
            fit.append(place)
    return rng.sample(fit, min(count, len(fit)))


BUSY: dict[str, set[int]] = {}


def busy(table: Table) -> set[int]:
    """Rows about which something was told before anything was planted."""
    return BUSY.get(table.name, set())


def moment(table: Table, value: dt.datetime) -> object:
    if table.path.suffix == ".csv":
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value


@kind
def out_of_range(study, table, rng):
    place = plain_records(study, table, rng, 1)[0]
    number = rng.choice([0, 6, 7, 55, -3, 99])
    item = rng.choice(table.items)
    table.put(place, item, float(number) if table.path.suffix == ".sav" else str(number)
              if table.path.suffix == ".csv" else number)
    return planted("out_of_range", table, ["C6"], [place])


@kind
def unknown_label(study, table, rng):
    if table.path.suffix == ".sav":
        return None
    places = plain_records(study, table, rng, 2)
    item = rng.choice(table.items)
    for place in places:
        table.put(place, item, "Best wel mee eens")
    return planted("unknown_label", table, ["C3"], places)


@kind
def unknown_team(study, table, rng):
    place = plain_records(study, table, rng, 1)[0]
    table.put(place, "team", "Nachtploeg")
    return planted("unknown_team", table, ["C18"], [place])


@kind
def unknown_role(study, table, rng):
    place = plain_records(study, table, rng, 1)[0]
    table.put(place, "role", 7.0 if table.path.suffix == ".sav" else "Stagiair")
    return planted("unknown_role", table, ["C18"], [place])


@kind
def address_in_team(study, table, rng):
    if table.path.suffix == ".sav":
        return None
    place = plain_records(study, table, rng, 1)[0]
    table.put(place, "team", "j.jansen@example.org")
    return planted("address_in_team", table, ["C2"], [place])


def _comment(name: str, text: str) -> Spoil:
    def spoil(study, table, rng):
        place = plain_records(study, table, rng, 1)[0]
        table.put(place, "comment", text)
        return planted(name, table, ["C2"], [place])
    spoil.__name__ = name
    return spoil


for _name, _text in {
    "email_in_comment": "Mail gerust naar p.pietersen@example.org, graag zelfs.",
    "phone_in_comment": "Bel me maar op 06-12345678 na vijven.",
    "iban_in_comment": "Reiskosten naar NL91ABNA0417164300 graag.",
    "bsn_in_comment": "Mijn BSN is 111222333, voor de zekerheid.",
    "postcode_in_comment": "Ik woon op 3511 LX en fiets.",
    "ip_in_comment": "Ingevuld vanaf 192.0.2.44 op kantoor.",
}.items():
    kind(_comment(_name, _text))


@kind
def unreadable_date(study, table, rng):
    if table.path.suffix != ".csv":
        return None
    place = plain_records(study, table, rng, 1)[0]
    table.put(place, "started", "vorige week")
    return planted("unreadable_date", table, ["C19"], [place])


def window(study, table):
    wave = study.wave(table.wave)
    return (dt.datetime.combine(day, dt.time(11, 5)) for day in (wave.opens, wave.closes))


@kind
def before_launch(study, table, rng):
    place = plain_records(study, table, rng, 1)[0]
    opens, _ = window(study, table)
    table.put(place, "started", moment(table, opens - dt.timedelta(days=3)))
    return planted("before_launch", table, ["C9"], [place])


@kind
def late(study, table, rng):
    place = plain_records(study, table, rng, 1)[0]
    _, closes = window(study, table)
    table.put(place, "started", moment(table, closes + dt.timedelta(days=9)))
    if "submitted" in table.targets:
        table.put(place, "submitted",
                  moment(table, closes + dt.timedelta(days=9, minutes=14)))
    return planted("late", table, ["C19"], [place])


@kind
def copied_record(study, table, rng):
    place = plain_records(study, table, rng, 1)[0]
    new = table.add(list(table.rows[place]))
    return planted("copied_record", table, ["C8"], [new, place])


@kind
def second_attempt(study, table, rng):
    """The same code again under another record number, less complete."""
    place = plain_records(study, table, rng, 1)[0]
    new = table.add(list(table.rows[place]))
    table.put(new, "record", "99001")
    for item in table.items[-6:]:
        table.put(new, item, None if table.path.suffix != ".csv" else "")
    return planted("second_attempt", table, ["C8"], [new])


@kind
def copied_answers(study, table, rng):
    """All answers alike under another code and number."""
    place = plain_records(study, table, rng, 1)[0]
    new = table.add(list(table.rows[place]))
    table.put(new, "record", "99002")
    table.put(new, "link", "QXZW731")
    return planted("copied_answers", table, ["C8"], [new, place])


@kind
def test_record(study, table, rng):
    place = plain_records(study, table, rng, 1)[0]
    table.put(place, "link", "test")
    return planted("test_record", table, ["C9"], [place])


@kind
def blank_record(study, table, rng):
    place = plain_records(study, table, rng, 1)[0]
    for item in table.items:
        table.put(place, item, None if table.path.suffix != ".csv" else "")
    return planted("blank_record", table, ["C10"], [place])


@kind
def break_off(study, table, rng):
    place = plain_records(study, table, rng, 1)[0]
    for item in table.items[5:]:
        table.put(place, item, None if table.path.suffix != ".csv" else "")
    return planted("break_off", table, ["C10"], [place])


def _straight(study, table, place):
    for item in table.items:
        table.put(place, item, words(study, table, item)[4])


def _quick(study, table, place, rng):
    seconds = len(table.items) * rng.uniform(0.6, 1.1)
    if "seconds" in table.targets:
        shown = round(seconds)
        table.put(place, "seconds", str(shown) if table.path.suffix == ".csv" else float(shown))
        return
    started = pd.Timestamp(str(table.cell(place, "started")))
    ended = (started + pd.Timedelta(seconds=round(seconds))).to_pydatetime()
    table.put(place, "submitted", moment(table, ended))


@kind
def straight_line(study, table, rng):
    place = plain_records(study, table, rng, 1)[0]
    _straight(study, table, place)
    return planted("straight_line", table, ["C12"], [place])


@kind
def speeder(study, table, rng):
    place = plain_records(study, table, rng, 1)[0]
    _quick(study, table, place, rng)
    return planted("speeder", table, ["C11"], [place])


@kind
def careless(study, table, rng):
    place = plain_records(study, table, rng, 1)[0]
    _straight(study, table, place)
    _quick(study, table, place, rng)
    return planted("careless", table, ["C15"], [place])


@kind
def column_gone(study, table, rng):
    item = rng.choice(table.items)
    at = table.targets.pop(item)
    for row in [*table.head, *table.rows]:
        del row[at]
    table.targets = {name: place - (place > at) for name, place in table.targets.items()}
    return planted("column_gone", table, ["crosswalk.source"], also=["C6"])


@kind
def column_more(study, table, rng):
    for number, row in enumerate(table.head):
        row.append(["extra_vraag", "Extra vraag", '{"ImportId":"QID99"}'][number])
    for row in table.rows:
        row.append("ja")
    return planted("column_more", table, ["crosswalk.column"])


@kind
def heading_changed(study, table, rng):
    item = rng.choice(table.items)
    table.head[0][table.targets[item]] = "nieuwe_naam"
    return planted("heading_changed", table, ["crosswalk.column", "crosswalk.source"])


@kind
def item_turned(study, table, rng):
    """One item coded the other way round, as a panel tool does that knows of reversal."""
    item = rng.choice([each for each in table.items if study.items[each].scale not in ("WD",)])
    texts = words(study, table, item)
    for place in range(len(table.rows)):
        value = value_of(study, table, item, table.cell(place, item))
        if value is not None:
            table.put(place, item, texts[6 - value])
    return planted("item_turned", table, ["C7"], also=["C14"])


@kind
def columns_shifted(study, table, rng):
    """The answers of a block of columns stand one column to the right."""
    items = table.items
    start = rng.randrange(0, len(items) - 22)
    places = [table.targets[item] for item in items[start:]]
    for row in table.rows:
        cells = [row[place] for place in places]
        for place, cell in zip(places, [cells[-1], *cells[:-1]], strict=True):
            row[place] = cell
    return planted("columns_shifted", table, ["C6", "C7"], also=["C6", "C7", "C14"])


@kind
def form_of_four(study, table, rng):
    """A form without a middle answer."""
    for item in table.items:
        texts = words(study, table, item)
        for place in range(len(table.rows)):
            if value_of(study, table, item, table.cell(place, item)) == 3:
                table.put(place, item, texts[rng.choice([2, 4])])
    return planted("form_of_four", table, ["C4"], also=["C7", "C14", "C12"])


@kind
def empty_rows_below(study, table, rng):
    if table.path.suffix == ".sav":
        return None
    for _ in range(3):
        table.add([None if table.path.suffix != ".csv" else "" for _ in table.head[0]])
    if table.path.suffix == ".xlsx":  # openpyxl writes no cell for None: nothing to tell
        return planted("empty_rows_below", table, [], silent=True)
    return planted("empty_rows_below", table, ["rows.empty-end"], [len(table.rows) - 3])


@kind
def totals_below(study, table, rng):
    if table.path.suffix == ".sav":
        return None
    row: list[object] = ["" for _ in table.head[0]]
    row[0] = "Totaal"
    place = table.add(row)
    return planted("totals_below", table, ["table.totals"], [place], whole=True)


@kind
def cut_off(study, table, rng):
    table.save()
    data = table.path.read_bytes()
    share = rng.uniform(0.4, 0.9)
    cut = int(len(data) * share)
    if table.path.suffix == ".csv":  # in the middle of a record
        cut = data.rindex(b"\n", 0, cut) + 40
    table.raw = data[:cut]
    return planted("cut_off", table, ["csv.cut-off", "csv.quote", "zip.damaged", "xlsx.damaged",
                                      "typed.damaged"], whole=True)


def _bytes(name: str, rule: str, put: bytes, whole: bool) -> Spoil:
    def spoil(study, table, rng):
        if table.path.suffix != ".csv" or table.encoding == "cp1252":
            return None
        table.save()
        data = table.path.read_bytes()
        at = data.index(b"\n", int(len(data) * rng.uniform(0.5, 0.8))) + 1
        table.raw = data[:at] + put + data[at:]
        return planted(name, table, [rule], whole=whole)
    spoil.__name__ = name
    return spoil


kind(_bytes("lost_character", "text.lost", "\ufffd".encode(), True))
kind(_bytes("nul_byte", "text.nul", b"\0", True))
kind(_bytes("mark_inside", "text.inner-mark", "\ufeff".encode(), False))


@kind
def too_many_cells(study, table, rng):
    if table.path.suffix != ".csv":
        return None
    place = plain_records(study, table, rng, 1)[0]
    table.rows[place].append("los")
    return planted("too_many_cells", table, ["csv.ragged"], [place], whole=True)


# what must change nothing at all


def quiet(name: str, table: Table) -> Planted:
    return planted(name, table, [], silent=True)


@kind
def spelled_otherwise(study, table, rng):
    """Capitals and double spaces in answers."""
    if table.path.suffix == ".sav":
        return None
    for item in table.items[::3]:
        for place in range(len(table.rows)):
            cell = table.cell(place, item)
            if isinstance(cell, str) and cell:
                table.put(place, item, f"  {cell.upper()} ".replace(" ", "  ", 1))
    return quiet("spelled_otherwise", table)


@kind
def rows_shuffled(study, table, rng):
    order = rng.sample(range(len(table.rows)), len(table.rows))
    table.rows = [table.rows[place] for place in order]
    table.origin = [table.origin[place] for place in order]
    return quiet("rows_shuffled", table)


@kind
def columns_shuffled(study, table, rng):
    order = rng.sample(range(len(table.head[0])), len(table.head[0]))
    table.head = [[row[place] for place in order] for row in table.head]
    table.rows = [[row[place] for place in order] for row in table.rows]
    table.targets = {name: order.index(place) for name, place in table.targets.items()}
    return quiet("columns_shuffled", table)


@kind
def saved_again_by_a_spreadsheet(study, table, rng):
    """Another separator and encoding."""
    if table.path.suffix != ".csv":
        return None
    table.separator = ";" if table.separator == "," else ","
    table.encoding = rng.choice(["utf-8", "utf-8-sig", "utf-16"])
    return quiet("saved_again_by_a_spreadsheet", table)


@kind
def in_the_other_language(study, table, rng):
    if table.path.suffix == ".sav":
        return None
    for item in table.items:
        labels = study.item_labels(item)
        for place in range(len(table.rows)):
            cell = table.cell(place, item)
            value = value_of(study, table, item, cell)
            if value is not None and isinstance(cell, str) and not cell.isdigit():
                table.put(place, item, labels.labels[value].en)
    return quiet("in_the_other_language", table)
