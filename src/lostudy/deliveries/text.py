"""Text files: which encoding, which separator, which decimal mark; guesses are shown, not hidden.

Encodings are tried in one order only: UTF-8 (with or without a mark), UTF-16 with a mark,
Windows-1252. Statistical guessers are not used: they read Dutch Windows-1252 as Windows-1250 and
turn è into č without a word.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from lostudy.deliveries.files import GZIP, existing, refusal, repair
from lostudy.errors import Problem

BOM = "\ufeff"
LOST = "\ufffd"
MISREAD = "čďŕ"
CENTRAL_EUROPEAN = re.compile("[šžřěůłąęőűćňť]", re.IGNORECASE)
DUTCH = re.compile(r"\b(?:de|het|een|niet|van|wij|ik|mijn|mee)\b", re.IGNORECASE)
TWICE = re.compile("Ã[©«¨¯¶¼¤\xa0]|â€[™œ\x9d“”]|Â[°´·]")
HINT = re.compile("sep=([,;\t])\r?\n")
SEPARATORS = (",", ";", "\t")
CHUNK = 4_000_000
HEAD = 1_000_000
QUOTE = ord('"')
GZIP_LIMIT = 1_000_000_000


@dataclass(frozen=True)
class TextFile:
    """A text file whose encoding is known.

    `data` is the text as UTF-8 without marks, or None where the file itself already is that (so a
    large file need not be held in memory). `quotes` counts the double quotes.
    """

    path: Path
    sha256: str
    encoding: str
    head: str
    whole: bool
    quotes: int
    data: bytes | None = None
    repairs: tuple[Problem, ...] = ()

    @property
    def hint(self) -> str:
        """The separator that a first line `sep=;` announces; spreadsheets do not show that line."""
        found = HINT.match(self.head)
        return found.group(1) if found else ""

    def lines(self) -> Iterator[str]:
        """The physical lines, line ends kept."""
        if self.data is not None:
            yield from io.TextIOWrapper(io.BytesIO(self.data), encoding="utf-8", newline="")
        else:
            with open(self.path, encoding="utf-8-sig", newline="") as stream:
                yield from stream

    def anything_below(self, lines: int) -> bool:
        """Whether something stands below the first physical lines."""
        rest = islice(io.StringIO(self.head, newline=""), lines, None)
        return not self.whole or any(line.strip() for line in rest)

    def everything(self) -> str:
        """The whole text."""
        if self.data is not None:
            return self.data.decode("utf-8")
        return self.path.read_bytes().decode("utf-8-sig")


def open_text(path: Path | str) -> TextFile:
    """Find out the encoding and refuse what was already lost in an earlier conversion."""
    path = existing(path)
    with open(path, "rb") as stream:
        first = stream.read(4)
    if first.startswith(GZIP):
        return _from_bytes(path, _unpacked(path))
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _from_bytes(path, path.read_bytes())
    text = _scanned(path)
    return text if text is not None else _from_bytes(path, path.read_bytes())


def _scanned(path: Path) -> TextFile | None:
    try:
        return _scan_utf8(path)
    except UnicodeDecodeError:
        return None


def _unpacked(path: Path) -> bytes:
    try:
        with gzip.open(path) as stream:
            data = stream.read(GZIP_LIMIT + 1)
    except (OSError, EOFError, zlib.error):
        raise refusal(
            path, "the gzip file is cut off or damaged", "ask for the delivery again",
            rule="gzip.damaged",
        ) from None
    if len(data) > GZIP_LIMIT:
        raise refusal(
            path, "the gzip file unpacks to far more than a delivery can hold",
            "do not open it; ask the sender how it was made", rule="gzip.bomb",
        )
    return data


def _scan_utf8(path: Path) -> TextFile | None:
    """One pass in pieces; None where a mark inside the text asks for the slower way."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    digest, line, quotes, head = hashlib.sha256(), 1, 0, ""
    marked, whole = False, True
    with open(path, "rb") as stream:
        for number, chunk in enumerate(iter(lambda: stream.read(CHUNK), b"")):
            digest.update(chunk)
            text = decoder.decode(chunk)
            if number == 0:
                marked, text = text.startswith(BOM), text.removeprefix(BOM)
                head = text[:HEAD]
            whole = number == 0 and len(text) <= HEAD
            if BOM in text:
                return None
            _refuse_lost(path, text, line, head)
            line += chunk.count(b"\n")
            quotes += int(np.count_nonzero(np.frombuffer(chunk, dtype=np.uint8) == QUOTE))
    decoder.decode(b"", final=True)
    encoding = "utf-8-sig" if marked else "utf-8"
    notes = _converted_twice(path, head)
    return TextFile(path, digest.hexdigest(), encoding, head, whole, quotes, repairs=notes)


