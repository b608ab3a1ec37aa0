"""Running notebooks: the plan, what changed, papermill, and reports that are whole or not there."""

from lostudy.run.plan import Job, plan
from lostudy.run.runner import Summary, raise_failures, run_study, status

__all__ = ["Job", "Summary", "plan", "raise_failures", "run_study", "status"]
