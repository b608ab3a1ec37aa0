"""A study with known truths, written as the survey and coding tools of real organisations write it.

Everything is drawn from one seed; the same seed gives the same bytes. Nothing here is about anyone.
"""

from lostudy.simulate.deliver import simulate_study
from lostudy.simulate.effects import Scenario
from lostudy.simulate.model import Population, simulate, with_organisations
from lostudy.simulate.truths import expected_scores, scale_scores, truths
from lostudy.simulate.whole import simulate_whole

__all__ = [
    "Population", "Scenario", "expected_scores", "scale_scores", "simulate", "simulate_study",
    "simulate_whole", "truths", "with_organisations",
]
