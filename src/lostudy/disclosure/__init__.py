"""What may be seen: the only door from counts and estimates to figures, findings and files."""

from lostudy.disclosure.coding import decimals_of_talks, protect_coding
from lostudy.disclosure.joint import beside
from lostudy.disclosure.policy import own_policy
from lostudy.disclosure.protect import protect
from lostudy.disclosure.rounding import decimals_for, round_count
from lostudy.disclosure.safe import HIDDEN, Safe, part_of, require_safe
from lostudy.disclosure.shares import protect_shares
from lostudy.disclosure.stacking import stacked
from lostudy.disclosure.voices import protect_voices

__all__ = [
    "HIDDEN",
    "Safe",
    "beside",
    "decimals_for",
    "decimals_of_talks",
    "own_policy",
    "part_of",
    "protect",
    "protect_coding",
    "protect_shares",
    "protect_voices",
    "require_safe",
    "round_count",
    "stacked",
]
