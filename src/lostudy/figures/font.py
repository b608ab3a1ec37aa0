"""The figures' typeface: DejaVu Sans cut to the letters and signs of Dutch and English figures.

The whole face carries tables for scripts we do not set; embedding it took half of the time of
a figure. The cut face (fonts/, under its own free licence, renamed as that asks) draws the same
shapes; a letter that it lacks comes from DejaVu Sans.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from matplotlib import font_manager

FAMILY = ["Lostudy Sans", "DejaVu Sans"]
FOLDER = Path(__file__).resolve().parent / "fonts"


@lru_cache
def family() -> list[str]:
    """The typeface and its stand-in, made known to matplotlib once.

    >>> family()
    ['Lostudy Sans', 'DejaVu Sans']
    """
    for path in sorted(FOLDER.glob("*.ttf")):
        font_manager.fontManager.addfont(path)
    return FAMILY


@contextmanager
def read_at_once() -> Iterator[None]:
    """While it lasts, matplotlib reads our typeface whole when it opens it.

    It asks the file for each letter, each time that it is set or measured, and the buffer of a file
    is smaller than a typeface: most of a text's time went to the system. The file is opened by
    compiled code, which can be given a path only.
    """
    opened = io.open

    def whole(file: Any, mode: str = "r", buffering: int = -1, *more: Any, **named: Any) -> Any:
        if isinstance(file, str) and buffering == -1 and os.path.dirname(file) == str(FOLDER):
            buffering = os.path.getsize(file)
        return opened(file, mode, buffering, *more, **named)

    io.open = whole
    try:
        yield
    finally:
        io.open = opened
