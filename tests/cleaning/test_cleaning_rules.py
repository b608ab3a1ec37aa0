"""The rules C8–C12 as tables of text: for each record its answers, and the flags it must get."""

import numpy as np
import pandas as pd
import pytest

from lostudy.cleaning import rules
from lostudy.cleaning.careless import careless_flags, indices
from lostudy.study.model import (
    About,
    Cleaning,
    Disclosure,
    Item,
    LabelSet,
    Organisation,
    Plan,
    Question,
    Scale,
    Study,
    Text,
    Wave,
)


def small_study(items=4, turned=(), **cleaning):
    names = [f"s{number}" for number in range(1, items + 1)]
    labels = LabelSet(id="five", labels={n: Text(nl=str(n)) for n in range(1, 6)}, accepted={})
    return Study(
        folder=".",
        about=About(id="x", title=Text(nl="X"), status="simulated"),
        organisations=[Organisation(id="A", name=Text(nl="A"))],
        waves=[Wave(id="T0", name=Text(nl="T0"), opens="2026-01-12", closes="2026-02-13")],
        questions=[Question(id="lq1", text=Text(nl="?"), primary="S")],
        items={name: Item(id=name, scale="S", labels="five", text=Text(nl=name),
                          reversed=name in turned) for name in names},
        scales={"S": Scale(id="S", label=Text(nl="S"), minimum=1, maximum=5, items=names,
                           reversed_items=turned)},
        label_sets={"five": labels},
        cleaning=Cleaning(**cleaning),
        disclosure=Disclosure(signed_by="x", signed_on="2026-01-01"),
    )


def table(text):
    """A table drawn in text; "." is a missing cell."""
    lines = [line.split() for line in text.strip().splitlines()]
    rows = [[None if cell == "." else cell for cell in line] for line in lines[1:]]
    return pd.DataFrame(rows, columns=lines[0], index=range(2, len(rows) + 2))


def flags_of(text, study=None, repeat=1):
    """The flags per row; columns s1… are answers, the others are fields."""
    drawn = table(text)
    answers = [name for name in drawn if name.startswith("s") and name[1:].isdigit()]
    study = study or small_study(len(answers) * repeat, turned=("s2",))
    items = pd.concat([drawn[answers]] * repeat, axis=1).astype("Int8")
    items.columns = list(study.items)
    fields = drawn.drop(columns=[*answers, "flags"]).astype("str")
    if "started" in fields:
        fields["started"] = pd.to_datetime(fields["started"])
    if "seconds" in fields:
        fields["seconds"] = fields["seconds"].astype("Float64")
    flags = rules.flag(study, "T0", items, fields, drawn.drop(columns="flags"))
    joined = [";".join(name for name in flags if flags.at[row, name]) or "-" for row in flags.index]
    return joined, list(drawn["flags"]), flags


TABLES = {
    "C8: the most complete of one code stays, then the first": """
        link  started     s1 s2 s3 s4 flags
        AAAAA 2026-01-13  1  2  3  .  duplicate
        AAAAA 2026-01-14  1  2  3  4  -
        BBBBB 2026-01-14  1  2  3  4  duplicate
        BBBBB 2026-01-13  4  3  2  1  -
        .     2026-01-13  1  2  3  4  -
        .     2026-01-15  1  2  3  4  -
        """,
    "C8: one token": """
        record s1 s2 s3 s4 flags
        7      1  2  3  4  -
        7      1  2  .  .  duplicate
        8      1  2  3  4  -
        """,
    "C9: tests and previews by mark, by code and by date": """
        preview record started    s1 s2 s3 s4 flags
        0       1      2026-01-13 1  2  3  4  -
        1       2      2026-01-13 1  2  3  4  preview
        Preview 3      2026-01-13 1  2  3  4  preview
        .       TEST01 2026-01-13 1  2  3  4  preview
        .       testen 2026-01-13 1  2  3  4  -
        .       4      2026-01-11 1  2  3  4  before_launch
        .       5      2026-02-13 1  2  3  4  -
        .       6      2026-02-14 1  2  3  4  late
        .       7      .          1  2  3  4  -
        """,
    "C10: half of the primary scale": """
        record s1 s2 s3 s4 flags
        1      1  2  3  4  -
        2      1  2  .  .  -
        3      .  2  .  .  partial
        4      .  .  .  .  empty;partial
        """,
    "C8: a test row is no twin": """
        record link  s1 s2 s3 s4 flags
        test   AAAAA 1  2  3  4  preview
        2      AAAAA 1  2  3  .  -
        """,
}


