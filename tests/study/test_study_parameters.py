"""Parameters of a notebook: a typo is an error that lists the choices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostudy.errors import StudyError
from lostudy.study import Parameters, Study, check_parameters
from lostudy.study.model import About, Organisation, Text, Wave

STUDY = Study(
    folder=".",
    about=About(id="x", title=Text(nl="X"), status="simulated", language="en"),
    organisations=[Organisation(id=each, name=Text(nl=each)) for each in "AB"],
    waves=[Wave(id="T0", name=Text(nl="T0"))],
    questions=[],
)
CHOICES = {"organisation": ["all", "A", "B"], "wave": ["all", "T0"], "language": ["nl", "en"]}


def test_what_is_not_given_is_the_default_of_the_study():
    assert check_parameters(STUDY, {}) == Parameters("all", "all", "en")
    assert check_parameters(STUDY, {"organisation": "B"}).as_dict() == {
        "organisation": "B", "wave": "all", "language": "en",
    }


def test_all_that_is_wrong_at_once():
    with pytest.raises(StudyError) as caught:
        check_parameters(STUDY, {"organization": "A", "wave": "T7", "language": 3})
    assert str(caught.value).split("\n") == [
        "unknown parameter 'organization'. To do: did you mean 'organisation'? parameters are: "
        "organisation, wave, language",
        "parameter wave: 'T7' does not exist. To do: one of: all, T0",
        "parameter 'language' must be text, not int. To do: one of: nl, en",
    ]


@given(st.fixed_dictionaries({}, optional={
    name: st.sampled_from(known) for name, known in CHOICES.items()}))
def test_every_choice_is_accepted_as_it_is(given_parameters):
    checked = check_parameters(STUDY, given_parameters).as_dict()
    assert {**checked, **given_parameters} == checked
    assert all(checked[name] in CHOICES[name] for name in CHOICES)


@given(st.dictionaries(st.text(max_size=12), st.one_of(st.text(max_size=5), st.integers())))
def test_anything_else_is_refused_with_one_problem_each(anything):
    wrong = [name for name, value in anything.items() if value not in CHOICES.get(name, [])]
    if wrong:
        with pytest.raises(StudyError) as caught:
            check_parameters(STUDY, anything)
        assert len(caught.value.problems) == len(wrong)
    else:
        check_parameters(STUDY, anything)
