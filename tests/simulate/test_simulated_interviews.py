"""Conversations and what four coding tools keep of them."""

import csv
import json
import re
import sqlite3
import zipfile
from collections import Counter
from html.parser import HTMLParser

import pytest
from lxml import etree
from openpyxl import load_workbook

from lostudy.simulate.coding import CODERS, codings
from lostudy.simulate.conversations import code_rates, conversations
from lostudy.simulate.passages import VALENCES, passages, spoken, suits
from lostudy.simulate.writers.handmade import spellings
from lostudy.simulate.writers.maxqda import code_path
from lostudy.simulate.writers.refi import SECOND_NAME, utf16_position
from lostudy.simulate.writers.taguette import byte_position

SEED = 20250113
NUMBERS = {"A": 9, "B": 7, "C": 10, "D": 6}


@pytest.fixture(scope="module")
def held(study):
    return {each.id: conversations(study, rank, SEED)
            for rank, each in enumerate(study.organisations)}


@pytest.fixture(scope="module")
def coded(study, held):
    return {each.id: codings(study, held[each.id], rank, SEED)
            for rank, each in enumerate(study.organisations)}


def said(found):
    return [each for conversation in found for each in conversation.said]


# the bank ----------------------------------------------------------------------------------------

def test_the_bank_is_large_and_no_passage_stands_twice():
    assert len(passages()) >= 130
    assert len({each.text for each in passages()}) == len(passages())


def test_every_code_of_the_bank_exists_and_may_be_assigned(study):
    for passage in passages():
        for code in passage.codes:
            assert study.codes[code].assignable
        assert passage.also != passage.code and passage.valence in VALENCES


def test_every_assignable_code_works_and_does_not_work(study):
    found = Counter((each.code, each.valence) for each in passages())
    for code in study.codes.values():
        if code.assignable:
            assert found[code.id, "werkt"] >= 1 and found[code.id, "werkt_niet"] >= 1
            assert sum(found[code.id, valence] for valence in VALENCES) >= 2


def test_depth_has_a_level_and_nothing_else_has(study):
    for passage in passages():
        expected = passage.code == "LV2.DIEPTE" or "LV2.DIEPTE" in passage.codes
        assert bool(passage.slag) == expected


def test_passages_are_one_to_four_sentences_of_speech():
    for passage in passages():
        assert 10 <= len(passage.text.split()) <= 60
        assert passage.text[0].isupper() or passage.text[0] in "'É"
        assert passage.text[-1] in ".?!"
        assert not re.search(r"[;|\"]|@|\d{3}", passage.text)


def test_every_voice_is_somebody_s():
    assert {each.voice for each in passages()} == {
        "professional", "specialist", "support", "leader", "staff"}
    assert suits("staff", "specialist") and not suits("professional", "leader")


def test_rates_are_shares_and_name_every_assignable_code(study):
    rates = code_rates()
    assert set(rates) == {code.id for code in study.codes.values() if code.assignable}
    assert all(0 <= value <= 1 for row in rates.values() for value in row.values())


def test_questions_of_the_interviewer_cover_the_learning_questions(study):
    assert {question.id for question in study.questions} <= set(spoken("interviewer"))


# the conversations -------------------------------------------------------------------------------

def test_as_many_conversations_as_planned(held):
    assert {organisation: len(found) for organisation, found in held.items()} == NUMBERS


def test_no_passage_twice_within_an_organisation(held):
    for found in held.values():
        texts = [each.passage.text for each in said(found)]
        assert len(set(texts)) == len(texts)


def test_every_assignable_code_occurs_somewhere(study, held):
    occurring = {code for found in held.values() for each in said(found)
                 for code in each.passage.codes}
    assert occurring == {code.id for code in study.codes.values() if code.assignable}


def test_positions_give_back_the_passage(held):
    for found in held.values():
        for conversation in found:
            for each in conversation.said:
                assert conversation.text[each.start:each.end] == each.passage.text


def test_a_conversation_says_it_is_simulated_and_alternates(held):
    for found in held.values():
        for conversation in found:
            lines = conversation.text.split("\n")
            assert lines[0] == "Gesimuleerd gesprek"
            assert all(line[:3] in ("I: ", "R: ") for line in lines[1:])
            assert 15 <= len(lines) <= 40
            assert all(a[:1] != b[:1] for a, b in zip(lines[1:], lines[2:], strict=False))


def test_people_say_what_suits_their_role(held):
    for found in held.values():
        for conversation in found:
            assert all(suits(each.passage.voice, conversation.role) for each in conversation.said)


def test_only_what_was_asked_is_answered(study, held):
    left_out = 0
    for found in held.values():
        for conversation in found:
            left_out += len(conversation.asked) < len(study.questions)
            for each in conversation.said:
                serves = study.codes[each.passage.code].questions
                assert not serves or set(serves) & set(conversation.asked)
    assert left_out >= 2


def test_every_role_speaks_in_every_organisation(held):
    for found in held.values():
        assert {each.role for each in found} == {"professional", "specialist", "leader", "support"}


