"""The zip around a REFI-QDA project: checked before anything in it is unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lostudy.deliveries.files import BROKEN_ZIP, check_zip, refusal
from lostudy.deliveries.interviews.offsets import unmarked
from lostudy.errors import DataError

QDE_LIMIT = 500_000_000


class Package:
    """An open project: its one .qde and the texts of its sources."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self.archive = archive
        names = [name for name in archive.namelist() if not name.endswith("/")]
        self.members = {_base(name): name for name in names}
        self.paths = {_inside(name): name for name in names}
        self.qde = self._qde(names)

    def _qde(self, names: list[str]) -> str:
        found = [name for name in names if name.casefold().endswith(".qde")]
        found.sort(key=lambda name: name.count("/"))
        if not found:
            raise refusal(
                self.path, "the zip holds no .qde file, so it is no REFI-QDA project",
                "export the project as REFI-QDA (.qdpx) again", rule="refi.no-qde")
        if self.archive.getinfo(found[0]).file_size > QDE_LIMIT:
            raise refusal(
                self.path, "the .qde file is far larger than a project can be",
                "ask how it was made", rule="zip.bomb")
        return found[0]

    def read(self, member: str) -> bytes:
        """A member's bytes."""
        try:
            return self.archive.read(member)
        except BROKEN_ZIP:
            raise damaged(self.path) from None

    def open(self, member: str) -> IO[bytes]:
        """A member as a stream."""
        return self.archive.open(member)

    def text(self, uri: str) -> str | None:
        """A source's text from the zip only: a path outside the zip is never opened.

        Two members in different folders may have one name: the whole path goes before the name.
        """
        name = uri.partition("://")[2]
        member = self.paths.get(_inside(name)) or self.members.get(_base(name))
        return None if member is None else decoded(self.read(member))


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """A project's zip, refused when it is damaged, encrypted, a bomb or climbs out."""
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN_ZIP:
        raise damaged(path) from None
    with archive:
        check_zip(path, archive)
        yield Package(path, archive)


@contextmanager
def damaged_guard(path: Path) -> Iterator[None]:
    """What reading a member raises when the zip is broken becomes our own error."""
    try:
        yield
    except DataError:
        raise
    except BROKEN_ZIP:
        raise damaged(path) from None


def damaged(path: Path) -> Exception:
    """The error for a project that cannot be unpacked."""
    return refusal(
        path, "the project is cut off or damaged", "export the project again",
        rule="refi.damaged")


def decoded(data: bytes) -> str:
    """A source's text, its line ends as one character and without byte order mark."""
    marks = (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if data.startswith(marks) else ("utf-8", "cp1252"):
        try:
            return unmarked(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return unmarked(data.decode("cp1252", "replace"))


def _inside(name: str) -> str:
    """A member's path below the folder of sources."""
    path = name.replace("\\", "/").lstrip("/").casefold()
    return path.removeprefix("sources/")


def _base(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].casefold()
