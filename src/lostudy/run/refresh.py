"""Execute the notebooks where they stand: they are committed with the outputs nbval compares.

`python -m lostudy.run.refresh [NOTEBOOK ...]`, from the study's folder. Only for a simulated study:
outputs about real people are never committed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from lostudy.errors import LostudyError, Problem, StudyError
from lostudy.run.normalise import normalise
from lostudy.study import find_study, load_study


def refresh(study_folder: Path, notebooks: list[Path]) -> list[Path]:
    """Execute each notebook with its own parameters, in a kernel of its own, and write it back.

    Raises StudyError for a study whose data are real; a notebook that fails is left as it was.
    """
    import nbformat
    from nbclient import NotebookClient

    study = load_study(study_folder)
    if not study.simulated:
        what = "the notebooks of a real study are not committed with outputs"
        raise StudyError(Problem(what, "run them with `lostudy run`", "study.toml"))
    done = []
    for path in notebooks or sorted((study.folder / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(
            notebook, timeout=600, kernel_name="python3",
            resources={"metadata": {"path": str(path.parent)}},
        ).execute()  # fmt: skip
        beside = path.with_suffix(".executed")
        beside.write_text(nbformat.writes(notebook), encoding="utf-8")
        normalise(beside)
        beside.replace(path)
        done.append(path)
    return done


def main() -> None:
    """The command line."""
    try:
        for path in refresh(find_study(), [Path(name) for name in sys.argv[1:]]):
            print(f"executed {path.name}")
    except LostudyError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