def test_one_conversation_per_organisation_may_not_be_quoted(held):
    for found in held.values():
        assert sum(not each.consent for each in found) == 1


def test_interviews_of_a_tell_of_meaning_where_the_survey_is_flat(held, known):
    def works(organisation, code):
        valences = [each.passage.valence for each in said(held[organisation])
                    if each.passage.code == code]
        return valences.count("werkt") - valences.count("werkt_niet")

    assert known["planted_change"]["A"]["OI"] == 0
    assert works("A", "LV3.ZINGEVING") >= 2 and works("A", "LV3.OMSLAG") >= 2


def test_the_truths_count_conversations_per_code(held, known):
    for organisation, found in held.items():
        for code, mentions in known["interviews"][organisation]["code_conversations"].items():
            expected = {conversation.id for conversation in found
                        if any(code in each.passage.codes for each in conversation.said)}
            assert set(mentions) == expected


# the coders --------------------------------------------------------------------------------------

def test_the_second_coder_coded_half_and_agrees_mostly(held, coded):
    for organisation, found in coded.items():
        both = {each.conversation for each in found if each.coder == CODERS[1]}
        assert len(both) == (len(held[organisation]) + 1) // 2
        sets = [{(each.conversation, each.code) for each in found
                 if each.coder == coder and each.conversation in both} for coder in CODERS]
        assert 0.70 <= len(sets[0] & sets[1]) / len(sets[0] | sets[1]) <= 0.95


def test_edges_differ_a_little(coded):
    for found in coded.values():
        places = {coder: {(each.conversation, each.start, each.end) for each in found
                          if each.coder == coder} for coder in CODERS}
        other = places[CODERS[1]] - places[CODERS[0]]
        assert 0.05 < len(other) / len(places[CODERS[1]]) < 0.5


def test_codings_lie_inside_a_turn(held, coded):
    for organisation, found in coded.items():
        for each in found:
            text = held[organisation][each.conversation].text[each.start:each.end]
            assert text and "\n" not in text and text == text.strip()


# REFI-QDA ----------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def project(raw):
    with zipfile.ZipFile(raw / "A/T2/interviews.qdpx") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return etree.fromstring(members["Project.qde"]), members


def every(root, name):
    return root.findall(f".//{{urn:QDA-XML:project:1.0}}{name}")


def test_refi_says_simulated_and_has_the_nested_codebook(study, project):
    root, _ = project
    assert root.get("name").startswith("gesimuleerd")
    names = [code.get("name") for code in every(root, "Code")]
    assert {code.label.nl for code in study.codes.values()} <= set(names)
    nested = [code for code in every(root, "Code") if code.getparent().tag.endswith("}Code")]
    assert len(nested) == sum(bool(code.parent) for code in study.codes.values())


def test_refi_offsets_are_utf16_units_with_two_per_line_end(project, held):
    root, members = project
    passages_of_a = {each.passage.text for each in said(held["A"])}
    exact = 0
    for source in every(root, "TextSource"):
        name = source.get("plainTextPath").rpartition("/")[2]
        text = members[f"sources/{name}"].decode("utf-8-sig")
        assert "\r\n" in text
        units = text.encode("utf-16-le")
        for selection in every(source, "PlainTextSelection"):
            start, end = (int(selection.get(name)) for name in ("startPosition", "endPosition"))
            found = units[2 * start:2 * end].decode("utf-16-le")
            assert any(found in each or each in found for each in passages_of_a)
            exact += found in passages_of_a
    assert exact > 100


def test_refi_read_as_the_standard_says_goes_wrong(project, held):
    root, members = project
    passages_of_a = {each.passage.text for each in said(held["A"])}
    texts = {name: content.decode("utf-8-sig") for name, content in members.items()
             if name.endswith(".txt")}
    assert any(ord(character) > 0xFFFF for text in texts.values() for character in text)
    wrong = 0
    for source in every(root, "TextSource"):
        text = texts["sources/" + source.get("plainTextPath").rpartition("/")[2]]
        for selection in every(source, "PlainTextSelection"):
            start, end = (int(selection.get(name)) for name in ("startPosition", "endPosition"))
            wrong += text.replace("\r\n", "\n")[start:end] not in passages_of_a
            if any(ord(character) > 0xFFFF for character in text[:start]):
                assert text[start:end] not in passages_of_a
    assert wrong > 100


def test_refi_has_one_coder_under_two_names(study, project, known):
    users = {user.get("name") for user in every(project[0], "User")}
    assert users == {"codeur-1", "codeur-2", SECOND_NAME}
    assert study.coder(SECOND_NAME) == "codeur-1"
    assert known["interviews"]["A"]["written_as"][SECOND_NAME] > 5


def test_refi_guids_are_unique_and_point_somewhere(project):
    root = project[0]
    guids = [element.get("guid") for element in root.iter() if element.get("guid")]
    assert len(guids) == len(set(guids))
    codes = {code.get("guid") for code in every(root, "Code")}
    assert {each.get("targetGUID") for each in every(root, "CodeRef")} <= codes


