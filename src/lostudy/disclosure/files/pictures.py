"""What stands in a PNG or a PDF besides the picture: texts, facts about it, what was put behind.

Each part is (where, text, what is wrong).
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PICTURE = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"pHYs", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"bKGD"}
TEXTS = {b"tEXt", b"zTXt", b"iTXt"}
FACTS = {0xE1, *range(0xE3, 0xEE), 0xFE}
Piece = tuple[str, str, str]


def png_parts(content: bytes) -> Iterator[Piece]:
    """The texts of a PNG; chunks that are neither picture nor text, and anything behind the end.

    Chunks as in ISO/IEC 15948:2003.
    """
    if not content.startswith(SIGNATURE):
        yield "", "", "it is no PNG"
        return
    place, packed = len(SIGNATURE), b""
    while place + 12 <= len(content):
        size = int.from_bytes(content[place : place + 4], "big")
        kind = content[place + 4 : place + 8]
        data = content[place + 8 : place + 8 + size]
        place += 12 + size
        packed += data if kind == b"IDAT" else b""
        if kind in TEXTS:
            yield f"chunk {kind.decode()}", _chunk_text(kind, data), ""
        elif kind not in PICTURE:
            where = f"chunk {kind.decode('latin-1')}"
            yield where, data.decode("latin-1"), "it holds more than a picture"
        if kind == b"IEND":
            break
    if place != len(content):
        yield "behind its end", content[place:].decode("latin-1"), "bytes stand behind the picture"
    if more := _behind_rows(content, packed):
        yield "behind its rows", more.decode("latin-1"), "bytes stand behind the picture"


def _behind_rows(content: bytes, packed: bytes) -> bytes:
    """What the packed rows of a picture hold beyond its height, or behind what is packed."""
    wide, high = (int.from_bytes(content[place : place + 4], "big") for place in (16, 20))
    depth, colour, interlaced = content[24], content[25], content[28]
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colour, 4)
    unpacking = zlib.decompressobj()
    try:
        rows = unpacking.decompress(packed)
    except zlib.error:
        return packed
    size = high * (1 + (wide * bits + 7) // 8)
    return (b"" if interlaced else rows[size:]) + unpacking.unused_data


def jpeg_parts(content: bytes) -> Iterator[Piece]:
    """The segments of a JPEG before its picture: only JFIF's own are no more than a picture.

    Segments as in ISO/IEC 10918-1; Exif, XMP and comments tell where, when and by whom; a colour
    profile does not.
    """
    if not content.startswith(b"\xff\xd8"):
        yield "", "", "it is no JPEG"
        return
    place = 2
    while content[place : place + 1] == b"\xff" and content[place + 1 : place + 2] != b"\xda":
        size = int.from_bytes(content[place + 2 : place + 4], "big")
        kind, data = content[place + 1], content[place + 4 : place + 2 + size]
        place += 2 + max(2, size)
        if kind in FACTS:
            yield f"segment {kind:x}", data.decode("latin-1"), "it holds more than a picture"
    end = content.rfind(b"\xff\xd9") + 2
    if end != len(content):
        yield "behind its end", content[end:].decode("latin-1"), "bytes stand behind the picture"


def _chunk_text(kind: bytes, data: bytes) -> str:
    """Keyword and text of a chunk; one that cannot be unpacked is read as it stands."""
    keyword, _, rest = data.partition(b"\x00")
    packed = kind == b"zTXt" or (kind == b"iTXt" and rest[:1] == b"\x01")
    if kind == b"zTXt":
        rest = rest[1:]
    if kind == b"iTXt":
        rest = rest[2:].partition(b"\x00")[2].partition(b"\x00")[2]
    if packed:
        try:
            rest = zlib.decompress(rest)
        except zlib.error:
            return data.decode("latin-1")
    encoding = "utf-8" if kind == b"iTXt" else "latin-1"
    return f"{keyword.decode('latin-1')}: {rest.decode(encoding, 'replace')}"


def pdf_parts(content: bytes) -> Iterator[Piece]:
    """The texts and facts of a PDF; what it holds besides pages is wrong."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    if not content.startswith(b"%PDF-") or len(content) - content.rfind(b"%%EOF") > 8:
        yield "", content[-200:].decode("latin-1"), "it does not begin and end as a PDF"
    for wrong, mark in (("attached files", b"/EmbeddedFile"), ("scripts", b"/JavaScript")):
        if re.search(re.escape(mark) + rb"\b", content):
            yield "", "", f"it holds {wrong}"
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            yield "", "", "it is encrypted"
            return
        for key, value in (reader.metadata or {}).items():
            yield f"property {key}", str(value), ""
        for number, page in enumerate(reader.pages, start=1):
            yield f"page {number}", page.extract_text(), ""
            for note in page.get("/Annots") or []:
                yield f"page {number}, note", str(note.get_object()), ""
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        yield "", "", "it is no PDF that can be read"
    yield "its streams", "\n".join(_streams(content)), ""


def _streams(content: bytes) -> Iterator[str]:
    """Everything between stream and endstream, unpacked where it is packed, pictures apart."""
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            unpacked = zlib.decompressobj().decompress(stream)
        except zlib.error:
            unpacked = stream
        text = unpacked.decode("latin-1")
        yield "".join(re.findall(r"\(((?:[^()\\]|\\.)*)\)|<\?xpacket.*|<x:xmpmeta.*", text))
