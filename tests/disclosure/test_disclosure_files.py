"""Every kind of file that may leave, with something in each of its corners that may not."""

from __future__ import annotations

import base64
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import openpyxl
import pandas as pd
import pytest
from docx import Document
from docx.oxml import parse_xml
from matplotlib.axes import Axes
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lostudy.disclosure.files import Sought, parts_of, scan
from lostudy.disclosure.files.sought import answer_rows, passages, phrases, words_of

NAME, MAIL = "Wilhelmina Zwaluwenkamp", "w.zwaluwenkamp@voorbeeld-canarie.nl"
BSN, TEAM = "BSN 111222333", "Stichting Zonnedauw"
SENTENCE = "die middag met de paarse paraplu vergeet ik echt nooit meer"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture
def sought() -> Sought:
    random = np.random.default_rng(list(b"answers"))
    answers = pd.DataFrame(random.integers(1, 6, (20, 40)), columns=[f"v{i}" for i in range(40)])
    return Sought(
        phrases([(NAME, "the name of a person"), (TEAM, "the name of an organisation"),
                 ("p071fcf74da7d", "the key of a person")]),
        passages([SENTENCE]),
        answer_rows(answers, list(answers)),
    )  # fmt: skip


def found(folder: Path, sought: Sought) -> list[str]:
    return sorted({each.what for each in scan(folder, sought)})


def holds(folder: Path, sought: Sought, kind: str) -> bool:
    return any(each.startswith(f"it holds {kind}") for each in found(folder, sought))


def picture(**texts: str) -> bytes:
    facts, buffer = PngInfo(), io.BytesIO()
    for key, text in texts.items():
        facts.add_itxt(key, text, zip=True)
    Image.new("RGB", (3, 3)).save(buffer, "PNG", pnginfo=facts)
    return buffer.getvalue()


def photo(exif: bool = False) -> bytes:
    facts, buffer = Image.Exif(), io.BytesIO()
    facts[315] = NAME
    Image.new("RGB", (3, 3)).save(buffer, "JPEG", **({"exif": facts} if exif else {}))
    return buffer.getvalue()


def drawing(folder: Path, points: int, rows: int, kind: str = "svg", **metadata: str) -> Path:
    """A drawing of so many points, with so many values beside it."""
    figure, axes = plt.subplots()
    axes.plot(range(points), np.linspace(1, 5, points), "o")
    path = folder / f"figure.{kind}"
    with mpl.rc_context({"svg.fonttype": "none", "pdf.fonttype": 42}):
        axes.set_title(metadata.pop("title", "Titel"))
        figure.savefig(path, metadata=metadata or None)
    plt.close(figure)
    if rows:
        pd.DataFrame({"estimate": range(rows)}).to_csv(path.with_suffix(".csv"), index=False)
    return path


def document(change: Callable[[Document], None]) -> bytes:
    made, buffer = Document(), io.BytesIO()
    made.core_properties.author = ""
    change(made)
    made.save(buffer)
    return without(buffer.getvalue(), "thumbnail")