def test_utf16_positions_by_hand():
    assert [utf16_position("a🙂\nb", place) for place in range(5)] == [0, 1, 3, 5, 6]


# MAXQDA ------------------------------------------------------------------------------------------

def test_maxqda_has_its_headings_and_code_paths(study, raw, held, coded):
    rows = list(load_workbook(raw / "B/T2/interviews.xlsx").active.values)
    assert rows[0][:7] == ("Color", "Comment", "Document group", "Document name", "Code",
                           "Beginning", "End")
    assert len(rows) - 1 == len(coded["B"])
    assert code_path(study, "LV2.VERANKER") == "LQ2: reflective practice\\Embedding"
    paths = {code_path(study, code.id) for code in study.codes.values() if code.assignable}
    texts = {each.document: each.text.split("\n") for each in held["B"]}
    for row in rows[1:]:
        assert row[4] in paths and row[2] == "Gesimuleerd"
        assert row[8] in texts[row[3]][row[5] - 1]
        assert re.fullmatch(r"werking: (werkt|werkt_niet|gemengd)(\nslag: [123])?", row[1])


# Taguette ----------------------------------------------------------------------------------------

class Text(HTMLParser):
    """The text content of a page, as Taguette's positions count it."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.parts = []
        self.feed(page)
        self.close()

    def handle_data(self, data):
        self.parts.append(data)

    @property
    def bytes(self):
        return "".join(self.parts).encode("utf-8")


@pytest.fixture(scope="module")
def store(raw):
    connection = sqlite3.connect(f"file:{raw / 'C/T2/interviews.sqlite3'}?mode=ro", uri=True)
    yield connection
    connection.close()


def test_taguette_offsets_are_bytes(store, held):
    pages = {number: Text(page).bytes
             for number, page in store.execute("SELECT id, contents FROM documents")}
    passages_of_c = {each.passage.text for each in said(held["C"])}
    exact = moved = 0
    for document, start, end, snippet in store.execute(
            "SELECT document_id, start_offset, end_offset, snippet FROM highlights"):
        found = pages[document][start:end]
        assert found == Text(snippet).bytes
        exact += found.decode() in passages_of_c
        moved += pages[document].decode()[start:end] != found.decode()
    assert exact > 100 and moved > 50


def test_taguette_knows_coders_only_from_its_commands(store, known):
    columns = {row[1] for row in store.execute("PRAGMA table_info(highlights)")}
    assert "coder" not in columns
    made = Counter()
    for login, payload in store.execute("SELECT user_login, payload FROM commands"):
        command = json.loads(payload)
        assert command["type"] == "highlight_add"
        made[login] += len(command["tags"])
    assert set(made) == {"codeur1", "codeur2"} == set(known["interviews"]["C"]["written_as"])


def test_taguette_tags_are_codes_and_attributes(store, study):
    tags = {path for (path,) in store.execute("SELECT path FROM tags")}
    codes = {code.id for code in study.codes.values() if code.assignable}
    assert codes <= tags and {f"werking: {valence}" for valence in VALENCES} <= tags - codes
    attributes = {row.source: row.target for row in study.crosswalks["C-T2-interviews"]}
    assert tags - codes == set(attributes)
    assert attributes["werking: werkt_niet"] == "werking=werkt_niet"


def test_taguette_says_simulated(store):
    (name, about), = store.execute("SELECT name, description FROM projects")
    assert name.startswith("gesimuleerd") and "Gesimuleerde" in about


def test_byte_positions_by_hand():
    assert [byte_position("é🙂a", place) for place in range(4)] == [0, 2, 6, 7]


# the hand-made sheet and the register ------------------------------------------------------------

def test_the_handmade_sheet_is_dutch_and_spelled_in_three_ways(study, raw, coded):
    rows = list(load_workbook(raw / "D/T2/interviews.xlsx").active.values)
    assert rows[0] == ("Organisatie", "Gesprek", "Fragment", "Code", "Codeur", "Opmerking")
    assert len(rows) - 1 == len(coded["D"])
    for row, coding in zip(rows[1:], coded["D"], strict=True):
        assert row[3] in spellings(study, coding.code)
    written = {row[3] for row in rows[1:]}
    assert len(written - {code.label.nl for code in study.codes.values()}) > 10


def test_the_register_names_every_document_in_the_tool(raw, study, held):
    for organisation, found in held.items():
        with (raw / organisation / "T2/conversations.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert [row["document"] for row in rows] == [each.document for each in found]
        assert [row["conversation"] for row in rows] == [each.id for each in found]
        assert sum(row["consent"] == "no" for row in rows) == 1
        for row in rows:
            assert set(row["questions_asked"].split(";")) <= {each.id for each in study.questions}
            assert 10 <= int(row["minutes"]) <= 90
            assert row["role_band"] in ("professional", "specialist", "leader", "support")


def test_another_study_without_these_codes_has_no_interviews(study):
    bare = study.model_copy(update={"codes": {}})
    found = conversations(bare, 0, SEED)
    assert said(found) == [] and codings(bare, found, 0, SEED) == []
