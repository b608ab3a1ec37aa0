"""A small study of two organisations and two waves, and deliveries drawn as text."""

import csv
import textwrap
from pathlib import Path

import pytest
from hypothesis import settings

from lostudy.study import load_study

settings.register_profile("patient", deadline=None)  # timings vary where machines are shared
settings.load_profile("patient")

ROOT = Path(__file__).parents[2]
TOML = """
[study]
id = "klein"
title = { nl = "Klein" }
status = "simulated"
[[organisations]]
id = "A"
name = { nl = "A" }
invited = { T0 = 40 }
teams = ["A1", "A2"]
team_aliases = { "Team een" = "A1" }
[[organisations]]
id = "B"
name = { nl = "B" }
teams = ["B1"]
[[waves]]
id = "T0"
name = { nl = "T0" }
opens = 2026-01-12
closes = 2026-02-13
[[waves]]
id = "T1"
name = { nl = "T1" }
[[questions]]
id = "lq1"
text = { nl = "Hoe?" }
primary = "S"
[[background]]
id = "role"
name = { nl = "Functie" }
labels = "role"
[disclosure]
signed_by = "Iemand"
signed_on = 2026-01-05
"""
ITEMS = [f"s{number}" for number in range(1, 5)]
LABELS = ["Oneens", "Neutraal", "Eens"]
FILES = {
    "items.csv": "item,scale,labels,reversed,text_nl\n" + "".join(
        f"{item},S,agree3,{int(item == 's4')},Stelling {item}\n" for item in ITEMS
    ) + "days,,number,0,Hoeveel dagen werkt u?\n",
    "scales.csv": "scale,label_nl,minimum,maximum\nS,Schaal,1,3\n",
    "labels.csv": """
        set,value,label,language,missing
        agree3,1,Oneens,nl,
        agree3,2,Neutraal,nl,
        agree3,3,Eens,nl,
        agree3,3,Ja,nl,
        agree3,,Weet niet,nl,dont_know
        agree3,,N.v.t.,nl,not_applicable
        role,leader,Leidinggevende,nl,
        role,staff,Medewerker,nl,
        role,,Wil ik niet zeggen,nl,refused
        """,
    "codes.csv": """
        code,parent,assignable,label_nl
        LEREN,,yes,Leren
        SAMEN,LEREN,yes,Samen leren
        """,
}
CROSSWALK = """
    source,target,labels,status,note
    nr,record,,,
    code,link,,,
    begin,started,,,
    eind,submitted,,,
    team,team,,,
    functie,role,,,
    taal,language,,,
    s1,s1,,,
    s2,s2,,,
    s3,s3,,,
    s4,s4,,,
    dagen,days,,,
    opm*,ignore,,,vrije tekst
    """
COLUMNS = ["nr", "code", "begin", "eind", "team", "functie", "taal", *ITEMS, "dagen", "opm"]


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")


class Folder:
    """A study's folder in which a test puts deliveries and other sheets."""

    def __init__(self, path):
        self.path, self.raw, self.processed = path, path / "data" / "raw", path / "data/processed"
        write(path / "study.toml", TOML)
        for name, text in FILES.items():
            write(path / "codebook" / name, text)
        for place in ("A-T0", "A-T1", "B-T0"):
            self.crosswalk(place, CROSSWALK)

    def crosswalk(self, place, text):
        write(self.path / "codebook" / "crosswalk" / f"{place}.csv", text)

    def sheet(self, name, text):
        write(self.path / "codebook" / name, text)

    @property
    def study(self):
        return load_study(self.path)

    def deliver(self, rows, place="A/T0", columns=None):
        """Rows as dicts; what is not given gets a plain answer."""
        path = self.raw / place / "survey.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        columns = columns or COLUMNS
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns)
            writer.writeheader()
            writer.writerows({name: row.get(name, "") for name in columns} for row in rows)
        return path


def person(number, **cells):
    """A plain respondent; answers differ by number, the reversed item runs the other way."""
    level = number % 3
    answers = {item: LABELS[level] for item in ITEMS} | {"s4": LABELS[2 - level]}
    minute = number % 50
    return {
        "nr": str(number),
        "code": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 26] * 3 + f"{number * 37 % 9973:04d}",
        "begin": f"2026-01-{13 + number % 9:02d} 09:{minute:02d}:00",
        "eind": f"2026-01-{13 + number % 9:02d} 09:{minute:02d}:{40 + number % 19}",
        "team": f"A{1 + number % 2}",
        "functie": ["Leidinggevende", "Medewerker"][number % 2],
        "taal": "nl",
        "dagen": str(number % 5 + 1),
        **answers,
        **cells,
    }


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture
def somebody():
    return person


@pytest.fixture
def people():
    return lambda count, first=1: [person(number) for number in range(first, first + count)]


@pytest.fixture
def crosswalk_text():
    return textwrap.dedent(CROSSWALK).lstrip("\n")


@pytest.fixture(scope="session")
def shipped():
    """The shipped study."""
    return load_study(ROOT)


@pytest.fixture(scope="session")
def shipped_raw():
    return ROOT / "data" / "raw"


@pytest.fixture(scope="session")
def shipped_tables(shipped, shipped_raw):
    from lostudy.cleaning import clean_study

    return {each.organisation: each for each in clean_study(shipped, shipped_raw, None)}
