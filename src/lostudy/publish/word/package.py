"""A .docx as a package of parts: read whole, only what changed is written, in one step.

Parts that nothing touched keep their bytes. What is no Word document, is locked, protected or
built to break a reader is refused with what to do; the file itself is never changed on the way.
"""

from __future__ import annotations

import os
import posixpath
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from lostudy.errors import DocumentError, Problem
from lostudy.publish.word.names import DECLARATION, STRICT_MAIN, Element

MOST, LARGEST = 400_000_000, 200_000_000
TYPES = "[Content_Types].xml"
TYPE_SPACE = "http://schemas.openxmlformats.org/package/2006/content-types"
REL_SPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = (
    "wordprocessingml.document.main+xml",
    "wordprocessingml.template.main+xml",
    "ms-word.document.macroEnabled.main+xml",
    "ms-word.template.macroEnabledTemplate.main+xml",
)
STORIES = ("header", "footer", "footnotes", "endnotes")
FIXED = (1980, 1, 1, 0, 0, 0)


@dataclass
class Package:
    """The parts of a document by name; changed ones are written anew, the others as they came.

    `numbers`: of content controls, once somebody asked for a free one.
    """

    path: Path
    content: dict[str, bytes]
    dates: dict[str, tuple]
    trees: dict[str, Element] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)

    def tree(self, part: str) -> Element:
        """The root element of a part."""
        if part not in self.trees:
            self.trees[part] = _parsed(self.content[part], self.path)
        return self.trees[part]

    @property
    def types(self) -> dict[str, str]:
        """Part → content type, for the parts that have one of their own."""
        rows = self.tree(TYPES).iterfind(f"{{{TYPE_SPACE}}}Override")
        return {row.get("PartName").lstrip("/"): row.get("ContentType") for row in rows}

    @property
    def main(self) -> str:
        """The part that holds the body."""
        return next(part for part, kind in self.types.items() if kind.endswith(MAIN))

    @property
    def stories(self) -> list[str]:
        """The parts with text that is printed: body, headers, footers, notes."""
        kinds = tuple(f"wordprocessingml.{story}+xml" for story in STORIES)
        others = [part for part, kind in self.types.items() if kind.endswith(kinds)]
        return [self.main, *(part for part in others if part in self.content)]

    @property
    def macros(self) -> bool:
        """Whether the document holds macros."""
        return any(name.endswith("vbaProject.bin") for name in self.content)

    def relations(self, part: str) -> Element:
        """The relationships of a part, made where there were none."""
        at = _relations_of(part)
        if at not in self.content and at not in self.trees:
            self.trees[at] = etree.Element(f"{{{REL_SPACE}}}Relationships", nsmap={None: REL_SPACE})
        return self.tree(at)

    def target(self, part: str, relation: str) -> str | None:
        """The part that a relationship of `part` leads to."""
        for row in self.relations(part):
            if row.get("Id") == relation and row.get("TargetMode") != "External":
                return _absolute(part, row.get("Target"))
        return None

    def related(self, part: str, kind: str) -> str | None:
        """The part that stands in this kind of relationship to `part`."""
        for row in self.relations(part):
            if row.get("Type") == f"{OFFICE}/{kind}":
                return _absolute(part, row.get("Target"))
        return None

    def relate(self, part: str, kind: str, other: str) -> str:
        """The id of a relationship from `part` to `other`, made where it is not there."""
        rows = self.relations(part)
        target = posixpath.relpath(other, posixpath.dirname(part) or ".")
        for row in rows:
            same = row.get("TargetMode") != "External" and row.get("Type") == f"{OFFICE}/{kind}"
            if same and _absolute(part, row.get("Target")) == other:
                return str(row.get("Id"))
        taken = {row.get("Id") for row in rows}
        number = next(each for each in range(1, 10_000) if f"rId{each}" not in taken)
        values = {"Id": f"rId{number}", "Type": f"{OFFICE}/{kind}", "Target": target}
        etree.SubElement(rows, f"{{{REL_SPACE}}}Relationship", values)
        self.changed.add(_relations_of(part))
        return values["Id"]

    def unrelate(self, part: str, relation: str) -> None:
        """Take a relationship away; a part that nothing leads to any more goes too."""
        rows, target = self.relations(part), self.target(part, relation)
        for row in [row for row in rows if row.get("Id") == relation]:
            rows.remove(row)
            self.changed.add(_relations_of(part))
        if target and target not in set(self._targets()):
            self._remove(target)

    def _remove(self, part: str) -> None:
        self.content.pop(part, None)
        self.trees.pop(part, None)
        self.changed.discard(part)
        types = self.tree(TYPES)
        for row in [each for each in types if each.get("PartName") == f"/{part}"]:
            types.remove(row)
            self.changed.add(TYPES)

    def _targets(self) -> Iterator[str]:
        for at in [name for name in {*self.content, *self.trees} if name.endswith(".rels")]:
            part = posixpath.join(posixpath.dirname(posixpath.dirname(at)),
                                  posixpath.basename(at)[: -len(".rels")])  # fmt: skip
            for row in self.tree(at):
                if row.get("TargetMode") != "External":
                    yield _absolute(part, row.get("Target"))

    def add(self, part: str, content: bytes, *, kind: str = "", ending: str = "") -> None:
        """Put a new part in: with a content type of its own, or one for its ending."""
        self.content[part] = content
        rows = self.tree(TYPES)
        if kind:
            values = {"PartName": f"/{part}", "ContentType": kind}
            etree.SubElement(rows, f"{{{TYPE_SPACE}}}Override", values)
            self.changed.add(TYPES)
            return
        extension = part.rsplit(".", 1)[-1]
        known = {row.get("Extension", "").lower() for row in rows}
        if extension not in known:
            values = {"Extension": extension, "ContentType": ending}
            rows.insert(0, etree.Element(f"{{{TYPE_SPACE}}}Default", values))
            self.changed.add(TYPES)

    def bytes_of(self, part: str) -> bytes:
        """A part as it will be written."""
        if part in self.changed:
            return DECLARATION + etree.tostring(self.trees[part], encoding="UTF-8")
        return self.content[part]

    def save(self, path: Path) -> None:
        """Write the document in one step, through a link to the file that it is of.

        Raises DocumentError where Word has it open.
        """
        path = path.resolve()
        fresh = path.with_name(f".{path.name}.new")
        try:
            with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as file:
                for part in [*self.content, *(each for each in self.trees
                                              if each not in self.content)]:  # fmt: skip
                    if part in self.content or part in self.changed:
                        entry = zipfile.ZipInfo(part, self.dates.get(part, FIXED))
                        entry.compress_type = zipfile.ZIP_DEFLATED
                        entry.external_attr = 0o600 << 16
                        file.writestr(entry, self.bytes_of(part))
            if path.exists():
                shutil.copymode(path, fresh)
            os.replace(fresh, path)
        except PermissionError:
            raise DocumentError(_locked(path)) from None
        finally:
            fresh.unlink(missing_ok=True)


