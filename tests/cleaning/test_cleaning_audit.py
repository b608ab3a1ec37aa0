"""Tidy = raw + log: made again by another hand, and every change without a line is seen (C24)."""

import json
import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lostudy.cleaning import audit_study, clean_study, find_deliveries
from lostudy.cleaning.audit import KEYS, prove, registers_of, replay
from lostudy.deliveries import read_interviews, read_survey
from lostudy.errors import DataError

PHASES = [Phase.explicit, Phase.reuse, Phase.generate]  # shrinking cleans for minutes
QUICK = settings(max_examples=15, deadline=None, phases=PHASES,
                 suppress_health_check=[HealthCheck.function_scoped_fixture])
READERS = {"survey": read_survey, "interviews": read_interviews}


def evidence(study, raw, organisation):
    """What the auditor gets of an organisation: its deliveries and registers."""
    mine = [each for each in find_deliveries(study, raw) if each.organisation == organisation]
    read = {each.name: READERS[each.kind](each.path, each.tool) for each in mine
            if each.kind in READERS}
    return read, registers_of(mine)


class Shipped:
    """The shipped study, its tables and what the auditor gets; small in a failing example."""

    def __init__(self, study, raw, cleaned):
        self.study, self.cleaned = study, cleaned
        self.seen = {name: evidence(study, raw, name) for name in cleaned}

    def __repr__(self):
        return "shipped"

    def tables(self, organisation):
        return dict(self.cleaned[organisation].tables)

    def proof(self, organisation, tables):
        return prove(self.study, tables, *self.seen[organisation])


@pytest.fixture(scope="module")
def case(shipped, shipped_raw, shipped_tables):
    return Shipped(shipped, shipped_raw, shipped_tables)


def test_the_shipped_tables_follow_from_deliveries_and_log(case):
    for name, cleaned in case.cleaned.items():
        proof = case.proof(name, cleaned.tables)
        assert proof.problems == ()
        assert proof.records == len(cleaned.tables["responses"]) > 0
        assert proof.cells == proof.records * len(case.study.items)
        assert proof.segments == len(cleaned.tables["segments"]) > 0


def test_the_auditor_uses_no_rule_of_cleaning():
    """The second hand may share readers, keys and hashes; never the code it has to check."""
    import ast
    import inspect

    from lostudy.cleaning import audit, audit_survey, audit_voices

    allowed = {
        "audit_survey", "audit_voices", "inventory", "people", "tables", "dates", "log",
    }
    for module in (audit, audit_survey, audit_voices):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "lostudy.cleaning"
            ):
                assert node.module.rpartition(".")[2] in allowed
                if node.module.endswith("dates"):
                    assert [each.name for each in node.names] == ["ZONED"]


def changed_cell(value):
    """Another value of the same kind."""
    if isinstance(value, (bool, np.bool_)):
        return not value
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, pd.Timestamp):
        return value + pd.Timedelta(minutes=1)
    return 1 if pd.isna(value) else value + 1


def with_another_cell(frame, column, row):
    """The table with one cell changed, of the same types."""
    frame = frame.copy()
    if isinstance(frame[column].dtype, pd.CategoricalDtype):
        frame[column] = frame[column].astype("str")
    value = changed_cell(frame.loc[row, column])
    if frame[column].dtype == "str":
        value = "x" if value == 1 else value
    if frame[column].dtype == "datetime64[ns]" and value == 1:
        value = pd.Timestamp("2026-01-01")
    frame.loc[row, column] = value
    return frame


@QUICK
@given(data=st.data())
def test_no_cell_changes_unseen(case, data):
    organisation = data.draw(st.sampled_from(sorted(case.cleaned)))
    name = data.draw(st.sampled_from(sorted(KEYS)))
    tables = case.tables(organisation)
    column = data.draw(st.sampled_from([each for each in tables[name] if each not in KEYS[name]]))
    row = data.draw(st.integers(0, len(tables[name]) - 1))
    tables[name] = with_another_cell(tables[name], column, row)
    assert case.proof(organisation, tables).problems


