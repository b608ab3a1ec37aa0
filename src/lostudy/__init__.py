"""From the deliveries of several organisations to the sentences of one essay.

In a notebook, `import lostudy as lo` gives the verbs of `lostudy.analysis`: `lo.open_study`,
`lo.response`, `lo.estimate`, `lo.plot_levels` and the rest. They are fetched when first used, so
that the command line starts without pandas and matplotlib.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
__all__ = [
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


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("lostudy.analysis"), name)
    raise AttributeError(f"lostudy has no '{name}'; it has: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
