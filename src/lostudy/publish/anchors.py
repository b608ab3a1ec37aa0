"""How a document points at a finding: what an author types, and the seal that a refresh leaves.

An author types `{{lq2.change.VA.A}}`, or `{{lq2.change.VA.A:abs}}` for another form of the text. A
refresh leaves `lo:lq2.change.VA.A:abs#1a2b3c4d` behind, where the digest is that of the text which
was written: so a later look tells a number that went stale from one that was edited by hand.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from lostudy.findings.record import LONGEST

PREFIX, LONGEST_TAG, DIGITS = "lo:", 64, 8
TOKEN = re.compile(r"\{\{([^{}]{1,120})\}\}")
UNCLOSED = re.compile(r"\{\{[^{}]{1,120}(?:\}(?!\})|$)")
ADDRESS = re.compile(r"([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)(?::([A-Za-z]+))?")
SEAL = re.compile(rf"{PREFIX}({ADDRESS.pattern})(?:#([0-9a-f]{{{DIGITS}}}))?")
BEGIN, END = ("begin",), ("end", "eind")
UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@dataclass(frozen=True)
class Address:
    """A finding and the form in which it is written ("" for its own text)."""

    id: str
    form: str = ""

    def __str__(self) -> str:
        return f"{self.id}:{self.form}" if self.form else self.id


def address_of(inner: str) -> Address | None:
    """The address between the braces of a token; None where it is no address.

    >>> address_of(" lq2.VA.A.T2 : n ")
    Address(id='lq2.VA.A.T2', form='n')
    """
    found = ADDRESS.fullmatch("".join(inner.translate(UNSEEN).split()))
    return Address(found[1], (found[2] or "").lower()) if found else None


def resolved(name: str, known: Iterable[str]) -> str:
    """The id that is meant: Word's autocorrection may have made a first letter a capital."""
    names = set(known)
    if name in names:
        return name
    like = [each for each in names if each.lower() == name.lower()]
    return like[0] if len(like) == 1 else name


def near(name: str, known: Iterable[str]) -> list[str]:
    """Ids that look like one that does not exist."""
    return difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.5)


def seal(address: Address, digest: str) -> str:
    """The tag of a content control: at most 64 characters, as Word allows.

    >>> seal(Address("lq2.VA.A", "n"), "1a2b3c4d")
    'lo:lq2.VA.A:n#1a2b3c4d'
    """
    return f"{PREFIX}{address}#{digest}"


def unsealed(tag: str) -> tuple[Address, str] | None:
    """Address and digest of a tag; the digest is "" where an author wrote the tag by hand.

    >>> unsealed("lo:lq2.VA.A:n#1a2b3c4d")
    (Address(id='lq2.VA.A', form='n'), '1a2b3c4d')
    """
    found = SEAL.fullmatch(tag.strip())
    return (Address(found[2], found[3] or ""), found[4] or "") if found else None


def fits(address: Address) -> bool:
    """Whether an address leaves room for its digest in Word's 64 characters."""
    return len(str(address)) <= LONGEST


def digest_of(text: str) -> str:
    """Eight hexadecimal digits of a text; what an editor does to spaces makes no difference.

    >>> digest_of("n\\xa0=\\xa050") == digest_of(" n = 50")
    True
    """
    plain = unicodedata.normalize("NFC", text.translate(UNSEEN)).replace("\u2011", "-")
    return hashlib.sha256(" ".join(plain.split()).encode()).hexdigest()[:DIGITS]