@QUICK
@given(data=st.data())
def test_no_record_goes_or_comes_unseen(case, data):
    organisation = data.draw(st.sampled_from(sorted(case.cleaned)))
    name = data.draw(st.sampled_from(sorted(KEYS)))
    tables = case.tables(organisation)
    row = data.draw(st.integers(0, len(tables[name]) - 1))
    without = tables[name].drop(index=row).reset_index(drop=True)
    twice = pd.concat([tables[name], tables[name].iloc[[row]]], ignore_index=True)
    for frame in (without, twice):
        proof = case.proof(organisation, {**tables, name: frame})
        assert [each.rule for each in proof.problems][:1] == ["C24"]


def idle(log):
    """Lines that tell and change no cell of the four tables: what was noticed, kept out, counted.

    (A column left out, a note of the reader, how many were linked, how attributes were found; the
    moment of sending in and the mark of a preview, which are used and then forgotten.)
    """
    return (
        (log["change"] == "repaired")
        | ((log["table"] == "responses") & (log["change"] == "left out"))
        | ((log["change"] == "linked") & (log["key"] == "*"))
        | ((log["change"] == "named") & (log["to"] != "record"))
        | log["column"].isin(["start", "attributes", "submitted", "preview"])
        | ((log["column"] == "code") & (log["change"] == "left out"))
        | ((log["table"] == "segments") & (log["change"] == "left out"))
    )


@QUICK
@given(data=st.data())
def test_no_line_of_the_log_is_idle(case, data):
    """Without any line that did something the tables can no longer be made again."""
    organisation = data.draw(st.sampled_from(sorted(case.cleaned)))
    tables = case.tables(organisation)
    log = tables["cleaning_log"]
    row = data.draw(st.sampled_from(list(log.index[~idle(log)])))
    tables["cleaning_log"] = log.drop(index=row).reset_index(drop=True)
    try:
        problems = case.proof(organisation, tables).problems
    except (DataError, KeyError):
        return
    assert problems, log.loc[row].to_dict()


def test_a_difference_is_told_by_table_and_column_and_never_by_value(folder, people):
    folder.deliver([{**each, "team": "A1"} for each in people(12)])
    (cleaned,) = clean_study(folder.study, folder.raw, None)
    tables = dict(cleaned.tables)
    tables["responses"] = tables["responses"].assign(team="A2")
    proof = prove(folder.study, tables, *evidence(folder.study, folder.raw, "A"))
    assert [str(each) for each in proof.problems] == [
        "responses.parquet, column 'team': table responses: 12 cells are not what deliveries and "
        "log make. To do: this is a fault of lostudy: report it"
    ]


def test_a_cell_that_no_line_accounts_for(folder, people):
    rows = people(5)
    rows[2]["s1"] = "9"
    folder.deliver(rows)
    (cleaned,) = clean_study(folder.study, folder.raw, None)
    log = cleaned.tables["cleaning_log"]
    tables = {**cleaned.tables, "cleaning_log": log[log["rule"] != "C6"]}
    with pytest.raises(DataError) as caught:
        replay(folder.study, tables["deliveries"], tables["cleaning_log"],
               *evidence(folder.study, folder.raw, "A"))
    assert str(caught.value) == (
        "A/T0/survey.csv, row 4, column 's1': no line of the log accounts for these cells. "
        "To do: run `lostudy clean` again"
    )


MESSY = st.fixed_dictionaries({
    "s1": st.sampled_from(["Oneens", " eens ", "JA", "2", "", "Weet niet", "n.v.t.", "9"]),
    "s2": st.sampled_from(["Oneens", "Neutraal", "Eens", "", "3,0"]),
    "dagen": st.sampled_from(["1", "2,5", "", "4.0", " 3 "]),
    "begin": st.sampled_from([
        "2026-01-13 09:00:00", "2026-01-10 09:00", "13-01-2026 10:00", "", "46035.5", "gisteren",
        "2026-02-20T10:00:00+01:00", "13 mrt 2026 9:05", "1/14/2026 9:00 PM",
    ]),
    "eind": st.sampled_from(["2026-01-13 09:20:00", "14-01-2026 10:00", ""]),
    "team": st.sampled_from(["A1", "a2", "Team een", ""]),
    "functie": st.sampled_from(["Leidinggevende", "medewerker", "Wil ik niet zeggen", ""]),
    "taal": st.sampled_from(["nl", "English", ""]),
    "code": st.sampled_from(["AAA0001", "aaa-0001", "AAB0001", "José0001", "", "TEST"]),
    "nr": st.sampled_from(["1", "2", "3", ""]),
})


