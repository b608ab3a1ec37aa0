"""The conditions under which a claim holds: a small named set, judged on the evidence."""

from __future__ import annotations

from collections.abc import Sequence

from lostudy.errors import Problem, StudyError

UP, DOWN = ("rose", "points_to_rise"), ("fell", "points_to_fall")
CONDITIONS = {
    "rises": UP,
    "falls": DOWN,
    "no_noteworthy_change": ("no_noteworthy_change",),
    "too_uncertain": ("too_uncertain",),
}


def judge(wordings: Sequence[str], condition: str, at_least: int | None = None) -> str:
    """Whether a claim "holds", is "broken", or there are "too_few" to say.

    `wordings`: the judgement of each organisation the claim is about, "" where it is hidden.
    `at_least`: of how many organisations it must be true; default all of them.

    >>> judge(["points_to_rise", "too_uncertain", ""], "rises", at_least=1)
    'holds'
    >>> judge([""], "rises"), judge(["too_uncertain"], "rises")
    ('too_few', 'broken')
    """
    if condition not in CONDITIONS:
        raise StudyError(
            Problem(f"condition '{condition}' does not exist", f"one of: {', '.join(CONDITIONS)}")
        )
    needed = len(wordings) if at_least is None else at_least
    true = sum(wording in CONDITIONS[condition] for wording in wordings)
    unknown = sum(wording == "" for wording in wordings)
    if wordings and true >= needed:
        return "holds"
    return "too_few" if true + unknown >= needed else "broken"
