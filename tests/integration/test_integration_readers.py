"""Two readers: what stands, what does not, how far they agree, what must be explained."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from lostudy.errors import StudyError
from lostudy.integration import judged, read_verdicts, readers_agree, unexplained
from lostudy.statistics import agreement_of_two

HEAD = "question,code,organisation,proposed,reader,verdict,date,explanation"
CASES = """
adds        | r1 adds:confirms ; r2 adds:confirms              | confirms    confirmed
adds        | r1 adds:adds     ; r2 adds:confirms              | adds        undecided
adds        | r1 adds:confirms                                 | adds        one_reader
adds        | r1 silence:adds  ; r2 silence:adds               | adds        anew
adds        |                                                  | adds        unread
contradicts | r1 contradicts:adds ; r2 contradicts:adds        | adds        confirmed
confirms    | r1 confirms:contradicts ; r2 confirms:contradicts | contradicts confirmed
adds        | r1 adds:adds ; r2 adds:adds ; r3 adds:silence    | adds        undecided
adds        | r1 adds:adds ; r2 silence:adds                   | adds        one_reader
"""


def readings(text: str, explanation: str = "") -> pd.DataFrame:
    rows = []
    for part in filter(None, map(str.strip, text.split(";"))):
        reader, pair = part.split()
        proposed, verdict = pair.split(":")
        rows.append({"question": "lq1", "code": "X", "organisation": "A", "proposed": proposed,
                     "reader": reader, "verdict": verdict, "date": "2026-03-31",
                     "explanation": explanation})  # fmt: skip
    return pd.DataFrame(rows, columns=HEAD.split(","))


def proposal(verdict: str) -> pd.DataFrame:
    return pd.DataFrame({"code": ["X"], "organisation": ["A"], "verdict": [verdict]})


@pytest.mark.parametrize("case", CASES.strip().splitlines())
def test_what_readers_make_of_a_proposal(case: str) -> None:
    proposed, read, expected = (part.strip() for part in case.split("|"))
    row = judged(proposal(proposed), readings(read)).iloc[0]
    assert [row["verdict"], row["state"]] == expected.split()
    assert row["proposed"] == proposed


@pytest.mark.parametrize(
    ("proposed", "read", "why", "missing"),
    [
        ("contradicts", "", "", 1),
        ("contradicts", "r1 contradicts:contradicts", "", 1),
        ("contradicts", "r1 contradicts:contradicts", "other people", 0),
        ("contradicts", "r1 contradicts:adds ; r2 contradicts:adds", "", 0),
        ("confirms", "r1 confirms:contradicts ; r2 confirms:contradicts", "", 1),
        ("confirms", "r1 confirms:contradicts", "", 0),
        ("contradicts", "r1 adds:contradicts", "of an earlier proposal", 1),
        ("contradicts", "r1 contradicts:contradicts", ".", 1),
        ("contradicts", "r1 contradicts:contradicts", "ja", 1),
        ("contradicts", "r1 contradicts:contradicts", "zie 3a", 0),
    ],
)
def test_a_contradiction_needs_words(proposed: str, read: str, why: str, missing: int) -> None:
    assert len(unexplained(judged(proposal(proposed), readings(read, why)))) == missing


def test_one_reader_under_two_spellings_is_one_reader() -> None:
    read = readings("Anna adds:confirms").iloc[[0, 0]].assign(reader=["Anna", " anna "])
    assert judged(proposal("adds"), read).iloc[0]["state"] == "one_reader"
    both = readings("Anna adds:confirms ; Bo adds:adds").assign(code=["X", "X"])
    other = both.assign(code="Y", reader=["anna ", "BO"])
    row = readers_agree(pd.concat([both, other])).iloc[0]
    assert row["n"] == 2 and row["alike"] == 0


def test_agreement_of_readers_is_alpha_beside_the_share_alike() -> None:
    """Alpha of two readers is Scott's pi with a correction; kappa lies beside it."""
    given = {"a": "adds confirms", "b": "adds adds", "c": "silence silence", "d": "adds adds",
             "e": "confirms confirms", "f": "adds silence"}  # fmt: skip
    rows = [
        {"code": code, "organisation": "A", "proposed": "adds", "reader": reader, "verdict": each}
        for code, both in given.items()
        for reader, each in zip(("r1", "r2"), both.split(), strict=True)
    ]
    row = readers_agree(pd.DataFrame(rows)).iloc[0]
    assert row["alike"] == pytest.approx(4 / 6) and row["n"] == 6
    kappa = agreement_of_two(*zip(*(each.split() for each in given.values()), strict=True))
    assert row["estimate"] == pytest.approx(1 - 2 * 11 / (12**2 - 6**2 - 3**2 - 3**2) * 2)
    assert abs(row["estimate"] - kappa["estimate"].item()) < 0.1


def test_one_reader_is_no_agreement() -> None:
    row = readers_agree(readings("r1 adds:adds")).iloc[0]
    assert row["n"] == 0 and pd.isna(row["estimate"]) and pd.isna(row["alike"])


def test_without_a_file_nobody_has_read(tmp_path: Path) -> None:
    assert read_verdicts(tmp_path).empty


GOOD = "lq1,X,A,adds,r1,adds,2026-03-31,"
BROKEN = {
    "lq1,X,A,adds,r1,perhaps,2026-03-31,": "does not exist",
    "lq1,X,A,adds,r1,adds,31-03-2026,": "not a date",
    "lq1,X,A,adds,,adds,2026-03-31,": "empty cell",
    f"{GOOD}\n{GOOD}": "one reader twice",
}


@pytest.mark.parametrize("rows", BROKEN)
def test_every_wrong_row_is_told_at_once(rows: str, tmp_path: Path) -> None:
    (tmp_path / "verdicts.csv").write_text(f"{HEAD}\n{rows}\nlq1,Y,A,?,r1,adds,2026-01-01,\n")
    with pytest.raises(StudyError, match=BROKEN[rows]) as raised:
        read_verdicts(tmp_path)
    assert "verdicts.csv" in str(raised.value)
    assert len(raised.value.problems) == 2


def test_a_file_is_read_as_excel_saves_it(tmp_path: Path) -> None:
    text = f"{HEAD}\n{GOOD}\n".replace(",", ";")
    (tmp_path / "verdicts.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_verdicts(tmp_path)["verdict"].tolist() == ["adds"]


def test_one_reader_twice_is_found_under_two_spellings(tmp_path: Path) -> None:
    lines = ["lq1,X,A,adds,Anna,adds,2026-03-31,", "lq1,X,A,adds,anna ,confirms,2026-03-31,"]
    (tmp_path / "verdicts.csv").write_text("\n".join([HEAD, *lines]), "utf-8")
    with pytest.raises(StudyError, match="one reader twice"):
        read_verdicts(tmp_path)


def test_rows_for_what_does_not_exist_are_an_error_with_their_place(tmp_path: Path) -> None:
    lines = ["lq1,X,A,adds,Anna,adds,2026-03-31,", "lq1,NIX,A,adds,Anna,adds,2026-03-31,",
             "lq9,X,Z,adds,Anna,adds,2026-03-31,"]
    (tmp_path / "verdicts.csv").write_text("\n".join([HEAD, *lines]), "utf-8")
    known = {"question": ["lq1"], "code": ["X"], "organisation": ["A", "all"]}
    with pytest.raises(StudyError) as stopped:
        read_verdicts(tmp_path, known)
    assert [(each.what, each.row) for each in stopped.value.problems] == [
        ("a code that does not exist", 3), ("a question that does not exist", 4),
        ("an organisation that does not exist", 4)]
