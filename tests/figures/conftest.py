"""The names of things in both languages, as long as they come in practice."""

from __future__ import annotations

import pytest

from figures.figure_tables import name_of
from lostudy.figures import Names


@pytest.fixture(params=["nl", "en"])
def names(request: pytest.FixtureRequest) -> Names:
    return Names(name_of, ["A", "B", "C", "D"], request.param)
