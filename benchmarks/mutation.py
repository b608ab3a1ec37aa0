"""Does a test fail when a comparison of the disclosure room is turned? Each one is turned, once.

    python benchmarks/mutation.py [--only protect.py]

Every comparison in src/lostudy/disclosure is turned in a copy of the package (> to >=, < to <=, ==
to !=, in to not in, and to or), and tests run against it: those of its subject first, then those of
the whole room. Printed: how many were noticed, and the ones that were not, by file and line.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOM = Path("src/lostudy/disclosure")
TURNED = {
    ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


def places(tree: ast.AST) -> Iterator[tuple[ast.AST, int]]:
    """Every operator that can be turned: the node, and which of its operators."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            yield from ((node, number) for number in range(len(node.ops)))
        elif isinstance(node, ast.BoolOp):
            yield node, 0


def mutants(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, what was turned, and the whole file with that one operator turned."""
    source = path.read_text(encoding="utf-8")
    for which in range(sum(1 for _ in places(ast.parse(source)))):
        tree = ast.parse(source)
        node, number = list(places(tree))[which]
        old = node.ops[number] if isinstance(node, ast.Compare) else node.op
        new = TURNED[type(old)]()
        if isinstance(node, ast.Compare):
            node.ops[number] = new
        else:
            node.op = new
        yield node.lineno, f"{type(old).__name__} → {type(new).__name__}", ast.unparse(tree)


SUBJECTS = {
    "attack systems exposures numbers claims ledger": "attack",
    "protect people policy rounding safe stacking tables unlisted": "protect",
    "suppression sums": "suppression", "shares": "shares", "voices joint": "voices",
    "drawings gathering office parts pictures scan sought": "files",
    "capitals folding marks names scrub second": "text",
}  # fmt: skip


def tests_of(path: Path) -> str:
    """The tests that are about a module."""
    found = [name for stems, name in SUBJECTS.items() if path.stem in stems.split()]
    return f"tests/disclosure/test_disclosure_{found[0]}.py" if found else "tests/disclosure"


def noticed(copy: Path, tests: str) -> bool:
    """Whether a test fails against the copy; a run that takes too long was noticed too."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", tests]
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=300
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    files = [path for path in sorted((ROOT / ROOM).rglob("*.py")) if chosen.only in path.as_posix()]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copytree(ROOT / "src", copy / "src")
        if noticed(copy, "tests/disclosure"):
            sys.exit("the tests fail before anything is turned")
        every = [(path, *each) for path in files for each in mutants(path)]
        missed, start = [], time.perf_counter()
        for number, (path, line, what, text) in enumerate(every, start=1):
            place = copy / path.relative_to(ROOT)
            kept = place.read_text(encoding="utf-8")
            place.write_text(text, encoding="utf-8")
            if not (noticed(copy, tests_of(path)) or noticed(copy, "tests/disclosure")):
                missed.append(f"{path.relative_to(ROOT / ROOM)}:{line}: {what}")
                print(f"not noticed: {missed[-1]}", flush=True)
            place.write_text(kept, encoding="utf-8")
            left = (time.perf_counter() - start) / number * (len(every) - number)
            print(f"{number} of {len(every)}, about {left / 60:.0f} min left", file=sys.stderr)
    print(f"{len(every) - len(missed)} of {len(every)} turned operators were noticed by a test")


if __name__ == "__main__":
    main()