def without(content: bytes, name: str) -> bytes:
    """An Office file without the parts that are called so."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for each in (each for each in old.infolist() if name not in each.filename):
            new.writestr(each, old.read(each))
    return buffer.getvalue()


def sheet(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    change(book)
    book.save(buffer)
    return buffer.getvalue()


def packed(content: bytes, name: str, inner: bytes) -> bytes:
    """An Office file with one more part in it."""
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr(name, inner)
    return buffer.getvalue()


def notebook(*outputs: nbformat.NotebookNode, source: str = "1") -> bytes:
    cell = nbformat.v4.new_code_cell(source, outputs=list(outputs))
    return nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()


def shown(**data: object) -> nbformat.NotebookNode:
    kinds = {key.replace("__", "/"): value for key, value in data.items()}
    return nbformat.v4.new_output("display_data", data=kinds)


def hidden_row(book: openpyxl.Workbook) -> None:
    book.active["A2"] = NAME
    book.active.row_dimensions[2].hidden = True


def hidden_sheet(book: openpyxl.Workbook) -> None:
    book.create_sheet("b").sheet_state = "veryHidden"
    book["b"]["A1"] = NAME


def header(made: Document) -> None:
    made.sections[0].header.paragraphs[0].text = NAME


def cut_in_runs(made: Document) -> None:
    paragraph = made.add_paragraph()
    for piece in ("Wilhel", "mina Zwa", "luwenkamp"):
        paragraph.add_run(piece)


def alternative_text(made: Document) -> None:
    made.add_picture(io.BytesIO(picture()))
    made.inline_shapes[0]._inline.docPr.set("descr", f"Portret van {NAME}")


def nothing(_: object) -> None:
    """A document or book as it is."""


def table(made: Document) -> None:
    made.add_table(1, 1).cell(0, 0).text = NAME


def photographed(made: Document) -> None:
    made.add_picture(io.BytesIO(picture(Author=NAME)))


def about(made: Document) -> None:
    made.core_properties.subject = NAME


def written_by(made: Document) -> None:
    made.core_properties.author = "E. de Boer"


NOTE = f"<w:f {W}><w:t>{NAME}</w:t></w:f>".encode()
TITLE = f"<title>{NAME}</title>"


CORNERS: dict[str, tuple[str, bytes]] = {
    "text": ("a.txt", NAME.encode()),
    "other case and line break": ("a.md", b"WILHELMINA\r\n  zwaluwenkamp"),
    "a Quarto text": ("a.qmd", f"---\nauthor: {NAME}\n---\n".encode()),
    "its own name": (f"{NAME}.txt", b"x"),
    "a CSV cell": ("a.csv", f"n,naam\n10,{NAME}\n".encode()),
    "HTML entities": ("a.html", b"<p>Wilhelmina &#90;waluwenkamp</p>"),
    "an HTML comment": ("a.html", f"<!-- {NAME} -->".encode()),
    "an HTML attribute": ("a.html", f'<img alt="{NAME}">'.encode()),
    "over HTML tags": ("a.html", b"<b>Wilhelmina</b> <i>Zwaluwenkamp</i>"),
    "a picture in HTML": (
        "a.html",
        b'<img src="data:image/png;base64,' + base64.b64encode(picture(Author=NAME)) + b'">',
    ),
    "JSON escapes": ("a.json", b'{"a": ["Wilhelmina \\u005awaluwenkamp"]}'),
    "a JSON key": ("a.json", json.dumps({NAME: 1}).encode()),
    "a JSON line": ("a.jsonl", b'{"a": 1}\n' + json.dumps({"b": NAME}).encode()),
    "a PNG text": ("a.png", picture(Description=NAME)),
    "behind a PNG": ("a.png", picture() + NAME.encode()),
    "facts of a photo": ("a.jpg", photo(exif=True)),
    "notebook source": ("a.ipynb", notebook(source=f"# {NAME}")),
    "a notebook stream": ("a.ipynb", notebook(nbformat.v4.new_output("stream", text=NAME))),
    "a notebook table": ("a.ipynb", notebook(shown(text__html=f"<td>{NAME}</td>"))),
    "a notebook picture": (
        "a.ipynb",
        notebook(shown(image__png=base64.b64encode(picture(Title=NAME)).decode())),
    ),
    "a notebook drawing": ("a.ipynb", notebook(shown(image__svg_xml=f"<svg>{TITLE}</svg>"))),
    "a traceback": (
        "a.ipynb",
        notebook(nbformat.v4.new_output("error", ename="E", evalue="", traceback=[NAME])),
    ),
    "an SVG title": ("a.svg", f"<svg xmlns='http://www.w3.org/2000/svg'>{TITLE}</svg>".encode()),
    "an SVG comment": ("a.svg", f"<svg><!-- {NAME} --></svg>".encode()),
    "SVG spans": (
        "a.svg",
        b"<svg><text><tspan>Wilhelmina </tspan><tspan>Zwaluwenkamp</tspan></text></svg>",
    ),
    "Word text": ("a.docx", document(lambda made: made.add_paragraph(NAME))),
    "Word text cut in runs": ("a.docx", document(cut_in_runs)),
    "a Word table": ("a.docx", document(table)),
    "a Word header": ("a.docx", document(header)),
    "a Word picture": ("a.docx", document(photographed)),
    "Word alternative text": ("a.docx", document(alternative_text)),
    "a Word property": ("a.docx", document(about)),
    "a Word footnote": ("a.docx", packed(document(nothing), "word/footnotes.xml", NOTE)),
    "an Excel cell": ("a.xlsx", sheet(lambda book: book.active.append([NAME]))),
    "a hidden Excel sheet": ("a.xlsx", sheet(hidden_sheet)),
    "a hidden Excel row": ("a.xlsx", sheet(hidden_row)),
    "an Excel sheet name": ("a.xlsx", sheet(lambda book: setattr(book.active, "title", NAME))),
}  # fmt: skip


@pytest.mark.parametrize("corner", CORNERS)
def test_a_name_is_found_in_every_corner(corner: str, tmp_path: Path, sought: Sought) -> None:
    name, content = CORNERS[corner]
    (tmp_path / name).write_bytes(content)
    assert holds(tmp_path, sought, "the name of a person"), found(tmp_path, sought)


@pytest.mark.parametrize("corner", CORNERS)
def test_no_message_tells_what_was_found(corner: str, tmp_path: Path, sought: Sought) -> None:
    name, content = CORNERS[corner]
    (tmp_path / name.replace(NAME, "file")).write_bytes(content)
    said = " ".join(str(each) for each in scan(tmp_path, sought)).casefold()
    assert "zwaluwenkamp" not in said and "wilhelmina" not in said


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_a_name_is_found_in_the_words_and_facts_of_a_figure(
    kind: str, tmp_path: Path, sought: Sought
) -> None:
    drawing(tmp_path, 3, 3, kind, title=f"Over {NAME}")
    assert holds(tmp_path, sought, "the name of a person")
    facts = {"svg": {"Description": NAME}, "pdf": {"Subject": NAME}}[kind]
    other = tmp_path / "facts"
    other.mkdir()
    drawing(other, 3, 3, kind, **facts)
    assert holds(other, sought, "the name of a person")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (MAIL, "an e-mail address"),
        (BSN, "a citizen service number"),
        ("NL91 ABNA 0417 1643 00", "a bank account"),
        ("bel 06-12 34 56 78", "a telephone number"),
        (TEAM.upper(), "the name of an organisation"),
        ("(p071fcf74da7d)", "the key of a person"),
        (SENTENCE.replace(" ", "\n"), "words of a person"),
        ("…met de paarse paraplu vergeet ik…", "words of a person"),
    ],
)
def test_each_kind_of_thing_is_found(text: str, kind: str, tmp_path: Path, sought: Sought) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert holds(tmp_path, sought, kind)
    (tmp_path / "a.txt").unlink()
    (tmp_path / "a.docx").write_bytes(document(lambda made: made.add_paragraph(text)))
    assert holds(tmp_path, sought, kind)


ROWS = np.random.default_rng(list(b"answers")).integers(1, 6, (20, 40))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", str(ROWS[7].tolist())),
        ("a.txt", " ".join(map(str, ROWS[7][10:25]))),
        ("a.csv", "\n".join(",".join(map(str, row)) for row in ROWS[:3])),
        ("a.csv", "v1\n" + "\n".join(map(str, ROWS[:, 4]))),
        ("a.csv", "v1\n" + "\n".join(f"{value}.0" for value in ROWS[:, 4])),
        ("a.json", json.dumps({"v": ROWS[3].tolist()})),
        (
            "a.ipynb",
            notebook(nbformat.v4.new_output("stream", text=str(ROWS[2].tolist()))).decode(),
        ),
    ],
    ids=["a list", "a line", "rows", "a column", "a column of floats", "JSON", "a notebook"],
)
def test_answers_are_found_by_their_numbers(
    name: str, text: str, tmp_path: Path, sought: Sought
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert any("answers of a person" in each for each in found(tmp_path, sought))


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.parquet", b"PAR1", "files of this kind do not leave"),
        ("a.pickle", b"x", "files of this kind do not leave"),
        ("a.zip", b"PK", "files of this kind do not leave"),
        ("a.sav", b"x", "files of this kind do not leave"),
        ("noending", b"x", "files of this kind do not leave"),
        (".hidden", b"x", "files of this kind do not leave"),
        ("a.txt", b"\xff\xfe\x00", "it is not in UTF-8"),
        ("a.txt", b"a\x00b", "it holds NUL bytes"),
        ("a.png", b"GIF89a", "it is no PNG"),
        ("a.jpeg", b"GIF89a", "it is no JPEG"),
        ("a.jpg", photo(exif=True), "it holds more than a picture"),
        ("a.jpg", photo() + b"x", "bytes stand behind the picture"),
        ("a.json", b"{", "it is no JSON that can be read"),
        ("a.ipynb", b"[]", "it is no notebook that can be read"),
        ("a.svg", b"<svg>", "it is no XML that can be read"),
        ("a.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "it declares entities"),
        ("a.svg", b"<svg><script>x</script></svg>", "it holds a script"),
        ("a.pdf", b"%PDF-1.4 nothing", "it does not begin and end as a PDF"),
        ("a.docx", b"PK not a zip", "it is no Word or Excel file that can be opened"),
        ("a.docx", packed(document(nothing), "word/vbaProject.bin", b"x"), "it holds a program"),
        ("a.docx", packed(document(nothing), "word/embeddings/a.xlsx", b"x"), "another file is"),
        ("a.docx", packed(document(nothing), "docProps/thumbnail.jpeg", b"x"), "it holds a pre"),
        ("a.docx", packed(document(nothing), "word/comments.xml", b"<x/>"), "it holds comments"),
        ("a.docx", packed(document(nothing), "word/media/a.exe", b"x"), "files of this kind"),
        ("a.xlsx", packed(sheet(nothing), "xl/pivotCache/r.xml", b"<x/>"), "the records behind"),
        ("a.xlsx", sheet(hidden_sheet), "it holds a hidden sheet"),
        ("a.xlsx", sheet(hidden_row), "it holds hidden rows or columns"),
        ("a.docx", document(written_by), "its properties name"),
    ],
)  # fmt: skip
def test_what_cannot_be_looked_through_does_not_leave(
    name: str, content: bytes, what: str, tmp_path: Path, sought: Sought
) -> None:
    (tmp_path / name).write_bytes(content)
    assert any(each.startswith(what) for each in found(tmp_path, sought)), found(tmp_path, sought)


@pytest.mark.parametrize("sign", ['<w:ins w:id="1"/>', '<w:del w:id="1"/>'])
def test_tracked_changes_do_not_leave(sign: str, tmp_path: Path, sought: Sought) -> None:
    def tracked(made: Document) -> None:
        made.add_paragraph("x")._p.append(parse_xml(sign.replace(" w:id", f" {W} w:id")))

    (tmp_path / "a.docx").write_bytes(document(tracked))
    assert any("tracked changes" in each for each in found(tmp_path, sought))


def test_a_pdf_with_another_file_or_something_behind_it(tmp_path: Path, sought: Sought) -> None:
    path = drawing(tmp_path, 3, 3, "pdf")
    clean = path.read_bytes()
    path.write_bytes(clean + NAME.encode())
    assert holds(tmp_path, sought, "the name of a person") or found(tmp_path, sought)
    path.write_bytes(clean.replace(b"/Type /Catalog", b"/Type /Catalog /EmbeddedFile 1"))
    assert any("attached files" in each for each in found(tmp_path, sought))


def test_a_drawing_with_a_point_per_person_does_not_leave(tmp_path: Path, sought: Sought) -> None:
    drawing(tmp_path, 180, 12)
    assert any(each.startswith("more marks than values") for each in found(tmp_path, sought))


def strip(axes: Axes, values: np.ndarray) -> None:
    axes.scatter(range(len(values)), values)


def of_many_sizes(axes: Axes, values: np.ndarray) -> None:
    axes.scatter(range(len(values)), values, s=20 + 9 * values)


def rug(axes: Axes, values: np.ndarray) -> None:
    axes.eventplot(values, linelengths=0.05)


def steps(axes: Axes, values: np.ndarray) -> None:
    axes.ecdf(values)


def bars(axes: Axes, values: np.ndarray) -> None:
    axes.bar(range(len(values)), values)


@pytest.mark.parametrize("rows", [3, 12])
@pytest.mark.parametrize("kind", ["svg", "pdf"])
@pytest.mark.parametrize("plot", [strip, of_many_sizes, rug, steps, bars])
def test_a_mark_per_person_does_not_leave_whatever_its_form(
    plot: Callable, kind: str, rows: int, tmp_path: Path, sought: Sought
) -> None:
    values = np.random.default_rng(list(b"marks")).normal(3, 0.7, 60 if plot is rug else 42)
    figure, axes = plt.subplots()
    plot(axes, values)
    figure.savefig(tmp_path / f"figure.{kind}")
    plt.close(figure)
    pd.DataFrame({"estimate": range(rows)}).to_csv(tmp_path / "figure.csv", index=False)
    assert "more marks than values are drawn" in found(tmp_path, sought)


@pytest.mark.parametrize(
    "drawn",
    ["<rect/>", "<ellipse/>", "<image/>", "<line/>", '<path d="M0 0c1 1 1 1 1 1z"/>',
     '<use xmlns:x="http://www.w3.org/1999/xlink" x:href="#m1"/>'],
)  # fmt: skip
def test_marks_are_counted_by_hand_written_drawings_too(
    drawn: str, tmp_path: Path, sought: Sought
) -> None:
    (tmp_path / "a.csv").write_text("estimate\n1\n2\n3\n")
    (tmp_path / "a.svg").write_text(f"<svg><g>{drawn * 42}</g></svg>")
    assert found(tmp_path, sought) == ["more marks than values are drawn"]
    (tmp_path / "a.svg").write_text(f"<svg><defs>{drawn * 42}</defs>{drawn * 3}</svg>")
    assert found(tmp_path, sought) == []


def test_a_drawing_without_its_values_does_not_leave(tmp_path: Path, sought: Sought) -> None:
    drawing(tmp_path, 12, 0)
    assert found(tmp_path, sought) == ["a drawing without the values that it shows"]


def test_a_drawing_of_groups_leaves(tmp_path: Path, sought: Sought) -> None:
    drawing(tmp_path, 12, 12)
    drawing(tmp_path, 12, 12, "pdf")
    drawing(tmp_path, 12, 12, "png")
    assert found(tmp_path, sought) == []


def test_a_path_of_a_computer_does_not_leave(tmp_path: Path, sought: Sought) -> None:
    for number, text in enumerate(("/home/somebody/x.csv", r"C:\Users\eva", "file:///x", "/tmp/a")):
        (tmp_path / f"{number}.txt").write_text(text)
    problems = scan(tmp_path, sought)
    assert [each.what for each in problems] == ["it holds a path of a computer"] * 4


def test_a_link_to_another_place_does_not_leave(tmp_path: Path, sought: Sought) -> None:
    (tmp_path / "a.txt").symlink_to("/etc/hosts")
    assert found(tmp_path, sought) == ["it is a link to another place"]


def test_a_bomb_is_not_opened(tmp_path: Path, sought: Sought) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * 60_000_000)
    (tmp_path / "a.docx").write_bytes(buffer.getvalue())
    assert found(tmp_path, sought) == ["it is encrypted, or far larger than it seems"]


def test_ordinary_files_leave(tmp_path: Path, sought: Sought) -> None:
    """What reports hold in fact: numbers, percentages, dates, digests; and a plain document."""
    (tmp_path / "a.csv").write_text("organisation,n,estimate\nA,65,3.25\nB,40,3.3\n")
    (tmp_path / "b.json").write_text(json.dumps({"code": "305a327762409575", "on": "2025-01-13"}))
    (tmp_path / "c.txt").write_text("In 3 van de 4 organisaties; n = 120 (95%-BI 0,12 tot 0,41).")
    (tmp_path / "d.png").write_bytes(picture(Title="Verankering", Description="Gemiddelden"))
    (tmp_path / "d.jpg").write_bytes(photo())
    (tmp_path / "e.docx").write_bytes(document(lambda made: made.add_paragraph("De paarse map.")))
    (tmp_path / "f.xlsx").write_bytes(sheet(lambda book: book.active.append([1, 2, 3])))
    assert [str(each) for each in scan(tmp_path, sought)] == []


def test_words_are_compared_without_what_writing_adds() -> None:
    assert words_of("Zwalu\u00adwen\ufb01n, D'hondt!") == ["zwaluwenfin", "d'hondt"]


def test_what_the_study_says_itself_is_no_quote() -> None:
    said = ["ik weet goed wat ik dit jaar wil leren en waarom"]
    own = ["Ik weet goed wat ik dit jaar wil leren."]
    left = passages(said, own)
    assert ("ik", "weet", "goed", "wat", "ik") not in left
    assert ("wil", "leren", "en", "waarom") not in left
    assert ("jaar", "wil", "leren", "en", "waarom") in left


def test_short_texts_and_equal_answers_are_not_sought() -> None:
    assert phrases([("ja", "x"), ("12", "x"), ("n.v.t.", "x")]) == {}
    alike = pd.DataFrame([[4] * 30, [4, 5] * 15], columns=[f"v{i}" for i in range(30)])
    assert answer_rows(alike, list(alike)) == frozenset()


def test_packed_pictures_are_opened_to_a_depth_only() -> None:
    inner = b"<svg></svg>"
    for _ in range(8):
        code = base64.b64encode(inner)
        inner = b'<svg><image href="data:image/svg+xml;base64,' + code + b'"/></svg>'
    wrong = {part.wrong for part in parts_of("a.svg", inner)}
    assert "it is packed too deep to be looked through" in wrong


def test_streams_of_a_pdf_are_unpacked() -> None:
    content = (
        b"%PDF-1.4\nstream\n" + zlib.compress(f"({NAME}) Tj".encode()) + b"\nendstream\n%%EOF\n"
    )
    assert any(NAME in part.text for part in parts_of("a.pdf", content))


SHORT_NAMES = Sought(
    phrases([(each, "the name of a person") for each in ("Kwakkelstein", "Bas", "Zoë", "José")]
            + [("Zonnekwartier", "the name of an organisation"),
               ("Wijkteam Beverlanden", "the name of a team")])
)  # fmt: skip


def unzipped(content: bytes) -> tuple[int, int]:
    """Where the list of parts of a package begins, and where its end record does."""
    end = content.rindex(b"PK\x05\x06")
    return int.from_bytes(content[end + 16 : end + 20], "little"), end


def between_parts(content: bytes, more: bytes) -> bytes:
    start, end = unzipped(content)
    place = (start + len(more)).to_bytes(4, "little")
    return content[:start] + more + content[start : end + 16] + place + content[end + 20 :]


def with_comment(content: bytes) -> bytes:
    buffer, note = io.BytesIO(content), zipfile.ZipInfo("xl/a.xml")
    note.comment = b"Kwakkelstein"
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr(note, "<a/>")
    return buffer.getvalue()


def in_header(book: openpyxl.Workbook) -> None:
    book.active.oddHeader.center.text = "Kwakkelstein"


def in_formula(book: openpyxl.Workbook) -> None:
    book.active["A1"] = '="Kwakkel"&"stein"'


def behind_rows() -> bytes:
    content = picture()
    place = content.index(b"IDAT") - 4
    size = int.from_bytes(content[place : place + 4], "big")
    rows = zlib.decompress(content[place + 8 : place + 8 + size]) + b"Kwakkelstein"
    data = b"IDAT" + zlib.compress(rows)
    chunk = (len(data) - 4).to_bytes(4, "big") + data + zlib.crc32(data).to_bytes(4, "big")
    return content[:place] + chunk + content[place + 12 + size :]


def attached() -> bytes:
    cell = nbformat.v4.new_markdown_cell("x", attachments={"a": {"text/plain": "Kwakkelstein"}})
    return nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()


def with_facts() -> bytes:
    output = nbformat.v4.new_output("display_data", data={}, metadata={"by": "Kwakkelstein"})
    return notebook(output)


CSV = base64.b64encode(b"n,name\n1,Kwakkelstein\n").decode()
SVG = '<svg xmlns="http://www.w3.org/2000/svg"'
HIDING: dict[str, tuple[str, bytes]] = {
    "three letters": ("a.txt", b"Toen zei Bas het."),
    "without its accent": ("a.txt", b"Toen zei Zoe het."),
    "with another accent": ("a.txt", "Jose\u0301 zei het".encode()),
    "two names as one": ("a.txt", b"WilhelminaKwakkelstein"),
    "a compound": ("a.txt", b"het Zonnekwartierteam"),
    "two words as one": ("a.txt", b"WijkteamBeverlanden"),
    "a file name": ("zonnekwartier2025.txt", b"x"),
    "a sign that is not seen": ("a.txt", "Kwakkel\u200bstein".encode()),
    "letters that look alike": ("a.txt", "Kw\u0430kkelst\u0435in".encode()),
    "half in bold": ("a.html", b"<p>Kwakkel<b>stein</b></p>"),
    "a place to break": ("a.html", b"<p>Kwakkel<wbr>stein</p>"),
    "a joiner": ("a.html", b"<p>Kwakkel&zwj;stein</p>"),
    "escapes of a script": ("a.html", rb'<script>var a = "\u004bwakkelstein"</script>'),
    "escapes of a program": ("a.js", rb'var a = "\x4bwakkelstein"'),
    "an address": ("a.html", b'<a href="x/%4Bwakkelstein">'),
    "a packed table": ("a.html", f'<a href="data:text/csv;base64,{CSV}">'.encode()),
    "a name in a drawing": ("a.svg", f'{SVG} id="Kwakkelstein"/>'.encode()),
    "a style in a drawing": ("a.svg", f'{SVG} style="font-family: Kwakkelstein"/>'.encode()),
    "a link in a drawing": ("a.svg", f'{SVG}><a href="data:,Kwakkelstein"/></svg>'.encode()),
    "a tag": ("a.svg", f"{SVG}><Kwakkelstein/></svg>".encode()),
    "a namespace": ("a.svg", f'{SVG} xmlns:z="urn:Kwakkelstein"/>'.encode()),
    "an attachment of a cell": ("a.ipynb", attached()),
    "facts of an output": ("a.ipynb", with_facts()),
    "a page header": ("a.xlsx", sheet(in_header)),
    "a formula": ("a.xlsx", sheet(in_formula)),
    "the name of a part": ("a.xlsx", packed(sheet(nothing), "xl/Kwakkelstein.xml", b"<a/>")),
    "a tag of a part": ("a.xlsx", packed(sheet(nothing), "xl/a.xml", b"<a><Kwakkelstein/></a>")),
    "a comment of a part": ("a.xlsx", with_comment(sheet(nothing))),
    "before the parts": ("a.xlsx", b"Kwakkelstein" + sheet(nothing)),
    "behind the parts": ("a.xlsx", sheet(nothing) + b"Kwakkelstein"),
    "between the parts": ("a.xlsx", between_parts(sheet(nothing), b"Kwakkelstein")),
    "behind the rows of a picture": ("a.png", behind_rows()),
    "a key that stands twice": ("a.json", b'{"a": "Kwakkelstein", "a": "x"}'),
    "BSN with points": ("a.txt", b"111.222.333"),
    "BSN with dashes": ("a.txt", b"111-222-333"),
    "IBAN with points": ("a.txt", b"NL91.ABNA.0417.1643.00"),
    "a telephone with a long dash": ("a.txt", "06 – 12 34 56 78".encode()),
    "a telephone in pieces": ("a.txt", b"030 - 2 31 45 67"),
    "an address without its sign": ("a.txt", b"jan [at] bedrijf.nl"),
    "a number plate": ("a.txt", b"kenteken XX-123-B"),
    "a date of birth": ("a.txt", b"geboren op 12-03-1985"),
}


@pytest.mark.parametrize("case", HIDING)
def test_what_is_hidden_from_a_search_is_found(case: str, tmp_path: Path) -> None:
    name, content = HIDING[case]
    (tmp_path / name).write_bytes(content)
    if name.endswith(".svg"):
        (tmp_path / "a.csv").write_text("n\n10\n")
    said = found(tmp_path, SHORT_NAMES)
    assert said and "Kwakkelstein" not in str(said).replace("xl/Kwakkelstein", "")


def test_a_short_name_is_sought_with_a_capital_only(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("De bas speelt; BAS is een afkorting; Basalt is steen.")
    assert found(tmp_path, SHORT_NAMES) == []


def test_a_sentence_of_five_words_is_found(tmp_path: Path) -> None:
    said = Sought(passages=passages(["Gisteren was die paarse paraplu er weer niet bij ons."]))
    (tmp_path / "a.txt").write_text("Iemand zei: die paarse paraplu er weer.")
    assert found(tmp_path, said) == ["it holds words of a person"]


ROW = [1, 4, 2, 5, 3, 3, 1, 2, 4, 5, 1, 3]
WORDS = {"zeer oneens": 1, "oneens": 2, "neutraal": 3, "eens": 4, "zeer eens": 5}
TOLD = [next(word for word, value in WORDS.items() if value == each) for each in ROW]
ANSWERED = Sought(answers=frozenset([np.array(ROW, dtype=np.uint8).tobytes()]), labels=WORDS)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", json.dumps([dict(zip("abcdefghijkl", ROW, strict=True))])),
        ("a.json", json.dumps([{"v": each} for each in ROW])),
        ("a.json", json.dumps([[each, 9] for each in ROW])),
        ("a.json", json.dumps({"row": TOLD})),
        ("a.json", json.dumps({"row": "".join(map(str, ROW))})),
        ("a.txt", "x " + "".join(map(str, ROW)) + " y"),
        ("a.csv", ",".join(f'"{each}"' for each in ROW)),
        ("a.csv", ",".join(TOLD)),
        ("a.md", " | ".join(word.capitalize() for word in TOLD)),
    ],
)
def test_answers_are_found_in_records_columns_words_and_without_a_break(
    name: str, text: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert any(
        each.startswith("it holds answers of a person") for each in found(tmp_path, ANSWERED)
    )


def test_digests_and_sums_are_not_taken_for_numbers_of_people(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("nl91abna0417164301 ab685390075470341234 111222333 1.234.567")
    (tmp_path / "c.json").write_text('{"hash": "ee43c028a551186751587d7ce6380a21"}')
    (tmp_path / "b.html").write_text("<td>111</td><td>222</td><td>333</td>")
    assert found(tmp_path, SHORT_NAMES) == []


@pytest.mark.parametrize("name", ["a.md", "a.qmd", "a.tex"])
def test_the_texts_that_authors_write_may_leave(name: str) -> None:
    found = list(parts_of(name, b"Het gemiddelde is 3,4."))
    assert [part.text for part in found] == [name, "Het gemiddelde is 3,4."]
    assert not any(part.wrong for part in found)
