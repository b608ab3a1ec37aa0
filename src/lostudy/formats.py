"""One way to print a number, for text, tables, axes and labels, in Dutch and in English.

Half-up of the printed decimal, decimal comma in Dutch, a true minus, never "−0,0", intervals with
";" in Dutch, spaces that do not break. A figure and a table can then never differ in a last digit.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

FIGURE_TYPE = "application/vnd.lostudy.figure+json"  # of a figure in a notebook
MINUS, NO_BREAK = "\u2212", "\u00a0"
ABSENT = "–"


def number(value: Any, decimals: int = 1, language: str = "nl", *, sign: bool = False) -> str:
    """A number with a fixed number of decimals; "–" where it is missing.

    >>> number(3.05), number(2.65), number(-0.04), number(0.2, 2, sign=True), number(3.45, 1, "en")
    ('3,1', '2,7', '0,0', '+0,20', '3.5')
    """
    if value is None or value != value or (isinstance(value, float) and math.isinf(value)):
        return ABSENT
    rounded = half_up(value, decimals)
    text = f"{abs(rounded):f}".replace(".", "," if language == "nl" else ".")
    if rounded == 0:
        return text
    return (MINUS if rounded < 0 else "+" if sign else "") + text


def half_up(value: Any, decimals: int) -> Decimal:
    """The value as a person rounds the digits that are printed: 3.05 → 3.1."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def rounded(value: float, decimals: int) -> float:
    """`half_up` as a float, and 0.0 instead of -0.0; missing stays missing."""
    return float("nan") if value != value else float(half_up(value, decimals)) + 0.0


def interval(
    low: Any, high: Any, decimals: int = 2, language: str = "nl", *, sign: bool = False
) -> str:
    """An interval in brackets.

    >>> interval(-0.12, 0.3, 2)
    '[−0,12; 0,30]'
    >>> interval(2.5, 3.25, 2, "en")
    '[2.50, 3.25]'
    """
    if low is None or high is None or low != low or high != high:
        return ABSENT
    between = ";" if language == "nl" else ","
    return (
        f"[{number(low, decimals, language, sign=sign)}{between} "
        f"{number(high, decimals, language, sign=sign)}]"
    )


def percent(share: Any, language: str = "nl", decimals: int = 0) -> str:
    """A share as a percentage, with a space in Dutch.

    >>> percent(0.655), percent(0.655, "en")
    ('66\\xa0%', '66%')
    """
    text = number(None if share is None or share != share else 100 * share, decimals, language)
    return text if text == ABSENT else f"{text}{NO_BREAK if language == 'nl' else ''}%"


def count(value: Any, language: str = "nl") -> str:
    """A whole number, thousands apart.

    >>> count(7382), count(7382, "en")
    ('7.382', '7,382')
    """
    if value is None or value != value:
        return ABSENT
    text = f"{int(value):,}"
    return text.replace(",", ".") if language == "nl" else text


def sample(n: Any, language: str = "nl") -> str:
    """A sample size as it stands in a label.

    >>> sample(212)
    'n\\xa0=\\xa0212'
    """
    return f"n{NO_BREAK}={NO_BREAK}{count(n, language)}"
