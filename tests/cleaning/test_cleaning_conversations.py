"""Coded conversations: registered, named by the study, and nothing dropped silently (C23)."""

import json

import pandas as pd
import pytest

from lostudy.cleaning.codes import alike
from lostudy.cleaning.conversations import tidy_conversations
from lostudy.cleaning.inventory import Delivered
from lostudy.deliveries import CODES, DOCUMENTS, SEGMENTS, InterviewDelivery, Source

NAME = "A/T0/interviews.qdpx"
REGISTER = ("document,conversation,role_band,questions_asked,consent,minutes,withdrawn\n"
            "gesprek een,A1,uitvoerend,lq1,ja,45,\n"
            "gesprek twee,A2,leidend,lq1,ja,,\n")
PLACES = [("d1", "c1", "Jan", 0, 4), ("d1", "c2", "Jan", 5, 9), ("d2", "c1", "Els", 0, 4)]


def delivered(places=PLACES, codes=(("c1", "Leren"), ("c2", "SAMEN")), memo=None):
    documents = [("d1", "gesprek een.docx", "Ik leer veel.", "", {}, None, {}),
                 ("d2", "Gesprek  TWEE", None, "", {}, None, {})]
    segments = [
        {"document": document, "code": code, "coder": coder, "text": "Ik leer"[start:end],
         "start": start, "end": end, "offset_status": "exact", "memo": memo, "created": "",
         "attributes": {}, "row": row}
        for row, (document, code, coder, start, end) in enumerate(places, 1)
    ]
    return InterviewDelivery(
        Source("x", "refi", "", "0"),
        pd.DataFrame(documents, columns=DOCUMENTS),
        pd.DataFrame([(code, name, None, name, "", (), {}) for code, name in codes], columns=CODES),
        pd.DataFrame(segments, columns=SEGMENTS),
    )


@pytest.fixture
def tidy(folder, tmp_path):
    def made(delivery=None, register=REGISTER, crosswalk=None, coders=None):
        path = None
        if register is not None:
            path = tmp_path / "conversations.csv"
            path.write_text(register, encoding="utf-8")
        if crosswalk:
            folder.crosswalk("A-T0-interviews", "source,target,note\n" + crosswalk)
        if coders:
            folder.sheet("coders.csv", "name,coder\n" + coders)
        place = Delivered("A", "T0", "interviews", tmp_path / "interviews.qdpx", NAME)
        return tidy_conversations(folder.study, place, delivery or delivered(), path)
    return made


def messages(result):
    return [str(problem) for problem in result.problems]


def changed(result):
    """The lines of the log that say more than under which name a thing was read."""
    return [each for each in result.changes if each.change != "read"]


def test_codes_and_conversations_get_the_names_of_the_study(tidy):
    result = tidy()
    assert messages(result) == []
    assert result.segments[["segment", "interview", "code", "coder"]].to_numpy().tolist() == [
        ["A1-s001", "A1", "LEREN", "Jan"], ["A1-s002", "A1", "SAMEN", "Jan"],
        ["A2-s001", "A2", "LEREN", "Els"],
    ]
    assert result.interviews.set_index("interview")["coders"].to_dict() == {"A1": "Jan",
                                                                            "A2": "Els"}
    assert result.interviews["words"].tolist()[0] == 3


def test_no_register(tidy):
    assert messages(tidy(register=None)) == [
        f"{NAME}: coded interviews without a register of conversations. To do: put "
        "conversations.csv beside it with columns document, conversation, role_band, "
        "questions_asked, consent"
    ]


def test_what_is_wrong_in_the_register(tidy):
    register = REGISTER.replace("A1,uitvoerend,lq1,ja,45", "A1,uitvoerend,lq7,misschien,uur")
    file = "A/T0/conversations.csv, row 2"
    assert messages(tidy(register=register)) == [
        f"{file}, column 'questions_asked': a question that does not exist. "
        "To do: write ids apart by ';': lq1",
        f"{file}, column 'minutes': not a whole number of minutes. "
        "To do: write one, or leave it empty",
        f"{file}, column 'consent': neither yes nor no. To do: write yes or no",
    ]


def test_documents_on_one_side_only(tidy):
    register = REGISTER.replace("gesprek twee", "gesprek drie")
    assert messages(tidy(register=register)) == [
        f"{NAME}, row 3: a document that is not in the register ('Gesprek  TWEE'). "
        "To do: add a row with this document's name to A/T0/conversations.csv",
        f"{NAME}: conversation A2 is registered but not delivered. "
        "To do: mend its document name in the register, or deliver it",
    ]
    assert messages(tidy(register=REGISTER + "Gesprek Een,A9,x,lq1,ja,,\n"))[0] == (
        "A/T0/conversations.csv, row 4, column 'document': a document stands twice. "
        "To do: keep one"
    )


def test_a_code_that_is_not_in_the_codebook(tidy):
    cure = ("map it in codebook/crosswalk/A-T0-interviews.csv, or ignore it there with a note")
    result = tidy(delivered(codes=(("c1", "Leren"), ("c2", "Mooi"))))
    said = f"{NAME}, row 2: a code of 4 signs is not in the codebook. To do: {cure}"
    assert messages(result) == [said]


