"""Who is who: keys that say nothing, and the same person found again at another wave (C16, C17).

A self-made linking code is personal data. It is turned into a keyed hash and then forgotten; the
key stands outside the study's folder. Linkage is blocked by organisation: equal codes first, then
pairs that are each other's only candidate with one element different; what is uncertain stays
unlinked.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from lostudy.study import Study


def study_key(study: Study) -> bytes:
    """The key of this study's hashes: LOSTUDY_KEY, or a file in the user's own configuration.

    Simulated data have nobody to protect: their key is the study's id, so that results are the same
    on every machine.
    """
    if study.simulated:
        return study.about.id.encode()
    if given := os.environ.get("LOSTUDY_KEY"):
        return hashlib.sha256(given.encode()).digest()
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "lostudy"
    path = home / f"{study.about.id}.key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return bytes.fromhex(path.read_text(encoding="ascii").strip())


def person_key(key: bytes, *parts: str) -> str:
    """A stable name for a person: 12 hexadecimal characters that say nothing.

    >>> person_key(b"k", "A", "CODE1") == person_key(b"k", "A", "CODE1")
    True
    >>> person_key(b"k", "A", "CODE1") == person_key(b"k", "B", "CODE1")
    False
    """
    return "p" + hashlib.blake2b("|".join(parts).encode(), key=key[:64], digest_size=6).hexdigest()


def normal_code(code: str) -> str:
    """A linking code without the ways of writing it: letters and digits only, in capitals."""
    return "".join(character for character in code.upper() if character.isalnum())


def link(codes: pd.DataFrame, different: int = 1) -> pd.Series:
    """One name per person over the waves: for each row the code under which the person first came.

    `codes`: columns `wave` (in time order as given by its categories) and `code` (normalised,
    unique within a wave or repeated for duplicates). Codes of the same length that differ in at
    most `different` places are linked only if each is the other's single candidate and neither has an
    exact partner in that wave.

    >>> waves = ["T0", "T0", "T1", "T1"]
    >>> written = ["ANNA07", "BERT11", "ANNA08", "CEES12"]
    >>> codes = pd.DataFrame({"wave": waves, "code": written})
    >>> link(codes).tolist()
    ['ANNA07', 'BERT11', 'ANNA07', 'CEES12']
    """
    alias: dict[str, str] = {}
    waves = [set(part) for _, part in codes.groupby("wave", sort=True, observed=True)["code"]]
    for earlier, later in combinations(range(len(waves)), 2):
        first, second = sorted(waves[earlier] - waves[later]), sorted(waves[later] - waves[earlier])
        for one, other in _near_pairs(first, second, different):
            if other not in alias and _root(one, alias) != other:
                alias[other] = one
    return codes["code"].map(lambda code: _root(code, alias))


def _root(code: str, alias: dict[str, str]) -> str:
    while code in alias:
        code = alias[code]
    return code


def _near_pairs(first: list[str], second: list[str], different: int) -> Iterable[tuple[str, str]]:
    """Pairs that are each other's only candidate."""
    for length in sorted({len(code) for code in first}):
        ones = [code for code in first if len(code) == length]
        others = [code for code in second if len(code) == length]
        if not ones or not others or length < 5:
            continue
        near = _differences(ones, others) <= different
        for row in np.flatnonzero(near.sum(axis=1) == 1):
            column = int(near[row].argmax())
            if near[:, column].sum() == 1:
                yield ones[row], others[column]


def _differences(ones: list[str], others: list[str]) -> np.ndarray:
    left = np.array([list(code) for code in ones])
    right = np.array([list(code) for code in others])
    counts = np.zeros((len(ones), len(others)), dtype="int16")
    for place in range(left.shape[1]):
        counts += left[:, place][:, None] != right[:, place][None, :]
    return counts


def row_names(answers: pd.DataFrame) -> pd.Series:
    """A name per row from its content, independent of the order of rows and columns.

    Rows that are equal in every cell get a running number behind the name.
    """
    hashes = np.zeros(len(answers), dtype="uint64")
    for column in sorted(answers.columns):
        codes = answers[column].astype("category")
        texts = pd.util.hash_array(codes.cat.categories.astype("str").to_numpy(dtype=object))
        per_row = np.append(texts, np.uint64(0))[codes.cat.codes.to_numpy()]
        salt = pd.util.hash_array(np.array([column], dtype=object))[0]
        hashes = (hashes * np.uint64(1099511628211)) ^ (per_row + salt)
    names = pd.Series(hashes, index=answers.index).map("{:016x}".format)
    again = names.groupby(names).cumcount()
    return names + again.map(lambda number: f"-{number}" if number else "")
