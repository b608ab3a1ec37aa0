"""The codebook through time: versions by day, and what became of each code."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from lostudy.study import Code, Text
from lostudy.study.versions import code_changes, codebook_versions

JAN, FEB = dt.date(2026, 1, 31), dt.date(2026, 2, 28)


def book(*codes: Code) -> dict[str, Code]:
    return {code.id: code for code in codes}


def code(name: str, **more) -> Code:
    return Code(id=name, label=Text(nl=name), **more)


HISTORY = book(
    code("BOX", assignable=False), code("REST"), code("TIME", since=dt.date(2026, 2, 1)),
    code("CALM", until=JAN, became=("REST",)), code("CLOCK", until=JAN, became=("TIME",)),
    code("WIDE", until=FEB, became=("REST", "TIME")), code("GONE", until=FEB),
)


def test_each_day_of_change_begins_a_version():
    versions = codebook_versions(HISTORY)
    assert [each.number for each in versions] == [1, 2, 3]
    assert [each.since for each in versions] == [
        None, dt.date(2026, 2, 1), dt.date(2026, 3, 1)]
    assert [each.codes for each in versions] == [
        ("REST", "CALM", "CLOCK", "WIDE", "GONE"), ("REST", "TIME", "WIDE", "GONE"),
        ("REST", "TIME")]


def test_merged_renamed_split_and_ended_are_told_apart():
    assert [(each.kind, each.code, each.became) for each in code_changes(HISTORY)] == [
        ("added", "TIME", ()), ("renamed", "CLOCK", ("TIME",)), ("merged", "CALM", ("REST",)),
        ("split", "WIDE", ("REST", "TIME")), ("ended", "GONE", ())]


def test_two_codes_that_become_one_new_code_are_a_merge():
    codes = book(code("A", until=JAN, became=("N",)), code("B", until=JAN, became=("N",)),
                 code("N", since=dt.date(2026, 2, 1)))
    assert [each.kind for each in code_changes(codes)] == ["added", "merged", "merged"]


def test_without_dates_there_is_one_version():
    (version,) = codebook_versions(book(code("A"), code("B")))
    assert (version.codes, version.changes) == (("A", "B"), ())


DAYS = st.one_of(st.none(), st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 9)))


@given(st.lists(st.tuples(DAYS, DAYS), max_size=6))
def test_the_last_version_holds_what_did_not_end_and_changes_account_for_the_rest(pairs):
    codes = book(*(code(f"C{n}", since=since, until=until)
                   for n, (since, until) in enumerate(pairs)
                   if not (since and until and since > until)))
    versions = codebook_versions(codes)
    assert set(versions[-1].codes) == {
        name for name, each in codes.items() if each.until is None}
    for before, after in zip(versions, versions[1:], strict=False):
        came = {each.code for each in after.changes if each.kind == "added"}
        went = {each.code for each in after.changes if each.kind != "added"}
        assert set(after.codes) == (set(before.codes) | came) - went
