"""Messages say what, where and what to do; an error carries every problem through a process."""

import pickle
from pathlib import Path

import pytest

from lostudy.errors import (
    DataError,
    DisclosureError,
    LostudyError,
    Problem,
    RunError,
    StudyError,
    shown,
)


@pytest.mark.parametrize(("problem", "message"), [
    (Problem("x", "y"), "x. To do: y"),
    (Problem("x", "y", "a.csv"), "a.csv: x. To do: y"),
    (Problem("x", "y", "a.csv", 3), "a.csv, row 3: x. To do: y"),
    (Problem("x", "y", "a.csv", 3, "q1"), "a.csv, row 3, column 'q1': x. To do: y"),
    (Problem("x", "y", row=3), "row 3: x. To do: y"),
    (Problem("x", "y", "a.csv", 0), "a.csv, row 0: x. To do: y"),
])
def test_where_stands_before_what(problem, message):
    assert str(problem) == message


def test_a_long_heading_is_cut():
    assert f"'{'q' * 59}…'" in str(Problem("x", "y", "a.csv", column="q" * 200))
    assert f"'{'q' * 60}'" in str(Problem("x", "y", "a.csv", column="q" * 60))


@pytest.mark.parametrize(("kind", "code"), [
    (LostudyError, 1), (StudyError, 10), (DataError, 11), (DisclosureError, 12), (RunError, 13),
])
def test_exit_codes_and_processes(kind, code):
    error = kind([Problem("a", "b"), Problem("c", "d", "e.csv", 2)])
    assert error.exit_code == code
    assert str(error) == "a. To do: b\ne.csv, row 2: c. To do: d"
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind and again.problems == error.problems


def test_one_problem_and_many():
    one = Problem("a", "b")
    assert DataError(one).problems == DataError([one]).problems == (one,)


@pytest.mark.parametrize(("path", "base", "text"), [
    ("/srv/somebody/data/raw/A/T0/survey.csv", None, "T0/survey.csv"),
    ("/srv/somebody/data/raw/A/T0/survey.csv", "/srv/somebody/data", "raw/A/T0/survey.csv"),
    ("/elsewhere/survey.csv", "/srv/somebody", "elsewhere/survey.csv"),
    ("survey.csv", None, "survey.csv"),
    ("/survey.csv", None, "survey.csv"),
])
def test_no_path_of_somebody_in_a_message(path, base, text):
    assert shown(path, Path(base) if base else None) == text
