"""One small study and one scale, made by `statistics_data`, for every test that needs any data."""

from __future__ import annotations

import pandas as pd
import pytest
from statistics_data import likert, simulated


@pytest.fixture
def study() -> pd.DataFrame:
    return simulated("the study of the statistics tests", change=0.2)


@pytest.fixture
def items() -> pd.DataFrame:
    return likert("the items of the statistics tests")
