"""Running notebooks: the plan, what changed, papermill, and reports that are whole or not there."""

from lostudy.run.outcome import Outcome
from lostudy.run.plan import Job, plan
from lostudy.run.runner import Summary, raise_failures, run_shard, run_study
from lostudy.run.shards import Shard
from lostudy.run.states import overview, status

__all__ = [
    "Job",
    "Outcome",
    "Shard",
    "Summary",
    "overview",
    "plan",
    "raise_failures",
    "run_shard",
    "run_study",
    "status",
]
