"""Every kind of planted defect is told at its row, and nothing else is."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from corruption.run import BUSY, corrupt, judge, moved, told
from corruption.survey import KINDS
from corruption.tables import load
from corruption.voices import VOICES
from corruption.wholes import WHOLES
from lostudy.study import load_study

ROOT = Path(__file__).parents[2]
RAW = ROOT / "data" / "raw"
PLACES = [(organisation, wave) for organisation in "ABCD" for wave in ("T0", "T1", "T2")]


@pytest.fixture(scope="module")
def study():
    return load_study(ROOT)


@pytest.fixture(scope="module")
def before(study):
    return told(study, RAW)


def planted_in_turn(study, folder, names, seed):
    """Each kind of the list in the first delivery that can carry it, one per delivery."""
    rng, free, found, left = random.Random(seed), list(PLACES), [], []
    for name in names:
        for place in list(free):
            table = load(study, folder, *place)
            each = KINDS[name](study, table, rng)
            if each is not None:
                table.save()
                found.append((each, table))
                free.remove(place)
                break
        else:
            left.append(name)
    return found, left


def test_there_are_enough_kinds():
    assert len(KINDS) + len(VOICES) + len(WHOLES) >= 50


def test_every_kind_in_survey_files_is_told_and_nothing_else(study, before, tmp_path):
    """All kinds, each planted once, in as few rounds as deliveries allow."""
    BUSY.clear()
    for file, _, row in before:
        BUSY.setdefault(file, set()).add(row)
    left, rounds = list(KINDS), 0
    while left:
        rounds += 1
        assert rounds < 12, left
        folder = tmp_path / str(rounds)
        shutil.copytree(RAW, folder)
        planted, left = planted_in_turn(study, folder, left, rounds)
        tables = [table for _, table in planted]
        outcome = judge([each for each, _ in planted], moved(before, tables), told(study, folder))
        assert not outcome.missed and not outcome.false, outcome


@pytest.mark.parametrize("organisation", "ABCD")
def test_every_kind_in_coded_interviews_is_told(study, tmp_path, organisation):
    """One kind after the other in the same untouched files of one wave: each stands alone."""
    whole = tmp_path / "whole"
    shutil.copytree(RAW / organisation / "T2", whole / organisation / "T2")
    before = told(study, whole)
    for name, spoil in VOICES.items():
        folder = tmp_path / name
        shutil.copytree(whole, folder)
        each = spoil(folder, organisation, random.Random(name))
        if each is not None:
            outcome = judge([each], before, told(study, folder))
            assert not outcome.missed and not outcome.false, (name, outcome)


@pytest.mark.parametrize("name", WHOLES)
def test_files_in_the_wrong_place_are_told(study, before, tmp_path, name):
    folder = tmp_path / "raw"
    shutil.copytree(RAW, folder)
    each, _ = WHOLES[name](study, folder, random.Random(name))
    outcome = judge([each], before, told(study, folder))
    assert not outcome.missed and not outcome.false


def test_a_seed_of_the_benchmark(study, before, tmp_path):
    outcome = corrupt(study, RAW, tmp_path / "raw", 3, before)
    assert len(outcome.found) >= 8 and not outcome.missed and not outcome.false