@pytest.mark.parametrize("name", TABLES)
def test_tables(name):
    found, expected, _ = flags_of(TABLES[name])
    assert found == expected


def test_same_moment_and_same_answers_need_enough_items():
    text = """
        started             s1 s2 s3 s4 flags
        2026-01-13T10:00:00 1  2  3  4  {}
        2026-01-13T10:00:00 1  2  3  4  {}
        """
    found, _, _ = flags_of(text)
    assert found == ["-", "-"]
    found, _, _ = flags_of(text, small_study(4, duplicate_items=4))
    assert sorted(found) == ["-", "duplicate"]


def test_c11_speeders_are_fast_per_item_and_beside_the_others():
    slow = "\n".join("400 1 2 3 4 2 -" for _ in range(9))  # five items are no fingerprint
    text = f"seconds s1 s2 s3 s4 s5 flags\n{slow}\n9 1 2 3 4 2 speeder\n11 1 2 3 4 2 -"
    found, expected, _ = flags_of(text)
    assert found == expected
    all_fast = "\n".join("8 1 2 3 4 2 -" for _ in range(12))
    found, expected, _ = flags_of(f"seconds s1 s2 s3 s4 s5 flags\n{all_fast}")
    assert found == expected


def test_c12_one_answer_over_half_of_twenty_items():
    text = """
        s1 s2 s3 s4 s5 flags
        1  2  3  4  5  -
        3  3  3  3  3  straightliner
        """
    found, expected, _ = flags_of(text, repeat=4)
    assert found == expected
    found, _, _ = flags_of(text, repeat=3)
    assert found == ["-", "-"], "under twenty items a run says nothing"
    found, _, _ = flags_of(text, small_study(20), repeat=4)
    assert found == ["-", "-"], "where nothing is reversed, one answer can be meant"


def test_c15_careless_needs_two_families():
    ordinary = (f"400 {1 + n % 4} {1 + n % 5} 3 4 {1 + n % 3} -" for n in range(11))
    lines = ["seconds s1 s2 s3 s4 s5 flags", *ordinary,
             "9 3 3 3 3 3 speeder;straightliner;careless", "400 3 3 3 3 3 straightliner"]
    found, expected, flags = flags_of("\n".join(lines), repeat=4)
    assert found == expected
    study = small_study(20)
    assert list(rules.exclusion(study, flags))[-2:] == ["careless", ""]
    kept = study.model_copy(update={"plan": Plan(exclude_careless=False)})
    assert not rules.exclusion(kept, flags).any()


def test_c8_the_same_answers_under_another_code_and_name():
    """Twenty answers alike are a copy; a straight line is no fingerprint, nineteen are too few."""
    drawn = """
        record link  s1 s2 s3 s4 s5 flags
        1      AAAAA 1  2  3  4  5  -
        2      BBBBB 1  2  3  4  5  duplicate
        3      CCCCC 1  2  3  4  4  -
        4      DDDDD 3  3  3  3  3  straightliner
        5      EEEEE 3  3  3  3  3  straightliner
        """
    found, expected, _ = flags_of(drawn, repeat=4)
    assert sorted(found[:2]) == sorted(expected[:2]) and found[2:] == expected[2:]
    found, _, _ = flags_of(drawn, small_study(20, turned=("s2",), duplicate_items=21), repeat=4)
    assert "duplicate" not in found


