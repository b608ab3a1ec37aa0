"""From the public files to deliveries: the export split in two groups, codes beside their answers.

    python examples/jupyter-2015-ux/prepare.py DIR OUT

DIR: the folder `surveys/2015-12-notebook-ux` of the repository jupyter/surveys. OUT: a folder for
the deliveries, outside this project: they hold what people wrote.

The team that held the survey coded its open answers in files of their own: the number of a record,
its codes, the search patterns that found them. Here each coded answer becomes a conversation with
passages, and the coded role a column beside the closed answers of the same record.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

EXPORT = "20160115235816-SurveyExport.csv"
GROUPS = {"Less than one year": "NEW", "One year or more": "EXP"}
USE, HOW_LONG, YEARS, REACH = 3, 5, 32, 36
OPEN = {"lq1": ("pleasant_aspects", range(17, 20)), "lq2": ("difficult_aspects", range(20, 23))}
SURVEY = ["record", "started", "submitted", "use", "reach", "role", "years"]
CODED = ["document", "question", "text", "code", "coder"]
REGISTER = ["document", "conversation", "role_band", "questions_asked", "consent"]


def codes_of(folder: Path, name: str, column: int = 1) -> dict[int, list[str]]:
    """Record → its codes, from a file of the team that coded."""
    with (folder / "analysis" / "prep" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    return {int(row[0]): [each for each in row[column].split(",") if each] for row in rows}


def deliveries(folder: Path) -> Iterator[tuple[str, str, list[str], list[list[str]]]]:
    """Group, file, headings and rows of every delivery."""
    with (folder / EXPORT).open(encoding="utf-8", newline="") as file:
        records = list(csv.reader(file))[1:]
    roles = {record: names[0] for record, names in codes_of(folder, "roles", 3).items() if names}
    coded = {
        question: codes_of(folder, f"{name}_themes") for question, (name, _) in OPEN.items()
    }
    for answer, group in GROUPS.items():
        mine = [at for at, row in enumerate(records) if row[HOW_LONG].strip() == answer]
        yield group, "survey", SURVEY, [survey_row(at, records[at], roles) for at in mine]
        rows = [row for at in mine for row in coded_rows(at, records[at], coded)]
        yield group, "interviews", CODED, rows
        told = [register_row(at, roles, coded) for at in mine]
        yield group, "conversations", REGISTER, [row for row in told if row[3]]


def survey_row(at: int, row: list[str], roles: dict[int, str]) -> list[str]:
    """The closed answers of a record, and the code of what it wrote about its role."""
    return [str(at), row[0], row[1], row[USE], row[REACH], roles.get(at, ""), row[YEARS]]


def written(row: list[str], question: str) -> str:
    """What a record wrote to a question, its three boxes together; empty where nothing."""
    return " / ".join(row[box].strip() for box in OPEN[question][1] if row[box].strip())


def coded_rows(
    at: int, row: list[str], coded: dict[str, dict[int, list[str]]]
) -> Iterator[list[str]]:
    """A row per code of each open answer; one without a code where the team found none."""
    for question, codes in coded.items():
        for code in codes.get(at, []) or [""] * (at in codes):
            named = f"{question}.{code}" if code else ""
            yield [f"record {at}", question, written(row, question), named, "survey team"]


def register_row(
    at: int, roles: dict[int, str], coded: dict[str, dict[int, list[str]]]
) -> list[str]:
    """A record as a conversation: asked is what the team read an answer to, coded or not."""
    asked = ";".join(question for question, codes in coded.items() if at in codes)
    return [f"record {at}", f"r{at:04d}", roles.get(at, "not told"), asked, "yes"]


def main(folder: Path, out: Path) -> None:
    """Write the deliveries of both groups."""
    for group, name, headings, rows in deliveries(folder):
        path = out / group / "2015" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headings, *rows])
        print(f"{path}: {len(rows)} rows")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
