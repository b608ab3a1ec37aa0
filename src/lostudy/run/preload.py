"""What every notebook imports, imported once in the process that all of them are forked from.

Nothing here may start a thread: a fork of a process with threads can hang.
"""

import gc
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lostudy.kernel.forking import threads


@contextmanager
def without(name: str) -> Iterator[None]:
    """A module that cannot be imported for a while: who can do without it goes without it."""
    before = sys.modules.get(name)
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
        if before is not None:
            sys.modules[name] = before


# It compiles a grammar of web addresses for over a second, which checking a notebook never uses.
with without("rfc3987_syntax"):
    import fontTools.subset
    import IPython.core.application
    import IPython.core.completerlib
    import IPython.core.magics
    import matplotlib.backends.backend_pdf
    import matplotlib.backends.backend_svg
    import nbformat
    import pandas as pd
    import pandera.pandas as pa
    import papermill
    import PIL.Image
    import PIL.PngImagePlugin
    import pyarrow.dataset
    import pyarrow.parquet

    import lostudy.analysis
    import lostudy.run.engine
    import lostudy.run.warm
    from lostudy.analysis.opening import declared
    from lostudy.figures.drawn import SETTINGS
    from lostudy.figures.font import family
    from lostudy.figures.style import canvas, write
    from lostudy.run.imports import import_for


def warm_up() -> None:
    """Do once what a library does at its first use: find checks, read typefaces, know formats."""
    PIL.Image.preinit()
    nbformat.validate(nbformat.v4.new_notebook())
    pa.DataFrameSchema({"a": pa.Column("str")}).validate(pd.DataFrame({"a": ["a"]}))
    figure = canvas(10.0)
    for weight in ("normal", "bold"):
        write(figure, 1, 1, "a", weight=weight, family=family())
    with matplotlib.rc_context(SETTINGS):
        for kind in ("png", "svg", "pdf"):
            figure.savefig(io.BytesIO(), format=kind, metadata={})


warm_up()
if "LOSTUDY_STUDY" in os.environ:
    declared(Path(os.environ["LOSTUDY_STUDY"]))
    import_for(Path(os.environ["LOSTUDY_STUDY"]) / "notebooks")

# What is here stays: the collector need not look at it again in each process forked from this one.
gc.collect()
gc.freeze()

THREADS = threads()

__all__ = ["IPython", "fontTools", "lostudy", "matplotlib", "papermill", "pyarrow"]
