"""What every notebook imports, imported once in the process that all of them are forked from.

Nothing here may start a thread: a fork of a process with threads can hang.
"""

import lostudy.analysis
import lostudy.run.engine
import lostudy.run.warm
import matplotlib.backends.backend_pdf
import matplotlib.backends.backend_svg
import PIL.Image
import PIL.PngImagePlugin
import papermill
import pyarrow.parquet

__all__ = ["PIL", "lostudy", "matplotlib", "papermill", "pyarrow"]
