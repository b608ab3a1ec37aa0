"""A notebook in the process itself: papermill's reading, parameters and saving, without a kernel.

A kernel's start and its imports are four fifths of a short notebook. Here the imports were done
once, in the process that this one was forked from (`preload`), and the cells run in an IPython
shell in this process (`shell`), which then ends: nothing leaks from one notebook into the next.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from papermill.engines import Engine, NotebookExecutionManager, papermill_engines

from lostudy.kernel.forking import shuffle
from lostudy.run.kept import say_under_way
from lostudy.run.shell import Session

NAME = "lostudy-warm"


class WarmEngine(Engine):
    """Papermill's engine that runs the cells in this process; stops at the first error."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **_: Any
    ) -> None:
        shuffle()
        session = Session()
        # Papermill saves before and after each cell; nobody reads this one before it has ended.
        target, nb_man.output_path = nb_man.output_path, None
        try:
            cls._run(session, nb_man, Path(target))
        finally:
            nb_man.output_path = target

    @staticmethod
    def _run(session: Session, nb_man: NotebookExecutionManager, target: Path) -> None:
        for index, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type != "code":
                continue
            nb_man.cell_start(cell, index)
            say_under_way(target, index)
            failed = session.run(cell)
            if failed is not None:
                nb_man.cell_exception(cell, index, exception=failed)
                return
            nb_man.cell_complete(cell, index)


def register() -> str:
    """Make the engine known to papermill; its name."""
    papermill_engines.register(NAME, WarmEngine)
    return NAME
