"""Every value by R that is not computed here, and why a study like this does without."""

from __future__ import annotations

RANKS = "tests of ranks ignore teams; ordered answers have cumulative models with a random team"
TEAMS = "a test that ignores teams is not offered: against_rest and all_answers allow for them"
EPSILON = "R stops here before the margins meet (an absolute epsilon of 1); rake_tight is compared"
DESIGN = "design-based regression: models here have teams as random and organisations as fixed"

NOT_COMPUTED: dict[tuple[str, str], str] = {
    ("api_weighting", "rake"): EPSILON,
    ("api_weighting", "rake_weights"): EPSILON,
    ("api_weighting", "rake_jk"): EPSILON + "; jackknife_mean is tested by hand",
    ("api_weighting", "svyglm"): DESIGN,
    ("api_weighting", "ttest"): DESIGN,
    ("api_weighting", "svychisq"): "no test of a table of two backgrounds is ever asked here",
    ("api_weighting", "ranktest"): RANKS,
    ("api_weighting", "strat_prop"): "shares are shown protected and whole, without an interval",
    ("api_weighting", "calibrate_linear"): "staff is known by category, so weights are raked; "
    "linear calibration may give negative ones",
    ("bfi", "age_range"): "smallest and largest values are about one person",
    ("bfi", "missing_rows"): "counts of rows; the answers missing per item are compared",
    ("bfi", "alpha_checkkeys"): "an item is turned by the codebook, never by the data; item_rest "
    "notes a negative correlation",
    ("bfi", "welch_gender"): TEAMS,
    ("bfi", "kw_education"): RANKS,
    ("bfi", "trim_mean"): "the mean is compared; R keeps the raking's linearisation for the error",
    ("bfi", "svy_quant"): "quantiles of scores are about few persons and not shown",
    ("cohesion", "kw"): RANKS,
    ("cohesion", "mw_exact"): RANKS,
    ("datcat", "inv_cat"): "a ladder of ordered items needs some 200 persons per group; for fewer "
    "there is item_dif",
    ("holzinger_swineford1939", "omega_psych"): "Schmid-Leiman after an oblique rotation explores "
    "a structure; here the scales are fixed beforehand",
    ("lq2002", "poly_polycor_ml"): "thresholds and correlation in one step; two-step is compared "
    "(they differ in the fourth digit)",
    ("lq2002", "lmer0_ranef"): "estimates of single teams are never made: they would be shown",
    ("sherif1935", "within_sd"): "a mean of standard deviations has no model; consensus_emergence",
    ("sherif1935", "cem_homog_lrt"): "R's optimiser stops .001 short of the maximum",
}
