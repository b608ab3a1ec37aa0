"""What a run consists of: a small job per notebook and organisation, known beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lostudy.errors import Problem, StudyError
from lostudy.study import Study, check_parameters
from lostudy.study.parameters import PUBLIC

OWN = "-own"


@dataclass(frozen=True)
class Job:
    """A notebook for an organisation ("all" for every one together), in a language.

    `key`: what it is made from, by content; it stands in what the job makes.
    """

    notebook: Path
    organisation: str
    wave: str
    language: str
    key: str = field(default="", compare=False)

    @property
    def stem(self) -> str:
        """The notebook's name without its ending; the first folder under reports/."""
        return self.notebook.stem

    @property
    def audience(self) -> str:
        """Who may read it: everybody ("public"), or one organisation whose own report it is."""
        return self.organisation if self.stem.endswith(OWN) else PUBLIC

    @property
    def reads_all(self) -> bool:
        """Whether it reads the tables of every organisation; else those of its own alone."""
        return self.organisation == "all" or self.audience == self.organisation

    @property
    def name(self) -> str:
        """How progress lines, folders and findings call the job."""
        return f"{self.stem}/{self.organisation}"

    @property
    def parameters(self) -> dict[str, str]:
        """The notebook's parameters."""
        return {"organisation": self.organisation, "wave": self.wave, "language": self.language}


def plan(
    study: Study,
    *,
    question: str | None = None,
    organisation: str | None = None,
    wave: str = "all",
    language: str | None = None,
) -> list[Job]:
    """The jobs in the order in which they run; raises StudyError for what does not exist.

    `question` keeps the notebooks that end in it (20-lq2.ipynb), `organisation` one organisation. A
    notebook that ends in -own is an organisation's own report: there is none over all.
    """
    given = {"wave": wave, "organisation": organisation or "all"}
    checked = check_parameters(
        study, given if language is None else {**given, "language": language}
    )
    notebooks = _notebooks(study, question)
    groups: Sequence[str] = (
        [organisation] if organisation else ["all", *(each.id for each in study.organisations)]
    )
    return [
        Job(notebook, group, checked.wave, checked.language)
        for notebook in notebooks
        for group in groups
        if group != "all" or not notebook.stem.endswith(OWN)
    ]


def _notebooks(study: Study, question: str | None) -> list[Path]:
    folder = study.folder / "notebooks"
    found = sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith((".", "_")))
    if not found:
        raise StudyError(
            Problem(
                "this study has no notebooks",
                "`lostudy new DIR` shows which; put them in notebooks/",
                "notebooks",
            )
        )
    if question is None:
        return found
    known = [each.id for each in study.questions]
    kept = [path for path in found if path.stem == question or path.stem.endswith(f"-{question}")]
    if question not in known and not kept:
        raise StudyError(
            Problem(f"learning question '{question}' does not exist", f"one of: {', '.join(known)}")
        )
    if not kept:
        raise StudyError(
            Problem(
                f"no notebook ends in -{question}",
                f"there are: {', '.join(path.name for path in found)}",
            )
        )
    return kept
