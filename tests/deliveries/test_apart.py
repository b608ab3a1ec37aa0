"""SPSS and Stata files are read in a process of their own: what crashes it is a clear error."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from lostudy.deliveries import read_survey
from lostudy.deliveries.survey import apart
from lostudy.errors import DataError

CANARY = "Zwartkopmees-7731"
DAMAGED = (
    "a.sav: the SPSS file is cut off, damaged or of an unknown version. To do: ask for the "
    "delivery again, or save it again in the tool"
)


@pytest.fixture
def sav(tmp_path):
    path = tmp_path / "a.sav"
    frame = pd.DataFrame({
        "naam": [CANARY] * 30, "v1": [1.0, 2.0, 3.0] * 10,
        "dag": pd.to_datetime(["2026-01-13 09:00"] * 30),
    })
    pyreadstat.write_sav(frame, str(path), variable_value_labels={"v1": {1.0: "Eens"}},
                         variable_format={"dag": "DATETIME20"}, missing_ranges={"v1": [3.0]})
    return path


def said(path):
    with pytest.raises(DataError) as caught:
        read_survey(path)
    return str(caught.value).split("/", 1)[1]


@pytest.mark.parametrize("end", ["segfault", "abort", "exit", "half a message"])
def test_a_crash_becomes_an_error(sav, monkeypatch, end):
    def crash(*_, **__):
        if end == "segfault":
            os.kill(os.getpid(), signal.SIGSEGV)
        if end == "abort":
            os.abort()
        if end == "half a message":
            os.write(3, b"\x80")
        os._exit(7)

    monkeypatch.setattr(pyreadstat, "read_sav", crash)
    assert said(sav) == DAMAGED


@pytest.mark.parametrize("error", [ValueError, KeyError, RuntimeError, RecursionError])
def test_what_the_reader_raises_is_not_shown(sav, monkeypatch, error):
    def fails(*_, **__):
        raise error(CANARY)

    monkeypatch.setattr(pyreadstat, "read_sav", fails)
    assert said(sav) == DAMAGED


def test_a_reader_that_never_finishes_is_ended(sav, monkeypatch):
    monkeypatch.setattr(apart, "PATIENCE", 0.3)
    monkeypatch.setattr(pyreadstat, "read_sav", lambda *_, **__: time.sleep(60))
    start = time.monotonic()
    assert said(sav) == DAMAGED
    assert time.monotonic() - start < 20


def test_both_ways_of_reading_give_the_same(sav):
    options = {"user_missing": True}
    forked, started = apart._forked(sav, "read_sav", options), apart._started(
        sav, "read_sav", options)
    assert forked[0] == started[0] == apart.READ
    pd.testing.assert_frame_equal(forked[1][0], started[1][0])
    assert forked[1][1].variable_value_labels == started[1][1].variable_value_labels
    assert forked[1][1].missing_ranges == started[1][1].missing_ranges


def test_no_process_is_left_behind(sav):
    before = subprocess.run(["ps", "--ppid", str(os.getpid())], capture_output=True, check=False)
    for _ in range(3):
        read_survey(sav)
    after = subprocess.run(["ps", "--ppid", str(os.getpid())], capture_output=True, check=False)
    assert len(after.stdout.splitlines()) == len(before.stdout.splitlines())


def test_changed_bytes_never_end_the_program_nor_show_a_value(sav, tmp_path):
    """Each changed file is read or refused; the seeds include files that crash the library."""
    data, rng = sav.read_bytes(), random.Random(20260113)
    shipped = Path(__file__).parents[2] / "data" / "raw" / "C" / "T0" / "survey.sav"
    refused = 0
    for source in (data, shipped.read_bytes()):
        for number in range(40):
            spoilt = bytearray(source)
            for _ in range(rng.choice([1, 4, 40])):
                spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
            path = tmp_path / f"{number}.sav"
            path.write_bytes(spoilt)
            try:
                read_survey(path)
            except DataError as error:
                refused += 1
                assert CANARY not in str(error)
    assert refused > 10
    assert sys.is_finalizing() is False
