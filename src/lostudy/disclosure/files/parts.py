"""A finished file taken apart: every text that stands anywhere in it, and what may not be in it.

Kinds of files that are not known here do not leave. What is packed inside another file is taken
apart as well; what cannot be opened is refused.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from urllib.parse import unquote

from lxml import etree

from lostudy.disclosure.files.pictures import jpeg_parts, pdf_parts, png_parts

DEEPEST, APART, OVER_TAGS = 4, "\n¦\n", "over tags"
DATA = re.compile(
    r"data:([a-z]+/[a-z0-9.+-]+)(?:;[a-zA-Z0-9=-]+)*?;base64,([A-Za-z0-9+/=\s]+)", re.IGNORECASE
)
ENDINGS = {
    "image/png": "x.png", "image/jpeg": "x.jpeg", "image/svg+xml": "x.svg", "text/csv": "x.csv",
    "text/plain": "x.txt", "text/html": "x.html", "text/css": "x.css",
    "text/javascript": "x.js", "application/json": "x.json", "font/woff2": "", "font/ttf": "",
}  # fmt: skip
ESCAPE = re.compile(r"\\u\{?([0-9a-fA-F]{4,6})\}?|\\x([0-9a-fA-F]{2})")


@dataclass(frozen=True)
class Part:
    """A text in a file, where it stands, and what is wrong with that ("" for nothing)."""

    where: str
    text: str
    wrong: str = ""


def parts_of(name: str, content: bytes, depth: int = 0) -> Iterator[Part]:
    """Every part of a file, by its name and bytes.

    >>> [part.text for part in parts_of("note.txt", b"hello")]
    ['note.txt', 'hello']
    >>> [part.wrong for part in parts_of("rows.parquet", b"PAR1")]
    ['', 'files of this kind do not leave']
    """
    ending = PurePosixPath(name).suffix.lower()
    yield Part("its name", name)
    if ending not in ALLOWED:
        yield Part("", "", "files of this kind do not leave")
    elif depth > DEEPEST:
        yield Part("", "", "it is packed too deep to be looked through")
    else:
        yield from ALLOWED[ending](content, depth)


def _decoded(content: bytes) -> tuple[str, list[Part]]:
    """The text of a file in UTF-8; where it is not, as it can be read, and that this is wrong."""
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return content.decode("latin-1"), [Part("", "", "it is not in UTF-8")]


def _text(content: bytes, _: int) -> Iterator[Part]:
    text, wrong = _decoded(content)
    yield from wrong
    yield Part("", text, "it holds NUL bytes" if "\x00" in text else "")
    yield from _escaped(text)


def _escaped(text: str) -> Iterator[Part]:
    """The same text with what is escaped in it read as a program or browser reads it."""
    plain = unquote(ESCAPE.sub(lambda found: _sign(found[1] or found[2]), text))
    if plain != text:
        yield Part("in escapes", plain)


def _sign(number: str) -> str:
    value = int(number, 16)
    return chr(value) if value < 0x110000 else ""


def _html(content: bytes, depth: int) -> Iterator[Part]:
    """The page as written, as read by a person, and what is packed in its pictures."""
    text, wrong = _decoded(content)
    yield from wrong
    plain, packed = _unpacked(text, depth)
    yield Part("as written", plain)
    yield Part("as read", html.unescape(re.sub(r"<[^>]*>", " ", plain)))
    yield Part(OVER_TAGS, html.unescape(re.sub(r"<[^>]*>", "", plain)))
    yield Part("in tags", html.unescape(plain))
    yield from _escaped(html.unescape(plain))
    yield from packed


def _unpacked(text: str, depth: int) -> tuple[str, list[Part]]:
    """A text without the pictures inside it, and the parts of those pictures."""
    packed: list[Part] = []
    for kind, code in DATA.findall(text):
        try:
            content = base64.b64decode(code, validate=False)
        except binascii.Error:
            packed.append(Part("a picture", "", "it cannot be opened"))
            continue
        name = ENDINGS.get(kind.lower(), f"x.{kind}")
        packed += parts_of(name, content, depth + 1) if name else [Part(kind, _latin(content))]
    return DATA.sub("data:", text), packed


def _latin(content: bytes) -> str:
    return content.decode("latin-1")


def _svg(content: bytes, depth: int) -> Iterator[Part]:
    """The texts, titles and attributes of a drawing; its geometry apart."""
    yield from _xml(content, depth, GEOMETRY)


GEOMETRY = {
    "d", "points", "transform", "x", "y", "x1", "y1", "x2", "y2", "width", "height", "viewBox",
    "cx", "cy", "r", "rx", "ry", "clip-path",
}  # fmt: skip


def _xml(content: bytes, depth: int, geometry: Collection[str] = ()) -> Iterator[Part]:
    if b"<!ENTITY" in content:
        yield Part("", "", "it declares entities")
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        yield Part("", content.decode("utf-8", "replace"), "it is no XML that can be read")
        return
    joined, attributes, names = [], [], set[str]()
    for node in root.iter():
        texts = [node.text, node.tail]
        if not isinstance(node.tag, str):
            texts.append(str(getattr(node, "target", "")))
            yield Part("a comment", " ".join(filter(None, texts)))
            continue
        name = etree.QName(node).localname
        names |= {name, *map(str, node.nsmap), *node.nsmap.values()}
        if name == "script":
            yield Part("", node.text or "", "it holds a script")
        if name in BREAKS or node.getparent() is root:
            joined.append("\n")
        joined += [each for each in texts if each]
        for key, value in node.attrib.items():
            plain, packed = _unpacked(str(value), depth)
            names.add(etree.QName(key).localname)
            if etree.QName(key).localname not in geometry:
                attributes.append(unquote(plain))
            yield from packed
    yield Part("its texts", "".join(joined))
    yield Part("its attributes", APART.join(attributes))
    yield Part("its names", APART.join(sorted(names)))


BREAKS = {"p", "tr", "row", "c", "si", "br", "text", "title", "desc", "creator", "subject"}


def _json(content: bytes, depth: int) -> Iterator[Part]:
    """Every string and list of numbers in it; also a file with one JSON text per line."""
    text, wrong = _decoded(content)
    yield from wrong
    try:
        found = [_loaded(text)]
    except ValueError:
        try:
            found = [_loaded(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            yield Part("", text, "it is no JSON that can be read")
            return
    for each in found:
        yield from _strings(each, depth)


def _loaded(text: str) -> object:
    """A JSON value; an object in which a name stands twice as a list of all of its pairs."""
    return json.loads(text, object_pairs_hook=_pairs)


def _pairs(pairs: list[tuple[str, object]]) -> object:
    found = dict(pairs)
    return found if len(found) == len(pairs) else [[name, value] for name, value in pairs]


def _strings(value: object, depth: int, where: str = "") -> Iterator[Part]:
    """Every string in a JSON value as one text, and what is packed in them."""
    texts = []
    for each in _inside(value):
        plain, packed = _unpacked(each, depth)
        texts.append(plain)
        yield from packed
    yield Part(where, APART.join(texts))


def _inside(value: object) -> Iterator[str]:
    """The keys and strings in a JSON value; what stands in a row or a column of it as one text."""
    if isinstance(value, dict):
        yield from _row(list(value.values()))
        for name, inner in value.items():
            yield str(name)
            yield from _inside(inner)
    elif isinstance(value, list):
        yield from _row(value)
        records = [each for each in value if isinstance(each, dict)]
        for name in records[0] if len(records) > 1 else ():
            yield from _row([each.get(name) for each in records])
        lists = [each for each in value if isinstance(each, list)]
        for column in zip(*lists, strict=False) if len(lists) > 1 else ():
            yield from _row(list(column))
        for inner in value:
            yield from _inside(inner)
    elif isinstance(value, str):
        yield value


def _row(values: list) -> Iterator[str]:
    """Numbers, and words that may stand for them, that follow each other."""
    plain = [each for each in values if isinstance(each, (int, float, str))]
    if len(plain) > 1:
        yield ", ".join(map(str, plain))


def _notebook(content: bytes, depth: int) -> Iterator[Part]:
    """Cells and outputs; pictures in outputs are opened, an error in one is wrong."""
    try:
        cells = json.loads(content)["cells"]
    except (ValueError, KeyError, TypeError):
        yield Part("", content.decode("utf-8", "replace"), "it is no notebook that can be read")
        return
    for number, cell in enumerate(cells, start=1):
        where = f"cell {number}"
        yield Part(where, "".join(cell.get("source", "")))
        yield from _strings(cell.get("metadata", {}), depth, where)
        for name, data in cell.get("attachments", {}).items():
            yield Part(where, str(name))
            yield from _data(data, where, depth)
        for output in cell.get("outputs", []):
            yield from _output(output, where, depth)
    yield from _strings(json.loads(content).get("metadata", {}), depth, "metadata")


def _output(output: dict, where: str, depth: int) -> Iterator[Part]:
    if output.get("output_type") == "error":
        yield Part(where, "\n".join(output.get("traceback", [])), "it shows an error")
    yield Part(where, "".join(output.get("text", "")))
    yield from _strings(output.get("metadata", {}), depth, where)
    yield from _data(output.get("data", {}), where, depth)


def _data(found: dict, where: str, depth: int) -> Iterator[Part]:
    """What an output or an attachment holds, by its kind."""
    for kind, data in found.items():
        if kind.startswith("image/") and kind in ENDINGS:
            packed = "".join(data)
            opened = packed.encode() if kind == "image/svg+xml" else base64.b64decode(packed)
            yield from parts_of(ENDINGS[kind], opened, depth + 1)
        elif kind in ("text/html", "image/svg+xml"):
            yield from _html("".join(data).encode(), depth)
        else:
            yield from _strings("".join(data) if _lines(data) else data, depth, where)


def _lines(data: object) -> bool:
    return isinstance(data, list) and all(isinstance(each, str) for each in data)


def _png(content: bytes, _: int) -> Iterator[Part]:
    yield from (Part(*each) for each in png_parts(content))


def _jpeg(content: bytes, _: int) -> Iterator[Part]:
    yield from (Part(*each) for each in jpeg_parts(content))


def _pdf(content: bytes, _: int) -> Iterator[Part]:
    yield from (Part(*each) for each in pdf_parts(content))


def _office(content: bytes, depth: int) -> Iterator[Part]:
    from lostudy.disclosure.files.office import members

    for name, inner, wrong in members(content):
        yield Part("the name of a part", name)
        if wrong:
            yield Part("" if not name.isascii() else name, "", wrong)
        elif name.endswith((".xml", ".rels", ".vml")):
            for part in _xml(inner, depth + 1):
                yield Part(f"{name} {part.where}".strip(), part.text, part.wrong)
                if "&" in part.text:
                    joined = re.sub(r'"\s*&\s*"', "", part.text)
                    yield Part(name, re.sub(r"&[A-Z]", " ", joined))
        else:
            yield from parts_of(name, inner, depth + 1)


ALLOWED: MappingProxyType[str, Callable[[bytes, int], Iterator[Part]]] = MappingProxyType(
    {
        **dict.fromkeys(
            (".txt", ".md", ".qmd", ".csv", ".tex", ".css", ".js", ".yml", ".cff"), _text
        ),
        ".html": _html,
        ".svg": _svg,
        ".json": _json,
        ".jsonl": _json,
        ".ipynb": _notebook,
        ".png": _png,
        ".jpg": _jpeg,
        ".jpeg": _jpeg,
        ".pdf": _pdf,
        ".docx": _office,
        ".xlsx": _office,
    }
)
