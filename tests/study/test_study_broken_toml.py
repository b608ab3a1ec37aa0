"""Every way in which study.toml can be wrong: the whole message, with line and cure."""

import pytest

from lostudy.errors import StudyError
from lostudy.study import find_study, load_study


def test_the_small_study_itself_is_fine(write):
    study = load_study(write())
    assert list(study.items) == ["lw01", "lw02"]
    assert study.scales["LW"].reversed_items == ("lw02",)
    assert study.simulated and study.wave("T0").name("en") == "nulmeting"


BROKEN = {
    "a typo in a key": (
        {'primary = "LW"': 'primry = "LW"'},
        ["study.toml, row 19: 'questions.0.primary' is missing. To do: add it",
         "study.toml, row 22: unknown key 'questions.0.primry'. To do: did you mean 'primary'? "
         "known keys: id, pairs, primary, secondary, text, themes"],
    ),
    "an unknown key in a section": (
        {'signed_by = "Iemand"': 'signed_by = "Iemand"\nthreshhold = 4'},
        ["study.toml, row 32: unknown key 'disclosure.threshhold'. To do: did you mean "
         "'threshold'? known keys: conversations, dimensions, group_share, group_size, margin, "
         "own_response, own_threshold, round_to, signed_by, signed_on, threshold, withheld"],
    ),
    "an unknown status": (
        {'status = "simulated"': 'status = "demo"'},
        ["study.toml, row 4: 'study.status': Input should be 'simulated' or 'real'. "
         "To do: give a value of this kind"],
    ),
    "an unsigned policy": (
        {'signed_by = "Iemand"': 'signed_by = ""'},
        ["study.toml, row 30: the disclosure policy is not signed. To do: fill in signed_by and "
         "signed_on after the privacy officer agreed"],
    ),
    "a policy signed with spaces": (
        {'signed_by = "Iemand"': 'signed_by = "  "'},
        ["study.toml, row 30: the disclosure policy is not signed. To do: fill in signed_by and "
         "signed_on after the privacy officer agreed"],
    ),
    "thresholds the wrong way round": (
        {'signed_by = "Iemand"': 'signed_by = "Iemand"\nown_threshold = 20'},
        ["study.toml, row 32: own_threshold is above threshold. To do: an organisation may see "
         "at least what everyone sees"],
    ),
    "dates swapped": (
        {"opens = 2026-01-12": "opens = 2026-03-12"},
        ["study.toml, row 17: wave T0 closes before it opens. To do: swap the dates"],
    ),
    "a wave that does not exist": (
        {"invited = { T0 = 10 }": "invited = { T9 = 10 }"},
        ["study.toml, row 9: organisation A: wave 'T9' does not exist. To do: one of: T0"],
    ),
    "fewer than nobody": (
        {"invited = { T0 = 10 }": "invited = { T0 = -1 }"},
        ["study.toml, row 9: organisation A: fewer than 0 invited. "
         "To do: give a number of persons"],
    ),
    "an alias of no team": (
        {'"Team een" = "A1"': '"Team een" = "A9"'},
        ["study.toml, row 11: organisation A: alias 'Team een' is of no team. "
         "To do: one of: A1, A2"],
    ),
    "an organisation called all": (
        {'id = "A"\n': 'id = "all"\n'},
        ["study.toml, row 7: an organisation cannot be called 'all'. "
         "To do: 'all' means every organisation",
         "codebook/crosswalk/A-T0.csv: a crosswalk of no organisation and wave. "
         "To do: call it <organisation>-<wave>.csv"],
    ),
    "a scale that does not exist": (
        {'primary = "LW"': 'primary = "XX"'},
        ["study.toml, row 19: question lq1: scale 'XX' does not exist. To do: one of: LW"],
    ),
    "a theme that does not exist": (
        {'themes = ["LEREN"]': 'themes = ["LEREM"]'},
        ["study.toml, row 19: question lq1: code 'LEREM' does not exist. "
         "To do: add it to codes.csv"],
    ),
    "background without labels": (
        {'labels = "role"': 'labels = "rol"'},
        ["study.toml, row 28: background 'role': label set 'rol' does not exist. "
         "To do: one of: agree3, role"],
    ),
    "a TOML syntax error": (
        {'status = "simulated"': 'status = simulated"'},
        ["study.toml, row 4: not valid TOML: Invalid value. To do: mend this line"],
    ),
    "a text that is not closed": (
        {"signed_on = 2026-01-05": 'signed_on = """2026'},
        ["study.toml, row 33: not valid TOML: Unterminated string. To do: mend this line"],
    ),
}
DELIVERY = '\n[[deliveries]]\norganisation = "B"\nwave = "T5"\nfile = "../elders.csv"\n'


