"""Reports that a coding tool lays out as a page: HTML, Word or plain text, read line by line.

Taguette writes each highlight with "Document: ... Tags: ..." below it; NVivo writes the references
of one code, by file, each under "Reference 1 - 2.5% Coverage".
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from lostudy.deliveries.files import BROKEN_ZIP, check_zip, refusal, repair
from lostudy.deliveries.interviews.assemble import Coded, code_path, from_table
from lostudy.deliveries.tables import InterviewDelivery
from lostudy.deliveries.xml import local, parse

BLOCKS = frozenset({
    "p", "div", "h1", "h2", "h3", "h4", "li", "tr", "hr", "br", "body", "title", "blockquote"})
BREAK = "\ue000"            # stands nowhere in a text: it is a sign for private use
SILENT = frozenset({"style", "script", "head"})
TAGS_LINE = re.compile(r"(?:Document|Dokument|Documento|Documento):\s*(.+?)\s+(?:Tags|Etiketten|"
                       r"\u00c9tiquettes|Etiquetas|Schlagw\u00f6rter|Tag|Labels):\s*(.*)")
HEADER = re.compile(
    r"<?(.+?)>?\s+-\s+§\s*(\d+)\s+references?\s+coded\s*\[\s*([\d.,<]+)\s*%\s*Coverage\]",
    re.IGNORECASE)
REFERENCE = re.compile(r"References?\s+\d+(?:-\d+)?\s+-\s+([\d.,<]+)\s*%\s*Coverage", re.IGNORECASE)
NAMED = re.compile(r"(?:Name|Code|Node)\s*:\s*(.+)", re.IGNORECASE)


def read_lines(
    path: Path, lines: Sequence[str], between: str = ","
) -> InterviewDelivery | None:
    """The report that the lines are, or None where they are none.

    `between`: what stands between two tags; a tag of Taguette may have a comma of its own.
    """
    if sum(bool(TAGS_LINE.fullmatch(line)) for line in lines) >= 1:
        return _taguette(path, lines, between)
    if any(HEADER.fullmatch(line) for line in lines):
        return _nvivo(path, lines)
    return None


def _taguette(path: Path, lines: Sequence[str], between: str) -> InterviewDelivery:
    """What stands above a line "Document: ... Tags: ..." is the passage."""
    coded, text, title = [], [], True
    for number, line in enumerate(lines, start=1):
        match = TAGS_LINE.fullmatch(line)
        if title and line.startswith("Taguette"):
            continue
        title = title and not line
        if match is None:
            text.append(line)
            continue
        passage = "\n".join(each for each in text if each).replace(BREAK, " ")
        coded += [
            Coded(match[1], (tag.strip(),), number, text=passage,
                  attributes={"highlight": str(number)})
            for tag in match[2].split(between) if tag.strip()
        ]
        text = []
    return from_table(path, "taguette", "a page of highlights, each with Document and Tags", coded)


@dataclass
class _Reference:
    """A reference of NVivo as it is read: the lines below it are its text."""

    row: int
    code: str
    folder: str
    document: str
    coverage: str
    text: list[str] = field(default_factory=list)


def _nvivo(path: Path, lines: Sequence[str]) -> InterviewDelivery:
    """The references of one code, or of several below each other, each after its name."""
    found = list(_references(lines))
    stated = sum(int(match[2]) for line in lines if (match := HEADER.fullmatch(line)))
    coded = [
        Coded(one.document, code_path(one.code or path.stem), one.row, group=one.folder,
              text="\n".join(one.text), attributes={"coverage": one.coverage})
        for one in found
    ]
    notes = []
    if any(not one.code for one in found):
        notes.append(repair(
            path, "the report does not name its code; the name of the file is taken",
            "let the file have the name of the code", rule="tool.code-name", severity="note"))
    if stated != len(coded):
        notes.append(repair(
            path, f"the report announces {stated} reference(s) and holds {len(coded)}",
            "export it again, with all references", rule="tool.references", severity="note"))
    return from_table(
        path, "nvivo", "a report with lines 'references coded' and 'Coverage'", coded,
        repairs=notes)


def _references(lines: Sequence[str]) -> Iterator[_Reference]:
    """Each reference with its code and document; what somebody said can look like a name.

    So a name counts only above the first file, or directly above the line of a file when the
    reference before it has its text.
    """
    code = folder = document = ""
    current: _Reference | None = None
    for number, (line, below) in enumerate(zip(lines, [*lines[1:], ""], strict=True), start=1):
        header, reference = HEADER.fullmatch(line), REFERENCE.fullmatch(line)
        name = NAMED.fullmatch(line)
        told = current is None or bool(current.text)
        if name and told and (not document or HEADER.fullmatch(below)):
            code = name[1].strip()
        elif header:
            place = header[1].replace("/", "\\").replace("\\\\", "\\")
            folder, _, document = place.rpartition("\\")
        elif reference and document:
            if current:
                yield current
            current = _Reference(number, code, folder.strip("\\"), document, reference[1])
        elif current:
            current.text.append(line)
    if current:
        yield current


class _Blocks(HTMLParser):
    """The text of a page, one line per block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent += tag in SILENT
        if tag in BLOCKS:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in SILENT))
        if tag in BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.lines[-1] += data


def html_lines(text: str) -> list[str]:
    """The lines of a web page, white space squeezed; a comma at the end of a line is marked."""
    parser = _Blocks()
    parser.feed(text)
    parser.close()
    marked = (re.sub(r",[ \t]*\r?\n\s*", f",{BREAK}", each) for each in parser.lines)
    return [line for line in (" ".join(each.split()) for each in marked) if line]


def word_lines(path: Path) -> list[str]:
    """The paragraphs of a Word document."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_zip(path, archive)
            body = parse(path, archive.read("word/document.xml"))
    except (KeyError, *BROKEN_ZIP):
        raise refusal(
            path, "the Word document is cut off or damaged", "ask for the delivery again",
            rule="docx.damaged") from None
    signs: dict[str, Callable[[str | None], str]] = {
        "t": lambda text: text or "", "tab": lambda _: "\t", "br": lambda _: "\n"}
    lines = []
    for paragraph in (each for each in body.iter() if local(each) == "p"):
        parts = [signs[local(e)](e.text) for e in paragraph.iter() if local(e) in signs]
        lines += ["".join(parts)] if parts else []
    return [line for text in lines for each in text.split("\n")
            if (line := " ".join(each.split()))]


def text_lines(path: Path) -> list[str]:
    """The lines of a plain text."""
    from lostudy.deliveries.interviews.package import decoded

    return [line for each in decoded(path.read_bytes()).split("\n")
            if (line := " ".join(each.split()))]
