"""Which coding tool wrote a file, told from what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lostudy.deliveries.files import existing, kind_of, refusal, zip_names
from lostudy.deliveries.interviews import (
    atlasti,
    dedoose,
    handmade,
    maxqda,
    nvivo,
    pages,
    qualcoder,
    refi,
    rqda,
    taguette,
)
from lostudy.deliveries.interviews.database import table_names
from lostudy.deliveries.interviews.package import decoded
from lostudy.deliveries.interviews.rows import Rows, below_title, matched, open_rows
from lostudy.deliveries.sheets import WORKBOOKS, describe
from lostudy.deliveries.tables import InterviewDelivery

STORES = (
    (taguette.TABLES, taguette.TOOL, taguette.read_database),
    (qualcoder.TABLES, qualcoder.TOOL, qualcoder.read),
    (rqda.TABLES, rqda.TOOL, rqda.read),
    (maxqda.TABLES, maxqda.TOOL, maxqda.read_exchange),
)
TABLE_TOOLS = (
    (taguette.TOOL, taguette.recognise, taguette.read_table),
    (maxqda.TOOL, maxqda.recognise, maxqda.read_table),
    (dedoose.TOOL, dedoose.recognise, dedoose.read_table),
    (qualcoder.TOOL, qualcoder.recognise, qualcoder.read_report),
    (atlasti.TOOL, atlasti.recognise, atlasti.read_table),
    (nvivo.TOOL, nvivo.recognise, nvivo.read_table),
)
NEEDED = {
    "a table of coded segments of MAXQDA": (maxqda.HEADINGS, ("document", "code", "text")),
    "a table of quotations of ATLAS.ti": (atlasti.HEADINGS, ("key", "code", "text")),
    "a table of references of NVivo": (nvivo.HEADINGS, ("document", "code", "text")),
    "a table of excerpts of Dedoose": (dedoose.HEADINGS, ("document", "text", "codes")),
    "a report of QualCoder": (qualcoder.REPORT, ("coder", "text", "code")),
    "a hand-made table": (handmade.HEADINGS, ("text", "code")),
}
INTERVIEW_TOOLS = (
    "refi", "qualcoder", "taguette", "rqda", "maxqda", "atlasti", "nvivo", "dedoose", "handmade",
)
LOOKED_FOR = (
    "a REFI-QDA project or codebook, a database of QualCoder, Taguette, RQDA or MAXQDA, a table of "
    "coded segments (MAXQDA, Dedoose, Taguette, QualCoder, ATLAS.ti, NVivo), a Word document with "
    "codes as comments (Dedoose), a hand-made table with Fragment and Code"
)


def interviews(path: Path | str, tool: str | None = None) -> InterviewDelivery:
    """Read coded interviews with the reader that the evidence points to."""
    path = _store_in_folder(Path(path))
    if tool is not None and tool not in INTERVIEW_TOOLS:
        raise refusal(
            path, f"there is no interview reader called '{tool}'",
            "choose one of " + ", ".join(sorted(INTERVIEW_TOOLS)), rule="interviews.tool")
    kind = kind_of(path)
    if kind == "qdpx" or (kind == "zip" and tool == refi.TOOL):
        return _checked(path, tool, refi.read_project(path))
    if kind == "xml":
        return _checked(path, tool, _markup(path))
    if kind == "docx":
        report = pages.read_lines(path, pages.word_lines(path))
        return _checked(path, tool, report or dedoose.read_document(path))
    if kind == "sqlite":
        return _checked(path, tool, _store(path))
    if kind in (*WORKBOOKS, "text", "gzip"):
        return _table(path, tool)
    if kind == "zip" and any(name.endswith("data.qda") for name in zip_names(path)):
        raise refusal(
            path, "the zip holds a project of QualCoder", "unpack it and name the folder in it",
            rule="interviews.packed")
    raise _unknown(path, f"the file is {describe(kind)}")


def _markup(path: Path) -> InterviewDelivery:
    """XML, or a web page that is a report."""
    with open(path, "rb") as stream:
        head = stream.read(1024).lower()
    if b"<html" not in head and b"<!doctype html" not in head:
        return _report(path) or refi.read_codebook(path)
    lines = pages.html_lines(decoded(path.read_bytes()))
    report = pages.read_lines(path, lines, f",{pages.BREAK}")
    if report is None:
        raise _unknown(path, "a web page without highlights of Taguette or references of NVivo")
    return report


def _store_in_folder(path: Path) -> Path:
    """A QualCoder project is a folder; its store is data.qda inside."""
    if path.is_dir():
        if (path / "data.qda").is_file():
            return path / "data.qda"
        raise refusal(
            path, "this is a folder without data.qda, so no QualCoder project",
            "name the file, or the folder that ends in .qda", rule="file.folder")
    return existing(path)


def _store(path: Path) -> InterviewDelivery:
    tables = table_names(path)
    for needed, _, read in STORES:
        if needed <= tables:
            return read(path)
    raise _unknown(path, f"a SQLite database with {len(tables)} other table(s)")


def _table(path: Path, tool: str | None) -> InterviewDelivery:
    report = _report(path)
    if report is not None:
        return _checked(path, tool, report)
    sheets = open_rows(path)
    if not sheets:
        raise refusal(path, "the workbook has no filled sheet", "ask for it again",
                      rule="survey.blank")
    for rows in (each for sheet in sheets for each in (sheet, *below_title(sheet))):
        for name, recognise, read in TABLE_TOOLS:
            evidence = recognise(rows)
            if evidence and tool in (None, name):
                return read(rows, evidence)
    evidence = handmade.recognise(sheets)
    if tool == handmade.TOOL or (tool is None and evidence):
        return handmade.read_tables(path, sheets, evidence or "asked for")
    if tool is not None:
        raise _not_from(path, tool)
    raise _unknown(path, f"a table with {len(sheets[0].headings)} columns{near_miss(sheets)}")


def _report(path: Path) -> InterviewDelivery | None:
    """A plain text that is a report; its first lines tell. Some begin with "<", as XML does."""
    if kind_of(path) not in ("text", "xml"):
        return None
    with open(path, "rb") as stream:
        head = decoded(stream.read(20_000))
    if not pages.HEADER.search(" ".join(head.split())):
        return None
    return pages.read_lines(path, pages.text_lines(path))


def near_miss(sheets: Sequence[Rows]) -> str:
    """Which tool's table this almost is, and which columns it lacks; "" where it is like none."""
    best: tuple[int, str] = (1, "")
    for rows in sheets:
        for tool, (headings, needed) in NEEDED.items():
            found = matched(rows, headings)
            missing = [headings[name][0] for name in needed if name not in found]
            if len(found) > best[0] and missing:
                best = (len(found), f", most like {tool} but without a column for "
                        + " and ".join(f"'{name}'" for name in missing))
    return best[1]


def _checked(path: Path, tool: str | None, delivery: InterviewDelivery) -> InterviewDelivery:
    if tool in (None, delivery.source.tool):
        return delivery
    raise _not_from(path, str(tool))


def _not_from(path: Path, tool: str) -> Exception:
    return refusal(
        path, f"this does not look like a file written by {tool}",
        "leave the tool out to have it recognised, or ask how the file was made",
        rule="interviews.evidence")


def _unknown(path: Path, found: str) -> Exception:
    return refusal(
        path, f"no coding tool is recognised; looked for {LOOKED_FOR}; found: {found}",
        "export a REFI-QDA project (.qdpx) or the table of coded segments",
        rule="interviews.unknown")
