"""Findings for authors who write elsewhere: a file for LaTeX, one for readers of YAML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lostudy.findings.forms import forms_of, text_of
from lostudy.publish.latest import ready
from lostudy.publish.tables import latex

SENTENCES = ("number", "interval", "claim", "quote")
HEAD = r"""% Findings by name: \input{findings}, then \finding{lq2.VA.A.T2} in the text.
\providecommand{\finding}[1]{\csname finding:#1\endcsname}
"""


def write_exports(reports: Path, records: Iterable[Mapping[str, Any]], language: str) -> None:
    """Write findings.tex and findings.yml: the texts of numbers, claims and quotes in each form."""
    texts = {
        f"{record['id']}:{form}" if form else record["id"]: text_of(record, form, language)
        for record in sorted(records, key=lambda each: each["id"])
        if record["kind"] in SENTENCES and ready(record)
        for form in ("", *(each for each in forms_of(record) if each != "own"))
    }
    lines = [rf"\expandafter\def\csname finding:{key}\endcsname{{{latex(text)}}}"
             for key, text in texts.items()]  # fmt: skip
    (reports / "findings.tex").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    pairs = [f"{json.dumps(key)}: {json.dumps(text, ensure_ascii=False)}"
             for key, text in texts.items()]  # fmt: skip
    (reports / "findings.yml").write_text("\n".join(pairs) + "\n", encoding="utf-8")
