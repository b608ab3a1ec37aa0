"""Native tables in a Word document: a header row, and the look that an author gave them stays."""

from __future__ import annotations

import copy
from collections.abc import Sequence

from lostudy.publish.tables import numeric_columns
from lostudy.publish.word.names import PPR, RPR, TBL, TC, TR, Element, P, R, make, name
from lostudy.publish.word.text import OWN_THINGS, emptied, run_of, table_rows, visible

GRID, TCPR, TBLPR, TRPR = (name(f"w:{each}") for each in ("tblGrid", "tcPr", "tblPr", "trPr"))
STARTS = tuple(name(f"w:{each}Start") for each in ("bookmark", "commentRange"))
ENDS = tuple(name(f"w:{each}End") for each in ("bookmark", "commentRange"))
SMALL, WIDE, TWIPS_PER_LETTER, WHOLE = "17", 9070, 95, 16
BESIDE = "60"  # twips on either side of a cell: with more a number of three digits breaks


def new_table(rows: Sequence[Sequence[str]], title: str, room: int = WIDE) -> Element:
    """A table with a header row that repeats on each page; rows stay whole.

    `title`: what the table is about, read out by a screen reader. `room`: its width in twips.
    """
    widths = _widths(rows, room)
    right = numeric_columns(rows)
    table = make(
        "w:tbl",
        make(
            "w:tblPr",
            make("w:tblW", w="5000", type="pct"),
            _borders(top="8", bottom="8"),
            make("w:tblLayout", type="autofit"),
            make("w:tblCellMar", *(make(f"w:{side}", w=BESIDE, type="dxa")
                                   for side in ("left", "right"))),
            make("w:tblLook", val="0420", firstRow="1", lastRow="0", firstColumn="0",
                 lastColumn="0", noHBand="0", noVBand="1"),
            make("w:tblCaption", val=title),
        ),
        make("w:tblGrid", *(make("w:gridCol", w=str(width)) for width in widths)),
    )  # fmt: skip
    for place, row in enumerate(rows):
        joined = place == 0 or (len(rows) <= WHOLE and place + 1 < len(rows))
        cells = [
            _cell(text, widths[at], place == 0, at in right, joined) for at, text in enumerate(row)
        ]
        properties = [make("w:cantSplit"), *([make("w:tblHeader")] if place == 0 else [])]
        table.append(make("w:tr", make("w:trPr", *properties), *cells))
    return table


def _borders(**sides: str) -> Element:
    lines = [make(f"w:{side}", val="single", sz=size, space="0", color="56616C")
             for side, size in sides.items()]  # fmt: skip
    inside = make("w:insideH", val="single", sz="4", space="0", color="C9D0D6")
    return make("w:tblBorders", *lines, inside)


def _cell(text: str, width: int, head: bool, right: bool, joined: bool) -> Element:
    """A cell; `joined`: its row stays on the page of the next one."""
    look = make("w:rPr", *([make("w:b")] if head else []),
                make("w:sz", val=SMALL), make("w:szCs", val=SMALL))  # fmt: skip
    place = make("w:pPr", *([make("w:keepNext")] if joined else []),
                 make("w:spacing", before="20", after="20"),
                 *([make("w:jc", val="right")] if right else []))  # fmt: skip
    paragraph = make("w:p", place, run_of(text, look))
    return make("w:tc", make("w:tcPr", make("w:tcW", w=str(width), type="dxa")), paragraph)


def _widths(rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Columns as wide as their longest word needs and their longest text asks, within the room."""
    needs, asks = [], []
    for at in range(len(rows[0])):
        texts = [row[at] for row in rows]
        needs.append(2 + max(len(word) for text in texts for word in text.split(" ")))
        asks.append(2 + min(max(map(len, texts)), 30))
    left = max(0, room // TWIPS_PER_LETTER - sum(needs))
    more = [max(0, ask - need) for ask, need in zip(asks, needs, strict=True)]
    whole = sum(more) or 1
    widths = [need + min(extra, left * extra / whole)
              for need, extra in zip(needs, more, strict=True)]  # fmt: skip
    return [int(room * each / sum(widths)) for each in widths]


def set_rows(table: Element, rows: Sequence[Sequence[str]]) -> None:
    """Other cells in a table whose look stays: widths, style, letters, what an author set."""
    lines = [row for row in table.iter(TR) if next(row.iterancestors(TBL)) is table]
    if table_rows(table) == [list(row) for row in rows]:
        return
    pattern = lines[1] if len(lines) > 1 else lines[0]
    while len(lines) < len(rows):
        fresh = _like(pattern)
        lines[-1].addnext(fresh)
        lines.append(fresh)
    for extra in lines[len(rows):]:  # fmt: skip
        extra.getparent().remove(extra)
    for line, row in zip(lines, rows, strict=False):
        _set_row(line, row)
    _set_grid(table, rows)


def _like(element: Element) -> Element:
    """A copy of a row or cell without the notes, comments and bookmarks of an author."""
    made = copy.deepcopy(element)
    for each in list(made.iter(*OWN_THINGS, *STARTS, *ENDS)):
        each.getparent().remove(each)
    return made


def _set_row(line: Element, row: Sequence[str]) -> None:
    cells = [cell for cell in line.iter(TC) if next(cell.iterancestors(TR)) is line]
    while len(cells) < len(row):
        fresh = _like(cells[-1])
        cells[-1].addnext(fresh)
        cells.append(fresh)
    for extra in cells[len(row):]:  # fmt: skip
        extra.getparent().remove(extra)
    looks = [_look(cell) for cell in cells]
    for at, (cell, text) in enumerate(zip(cells, row, strict=False)):
        beside = looks[at + 1] if at + 1 < len(looks) else None
        set_cell(cell, text, beside if looks[at] is None else looks[at])


def _look(cell: Element) -> Element | None:
    """The run properties of a cell; None where an editor emptied them, as LibreOffice does."""
    found = next(cell.iter(R), None)
    look = found.find(RPR) if found is not None else None
    return look if look is not None and len(look) else None


def set_cell(cell: Element, text: str, look: Element | None = None) -> None:
    """Other text in a cell, in this look; an author's notes, comments and pictures stay."""
    if _look(cell) is not None and visible(cell).strip("\n|") == text:
        return
    paragraphs = cell.findall(P)
    first = paragraphs[0] if paragraphs else cell.makeelement(P)
    if not paragraphs:
        cell.append(first)
    fresh = run_of(text, look)
    starts = [each for each in first if each.tag in (PPR, *STARTS)]
    first.insert(first.index(starts[-1]) + 1 if starts else 0, fresh)
    for each in [child for child in first if child is not fresh]:
        if each.tag not in (PPR, *STARTS, *ENDS) and not emptied(each):
            first.remove(each)
    for extra in paragraphs[1:]:
        if not emptied(extra):
            cell.remove(extra)


def _set_grid(table: Element, rows: Sequence[Sequence[str]]) -> None:
    """As many grid columns as cells; the room of the table is shared anew where that changed."""
    grid = table.find(GRID)
    if grid is None or len(grid) == len(rows[0]):
        return
    whole = sum(int(float(each.get(name("w:w")) or 0)) for each in grid) or WIDE
    widths = _widths(rows, whole)
    grid[:] = [make("w:gridCol", w=str(each)) for each in widths]
    for line in (row for row in table.iter(TR) if next(row.iterancestors(TBL)) is table):
        for cell, each in zip(line.iter(TC), widths, strict=False):
            width = cell.find(f"{TCPR}/{name('w:tcW')}")
            if width is not None:
                width.set(name("w:w"), str(each))
                width.set(name("w:type"), "dxa")
