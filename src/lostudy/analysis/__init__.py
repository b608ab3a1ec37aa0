"""The verbs of a notebook: each cell one call, one protected table or figure."""

from lostudy.analysis.change import change, change_of_scales, effects, turnover
from lostudy.analysis.claims import finding, numbers, table
from lostudy.analysis.coding import co_occurrence, code_agreement, portrait, saturation
from lostudy.analysis.disagreements import disagreements
from lostudy.analysis.feedback import beside_others
from lostudy.analysis.looking import look
from lostudy.analysis.opening import View, open_study
from lostudy.analysis.planned import tests
from lostudy.analysis.plots import (
    plot_against,
    plot_answers,
    plot_change,
    plot_coders,
    plot_codes,
    plot_flow,
    plot_joint,
    plot_levels,
    plot_portrait,
    plot_profile,
    plot_response,
    plot_saturation,
    plot_specifications,
    plot_together,
)
from lostudy.analysis.quality import agreement, climate, invariance, item_analysis
from lostudy.analysis.quotes import quotes
from lostudy.analysis.result import Result
from lostudy.analysis.robustness import pooling, specifications
from lostudy.analysis.survey import (
    answers,
    comparability,
    estimate,
    profile,
    reliability,
    response,
)
from lostudy.analysis.voices import code_counts, joint_display
from lostudy.analysis.weighing import weighted

__all__ = [
    "Result",
    "View",
    "agreement",
    "answers",
    "beside_others",
    "change",
    "change_of_scales",
    "climate",
    "co_occurrence",
    "code_agreement",
    "code_counts",
    "comparability",
    "disagreements",
    "effects",
    "estimate",
    "finding",
    "invariance",
    "item_analysis",
    "joint_display",
    "look",
    "numbers",
    "open_study",
    "plot_against",
    "plot_answers",
    "plot_change",
    "plot_coders",
    "plot_codes",
    "plot_flow",
    "plot_joint",
    "plot_levels",
    "plot_portrait",
    "plot_profile",
    "plot_response",
    "plot_saturation",
    "plot_specifications",
    "plot_together",
    "pooling",
    "portrait",
    "profile",
    "quotes",
    "reliability",
    "response",
    "saturation",
    "specifications",
    "table",
    "tests",
    "turnover",
    "weighted",
]
