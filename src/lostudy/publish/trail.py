"""From a number, a figure or a document back to where it came from.

The trail of a finding: the record, the notebook and its cell, the parameters, the tidy tables, the
cleaning steps and raw files behind them, the code. A stray picture carries the first half inside.
"""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import lostudy
from lostudy.errors import DocumentError, Problem
from lostudy.findings.registry import chosen, read_registry
from lostudy.study import Study
from lostudy.study.contents import KEY, RESULTS, code_hash, read_hashes, table_hashes
from lostudy.words import word

PICTURES = (".png", ".svg", ".pdf")


@dataclass(frozen=True)
class Delivery:
    """A raw file behind a finding: its hash, and how many cells each cleaning rule touched."""

    organisation: str
    wave: str
    tool: str
    file: str
    sha256: str
    rows: int
    steps: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Trail:
    """Where one finding comes from; `tables`: organisation → (hash then, hash now)."""

    id: str
    kind: str
    text: str
    notebook: str
    cell: str
    parameters: dict[str, str]
    plan: str
    evidence: tuple[str, ...]
    tables: dict[str, tuple[str, str]]
    deliveries: tuple[Delivery, ...]
    code: tuple[str, str]
    version: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trails:
    """The trails of what was asked for, and what is to be said of the file itself."""

    asked: str
    trails: tuple[Trail, ...]
    remarks: tuple[str, ...] = ()
    language: str = "nl"

    def as_json(self) -> str:
        """For a machine to read."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    def as_text(self) -> str:
        """For a person: one finding in full; of several, a line each and the files once."""
        lines = [*self.remarks]
        if len(self.trails) == 1:
            lines += _whole(self.trails[0], self.language)
        else:
            lines += [_line(each) for each in self.trails]
            lines += _files(self.trails, self.language)
        return "\n".join(lines)


def trail_of(study: Study, asked: str) -> Trails:
    """The trail of a finding's name, or of a PNG, SVG, PDF, Word, Markdown or LaTeX file."""
    records = read_registry(study.folder / "reports")
    language = study.about.language
    path = Path(asked)
    if asked in records or not path.suffix or not path.exists():
        found = [records[asked]] if asked in records else list(chosen(records, asked).values())
        return Trails(asked, _trails(study, found), (), language)
    if path.suffix.lower() in PICTURES:
        return _of_picture(study, path, records, language)
    return _of_document(study, path, records, language)


def _of_picture(study: Study, path: Path, records: dict, language: str) -> Trails:
    from lostudy.publish.provenance import read_provenance

    facts = read_provenance(path)
    if facts is None:
        what = "it carries no record of where it comes from"
        cure = "it was not made by `lostudy run`, or a program took the record out"
        raise DocumentError(Problem(what, cure, path.name))
    remarks = []
    if facts.get("study") != study.about.id:
        remarks.append(word("trail_other_study", language, facts.get("study", "?")))
    record = records.get(str(facts.get("id")))
    if record is None:
        remarks.append(word("trail_gone", language, facts.get("id", "?")))
        record = {**_EMPTY, **facts, "text_nl": "", "text_en": ""}
    elif not _same_file(study.folder / "reports", record, path):
        same = list(facts.get("evidence", [])) == list(record["evidence"])
        remarks.append(word("trail_altered" if same else "trail_older", language, record["id"]))
    return Trails(path.name, _trails(study, [record]), tuple(remarks), language)


_EMPTY: dict[str, Any] = {"id": "", "kind": "figure", "notebook": "", "cell": "", "parameters": {},
                          "plan": "", "evidence": [], "tables": {}, "code": ""}  # fmt: skip


def _same_file(reports: Path, record: dict, path: Path) -> bool:
    """Whether the file is, byte for byte, the one in the reports."""
    place = record["files"].get(path.suffix[1:].lower(), "")
    own = reports / place
    return bool(place) and own.exists() and own.read_bytes() == path.read_bytes()


def _of_document(study: Study, path: Path, records: dict, language: str) -> Trails:
    from lostudy.publish.document import check_document

    report = check_document(path, records, study.folder / "reports", language)
    names = sorted({row.id for row in report.rows if row.id in records})
    wrong = [row for row in report.rows if row.state != "ok"]
    remarks = [word("trail_document", language, path.name, len(names), len(report.rows))]
    remarks += [row.line(language) for row in wrong]
    trails = _trails(study, [records[name] for name in names])
    return Trails(path.name, trails, tuple(remarks), language)


def _trails(study: Study, records: list[dict]) -> tuple[Trail, ...]:
    present = _present(study)
    return tuple(_trail(present, each, study.about.language) for each in records)


@dataclass(frozen=True)
class Present:
    """What stands there now: hashes of the tidy tables, the deliveries behind them, the code."""

    tables: dict[str, str]
    deliveries: tuple[Delivery, ...]
    code: str
    version: str


