"""The page of errors: what is triggered here must stand there, in the words of the program."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from lostudy.cleaning import clean_study, read_table
from lostudy.disclosure import require_safe
from lostudy.errors import LostudyError
from lostudy.findings import judge, read_registry
from lostudy.study import check_parameters, find_study, load_study

PAGE = (Path(__file__).parents[2] / "docs" / "errors.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^## (\d+):.*?$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
FIRST_CELL = re.compile(r"^\| (`.+?`) \|", re.MULTILINE)
CODEBOOK = {
    "items.csv": "item,scale,labels,reversed,text_nl\nq1,S,agree,0,Een\nq2,S,agree,1,Twee\n",
    "scales.csv": "scale,label_nl,minimum,maximum\nS,Schaal,1,3\n",
    "labels.csv": "set,value,label,language\n"
    "agree,1,Oneens,nl\nagree,2,Neutraal,nl\nagree,3,Eens,nl\n",
    "crosswalk/A-T0.csv": "source,target,labels,note\nteam,team,,\nq1,q1,,\nq2,q2,,\n",
}
TOML = """
[study]
id = "small"
title = { nl = "Klein" }
status = "simulated"
[[organisations]]
id = "A"
name = { nl = "A" }
teams = ["A1"]
[[waves]]
id = "T0"
name = { nl = "T0" }
[[questions]]
id = "lq1"
text = { nl = "?" }
primary = "S"
[disclosure]
signed_by = "Iemand"
signed_on = 2025-01-01
"""
SURVEY = "team,q1,q2\n" + "A1,Eens,Oneens\n" * 6


def messages() -> dict[int, list[re.Pattern[str]]]:
    """Exit code → the messages of its section, with … standing for anything."""
    found = {}
    for code, text in SECTION.findall(PAGE):
        shown = [each for cell in FIRST_CELL.findall(text) for each in re.findall("`(.+?)`", cell)]
        parts = [map(re.escape, message.split("…")) for message in shown]
        found[int(code)] = [re.compile(".*".join(each)) for each in parts]
    return found


class Small:
    """A study of one organisation, one wave and two items, of which one thing is spoilt."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("study.toml", TOML)
        for name, text in CODEBOOK.items():
            self.write(f"codebook/{name}", text)
        self.write("data/raw/A/T0/survey.csv", SURVEY)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def problems(self) -> list[tuple[int, str]]:
        try:
            study = load_study(self.folder)
            cleaned = clean_study(study, self.folder / "data" / "raw", self.folder / "tidy")
            assert cleaned
        except LostudyError as error:
            return [(error.exit_code, problem.what) for problem in error.problems]
        return []


