"""The parameters of a notebook run, checked against the study before anything starts.

Papermill itself only warns about an unknown parameter and accepts any value; here a typo is an
error that lists the choices.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from lostudy.errors import Problem, StudyError
from lostudy.study.model import Study

PUBLIC = "public"  # the audience of what everybody may read


@dataclass(frozen=True)
class Parameters:
    """For whom (an organisation or "all"), up to which wave (or "all"), in which language."""

    organisation: str = "all"
    wave: str = "all"
    language: str = "nl"

    def as_dict(self) -> dict[str, str]:
        """The parameters by name, in a fixed order."""
        return asdict(self)


def choices(study: Study) -> dict[str, tuple[str, ...]]:
    """What each parameter may be."""
    return {
        "organisation": ("all", *(each.id for each in study.organisations)),
        "wave": ("all", *(each.id for each in study.waves)),
        "language": ("nl", "en"),
    }


def check_parameters(study: Study, given: Mapping[str, object]) -> Parameters:
    """`given` as Parameters; raises one StudyError with every unknown name, type and value."""
    allowed = choices(study)
    problems = [
        problem for name, value in given.items() for problem in _wrong(name, value, allowed)
    ]
    if problems:
        raise StudyError(problems)
    defaults = {"language": study.about.language}
    return Parameters(**{**defaults, **{name: str(value) for name, value in given.items()}})


def _wrong(name: str, value: object, allowed: dict[str, tuple[str, ...]]) -> list[Problem]:
    if name not in allowed:
        near = difflib.get_close_matches(name, allowed, n=1)
        hint = f"did you mean '{near[0]}'? " if near else ""
        return [
            Problem(f"unknown parameter '{name}'", f"{hint}parameters are: {', '.join(allowed)}")
        ]
    if not isinstance(value, str):
        return [
            Problem(
                f"parameter '{name}' must be text, not {type(value).__name__}",
                f"one of: {', '.join(allowed[name])}",
            )
        ]
    if value not in allowed[name]:
        return [
            Problem(
                f"parameter {name}: '{value}' does not exist", f"one of: {', '.join(allowed[name])}"
            )
        ]
    return []
