"""A crosswalk to fill in: exact names are filled in, likely ones suggested, rare answers hidden."""

import csv

import pytest

from lostudy.cleaning import clean_study
from lostudy.cleaning.template import write_template
from lostudy.study import load_study

HEADER = ["source", "text", "target", "labels", "form_version", "status", "note"]


def lines(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == HEADER
    return {row[0]: dict(zip(HEADER, row, strict=True)) for row in rows[1:]}


@pytest.fixture
def template(folder, tmp_path):
    def written(rows, columns):
        path = folder.deliver(rows, columns=columns)
        target = tmp_path / "out" / "template.csv"
        counts = write_template(folder.study, path, target)
        assert target.read_bytes().startswith(b"\xef\xbb\xbf")
        return counts, lines(target)
    return written


def test_exact_names_and_texts_fill_the_target(template, people):
    rows = [{**each, "Stelling s2": each["s2"]} for each in people(12)]
    counts, found = template(rows, ["s1", "Stelling s2", "team", "Functie"])
    assert [line["target"] for line in found.values()] == ["s1", "s2", "team", "role"]
    assert counts == {"columns": 4, "matched": 2, "suggested": 0, "unknown": 0}


def test_a_likely_match_is_only_a_suggestion(template, people):
    rows = [{"Stelling s2!": each["s2"], "Geheel iets anders": "x"} for each in people(12)]
    counts, found = template(rows, ["Stelling s2!", "Geheel iets anders"])
    assert found["Stelling s2!"]["target"] == ""
    assert found["Stelling s2!"]["note"].endswith("; suggestion: s2")
    assert counts == {"columns": 2, "matched": 0, "suggested": 1, "unknown": 1}


@pytest.mark.parametrize("heading", [
    "Naam", "E-mail", "Email", "IPAddress", "ipaddr", "LocationLatitude", "RecipientEmail", "token",
    "seed", "refurl", "Geboortedatum", "Telefoonnummer", "Last Name", "ExternalReference", "BSN",
])
def test_direct_identifiers_are_ignored_with_a_note(template, people, heading):
    _, found = template([{heading: f"x{number}"} for number in range(12)], [heading, "s1"])
    assert (found[heading]["target"], found[heading]["note"]) == ("ignore", "direct identifier")


@pytest.mark.parametrize(("heading", "target"), [
    ("id", "record"), ("ResponseId", "record"), ("StartDate", "started"),
    ("Completion time", "submitted"), ("submitdate", "submitted"), ("interviewtime", "seconds"),
    ("Duration (in seconds)", "seconds"), ("Status", "preview"), ("UserLanguage", "language"),
])
def test_columns_of_the_tool_get_their_field(template, heading, target):
    _, found = template([{heading: f"{number}"} for number in range(12)], [heading, "s1"])
    assert found[heading]["target"] == target


def test_a_question_may_speak_of_names(template):
    heading = "Kent u de naam van uw leidinggevende?"
    _, found = template([{heading: "x"}] * 12, [heading, "s1"])
    assert found[heading]["target"] == ""


def test_no_target_twice(template, people):
    rows = [{**each, "Stelling s1": each["s1"]} for each in people(12)]
    _, found = template(rows, ["s1", "Stelling s1"])
    assert [line["target"] for line in found.values()] == ["s1", ""]


def test_known_labels_with_counts_and_unknown_ones_as_a_skeleton(template):
    cells = ["Eens"] * 3 + ["eens "] * 2 + ["Mwah"] * 10 + ["Sanne zei ja"] + ["Tja"] * 9
    _, found = template([{"s1": cell, "s2": "Eens"} for cell in cells], ["s1", "s2"])
    assert found["s1"]["note"] == "found: Mwah (10), Eens (5), and 2 rarer; as in B-T0"
    assert found["s1"]["labels"] == "Mwah="
    assert found["s2"]["labels"] == ""


def test_free_text_stays_out(template):
    rows = [{"Wilt u nog iets kwijt": f"antwoord {number % 14}"} for number in range(40)]
    _, found = template(rows, ["Wilt u nog iets kwijt", "s1"])
    assert "antwoord" not in str(found)
    rows = [{"Wilt u nog iets kwijt": f"antwoord {number}"} for number in range(40)]
    _, found = template(rows, ["Wilt u nog iets kwijt", "s1"])
    assert found["Wilt u nog iets kwijt"]["note"] == ""


def test_a_skeleton_must_be_filled_in(folder, people):
    path = folder.deliver([{"s1": "Mwah", "nr": str(n)} for n in range(12)], columns=["nr", "s1"])
    target = folder.path / "codebook" / "crosswalk" / "A-T0.csv"
    write_template(folder.study, path, target)
    with pytest.raises(Exception, match="a label without a value"):
        load_study(folder.path)
    target.write_text(target.read_text(encoding="utf-8-sig").replace("Mwah=", "Mwah=2")
                      .replace("nr,nr,,", "nr,nr,record,"))
    assert clean_study(folder.study, folder.raw, None)[0].tables["responses"]["s1"].eq(2).all()


def test_what_was_found_does_not_travel_with_the_status(folder, people):
    path = folder.deliver(people(12))
    target = folder.path / "codebook" / "crosswalk" / "A-T0.csv"
    write_template(folder.study, path, target)
    text = target.read_text(encoding="utf-8-sig")
    assert "found: " in text
    for empty, filled in (("nr,nr,,", "nr,nr,record,"), ("begin,begin,,", "begin,begin,started,"),
                          ("eind,eind,,", "eind,eind,submitted,"),
                          ("dagen,dagen,,", "dagen,dagen,days,"),
                          ("functie,functie,,", "functie,functie,role,"),
                          ("code,code,,", "code,code,link,")):
        text = text.replace(empty, filled)
    text = "\n".join("opm,opm,ignore,,v1,identical,vrije tekst" if line.startswith("opm,") else line
                     for line in text.splitlines())
    target.write_text(text, encoding="utf-8-sig")
    (cleaned,) = clean_study(folder.study, folder.raw, None)
    assert cleaned.errors == ()
    assert not cleaned.tables["harmonisation"]["evidence"].str.contains("found").any()


def test_round_trip_with_the_shipped_delivery(shipped, shipped_raw, shipped_tables, tmp_path):
    """A few cells by hand, and the template cleans A at T0 to the very same answers."""
    target = tmp_path / "A-T0.csv"
    counts = write_template(shipped, shipped_raw / "A" / "T0" / "survey.csv", target)
    assert counts == {"columns": 76, "matched": 60, "suggested": 0, "unknown": 0}
    by_hand = {"functie": ("role", ""), "dienst": ("tenure", ""), "opm": ("ignore", "vrije tekst"),
               "gesim": ("ignore", "herinnering")}
    rows = list(lines(target).values())
    for row in rows:
        if row["source"] in by_hand:
            row["target"], row["note"] = by_hand[row["source"]]
            row["labels"] = ""
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, HEADER, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    from lostudy.study.codebook import _crosswalks
    problems = []
    filled = {**shipped.crosswalks, **_crosswalks(tmp_path, problems)}
    study = shipped.model_copy(update={"crosswalks": filled})
    assert problems == []
    cleaned = clean_study(study, shipped_raw, None)[0]
    items = [*shipped.items, "team", "role", "tenure", "row", "included"]
    before = shipped_tables["A"].tables["responses"].query("wave == 'T0'")[items]
    after = cleaned.tables["responses"].query("wave == 'T0'")[items]
    assert after.equals(before)


def test_a_subquestion_is_an_item_by_its_inner_code(template, people):
    rows = [{"likert0[s1]. Iets": each["s1"], "s[2]. Anders": each["s2"]} for each in people(12)]
    _, found = template(rows, ["likert0[s1]. Iets", "s[2]. Anders"])
    assert [line["target"] for line in found.values()] == ["s1", "s2"]


def test_what_another_crosswalk_of_the_study_says_of_the_same_source_is_taken_over(
    folder, people, tmp_path
):
    """Somebody signed it once: the same code of the same tool means the same."""
    (folder.path / "codebook" / "crosswalk" / "A-T1.csv").write_text(
        "source,target,note\nQ7,s3,\nextra[*,ignore,not used\n", encoding="utf-8"
    )
    study = load_study(folder.path)
    rows = [{"Q7": each["s3"], "extra[1]": "x"} for each in people(12)]
    delivered = folder.deliver(rows, columns=["Q7", "extra[1]"])
    write_template(study, delivered, tmp_path / "template.csv")
    found = lines(tmp_path / "template.csv")
    assert (found["Q7"]["target"], found["Q7"]["note"][-10:]) == ("s3", "as in A-T1")
    assert (found["extra[1]"]["target"], found["extra[1]"]["note"]) == ("ignore", "as in A-T1")