def _from_bytes(path: Path, data: bytes) -> TextFile:
    text, encoding = _decoded(path, data)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    text = text.removeprefix(BOM)
    repairs = _converted_twice(path, text[:HEAD])
    if BOM in text:
        row = _line_of(text, BOM, 1)
        what = f"{text.count(BOM)} byte order mark(s) stood inside the text and were removed"
        cure = "nothing; files were probably pasted together"
        repairs += (repair(path, what, cure, row=row, rule="text.inner-mark"),)
        text = text.replace(BOM, "")
    head = text[:HEAD]
    _refuse_lost(path, text, 1, head)
    return TextFile(
        path, digest, encoding, head, len(text) <= HEAD, text.count('"'), text.encode(), repairs
    )


def _decoded(path: Path, data: bytes) -> tuple[str, str]:
    candidates = ["utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif b"\0" not in data[:CHUNK]:
        candidates.append("cp1252")
    for encoding in candidates:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise refusal(
        path, "the text is neither UTF-8, nor UTF-16 with a mark, nor Windows-1252",
        "export it again as CSV UTF-8", rule="text.encoding",
    )


def _refuse_lost(path: Path, text: str, line: int, head: str) -> None:
    if "\0" in text:
        raise refusal(
            path, "the text holds NUL bytes, so it is not a plain text file",
            "export it again as CSV UTF-8", row=_line_of(text, "\0", line), rule="text.nul",
        )
    if text.isascii():
        return
    if LOST in text:
        raise refusal(
            path, "a character was lost in an earlier conversion (U+FFFD stands in its place)",
            "export it again as CSV UTF-8, not by copying or opening it in another program",
            row=_line_of(text, LOST, line), rule="text.lost",
        )
    for sign in MISREAD:
        if sign in text and DUTCH.search(head) and not CENTRAL_EUROPEAN.search(text):
            raise refusal(
                path, f"'{sign}' stands in Dutch text: è, ï or à was read with the wrong encoding",
                "export it again as CSV UTF-8", row=_line_of(text, sign, line), rule="text.misread",
            )


def _converted_twice(path: Path, head: str) -> tuple[Problem, ...]:
    """A note where signs as "Ã«" show that UTF-8 was once taken for Windows-1252."""
    found = TWICE.search(head)
    if found is None:
        return ()
    return (repair(
        path, f"'{found.group()}' shows that the text was converted once too often",
        "export it again as CSV UTF-8 from the tool itself",
        row=_line_of(head, found.group(), 1), rule="text.twice", severity="note"),)


def _line_of(text: str, sign: str, line: int) -> int:
    return line + text[: text.index(sign)].count("\n")


def head_records(text: TextFile, separator: str, limit: int = 60) -> list[list[str]]:
    """The first records, as the csv module splits them; a record cut by the limit is left out."""
    return [record for record, _ in numbered_records(text, separator, limit)]


def numbered_records(
    text: TextFile, separator: str, limit: int = 60
) -> list[tuple[list[str], int]]:
    """The first records, each with the number of physical lines read so far."""
    reader = csv.reader(io.StringIO(text.head, newline=""), delimiter=separator)
    found: list[tuple[list[str], int]] = []
    try:
        for record in reader:
            found.append((record, reader.line_num))
            if len(found) > limit:
                break
    except csv.Error:
        pass
    if text.hint:
        found = found[1:]
    cut = not text.whole and len(found) <= limit
    return found[:-1] if cut and len(found) > 1 else found[:limit]


def sniff_separator(text: TextFile) -> str:
    """The separator that splits the first records into the most, equally many, cells.

    Only `,` `;` and tab are considered; a file of one column gets a comma.
    """
    if text.hint:
        return text.hint

    def score(separator: str) -> tuple[float, int]:
        widths = [len(record) for record in head_records(text, separator, 30) if record]
        if not widths or max(widths) == 1:
            return (0.0, 1)
        common, times = Counter(widths).most_common(1)[0]
        return (0.0, 1) if common == 1 else (round(times / len(widths), 1), common)

    return max(SEPARATORS, key=score)


def sniff_decimal(records: list[list[str]]) -> str:
    """The decimal mark seen in the first cells: "," or "." or "" where there was none.

    >>> sniff_decimal([["3,5", "7"], ["12,25", "8"]])
    ','
    """
    marks = Counter(
        match.group(1)
        for record in records
        for cell in record
        if (match := re.fullmatch(r"-?\d+([.,])\d+", cell.strip()))
    )
    return marks.most_common(1)[0][0] if marks else ""
