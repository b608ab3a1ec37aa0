"""How long a large project of coded interviews takes to read, and how much memory, beside a parse.

    python benchmarks/reading.py [--megabytes 50]

Writes a REFI-QDA project as NVivo does (UTF-16 positions, CRLF) of at least this size as a zip,
with texts of made-up words, two coders, and a passage on every hundred words. The peer unpacks the
same zip and parses its XML whole with xml.etree, and decodes its texts: no positions, no tables.
Each runs in a fresh process, in turns; the best of three is printed. Memory is the growth of the
peak.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

WORDS_EACH, EVERY, CODES, ROUNDS = 12_000, 100, 60, 3
MEGABYTE = 1_000_000
DIGITS = "0123456789abcdef"


def guid(kind: int, number: int) -> str:
    """A guid that is always the same one."""
    return f"{kind:08x}-0000-4000-8000-{number:012x}"


def sources(dice: np.random.Generator) -> Iterator[tuple[str, bytes, int]]:
    """The XML of a source, its text as bytes, and how many codings it has; without end."""
    letters = np.array(list("aeiounrstlmkdgpéë🙂"))
    words = np.array(["".join(dice.choice(letters, dice.integers(2, 11))) for _ in range(30_000)])
    number = made = 0
    while True:
        number += 1
        chosen = dice.choice(words, WORDS_EACH)
        lines = [" ".join(chosen[at : at + 40]) for at in range(0, WORDS_EACH, 40)]
        text = "\r\n".join(lines)
        units = len(text.encode("utf-16-le")) // 2
        parts = []
        for start in range(0, units - 400, units * EVERY // WORDS_EACH):
            made += 1
            begin = text.index(" ", min(start, len(text) - 400)) + 1
            quote = text[begin : text.index(" ", begin + 150)]
            at = len(text[:begin].encode("utf-16-le")) // 2
            until = at + len(quote.encode("utf-16-le")) // 2
            parts.append(
                f'<PlainTextSelection guid="{guid(1, made)}" name="{" ".join(quote.split())}" '
                f'startPosition="{at}" endPosition="{until}" creatingUser="{guid(2, made % 2)}" '
                f'creationDateTime="2026-03-01T10:00:00Z"><Description>memo {made}</Description>'
                f'<Coding guid="{guid(3, made)}" creatingUser="{guid(2, made % 2)}">'
                f'<CodeRef targetGUID="{guid(4, made % CODES)}"/></Coding></PlainTextSelection>')
        key = guid(5, number)
        yield (f'<TextSource guid="{key}" name="Gesprek {number}" '
               f'plainTextPath="internal://{key}.txt">{"".join(parts)}</TextSource>',
               text.encode("utf-8"), len(parts))


def write_project(path: Path, megabytes: float) -> dict[str, float]:
    """A project of at least this size; what is in it."""
    codes = "".join(f'<Code guid="{guid(4, n)}" name="Code {n}" isCodable="true"/>'
                    for n in range(CODES))
    users = "".join(f'<User guid="{guid(2, n)}" name="Codeur {n}"/>' for n in range(2))
    xml, texts, codings, documents = [], 0, 0, 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for source, text, count in sources(np.random.default_rng(20250113)):
            documents, codings, texts = documents + 1, codings + count, texts + len(text)
            xml.append(source)
            archive.writestr(f"sources/{guid(5, documents)}.txt", text)
            if path.stat().st_size + sum(map(len, xml)) / 4.5 >= megabytes * MEGABYTE:
                break
        head = ('<?xml version="1.0" encoding="utf-8"?><Project '
                'xmlns="urn:QDA-XML:project:1.0" name="groot" origin="NVivo">')
        project = (f"{head}<Users>{users}</Users><CodeBook><Codes>{codes}</Codes></CodeBook>"
                   f"<Sources>{''.join(xml)}</Sources></Project>").encode()
        archive.writestr("project.qde", project)
    return {"zip": path.stat().st_size / MEGABYTE, "xml": len(project) / MEGABYTE,
            "texts": texts / MEGABYTE, "documents": documents, "codings": codings}


def ours(path: Path) -> int:
    """The delivery, as the program reads it; how many passages were found exactly."""
    from lostudy.deliveries import read_interviews

    return int((read_interviews(path).segments["offset_status"] == "exact").sum())


def peer(path: Path) -> int:
    """Unpack, parse whole, decode the texts; how many codings are pointed to."""
    import xml.etree.ElementTree as ElementTree

    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
        texts = [archive.read(name).decode("utf-8")
                 for name in archive.namelist() if name.startswith("sources/")]
    assert texts
    return sum(1 for _ in root.iter("{urn:QDA-XML:project:1.0}CodeRef"))


WAYS: dict[str, Callable[[Path], int]] = {"lostudy": ours, "xml.etree": peer}


def peak() -> float:
    """The most memory this process has held, in megabytes.

    From the process itself: the system's figure can be inherited from the parent.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


def measure(way: str, path: Path, small: Path) -> None:
    """In a process of its own: a small project first, then the large one; printed as JSON."""
    WAYS[way](small)
    before = peak()
    start = time.perf_counter()
    found = WAYS[way](path)
    print(json.dumps({"seconds": time.perf_counter() - start, "memory": peak() - before,
                      "found": found}))


def best(way: str, path: Path, small: Path) -> dict[str, float]:
    """One run in a fresh process."""
    command = [sys.executable, __file__, "--measure", way, str(path), str(small)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    return dict(json.loads(done.stdout))


def main(megabytes: float) -> None:
    """Write the projects, measure in turns, print."""
    with tempfile.TemporaryDirectory() as folder:
        path, small = Path(folder) / "large.qdpx", Path(folder) / "small.qdpx"
        holds = write_project(path, megabytes)
        write_project(small, 0.05)
        print(f"a .qdpx of {holds['zip']:.0f} MB: {holds['xml']:.0f} MB of XML, "
              f"{holds['texts']:.0f} MB of text, {holds['documents']:.0f} documents, "
              f"{holds['codings']:,.0f} codings")
        runs: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for _ in range(ROUNDS):
            for way, found in runs.items():
                found.append(best(way, path, small))
        for way, found in runs.items():
            seconds = min(each["seconds"] for each in found)
            memory = min(each["memory"] for each in found)
            codings = f"{found[0]['found']:,.0f} codings"
            print(f"{way:<10} {seconds:6.1f} s   {memory:6.0f} MB   {codings}")
        ratio, size = (min(each[key] for each in runs["lostudy"])
                       / min(each[key] for each in runs["xml.etree"])
                       for key in ("seconds", "memory"))
        print(f"ratio      {ratio:6.1f} ×   {size:6.2f} ×")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        parser = argparse.ArgumentParser(description=__doc__)
        parser.add_argument("--megabytes", type=float, default=50)
        main(parser.parse_args().megabytes)
