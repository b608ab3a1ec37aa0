"""The command for coded interviews: what is in a file, and the way back to a coding tool."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lostudy.cli.options import JsonOption, StudyOption, declared_study, near

if TYPE_CHECKING:
    from lostudy.deliveries import InterviewDelivery


def coding(
    file: Annotated[Path, typer.Argument(help="Coded interviews as a tool wrote them.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="A REFI-QDA project (.qdpx) or codebook (.qdc) to write."),
    ] = None,
    cleaned: Annotated[
        bool,
        typer.Option("--cleaned", help="With the study's codes and coders, as cleaning left them."),
    ] = False,
    study: StudyOption = None,
    as_json: JsonOption = False,
) -> None:
    """What a file of coded interviews holds; with --out it is written for another coding tool.

    Example: lostudy coding interviews.xlsx --out interviews.qdpx

    Example: lostudy coding data/raw/A/T2/interviews.qdpx --cleaned --out A-T2.qdpx
    """
    from lostudy.deliveries import read_interviews, write_interviews

    if out is not None:
        _not_among_deliveries(out)
    delivery = read_interviews(file)
    if cleaned:
        delivery = _as_cleaned(study, file, delivery)
    if as_json:
        typer.echo(json.dumps(counted(delivery), ensure_ascii=False, indent=1))
    else:
        for name, count in counted(delivery).items():
            typer.echo(f"{name:<18} {count}")
        for problem in delivery.repairs:
            typer.echo(f"{problem.severity:<7} {problem}")
    if out is not None:
        write_interviews(out, delivery)
        typer.echo(
            f"Written: {near(out)} (it holds what people said: keep it with the deliveries). "
            "Next: import it in the coding tool as a REFI-QDA project.", err=as_json)


def _not_among_deliveries(out: Path) -> None:
    """Stop before something of ours is put among the deliveries as they came."""
    from lostudy.errors import DataError, Problem, shown

    names = [folder.name.casefold() for folder in out.resolve().parents]
    if ("raw", "data") in zip(names, names[1:], strict=False):
        what = "data/raw holds deliveries as they came, and nothing else"
        raise DataError(Problem(what, "write it somewhere else", shown(out)))


def _as_cleaned(study: Path | None, file: Path, delivery: InterviewDelivery) -> InterviewDelivery:
    from lostudy.cleaning import read_table
    from lostudy.cleaning.coding_back import cleaned_delivery

    declared = declared_study(study)
    processed = declared.folder / "data" / "processed"
    tables = {name: read_table(declared, processed, name)
              for name in ("segments", "deliveries", "cleaning_log")}
    return cleaned_delivery(declared, file, delivery, tables)


def counted(delivery: InterviewDelivery) -> dict[str, str | int]:
    """What a delivery holds, in numbers."""
    segments = delivery.segments
    status = segments["offset_status"].value_counts().to_dict()
    return {
        "tool": delivery.source.tool, "recognised by": delivery.source.evidence,
        "documents": len(delivery.documents), "codes": len(delivery.codes),
        "coded passages": len(segments), "coders": int(segments["coder"].nunique()),
        "cases": int(delivery.cases["case"].nunique()), "notes": len(delivery.notes),
        **{f"place {name}": int(count) for name, count in sorted(status.items())},
        **({"codebook changes": len(delivery.history)} if len(delivery.history) else {}),
    }