def wide_study(**cleaning):
    """Eight scales of four items, the last of each reversed."""
    study = small_study(32, **cleaning)
    names = [list(study.items)[start : start + 4] for start in range(0, 32, 4)]
    scales = {
        f"S{n}" if n else "S": Scale(id=f"S{n}" if n else "S", label=Text(nl="S"), minimum=1,
                                     maximum=5, items=mine, reversed_items=mine[3:])
        for n, mine in enumerate(names)
    }
    turned = {mine[3] for mine in names}
    items = {name: item.model_copy(update={"reversed": name in turned})
             for name, item in study.items.items()}
    return study.model_copy(update={"scales": scales, "items": items})


def answers_of(study, attentive=60, careless=12, seed=5):
    """Who reads answers by a level per scale; who does not, at random."""
    random = np.random.default_rng(seed)
    level = np.repeat(random.integers(1, 6, (attentive, 8)), 4, axis=1)
    read = np.clip(level + random.integers(-1, 2, level.shape), 1, 5)
    turned = [place for place, item in enumerate(study.items.values()) if item.reversed]
    read[:, turned] = 6 - read[:, turned]
    rows = np.vstack([read, random.integers(1, 6, (careless, 32))])
    return pd.DataFrame(rows, columns=list(study.items)).astype("Int8")


def test_c14_answers_that_contradict_each_other():
    study = wide_study()
    items = answers_of(study, careless=60)
    flags = careless_flags(study, items, pd.DataFrame(index=items.index), items.notna())
    assert flags["inconsistent"].to_numpy()[60:].mean() > 1 / 3, "a strict rule misses many"
    assert not flags["inconsistent"].to_numpy()[:60].any()
    assert not flags["careless"].any(), "one family alone never leaves anybody out"


def test_c15_inconsistent_and_fast_are_two_families():
    study = wide_study()
    items = answers_of(study, careless=40)
    fields = pd.DataFrame({"seconds": pd.array([300.0] * 60 + [25.0] * 40, dtype="Float64")})
    flags = careless_flags(study, items, fields, items.notna())
    assert (flags["careless"] == (flags["inconsistent"] & flags["speeder"])).all()
    assert 10 <= flags["careless"].sum() < 40


def test_c15_a_straight_line_and_its_contradictions_are_one_family():
    study = wide_study(guttman_errors=0.05, even_odd=1.0)
    items = answers_of(study, careless=0)
    items.iloc[0] = 5
    flags = careless_flags(study, items, pd.DataFrame(index=items.index), items.notna())
    assert flags["straightliner"].tolist()[:2] == [True, False]
    assert not flags["careless"].any()


def test_c15_an_item_that_says_what_to_answer():
    study = small_study(4)
    asked = study.items["s4"].model_copy(update={"expected": 2, "scale": ""})
    study = study.model_copy(update={"items": {**study.items, "s4": asked}})
    text = """
        s1 s2 s3 s4 flags
        1  2  3  2  -
        1  2  3  4  inattentive
        1  2  3  .  -
        """
    found, expected, _ = flags_of(text, study)
    assert found == expected


def test_a_questionnaire_of_few_items_has_no_contradictions():
    found, _, flags = flags_of(TABLES["C8: one token"])
    assert not flags["inconsistent"].any() and found


def test_every_sign_of_a_record_can_be_looked_at():
    study = wide_study()
    items = answers_of(study)
    seen = indices(study, items, pd.Series([320.0] * 72))
    assert list(seen) == ["seconds_per_item", "longstring", "irv", "even_odd", "synonyms",
                          "guttman_errors", "mahalanobis"]
    assert (seen["seconds_per_item"] == 10).all()
    halves = seen["even_odd"]
    assert halves[:60].mean() > 0.8 > 0.4 > halves[60:].mean()
    assert seen["guttman_errors"][:60].mean() < seen["guttman_errors"][60:].mean() * 0.6


def test_the_first_reason_counts():
    _, _, flags = flags_of(TABLES["C10: half of the primary scale"])
    assert list(rules.exclusion(small_study(), flags)) == ["", "", "partial", "empty"]


def test_the_order_of_rows_never_matters():
    for text in TABLES.values():
        _, _, flags = flags_of(text)
        header, *lines = text.strip().splitlines()
        _, _, turned = flags_of("\n".join([header, *reversed(lines)]))
        assert turned.iloc[::-1].to_numpy().tolist() == flags.to_numpy().tolist()
