"""What a file is, told by its first bytes and never by its extension alone."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from lostudy.errors import DataError, Problem, shown

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GZIP = b"\x1f\x8b"
SQLITE = b"SQLite format 3\x00"
UNPACKED_LIMIT = 2_000_000_000
MEMBER_LIMIT = 20_000
RATIO_LIMIT = 200
RATIO_MATTERS_FROM = 50_000_000
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError
)


def refusal(
    path: Path | str,
    what: str,
    cure: str,
    *,
    row: int | None = None,
    column: str | None = None,
    rule: str = "",
) -> DataError:
    """The error a reader raises: what is wrong with this file, where, and the cure."""
    return DataError(Problem(what, cure, shown(path), row=row, column=column, rule=rule))


def repair(
    path: Path | str,
    what: str,
    cure: str,
    *,
    row: int | None = None,
    rows: Sequence[int] = (),
    column: str | None = None,
    rule: str = "",
    severity: str = "repair",
) -> Problem:
    """Something that a reader mended, or only noticed (`severity="note"`)."""
    places = tuple(dict.fromkeys(rows))
    row = places[0] if places else row
    return Problem(what, cure, shown(path), row, column, rule, severity, places)


def sha256(path: Path | str) -> str:
    """The file's fingerprint."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def existing(path: Path | str) -> Path:
    """The path of a file that is there and holds something."""
    path = Path(path)
    if path.is_dir():
        raise refusal(
            path, "this is a folder, not a file", "name the file inside it", rule="file.folder"
        )
    try:
        size = path.stat().st_size
    except OSError:
        raise refusal(
            path, "there is no such file, or it may not be opened",
            "check the name and the rights of the file", rule="file.missing",
        ) from None
    if size == 0:
        raise refusal(
            path, "the file is empty (0 bytes)", "ask for the delivery again", rule="file.empty"
        )
    return path


def kind_of(path: Path | str) -> str:
    """What the first bytes say: one of zip kinds, "sqlite", "spss", "stata", "xml", "text" ...

    A zip is looked into: "xlsx", "xlsb", "docx", "ods", "odt", "qdpx" or "zip".
    """
    path = existing(path)
    with open(path, "rb") as stream:
        first = stream.read(512)
    if first.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _kind_of_zip(path)
    if first.startswith(OLE):
        return "encrypted" if _holds_encrypted_package(path) else "xls"
    return _kind_of_bytes(first)


def _kind_of_bytes(first: bytes) -> str:
    starts = {
        SQLITE: "sqlite", GZIP: "gzip", b"$FL2": "spss", b"$FL3": "spss", b"%PDF": "pdf",
        b"<stata_dta>": "stata", b"\x89PNG": "image", b"\xff\xd8\xff": "image", b"{\\rtf": "rtf",
    }
    for start, kind in starts.items():
        if first.startswith(start):
            return kind
    if b"SPSS PORT FILE" in first:
        return "spss portable"
    if 102 <= first[0] <= 115 and first[1:2] in (b"\x01", b"\x02") and first[2:3] == b"\x01":
        return "stata"
    text = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    return "xml" if text.startswith(b"<") else "text"


def _kind_of_zip(path: Path) -> str:
    names = {name.casefold() for name in zip_names(path)}
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "word/document.xml" in names:
        return "docx"
    if any(name.endswith(".qde") for name in names):
        return "qdpx"
    return _open_document(path) if "content.xml" in names else "zip"


def _open_document(path: Path) -> str:
    """"ods" for a spreadsheet, "odt" for any other document of LibreOffice."""
    try:
        with zipfile.ZipFile(path) as archive:
            kinds = archive.read("mimetype") if "mimetype" in archive.namelist() else b""
            return "ods" if b"spreadsheet" in kinds or not kinds else "odt"
    except BROKEN_ZIP:
        return "zip"


def _holds_encrypted_package(path: Path) -> bool:
    return "EncryptedPackage".encode("utf-16-le") in path.read_bytes()


def zip_names(path: Path | str) -> list[str]:
    """The members of a zip that is whole, not encrypted and of a sane size."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_zip(path, archive)
            return archive.namelist()
    except BROKEN_ZIP:
        raise refusal(
            path, "the file starts as a zip but is cut off or damaged",
            "ask for the delivery again; it was probably not sent completely", rule="zip.damaged",
        ) from None


def check_zip(path: Path | str, archive: zipfile.ZipFile) -> None:
    """Refuse a zip that is encrypted, unpacks to far too much, or climbs out of its folder."""
    members = archive.infolist()
    if any(member.flag_bits & 0x1 for member in members):
        raise refusal(
            path, "the zip is protected with a password",
            "save it again without a password", rule="zip.encrypted",
        )
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    swollen = unpacked > RATIO_MATTERS_FROM and unpacked / packed > RATIO_LIMIT
    if unpacked > UNPACKED_LIMIT or swollen or len(members) > MEMBER_LIMIT:
        raise refusal(
            path, "the zip would unpack to far more than a delivery can hold",
            "do not open it; ask the sender how it was made", rule="zip.bomb",
        )
    for member in members:
        parts = member.filename.replace("\\", "/").split("/")
        if ".." in parts or member.filename.startswith(("/", "\\")) or ":" in parts[0]:
            raise refusal(
                path, "the zip holds a name that points outside the zip",
                "do not open it; ask the sender how it was made", rule="zip.path",
            )
