"""Codes with a history, containers, attributes and passages that overlap (rule C23)."""

import json

import pandas as pd
import pytest

from lostudy.cleaning.conversations import tidy_conversations
from lostudy.cleaning.inventory import Delivered
from lostudy.deliveries.tables import CODES, DOCUMENTS, SEGMENTS, InterviewDelivery, Source
from lostudy.errors import StudyError

NAME = "A/T0/interviews.qdpx"
REGISTER = "document,conversation,role_band,questions_asked,consent\nGesprek,A1,staff,lq1,ja\n"
TEXT = "Wij leren van elkaar en we kijken samen terug op een casus."
CODEBOOK = """
    code,parent,assignable,label_nl,since,until,became
    LEREN,,no,Leren,,,
    SAMEN,LEREN,yes,Samen leren,,,
    TERUG,LEREN,yes,Terugkijken,2026-02-01,,
    OUD,LEREN,yes,Oude naam,,2026-01-31,SAMEN
    BREED,LEREN,yes,Breed,,2026-01-31,SAMEN;TERUG
    """


def coded(*places, created="2026-03-02"):
    """A delivery of one document; each place is (code, coder, start, end, memo?, created?)."""
    segments = []
    for row, (code, coder, start, end, *more) in enumerate(places, 1):
        text = TEXT[start:end] if start is not None else "een los fragment"
        memo, when = [*more, None, None][:2]
        segments.append({
            "document": "d", "code": code, "coder": coder, "text": text, "start": start,
            "end": end, "offset_status": "exact", "memo": memo, "created": when or created,
            "attributes": {}, "row": row,
        })
    frame = pd.DataFrame(segments, columns=SEGMENTS).astype(
        {"start": "Int64", "end": "Int64", "row": "Int64"})
    names = {code for code, *_ in places}
    return InterviewDelivery(
        Source("x", "refi", "", "0"),
        pd.DataFrame([("d", "Gesprek", TEXT, None, {}, None, {})], columns=DOCUMENTS),
        pd.DataFrame([(name, name, None, name, "", (), {}) for name in names], columns=CODES),
        frame,
    )


@pytest.fixture
def tidy(folder, tmp_path):
    folder.sheet("codes.csv", CODEBOOK)
    register = tmp_path / "conversations.csv"
    register.write_text(REGISTER, encoding="utf-8")

    def made(delivery, crosswalk=None, attributes=None, coders=None):
        if crosswalk:
            folder.crosswalk("A-T0-interviews", "source,target,note\n" + crosswalk)
        if attributes:
            folder.sheet("attributes.csv", "attribute,value\n" + attributes)
        if coders:
            folder.sheet("coders.csv", "name,coder\n" + coders)
        place = Delivered("A", "T0", "interviews", tmp_path / "interviews.qdpx", NAME)
        return tidy_conversations(folder.study, place, delivery, register)
    return made


def said(result):
    return [str(each) for each in result.problems]


def places(result):
    return result.segments[["code", "coder", "start", "end", "text"]].to_numpy().tolist()


def test_a_merged_code_gets_the_name_of_today_with_its_date(tidy):
    result = tidy(coded(("OUD", "Ans", 0, 9)))
    assert result.segments["code"].tolist() == ["SAMEN"]
    (line,) = [each for each in result.changes if each.column == "code"]
    assert (line.change, line.source, line.to) == ("recoded", "OUD", "SAMEN")
    assert line.reason == "code 'OUD' became 'SAMEN' after 2026-01-31"


def test_a_code_given_outside_its_days_is_noted_by_row(tidy):
    result = tidy(coded(
        ("OUD", "Ans", 0, 9, None, "2026-01-10"), ("OUD", "Ans", 20, 30, None, "2026-02-10"),
        ("TERUG", "Ans", 30, 40, None, "13-01-2026 09:00"), ("TERUG", "Ans", 45, 50, None, None),
    ))
    assert said(result) == [
        f"{NAME}, row 2: code 'OUD' was given after 2026-01-31, when it was not in the codebook. "
        "To do: check these passages with the codebook of that day, or mend the dates in codes.csv",
        f"{NAME}, row 3: code 'TERUG' was given before 2026-02-01, when it was not in the "
        "codebook. To do: check these passages with the codebook of that day, or mend the dates "
        "in codes.csv",
    ]
    assert {each.severity for each in result.problems} == {"note"}


def test_a_split_code_must_be_chosen_again_or_mapped(tidy):
    delivery = coded(("BREED", "Ans", 0, 9), ("BREED", "Els", 0, 9), created="2026-01-10")
    assert said(tidy(delivery)) == [
        f"{NAME}, rows 1 and 2: code 'BREED' was split after 2026-01-31 into SAMEN and TERUG. "
        "To do: code these passages again, or map the code in "
        "codebook/crosswalk/A-T0-interviews.csv"
    ]
    mapped = tidy(delivery, crosswalk="BREED,TERUG,overal terugkijken\n")
    assert set(mapped.segments["code"]) == {"TERUG"}
    assert [each.severity for each in mapped.problems] == ["note"]


