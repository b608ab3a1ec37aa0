"""Opening a study from a notebook: for whom, up to when, in which language, which question."""

from __future__ import annotations

import html
import os
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from lostudy.analysis.guard import guard
from lostudy.analysis.output import audience, output_folder
from lostudy.analysis.result import Identity
from lostudy.analysis.scoring import mean_scores
from lostudy.cleaning import read_table
from lostudy.cleaning.freshness import ensure_clean
from lostudy.disclosure import own_policy
from lostudy.errors import DisclosureError, Problem, StudyError
from lostudy.study import Study, check_parameters, find_study, load_study
from lostudy.words import word

MOST = 12  # organisations that a reader can tell apart on one page


@dataclass(frozen=True, repr=False)
class View:
    """A study as one run sees it: for whom, up to which wave, in which language, which question.

    It holds rows about people but never shows them: a notebook shows cards and protected tables.
    `general` is the study under the policy for publication, where its own report has another.
    `worked_out` keeps what several cells need; the questions of a study share it.
    """

    study: Study
    organisation: str
    wave: str
    language: str
    question_id: str = ""
    general: Study | None = None
    worked_out: dict[tuple[str, ...], pd.DataFrame] = field(default_factory=dict, compare=False)

    @property
    def identity(self) -> Identity:
        """What stands under every table and figure."""
        return Identity(self.study, self.question_id, self.organisation, self.wave, self.language)

    @property
    def organisations(self) -> list[str]:
        """The organisations in view."""
        return (
            [each.id for each in self.study.organisations]
            if self.organisation == "all"
            else [self.organisation]
        )

    @property
    def many(self) -> bool:
        """Whether there are more organisations in view than fit on a page."""
        return len(self.organisations) > MOST

    @property
    def waves(self) -> list[str]:
        """The waves up to the one in view."""
        known = [each.id for each in self.study.waves]
        return known if self.wave == "all" else known[: known.index(self.wave) + 1]

    def question(self, question: str) -> View:
        """The same view of one learning question; shows its card."""
        known = [each.id for each in self.study.questions]
        if question not in known:
            raise StudyError(
                Problem(
                    f"learning question '{question}' does not exist", f"one of: {', '.join(known)}"
                )
            )
        return replace(self, question_id=question)

    @property
    def records(self) -> pd.DataFrame:
        """All records in view, also those left out; rows about people, for computing only."""
        if ("records",) not in self.worked_out:
            table = self.processed("responses")
            kept = table[table["wave"].isin(self.waves)].reset_index(drop=True)
            self.worked_out["records",] = kept
        return self.worked_out["records",]

    @property
    def responses(self) -> pd.DataFrame:
        """The included records in view; rows about people, for computing only."""
        if ("responses",) not in self.worked_out:
            kept = self.records[self.records["included"]].reset_index(drop=True)
            self.worked_out["responses",] = kept
        return self.worked_out["responses",]

    def scored(self, scale: str) -> pd.DataFrame:
        """The records in view with their score on a scale for their answers, under its name."""
        if ("scored", scale) not in self.worked_out:
            table, share = self.responses, self.study.plan.answered_share
            scores = mean_scores(self.study, scale, table, share)
            bare = table.drop(columns=list(self.study.items))
            self.worked_out["scored", scale] = bare.assign(**{scale: scores})
        return self.worked_out["scored", scale]

    def processed(self, name: str) -> pd.DataFrame:
        """Another tidy table for the organisations in view; read once."""
        if ("table", name) not in self.worked_out:
            table = read_table(self.study, processed(self.study), name, self.organisations)
            self.worked_out["table", name] = table
        return self.worked_out["table", name]

    def _card(self) -> list[str]:
        language, study = self.language, self.study
        lines = [study.about.title(language)]
        if self.question_id:
            lines.insert(0, study.question(self.question_id).text(language))
        lines.append(self.identity.line())
        if study.simulated:
            lines.append(word("simulated_data", language))
        lines.append(word("threshold", language, study.disclosure.threshold))
        return lines

    def __repr__(self) -> str:
        return "\n".join(self._card())

    def _repr_html_(self) -> str:
        first, *rest = map(html.escape, self._card())
        return f'<div class="lostudy-card"><strong>{first}</strong><br>{"<br>".join(rest)}</div>'


def processed(study: Study) -> Path:
    """Where the tidy tables of a study stand."""
    return study.folder / "data" / "processed"


def open_study(
    organisation: str = "all", wave: str = "all", language: str | None = None, *, own: bool = False
) -> View:
    """The nearest study from the working folder upward, as this run sees it.

    `own`: for an organisation's own report, which only that organisation reads: its own threshold
    holds where enough of its staff responded. Raises StudyError with the choices where a parameter
    does not exist. Tidy tables that are not there yet, or are older than the deliveries, are made
    first.
    """
    start = os.environ.get("LOSTUDY_STUDY")
    folder = find_study(Path(start) if start else None)
    running = output_folder() is not None
    study = declared(folder) if running else load_study(folder)
    given = {"organisation": organisation, "wave": wave}
    checked = check_parameters(
        study, given if language is None else {**given, "language": language}
    )
    if not running:  # a run has cleaned before its first notebook
        ensure_clean(study, processed(study))
    guard(study, checked.language)
    view = View(study, checked.organisation, checked.wave, checked.language)
    return own_view(view) if own else view


def declared(folder: Path) -> Study:
    """The study of a run, without crosswalks; read once in the process that notebooks fork from."""
    codebook = folder / "codebook"
    files = [path.stat() for path in (folder / "study.toml", *sorted(codebook.glob("*.csv")))]
    return _read(folder, tuple((each.st_ino, each.st_mtime_ns, each.st_size) for each in files))


@lru_cache(maxsize=1)
def _read(folder: Path, _: tuple[tuple[int, int, int], ...]) -> Study:
    return load_study(folder, crosswalks=False)


def own_view(view: View) -> View:
    """The view for an organisation's own report, under its own threshold if enough responded.

    Raises DisclosureError where it is of no single organisation, or where a run would show it to
    others: its notebook must be called …-own.ipynb.
    """
    if view.organisation == "all" or audience() not in ("", view.organisation):
        what = "the own threshold of an organisation, in a report that others read"
        cure = "open one organisation, in a notebook that is called …-own.ipynb"
        raise DisclosureError(Problem(what, cure))
    invited, general = view.study.organisation(view.organisation).invited, view.study.disclosure
    persons = view.responses.groupby("wave")["person"].nunique()
    each = [
        own_policy(general, int(size), invited.get(str(wave))) for wave, size in persons.items()
    ]
    strictest = max(each, key=lambda policy: policy.threshold, default=general)
    own = view.study.model_copy(update={"disclosure": strictest})
    return replace(view, study=own, general=view.study)
