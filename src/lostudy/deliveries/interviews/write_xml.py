"""Small parts of a written REFI-QDA file: elements, guids, dates, and text that XML can hold."""

from __future__ import annotations

import re
import uuid
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
SPACE = uuid.UUID("0b6a3d1e-3a52-5f0c-9c1b-6f5d0a7e4c21")
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?")
KINDS = {"Integer": re.compile(r"[+-]?[0-9]+"), "Boolean": re.compile("true|false|1|0"),
         "Float": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")}
RGB = re.compile(r"#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})")
SAME_DAY = (1980, 1, 1, 0, 0, 0)


def element(parent: Any, tag: str, **attributes: str) -> Any:
    """A child in its parent's namespace; an attribute without a value is left out."""
    from lxml import etree

    namespace = parent.tag.rpartition("}")[0]
    filled = {name: clean(value) for name, value in attributes.items() if value}
    return etree.SubElement(parent, f"{namespace}}}{tag}", filled)


def text_element(parent: Any, tag: str, text: str) -> None:
    """A child that holds only text; none where there is no text."""
    if text:
        element(parent, tag).text = clean(text)


def root_element(tag: str, namespace: str, **attributes: str) -> Any:
    """The root of a file."""
    from lxml import etree

    return etree.Element(f"{{{namespace}}}{tag}", attributes, nsmap={None: namespace})


def serialised(root: Any) -> bytes:
    """The file's bytes."""
    from lxml import etree

    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def key_guid(kind: str, key: str) -> str:
    """The guid of a key: itself where it is one, else the same one each time.

    >>> key_guid("code", "12") == key_guid("code", "12") != key_guid("document", "12")
    True
    """
    return key.casefold() if GUID.fullmatch(key) else str(uuid.uuid5(SPACE, f"{kind}|{key}"))


def clean(text: str) -> str:
    """Text with what XML cannot hold replaced, one character for one.

    >>> clean("a\\x00b")
    'a\\ufffdb'
    """
    return NOT_XML.sub("\ufffd", text)


def clean_text(text: str) -> str:
    """A text that can be written as UTF-8, one character for one."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if _lone(text) else text


def _lone(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def moment(text: str) -> str:
    """A date as XML wants it, "" where it is written in another way.

    >>> moment("2022-02-03 08:19:45"), moment("2026-03-02T09:00:00Z"), moment("3-2-22")
    ('2022-02-03T08:19:45', '2026-03-02T09:00:00Z', '')
    """
    match = MOMENT.fullmatch(text.strip())
    if match is None:
        return ""
    day, time, seconds, zone = match.groups()
    try:
        pd.Timestamp(f"{day}T{time or '00:00'}{seconds or ':00'}")
    except ValueError:
        return ""
    return f"{day}T{time or '00:00'}{seconds or ':00'}{zone or ''}"


def is_a(kind: str, value: str) -> bool:
    """Whether a value may stand in a file as one of this kind.

    >>> is_a("Integer", "34"), is_a("Integer", "34; 35"), is_a("Date", "2026-02-31")
    (True, False, False)
    """
    if kind in ("Date", "DateTime"):
        return (kind == "Date") == ("T" not in value) and moment(value).startswith(value)
    return kind == "Text" or (kind in KINDS and KINDS[kind].fullmatch(value) is not None)


def whole(text: str) -> int:
    """A number as a whole one; 0 for what is none."""
    try:
        return round(float(text))
    except (ValueError, OverflowError):
        return 0


def colour(text: str) -> str:
    """A colour as the standard writes it, "" for any other."""
    return text if RGB.fullmatch(text) else ""


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table's rows, with None for what is missing."""
    cells = table.astype("object")
    return [
        {str(name): _cell(value) for name, value in row.items()}
        for row in cells.to_dict("records")
    ]


def _cell(value: Any) -> Any:
    if isinstance(value, (Mapping, tuple, list)):
        return value
    return None if pd.isna(value) else value


def write_zip(path: Path, members: Mapping[str, bytes]) -> None:
    """A zip in which no time of writing stands."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, SAME_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