Spoil = Callable[[Small], object]
RAW = "data/raw/A/T0/survey.csv"
WALK = "codebook/crosswalk/A-T0.csv"
SPOILT: dict[str, Spoil] = {
    "no study": lambda s: (s.folder / "study.toml").unlink(),
    "broken toml": lambda s: s.change("study.toml", '"small"', '"small'),
    "typo in a key": lambda s: s.change("study.toml", "title =", "titel ="),
    "wrong kind": lambda s: s.change("study.toml", '"simulated"', "3"),
    "organisation twice": lambda s: s.change(
        "study.toml", "[[waves]]", '[[organisations]]\nid = "A"\nname = { nl = "A" }\n[[waves]]'
    ),
    "unknown scale": lambda s: s.change("study.toml", 'primary = "S"', 'primary = "X"'),
    "unknown theme": lambda s: s.change("study.toml", '"S"\n', '"S"\nthemes = ["Z"]\n'),
    "dates swapped": lambda s: s.change(
        "study.toml", 'id = "T0"\n', 'id = "T0"\nopens = 2025-02-01\ncloses = 2025-01-01\n'
    ),
    "unsigned": lambda s: s.change("study.toml", 'signed_by = "Iemand"', ""),
    "own threshold": lambda s: s.change("study.toml", "signed_by", "own_threshold = 12\nsigned_by"),
    "waves in disorder": lambda s: s.change(
        "study.toml",
        "[[questions]]",
        'opens = 2025-02-01\n[[waves]]\nid = "T1"\nname = { nl = "T1" }\nopens = 2025-01-01\n'
        "[[questions]]",
    ),
    "a wave of everybody": lambda s: s.change("study.toml", 'id = "T0"', 'id = "all"'),
    "unknown referent": lambda s: s.change(
        "codebook/items.csv", "text_nl\nq1,S,agree,0,Een", "text_nl,referent\nq1,S,agree,0,Een,us"
    ),
    "no items": lambda s: (s.folder / "codebook/items.csv").unlink(),
    "no column": lambda s: s.change("codebook/items.csv", "text_nl", "tekst"),
    "item twice": lambda s: s.change("codebook/items.csv", "q2,", "q1,"),
    "item of no scale": lambda s: s.change("codebook/items.csv", "q1,S", "q1,X"),
    "item of no labels": lambda s: s.change("codebook/items.csv", "q1,S,agree", "q1,S,agre"),
    "reversed and alone": lambda s: s.change("codebook/items.csv", "q1,S", "q1,"),
    "label twice": lambda s: s.change("codebook/labels.csv", "2,Neutraal", "2,Eens"),
    "open quote": lambda s: s.change("codebook/labels.csv", "Neutraal", '"Neutraal'),
    "separator in a cell": lambda s: s.change("codebook/items.csv", "Twee", "Twee, drie"),
    "label without a value": lambda s: s.change("codebook/labels.csv", "agree,2", "agree,"),
    "no target": lambda s: s.change(WALK, "q1,q1", "q1,"),
    "ignored in silence": lambda s: s.change(WALK, "q1,q1", "q1,ignore"),
    "unknown target": lambda s: s.change(WALK, "q1,q1", "q1,q9"),
    "filled twice": lambda s: s.change(WALK, "q2,q2", "q2,q1"),
    "crosswalk of nobody": lambda s: s.write("codebook/crosswalk/B-T0.csv", "source,target\n"),
    "no deliveries": lambda s: shutil.rmtree(s.folder / "data"),
    "nothing delivered": lambda s: (s.folder / RAW).unlink(),
    "folder of nobody": lambda s: (s.folder / "data/raw/F").mkdir(),
    "folder of no wave": lambda s: (s.folder / "data/raw/A/T9").mkdir(),
    "stray file": lambda s: s.write("data/raw/A/T0/notes.txt", "x"),
    "two surveys": lambda s: s.write("data/raw/A/T0/survey.tsv", SURVEY),
    "no crosswalk": lambda s: (s.folder / WALK).unlink(),
    "unknown column": lambda s: s.change(RAW, "team,q1,q2\n", "team,q1,q2b\n"),
    "unknown label": lambda s: s.write(RAW, SURVEY + "A1,Best wel,Eens\n"),
    "unknown team": lambda s: s.write(RAW, SURVEY + "Team Oost,Eens,Eens\n"),
    "out of range": lambda s: s.write(RAW, SURVEY + "A1,9,Eens\n" * 5),
    "empty file": lambda s: s.write(RAW, ""),
    "old value": lambda s: s.write(
        "codebook/corrections.csv",
        "delivery,key,column,old,new,reason,who,date\nA/T0/survey.csv,2,q1,Neutraal,Eens,r,w,2025-01-01\n",
    ),
}


@pytest.mark.parametrize("cause", SPOILT)
def test_what_goes_wrong_stands_on_the_page(cause: str, tmp_path: Path) -> None:
    small = Small(tmp_path)
    SPOILT[cause](small)
    found = small.problems()
    assert found, "nothing was refused"
    known = messages()
    absent = [what for code, what in found if not any(one.fullmatch(what) for one in known[code])]
    assert not absent


def test_the_small_study_itself_is_fine(tmp_path: Path) -> None:
    assert Small(tmp_path).problems() == []


def test_errors_of_parameters_tables_and_findings_stand_on_the_page(tmp_path: Path) -> None:
    study = load_study(Small(tmp_path / "study").folder)
    causes: list[Callable[[], object]] = [
        lambda: find_study(Path(tmp_path.anchor)),
        lambda: check_parameters(study, {"organisation": "F"}),
        lambda: check_parameters(study, {"organization": "A"}),
        lambda: judge(["rose"], "grows"),
        lambda: read_table(study, tmp_path, "responses"),
        lambda: require_safe(pd.DataFrame({"n": [12]})),
        lambda: read_registry(tmp_path),
    ]
    known = messages()
    for cause in causes:
        with pytest.raises(LostudyError) as caught:
            cause()
        for problem in caught.value.problems:
            patterns = known[caught.value.exit_code]
            assert any(one.fullmatch(problem.what) for one in patterns), problem.what
