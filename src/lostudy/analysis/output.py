"""Where a run wants its figures and findings; nowhere in an interactive session."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE, LEDGER, AUDIENCE = "LOSTUDY_OUTPUT", "LOSTUDY_LEDGER", "LOSTUDY_AUDIENCE"


def output_folder() -> Path | None:
    """The folder that the running job writes to, or None outside a run."""
    folder = os.environ.get(VARIABLE)
    return Path(folder) if folder else None


def ledger_folder() -> Path | None:
    """The folder for what the running job tells about persons, or None outside a run."""
    folder = os.environ.get(LEDGER)
    return Path(folder) if folder else None


def audience() -> str:
    """Who may read what the running job makes: "public", or an organisation; "" outside a run."""
    return os.environ.get(AUDIENCE, "")


def notebook_name() -> str:
    """The notebook that is running, as the run calls it; empty outside a run."""
    return os.environ.get("LOSTUDY_NOTEBOOK", "")
