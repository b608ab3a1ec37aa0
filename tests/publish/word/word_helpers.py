"""A small registry of every kind, and Word documents as python-docx, pandoc and LibreOffice make
them."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from lxml import etree
from PIL import Image

from lostudy.findings import Finding
from lostudy.publish.states import Report
from lostudy.publish.word.check import check_word
from lostudy.publish.word.refresh import Refreshed, Wish, refresh_word

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NS = f'xmlns:w="{W}"'
COMMON = {"question": "lq2", "organisation": "A", "unit": "punten", "method": "gemiddelde",
          "notebook": "20-lq2/all"}  # fmt: skip


def interval(name: str, value: float, low: float, high: float, n: int = 50) -> Finding:
    text = f"{value:.2f} [{low:.2f}; {high:.2f}]".replace(".", ",")
    return Finding(name, "interval", value=value, low=low, high=high, n=n, text_nl=text,
                   text_en=text.replace(",", "."), decimals=2, label_nl=f"label van {name}",
                   label_en=f"label of {name}", **COMMON)  # fmt: skip


def words(name: str, kind: str, text: str, **more: object) -> Finding:
    return Finding(name, kind, value=None, low=None, high=None, n=None, text_nl=text, text_en=text,
                   **{**COMMON, **more})  # type: ignore[arg-type]  # fmt: skip


def registry(reports: Path, **changes: dict) -> dict[str, dict]:
    """A finding of each kind, with the picture of the figure in `reports`; `changes` by id."""
    (reports / "fig").mkdir(parents=True, exist_ok=True)
    picture = io.BytesIO()
    Image.new("RGB", (1890, 945), "white").save(picture, "PNG", dpi=(300, 300))
    (reports / "fig" / "levels.png").write_bytes(picture.getvalue())
    (reports / "fig" / "levels.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"/>', encoding="utf-8"
    )
    found = [
        interval("lq2.VA.A", 3.4, 3.31, 3.59),
        interval("lq2.VA.B", 2.5, 2.2, 2.7, 40),
        interval("lq2.change.VA.A", -0.35, -0.58, -0.12),
        words("lq2.VA.rises", "claim", "Verankering wijst op een stijging.", status="holds"),
        words("lq2.tab.change", "table", "Verandering per organisatie",
              cells=(("organisatie", "schatting", "n"), ("A", "0,35", "50"), ("B", "−0,2", "40")),
              words={"notes": "n afgerond op 5\ngesimuleerd"}),
        words("lq2.fig.levels", "figure", "Verankering per meting",
              cells=(("organisatie", "schatting"), ("A", "3.4")),
              words={"caption": "lq2 · gesimuleerd.", "alt": "Gemiddelden. A 3,4."},
              files={"png": "fig/levels.png", "svg": "fig/levels.svg"}),
        words("lq2.quote.a1", "quote", "we kijken nu samen terug", status="checked",
              words={"who_nl": "professional, organisatie A", "who_en": "professional, A"}),
        words("lq2.quote.a2", "quote", "nog niet gelezen", status="draft"),
        words("lq2.quote.a3", "quote", "", status="withdrawn"),
    ]  # fmt: skip
    records = {each.id: each.as_dict() for each in found}
    for name, change in changes.items():
        key = name.replace("__", ".")
        records[key] = {**records[key], **change}
    return records


CHANGED = {"lq2__VA__A": {"value": 3.6, "text_nl": "3,60 [3,40; 3,80]", "low": 3.4, "high": 3.8}}


def document(path: Path, *paragraphs: str) -> Path:
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    made.save(str(path))
    return path


def appended(path: Path, xml: str) -> Path:
    """A document with a paragraph of raw XML at its end."""
    made = docx.Document(str(path)) if path.exists() else docx.Document()
    body = made.element.body
    body.insert(len(body) - 1, parse_xml(xml.replace("<w:p>", f"<w:p {NS}>", 1)
                                         if NS not in xml else xml))  # fmt: skip
    made.save(str(path))
    return path


def xml_of(path: Path, part: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(path) as file:
        return etree.fromstring(file.read(part))


def text_of(path: Path, part: str = "word/document.xml") -> str:
    """All the text that is not deleted, paragraph by paragraph."""
    lines = []
    for paragraph in xml_of(path, part).iter(f"{{{W}}}p"):
        lines.append("".join(paragraph.itertext(f"{{{W}}}t")))
    return "\n".join(lines)


def edited(path: Path, old: str, new: str, part: str = "word/document.xml") -> None:
    """Somebody changes a few letters by hand."""
    with zipfile.ZipFile(path) as file:
        parts = {each.filename: file.read(each) for each in file.infolist()}
    text = parts[part].decode()
    assert old in text, f"{old!r} does not stand in {part}"
    parts[part] = text.replace(old, new, 1).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)


def check(path: Path, records: dict) -> Report:
    return check_word(path, records)


def refresh(path: Path, records: dict, reports: Path, **wish: object) -> Refreshed:
    return refresh_word(path, records, reports, Wish(**wish))  # type: ignore[arg-type]


def states(report: Report) -> dict[str, str]:
    return {f"{row.id}:{row.form}" if row.form else row.id: row.state for row in report.rows}


def soffice(path: Path, ending: str, folder: Path) -> Path:
    """The file as LibreOffice saves it; skips visibly where LibreOffice is not installed."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [program, profile, "--headless", "--convert-to", ending, "--outdir", str(folder),
               str(path)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    made = folder / f"{path.stem}.{ending}"
    assert made.exists(), done.stderr.decode()
    return made


def pandoc(text: str, path: Path) -> Path:
    """A document as pandoc makes it from Markdown; skips visibly where pandoc is not installed."""
    program = shutil.which("pandoc")
    if program is None:
        pytest.skip("pandoc is not installed")
    subprocess.run([program, "-f", "markdown", "-o", str(path)], input=text.encode(), check=True)
    return path
