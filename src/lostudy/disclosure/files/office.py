"""What is packed in a Word or Excel file, and what of it must not be there."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

MOST, TIMES = 300_000_000, 200
FORBIDDEN = {
    r"vbaProject|\.bin$": "it holds a program or a packed object",
    r"embeddings/": "another file is packed in it",
    r"thumbnail": "it holds a preview picture",
    r"pivotCache": "the records behind a pivot table are packed in it",
    r"externalLinks": "it is linked with another file",
    r"(^|/)(comments|threadedComments|persons?|people)[^/]*(/|\.xml$)": "it holds comments",
}
SIGNS = {
    **dict.fromkeys(
        (b"<w:ins ", b"<w:del "), "it holds tracked changes: accept or refuse them first"
    ),
    b"<w:vanish": "it holds hidden text", b'state="hidden"': "it holds a hidden sheet",
    b'state="veryHidden"': "it holds a hidden sheet",
    b' hidden="1"': "it holds hidden rows or columns",
    b' hidden="true"': "it holds hidden rows or columns",
}  # fmt: skip
PERSONAL = re.compile(rb"<(dc:creator|cp:lastModifiedBy|Manager|Company)>([^<]+)<")
OURS = {b"lostudy", b"python-docx", b"openpyxl"}


def members(content: bytes) -> Iterator[tuple[str, bytes, str]]:
    """Every file in the package with its bytes, or with what is wrong with it."""
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        yield "", b"", "it is no Word or Excel file that can be opened"
        return
    infos = package.infolist()
    size, locked = sum(each.file_size for each in infos), any(each.flag_bits & 1 for each in infos)
    if size > MOST or size > TIMES * max(1, len(content)) or locked:
        yield "", b"", "it is encrypted, or far larger than it seems"
        return
    if package.comment or any(each.comment for each in infos):
        yield "", b"", "a comment stands in its package"
    if not _nothing_between(content, infos, package.start_dir):
        yield "", b"", "bytes stand before, between or behind its parts"
    for each in (each for each in infos if not each.is_dir()):
        wrong = [said for pattern, said in FORBIDDEN.items() if re.search(pattern, each.filename)]
        if wrong:
            yield each.filename, b"", wrong[0]
            continue
        inner = package.read(each)
        yield from ((each.filename, b"", said) for said in _signs(each.filename, inner))
        yield each.filename, inner, ""


def _nothing_between(content: bytes, infos: list[zipfile.ZipInfo], listed: int) -> bool:
    """Whether its parts follow each other from the first byte to the list of them at the end.

    Records as in APPNOTE.TXT 4.3 of PKWARE: a part's head is thirty bytes, its name and what is
    extra; behind a part that was written as a stream stand up to 24 bytes on its size.
    """
    place, streamed = 0, False
    for each in sorted(infos, key=lambda info: info.header_offset):
        head = content[each.header_offset : each.header_offset + 30]
        sizes = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        if not place <= each.header_offset <= place + 24 * streamed:
            return False
        place = each.header_offset + 30 + sizes + each.compress_size
        streamed = bool(each.flag_bits & 8)
    end = content.rfind(b"PK\x05\x06")
    size = int.from_bytes(content[end + 12 : end + 16], "little")
    behind = len(content) - end - 22 - int.from_bytes(content[end + 20 : end + 22], "little")
    return place <= listed <= place + 24 * streamed and listed + size == end and not behind


def _signs(name: str, inner: bytes) -> list[str]:
    """What may not stand in a part of the package."""
    if not name.endswith(".xml"):
        return []
    found = {said for sign, said in SIGNS.items() if said and sign in inner}
    found |= {"its properties name a person" for _, value in PERSONAL.findall(inner)
              if value.strip() not in OURS}  # fmt: skip
    return sorted(found)
