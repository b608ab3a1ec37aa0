"""Labels as they are compared, and lines of study.toml as they are found."""

from hypothesis import given
from hypothesis import strategies as st

from lostudy.study import load_study
from lostudy.study.codebook import normal
from lostudy.study.declaration import line_numbers


@given(st.text())
def test_normal_is_idempotent(text):
    assert normal(normal(text)) == normal(text)


@given(st.text(st.characters(whitelist_categories=("Lu", "Ll", "Nd"), max_codepoint=591)),
       st.sampled_from(["", " ", "\u00a0", "\t", "\n "]))
def test_normal_does_not_see_case_and_spaces(text, space):
    assert normal(f"{space}{text}{space}") == normal(text)
    assert normal(f"a {text}") == normal(f"A{space or ' '} {text}")


def test_normal_keeps_words_that_mean_something_else_apart():
    assert len({normal(each) for each in ("eens", "oneens", "mee eens", "mee oneens")}) == 4


def test_lines_of_nested_sections():
    text = "# x\n[study]\nid = 'a'\n\n[[questions]]\nid = 'q'\n[questions.pairs]\n'A.B' = 'C'\n"
    lines = line_numbers(text)
    assert lines[("study", "id")] == 3
    assert lines[("questions", 0, "id")] == 6
    assert lines[("questions", 0, "pairs")] == 7


def test_labels_in_two_languages_and_their_reasons(write):
    labels = load_study(write()).label_sets["agree3"]
    assert labels.values == (1, 2, 3) and labels.numeric
    assert labels.accepted == {"oneens": 1, "neutraal": 2, "eens": 3}
    assert labels.missing == {"weet niet": "dont_know"}
    assert labels.labels[3]("en") == "Eens"


def test_a_study_is_frozen_and_looked_up_by_id(write):
    study = load_study(write())
    assert study.question("lq1").scales == ("LW",)
    assert study.organisation("A").teams == ("A1", "A2")
    assert study.item_labels("lw01").id == "agree3"
    assert study.coder(" Jan ") == "Jan"
    try:
        study.plan.sesoi = 1.0
    except ValueError:
        return
    raise AssertionError("a study can be changed")
