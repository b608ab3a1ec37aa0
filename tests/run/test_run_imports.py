"""What can be imported once for all notebooks."""

from __future__ import annotations

from pathlib import Path

import pytest
from run_helpers import write_notebook

from lostudy.run.imports import import_for, imported


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("import pandas as pd, numpy.linalg", ["numpy.linalg", "pandas"]),
        ("from matplotlib import pyplot", ["matplotlib"]),
        ("%matplotlib inline\nimport seaborn", ["seaborn"]),
        ("!pip list\n%%time\nfrom scipy.stats import norm", ["scipy.stats"]),
        ("def late():\n    import statsmodels.api", ["statsmodels.api"]),
        ("import torch, os, lostudy_local", []),
        ("from . import pandas", []),
        ("import pandas as\n", []),
        ("'import pandas'", []),
    ],
)
def test_imports_are_read_from_the_code(tmp_path: Path, cell: str, found: list[str]) -> None:
    write_notebook(tmp_path / "00-x.ipynb", cell)
    assert imported(tmp_path.glob("*.ipynb")) == found


def test_what_cannot_be_read_or_imported_is_left_to_the_notebook(tmp_path: Path) -> None:
    (tmp_path / "00-broken.ipynb").write_text("{", encoding="utf-8")
    (tmp_path / "10-other.ipynb").write_text('{"cells": [{"source": 3}]}', encoding="utf-8")
    write_notebook(tmp_path / "20-x.ipynb", "import pandas.nothing_of_this_name")
    assert imported(tmp_path.glob("*.ipynb")) == ["pandas.nothing_of_this_name"]
    import_for(tmp_path)
