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
LIMITS = ("higher_than", "lower_than")


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
        known = ", ".join([*CONDITIONS, *LIMITS])
        raise StudyError(Problem(f"condition '{condition}' does not exist", f"one of: {known}"))
    true = sum(wording in CONDITIONS[condition] for wording in wordings)
    unknown = sum(wording == "" for wording in wordings)
    return _counted(true, unknown, len(wordings), at_least)


def judge_limits(
    intervals: Sequence[tuple[float, float] | None],
    condition: str,
    than: float,
    at_least: int | None = None,
) -> str:
    """Whether whole intervals lie above ("higher_than") or below ("lower_than") a number.

    `intervals`: low and high of each estimate the claim is about, None where it is hidden.

    >>> judge_limits([(3.1, 3.6), (2.8, 3.4), None], "higher_than", 3, at_least=1)
    'holds'
    >>> judge_limits([(2.8, 3.4)], "higher_than", 3), judge_limits([None], "lower_than", 3)
    ('broken', 'too_few')
    """
    known = [each for each in intervals if each is not None]
    true = sum(low > than if condition == "higher_than" else high < than for low, high in known)
    return _counted(true, len(intervals) - len(known), len(intervals), at_least)


def _counted(true: int, unknown: int, of: int, at_least: int | None) -> str:
    """The verdict on a count: what is hidden could be either."""
    needed = of if at_least is None else at_least
    if of and true >= needed:
        return "holds"
    return "too_few" if true + unknown >= needed else "broken"
