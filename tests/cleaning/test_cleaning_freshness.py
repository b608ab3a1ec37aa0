"""Only what was delivered anew is cleaned again, and what stands is as if all were cleaned."""

from __future__ import annotations

import pytest

from lostudy.cleaning import read_table
from lostudy.cleaning import side_by_side as side_by_side_module
from lostudy.cleaning.freshness import ensure_clean
from lostudy.errors import DataError


@pytest.fixture
def others(people):
    """So many people of organisation B."""
    return lambda count: [{**each, "team": "B1"} for each in people(count)]


@pytest.fixture
def two(folder, people, others):
    """Two organisations, cleaned."""
    folder.deliver(people(5))
    folder.deliver(others(4), "B/T0")
    ensure_clean(folder.study, folder.processed)
    return folder


def cleaned_again(folder, **more):
    told = []
    ensure_clean(folder.study, folder.processed, progress=told.append, **more)
    return told


def tables(folder):
    return {
        path.relative_to(folder.processed).as_posix(): path.read_bytes()
        for path in folder.processed.rglob("*.parquet")
    }


def test_a_new_delivery_of_one_organisation_leaves_the_tables_of_the_other(two, others):
    before = tables(two)
    two.deliver(others(6), "B/T0")
    assert cleaned_again(two) == ["B"]
    after = tables(two)
    kept = {name for name in before if name.startswith("A/")}
    assert kept and all(before[name] == after[name] for name in kept)
    assert len(read_table(two.study, two.processed, "responses", ["B"])) == 6
    assert cleaned_again(two, force=True) == ["A", "B"]
    assert tables(two) == after


@pytest.mark.parametrize("touch", ["declaration", "codebook", "record"])
def test_what_all_depend_on_cleans_all(two, touch):
    if touch == "declaration":
        path = two.path / "study.toml"
        path.write_text(path.read_text() + "\n# a remark\n")
    elif touch == "codebook":
        path = two.path / "codebook" / "labels.csv"
        path.write_text(path.read_text().replace("Weet niet", "Geen idee"))
    else:
        (two.processed / "key.json").write_text("{}")
    assert cleaned_again(two) == ["A", "B"]


def test_a_table_that_was_changed_by_hand_does_not_stand(two, others):
    path = two.processed / "A" / "responses.parquet"
    good = path.read_bytes()
    path.write_bytes(good + b"x")
    two.deliver(others(6), "B/T0")
    assert cleaned_again(two) == ["A", "B"]
    assert path.read_bytes() == good


def test_an_organisation_that_delivers_for_the_first_time_is_cleaned(folder, people, others):
    folder.deliver(people(5))
    ensure_clean(folder.study, folder.processed)
    folder.deliver(others(4), "B/T0")
    assert cleaned_again(folder) == ["B"]
    assert len(read_table(folder.study, folder.processed, "responses")) == 9


def test_deliveries_that_are_taken_back_take_their_tables_with_them(two):
    (two.raw / "B/T0/survey.csv").unlink()
    assert cleaned_again(two) == ["A"]
    assert not (two.processed / "B").exists()
    assert len(read_table(two.study, two.processed, "responses")) == 5


def test_a_stray_file_stops_where_no_delivery_changed(two):
    before = tables(two)
    (two.raw / "A/T0/extra.csv").write_text("a\n1\n")
    with pytest.raises(DataError, match="a file that is no delivery"):
        cleaned_again(two)
    assert tables(two) == before


def test_an_error_of_one_leaves_the_tables_of_all(two, people, others):
    before = tables(two)
    two.deliver(people(3), "A/T0", columns=["nr", "vreemd"])
    two.deliver(others(6), "B/T0")
    with pytest.raises(DataError):
        cleaned_again(two)
    assert tables(two) == before


def test_side_by_side_gives_the_same_tables_in_the_same_order(two, monkeypatch):
    before = tables(two)
    monkeypatch.setattr(side_by_side_module, "FEW", 1)
    assert cleaned_again(two, force=True, workers=2) == ["A", "B"]
    assert tables(two) == before


def test_side_by_side_tells_the_errors_of_all(two, people, monkeypatch):
    monkeypatch.setattr(side_by_side_module, "FEW", 1)
    for place in ("A/T0", "B/T0"):
        two.deliver(people(3), place, columns=["nr", "vreemd"])
    with pytest.raises(DataError) as told:
        cleaned_again(two, workers=2)
    assert {problem.file for problem in told.value.problems} == {
        "A/T0/survey.csv", "B/T0/survey.csv",
    }  # fmt: skip
