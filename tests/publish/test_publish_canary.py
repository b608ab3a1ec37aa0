"""What was planted in the deliveries stands nowhere in the reports, in no part of any file."""

from __future__ import annotations

import base64
import html
import io
import json
import re
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from lostudy.study import load_study

CANARIES = (
    "Wilhelmina Zwaluwenkamp",
    "w.zwaluwenkamp@voorbeeld-canarie.nl",
    "die middag met de paarse paraplu vergeet ik nooit meer",
    "Zwaluwenkamp",
    "paarse paraplu",
)


def parts(path: Path) -> Iterator[bytes]:
    """A file, and everything that is packed inside it."""
    content = path.read_bytes()
    yield path.name.encode()
    yield content
    if path.suffix == ".pdf":
        yield from _streams(content)
    if path.suffix == ".png":
        yield from _of_png(content)
    if path.suffix == ".ipynb":
        yield from _of_notebook(content)
    if path.suffix == ".html":
        yield html.unescape(content.decode("utf-8")).encode()
    if path.suffix in (".docx", ".xlsx", ".zip"):
        with zipfile.ZipFile(path) as package:
            yield from (package.read(name) for name in package.namelist())


def _streams(content: bytes) -> Iterator[bytes]:
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            yield zlib.decompressobj().decompress(stream)
        except zlib.error:
            yield stream


def _of_png(content: bytes) -> Iterator[bytes]:
    picture = Image.open(io.BytesIO(content))
    yield json.dumps({key: str(value) for key, value in picture.info.items()}).encode()
    yield json.dumps(getattr(picture, "text", {}), ensure_ascii=False).encode()


def _of_notebook(content: bytes) -> Iterator[bytes]:
    notebook = json.loads(content)
    yield json.dumps(notebook, ensure_ascii=False).encode()
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            for kind, data in output.get("data", {}).items():
                if kind == "image/png":
                    yield from _of_png(base64.b64decode("".join(data)))


def forms(canary: str) -> set[bytes]:
    """A canary as it may be written: plain, in UTF-16, escaped, in base 64."""
    plain = canary.encode()
    return {
        plain,
        canary.encode("utf-16-le"),
        html.escape(canary).encode(),
        base64.b64encode(plain)[:-4],
    }


def test_the_canaries_stand_in_the_deliveries(planted: Path) -> None:
    raw = (planted / "data" / "raw" / "A" / "T0" / "survey.csv").read_bytes()
    assert all(canary.encode("cp1252") in raw for canary in CANARIES)
    with zipfile.ZipFile(planted / "data" / "raw" / "A" / "T2" / "interviews.qdpx") as package:
        words = b"".join(package.read(name) for name in package.namelist())
    assert all(canary.encode() in words for canary in CANARIES)


def test_no_part_of_any_report_holds_a_canary(reports: Path) -> None:
    files = [path for path in reports.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {
        ".ipynb",
        ".html",
        ".svg",
        ".pdf",
        ".png",
        ".csv",
        ".txt",
        ".json",
    }
    wanted = {form for canary in CANARIES for form in forms(canary)}
    found = [path.name for path in files for part in parts(path) if any(f in part for f in wanted)]
    assert found == []


def test_the_console_holds_no_canary(finished: subprocess.CompletedProcess[bytes]) -> None:
    said = finished.stdout + finished.stderr
    assert not [canary for canary in CANARIES if canary.encode() in said]
    assert b"notebooks run" in finished.stdout


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    """The net has no hole: a canary put into a notebook, a picture and a PDF is found."""
    from PIL.PngImagePlugin import PngInfo

    facts = PngInfo()
    facts.add_itxt("Description", CANARIES[0], zip=True)
    Image.new("RGB", (2, 2)).save(tmp_path / "a.png", pnginfo=facts)
    packed = zlib.compress(CANARIES[0].encode())
    (tmp_path / "a.pdf").write_bytes(b"1 0 obj\nstream\n" + packed + b"\nendstream")
    escaped = html.escape(f"<b>{CANARIES[1]}</b>")
    cell = {"outputs": [{"data": {"text/html": [escaped]}}]}
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [cell]}))
    for path in tmp_path.iterdir():
        wanted = {form for canary in CANARIES for form in forms(canary)}
        assert any(form in part for part in parts(path) for form in wanted), path.name


def test_no_person_stands_in_the_reports(planted: Path, reports: Path) -> None:
    """Neither the study's own numbers of persons and conversations, nor their teams."""
    folder = planted / "data" / "processed" / "A"
    responses = pd.read_parquet(folder / "responses.parquet")
    persons = {str(value).encode() for value in responses["person"].dropna()}
    segments = pd.read_parquet(folder / "segments.parquet")
    words = {str(text)[:60].encode() for text in segments["text"].dropna() if len(str(text)) > 30}
    for path in (path for path in reports.rglob("*") if path.is_file()):
        for part in parts(path):
            assert not [each for each in persons if len(each) > 4 and each in part], path.name
            assert not [each for each in words if each in part], path.name


def test_only_files_of_known_kinds_stand_in_the_reports(reports: Path) -> None:
    kinds = {path.suffix for path in reports.rglob("*") if path.is_file()}
    known = {".ipynb", ".html", ".svg", ".pdf", ".png", ".csv", ".txt", ".json", ".jsonl"}
    known |= {".cff", ".tex", ".yml"}
    assert kinds <= known


def test_no_path_of_the_machine_stands_in_the_reports(planted: Path, reports: Path) -> None:
    for path in (path for path in reports.rglob("*") if path.is_file()):
        for part in parts(path):
            assert str(planted).encode() not in part, path.name
            assert f"{Path.home()}/".encode() not in part, path.name


@pytest.mark.parametrize("name", ["values"])
def test_values_behind_figures_are_protected(name: str, planted: Path, reports: Path) -> None:
    policy = load_study(planted).disclosure
    tables = [pd.read_csv(path) for path in reports.rglob("figures/*.csv")]
    assert len(tables) >= 6
    for table in tables:
        sizes = table["n"].dropna()
        voices = "band" in table and "estimate" not in table
        assert voices or ((sizes >= policy.threshold) & (sizes % policy.round_to == 0)).all()
        for column in ("estimate", "low", "high"):
            if column in table:
                assert (table[column].dropna().round(2) == table[column].dropna()).all()
