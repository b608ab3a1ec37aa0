"""The whole way: balance, the same tables each time, every problem, nothing half-written."""

import json
import random

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lostudy.cleaning import clean_study, find_deliveries, flow, read_table
from lostudy.cleaning import storing as storing_module
from lostudy.cleaning.balance import check_balance
from lostudy.cleaning.freshness import ensure_clean
from lostudy.errors import DataError

SLOW = settings(max_examples=8, deadline=None,
                suppress_health_check=[HealthCheck.function_scoped_fixture])


def tables_of(folder):
    return {each.organisation: each.tables for each in clean_study(folder.study, folder.raw, None)}


def same(one, other):
    assert one.keys() == other.keys()
    for organisation in one:
        for name, frame in one[organisation].items():
            pd.testing.assert_frame_equal(frame, other[organisation][name], obj=name)


def test_cleaning_twice_gives_the_same_tables(folder, people):
    folder.deliver(people(20))
    folder.deliver(people(20, first=5), place="A/T1")
    same(tables_of(folder), tables_of(folder))


def test_what_is_written_is_what_is_read(folder, people):
    folder.deliver(people(20))
    (cleaned,) = clean_study(folder.study, folder.raw, folder.processed)
    for name, frame in cleaned.tables.items():
        again = read_table(folder.study, folder.processed, name)
        pd.testing.assert_frame_equal(frame, again, check_categorical=False)


def test_the_shipped_study_is_cleaned_to_the_same_tables(shipped, shipped_raw, shipped_tables):
    again = {each.organisation: each.tables for each in clean_study(shipped, shipped_raw, None)}
    same({name: each.tables for name, each in shipped_tables.items()}, again)


@SLOW
@given(seed=st.integers(0, 999))
def test_the_order_of_rows_and_columns_never_matters(folder, people, seed):
    """Row numbers follow the file; everything else stays, person by person."""
    rows = people(14) + [{**people(1)[0], "s1": ""}, {**people(3)[2], "nr": "77"}]
    path = folder.deliver(rows)
    before = tables_of(folder)["A"]
    order = random.Random(seed)
    turned, columns = order.sample(rows, len(rows)), order.sample(list(rows[0]), len(rows[0]))
    numbers = {turned.index(row) + 2: place + 2 for place, row in enumerate(rows)}
    path.unlink()
    folder.deliver(turned, columns=[*columns, "opm"])
    after = tables_of(folder)["A"]
    back = after["responses"].assign(row=after["responses"]["row"].map(numbers).astype("Int64"))
    keys = ["wave", "person", "row"]
    pd.testing.assert_frame_equal(
        back.sort_values(keys, ignore_index=True),
        before["responses"].sort_values(keys, ignore_index=True),
    )
    places = ["wave", "person", "item", "reason"]
    pd.testing.assert_frame_equal(
        after["missing"].astype("str").sort_values(places, ignore_index=True),
        before["missing"].astype("str").sort_values(places, ignore_index=True),
    )
    without_keys = [name for name in before["cleaning_log"] if name != "key"]
    pd.testing.assert_frame_equal(
        after["cleaning_log"][without_keys].sort_values(without_keys, ignore_index=True),
        before["cleaning_log"][without_keys].sort_values(without_keys, ignore_index=True),
    )


def test_the_order_of_files_never_matters(folder, people, monkeypatch):
    folder.deliver(people(10), place="A/T1")
    folder.deliver(people(12), place="A/T0")
    folder.deliver([{**each, "team": "B1"} for each in people(9)], place="B/T0")
    before = tables_of(folder)
    names = [each.name for each in find_deliveries(folder.study, folder.raw)]
    assert names == ["A/T0/survey.csv", "A/T1/survey.csv", "B/T0/survey.csv"]
    folder.raw.rename(folder.path / "data" / "other")
    (folder.path / "data" / "other").rename(folder.raw)
    same(before, tables_of(folder))


def test_one_organisation_does_not_see_the_other(folder, people):
    folder.deliver(people(10))
    alone = tables_of(folder)["A"]
    folder.deliver([{**each, "team": "B1"} for each in people(10)], place="B/T0")
    both = tables_of(folder)
    same({"A": alone}, {"A": both["A"]})
    assert not set(both["A"]["responses"]["person"]) & set(both["B"]["responses"]["person"])


def test_every_record_and_every_cell_is_accounted_for(shipped, shipped_tables):
    for each in shipped_tables.values():
        tables = each.tables
        counted = flow(tables["responses"], shipped)
        reasons = [name for name in counted if name in
                   ("preview", "empty", "before_launch", "duplicate", "partial", "careless")]
        assert (counted["records"] == counted["kept"] + counted[reasons].sum(axis=1)).all()
        assert (counted["kept"] <= counted["invited"]).all()
        assert (counted["linked"] <= counted["kept"]).all()
        answers = tables["responses"][list(shipped.items)].notna().sum().sum()
        cells = len(tables["responses"]) * len(shipped.items)
        assert cells == answers + len(tables["missing"])


def test_books_that_do_not_balance_stop(shipped, shipped_tables):
    tables = shipped_tables["D"].tables
    with pytest.raises(DataError) as caught:
        check_balance(shipped, {**tables, "missing": tables["missing"].iloc[1:]})
    cells = len(tables["responses"]) * len(shipped.items)
    assert str(caught.value) == (
        f"data/processed: cells: {cells} came in, {cells - 1} are accounted for. "
        "To do: this is a fault of lostudy: report it"
    )


