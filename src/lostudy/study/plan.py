"""The frozen plan: its hash, to which family an outcome belongs, and whether it is still the plan.

A plan can only be trusted where it cannot be changed in silence. Its hash covers the section [plan]
and all it rests on: how the outcomes are scored, which records count, which questions are asked.
"""

from __future__ import annotations

import hashlib
import json

from lostudy.study.model import Study

PRIMARY, SECONDARY, EXPLORATORY = "primary", "secondary", "exploratory"
LENGTH = 16


def plan_hash(study: Study) -> str:
    """A digest of everything that was decided beforehand: 16 hexadecimal digits.

    Covered: the section [plan] but for `frozen`, the families as they follow from it, the items and
    direction of their scales, and the thresholds of cleaning. Labels and texts may be mended.
    """
    families = {family: outcomes(study, family) for family in (PRIMARY, SECONDARY)}
    scales = [scale for names in families.values() for scale in names]
    known = {
        "plan": study.plan.model_dump(mode="json", exclude={"frozen", PRIMARY, SECONDARY}),
        "families": families,
        "contrast": contrast(study),
        "questions": {each.id: each.primary for each in study.questions},
        "scoring": {name: _scoring(study, name) for name in scales},
        "cleaning": study.cleaning.model_dump(mode="json"),
    }
    text = json.dumps(known, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def _scoring(study: Study, name: str) -> dict:
    scale = study.scales[name]
    return scale.model_dump(mode="json", include={"items", "reversed_items", "minimum", "maximum"})


def outcomes(study: Study, family: str) -> tuple[str, ...]:
    """The scales of a family; where the plan names none, those of the learning questions."""
    plan = study.plan
    if plan.primary or plan.secondary:
        return plan.primary if family == PRIMARY else plan.secondary
    first = dict.fromkeys(each.primary for each in study.questions)
    if family == PRIMARY:
        return tuple(first)
    more = dict.fromkeys(scale for each in study.questions for scale in each.secondary)
    return tuple(scale for scale in more if scale not in first)


def contrast(study: Study) -> tuple[str, str]:
    """The first and the last wave of the planned change."""
    return study.plan.contrast or (study.waves[0].id, study.waves[-1].id)


def in_force(study: Study) -> bool:
    """Whether there is a plan that was registered before the last wave and is still the same."""
    plan = study.plan
    if plan.registered is None or (plan.frozen and plan.frozen != plan_hash(study)):
        return False
    opens = study.wave(contrast(study)[1]).opens
    return opens is None or plan.registered < opens


def family_of(study: Study, scale: str, waves: tuple[str, str]) -> str:
    """The family of a change of `scale` between two waves: primary, secondary or exploratory."""
    if not in_force(study) or waves != contrast(study):
        return EXPLORATORY
    for family in (PRIMARY, SECONDARY):
        if scale in outcomes(study, family):
            return family
    return EXPLORATORY
