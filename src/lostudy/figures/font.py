"""The figures' typeface: DejaVu Sans cut to the letters and signs of Dutch and English figures.

The whole face carries tables for scripts we do not set; embedding it took half of the time of
a figure. The cut face (fonts/, under its own free licence, renamed as that asks) draws the same
shapes; a letter that it lacks comes from DejaVu Sans.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from matplotlib import font_manager

FAMILY = ["Lostudy Sans", "DejaVu Sans"]


@lru_cache
def family() -> list[str]:
    """The typeface and its stand-in, made known to matplotlib once.

    >>> family()
    ['Lostudy Sans', 'DejaVu Sans']
    """
    for path in sorted((Path(__file__).parent / "fonts").glob("*.ttf")):
        font_manager.fontManager.addfont(path)
    return FAMILY