def test_no_missing_cell_at_all(folder, people):
    folder.deliver(people(5))
    assert tables_of(folder)["A"]["missing"].empty


def test_all_problems_of_all_deliveries_at_once(folder, people):
    folder.deliver([{**each, "s1": "Tja"} for each in people(4)])
    folder.deliver([{**each, "team": "A1"} for each in people(4)], place="B/T0")
    (folder.raw / "A" / "T1").mkdir(parents=True)
    (folder.raw / "A" / "T1" / "survey.csv").write_bytes(b"")
    with pytest.raises(DataError) as caught:
        clean_study(folder.study, folder.raw, folder.processed)
    files = [problem.file for problem in caught.value.problems]
    assert files == ["A/T0/survey.csv", "A/T1/survey.csv", "B/T0/survey.csv"]
    assert not folder.processed.exists()
    assert not (folder.path / "data" / "deliveries.json").exists()


def test_files_without_a_place(folder, people):
    folder.deliver(people(3))
    (folder.raw / "Z" / "T0").mkdir(parents=True)
    (folder.raw / "A" / "T9").mkdir()
    (folder.raw / "A" / "T0" / "brief.docx").write_text("x")
    (folder.raw / "A" / "T0" / "survey.xlsx").write_text("x")
    with pytest.raises(DataError) as caught:
        find_deliveries(folder.study, folder.raw)
    assert str(caught.value).split("\n") == [
        "Z: a folder of no organisation. To do: call it one of: A, B; or declare it in study.toml",
        "A/T9: a folder of no wave. To do: call it one of: T0, T1; or declare it in study.toml",
        "A/T0: 2 files of one kind: survey.csv, survey.xlsx. To do: leave one",
        "A/T0/brief.docx: a file that is no delivery. To do: call it survey.*, interviews.* or "
        "conversations.csv, or move it out of this folder",
    ]


def test_no_folder_and_no_survey(folder, people):
    with pytest.raises(DataError) as caught:
        find_deliveries(folder.study, folder.raw)
    assert str(caught.value) == (
        "data/raw: the folder of deliveries does not exist. To do: make it, or say --raw DIR"
    )
    folder.raw.mkdir(parents=True)
    with pytest.raises(DataError) as caught:
        find_deliveries(folder.study, folder.raw)
    assert str(caught.value) == (
        "data/raw: no survey was delivered here. To do: put files at <organisation>/<wave>/"
        "survey.*, or name them in [[deliveries]] of study.toml"
    )


def test_tables_that_were_not_made_or_were_cut_off(folder, people):
    with pytest.raises(DataError) as caught:
        read_table(folder.study, folder.processed, "responses")
    assert str(caught.value) == (
        "data/processed: table responses has not been made. To do: run `lostudy clean`"
    )
    folder.deliver(people(3))
    clean_study(folder.study, folder.raw, folder.processed)
    (folder.processed / "A" / "responses.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError) as caught:
        read_table(folder.study, folder.processed, "responses")
    assert str(caught.value) == (
        "A/responses.parquet: this tidy table cannot be read: it was cut off or is no Parquet "
        "file. To do: run `lostudy clean` again"
    )


def interrupted_at(call, real):
    """A function that is interrupted at its n-th call."""
    calls = []

    def function(*args):
        calls.append(args)
        if len(calls) == call:
            raise KeyboardInterrupt
        return real(*args)

    return function


@pytest.mark.parametrize("step", ["write_tables", "rename the old", "rename the new"])
def test_an_interruption_leaves_the_old_tables(folder, people, monkeypatch, step):
    folder.deliver(people(5))
    clean_study(folder.study, folder.raw, folder.processed)
    folder.deliver(people(9))
    kind = type(folder.path)
    if step == "write_tables":
        write = interrupted_at(1, storing_module.write_tables)
        monkeypatch.setattr(storing_module, "write_tables", write)
    else:
        rename = interrupted_at(1 if "old" in step else 2, kind.rename)
        monkeypatch.setattr(kind, "rename", rename)
    with pytest.raises(KeyboardInterrupt):
        clean_study(folder.study, folder.raw, folder.processed)
    monkeypatch.undo()
    assert len(read_table(folder.study, folder.processed, "responses")) == 5
    clean_study(folder.study, folder.raw, folder.processed)
    assert len(read_table(folder.study, folder.processed, "responses")) == 9


def test_a_swap_that_was_killed_half_way_is_put_back(folder, people):
    folder.deliver(people(5))
    clean_study(folder.study, folder.raw, folder.processed)
    folder.processed.rename(folder.processed.with_name("processed.old"))
    assert ensure_clean(folder.study, folder.processed)
    assert len(read_table(folder.study, folder.processed, "responses")) == 5
    assert not folder.processed.with_name("processed.old").exists()


def test_up_to_date_until_something_changes(folder, people):
    folder.deliver(people(5))
    assert ensure_clean(folder.study, folder.processed)
    assert not ensure_clean(folder.study, folder.processed)
    folder.deliver(people(6))
    told = []
    assert ensure_clean(folder.study, folder.processed, told=told.append)
    assert [each.what.split(" received")[0] for each in told] == ["this file is not the one"]
    assert json.loads((folder.processed / "key.json").read_text())["folder"] == "data/raw"
