"""What a survey result and the interviews say together, by rule.

After the triangulation protocol of Farmer, Robinson, Elliott & Eyles (2006, Qual. Health Res.
16:377) and Fetters, Curry & Creswell (2013, Health Serv. Res. 48:2134). Whether a strand is empty
is decided by coverage: what was not asked is no silence. A contradiction is kept and must be
explained.
"""

from __future__ import annotations

from lostudy.errors import Problem, StudyError
from lostudy.statistics.judging import WORDINGS

VERDICTS = ("confirms", "adds", "contradicts", "silence", "not_asked")
BANDS = ("", "none", "some", "several", "most")
VALENCES = ("", "works", "works_not", "mixed", "unknown")
UP, DOWN, SAME = ("rose", "points_to_rise"), ("fell", "points_to_fall"), ("no_noteworthy_change",)


def verdict(wording: str, band: str, valence: str, *, asked: bool, measured: bool) -> str:
    """One of VERDICTS.

    `wording`: the judgement on the change in the survey (a key of the wording ladder, "" if none);
    `band`: in how many conversations the theme came up; `valence`: what they say of it (works,
    works_not, mixed, unknown, "" where none does); `asked`: in enough conversations the question
    was asked; `measured`: the survey has an estimate that may be seen. Another word raises
    StudyError.

    >>> verdict("rose", "most", "works", asked=True, measured=True)
    'confirms'
    >>> verdict("rose", "most", "works_not", asked=True, measured=True)
    'contradicts'
    >>> verdict("rose", "none", "", asked=True, measured=True)
    'silence'
    """
    _need(wording=(wording, ("", *WORDINGS)), band=(band, BANDS), valence=(valence, VALENCES))
    if not asked:
        return "not_asked"
    if not measured or band in ("", "none"):
        return "silence"
    pairs = {"works": UP, "works_not": DOWN, "mixed": SAME}
    if wording in pairs.get(valence, ()):
        return "confirms"
    opposite = {"works": DOWN, "works_not": UP}
    return "contradicts" if wording in opposite.get(valence, ()) else "adds"


def _need(**words: tuple[str, tuple[str, ...]]) -> None:
    """Raise with every word that does not exist."""
    problems = [
        Problem(f"{name} '{word}' does not exist", f"'' or one of {', '.join(known[1:])}")
        for name, (word, known) in words.items() if word not in known
    ]
    if problems:
        raise StudyError(problems)
