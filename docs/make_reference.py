"""Writes docs/reference-statistics.md from the code, so that the page cannot say anything else.

    python docs/make_reference.py

The signatures and docstrings of `lostudy.statistics` are the text. A test compares page and code.
"""

from __future__ import annotations

import importlib
import inspect
import textwrap
from pathlib import Path

from lostudy import statistics

PAGE = Path(__file__).with_name("reference-statistics.md")
HEAD = """# Statistics: every function

<!-- made by `python docs/make_reference.py`: change the docstrings, not this page -->

For a methodologist who wants to call the functions directly, on data they may see. How the
notebooks use them, and why, stands in [Statistics](explanation-statistics.md).

```python
import numpy as np
import pandas as pd

from lostudy import statistics as st

answers = pd.DataFrame({"a": [1, 2, 3, 3, 2, 1], "b": [1, 2, 4, 4, 3, 1], "c": [2, 2, 4, 5, 3, 2]})
table = st.alpha(answers)
assert round(table["estimate"].item(), 3) == 0.958
```

**What comes back.** A DataFrame in which one row is one estimate, its columns in this order as far
as they exist: keys, `estimate`, `se`, `df`, `low`, `high`, `statistic`, `p`, `n`, `method`,
`note`. `n` counts persons (or what the function says), never weights. `method` names what was
done, so that a footnote can be written from it. Estimates are in the units of the data: scale
points stay scale points. The frame that was given is never changed.

**What can go wrong.** A column, choice or number that does not exist: `StudyError`, which names it
and says what may be chosen. Data that are not what they must be (an answer outside the scale, a
person twice in a wave, a margin with fewer than five): `DataError`. Both come from
`lostudy.errors`, and neither holds anybody's answer. Data that cannot give a number (nobody
answered, one team, a constant item, a singular model, complete separation): a row without an
estimate, and the reason in `note`. Under four degrees of freedom the note says that there are too
few teams to test.

**How it was checked.** The examples below run as tests. 259 sets of values computed by R (psych,
lavaan, semTools, lme4, lmerTest, multilevel, ordinal, clubSandwich, survey) are compared in
`tests/statistics/test_gold.py`; `pytest -s tests/statistics/test_gold.py -k table` prints every
number beside R's. `python benchmarks/recovery.py` holds intervals against known truths.

## Words that mean the same everywhere

Shapes are given as n x k: n rows, k columns.

"""
PARAMETERS = {
    "frame": "a row per person, or per person and wave; missing answers as missing values",
    "items": "a row per person and a column per item, in the direction of the scale (`reverse`)",
    "value": "the column of scores, in scale points",
    "by": "columns that make groups: one name or several",
    "team": "the column of teams (or one team per row); who has none stands alone",
    "organisation": "the column of organisations",
    "person": "the column of persons; empty where somebody was not linked",
    "wave, first, last": "the column of waves, and the two values that are compared",
    "covariates": "columns that are held constant: numbers, or categories",
    "X, y": "the predictors (n x k; a frame keeps its names) and the outcome (n)",
    "missing": "`pairwise` or `listwise`; in factor models `listwise` or `fiml` (all answers)",
    "method": "`REML` or `ML`",
    "df": "degrees of freedom: `satterthwaite` or `kenward-roger`",
    "level": "of the interval: .95 unless said otherwise",
    "draws, seed": "number of resamples, and where they start: the same seed, the same numbers",
    "ratings": "a row per unit, a column per coder or rater; missing where one did not rate it",
    "categories": "all answers there are, in their order; default those that occur, sorted",
    "referent": "of whom items speak (`team`, `organisation`, `manager`, `self`), or item -> that",
    "reversed_items, minimum, maximum": "items to turn round, and the ends of their answers",
    "steps": "of the ladder: `configural`, `metric`, `scalar`, `strict`",
    "weight": "a column of weights",
    "fit": "what a fitting function gave back",
}


def main() -> None:
    """Write the page."""
    PAGE.write_text(reference(), encoding="utf-8")


def reference() -> str:
    """The whole page."""
    parts = [HEAD, _words(), "## What there is\n\n", _contents()]
    for subject, modules in statistics.SUBJECTS.items():
        parts.append(f"## {subject}\n\n")
        for module, names in modules.items():
            about = importlib.import_module(f"lostudy.statistics.{module}").__doc__ or ""
            parts.append(f"*`{module}`*: {_prose(about.strip())}\n\n")
            result = statistics.RESULTS.get(module)
            parts += [_entry(name) for name in (*names, *([result] if result else []))]
    return "".join(parts).rstrip() + "\n"


def _words() -> str:
    """The parameters that several functions share."""
    rows = [
        f"| {', '.join(f'`{each}`' for each in names.split(', '))} | {meaning} |\n"
        for names, meaning in PARAMETERS.items()
    ]
    return "| parameter | what it is |\n|---|---|\n" + "".join(rows) + "\n"


def _contents() -> str:
    """What there is, one line per function: its name and the first sentence of its docstring."""
    lines = ["| for | function | what you get |\n|---|---|---|\n"]
    for subject, modules in statistics.SUBJECTS.items():
        for name in (name for names in modules.values() for name in names):
            first = _prose((inspect.getdoc(getattr(statistics, name)) or "").split("\n\n")[0])
            link = f"[`{name}`](#{name.lower()})"
            lines.append(f"| {subject} | {link} | {first.replace('|', '/')} |\n")
            subject = ""
    return "".join(lines) + "\n"


def _entry(name: str) -> str:
    thing = getattr(statistics, name)
    text = inspect.getdoc(thing) or ""
    prose, example = _split(text)
    call = f"{name}{_signature(thing)}"
    shown = f"### {name}\n\n```text\n{call}\n```\n\n{_paragraphs(prose)}\n\n"
    return shown + (f"```pycon\n{example}\n```\n\n" if example else "")


def _signature(thing: object) -> str:
    """The parameters with their types and defaults, one a line where they are long."""
    given = inspect.signature(thing).parameters.values()  # type: ignore[arg-type]
    parts = [_parameter(each) for each in given]
    line = f"({', '.join(parts)})"
    return line if len(line) < 78 else "(\n    " + ",\n    ".join(parts) + ",\n)"


def _parameter(each: inspect.Parameter) -> str:
    kind = each.annotation if isinstance(each.annotation, str) else each.annotation.__name__
    given = "" if each.default is inspect.Parameter.empty else f" = {each.default!r}"
    return f"{each.name}: {kind}{given}"


def _split(text: str) -> tuple[str, str]:
    """A docstring without its example, and the example."""
    lines = text.splitlines()
    first = next((i for i, line in enumerate(lines) if line.startswith(">>>")), len(lines))
    return "\n".join(lines[:first]).strip(), textwrap.dedent("\n".join(lines[first:])).strip()


def _paragraphs(text: str) -> str:
    return "\n\n".join(_prose(part) for part in text.split("\n\n"))


def _prose(text: str) -> str:
    """One line of text; what Markdown would take for markup is kept from it."""
    flat = " ".join(text.split())
    pieces = flat.split("`")
    pieces[::2] = [piece.replace("*", "\\*").replace("_", "\\_").replace("<", "&lt;")
                   for piece in pieces[::2]]  # fmt: skip
    return "`".join(pieces)


if __name__ == "__main__":
    main()