def open_package(path: Path) -> Package:
    """Read a Word document; raises DocumentError with what it is instead, and what to do."""
    path = Path(path)
    if not path.is_file():
        raise DocumentError(Problem("there is no such document", "check the name", path.name))
    try:
        start = path.read_bytes()
    except PermissionError:
        raise DocumentError(_locked(path)) from None
    if not start.startswith(b"PK"):
        raise DocumentError(_no_zip(path, start))
    content, dates = _unpacked(path)
    package = Package(path, content, dates)
    _check(package)
    return package


def _unpacked(path: Path) -> tuple[dict[str, bytes], dict[str, tuple]]:
    try:
        with zipfile.ZipFile(path) as file:
            entries = [each for each in file.infolist() if not each.is_dir()]
            total = sum(each.file_size for each in entries)
            if total > MOST or any(each.file_size > LARGEST for each in entries):
                what = f"it unpacks to {total // 1_000_000} MB"
                raise DocumentError(Problem(what, "save it again from Word", path.name))
            names = [each.filename for each in entries]
            if len(set(names)) < len(names):
                what = "it holds a part twice"
                raise DocumentError(Problem(what, "save it again from Word", path.name))
            return ({each.filename: file.read(each) for each in entries},
                    {each.filename: each.date_time for each in entries})  # fmt: skip
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError,
            RuntimeError, ValueError):  # fmt: skip
        cure = "open it in Word, save it under another name, and use that"
        raise DocumentError(
            Problem("it is damaged: not all of it can be read", cure, path.name)
        ) from None


def _check(package: Package) -> None:
    """Raise for a package that is not a Word document this room can keep whole."""
    path, content = package.path, package.content
    if b"opendocument" in content.get("mimetype", b""):
        cure = "save it in LibreOffice as Word 2007-365 (.docx)"
        raise DocumentError(Problem("it is an OpenDocument text", cure, path.name))
    if TYPES not in content or not any(kind.endswith(MAIN) for kind in package.types.values()):
        raise DocumentError(Problem("it is no Word document", "give a .docx", path.name))
    if package.main not in content:
        cure = "open it in Word, save it under another name, and use that"
        raise DocumentError(Problem("it has no body", cure, path.name))
    if STRICT_MAIN.encode() in content[package.main][:4000]:
        cure = "in Word: Save As, Word Document (.docx)"
        raise DocumentError(Problem("it is saved as Strict Open XML Document", cure, path.name))
    if any(name.startswith("_xmlsignatures/") for name in content):
        cure = "work in a copy without the signature"
        raise DocumentError(
            Problem("it has a digital signature, which a change breaks", cure, path.name)
        )


def _no_zip(path: Path, start: bytes) -> Problem:
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in start:
            return Problem("it is protected with a password", "save it without one", path.name)
        cure = "open it in Word and save it as .docx"
        return Problem("it is an old Word document (.doc)", cure, path.name)
    return Problem("it is no Word document", "give a .docx", path.name)


def owner_files(path: Path) -> list[Path]:
    """The small files that Word or LibreOffice lays beside a document that is open."""
    stem = path.stem
    cut = 2 if len(stem) > 7 else max(0, len(stem) - 6)
    beside = [path.with_name(f"~${path.name[cut:]}"), path.with_name(f"~${path.name}"),
              path.with_name(f".~lock.{path.name}#")]  # fmt: skip
    return [each for each in dict.fromkeys(beside) if each.exists()]


def require_closed(path: Path) -> None:
    """Raise DocumentError where the document is open in Word or LibreOffice."""
    if owner_files(path):
        raise DocumentError(_locked(path))


def _locked(path: Path) -> Problem:
    beside = owner_files(path)
    found = (
        f" ({beside[0].name} stands beside it; if nobody has it open, delete that)"
        if beside
        else ""
    )
    what = "it is open in Word or LibreOffice, or may not be written" + found
    return Problem(what, "close it there and try again; nothing was changed", path.name)


def _parsed(content: bytes, path: Path) -> Element:
    if b"<!DOCTYPE" in content[:4000] or b"<!ENTITY" in content[:4000]:
        cure = "save it again from Word"
        raise DocumentError(Problem("it declares entities, which Word never does", cure, path.name))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        cure = "open it in Word, save it under another name, and use that"
        raise DocumentError(Problem("a part of it is no XML", cure, path.name)) from None


def _relations_of(part: str) -> str:
    return posixpath.join(posixpath.dirname(part), "_rels", posixpath.basename(part) + ".rels")


def _absolute(part: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
