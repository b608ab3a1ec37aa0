"""A real IPython kernel that starts at once: forked from a process that did the imports before.

`lostudy kernel` makes it known to Jupyter as "lostudy-warm"; `pytest --nbval-kernel-name
lostudy-warm` and JupyterLab then use it as any other kernel.
"""

from pathlib import Path

NAME = "lostudy-warm"
JUPYTER = Path(__file__).with_name("jupyter")  # a folder for JUPYTER_PATH
SPECIFICATION = JUPYTER / "kernels" / NAME

__all__ = ["JUPYTER", "NAME", "SPECIFICATION"]