@pytest.mark.parametrize("name", BROKEN)
def test_broken_declarations(refused, name):
    replace, messages = BROKEN[name]
    assert refused(replace=replace) == messages


def test_an_id_that_stands_twice(refused):
    more = '[[waves]]\nid = "T0"\nname = { nl = "weer" }\n\n[[questions]]'
    assert refused(replace={"[[questions]]": more}) == [
        "study.toml, row 20: waves: 'T0' stands twice. To do: give it another id"
    ]


def test_waves_stand_in_the_order_of_time(refused):
    more = '[[waves]]\nid = "T1"\nname = { nl = "T1" }\nopens = 2025-01-01\n\n[[questions]]'
    assert refused(replace={"[[questions]]": more}) == [
        "study.toml, row 22: wave T1 opens before wave T0, which stands above it. "
        "To do: put the waves in the order of time"
    ]


def test_deliveries_of_nobody_and_outside_the_folder(refused):
    place = "signed_on = 2026-01-05\n"
    assert refused(replace={place: place + DELIVERY}) == [
        "study.toml, row 35: delivery of an unknown organisation 'B'. To do: one of: A",
        "study.toml, row 36: delivery of an unknown wave 'T5'. To do: one of: T0",
        "study.toml, row 37: a delivery outside the folder of deliveries. "
        "To do: give a path inside it; --raw DIR moves the folder",
    ]


@pytest.mark.parametrize("file", ["/etc/passwd", "~/a.csv", "a/../../b.csv", "C:\\a.csv",
                                  "a\\..\\b.csv"])
def test_ways_out_of_the_folder(refused, file):
    place = "signed_on = 2026-01-05\n"
    delivery = f"\n[[deliveries]]\norganisation = 'A'\nwave = 'T0'\nfile = '{file}'\n"
    assert len(refused(replace={place: place + delivery})) == 1


def test_a_file_that_is_not_utf8(write):
    folder = write()
    (folder / "study.toml").write_bytes('[study]\nid = "x"\ntitle = "één"'.encode("cp1252"))
    with pytest.raises(StudyError) as caught:
        load_study(folder)
    assert str(caught.value) == (
        "study.toml, row 3: this file is not UTF-8. To do: save the file as UTF-8"
    )


def test_every_problem_at_once(refused):
    found = refused(
        {"codes.csv": "code,parent,assignable,label_nl\nLEREN,WEG,yes,Leren"},
        replace={'primary = "LW"': 'primary = "XX"', "opens = 2026-01-12": "opens = 2027-01-12"},
    )
    assert len(found) == 3


def test_a_mark_at_the_start_and_windows_line_ends_are_read(write):
    folder = write()
    text = (folder / "study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load_study(folder).about.id == "klein"


def test_the_nearest_study_upward(write, tmp_path, monkeypatch):
    folder = write()
    deep = folder / "notebooks" / "deep"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert find_study() == folder.resolve()


def test_no_study_anywhere(tmp_path):
    with pytest.raises(StudyError) as caught:
        find_study(tmp_path)
    assert str(caught.value) == (
        "no study.toml here or in a folder above. To do: go to the study's folder, or say "
        "--study DIR; `lostudy new DIR` starts a study"
    )
    with pytest.raises(StudyError) as caught:
        load_study(tmp_path)
    assert str(caught.value).endswith("no study.toml in this folder. To do: check --study")