@settings(QUICK, max_examples=25)
@given(rows=st.lists(MESSY, min_size=1, max_size=9), later=st.lists(MESSY, max_size=5))
def test_whatever_is_delivered_follows_from_raw_and_log(folder, somebody, rows, later):
    """Cleaning proves itself: it would tell if one cell did not follow."""
    folder.deliver([somebody(number, **row) for number, row in enumerate(rows, 1)])
    second = folder.raw / "A" / "T1"
    if later:
        folder.deliver(
            [somebody(number, **row) for number, row in enumerate(later, 1)], place="A/T1"
        )
    elif second.exists():
        (second / "survey.csv").unlink(missing_ok=True)
        second.rmdir()
    (cleaned,) = clean_study(folder.study, folder.raw, None)
    assert not [each for each in cleaned.problems if each.rule == "C24" and "parquet" in each.file]


def test_the_auditor_reads_what_stands_on_disk(folder, people):
    folder.deliver(people(20))
    folder.deliver(people(15, first=4), place="A/T1")
    clean_study(folder.study, folder.raw, folder.processed)
    proof = audit_study(folder.study, folder.raw, folder.processed)
    assert (proof.records, proof.cells) == (35, 35 * len(folder.study.items))


def test_a_table_that_was_edited_afterwards_is_found(folder, people):
    folder.deliver(people(20))
    clean_study(folder.study, folder.raw, folder.processed)
    path = folder.processed / "A" / "responses.parquet"
    table = pd.read_parquet(path)
    table.loc[3, "s1"] = 4 - table.loc[3, "s1"] if table.loc[3, "s1"] != 2 else 3
    table.to_parquet(path, index=False)
    with pytest.raises(DataError) as caught:
        audit_study(folder.study, folder.raw, folder.processed)
    assert str(caught.value) == (
        "responses.parquet, column 's1': table responses: 1 cells are not what deliveries and log "
        "make. To do: deliveries, tables or log were changed afterwards: run `lostudy clean` again"
    )


def test_a_raw_file_that_was_edited_afterwards_is_found(folder, people):
    path = folder.deliver(people(20))
    clean_study(folder.study, folder.raw, folder.processed)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Eens", "Oneens", 1), encoding="utf-8")
    with pytest.raises(DataError):
        audit_study(folder.study, folder.raw, folder.processed)


HEADER = "delivery,key,column,old,new,reason,who,date\n"


@pytest.mark.parametrize(("table", "where", "column", "value"), [
    ("cleaning_log", "change == 'corrected'", "who", "Iemand anders"),
    ("cleaning_log", "change == 'corrected'", "reason", "zomaar"),
    ("cleaning_log", "change == 'linked'", None, None),
    ("cleaning_log", "change == 'left out'", None, None),
    ("cleaning_log", "column == 's1' and key == '*'", None, None),
    ("deliveries", "wave == 'T0'", "received", "2020-01-01"),
    ("harmonisation", "item == 's1'", "status", "reworded"),
])
def test_an_auditor_guards_the_log_too(folder, people, table, where, column, value):
    folder.deliver([*people(19), {**people(1, first=20)[0], "s1": "Oneens"}])
    folder.deliver(people(15, first=4), place="A/T1")
    correction = "A/T0/survey.csv,21,s1,Oneens,Eens,belde,Ans,2026-03-01\n"
    folder.sheet("corrections.csv", HEADER + correction)
    clean_study(folder.study, folder.raw, folder.processed)
    assert audit_study(folder.study, folder.raw, folder.processed).records == 35
    path = folder.processed / "A" / f"{table}.parquet"
    lines = pd.read_parquet(path)
    found = lines.query(where).index
    assert len(found)
    if column is None:
        lines = lines.drop(index=found).reset_index(drop=True)
    else:
        lines.loc[found, column] = value
    lines.to_parquet(path, index=False)
    with pytest.raises(DataError) as caught:
        audit_study(folder.study, folder.raw, folder.processed)
    said = [each.what for each in caught.value.problems]
    number = len(found)
    gone = f"table {table}: {number} lines that are gone or changed"
    extra = f"table {table}: {number} lines too many or changed"
    assert said == ([gone] if column is None else [extra, gone])


