"""Findings in Markdown, Quarto and LaTeX files: the same tokens, states and promises as in Word.

A refresh leaves marks around what it wrote, which no reader of the finished text sees: in Markdown
and Quarto `<!--lo:ID#DIGEST-->3,4<!--/lo-->`, in LaTeX `\\lo{ID}{DIGEST}{3,4}`. Code, comments and
the YAML at the head of a file are left alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lostudy.findings.forms import OWN, text_of
from lostudy.publish.anchors import (
    BEGIN,
    END,
    TOKEN,
    Address,
    address_of,
    resolved,
    seal,
    unsealed,
)
from lostudy.publish.latest import Records
from lostudy.publish.tables import as_latex, latex, table_of

MARKDOWN = (".md", ".qmd", ".markdown", ".rmd", ".myst")
LATEX = (".tex", ".ltx")
OPEN = re.compile(r"<!--(lo:[A-Za-z0-9_.:#]+)-->")
CLOSE = "<!--/lo-->"
TEX = re.compile(r"\\lo\{([A-Za-z0-9_.:]+)\}\{([0-9a-f]*)\}\{")
DEFINED = r"\providecommand{\lo}[3]{#3}"
UNTOUCHED = {
    "markdown": re.compile(
        r"\A\ufeff?---\r?\n.*?\n---\r?\n|^(```+|~~~+).*?^\1[ \t]*\r?$|`+[^`\n]+`+"
        r"|<!--(?!lo:|/lo-->).*?-->",
        re.M | re.S,
    ),
    "latex": re.compile(
        r"\\begin\{(verbatim|lstlisting)\}.*?\\end\{\1\}|(?<!\\)%[^\n]*"
        r"|\\(?:verb|lstinline)\*?([^\w\s*\[{]).*?\2",
        re.S,
    ),
}


@dataclass(frozen=True)
class Spot:
    """A place in a text that names a finding: from `start` to `end`, its content in between.

    `kind` is mark, token or sentence (an author's own, between begin and end).
    """

    kind: str
    address: Address
    start: int
    end: int
    inside: tuple[int, int]
    digest: str = ""
    problem: str = ""


def syntax_of(path: Path) -> str:
    """The kind of text a file holds: markdown or latex; "" where it is neither."""
    ending = path.suffix.lower()
    return "markdown" if ending in MARKDOWN else "latex" if ending in LATEX else ""


def spots_in(text: str, syntax: str, records: Records) -> list[Spot]:
    """Every place of a text that names a finding, in reading order."""
    found = [*(_marks if syntax == "markdown" else _tex_marks)(text)]
    closed = [each.inside for each in found if each.address.form != OWN]
    untouched = [each.span() for each in UNTOUCHED[syntax].finditer(text)]
    for spot in _tokens(text):
        if not any(start <= spot.start < end for start, end in [*closed, *untouched]):
            found.append(spot)
    named = [_resolved(each, records) for each in found]
    return sorted(named, key=lambda each: (each.start, -each.end))


def _resolved(spot: Spot, records: Records) -> Spot:
    address = Address(resolved(spot.address.id, records), spot.address.form)
    return Spot(spot.kind, address, spot.start, spot.end, spot.inside, spot.digest, spot.problem)


def _marks(text: str) -> Iterator[Spot]:
    opened: list[tuple[re.Match, Address, str]] = []
    for each in re.finditer(rf"{OPEN.pattern}|{re.escape(CLOSE)}", text):
        if each[0] == CLOSE:
            if opened:
                start, address, digest = opened.pop()
                inside = start.end(), each.start()
                yield Spot("mark", address, start.start(), each.end(), inside, digest)
        elif (anchor := unsealed(each[1])) is not None:
            opened.append((each, *anchor))


def _tex_marks(text: str) -> Iterator[Spot]:
    for each in TEX.finditer(text):
        address = address_of(each[1])
        close = _closing(text, each.end())
        if address is not None and close is not None:
            inside = each.end(), close
            yield Spot("mark", address, each.start(), close + 1, inside, each[2])


def _closing(text: str, start: int) -> int | None:
    """Where the brace closes that was opened before `start`."""
    depth = 1
    for at in range(start, len(text)):
        if text[at] in "{}" and text[at - 1] != "\\":
            depth += 1 if text[at] == "{" else -1
        if depth == 0:
            return at
    return None


def _tokens(text: str) -> Iterator[Spot]:
    begun: Spot | None = None
    for each in TOKEN.finditer(text):
        address = address_of(each[1])
        if address is None:
            yield Spot("token", Address(each[1].strip()), each.start(), each.end(), each.span())
        elif address.form in BEGIN:
            if begun is not None:
                yield begun
            begun = Spot("token", address, each.start(), each.end(), each.span(), problem="alone")
        elif address.form in END and begun is not None and begun.address.id == address.id:
            own = Address(address.id, OWN)
            yield Spot("sentence", own, begun.start, each.end(), (begun.end, each.start()))
            begun = None
        else:
            problem = "alone" if address.form in END else ""
            yield Spot("token", address, each.start(), each.end(), each.span(), problem=problem)
    if begun is not None:
        yield begun


def shown(text: str, spot: Spot, spots: list[Spot]) -> str:
    """The text of a place; of an own sentence without the findings inside it."""
    left, right = spot.inside
    if spot.address.form != OWN:
        return text[left:right]
    parts, at = [], left
    for each in spots:
        if left <= each.start and each.end <= right and each is not spot:
            parts.append(text[at : each.start])
            at = each.end
    return "".join([*parts, text[at:right]])


def written(
    record: Mapping[str, Any], form: str, language: str, syntax: str, reports: Path, home: Path
) -> str:
    """A finding as it stands in a text of this kind; pictures by their path from `home`."""
    if form == "" and record["kind"] == "table":
        table = table_of(record, language)
        return f"\n{as_latex(table) if syntax == 'latex' else _pipes(table)}\n"
    if form == "" and record["kind"] == "figure":
        return _figure(record, language, syntax, reports, home)
    text = text_of(record, form, language)
    return latex(text) if syntax == "latex" else text


def _pipes(table: Any) -> str:
    rows = [table.head, ["---"] * len(table.head), *table.rows]
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    notes = [f"\n{note}" for note in table.notes]
    return "\n".join(["", *lines, "", f": {table.title}", *notes, ""])


def _figure(
    record: Mapping[str, Any], language: str, syntax: str, reports: Path, home: Path
) -> str:
    ending = "pdf" if syntax == "latex" else "svg"
    place = Path(os.path.relpath(reports / record["files"][ending], home)).as_posix()
    title, alt = (text_of(record, form, language) for form in ("title", "alt"))
    if syntax == "latex":
        options = f"alt={{{latex(alt)}}}"
        return f"\\includegraphics[{options}]{{{place}}}"
    alternative = alt.replace('"', "'")
    return f'![{title}]({place}){{fig-alt="{alternative}"}}'


def marked(address: Address, content: str, syntax: str, digest: str) -> str:
    """Content between the marks of its finding."""
    if syntax == "latex":
        return f"\\lo{{{address}}}{{{digest}}}{{{content}}}"
    return f"<!--{seal(address, digest)}-->{content}{CLOSE}"


def defined(text: str, syntax: str) -> str:
    """A LaTeX text in which the mark is defined: behind its document class, if it has one."""
    if syntax != "latex" or r"{\lo}" in text or r"\lo{" not in text:
        return text
    head = re.compile(r"\\documentclass[^\r\n]*(\r?\n)")
    return head.sub(lambda each: f"{each[0]}{DEFINED}{each[1]}", text, count=1)


def without_marks(text: str, syntax: str) -> str:
    """The text for a publisher: what was written stays, the marks go."""
    spots = [*(_marks if syntax == "markdown" else _tex_marks)(text)]
    while spots:
        first = max(spots, key=lambda each: each.start)
        left, right = first.inside
        text = text[: first.start] + text[left:right] + text[first.end :]
        spots = [*(_marks if syntax == "markdown" else _tex_marks)(text)]
    return re.sub(re.escape(DEFINED) + r"\r?\n", "", text)
