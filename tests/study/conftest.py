"""A small study as text, whose files a test replaces by broken ones."""

import textwrap

import pytest

from lostudy.errors import StudyError
from lostudy.study import load_study

TOML = """
[study]
id = "klein"
title = { nl = "Klein onderzoek" }
status = "simulated"

[[organisations]]
id = "A"
name = { nl = "Organisatie A" }
invited = { T0 = 10 }
teams = ["A1", "A2"]
team_aliases = { "Team een" = "A1" }

[[waves]]
id = "T0"
name = { nl = "nulmeting" }
opens = 2026-01-12
closes = 2026-02-13

[[questions]]
id = "lq1"
text = { nl = "Hoe leren wij?" }
primary = "LW"
themes = ["LEREN"]

[[background]]
id = "role"
name = { nl = "Functie" }
labels = "role"

[disclosure]
signed_by = "Iemand"
signed_on = 2026-01-05
"""
FILES = {
    "items.csv": """
        item,scale,labels,reversed,text_nl,text_en
        lw01,LW,agree3,0,Ik leer.,I learn.
        lw02,LW,agree3,1,Ik leer niet.,I do not learn.
        """,
    "scales.csv": """
        scale,label_nl,minimum,maximum
        LW,Leren van het werk,1,3
        """,
    "labels.csv": """
        set,value,label,language,missing
        agree3,1,Oneens,nl,
        agree3,2,Neutraal,nl,
        agree3,3,Eens,nl,
        agree3,,Weet niet,nl,dont_know
        role,leader,Leidinggevende,nl,
        role,staff,Medewerker,nl,
        """,
    "codes.csv": """
        code,parent,assignable,label_nl
        LEREN,,yes,Leren
        LEREN.SAMEN,LEREN,yes,Samen leren
        """,
    "crosswalk/A-T0.csv": """
        source,target,labels,note
        q1,lw01,,
        q2,lw02,,
        naam,ignore,,direct identifier
        """,
}


@pytest.fixture
def write(tmp_path):
    """Write the small study with some files replaced; `replace` edits study.toml."""
    def written(files=None, toml=TOML, **replace):
        for old, new in replace.get("replace", {}).items():
            assert toml.count(old) == 1, old
            toml = toml.replace(old, new)
        (tmp_path / "study.toml").write_text(toml.lstrip("\n"), encoding="utf-8")
        for name, text in {**FILES, **(files or {})}.items():
            path = tmp_path / "codebook" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return tmp_path
    return written


@pytest.fixture
def refused(write):
    """The messages with which the small study is refused after replacing files."""
    def messages(*args, **kwargs):
        with pytest.raises(StudyError) as caught:
            load_study(write(*args, **kwargs))
        assert caught.value.exit_code == 10
        return str(caught.value).split("\n")
    return messages
