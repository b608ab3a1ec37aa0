"""The frozen plan: what it covers, what is in it, and that it cannot change in silence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lostudy.study import load_study
from lostudy.study.plan import contrast, family_of, in_force, outcomes, plan_hash

WAVES = """
[[waves]]
id = "T1"
name = { nl = "later" }
opens = 2026-06-01
closes = 2026-06-30
"""
SCALES = """
    scale,label_nl,minimum,maximum
    LW,Leren van het werk,1,3
    SA,Samen,1,3
    """
ITEMS = """
    item,scale,labels,reversed,text_nl,text_en
    lw01,LW,agree3,0,Ik leer.,I learn.
    lw02,LW,agree3,1,Ik leer niet.,I do not learn.
    sa01,SA,agree3,0,Samen.,Together.
    """
FILES = {"scales.csv": SCALES, "items.csv": ITEMS}


@pytest.fixture
def planned(write):
    """A study with two waves and a [plan] of these lines."""

    def study(*lines, files=FILES, **edits):
        text = "\n".join(["[plan]", "registered = 2026-02-20", *lines])
        section = f"{WAVES}\n{text}\n\n[[background]]"
        return load_study(write(files, replace={"[[background]]": section, **edits}))

    return study


def test_without_lists_the_questions_say_what_the_outcomes_are(planned):
    study = planned(**{'primary = "LW"': 'primary = "LW"\nsecondary = ["SA"]'})
    assert outcomes(study, "primary") == ("LW",)
    assert outcomes(study, "secondary") == ("SA",)
    assert contrast(study) == ("T0", "T1")
    assert family_of(study, "SA", ("T0", "T1")) == "secondary"


def test_what_the_plan_does_not_list_is_exploratory(planned):
    study = planned('primary = ["LW"]', **{'primary = "LW"': 'primary = "LW"\nsecondary = ["SA"]'})
    assert family_of(study, "LW", ("T0", "T1")) == "primary"
    assert family_of(study, "SA", ("T0", "T1")) == "exploratory"
    assert family_of(study, "LW", ("T0", "T0")) == "exploratory"


def test_a_plan_that_was_not_registered_in_time_is_none(planned):
    study = planned()
    assert in_force(study)
    for day in (dt.date(2026, 6, 2), None):
        plan = study.plan.model_copy(update={"registered": day})
        assert not in_force(study.model_copy(update={"plan": plan}))


def test_a_frozen_plan_that_is_changed_makes_everything_exploratory(planned):
    digest = plan_hash(planned())
    assert plan_hash(planned(f'frozen = "{digest}"')) == digest
    assert family_of(planned(f'frozen = "{digest}"'), "LW", ("T0", "T1")) == "primary"
    changed = planned(f'frozen = "{digest}"', "sesoi = 0.2")
    assert not in_force(changed)
    assert family_of(changed, "LW", ("T0", "T1")) == "exploratory"


TURNED = {**FILES, "items.csv": ITEMS.replace("agree3,1", "agree3,0")}
CHANGES = {
    "the smallest change of interest": {"lines": ["sesoi = 0.3"]},
    "the level": {"lines": ["level = 0.9"]},
    "who is left out": {"lines": ["exclude_careless = false"]},
    "the specifications": {"lines": ['specifications = ["team_means"]']},
    "an outcome": {"lines": ['primary = ["LW"]', 'secondary = ["SA"]']},
    "a rule of cleaning": {"lines": ["", "[cleaning]", "partial_share = 0.9"]},
    "the direction of an item": {"lines": [], "files": TURNED},
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_digest_covers_every_decision(name, planned):
    given = dict(CHANGES[name])
    assert plan_hash(planned(*given.pop("lines"), **given)) != plan_hash(planned())


def test_a_mended_label_leaves_the_digest_as_it_was(planned):
    before = plan_hash(planned())
    mended = {**FILES, "scales.csv": SCALES.replace("Leren van het werk", "Leren van werk")}
    assert plan_hash(planned(files=mended)) == before


BROKEN = {
    'primary = ["XX"]': "plan: scale 'XX' does not exist. To do: one of: LW, SA",
    'primary = ["LW"]\nsecondary = ["LW"]': (
        "plan: scale 'LW' is in both families. To do: an outcome is primary or secondary"
    ),
    'contrast = ["T0", "T9"]': "plan: wave 'T9' does not exist. To do: one of: T0, T1",
    'contrast = ["T1", "T0"]': (
        "plan: the contrast goes back in time. To do: the first wave first"
    ),
}


@pytest.mark.parametrize("line", BROKEN)
def test_a_plan_that_cannot_be_is_refused(line, refused):
    section = f"{WAVES}\n[plan]\n{line}\n\n[[background]]"
    said = refused(FILES, replace={"[[background]]": section})
    assert len(said) == 1 and said[0].endswith(BROKEN[line]) and ", row " in said[0]


STAFF = {
    "{ T9 = { role = { leader = 1, staff = 9 } } }": (
        "staff of wave 'T9', which does not exist. To do: one of: T0"
    ),
    "{ T0 = { age = { leader = 1, staff = 9 } } }": (
        "staff by 'age', which is no background. To do: one of: role"
    ),
    "{ T0 = { role = { leader = 10 } } }": (
        "staff by role at T0: other categories than in labels.csv. To do: give each of leader, "
        "staff"
    ),
    "{ T0 = { role = { leader = 1, staff = 8 } } }": (
        "staff by role at T0 is not the number that was invited. To do: bring it to 10 persons"
    ),
}


@pytest.mark.parametrize("staff", STAFF)
def test_a_staff_that_cannot_be_is_refused(staff, refused):
    line = "invited = { T0 = 10 }"
    said = refused(replace={line: f"{line}\nstaff = {staff}"})
    assert said == [f"study.toml, row 10: organisation A: {STAFF[staff]}"]


def test_the_shipped_plan_is_in_force():
    study = load_study(Path(__file__).parents[2])
    assert in_force(study)
    assert set(outcomes(study, "primary")) == {each.primary for each in study.questions}
