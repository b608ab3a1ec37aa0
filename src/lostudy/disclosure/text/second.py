"""A second pass over texts by deduce, in a process of its own: a help, never the guarantee.

deduce (LGPL-3) is an extra: `pip install "lostudy[deid]"`. It takes long to start and much memory,
so it runs apart, once for many texts, and keeps its lists in the user's own cache.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from lostudy.disclosure.text.marks import Mark
from lostudy.errors import Problem, RunError, StudyError

KINDS = {
    "persoon": "person", "patient": "person", "locatie": "place", "instelling": "organisation",
    "ziekenhuis": "organisation", "datum": "date", "telefoonnummer": "phone",
    "emailadres": "email", "url": "url", "bsn": "bsn", "id": "bsn", "postcode": "postcode",
}  # fmt: skip
PROGRAM = """
import json, logging, sys
from pathlib import Path
logging.disable(logging.CRITICAL)
from deduce import Deduce
found = Deduce(cache_path=Path(sys.argv[1]))
for line in sys.stdin:
    notes = found.deidentify(json.loads(line)).annotations
    print(json.dumps([[each.start_char, each.end_char, each.tag] for each in notes]), flush=True)
"""


def second_pass(texts: Sequence[str], limit: int = 900) -> list[list[Mark]]:
    """The marks that deduce finds in each text.

    Raises StudyError where deduce is not installed, RunError where it fails or takes longer than
    `limit` seconds; never with a text in the message.
    """
    if importlib.util.find_spec("deduce") is None:
        cure = 'pip install "lostudy[deid]", or leave the second pass out'
        raise StudyError(Problem("the second pass over texts is not installed", cure))
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lostudy" / "deduce"
    home.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    command = [sys.executable, "-c", PROGRAM, str(home)]
    try:
        done = subprocess.run(
            command, input=lines, capture_output=True, text=True, check=True, timeout=limit
        )
        return [_marks(json.loads(line)) for line in done.stdout.splitlines()]
    except (subprocess.SubprocessError, ValueError):
        cure = "run it again with fewer texts; if it stays, leave the second pass out"
        raise RunError(Problem("the second pass over texts did not finish", cure)) from None


def _marks(notes: list) -> list[Mark]:
    return sorted(Mark(start, end, KINDS.get(tag, "person")) for start, end, tag in notes)
