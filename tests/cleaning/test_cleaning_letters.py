"""Return letters: what was wrong by row, in two languages, without an answer or a verdict."""

import ast
import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from lostudy.cleaning import clean_study, look, write_letters
from lostudy.cleaning.alone import look_at
from lostudy.cleaning.letters import FRAME, NOT_TOLD, key_of, lines, wording
from lostudy.cleaning.told import SEVERITY, everything
from lostudy.errors import Problem

from .conftest import COLUMNS

SOURCE = Path(__file__).parents[2] / "src" / "lostudy"
DAY = dt.date(2026, 3, 2)


def letter(folder, language="nl", organisation="A"):
    """The sheets of a letter as rows."""
    cleaned = clean_study(folder.study, folder.raw, None)
    delivered, _ = look(folder.study, folder.raw)
    paths = write_letters(folder.study, delivered, cleaned, folder.path / "letters", language, DAY)
    path = {each.stem: each for each in paths}[organisation]
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_a_letter_says_what_was_wrong_done_and_asked_by_row(folder, people):
    rows = people(12)
    rows[1]["s1"] = "9"
    rows[3]["s1"] = "9"
    rows[2]["opm"] = "mail naar iemand@example.org"
    rows.append(dict(rows[0]))
    folder.deliver(rows)
    sheets = letter(folder)
    assert list(sheets) == ["Brief", "Wat opviel"]
    assert sheets["Wat opviel"] == [
        ("Soort", "Meting", "Bestand", "Rij", "Kolom", "Wat er is", "Wat wij deden",
         "Wat wij vragen"),
        ("door ons opgelost", "T0", "survey.csv", "3, 5", "s1",
         "In deze cel staat iets dat geen antwoord op deze vraag is.",
         "De cel telt als niet beantwoord.",
         "Kijk in uw programma wat hier hoort te staan; laat het weten als u het verbetert."),
        ("door ons opgelost", "T0", "survey.csv", "14", None,
         "Deze respondent staat er vaker in: hetzelfde nummer, dezelfde code of dezelfde "
         "antwoorden.", "De meest volledige rij telt, deze niet.", "Niets, als dat klopt."),
        ("ter informatie", "T0", "survey.csv", "4", "opm",
         "In deze kolom staan gegevens die naar iemand wijzen (zoals een e-mailadres, "
         "telefoonnummer of rekeningnummer).", "De kolom wordt niet bewaard.",
         "Haal zulke gegevens voortaan weg voordat u het bestand verstuurt."),
    ]
    said = [row[0] for row in sheets["Brief"] if row[0]]
    assert said[:5] == [
        "Terugkoppeling op uw levering", "A · Klein · 2026-03-02",
        "Dank voor uw levering. Wij hebben de bestanden gelezen en gecontroleerd voordat er iets "
        "mee wordt gerekend.", "Ontvangen bestanden: 1", "    T0/survey.csv",
    ]
    assert "Graag herstellen: 0. Door ons opgelost: 2. Ter informatie: 1." in said


def test_an_organisation_hears_that_it_sent_names(folder, somebody, crosswalk_text):
    rows = [somebody(number, naam="Jan de Vries", token="") for number in range(1, 13)]
    folder.crosswalk("A-T0", crosswalk_text + "naam,ignore,,,direct identifier\n"
                                              "token,ignore,,,direct identifier\n")
    folder.deliver(rows, columns=[*COLUMNS, "naam", "token"])
    rows = letter(folder)["Wat opviel"]
    told = [row for row in rows if "gegeven over een persoon" in row[5]]
    assert [(row[0], row[4], row[7]) for row in told] == [
        ("ter informatie", "naam", "Haal de kolom voortaan weg voordat u een bestand verstuurt.")]
    assert "Vries" not in str(rows)


def test_a_letter_that_says_the_same_is_not_written_again(folder, people):
    folder.deliver(people(12))
    path = folder.path / "letters" / "A.xlsx"

    def written(day, language="nl"):
        cleaned = clean_study(folder.study, folder.raw, None)
        delivered, _ = look(folder.study, folder.raw)
        today = dt.date(2026, 3, day)
        write_letters(folder.study, delivered, cleaned, path.parent, language, today)
        return path.read_bytes()

    first = written(1)
    assert written(2) == first
    assert written(2, "en") != first
    folder.deliver([*people(11), {**people(1, first=12)[0], "begin": "gisteren"}])
    assert written(3) != first
    path.write_bytes(b"no workbook")
    assert written(3)[:2] == b"PK"


