"""From the public files to deliveries: questionnaire and tasks of two phases, codes of the second.

    python examples/navarro-usability/prepare.py DIR OUT

DIR: the folder of the usability study, with `PSSUQ`, `tasks` and `transcripts` in it. OUT: a folder
for the deliveries, outside this project: they hold what people said.

The tags of the coding tool get codes of our own, by their number; a tag that says that something
works, or that it does not, becomes a code with that as an attribute, so that both sides of one
theme stand together. The coded sessions are written as a REFI-QDA project.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from lostudy.deliveries import InterviewDelivery, read_interviews, write_interviews

PROJECT = "transcripts/thematic-analysis/SERDIF_P2_ThematicAnalysis.sqlite3"
WORKS, WORKS_NOT = {"werking": "werkt"}, {"werking": "werkt_niet"}
CODES: dict[str, tuple[str, dict[str, str]]] = {
    "1": ("HELP", {}), "2": ("HOME", WORKS), "3": ("SYSTEM", WORKS_NOT), "4": ("EXPORT", WORKS),
    "5": ("SEARCH", WORKS), "6": ("TABLE", WORKS), "7": ("EVENTS", WORKS_NOT), "8": ("WISHES", {}),
    "9": ("EXPORT", WORKS), "10": ("VISUAL", WORKS), "11": ("POSITIVE", WORKS),
    "12": ("WORDING", WORKS_NOT), "13": ("QUERY", WORKS), "14": ("EXPLAIN", {}),
    "15": ("QUERY", WORKS_NOT), "16": ("SEARCH", WORKS_NOT), "17": ("QUERY", WORKS),
    "18": ("VISUAL", WORKS_NOT), "19": ("METADATA", WORKS), "20": ("METADATA", WORKS_NOT),
    "21": ("TASKS", WORKS_NOT), "22": ("NAVIGATION", WORKS_NOT),
}
ITEMS = [f"q{number:02d}" for number in range(1, 20)]
REGISTER = ["document", "conversation", "role_band", "questions_asked", "consent"]


def first_phase(folder: Path) -> list[list[str]]:
    """A row per person: the scores stand with persons in columns."""
    with (folder / "PSSUQ/scores/SERDIF_PSSUQ_P1.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    return [list(person) for person in zip(*rows, strict=True)][1:]


def second_phase(folder: Path) -> list[list[str]]:
    """A row per person: when, nineteen scores without what was written beside them, tasks done."""
    with (folder / "PSSUQ/scores/SERDIF_PSSUQ_P2.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        rows = list(csv.reader(file))[1:]
    done = tasks_done(folder)
    return [
        [row[1], datetime.strptime(row[0], "%m/%d/%Y %H:%M:%S").isoformat(" "), *row[2::2],
         done[row[1]]]
        for row in rows
    ]


def tasks_done(folder: Path) -> dict[str, str]:
    """Person → how many of the nine tasks were completed."""
    text = (folder / "tasks/completion/taskSuccess.csv").read_bytes().decode("utf-16")
    head, *rows = list(csv.reader(text.splitlines()))
    tasks = [row for row in rows if row[0].startswith("T") and row[0] != "Total"]
    return {person: str(sum(int(row[at]) for row in tasks))
            for at, person in enumerate(head) if person.startswith("P")}


def recoded(delivery: InterviewDelivery) -> InterviewDelivery:
    """The coding under our own codes, with what works and what does not as an attribute."""
    segments = delivery.segments.copy()
    segments["attributes"] = [CODES[code][1] for code in segments["code"]]
    segments["code"] = [CODES[code][0] for code in segments["code"]]
    names = sorted({name for name, _ in CODES.values()})
    codes = delivery.codes.iloc[: len(names)].copy()
    codes["code"] = codes["name"] = codes["path"] = names
    codes["description"] = None
    return replace(delivery, segments=segments, codes=codes)


def main(folder: Path, out: Path) -> None:
    """Write the deliveries of both phases."""
    write(out / "PH1" / "use" / "survey.csv", ["record", *ITEMS], first_phase(folder))
    place = out / "PH2" / "use"
    write(place / "survey.csv", ["record", "started", *ITEMS, "tasks"], second_phase(folder))
    delivery = recoded(read_interviews(folder / PROJECT))
    write_interviews(place / "interviews.qdpx", delivery)
    names = [str(name) for name in delivery.documents["name"]]
    write(place / "conversations.csv", REGISTER, [
        [name, name.partition("_")[0], "participant", "lq1;lq2", "no"] for name in names])
    print(f"{place / 'interviews.qdpx'}: {len(names)} sessions, {len(delivery.segments)} passages")


def write(path: Path, headings: list[str], rows: list[list[str]]) -> None:
    """A table as CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    print(f"{path}: {len(rows)} rows")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
