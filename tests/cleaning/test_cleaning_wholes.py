"""What only shows in whole deliveries: each stops, with its rows, and each can be accepted."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from lostudy.cleaning import clean_study
from lostudy.cleaning.direction import Pointing, pointings, reversed_here, usual_z
from lostudy.cleaning.moved_rows import moved_blocks
from lostudy.cleaning.shifted import MOST_ROWS, shifted_columns, shifted_rows, swapped_columns
from lostudy.cleaning.widths import unused_answers
from lostudy.study import load_study

HEADER = "delivery,key,column,old,new,reason,who,date\n"
LABELS = ["Helemaal mee oneens", "Mee oneens", "Neutraal", "Mee eens", "Helemaal mee eens"]
ITEMS = [f"{scale}{number}" for scale in "abcdefgh" for number in range(1, 5)]
TURNED = [item for item in ITEMS if item.endswith("4")]
TOML = """
[study]
id = "breed"
title = { nl = "Breed" }
status = "simulated"
[[organisations]]
id = "A"
name = { nl = "A" }
[[waves]]
id = "T0"
name = { nl = "T0" }
opens = 2026-01-12
closes = 2026-02-13
[[waves]]
id = "T1"
name = { nl = "T1" }
opens = 2026-07-01
closes = 2026-07-31
[[questions]]
id = "lq1"
text = { nl = "Hoe?" }
primary = "A"
[disclosure]
signed_by = "Iemand"
signed_on = 2026-01-05
"""


@pytest.fixture
def wide(tmp_path):
    """A study of eight scales of four items, the last of each reversed."""
    book = tmp_path / "codebook"
    (book / "crosswalk").mkdir(parents=True)
    (tmp_path / "study.toml").write_text(TOML, encoding="utf-8")
    (book / "items.csv").write_text("item,scale,labels,reversed,text_nl\n" + "".join(
        f"{item},{item[0].upper()},agree5,{int(item in TURNED)},Stelling {item}\n"
        for item in ITEMS), encoding="utf-8")
    (book / "scales.csv").write_text("scale,label_nl,minimum,maximum\n" + "".join(
        f"{name},Schaal {name},1,5\n" for name in "ABCDEFGH"), encoding="utf-8")
    (book / "labels.csv").write_text("set,value,label,language\n" + "".join(
        f"agree5,{value},{label},nl\n" for value, label in enumerate(LABELS, 1)),
        encoding="utf-8")
    for place in ("A-T0", "A-T1"):
        (book / "crosswalk" / f"{place}.csv").write_text(
            "source,target\nnr,record\nbegin,started\n"
            + "".join(f"{item},{item}\n" for item in ITEMS), encoding="utf-8")
    return tmp_path


def people(count=40, seed=1, month=1):
    """Attentive answers as labels: a level per scale, reversed where the item is."""
    random = np.random.default_rng(seed)
    level = np.repeat(random.normal(3, 1.1, (count, 8)), 4, axis=1)
    answers = np.clip(np.rint(level + random.normal(0, 0.7, level.shape)), 1, 5).astype(int)
    turned = [ITEMS.index(item) for item in TURNED]
    answers[:, turned] = 6 - answers[:, turned]
    frame = pd.DataFrame(answers, columns=ITEMS)
    frame = frame.map(lambda value: LABELS[value - 1])
    days = [dt.date(2026, month, 13 + number % 15).isoformat() for number in range(count)]
    return frame.assign(nr=[f"{seed}-{n}" for n in range(count)], begin=days)


def deliver(folder, frame, wave="T0"):
    path = folder / "data" / "raw" / "A" / wave / "survey.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    frame[["nr", "begin", *ITEMS]].to_csv(path, index=False)


def told(folder):
    (cleaned,) = clean_study(load_study(folder), folder / "data" / "raw", None)
    return [(each.file.split("/")[1], each.rule, each.topic, each.column) for each in
            cleaned.problems if each.severity == "error"]


def accept(folder, *lines):
    (folder / "codebook" / "corrections.csv").write_text(
        HEADER + "".join(f'A/{line},"seen, fine",zo bedoeld,Ans,2026-03-01\n' for line in lines),
        encoding="utf-8")


def log_of(folder, change):
    (cleaned,) = clean_study(load_study(folder), folder / "data" / "raw", None)
    return cleaned.log.query("change == @change")


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_told_of_ordinary_answers(wide, seed):
    deliver(wide, people(seed=seed))
    deliver(wide, people(24, seed + 100, month=7), "T1")
    (cleaned,) = clean_study(load_study(wide), wide / "data" / "raw", None)
    assert cleaned.problems == ()


def test_nothing_is_told_of_very_many_ordinary_answers(wide):
    deliver(wide, people(MOST_ROWS + 100))
    assert told(wide) == []


@pytest.mark.parametrize("far", [1, -1])
@pytest.mark.parametrize("count", [24, 60, MOST_ROWS + 100])
def test_shifted_columns_stop(wide, far, count):
    frame = people(count)
    frame[ITEMS[6:]] = np.roll(frame[ITEMS[6:]].to_numpy(), far, axis=1)
    deliver(wide, frame)
    found = told(wide)
    assert ("T0", "C6", "shift.columns") in [each[:3] for each in found]


def test_what_stands_in_shifted_columns_is_not_told_again_as_turned(wide):
    frame = people(60)
    frame[ITEMS] = np.roll(frame[ITEMS].to_numpy(), 1, axis=1)
    deliver(wide, frame)
    assert {each[1] for each in told(wide)} == {"C6"}


def test_shifted_columns_can_be_accepted(wide):
    frame = people(60)
    frame[ITEMS[8:]] = np.roll(frame[ITEMS[8:]].to_numpy(), 1, axis=1)
    deliver(wide, frame)
    ((_, _, _, column),) = [each for each in told(wide) if each[2] == "shift.columns"]
    accept(wide, f"T0/survey.csv,*,{column},C6")
    assert "shift.columns" not in [each[2] for each in told(wide)]
    assert log_of(wide, "seen, fine")["column"].tolist() == [column]


@pytest.mark.parametrize(("far", "side"), [(1, "lower"), (-1, "higher")])
def test_cells_pushed_a_row_stop(wide, far, side):
    frame = people(80)
    frame["c2"] = np.roll(frame["c2"].to_numpy(), far)
    deliver(wide, frame)
    (cleaned,) = clean_study(load_study(wide), wide / "data" / "raw", None)
    (problem,) = cleaned.errors
    assert (problem.topic, problem.column) == ("shift.rows", "c2")
    back = {"lower": "higher", "higher": "lower"}[side]
    assert problem.what == (
        f"the answers of this column stand a row {side} than the rest of their records, or the "
        f"rest a row {back}")


def related(count=110, seed=1):
    """People whose scales go together: who is content here is so there."""
    random = np.random.default_rng(seed)
    common = random.normal(0, 0.8, (count, 1))
    level = np.repeat(3 + common + random.normal(0, 0.7, (count, 8)), 4, axis=1)
    answers = np.clip(np.rint(level + random.normal(0, 0.8, level.shape)), 1, 5).astype(int)
    turned = [ITEMS.index(item) for item in TURNED]
    answers[:, turned] = 6 - answers[:, turned]
    frame = pd.DataFrame(answers, columns=ITEMS).map(lambda value: LABELS[value - 1])
    return people(count, seed).assign(**frame)


@pytest.mark.parametrize(("first", "last", "named"), [
    (31, 31, "h4"), (30, 31, "h3"), (29, 31, "h2"), (28, 31, "h1"), (27, 31, "g4"),
    (9, 14, "c2"), (20, 31, "f1"), (1, 31, "a1"),
])
def test_any_block_of_columns_that_was_pushed_stops(wide, first, last, named):
    frame = related()
    assert not clean_errors(wide, frame)
    pushed = ITEMS[first : last + 1]
    frame[pushed] = frame[pushed].shift(1).fillna("Neutraal")
    (problem,) = clean_errors(wide, frame)
    assert (problem.topic, problem.column) == ("shift.rows", named)


def clean_errors(folder, frame):
    deliver(folder, frame)
    return clean_study(load_study(folder), folder / "data" / "raw", None)[0].errors


@pytest.mark.parametrize("seed", range(25))
def test_nothing_was_pushed_in_ordinary_answers(seed):
    for make in (people, related):
        values = make(35 + 5 * seed, seed)[ITEMS].apply(lambda cells: cells.map(LABELS.index))
        assert list(moved_blocks(values.to_numpy(dtype="float64"))) == []


def test_a_swap_of_two_columns_is_no_shift_of_six(wide):
    study, frame = load_study(wide), related()
    answers = frame[ITEMS].apply(lambda cells: cells.map(LABELS.index)).astype("Int8")
    swapped = answers.assign(b3=answers["b4"], b4=answers["b3"])
    around = ["a4", "b1", "b2", "b3", "b4", "c1"]
    assert swapped_columns(study, swapped, ITEMS, around) == ("b3", "b4")
    shifted = answers.set_axis([ITEMS[(n + 1) % 32] for n in range(32)], axis=1)
    assert swapped_columns(study, shifted, ITEMS, ITEMS) is None


def test_a_form_without_a_middle_stops_and_can_be_declared_or_accepted(wide):
    frame = people(40)
    frame[ITEMS] = frame[ITEMS].replace("Neutraal", "Mee eens")
    deliver(wide, frame)
    (cleaned,) = clean_study(load_study(wide), wide / "data" / "raw", None)
    (problem,) = cleaned.errors
    assert problem.what == (
        "nobody gave answer 3 of label set 'agree5' in 32 items (1280 answers): did the form have "
        "fewer answers?")
    accept(wide, "T0/survey.csv,*,agree5,C4")
    assert told(wide) == []
    accept(wide)
    sheet = wide / "codebook" / "crosswalk" / "A-T0.csv"
    sheet.write_text("source,target,status\nnr,record,\nbegin,started,\n" + "".join(
        f"{item},{item},other_scale\n" for item in ITEMS), encoding="utf-8")
    (cleaned,) = clean_study(load_study(wide), wide / "data" / "raw", None)
    assert cleaned.errors == () and cleaned.tables["responses"][ITEMS].isna().all().all()


def test_an_end_that_nobody_chose_is_noted_among_many_answers(wide):
    frame = people(40)
    frame[ITEMS] = frame[ITEMS].replace(LABELS[0], LABELS[1])
    deliver(wide, frame)
    (cleaned,) = clean_study(load_study(wide), wide / "data" / "raw", None)
    assert [(each.rule, each.severity) for each in cleaned.problems] == [("C4", "note")]
    deliver(wide, frame.head(12))
    (cleaned,) = clean_study(load_study(wide), wide / "data" / "raw", None)
    assert cleaned.problems == ()


def test_unused_answers_need_many(wide):
    study = load_study(wide)
    answers = pd.DataFrame({item: pd.array([2, 4] * 10, dtype="Int8") for item in ITEMS})
    assert [each.values for each in unused_answers(study, answers, ITEMS)] == [(3,)]
    assert list(unused_answers(study, answers, ITEMS[:2])) == []
    assert list(unused_answers(study, answers.head(2), ITEMS)) == []


def test_a_turned_item_in_a_small_delivery_is_held_against_other_waves(wide):
    frame = people(24, seed=3, month=7)
    back = dict(zip(LABELS, reversed(LABELS), strict=True))
    deliver(wide, people(40))
    deliver(wide, frame.assign(b2=frame["b2"].map(back)), "T1")
    assert told(wide) == [("T1", "C7", "item.turned", "b2")]
    deliver(wide, frame, "T1")
    assert told(wide) == []


def test_without_other_waves_a_small_delivery_says_nothing(wide):
    frame = people(24, seed=3)
    back = dict(zip(LABELS, reversed(LABELS), strict=True))
    deliver(wide, frame.assign(b2=frame["b2"].map(back)))
    assert told(wide) == []


def pointing(r, n, mean=3.5, sd=1.0):
    return Pointing("x", "S", r, n, mean, sd, 6 - mean)


@pytest.mark.parametrize(("found", "elsewhere", "expected"), [
    (pointing(-0.21, 30), [], True),
    (pointing(-0.19, 300), [], False),
    (pointing(-0.6, 29), [], False),
    (pointing(-0.6, 9), [pointing(0.6, 60)], False),
    (pointing(-0.5, 24, 2.5), [pointing(0.5, 50, 3.5)], True),
    (pointing(0.1, 24, 2.5), [pointing(0.5, 50, 3.5)], False),
    (pointing(-0.05, 24, 3.5), [pointing(0.4, 50, 3.5)], False),
    (pointing(float("nan"), 24), [pointing(0.5, 50)], False),
])
def test_when_an_item_looks_reversed(found, elsewhere, expected):
    assert reversed_here(found, elsewhere, usual=0.5) is expected


def test_of_hundreds_of_organisations_an_odd_small_delivery_is_no_turned_one():
    odd, evident, others = pointing(-0.35, 21, 3.1), pointing(-0.6, 24, 2.5), [pointing(0.4, 50)]
    assert reversed_here(odd, others, 0.45)
    assert not reversed_here(odd, others, 0.45, organisations=380)
    assert reversed_here(evident, others, 0.45, organisations=380)


def test_the_usual_z():
    assert usual_z([]) == 0
    assert usual_z([pointing(0.5, 50), pointing(0.5, 9)]) == pytest.approx(np.arctanh(0.5))


def test_a_constant_item_points_nowhere(wide):
    study = load_study(wide)
    answers = pd.DataFrame({item: pd.array([3] * 20, dtype="Int8") for item in ITEMS})
    found = list(pointings(study.scales.values(), answers, np.arange(20)))
    assert len(found) == 32 and all(np.isnan(each.r) for each in found)
    assert shifted_columns(study, answers, ITEMS) is None
    assert shifted_rows(study, answers) == {}


def test_the_file_of_another_wave_stops_and_is_named(wide):
    deliver(wide, people(40))
    deliver(wide, people(30, seed=7, month=1), "T1")
    (cleaned,) = clean_study(load_study(wide), wide / "data" / "raw", None)
    (problem,) = cleaned.errors
    assert problem.what == "30 of 30 records started outside wave T1; they fit wave T0"
    assert len(problem.rows) == 30 and problem.rule == "C19"


def test_swapped_waves_stop(wide):
    deliver(wide, people(40, month=7))
    deliver(wide, people(30, seed=7, month=1), "T1")
    assert [each[:3] for each in told(wide)] == [
        ("T0", "C19", "wave.other"), ("T1", "C19", "wave.other")]
    accept(wide, "T0/survey.csv,*,*,C19", "T1/survey.csv,*,*,C19")
    assert told(wide) == []


def test_a_few_late_records_are_no_other_wave(wide):
    frame = people(40)
    deliver(wide, frame.assign(begin=["2026-03-01"] * 5 + frame["begin"].tolist()[5:]))
    assert told(wide) == []


def test_one_file_sent_twice_stops_with_its_rows(wide):
    frame = people(40)
    deliver(wide, frame)
    later = people(30, seed=9, month=7)
    later.loc[:9, ITEMS] = frame.loc[:9, ITEMS]
    deliver(wide, later, "T1")
    (cleaned,) = clean_study(load_study(wide), wide / "data" / "raw", None)
    (problem,) = cleaned.errors
    assert problem.what == "10 records are also in A/T0/survey.csv: was one file sent twice?"
    assert problem.rows == tuple(range(2, 12)) and problem.rule == "C8"


def test_two_chance_twins_are_no_second_delivery(wide):
    frame = people(40)
    deliver(wide, frame)
    later = people(40, seed=9, month=7)
    later.loc[:1, ITEMS] = frame.loc[:1, ITEMS]
    deliver(wide, later, "T1")
    assert told(wide) == []


def test_an_acceptance_that_accepts_nothing_is_noted(wide):
    deliver(wide, people(40))
    accept(wide, "T0/survey.csv,*,b2,C7", "T0/survey.csv,5,flags,speeder")
    (cleaned,) = clean_study(load_study(wide), wide / "data" / "raw", None)
    assert [(each.file, each.row, each.column, each.what, each.severity)
            for each in cleaned.problems] == [
        ("codebook/corrections.csv", row, "old", "there is nothing to accept here", "note")
        for row in (2, 3)
    ]


def test_a_row_of_averages_stops_and_can_be_accepted(wide):
    frame = people(40)
    frame.loc[40] = {**dict.fromkeys(ITEMS, "3.4"), "nr": "", "begin": ""}
    deliver(wide, frame)
    assert ("T0", "C6", "record.averages", None) in told(wide)
    accept(wide, "T0/survey.csv,*,*,C6")
    assert told(wide) == []


def test_a_column_that_nobody_answered_is_noted_and_one_that_few_did_is_not(wide):
    frame = people(40)
    frame["b2"] = ""
    frame.loc[1:, "c2"] = ""
    deliver(wide, frame)
    (cleaned,) = clean_study(load_study(wide), wide / "data" / "raw", None)
    found = [(each.severity, each.topic, each.column) for each in cleaned.problems]
    assert found == [("note", "answers.none", "b2")]


def narrowed(frame, items, pairs):
    return frame.assign(**{item: frame[item].replace(pairs) for item in items})


def test_a_form_of_four_answers_stops_where_another_wave_had_five(wide):
    frame = narrowed(related(110, 3), ITEMS, {LABELS[4]: LABELS[3]})
    assert not clean_errors(wide, frame)
    deliver(wide, related(100, 9).assign(begin="2026-07-14"), "T1")
    (problem,) = clean_errors(wide, frame)
    assert (problem.topic, problem.column) == ("answers.fewer", "agree5")


def test_one_item_with_three_answers_is_noted_by_the_other_wave(wide):
    frame = narrowed(related(110, 3), ["c2"], {LABELS[1]: LABELS[0], LABELS[3]: LABELS[4]})
    deliver(wide, frame)
    deliver(wide, related(100, 9).assign(begin="2026-07-14"), "T1")
    (cleaned,) = clean_study(load_study(wide), wide / "data" / "raw", None)
    (problem,) = cleaned.problems
    assert (problem.topic, problem.column, problem.severity) == ("answers.fewer", "c2", "note")
    assert problem.what == (
        "nobody gave answer 2, 4 of this item, which other waves give: did the form have fewer "
        "answers?")


def test_a_scale_that_was_turned_whole_goes_against_itself_at_another_wave(wide):
    """Every item of a scale turned: sound by itself, and told by the persons of both waves."""
    for place in ("A-T0", "A-T1"):
        path = wide / "codebook" / "crosswalk" / f"{place}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("nr,record", "nr,link"),
                        encoding="utf-8")
    names = [f"{'PQRST'[n % 5]}{n * 7919 % 9973:04d}K{n:02d}" for n in range(60)]
    first = related(60, 3).assign(nr=names)
    random = np.random.default_rng(8)
    again = first.assign(begin="2026-07-14")
    others = again[ITEMS].sample(frac=1, random_state=1).to_numpy()
    again[ITEMS] = again[ITEMS].where(random.random(others.shape) < 0.8, others)
    deliver(wide, first)
    deliver(wide, again, "T1")
    assert told(wide) == []
    turned = dict(zip(LABELS, reversed(LABELS), strict=True))
    mine = [item for item in ITEMS if item.startswith("b")]
    deliver(wide, again.assign(**{item: again[item].map(turned) for item in mine}), "T1")
    assert told(wide) == [("T1", "C7", "scale.turned", "B")]