def test_in_english_on_request(folder, people):
    folder.deliver([{**each, "team": "A7"} for each in people(3)])
    sheets = letter(folder, "en")
    (line,) = sheets["What we noticed"][1:]
    assert line == (
        "please mend", "T0", "survey.csv", "2, 3, 4", "team",
        "In these rows stands a team, role or language that we do not know.",
        "The delivery was not used yet.", "Tell us which team, role or language this is.",
    )


def test_where_nothing_was_noticed_there_is_no_table(folder, people):
    folder.deliver(people(5))
    sheets = letter(folder)
    assert list(sheets) == ["Brief"]
    assert ("Er is niets opgevallen. Dank voor de zorgvuldige levering.",) in sheets["Brief"]


def test_each_organisation_gets_its_own_letter_only(folder, people):
    folder.deliver([{**each, "team": "A7"} for each in people(3)])
    folder.deliver([{**each, "team": "B1"} for each in people(3)], place="B/T0")
    assert len(letter(folder, organisation="A")) == 2
    assert len(letter(folder, organisation="B")) == 1
    said = str(letter(folder, organisation="B"))
    assert "A/T0" not in said and "A7" not in said


def test_a_letter_holds_no_answer_and_says_nothing_of_how_a_person_answered(
    shipped, shipped_raw, shipped_tables, tmp_path
):
    """Bytes are searched: answers, teams, codes and addresses of the shipped deliveries."""
    delivered, _ = look(shipped, shipped_raw)
    cleaned = list(shipped_tables.values())
    paths = write_letters(shipped, delivered, cleaned, tmp_path, "nl", DAY)
    assert [path.name for path in paths] == ["A.xlsx", "B.xlsx", "C.xlsx", "D.xlsx"]
    labels = {text.nl for known in shipped.label_sets.values() for text in known.labels.values()}
    forbidden = labels | {"@example.org", "192.0.2.", "198.51.100."}
    for path in paths:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            text = "".join(archive.read(name).decode("utf-8") for name in archive.namelist())
        assert not [each for each in forbidden if each in text]
        for word in ("careless", "speeder", "straight", "slordig", "haast", "gekoppeld"):
            assert word not in text


def test_haste_lines_and_breaking_off_are_not_told():
    hidden = [
        Problem("x", "y", "A/T0/s.csv", 2, rule=rule, topic=topic)
        for rule, topic in (
            ("C11", "flagged.speeder"), ("C12", "flagged.straightliner"), ("C19", "flagged.late"),
            ("C14", "flagged.inconsistent"), ("C15", "excluded.careless"),
            ("C10", "excluded.partial"), ("C24", "file.changed"), ("C24", ""),
        )
    ]
    assert lines(hidden) == []
    assert all(key_of(each) == "" for each in hidden)


def test_rows_of_one_kind_stand_in_one_line():
    problems = [Problem("x", "y", "f", row, "s1", "C6", "repair", topic="cell.outside")
                for row in (9, 2, 5)]
    (line,) = lines(problems)
    assert line.rows == (2, 5, 9) and line.places("nl") == "2, 5, 9"
    (many,) = lines([Problem("x", "y", "f", rule="C3", topic="label.unknown",
                             rows=tuple(range(2, 300)))])
    assert many.places("nl").endswith("200, 201, en 98 meer")


def named_in_code(pattern):
    texts = [path.read_text(encoding="utf-8")
             for room in ("cleaning", "deliveries") for path in (SOURCE / room).rglob("*.py")]
    return {found for text in texts for found in re.findall(pattern, text)}


def test_every_topic_and_rule_of_the_code_has_words():
    """Nothing is told to an organisation in words that nobody wrote."""
    topics = named_in_code(r'topic="([a-z.-]+)"') | {
        f"excluded.{name}" for name in ("preview", "before_launch", "empty", "duplicate")
    } | {"merged", "cell.outside", "cell.no-date"}
    silent = {topic for topic in topics if topic in NOT_TOLD or topic.split(".")[0] in NOT_TOLD}
    assert topics - silent - set(wording()) == set()
    rules = named_in_code(r'rule="([a-z]+\.[a-z-]+)"')
    assert len(rules) > 50
    untold = [rule for rule in rules if key_of(Problem("x", "y", "f", rule=rule)) == "file"
              and rule.split(".")[0] not in ("file",)]
    assert untold == []


def test_every_word_is_used_and_filled_in():
    used = named_in_code(r'"([a-z]+\.[a-z_-]+)"') | {
        rule.split(".")[0] for rule in named_in_code(r'rule="([a-z]+\.[a-z-]+)"')
    } | {"file", "tool", "merged", "cells.no-date", "cells.no-number"}
    used |= {f"excluded.{name}" for name in ("preview", "before_launch", "empty", "duplicate")}
    used |= {"correction"}
    assert set(wording()) - used == set()
    for words in wording().values():
        assert all(text.strip().endswith((".", "?")) for key, text in words.items()
                   if key != "key")
    assert all(len(pair) == 2 and all(pair) for pair in FRAME.values())


