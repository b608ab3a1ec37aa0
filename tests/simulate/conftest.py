"""One simulated study for all tests here: written once from the shipped declaration."""

from pathlib import Path

import pytest

from lostudy.simulate import simulate, simulate_study
from lostudy.study import load_study

ROOT = Path(__file__).parents[2]
SEED = 20250113


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def study():
    return load_study(ROOT)


@pytest.fixture(scope="session")
def population(study):
    return simulate(study, SEED)


@pytest.fixture(scope="session")
def written(study, tmp_path_factory):
    """(folder of deliveries, folder of the codebook, truths)."""
    folder = tmp_path_factory.mktemp("simulated")
    known = simulate_study(study, folder / "raw", SEED, codebook=folder / "codebook")
    return folder / "raw", folder / "codebook", known


@pytest.fixture(scope="session")
def raw(written):
    return written[0]


@pytest.fixture(scope="session")
def known(written):
    return written[2]