def test_a_code_that_names_somebody_is_not_repeated(tidy):
    label = "Kwakkelcode over Zonnekwartier"
    result = tidy(delivered(codes=(("c1", "Leren"), ("c2", label))))
    assert "Kwakkel" not in str(messages(result)) and "a code of 30 signs" in messages(result)[0]


def test_a_code_in_a_participants_words_is_not_shown(tidy):
    delivery = delivered(codes=(("c1", "Leren"), ("c2", "dat durf ik niet")))
    delivery.segments["text"] = "Nou, dat durf ik niet hoor."
    assert messages(tidy(delivery)) == [
        f"{NAME}, row 2: a code in the words of a participant is not in the codebook. "
        "To do: map it in codebook/crosswalk/A-T0-interviews.csv, or ignore it there with a note"
    ]


def test_ignored_codes_are_logged(tidy):
    result = tidy(delivered(codes=(("c1", "Leren"), ("c2", "Mooi"))), crosswalk="Mooi,ignore,x\n")
    assert messages(result) == [] and len(result.segments) == 2
    assert [(each.change, each.cells) for each in changed(result)] == [("left out", 1)]


def test_a_passage_coded_twice_by_one_coder_is_one_segment(tidy):
    result = tidy(delivered([*PLACES, PLACES[0], (*PLACES[0][:2], "Els", 0, 4)]))
    assert len(result.segments) == 4
    assert [(each.key, each.change) for each in changed(result)] == [("4", "merged")]


def test_codes_for_attributes_go_to_the_passage(tidy):
    places = [*PLACES, ("d1", "c3", "Jan", 0, 4), ("d1", "c3", "Els", 0, 4)]
    codes = (("c1", "Leren"), ("c2", "SAMEN"), ("c3", "het werkt"))
    result = tidy(delivered(places, codes), crosswalk="het werkt,werking=werkt,x\n")
    attributes = [json.loads(each) for each in result.segments["attributes"]]
    assert attributes == [{"werking": "werkt"}, {}, {}]
    assert [(each.column, each.change, each.cells) for each in changed(result)] == [
        ("code", "moved", 2), ("attributes", "moved", 1), ("attributes", "left out", 1)
    ]


def test_attributes_in_a_memo(tidy):
    result = tidy(delivered(memo="werking: werkt\nmooi citaat\nslag = 2"))
    assert json.loads(result.segments["attributes"][0]) == {"slag": "2", "werking": "werkt"}


def test_coders_under_two_names(tidy):
    places = [("d1", "c1", "Jan", 0, 4), ("d1", "c1", "jan de Wit", 5, 9)]
    result = tidy(delivered([*places, PLACES[2]]))
    assert messages(result) == [
        f"{NAME}, row 2: two coder names look alike. To do: if they are one person, say so in "
        "codebook/coders.csv; two names fake a second coder"
    ]
    assert [each.severity for each in result.problems] == ["note"]
    result = tidy(delivered([*places, PLACES[2]]), coders="jan de Wit,Jan\n")
    assert messages(result) == []
    assert [(each.change, each.cells) for each in changed(result)] == [("renamed", 1)]


@pytest.mark.parametrize(("one", "other", "same"), [
    ("Anna", "anna", True), ("Anna", "Anna de Wit", True), ("codeur-1", "codeur-2", False),
    ("codeur-1", "codeur1", True), ("Els", "Jan", False), ("Marieke", "Mareike", True),
    ("Bram", "Bran", True), ("Bram", "Brarn", True), ("Jan", "Jon", False),
    ("Bram", "Bas", False), ("Bram", "Els", False),
])
def test_names_that_look_alike(one, other, same):
    assert alike(one, other) is same


def test_a_withdrawn_conversation_leaves_altogether(tidy):
    result = tidy(register=REGISTER.replace("lq1,ja,,\n", "lq1,ja,,ja\n"))
    assert set(result.segments["interview"]) == set(result.interviews["interview"]) == {"A1"}
    assert [(each.table, each.key, each.cells) for each in changed(result)] == [
        ("interviews", "A2", 1), ("segments", "A2", 1)
    ]


def test_the_order_of_segments_never_matters(tidy):
    before = tidy(delivered(PLACES)).segments
    after = tidy(delivered(PLACES[::-1])).segments
    pd.testing.assert_frame_equal(before, after)


DATED = REGISTER.replace("withdrawn", "withdrawn,date").replace(",ja,,", ",ja,,,")


@pytest.mark.parametrize(("date", "minutes", "column", "what", "severity"), [
    ("2025-02-30", "45", "date", "no date", "error"),
    ("5 februari 2025", "45", None, None, None),
    ("2131-01-01", "45", "date", "a day that has not come yet", "note"),
    ("2025-02-05", "5000", "minutes", "more than 600 minutes", "note"),
])
def test_days_and_minutes_that_cannot_be(tidy, date, minutes, column, what, severity):
    register = DATED.replace(",ja,45,", f",ja,{minutes},,{date}")
    found = [(each.column, each.what, each.severity) for each in tidy(register=register).problems]
    assert found == ([(column, what, severity)] if what else [])


