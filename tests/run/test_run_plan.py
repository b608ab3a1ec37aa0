"""The plan: which notebooks run for whom, known and checked before anything starts."""

from __future__ import annotations

import pytest
from run_helpers import write_notebook

from lostudy.errors import StudyError
from lostudy.run import plan
from lostudy.study import Study


def test_every_notebook_runs_for_all_and_for_each_organisation(study: Study) -> None:
    write_notebook(study.folder / "notebooks" / "20-lq2.ipynb")
    names = [job.name for job in plan(study)]
    assert names == [
        f"{stem}/{group}"
        for stem in ("00-proof", "20-lq2")
        for group in ("all", "A", "B", "C", "D")
    ]


def test_a_question_keeps_the_notebooks_that_end_in_it(study: Study) -> None:
    write_notebook(study.folder / "notebooks" / "20-lq2.ipynb")
    assert {job.stem for job in plan(study, question="lq2")} == {"20-lq2"}


def test_an_organisation_keeps_only_its_own_runs(study: Study) -> None:
    assert [job.parameters for job in plan(study, organisation="B", language="en")] == [
        {"organisation": "B", "wave": "all", "language": "en"}
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"question": "lq9"},
            "learning question 'lq9' does not exist. To do: one of: lq1, lq2, lq3",
        ),
        (
            {"organisation": "E"},
            "parameter organisation: 'E' does not exist. To do: one of: all, A, B, C, D",
        ),
        ({"wave": "T7"}, "parameter wave: 'T7' does not exist. To do: one of: all, T0, T1, T2"),
        ({"language": "de"}, "parameter language: 'de' does not exist. To do: one of: nl, en"),
        ({"question": "lq1"}, "no notebook ends in -lq1. To do: there are: 00-proof.ipynb"),
    ],
)
def test_what_does_not_exist_is_an_error_with_the_choices(
    study: Study, given: dict[str, str], said: str
) -> None:
    with pytest.raises(StudyError) as error:
        plan(study, **given)  # type: ignore[arg-type]
    assert str(error.value) == said


def test_a_study_without_notebooks_says_so(study: Study) -> None:
    (study.folder / "notebooks" / "00-proof.ipynb").unlink()
    with pytest.raises(StudyError, match="this study has no notebooks"):
        plan(study)
