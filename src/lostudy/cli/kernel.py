"""The command that makes the kernel that starts at once known to Jupyter."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from lostudy.kernel import NAME, SPECIFICATION


def kernel(
    prefix: Annotated[
        Path | None, typer.Option(help="Where; default: this environment (share/jupyter).")
    ] = None,
) -> None:
    """Make a kernel that starts at once known to Jupyter: for JupyterLab and pytest --nbval.

    Example: lostudy kernel
    """
    from jupyter_client.kernelspec import KernelSpecManager

    specification = json.loads((SPECIFICATION / "kernel.json").read_text(encoding="utf-8"))
    specification["argv"][0] = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "kernel.json").write_text(json.dumps(specification), encoding="utf-8")
        place = KernelSpecManager().install_kernel_spec(
            folder, NAME, prefix=str(prefix or sys.prefix)
        )
    typer.echo(
        f"{place}: known as '{NAME}'. Next: choose it in JupyterLab, "
        f"or `pytest --nbval --nbval-kernel-name {NAME} notebooks`."
    )
