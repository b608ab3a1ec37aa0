"""The verbs of a notebook: each cell one call, one protected table or figure."""

from lostudy.analysis.change import change, change_of_scales
from lostudy.analysis.claims import finding, numbers, table
from lostudy.analysis.feedback import beside_others
from lostudy.analysis.looking import look
from lostudy.analysis.opening import View, open_study
from lostudy.analysis.plots import (
    plot_against,
    plot_answers,
    plot_change,
    plot_codes,
    plot_flow,
    plot_joint,
    plot_levels,
    plot_profile,
    plot_response,
)
from lostudy.analysis.result import Result
from lostudy.analysis.survey import (
    answers,
    comparability,
    estimate,
    profile,
    reliability,
    response,
)
from lostudy.analysis.voices import code_counts, joint_display

__all__ = [
    "Result",
    "View",
    "answers",
    "beside_others",
    "change",
    "change_of_scales",
    "code_counts",
    "comparability",
    "estimate",
    "finding",
    "joint_display",
    "look",
    "numbers",
    "open_study",
    "plot_against",
    "plot_answers",
    "plot_change",
    "plot_codes",
    "plot_flow",
    "plot_joint",
    "plot_levels",
    "plot_profile",
    "plot_response",
    "profile",
    "reliability",
    "response",
    "table",
]
