"""The survey beside the conversations: a verdict by rule, confirmed by readers."""

from lostudy.integration.readers import judged, read_verdicts, readers_agree, unexplained
from lostudy.integration.verdict import VERDICTS, verdict

__all__ = ["VERDICTS", "judged", "read_verdicts", "readers_agree", "unexplained", "verdict"]