def text(value):
    return "" if pd.isna(value) else value


def as_delivery(responses, items, seed):
    """The tidy answers as somebody would deliver them again, in another order."""
    rows = []
    for row in responses.to_dict("records"):
        cells = {item: "" if pd.isna(row[item]) else str(int(row[item])) for item in items}
        moment = row["started"]
        rows.append({
            "nr": row["person"], "begin": "" if pd.isna(moment) else moment.isoformat(),
            "team": text(row["team"]), "functie": text(row["role"]), **cells,
            "taal": text(row["language"]),
            "dagen": "" if pd.isna(row["days"]) else f"{row['days']:g}",
            "seconden": "" if pd.isna(row["seconds"]) else f"{row['seconds']:g}",
        })
    random.Random(seed).shuffle(rows)
    return rows


TIDY = """
    source,target,labels
    nr,record,
    begin,started,
    team,team,
    functie,role,leader=leader|staff=staff
    taal,language,
    s1,s1,
    s2,s2,
    s3,s3,
    s4,s4,
    dagen,days,
    seconden,seconds,
    """


@QUICK
@given(rows=st.lists(MESSY, min_size=3, max_size=12), seed=st.integers(0, 99))
def test_cleaning_what_was_cleaned_changes_nothing(folder, somebody, rows, seed):
    """Idempotent: the kept records, delivered again as they are, come out as they went in."""
    from lostudy.study import load_study

    folder.deliver([somebody(number, **row) for number, row in enumerate(rows, 1)])
    (cleaned,) = clean_study(folder.study, folder.raw, None)
    if cleaned.errors:
        return
    once = cleaned.tables["responses"].query("included")
    if once.empty:
        return
    again = folder.path.with_name("again")
    other = type(folder)(again)
    other.crosswalk("A-T0", TIDY)
    items = [f"s{number}" for number in range(1, 5)]
    delivered = as_delivery(once, items, seed)
    other.deliver(delivered, columns=list(delivered[0]))
    (second,) = clean_study(load_study(again), other.raw, None)
    twice = second.tables["responses"]
    assert not twice["exclusion"].any()
    columns = ["team", "role", "language", "started", "seconds", "flags", *items, "days"]
    keys = ["started", *items, "team", "role", "days", "seconds", "flags", "language"]
    for column in columns:
        one = once.sort_values(keys)[column].reset_index(drop=True)
        two = twice.sort_values(keys)[column].reset_index(drop=True)
        pd.testing.assert_series_equal(one, two)


def test_the_log_says_what_every_column_became(folder, people):
    """No column of a delivery without a line, and no column of the answers from nowhere."""
    folder.deliver(people(10))
    (cleaned,) = clean_study(folder.study, folder.raw, None)
    log = cleaned.tables["cleaning_log"].query("delivery == 'A/T0/survey.csv' and key == '*'")
    delivery = read_survey(folder.raw / "A" / "T0" / "survey.csv")
    assert set(log["source"]) - {""} == set(delivery.answers.columns)
    told = set(log["column"]) | {"person", "organisation", "wave", "row", "linked", "included",
                                 "exclusion", "flags"}
    empty = {"tenure", "weight"}
    assert set(cleaned.tables["responses"].columns) - empty <= told
    means = json.loads(log.set_index("column").loc["s1", "to"])
    assert means == {"Oneens": 1, "Neutraal": 2, "Eens": 3}
