"""A document of an author, whatever program it is for: checked, refreshed, released."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lostudy.errors import DocumentError, Problem
from lostudy.publish.latest import Records
from lostudy.publish.states import Report
from lostudy.publish.textcheck import check_text, refresh_text, release_text
from lostudy.publish.textfile import syntax_of
from lostudy.publish.wish import Refreshed, Wish, require_place
from lostudy.study import Study


@dataclass(frozen=True)
class Released:
    """How many findings a released copy holds as text, and what to know of it."""

    count: int
    notes: tuple[str, ...] = ()


def check_document(path: Path, records: Records, reports: Path, language: str = "nl") -> Report:
    """The state of every finding in a document; raises DocumentError where it cannot be read."""
    if syntax_of(path):
        return check_text(path, records, reports, language)
    from lostudy.publish.word.check import check_word

    return check_word(path, records, language)


def refresh_document(
    path: Path, records: Records, reports: Path, wish: Wish, output: Path | None = None
) -> Refreshed:
    """Put findings in the place of tokens and renew what went stale.

    What stands at `output` is kept beside it.
    """
    if output is not None or path.is_file():
        require_place(output or path)
    if output is not None and _kind(output) != _kind(path):
        cure = f"give a name that ends in {path.suffix}"
        raise DocumentError(Problem("it would be a file of another kind", cure, output.name))
    if syntax_of(path):
        return refresh_text(path, records, reports, wish, output)
    from lostudy.publish.word.refresh import refresh_word

    return refresh_word(path, records, reports, wish, output)


def _kind(path: Path) -> str:
    return syntax_of(path) or path.suffix.lower()


def release_document(
    study: Study, path: Path, records: Records, output: Path, language: str = "nl"
) -> Released:
    """A copy without controls or marks; raises DocumentError where the document needs attention."""
    report = check_document(path, records, study.folder / "reports", language)
    wrong = report.failing(strict=True)
    if wrong:
        cure = "mend these, or refresh, and check again"
        raise DocumentError([Problem(row.line(language), cure, path.name) for row in wrong])
    if path.resolve() == output.resolve():
        problem = Problem("a release is a copy", "give another name with -o", output.name)
        raise DocumentError(problem)
    if syntax_of(path):
        release_text(path, output)
        return Released(len(report.rows))
    from lostudy.publish.word.release import release_word

    notes = release_word(study, path, records, report, output, language)
    return Released(len(report.rows), tuple(notes))
