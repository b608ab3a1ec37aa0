"""Tables in, estimates out: pure functions on arrays and frames.

    from lostudy import statistics as st
    st.alpha(items)

One row is one estimate: `estimate, se, df, low, high, statistic, p, n, method, note`, as far as
they exist, in that order. `n` and `method` are always there. Where the data cannot give a number
the estimate is missing and `note` says why in words. No files, no figures, no study: the frame
comes first, column names follow as text.

SUBJECTS lists what there is, by what one wants to know; docs/reference-statistics.md is made from
it. Each name is fetched when first used, so that cleaning does not wait for factor models.
"""

from importlib import import_module
from typing import Any

SUBJECTS: dict[str, dict[str, tuple[str, ...]]] = {
    "Describe": {
        "scores": ("reverse", "scale_scores", "factor_scores"),
        "describe": ("mean_by", "frequencies"),
        "item_analysis": ("item_statistics", "item_rest", "alpha_if_dropped"),
        "correlations": ("correlation_matrix", "correlation_interval", "within_between",
                         "sampling_adequacy", "sphericity"),
    },
    "Measure": {
        "reliability": ("alpha", "omega", "ordinal_alpha", "guttman_lambda6"),
        "bootstrap": ("reliability_interval",),
        "polychorics": ("polychoric", "thresholds"),
        "categorical": ("categorical_omega", "ordinal_cfa", "categorical_reliability"),
        "factor": ("cfa",),
        "composite": ("composite_reliability", "average_variance", "htmt"),
        "ladders": ("invariance", "invariance_over_waves", "cfa_over_waves"),
        "strain": ("modification_indices", "equality_tests"),
        "dif": ("item_dif",),
    },
    "Aggregate": {
        "aggregation": ("icc", "icc_reml", "climate_problem"),
        "within_teams": ("within_team_agreement", "agreement_summary", "agreement_mean",
                         "uniform_variance"),
        "consensus": ("consensus_emergence",),
    },
    "Model": {
        "mixed": ("fit_mixed", "contrast"),
        "slopes": ("fit_slopes", "slope_test"),
        "explained": ("variance_explained",),
        "robust": ("cluster_ols", "wild_cluster_p"),
        "ordinal": ("fit_ordinal", "likelihood_ratio"),
        "odds": ("answer_probabilities", "profile_intervals"),
        "proportional": ("proportional_odds",),
        "organisations": ("against_rest", "within_team_association", "mixture_p"),
        "refusals": ("organisation_level", "withhold"),
    },
    "Change": {
        "linked": ("same_people", "pairs", "turnover"),
        "everyone": ("workforce", "all_answers"),
        "combine": ("combined",),
        "pooling": ("partial_pooling",),
    },
    "Judge": {
        "effects": ("standardised", "pooled_sd", "two_group_difference", "hedges_factor"),
        "many_tests": ("family_tests", "holm", "benjamini_hochberg"),
        "judging": ("equivalence", "wording"),
        "specifications": ("specification_curve", "leave_one_out", "without_one",
                           "same_sign_share"),
    },
    "Weight": {
        "weights": ("rake", "post_stratify", "trim", "trim_between", "design_effect",
                    "weighted_mean", "margin_problems"),
        "survey_design": ("SurveyDesign", "design_mean", "design_total", "jackknife_mean"),
    },
    "Coders": {
        "agreement": ("krippendorff_alpha",),
        "coding": ("code_agreement",),
        "kappas": ("agreement_of_two", "fleiss_kappa", "kappa_of", "kappa_weights"),
        "by_code": ("agreement_by_code",),
        "units": ("text_units", "coder_marks", "ratings_of", "marked_stretches"),
        "passages": ("segment_agreement", "character_agreement", "disagreements"),
        "unitizing": ("unitizing_alpha", "boundary_alpha"),
        "raters": ("rater_icc",),
    },
    "Conversations": {
        "conversations": ("conversations_with", "with_parents", "ancestors"),
        "together": ("co_occurrence",),
        "new_information": ("saturation", "saturation_point"),
    },
    "Careless answers": {
        "careless": ("longstring", "irv", "even_odd", "synonyms", "synonym_pairs", "mahalanobis",
                     "guttman_errors", "seconds_per_item"),
    },
}  # fmt: skip
RESULTS = {
    "factor": "CfaFit", "categorical": "OrdinalCfa", "mixed": "MixedFit", "slopes": "SlopesFit",
    "ordinal": "OrdinalFit",
}  # fmt: skip
_WHERE = {
    name: module
    for modules in SUBJECTS.values()
    for module, names in modules.items()
    for name in names
} | {name: module for module, name in RESULTS.items()}
__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"lostudy.statistics.{_WHERE[name]}"), name)
    raise AttributeError(f"lostudy.statistics has no '{name}'; it has: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return [*__all__, "RESULTS", "SUBJECTS"]
