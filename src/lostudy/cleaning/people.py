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
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd

from lostudy.study import Study

SHORTEST = 5


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


def person_keys(key: bytes, parts: list[tuple[str, ...]]) -> list[str]:
    """The stable names of many persons; the key is worked in once."""
    keyed = hashlib.blake2b(key=key[:64], digest_size=6)
    names = []
    for part in parts:
        digest = keyed.copy()
        digest.update("|".join(part).encode())
        names.append("p" + digest.hexdigest())
    return names


def person_key(key: bytes, *parts: str) -> str:
    """A stable name for a person: 12 hexadecimal characters that say nothing.

    >>> person_key(b"k", "A", "CODE1") == person_key(b"k", "A", "CODE1")
    True
    >>> person_key(b"k", "A", "CODE1") == person_key(b"k", "B", "CODE1")
    False
    """
    return person_keys(key, [parts])[0]


def normal_codes(codes: pd.Series) -> pd.Series:
    """Linking codes without the ways of writing them: letters and digits only, in capitals.

    >>> normal_codes(pd.Series(["An-na 07", "José 1", None])).tolist()
    ['ANNA07', 'JOSE1', '']
    """
    written = codes.astype("str").fillna("").str.upper()
    accented = ~written.map(str.isascii).astype("bool")
    plain = written[accented].str.normalize("NFKD").str.replace("[\u0300-\u036f]", "", regex=True)
    return written.mask(accented, plain).str.replace(r"[\W_]+", "", regex=True)


def link(codes: pd.DataFrame, different: int = 1) -> pd.Series:
    """One name per person over the waves: for each row the code under which the person first came.

    `codes`: columns `wave` (in time order as given by its categories) and `code` (normalised,
    unique within a wave or repeated for duplicates). Codes of the same length that differ in at
    most `different` places are linked only if each is the other's single candidate and neither
    has an exact partner in that wave. Two codes of one wave are never one person.

    >>> waves = ["T0", "T0", "T1", "T1"]
    >>> written = ["ANNA07", "BERT11", "ANNA08", "CEES12"]
    >>> codes = pd.DataFrame({"wave": waves, "code": written})
    >>> link(codes).tolist()
    ['ANNA07', 'BERT11', 'ANNA07', 'CEES12']
    """
    if codes["wave"].nunique() < 2:
        return codes["code"]
    by_wave = codes.groupby("wave", sort=True, observed=True)["code"]
    waves = [set(part.tolist()) for _, part in by_wave]
    people = {code: {code} for wave in waves for code in wave}
    for earlier, later in combinations(waves, 2):
        for one, other in near_pairs(earlier - later, later - earlier, different):
            both = people[one] | people[other]
            if all(len(both & wave) <= 1 for wave in waves):
                people.update(dict.fromkeys(both, both))
    first = {code: place for place, wave in reversed(list(enumerate(waves))) for code in wave}
    names = {code: min(mine, key=lambda each: (first[each], each)) for code, mine in people.items()}
    return codes["code"].map(names).astype("str")


def near_pairs(ones: set[str], others: set[str], different: int) -> list[tuple[str, str]]:
    """Pairs that are each other's only candidate, in alphabetical order.

    >>> near_pairs({"ANNA07", "BERT11"}, {"ANNA08", "BERT12", "BERT13"}, 1)
    [('ANNA07', 'ANNA08')]
    """
    candidates: dict[str, set[str]] = {one: set() for one in ones}
    back: dict[str, set[str]] = {other: set() for other in others}
    groups = _by_mask(others, different)
    for mask, mine in _by_mask(ones, different).items():
        for one, other in product(mine, groups.get(mask, ())):
            candidates[one].add(other)
            back[other].add(one)
    single = {one: next(iter(found)) for one, found in candidates.items() if len(found) == 1}
    return sorted((one, other) for one, other in single.items() if len(back[other]) == 1)


def _by_mask(codes: set[str], different: int) -> dict[tuple, list[str]]:
    """Codes by what is left of them when some places are covered: near codes share a mask."""
    groups: dict[tuple, list[str]] = {}
    for code in codes:
        if len(code) < SHORTEST or not different:
            continue
        for places in combinations(range(len(code)), different):
            letters = [("" if at in places else letter) for at, letter in enumerate(code)]
            groups.setdefault(tuple(letters), []).append(code)
    return groups


def row_hashes(answers: pd.DataFrame) -> pd.Series:
    """A number per row from its content, independent of the order of rows and columns."""
    hashes = np.zeros(len(answers), dtype="uint64")
    columns = sorted(answers.columns)
    salts = pd.util.hash_array(np.array(columns, dtype=object))
    for column, salt in zip(columns, salts, strict=True):
        cells = answers[column].astype("category").cat
        used, which = np.unique(cells.codes.to_numpy(), return_inverse=True)
        texts = cells.categories[used[used >= 0]].astype("str").to_numpy(dtype=object)
        absent = np.zeros(len(used) - len(texts), dtype="uint64")
        per_row = np.append(absent, pd.util.hash_array(texts))[which]
        hashes = (hashes * np.uint64(1099511628211)) ^ (per_row + salt)
    return pd.Series(hashes, index=answers.index)


def row_names(hashes: pd.Series) -> pd.Series:
    """A name per row; rows that are equal in every cell get a running number behind it.

    >>> row_names(pd.Series([10, 11, 10], dtype="uint64")).tolist()
    ['000000000000000a', '000000000000000b', '000000000000000a-1']
    """
    again = hashes.groupby(hashes).cumcount().tolist()
    names = [
        f"{number:016x}-{times}" if times else f"{number:016x}"
        for number, times in zip(hashes.tolist(), again, strict=True)
    ]
    return pd.Series(names, index=hashes.index, dtype="str")
