"""How long an author waits: 400 numbers put into a document, checked, renewed; 5,000 figures found.

`python benchmarks/essay.py`. The peer is python-docx opening and saving the same file, in the same
process; what matters is the ratio. The catalogue is opened in headless Chromium, where installed.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import docx

from lostudy.findings import Finding
from lostudy.publish.catalogue import write_catalogue
from lostudy.publish.wish import Wish
from lostudy.publish.word.check import check_word
from lostudy.publish.word.refresh import refresh_word
from lostudy.study import load_study

ROOT = Path(__file__).parents[1]
NUMBERS, FIGURES, TIMES = 400, 5000, 7


def seconds(act: Callable[[], object]) -> float:
    """The median of some runs."""
    found = []
    for _ in range(TIMES):
        start = time.perf_counter()
        act()
        found.append(time.perf_counter() - start)
    return sorted(found)[len(found) // 2]


def finding(place: int, kind: str = "interval", **more: object) -> dict:
    facts = {"question": f"lq{place % 3 + 1}", "organisation": "ABCD"[place % 4], "value": 3.4,
             "low": 3.1, "high": 3.7, "n": 50, "unit": "", "text_nl": "3,40 [3,10; 3,70]",
             "text_en": "3.40 [3.10, 3.70]", "method": "mean", "decimals": 2,
             "notebook": "20-lq2/all", "label_nl": f"Getal {place}", "label_en": f"Number {place}",
             "tables": {name: "0" * 16 for name in "ABCD"}, "code": "0" * 16}  # fmt: skip
    return Finding(id=f"lq2.n{place}", kind=kind, **{**facts, **more}).as_dict()  # type: ignore[arg-type]


def word(folder: Path) -> None:
    """400 numbers in 400 paragraphs: adopt, check, renew all of them."""
    records = {each["id"]: each for each in map(finding, range(NUMBERS))}
    later = {key: {**each, "text_nl": "3,50 [3,20; 3,80]"} for key, each in records.items()}
    typed, filled = folder / "typed.docx", folder / "filled.docx"
    made = docx.Document()
    for name in records:
        made.add_paragraph(f"In deze zin staat {{{{{name}}}}}, en dan gaat hij verder.")
    made.save(str(typed))
    refresh_word(typed, records, folder, Wish(), filled)
    for path, label in ((typed, "with tokens"), (filled, "with controls")):
        peer = seconds(lambda path=path: docx.Document(str(path)).save(str(folder / "peer.docx")))
        print(f"python-docx opens and saves the document {label:<14} {peer:.3f} s")
    out = folder / "out.docx"
    acts = {
        "adopt 400 numbers": lambda: refresh_word(typed, records, folder, Wish(), out),
        "check 400 numbers": lambda: check_word(filled, records),
        "renew 400 numbers, with comments": lambda: refresh_word(
            filled, later, folder, Wish(), out
        ),
    }
    for label, act in acts.items():
        took = seconds(act)
        print(f"{label:<34} {took:.3f} s  {took / peer:4.1f} x python-docx")


def catalogue(folder: Path) -> None:
    """5,000 figures in the catalogue: written, opened, filtered."""
    study = load_study(ROOT)
    files = {each: f"20-lq2/all/figures/f.{each}" for each in ("csv", "pdf", "png", "svg", "txt")}
    words = {"caption": "lq2 · gesimuleerd.", "alt": "Gemiddelden met interval. " * 8}
    many = [finding(place, "figure", files=files, words=words) for place in range(FIGURES)]
    (folder / "findings.json").write_text(json.dumps(many), encoding="utf-8")
    took = seconds(lambda: write_catalogue(study, folder, [("20-lq2", "all", "nl")]))
    size = (folder / "index.html").stat().st_size / 1e6
    print(f"catalogue of {FIGURES} figures written, twice {took:.2f} s, {size:.1f} MB a page")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        print("chromium is not installed: the page was not opened")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        start = time.perf_counter()
        page.goto((folder / "index.html").as_uri())
        opened = time.perf_counter() - start
        filtered = page.evaluate(
            """() => { const field = document.getElementById('words'), times = [];
            for (const word of ['getal 4', 'getal 49', 'lq2.n123', 'niets', '']) {
              const start = performance.now(); field.value = word;
              field.dispatchEvent(new Event('input')); document.body.offsetHeight;
              times.push(performance.now() - start); } return Math.max(...times); }"""
        )
        browser.close()
    print(f"opened in {opened:.2f} s, slowest filter {filtered:.0f} ms")


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        word(Path(place))
        catalogue(Path(place))


if __name__ == "__main__":
    main()
