"""The face of the room: names, frozen results, and a message for whatever noise is delivered."""

from __future__ import annotations

import dataclasses
import inspect
import io
import random
import traceback
import zipfile
from pathlib import Path

import pytest

import lostudy.deliveries as deliveries
from lostudy.deliveries import read_interviews, read_survey
from lostudy.errors import DataError

SOURCE = Path(deliveries.__file__).parent


def test_the_public_names():
    assert sorted(deliveries.__all__) == [
        "CASES", "CODES", "COLUMNS", "DOCUMENTS", "HISTORY", "InterviewDelivery", "NOTES",
        "OFFSET_STATUS", "SEGMENTS", "Source", "SurveyDelivery", "read_interviews", "read_survey",
        "write_interviews"]
    assert all(hasattr(deliveries, name) for name in deliveries.__all__)


@pytest.mark.parametrize("read", [read_survey, read_interviews])
def test_a_reader_takes_a_path_and_perhaps_a_tool(read):
    assert list(inspect.signature(read).parameters) == ["path", "tool"]
    assert inspect.signature(read).parameters["tool"].default is None


def test_a_path_may_be_text(write):
    assert len(read_survey(str(write("a.csv", "id,q1\n1,2\n"))).answers) == 1


def test_results_are_frozen(write):
    delivery = read_survey(write("a.csv", "id,q1\n1,2\n"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        delivery.source = None
    with pytest.raises(dataclasses.FrozenInstanceError):
        delivery.source.tool = "x"


def test_reading_twice_gives_the_same(write):
    path = write("a.csv", "id,q1\n1,ja\n2,\n")
    one, two = read_survey(path), read_survey(path)
    assert one.source == two.source
    assert one.answers.equals(two.answers)
    assert one.columns.equals(two.columns)


def test_a_delivery_is_never_written(write):
    path = write("a.csv", "id,q1\n1,ja\n2,\n")
    path.chmod(0o444)
    before = path.stat().st_mtime_ns
    read_survey(path)
    assert path.stat().st_mtime_ns == before
    assert [found.name for found in path.parent.iterdir()] == ["a.csv"]


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.name)
def test_readers_know_no_study_and_draw_nothing(path):
    text = path.read_text(encoding="utf-8")
    for name in ("lostudy.study", "lostudy.cleaning", "matplotlib", "docx", "papermill"):
        assert f"import {name}" not in text
        assert f"from {name}" not in text
    assert len(text.splitlines()) <= 300


def samples(canary: str) -> dict[str, bytes]:
    """Small whole deliveries, as bytes, to be damaged."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["id", "naam", "q1"], [1, canary, 3], [2, canary, None]):
        book.active.append(row)
    xlsx = io.BytesIO()
    book.save(xlsx)
    project = (
        '<?xml version="1.0"?><Project xmlns="urn:x"><CodeBook><Codes><Code guid="c" name="n"/>'
        '</Codes></CodeBook><Sources><TextSource guid="t" name="x"><PlainTextContent>'
        f'{canary} is hier.</PlainTextContent><PlainTextSelection guid="s" startPosition="0" '
        'endPosition="5"><Coding><CodeRef targetGUID="c"/></Coding></PlainTextSelection>'
        "</TextSource></Sources></Project>")
    qdpx = io.BytesIO()
    with zipfile.ZipFile(qdpx, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", project)
    lines = "".join(f'{n},"{canary}",3\r\n' for n in range(20))
    return {
        "csv": ("id. Nummer,q1. Naam,q2. Vraag\r\n" + lines).encode(),
        "xlsx": xlsx.getvalue(), "qdpx": qdpx.getvalue(), "qde": project.encode(),
    }


def damaged(data: bytes, dice: random.Random) -> bytes:
    """Bytes cut, changed, taken out or put in, as lines and disks do."""
    found = bytearray(data)
    if dice.random() < 0.25:
        return bytes(found[: dice.randrange(1, len(found))])
    for _ in range(dice.choice((1, 2, 8))):
        place = dice.randrange(len(found))
        match dice.randrange(3):
            case 0:
                found[place] = dice.randrange(256)
            case 1:
                del found[place : place + dice.choice((1, 3, 40))]
            case _:
                found[place:place] = bytes([dice.choice(b'",;\n\t\r\x00<>&{}')])
        if not found:
            return b"x"
    return bytes(found)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "qdpx", "qde"])
def test_noise_is_read_or_refused_and_nothing_else(tmp_path, canary, kind):
    """A fixed seed made from a word; any other exception, or a value in a message, fails."""
    dice = random.Random(f"ruis {kind}")
    read = read_survey if kind in ("csv", "xlsx") else read_interviews
    path = tmp_path / f"a.{kind}"
    whole = samples(canary)[kind]
    outcomes = set()
    for _ in range(60 if kind == "xlsx" else 150):
        path.write_bytes(damaged(whole, dice))
        try:
            read(path)
            outcomes.add("read")
        except DataError as error:
            outcomes.add("refused")
            assert canary not in "".join(traceback.format_exception(error))
    assert outcomes == {"read", "refused"}
