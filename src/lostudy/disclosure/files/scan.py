"""A folder of finished files, searched byte by byte and part by part before it leaves."""

from __future__ import annotations

import getpass
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from lostudy.deliveries.identifiers import kinds_in
from lostudy.disclosure.files.drawings import pdf_marks, svg_marks, too_many
from lostudy.disclosure.files.parts import OVER_TAGS, Part, parts_of
from lostudy.disclosure.files.sought import Sought
from lostudy.disclosure.text.folding import folded
from lostudy.disclosure.text.marks import of_kind
from lostudy.errors import Problem

HOMES = ("home", "Users", "root", "tmp", "private", "mnt", "Volumes")
MACHINE = re.compile(rf"(?<![\w.])/(?:{'|'.join(HOMES)})/\w|[A-Za-z]:\\+Users\\+|file:///")
FORMS = {"bsn": "a citizen service number", "iban": "a bank account", "plate": "a number plate",
         "phone": "a telephone number", "email": "an e-mail address"}  # fmt: skip
DIGEST = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})\b")
AT = re.compile(r"@|[\[(](?:at|apenstaartje)[\])]")
BORN = re.compile(
    r"(?i)\b(?:geboren|geboortedatum|geb\.|date of birth|born)\W{1,4}(?:op |on )?\d{1,2}\W"
)
MARKS = {".svg": svg_marks, ".pdf": pdf_marks}
CURE = {
    "wrong": "make the file anew without it, or leave it out of the folder",
    "person": "look at the file by hand, take it out, and find out how it came there",
    "machine": "make the file anew: it tells of the computer that it was made on",
    "points": "draw groups, not persons: a point of a vector drawing can be read back",
}


def scan(folder: Path, sought: Sought) -> list[Problem]:
    """What in the files of a folder may not leave: by file and part, never what it is."""
    found = sorted(each for each in folder.rglob("*") if each.is_file() or each.is_symlink())
    return scan_files([(each.relative_to(folder).as_posix(), each) for each in found], sought)


def scan_files(files: Sequence[tuple[str, Path]], sought: Sought) -> list[Problem]:
    """The same for these files, each under the name by which it is told of."""
    problems: list[Problem] = []
    for name, path in files:
        if path.is_symlink():
            problems.append(_problem(name, "it is a link to another place", "wrong"))
        else:
            problems += [_problem(name, *each) for each in _in_file(path, sought)]
    return problems


def _problem(name: str, what: str, cure: str) -> Problem:
    return Problem(what, CURE[cure], name, rule="D18")


def _in_file(path: Path, sought: Sought) -> Iterator[tuple[str, str]]:
    """What is wrong with a file, each thing once, with the kind of cure."""
    content = path.read_bytes()
    seen = set()
    for part in parts_of(path.name, content):
        for what, cure in _in_part(part, sought):
            where = f" ({part.where})" if part.where else ""
            if (what, cure) not in seen:
                seen.add((what, cure))
                yield f"{what}{where}", cure
    ending = path.suffix.lower()
    if ending in MARKS:
        yield from _points(path, MARKS[ending](content))
    if ending == ".csv":
        yield from ((f"{kind} (a column)", "person") for kind in _columns(path, sought))


def _in_part(part: Part, sought: Sought) -> Iterator[tuple[str, str]]:
    if part.wrong:
        yield part.wrong, "wrong"
    if not part.text:
        return
    yield from ((f"it holds {kind}", "person") for kind in sought.found_in(part.text))
    if part.where != OVER_TAGS:
        yield from ((f"it holds {kind}", "person") for kind in _identifiers(part.text))
    if _of_the_machine(part.text):
        yield "it holds a path of a computer", "machine"


def _identifiers(text: str) -> set[str]:
    """What points at a person by its form, as it may be written in a text of people."""
    plain = DIGEST.sub(" ", folded(text))
    found = {
        said
        for kind, said in FORMS.items()
        if kind != "email" or AT.search(plain)
        if any(_written(kind, plain[mark.start : mark.end]) for mark in of_kind(plain, kind))
    }
    return found | set(kinds_in(plain)) | ({"a date of birth"} if BORN.search(plain) else set())


def _written(kind: str, text: str) -> bool:
    """Whether a number is written as people write it: digests hold accounts and numbers by chance.

    What is not, `kinds_in` finds where the text says what it is, or by the length of an account.
    """
    if kind == "bsn":
        return bool(re.fullmatch(r"\d{3}([.-])\d{3}\1\d{3}", text))
    return kind != "iban" or bool(re.fullmatch(r"[A-Z]{2}\d{2}([ .-])\w{4}(?:\1\w{1,4})+", text))


def _of_the_machine(text: str) -> bool:
    user = getpass.getuser()
    named = len(user) > 4 and re.search(rf"\b{re.escape(user)}\b", text)
    return bool(MACHINE.search(text) or named)


def _points(path: Path, marks: Counter[str]) -> Iterator[tuple[str, str]]:
    """More marks in a drawing than there are values behind it: a mark per person."""
    beside = path.with_suffix(".csv")
    rows = len(pd.read_csv(beside)) if beside.exists() else 0
    if not rows and path.suffix.lower() == ".svg":
        yield "a drawing without the values that it shows", "points"
    elif too_many(marks, rows):
        yield "more marks than values are drawn", "points"


def _columns(path: Path, sought: Sought) -> set[str]:
    """What stands in the columns of a table, read from the top down."""
    try:
        frame = pd.read_csv(path, dtype="str", header=None, on_bad_lines="skip")
    except (ValueError, pd.errors.ParserError, pd.errors.EmptyDataError):
        return set()
    return {
        kind
        for column in frame
        for kind in sought.found_in(", ".join(frame[column].dropna().tolist()))
    }
