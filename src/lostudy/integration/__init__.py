"""Survey estimates beside what people said: the verdict of the joint display."""

from lostudy.integration.verdict import VERDICTS, verdict

__all__ = ["VERDICTS", "verdict"]