def test_what_points_at_a_person_in_a_passage_is_told_by_row_and_never_shown(tidy):
    delivery = delivered()
    delivery.segments.loc[1, "text"] = "bel jan@voorbeeld.nl of 06-12345678"
    problems = tidy(delivery).problems
    assert [(each.topic, each.rows, each.severity) for each in problems] == [
        ("identifier.passage", (2,), "note")] * 2
    assert "voorbeeld" not in str(problems) and "1234" not in str(problems)


def test_a_passage_without_a_coder_is_noted_where_others_have_one(tidy):
    places = [*PLACES[:2], ("d2", "c1", "", 0, 4)]
    (problem,) = tidy(delivered(places)).problems
    assert (problem.topic, problem.rows, problem.severity) == ("coder.none", (3,), "note")
    nobody = [(*place[:2], "", *place[3:]) for place in PLACES]
    assert tidy(delivered(nobody)).problems == []


def grouped(groups, texts, tool="maxqda"):
    """Two documents of one name, each with a passage."""
    documents = [(f"{group} > Gesprek een", "Gesprek een", text, group, {}, None, {})
                 for group, text in zip(groups, texts, strict=True)]
    made = delivered([(documents[0][0], "c1", "Jan", 0, 4), (documents[1][0], "c2", "Els", 0, 4)])
    frame = pd.DataFrame(documents, columns=DOCUMENTS)
    return InterviewDelivery(Source("x", tool, "", "0"), frame, made.codes, made.segments)


ROW = "uitvoerend,lq1,ja,,\n"
HEAD = REGISTER.splitlines(keepends=True)[0]


@pytest.mark.parametrize(("texts", "tool", "cure"), [
    ((None, None), "maxqda", "write the group before the name"),
    (("Ik leer.", "Ik rust."), "refi", "write the group before the name"),
    (("Ik leer.", "Ik rust."), "taguette", "export the one that belongs here"),
])
def test_two_documents_of_one_name_are_not_taken_for_one(tidy, texts, tool, cure):
    result = tidy(grouped(("Zuid", "Noord"), texts, tool), HEAD + "gesprek een,A1," + ROW)
    (problem,) = result.problems
    assert problem.what == "2 documents have one name (in Zuid, Noord)"
    assert (problem.severity, problem.rows) == ("error", (1, 2))
    assert cure in problem.cure
    assert result.segments.empty


def test_with_the_group_in_the_register_they_are_two_conversations(tidy):
    register = HEAD + "Zuid > gesprek een,A1," + ROW + "noord > Gesprek een,A2," + ROW
    result = tidy(grouped(("Zuid", "Noord"), (None, None)), register)
    assert messages(result) == []
    assert list(result.segments["interview"]) == ["A1", "A2"]


def test_copies_of_two_coders_are_one_conversation_when_the_register_says_so(tidy):
    register = HEAD + "Zuid > gesprek een,A1," + ROW + "noord > Gesprek een,A1," + ROW
    result = tidy(grouped(("Zuid", "Noord"), (None, None)), register)
    assert messages(result) == []
    assert set(result.segments["interview"]) == {"A1"}
    assert result.interviews[["interview", "coders"]].to_numpy().tolist() == [["A1", "Els;Jan"]]


def test_copies_with_one_text_are_one_conversation(tidy):
    same = grouped(("Zuid", "Noord"), ("Ik leer.", "Ik leer."))
    result = tidy(same, HEAD + "gesprek een,A1," + ROW)
    assert messages(result) == []
    assert set(result.segments["interview"]) == {"A1"}


def test_one_conversation_with_two_texts_stops(tidy):
    register = HEAD + "Zuid > gesprek een,A1," + ROW + "noord > Gesprek een,A1," + ROW
    result = tidy(grouped(("Zuid", "Noord"), ("Ik leer.", "Ik rust.")), register)
    assert [each.what for each in result.problems] == [
        "2 documents of one conversation have different texts"]


def test_a_conversation_that_stands_twice_has_the_same_facts(tidy):
    register = HEAD + "Zuid > gesprek een,A1," + ROW + "noord > Gesprek een,A1,leidend,lq1,nee,,\n"
    result = tidy(grouped(("Zuid", "Noord"), (None, None)), register)
    assert [each.what for each in result.problems] == [
        "a conversation stands twice, and not with the same facts"]


def test_passages_of_no_document_are_told_with_their_rows(tidy):
    made = delivered()
    made.segments.loc[1, "document"] = None
    documents = pd.concat([made.documents, made.documents.iloc[:1].assign(
        document=None, name=None, text=None)], ignore_index=True)
    result = tidy(InterviewDelivery(made.source, documents, made.codes, made.segments))
    (problem,) = result.problems
    assert (problem.what, problem.rows) == ("passages of no document", (2,))
