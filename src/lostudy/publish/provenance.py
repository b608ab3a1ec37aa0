"""The record of its origin that each figure file carries, read back from a stray file."""

from __future__ import annotations

import json
import re
import struct
import zlib
from pathlib import Path
from typing import Any

from lxml import etree

from lostudy.errors import DocumentError, Problem

SOURCE = "{http://purl.org/dc/elements/1.1/}source"
KEYWORD = b"lostudy\0"
KEYWORDS = re.compile(rb"/Keywords\s*(\((?:\\.|[^\\)])*\)|<[0-9A-Fa-f\s]*>)", re.S)
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def read_provenance(path: Path) -> dict[str, Any] | None:
    """The record inside a PNG, SVG or PDF; None where it holds none.

    Raises DocumentError where the file is not what its name says.
    """
    try:
        content = path.read_bytes()
    except OSError:
        problem = Problem("there is no such file", "check the name", path.name)
        raise DocumentError(problem) from None
    reader = {".png": _png, ".svg": _svg, ".pdf": _pdf}[path.suffix.lower()]
    try:
        text = reader(content)
        facts = json.loads(text) if text else None
    except (ValueError, struct.error, zlib.error, etree.XMLSyntaxError, UnicodeDecodeError):
        what = f"it is no whole {path.suffix[1:].upper()}"
        raise DocumentError(Problem(what, "take the file from the reports", path.name)) from None
    return facts if isinstance(facts, dict) and facts.get("program") == "lostudy" else None


def _png(content: bytes) -> str:
    """The text of the chunk named lostudy."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        raise ValueError("no PNG")
    at = 8
    while at + 8 <= len(content):
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + size]
        if kind == b"iTXt" and body.startswith(KEYWORD):
            return _itxt(body[len(KEYWORD) :])
        if kind == b"tEXt" and body.startswith(KEYWORD):
            return body[len(KEYWORD) :].decode("latin-1")
        if kind == b"IEND":
            return ""
        at += 12 + size
    raise ValueError("cut off")


def _itxt(body: bytes) -> str:
    """The words of an international text chunk: flag, method, language, translated keyword."""
    packed, rest = body[0] == 1, body[2:]
    words = rest.split(b"\0", 2)[2]
    return (zlib.decompress(words) if packed else words).decode("utf-8")


def _svg(content: bytes) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(content, parser)
    if not str(root.tag).endswith("}svg"):
        raise ValueError("no SVG")
    return next((each.text or "" for each in root.iter(SOURCE)), "")


def _pdf(content: bytes) -> str:
    if not content.startswith(b"%PDF"):
        raise ValueError("no PDF")
    found = KEYWORDS.search(content)
    if found is None:
        if b"%%EOF" not in content[-1024:]:
            raise ValueError("cut off")
        return ""
    raw = found[1]
    if raw.startswith(b"<"):
        return _decoded(bytes.fromhex(raw[1:-1].decode("ascii")))
    return _decoded(re.sub(rb"\\([0-7]{1,3}|.)", _unescaped, raw[1:-1], flags=re.S))


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8) & 255]) if sign[:1].isdigit() else ESCAPED.get(sign, sign)


def _decoded(text: bytes) -> str:
    return text.decode("utf-16") if text.startswith(b"\xfe\xff") else text.decode("latin-1")