def _present(study: Study) -> Present:
    processed = study.folder / "data" / "processed"
    hashes = table_hashes(study, processed)
    tables = {name: each[:16] for name, each in hashes.items()} | read_hashes(hashes)
    found = _deliveries(study, processed, sorted(hashes))
    return Present(tables, tuple(found), code_hash(RESULTS)[:16], code_now())


def _trail(present: Present, record: dict, language: str) -> Trail:
    tables = {name: (then, present.tables.get(name, "")) for name, then in record["tables"].items()}
    code = record["code"], present.code
    remarks = []
    if any(then != since for then, since in tables.values()):
        remarks.append(word("trail_tables_changed", language))
    if code[0] != code[1]:
        remarks.append(word("trail_code_changed", language))
    return Trail(
        id=record["id"],
        kind=record["kind"],
        text=str(record[f"text_{language}"]),
        notebook=record["notebook"],
        cell=record["cell"],
        parameters=record["parameters"],
        plan=record["plan"],
        evidence=tuple(record["evidence"]),
        tables=tables,
        deliveries=tuple(
            each for each in present.deliveries if {each.organisation, "all"} & set(tables)
        ),
        code=code,
        version=present.version,
        remarks=tuple(remarks),
    )


def _deliveries(study: Study, processed: Path, organisations: list[str]) -> list[Delivery]:
    """The raw files behind the tidy tables of these organisations, with the cleaning steps."""
    from lostudy.cleaning import read_table

    if not (processed / KEY).exists():
        return []
    there = [name for name in organisations if (processed / name).exists()]
    if not there:
        return []
    files = read_table(study, processed, "deliveries", there)
    log = read_table(study, processed, "cleaning_log", there)
    counted = log.groupby(["delivery", "rule"], as_index=False)["cells"].sum()
    steps = list(zip(counted["delivery"], counted["rule"], counted["cells"], strict=True))
    return [
        Delivery(
            str(row["organisation"]),
            str(row["wave"]),
            str(row["tool"]),
            str(row["file"]),
            str(row["sha256"]),
            int(row["rows"]),
            {str(rule): int(n) for name, rule, n in steps if name == row["file"]},
        )
        for _, row in files.iterrows()
    ]


def code_now() -> str:
    """The version of the package, and the commit where it stands under version control."""
    command = ["git", "rev-parse", "--short=12", "HEAD"]
    place = Path(lostudy.__file__).parent
    try:
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
        commit = done.stdout.strip() if done.returncode == 0 else ""
    except OSError:
        commit = ""
    known = bool(re.fullmatch(r"[0-9a-f]{7,40}", commit))
    return f"lostudy {lostudy.__version__}" + (f" ({commit})" if known else "")


def _line(trail: Trail) -> str:
    return f"{trail.id:<32} {_short(trail.text, 48):<50} {trail.notebook} {trail.cell}"


def _short(text: str, most: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def _whole(trail: Trail, language: str) -> list[str]:
    parameters = ", ".join(f"{key} = {value}" for key, value in sorted(trail.parameters.items()))
    tables = [
        f"    {name}: {then}" + ("" if then == now else f" ({word('trail_now', language)} {now})")
        for name, (then, now) in trail.tables.items()
    ]
    lines = [
        f"{trail.id} ({word(f'kind_{trail.kind}', language)}): {trail.text}",
        f"  {word('notebook', language)}: {trail.notebook}, {trail.cell} "
        f"(reports/{trail.notebook}/notebook.ipynb)",
        f"  {word('trail_parameters', language)}: {parameters}",
        f"  {word('trail_plan', language)}: {trail.plan}",
        f"  {word('trail_evidence', language)}: {', '.join(trail.evidence)}",
        f"  {word('trail_tables', language)}:",
        *tables,
    ]
    return [*lines, *_files((trail,), language), *_code(trail, language),
            *(f"  ! {each}" for each in trail.remarks)]  # fmt: skip


def _code(trail: Trail, language: str) -> list[str]:
    then, now = trail.code
    other = "" if then == now else f" ({word('trail_now', language)} {now})"
    return [f"  {word('trail_code', language)}: {then}{other}, {trail.version}"]


def _files(trails: tuple[Trail, ...], language: str) -> list[str]:
    """The raw files behind some findings, each once."""
    files = {each.sha256: each for trail in trails for each in trail.deliveries}
    lines = [f"  {word('trail_files', language)}:"] if files else []
    for each in files.values():
        steps = ", ".join(f"{rule} {count}×" for rule, count in sorted(each.steps.items()))
        said = f"    {each.file} ({each.tool}, {each.rows} {word('trail_rows', language)}): "
        done = f"; {word('trail_steps', language)}: {steps}" if steps else ""
        lines.append(f"{said}{each.sha256[:16]}…{done}")
    return lines
