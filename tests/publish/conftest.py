"""A copy of the shipped study with canaries in its deliveries, run once through the command line.

Canaries: a made-up name, an address and a sentence, planted wherever a delivery may hold them:
cells that the crosswalk ignores, free text, access codes, words of the interviews, names of
documents.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAME, MAIL = "Wilhelmina Zwaluwenkamp", "w.zwaluwenkamp@voorbeeld-canarie.nl"
SENTENCE = "die middag met de paarse paraplu vergeet ik nooit meer"
DOCUMENT = b"Gesprek A01 professional"
RENAMED = f"Gesprek met {NAME}, {SENTENCE}".replace(",", "").encode()
CANARIES = (NAME, MAIL, SENTENCE, "Zwaluwenkamp", "paarse paraplu")


def plant_in_survey(path: Path) -> None:
    """Into ignored columns of every third row: access code, address, free text."""
    content = path.read_bytes()
    encoding = "cp1252" if path.parent.name == "T0" else "utf-8"
    between = ";" if path.parent.name == "T0" else ","
    rows = list(csv.reader(io.StringIO(content.decode(encoding)), delimiter=between))
    head = [cell.split(".")[0] for cell in rows[0]]
    places = {"token": NAME, "ipaddr": MAIL, "opm": f"{NAME} ({MAIL}): {SENTENCE}"}
    for row in rows[1::3]:
        for column, value in places.items():
            row[head.index(column)] = value
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=between, lineterminator="\r\n").writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))


def plant_in_interviews(path: Path) -> None:
    """Behind the words of every document, and in the names of documents."""
    with zipfile.ZipFile(path) as package:
        parts = {each.filename: package.read(each) for each in package.infolist()}
    for name, content in parts.items():
        if name.endswith(".txt"):
            parts[name] = content + f"\r\n{NAME} ({MAIL}): {SENTENCE}\r\n".encode()
        if name.endswith(".qde"):
            parts[name] = content.replace(DOCUMENT, RENAMED)
    listed = path.with_name("conversations.csv")
    listed.write_bytes(listed.read_bytes().replace(DOCUMENT, RENAMED))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    for name in ("codebook", "data/raw"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "study.toml", folder)
    (folder / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "20-lq2.ipynb", folder / "notebooks")
    for wave in ("T0", "T1", "T2"):
        plant_in_survey(folder / "data" / "raw" / "A" / wave / "survey.csv")
    plant_in_interviews(folder / "data" / "raw" / "A" / "T2" / "interviews.qdpx")
    return folder


@pytest.fixture(scope="session")
def finished(planted: Path) -> subprocess.CompletedProcess[bytes]:
    """The run of one notebook for the organisation in whose deliveries the canaries stand."""
    command = [sys.executable, "-m", "lostudy.cli", "run", "--study", str(planted)]
    command += ["--organisation", "A", "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr.decode()
    return done


@pytest.fixture(scope="session")
def reports(planted: Path, finished: subprocess.CompletedProcess[bytes]) -> Path:
    return planted / "reports"
