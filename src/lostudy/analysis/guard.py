"""Frames about people in a notebook show their shape and columns instead of their rows."""

from __future__ import annotations

import html
import sys
from typing import Any

import pandas as pd

from lostudy.study import Study
from lostudy.words import word

KEYS = {"person", "interview", "segment", "key", "row"}
MOST = 12


def guard(study: Study, language: str) -> None:
    """Let frames about people show their shape from now on, in this notebook; elsewhere nothing.

    `lo.look` shows the rows to who asks for them.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return
    known = KEYS | set(study.items)
    plain, rich = (shell.display_formatter.formatters[kind] for kind in ("text/plain", "text/html"))
    for kind in (pd.DataFrame, pd.Series):
        plain.for_type(kind, lambda shown, page, _: page.text(_text(shown, known, language)))
        rich.for_type(kind, lambda shown: _html(shown, known, language))


def about_people(shown: pd.DataFrame | pd.Series, known: set[str]) -> bool:
    """Whether a frame or a column holds something per person: keys of persons, or items.

    >>> about_people(pd.DataFrame({"person": ["p1"]}), {"person"})
    True
    >>> about_people(pd.DataFrame({"n": [60]}), {"person"})
    False
    """
    names = [*shown.index, *shown.index.names, getattr(shown, "name", None)]
    names += list(getattr(shown, "columns", []))
    return any(str(name) in known for name in names)


def _text(shown: Any, known: set[str], language: str) -> str:
    return _shape(shown, language) if about_people(shown, known) else repr(shown)


def _html(shown: Any, known: set[str], language: str) -> str | None:
    if about_people(shown, known):
        return f"<p>{html.escape(_shape(shown, language))}</p>"
    usual = getattr(shown, "_repr_html_", None)
    return None if usual is None else usual()


def _shape(shown: pd.DataFrame | pd.Series, language: str) -> str:
    """How many rows and which columns, and how to see them."""
    columns = shown.columns if isinstance(shown, pd.DataFrame) else [shown.name]
    names = [str(each) for each in columns]
    more = ", …" if len(names) > MOST else ""
    return word("rows_about_people", language, len(shown), ", ".join(names[:MOST]) + more)
