"""What merging codes changed in the counts of conversations, against counts made by hand."""

from __future__ import annotations

import json

import openpyxl
import pytest

from lostudy import cli
from lostudy.cleaning.recoding import recoding_effect

CODEBOOK = """
    code,parent,assignable,label_nl,since,until,became
    LEREN,,no,Leren,,,
    SAMEN,LEREN,yes,Samen leren,,,
    ANDERS,,yes,Anders,,,
    OUD,ANDERS,yes,Oude naam,,2026-01-31,SAMEN
    """
#          conversation, code            before: SAMEN in G1; OUD in G1, G2, G3
CODED = [("G1", "SAMEN"), ("G1", "OUD"), ("G2", "OUD"), ("G3", "OUD"), ("G4", "ANDERS")]
REGISTER = "document,conversation,role_band,questions_asked,consent\n" + "".join(
    f"G{n},A{n},staff,{'lq1' if n != 3 else 'lq9'},ja\n" for n in (1, 2, 3, 4))


@pytest.fixture
def coded(folder):
    """Four conversations at T0; in the third the question was not asked."""
    folder.sheet("codes.csv", CODEBOOK)
    toml = (folder.path / "study.toml").read_text("utf-8")
    toml = toml.replace('primary = "S"', 'primary = "S"\nthemes = ["LEREN"]')
    toml = toml.replace('[[background]]', '[[questions]]\nid = "lq9"\ntext = { nl = "Wat?" }\n'
                        'primary = "S"\n[[background]]', 1)
    (folder.path / "study.toml").write_text(toml, "utf-8")
    place = folder.raw / "A" / "T0"
    place.mkdir(parents=True)
    (place / "conversations.csv").write_text(REGISTER, "utf-8")
    book = openpyxl.Workbook()
    book.active.append(["Gesprek", "Fragment", "Code", "Codeur"])
    for number, (conversation, code) in enumerate(CODED):
        book.active.append([conversation, f"fragment {number}", code, "Ans"])
    book.save(place / "interviews.xlsx")
    return folder


def test_a_theme_that_grew_because_a_code_moved_is_told_with_before_and_after(coded):
    effect = recoding_effect(coded.study, coded.raw)
    rows = {(row["code"], row["question"]): row for row in effect.to_dict("records")}
    theme = rows["LEREN", "lq1"]
    assert (theme["is"], theme["asked"], theme["before"], theme["after"]) == ("theme", 3, 1, 2)
    merged = rows["SAMEN", ""]
    assert (merged["asked"], merged["before"], merged["after"]) == (4, 1, 3)
    assert (rows["OUD", ""]["before"], rows["OUD", ""]["after"]) == (3, 0)
    assert set(effect["organisation"]) == {"A"}


def test_without_a_history_nothing_moved(coded):
    coded.sheet("codes.csv", CODEBOOK.replace("2026-01-31,SAMEN", ","))
    assert recoding_effect(coded.study, coded.raw).empty


@pytest.fixture
def said(capsys, monkeypatch):
    """What the command answers."""
    def made(*words):
        monkeypatch.setattr("sys.argv", ["lostudy", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        assert stop.value.code == 0
        return capsys.readouterr().out
    return made


def test_the_command_tells_versions_and_what_moved(coded, said):
    out = said("codebook", "--study", coded.path)
    assert "version 1: 3 codes" in out
    assert "version 2 from 2026-02-01: 2 codes\n  merged   OUD -> SAMEN" in out
    assert "theme LEREN of lq1, A T0: 1 -> 2 of 3 asked" in out
    assert "(about persons: not to be published)" in out
    read = json.loads(said("codebook", "--study", coded.path, "--json"))
    assert [each["codes"] for each in read["versions"]] == [3, 2]


def test_the_command_compares_exported_codebooks(tmp_path, capsys, monkeypatch):
    for name, tags in (("a.csv", ("Rust", "Tijd")), ("b.csv", ("Rust", "Druk"))):
        (tmp_path / name).write_text(
            "tag,description,number of highlights\n" + "".join(f"{t},,1\n" for t in tags), "utf-8")
    monkeypatch.setattr(
        "sys.argv", ["lostudy", "codebook", str(tmp_path / "a.csv"), str(tmp_path / "b.csv")])
    with pytest.raises(SystemExit):
        cli.main()
    out = capsys.readouterr().out
    assert "version b.csv: 2 codes\n  added    Druk\n  gone     Tijd" in out


def test_counts_that_were_not_compared_are_not_said_to_stand_still(coded, said):
    """No deliveries, and deliveries without their register, tell nothing of what moved."""
    out = said("codebook", "--study", coded.path, "--raw", coded.path / "nergens")
    assert "moved no count" not in out
    assert "No count was compared: in " in out and "--raw" in out
    (coded.raw / "A" / "T0" / "conversations.csv").unlink()
    assert "No count was compared" in said("codebook", "--study", coded.path)


def test_where_nothing_moved_it_says_in_how_many_deliveries(coded, said):
    coded.sheet("codes.csv", CODEBOOK.replace("OUD,ANDERS,yes,Oude naam,,2026-01-31,SAMEN",
                                              "VER,ANDERS,yes,Ver,,2026-01-31,WEG\n"
                                              "    WEG,ANDERS,yes,Weg,2026-02-01,,\n"
                                              "    OUD,ANDERS,yes,Oude naam,,,"))
    assert "moved no count of conversations in 1 deliveries" in said(
        "codebook", "--study", coded.path)
    coded.sheet("codes.csv", CODEBOOK.replace("2026-01-31,SAMEN", ","))
    assert "No code became another" in said("codebook", "--study", coded.path)
