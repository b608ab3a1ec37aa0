"""One description of a table, and its forms: HTML, LaTeX, CSV; Word writes it natively.

A table is its cells as they are read (the headings first), a title and notes: the unit, the number
of persons, what is hidden and why. The same cells stand in each form, to the letter.
"""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Rows = Sequence[Sequence[str]]
LATEX = {"\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
         "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
         "\u00a0": "~", "\u2212": "$-$", "≥": r"$\geq$", "≤": r"$\leq$", "≠": r"$\neq$",
         "±": r"$\pm$", "✓": r"\checkmark{}", "○": r"$\circ$", "→": r"$\to$"}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """Title, headings, rows of text and notes; `simulated`: a sentence that says so, or ""."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def table_of(record: Mapping[str, Any], language: str = "nl") -> Table:
    """The table of a finding of that kind."""
    head, *rows = record["cells"]
    notes = str(record.get("words", {}).get("notes", ""))
    return Table(str(record[f"text_{language}"]), tuple(head), tuple(map(tuple, rows)),
                 tuple(notes.split("\n")) if notes else ())  # fmt: skip


def numeric_columns(rows: Rows) -> set[int]:
    """The columns whose cells begin with a number, or say why there is none: set to the right.

    >>> sorted(numeric_columns([["wie", "n"], ["A", "65"], ["B", "–"]]))
    [1]
    """
    return {
        at
        for at in range(len(rows[0]))
        if len(rows) > 1
        and all(_number(row[at]) for row in rows[1:])
        and any(row[at].strip("–") for row in rows[1:])
    }


def _number(text: str) -> bool:
    return text in ("", "–") or text.lstrip("+−-[").replace(".", "").replace(",", "")[:1].isdigit()


def as_html(table: Table, ident: str = "") -> str:
    """A table for a page: a caption, headings with a scope, notes beneath.

    >>> as_html(Table("Titel", ("wie", "n"), (("A", "65"),))).split("<tbody>")[1]
    '<tr><th scope="row">A</th><td class="number">65</td></tr></tbody></table>'
    """
    right = numeric_columns((table.head, *table.rows))

    def cell(tag: str, at: int, text: str, scope: str = "") -> str:
        kind = ' class="number"' if at in right else ""
        return f"<{tag}{scope}{kind}>{html.escape(text)}</{tag}>"

    head = "".join(cell("th", at, text, ' scope="col"') for at, text in enumerate(table.head))
    body = "".join(
        "<tr>"
        + "".join(
            cell("th", 0, text, ' scope="row"') if at == 0 else cell("td", at, text)
            for at, text in enumerate(row)
        )
        + "</tr>"
        for row in table.rows
    )
    name = f' id="{html.escape(ident)}"' if ident else ""
    notes = "".join(f'<p class="notes">{html.escape(note)}</p>' for note in table.notes)
    caption = f"<caption>{html.escape(table.title)}</caption>"
    return (
        f"<table{name}>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"
    )


def as_latex(table: Table, label: str = "") -> str:
    """A table for LaTeX with the package booktabs (and amssymb where a verdict is shown)."""
    right = numeric_columns((table.head, *table.rows))
    columns = "".join("r" if at in right else "l" for at in range(len(table.head)))
    lines = [r"\begin{table}", rf"\caption{{{latex(table.title)}}}"]
    lines += [rf"\label{{tab:{label}}}"] if label else []
    lines += [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", _line(table.head), r"\midrule"]
    lines += [_line(row) for row in table.rows]
    lines += [r"\bottomrule", r"\end{tabular}"]
    lines += [rf"\par\footnotesize {latex(note)}" for note in table.notes]
    return "\n".join([*lines, r"\end{table}", ""])


def _line(cells: Sequence[str]) -> str:
    return " & ".join(map(latex, cells)) + r" \\"


def latex(text: str) -> str:
    r"""A text with the signs that LaTeX reads otherwise made safe.

    >>> latex("50 % & −0,2")
    '50 \\% \\& $-$0,2'
    """
    return "".join(LATEX.get(letter, letter) for letter in text)


def as_csv(table: Table, language: str = "nl") -> str:
    """A table for a spreadsheet: in Dutch with semicolons, as a Dutch Excel expects; notes last.

    >>> as_csv(Table("Titel", ("wie", "n"), (("A", "65"),), ("gesimuleerd",)))
    'wie;n\\r\\nA;65\\r\\n\\r\\nTitel\\r\\ngesimuleerd\\r\\n'
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if language == "nl" else ",")
    writer.writerows(
        [table.head, *table.rows, [], [table.title], *([note] for note in table.notes)]
    )
    return buffer.getvalue()


def write_tables(reports: Path, records: list[dict]) -> list[dict]:
    """Write each table finding as CSV, HTML and LaTeX; the records with their files."""
    made = []
    for record in records:
        if record["kind"] != "table":
            made.append(record)
            continue
        place = f"{record['notebook']}/tables/{record['id'].replace('.', '-')}"
        table = table_of(record)
        forms = {"csv": as_csv(table), "html": as_html(table), "tex": as_latex(table, record["id"])}
        (reports / place).parent.mkdir(parents=True, exist_ok=True)
        for ending, text in forms.items():
            (reports / f"{place}.{ending}").write_text(text, encoding="utf-8", newline="")
        made.append({**record, "files": {each: f"{place}.{each}" for each in forms}})
    return made
