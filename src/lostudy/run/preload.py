"""What every notebook imports, imported once in the process that all of them are forked from.

Nothing here may start a thread: a fork of a process with threads can hang.
"""

import matplotlib.backends.backend_pdf
import matplotlib.backends.backend_svg
import papermill
import PIL.Image
import PIL.PngImagePlugin
import pyarrow.parquet

import lostudy.analysis
import lostudy.run.engine
import lostudy.run.warm

__all__ = ["PIL", "lostudy", "matplotlib", "papermill", "pyarrow"]
