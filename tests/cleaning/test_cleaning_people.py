"""Linking codes: found again with one slip, never invented (rules C16, C17)."""

import string
from itertools import combinations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from lostudy.cleaning.people import (
    link,
    normal_codes,
    person_key,
    person_keys,
    row_hashes,
    row_names,
    study_key,
)

CODES = st.lists(
    st.tuples(st.sampled_from(["T0", "T1", "T2"]), st.text("AB", min_size=5, max_size=6)),
    max_size=14,
)
FRAMES = st.lists(st.tuples(*[st.sampled_from([None, "a", "b", "c"])] * 3), min_size=1, max_size=8)


def linked(rows, different=1):
    waves = pd.CategoricalDtype(["T0", "T1", "T2"], ordered=True)
    frame = pd.DataFrame(rows, columns=["wave", "code"]).astype({"wave": waves, "code": "str"})
    return link(frame, different).tolist()


def test_tables_of_codes():
    one_slip = [("T0", "ANNA07"), ("T1", "ANNA08")]
    assert linked(one_slip) == ["ANNA07", "ANNA07"]
    assert linked(one_slip, different=0) == ["ANNA07", "ANNA08"]
    two_slips = [("T0", "ANNA07"), ("T1", "ANNE08")]
    assert linked(two_slips) == ["ANNA07", "ANNE08"]
    assert linked(two_slips, different=2) == ["ANNA07", "ANNA07"]
    two_candidates = [("T0", "ANNA07"), ("T1", "ANNA08"), ("T1", "ANNA09")]
    assert linked(two_candidates) == ["ANNA07", "ANNA08", "ANNA09"]
    exact_partner = [("T0", "ANNA07"), ("T1", "ANNA07"), ("T1", "ANNA08")]
    assert linked(exact_partner) == ["ANNA07", "ANNA07", "ANNA08"]
    too_short = [("T0", "AN07"), ("T1", "AN08")]
    assert linked(too_short) == ["AN07", "AN08"]
    over_three = [("T0", "ANNA07"), ("T1", "ANNA08"), ("T2", "ANNB08")]
    assert linked(over_three) == ["ANNA07"] * 3
    another_length = [("T0", "ANNA07"), ("T1", "ANNA078")]
    assert linked(another_length) == ["ANNA07", "ANNA078"]


def test_two_codes_of_one_wave_are_never_one_person():
    """C follows A and D follows B, and B follows A: the third link would join C and D."""
    rows = [("T0", "AAAAAA"), ("T1", "AAAAAB"), ("T2", "BAAAAA"), ("T2", "AAAABB")]
    names = linked(rows)
    assert names[2] != names[3]


@given(CODES)
def test_nobody_is_invented(rows):
    names = linked(rows)
    by_wave = {}
    for (wave, code), name in zip(rows, names, strict=True):
        by_wave.setdefault((wave, name), set()).add(code)
    assert all(len(codes) == 1 for codes in by_wave.values())


@given(CODES)
def test_equal_codes_are_one_person_and_names_are_codes(rows):
    names = dict(zip(rows, linked(rows), strict=True))
    for (wave, code), name in names.items():
        assert all(names[other, code] == name for other, same in names if same == code)
        assert name in {each for _, each in rows}, wave


@given(CODES, st.randoms())
def test_the_order_of_rows_never_matters(rows, random):
    before = dict(zip(rows, linked(rows), strict=True))
    random.shuffle(rows)
    assert dict(zip(rows, linked(rows), strict=True)) == before


@given(CODES)
def test_linked_codes_form_chains_of_one_slip(rows):
    groups = {}
    for (_, code), name in zip(rows, linked(rows), strict=True):
        groups.setdefault(name, set()).add(code)
    for codes in groups.values():
        near = [
            {one, other} for one, other in combinations(codes, 2)
            if len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1
        ]
        assert len(near) >= len(codes) - 1


def test_codes_are_compared_without_the_ways_of_writing_them():
    written = pd.Series(["an-na 07", "ANNA07", " a.n.n.a_0 7", None, ""])
    assert normal_codes(written).tolist() == ["ANNA07", "ANNA07", "ANNA07", "", ""]


def test_keys_say_nothing_and_depend_on_the_key_and_the_organisation():
    names = {person_key(key, place, "code", "ANNA07") for key in (b"k", b"q") for place in "AB"}
    assert len(names) == 4
    assert all(len(name) == 13 and set(name[1:]) <= set(string.hexdigits) for name in names)
    assert person_keys(b"k", [("A", "code", "ANNA07")]) == [person_key(b"k", "A", "code", "ANNA07")]


def test_the_key_of_a_real_study_stands_outside_its_folder(folder, monkeypatch, tmp_path):
    sheet = folder.path / "study.toml"
    sheet.write_text(sheet.read_text().replace('"simulated"', '"real"'))
    monkeypatch.delenv("LOSTUDY_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    first = study_key(folder.study)
    path = tmp_path / "config" / "lostudy" / "klein.key"
    assert len(first) == 32 and study_key(folder.study) == first
    assert path.stat().st_mode & 0o077 == 0
    monkeypatch.setenv("LOSTUDY_KEY", "something else")
    assert study_key(folder.study) != first


@given(FRAMES, st.randoms())
def test_row_names_depend_on_content_alone(rows, random):
    frame = pd.DataFrame(rows, columns=["x", "y", "z"], dtype="str")
    hashes = row_hashes(frame)
    order = list(frame.index)
    random.shuffle(order)
    turned = row_hashes(frame.loc[order, ["z", "x", "y"]])
    assert turned.sort_index().tolist() == hashes.tolist()
    assert row_names(hashes).is_unique
    assert len(set(hashes)) == len(set(map(tuple, rows)))


@given(FRAMES)
def test_row_names_do_not_see_other_rows(rows):
    frame = pd.DataFrame(rows, columns=["x", "y", "z"], dtype="category")
    assert row_hashes(frame.iloc[:1]).tolist() == row_hashes(frame).tolist()[:1]
