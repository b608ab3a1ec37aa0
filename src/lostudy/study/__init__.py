"""What this study is: study.toml and codebook/ read once into frozen objects, then trusted.

Everything particular to a study stands there: organisations, waves, learning questions, items,
scales, codes, labels, crosswalks, the analysis plan and the disclosure policy. After `load_study`
nobody checks again.
"""

from lostudy.study.declaration import find_study, load_study
from lostudy.study.model import (
    Background,
    Cleaning,
    Code,
    Correction,
    CrosswalkRow,
    DeliveryFile,
    Disclosure,
    Item,
    LabelSet,
    Organisation,
    Plan,
    Question,
    Scale,
    Study,
    Text,
    Wave,
)
from lostudy.study.parameters import Parameters, check_parameters

__all__ = [
    "Background",
    "Cleaning",
    "Code",
    "Correction",
    "CrosswalkRow",
    "DeliveryFile",
    "Disclosure",
    "Item",
    "LabelSet",
    "Organisation",
    "Parameters",
    "Plan",
    "Question",
    "Scale",
    "Study",
    "Text",
    "Wave",
    "check_parameters",
    "find_study",
    "load_study",
]