def test_what_check_tells_of_records_has_words():
    for change in SEVERITY:
        assert change in ("excluded", "set missing", "merged", "flagged", "code not used")


def test_no_message_of_a_letter_is_made_of_a_cell():
    """The words come from a table: no f-string with a value can slip in."""
    tree = ast.parse((SOURCE / "cleaning" / "letters.py").read_text(encoding="utf-8"))
    used = {name.id for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
            for name in ast.walk(node) if isinstance(name, ast.Name)}
    assert used <= {"part", "language", "shown", "more", "framed", "name", "self", "each"}


@pytest.fixture
def one_file(tmp_path):
    def made(text, name="survey.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path
    return made


def test_a_file_alone_is_looked_at_without_a_study(one_file):
    path = one_file(
        "nr,naam,team,cijfer,opmerking,leeg\n"
        "1,Sanne,A1,\"7,5\",bel 06-12345678,\n2,Piet,A1,6.5,niets,\n2,Piet,A1,6.5,niets,\n"
    )
    seen = look_at(path)
    assert seen.stops
    assert [(each.topic, each.column, each.rows) for each in seen.problems] == [
        ("identifier.heading", "naam", ()), ("csv.decimals", "cijfer", ()),
        ("identifier.seen", "opmerking", (2,)), ("column.empty", "leeg", ()),
        ("record.twice", None, (4,)),
    ]
    text = "\n".join(seen.said)
    assert seen.said[0] == "survey.csv: 3 rijen, 6 kolommen; herkend als table"
    assert "Herstel eerst wat met 'graag herstellen' begint: 2." in text
    for value in ("Sanne", "Piet", "12345678", "7,5"):
        assert value not in text and value not in repr(seen.problems)


def test_a_file_alone_tells_headings_and_cells_of_another_kind(one_file):
    rows = [f"{number},A1,Eens,{number % 5}" for number in range(1, 21)]
    rows[3], rows[5], rows[7] = "4,A1,#N/A,2", "6,A1,2025-05-04,2", "8,A1,TRUE,2"
    seen = look_at(one_file("\n".join(["nr,team,s1,s2", *rows, "nr,team,s1,s2", *rows[:2]])))
    assert seen.stops
    assert [(each.topic, each.column, each.rows, each.severity) for each in seen.problems] == [
        ("cell.odd-kind", "s1", (5, 7, 9), "note"),
        ("rows.headings", None, (22,), "error"),
        ("record.twice", None, (23, 24), "note"),
    ]


def test_a_first_sheet_without_answers_names_the_others(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Lees mij"
    book.active["A1"] = "Toelichting"
    answers = book.create_sheet("Antwoorden")
    for row in (["nr", "team"], [1, "A1"]):
        answers.append(row)
    book.save(tmp_path / "survey.xlsx")
    seen = look_at(tmp_path / "survey.xlsx")
    (problem,) = seen.problems
    assert problem.what == (
        "the first sheet ('Lees mij') holds no answers; 1 other filled sheet(s) were not read")
    assert seen.stops and "eerste tabblad" in "\n".join(seen.said)


def test_a_file_alone_in_english_with_nothing_wrong(one_file):
    seen = look_at(one_file("nr,team,s1\n1,A1,3\n2,A2,4\n"), "en")
    assert not seen.stops and seen.said == [
        "survey.csv: 2 rows, 3 columns; taken for table",
        "Nothing was found; the file can be sent.",
        "Nothing was sent or kept, and no answers stand here.",
    ]


def test_a_file_alone_that_cannot_be_read(one_file):
    seen = look_at(one_file("nr,s1\n1,geheim antwoord\n2\n", "a.csv"))
    assert seen.stops
    assert seen.said[0] == "a.csv: kan niet worden gelezen"
    assert seen.said[1].startswith("graag herstellen: Het bestand breekt af in de laatste rij.")
    assert "geheim" not in "".join(seen.said)


def test_everything_is_in_the_order_of_the_files(folder, people):
    folder.deliver([{**each, "s1": "9" if number == 2 else each["s1"]}
                    for number, each in enumerate(people(6))])
    folder.deliver([{**each, "team": "Z"} for each in people(3)], place="A/T1")
    told = everything(clean_study(folder.study, folder.raw, None))
    assert [(each.file, each.row, each.severity) for each in told] == [
        ("A/T0/survey.csv", 4, "repair"), ("A/T1/survey.csv", 2, "error"),
    ]