def test_a_container_is_not_given_unless_the_crosswalk_says_so(tidy):
    delivery = coded(("LEREN", "Ans", 0, 9))
    assert said(tidy(delivery)) == [
        f"{NAME}, row 1: code 'LEREN' is a container: only the codes under it are given. To do: "
        "code these passages again, or map the code in codebook/crosswalk/A-T0-interviews.csv"
    ]
    assert said(tidy(delivery, crosswalk="LEREN,SAMEN,zo bedoeld\n")) == []


@pytest.mark.parametrize(("line", "message"), [
    ("X,,yes,X,2026-02-01,2026-01-01,", "code 'X' ends before it begins"),
    ("X,,yes,X,,,SAMEN", "code 'X' became another, and nobody says when"),
    ("X,,yes,X,,2026-01-01,WEG", "code 'X' became 'WEG', which is no other code that can be given"),
    ("X,,yes,X,,2026-01-01,X", "code 'X' became 'X', which is no other code that can be given"),
    ("X,,yes,X,,2026-01-01,LEREN",
     "code 'X' became 'LEREN', which is no other code that can be given"),
    ("X,,yes,X,,2026-01-01,OUD", "code 'X' became 'OUD', which became another in its turn"),
    ("X,,yes,X,gisteren,,", "not a date"),
])
def test_a_history_that_cannot_be(folder, line, message):
    folder.sheet("codes.csv", CODEBOOK.rstrip() + f"\n    {line}\n")
    with pytest.raises(StudyError) as caught:
        _ = folder.study
    assert [each.what for each in caught.value.problems][:1] == [message]


def test_overlapping_passages_of_one_coder_become_one(tidy):
    result = tidy(coded(
        ("SAMEN", "Ans", 0, 15), ("SAMEN", "Ans", 10, 23), ("SAMEN", "Ans", 23, 40),
        ("SAMEN", "Els", 12, 20), ("TERUG", "Ans", 10, 23),
    ))
    assert places(result) == [
        ["SAMEN", "Ans", 0, 23, TEXT[:23]], ["TERUG", "Ans", 10, 23, TEXT[10:23]],
        ["SAMEN", "Els", 12, 20, TEXT[12:20]], ["SAMEN", "Ans", 23, 40, TEXT[23:40]],
    ]
    merged = [each for each in result.changes if each.change == "merged"]
    assert [(each.key, each.to, each.reason) for each in merged] == [
        ("2", "0-23", "the same code by the same coder on an overlapping passage")
    ]


def test_a_chain_of_overlaps_is_one_passage(tidy):
    result = tidy(coded(*[("SAMEN", "Ans", start, start + 12) for start in range(0, 40, 8)]))
    assert places(result) == [["SAMEN", "Ans", 0, 44, TEXT[:44]]]
    assert [each.change for each in result.changes].count("merged") == 4


def test_passages_without_a_place_are_one_only_where_the_words_are_the_same(tidy):
    result = tidy(coded(
        ("SAMEN", "Ans", None, None), ("SAMEN", "Ans", None, None), ("SAMEN", "Els", None, None)))
    assert len(result.segments) == 2


def test_what_was_noted_beside_both_passages_is_kept(tidy):
    result = tidy(coded(
        ("SAMEN", "Ans", 0, 9, "werking: werkt"), ("SAMEN", "Ans", 0, 9, "slag: 2"),
        ("SAMEN", "Ans", 5, 12, "werking: gemengd"),
    ))
    (notes,) = result.segments["attributes"]
    assert json.loads(notes) == {"slag": "2", "werking": "werkt"}


def test_an_attribute_out_of_range_is_told_by_row(tidy):
    result = tidy(
        coded(("SAMEN", "Ans", 0, 9, "werking: werkt"), ("SAMEN", "Ans", 20, 30, "Werking = top"),
              ("TERUG", "Ans", 20, 30, "gevoel: mwah")),
        attributes="werking,werkt\nwerking,werkt_niet\n")
    assert said(result) == [
        f"{NAME}, row 2, column 'werking': attribute 'werking' has a value that attributes.csv "
        "does not have. To do: mend the memo in the coding tool, or add the value to "
        "attributes.csv"
    ]


def test_without_a_list_anything_goes(tidy):
    assert said(tidy(coded(("SAMEN", "Ans", 0, 9, "werking: top")))) == []


def test_a_coder_that_is_not_on_the_list_is_noted(tidy):
    result = tidy(coded(("SAMEN", "Ans", 0, 9), ("TERUG", "Bo", 0, 9)), coders="A.,Ans\nAns,Ans\n")
    assert said(result) == [
        f"{NAME}, row 2: a coder that coders.csv does not know. To do: add the name with its "
        "coder; two names of one person fake a second coder"
    ]


def test_names_that_look_alike_as_written_are_noted_too(tidy):
    result = tidy(coded(("SAMEN", "C1", 0, 9), ("TERUG", "C1 thuis", 0, 9)),
                  coders="C1,codeur-1\nC1 thuis,C1 thuis\n")
    assert [each.what for each in result.problems] == ["two coder names look alike"]
    assert result.problems[0].rows == (2,)
