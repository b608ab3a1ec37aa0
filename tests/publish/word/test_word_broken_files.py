"""Documents that are none, are open elsewhere, or were built to break a reader: told, untouched."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import docx
import pytest

from lostudy.errors import DocumentError
from lostudy.publish.word import package as packages
from publish.word.word_helpers import W, check, document, edited, refresh, states, text_of

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def rezipped(path: Path, **parts: bytes | None) -> Path:
    """A document with other parts; None takes one out."""
    with zipfile.ZipFile(path) as file:
        content = {each.filename: file.read(each) for each in file.infolist()}
    for name, part in parts.items():
        key = name.replace("__", "/")
        content.pop(key, None) if part is None else content.update({key: part})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in content.items():
            file.writestr(name, part)
    return path


def ole(path: Path, words: str) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + words.encode("utf-16-le"))


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2000])


def strict(path: Path) -> None:
    edited(path, W, "http://purl.oclc.org/ooxml/wordprocessingml/main")


def twice(path: Path) -> None:
    with pytest.warns(UserWarning), zipfile.ZipFile(path, "a") as file:
        file.writestr("word/document.xml", b"<a/>")


def bomb(path: Path) -> None:
    entity = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    body = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entity}]><x xmlns="{W}">&a8;</x>'
    rezipped(path, **{"word__document.xml": body.encode()})


BROKEN = {
    "text": (lambda path: path.write_text("geen Word"), "it is no Word document"),
    "empty": (lambda path: path.write_bytes(b""), "it is no Word document"),
    "old": (lambda path: ole(path, "WordDocument"), "it is an old Word document (.doc)"),
    "password": (lambda path: ole(path, "EncryptedPackage"), "it is protected with a password"),
    "cut off": (truncated, "it is damaged: not all of it can be read"),
    "a zip": (lambda path: rezipped(path, **{"[Content_Types].xml": None}), "it is no Word document"),
    "no body": (lambda path: rezipped(path, **{"word__document.xml": None}), "it has no body"),
    "no xml": (lambda path: rezipped(path, **{"word__document.xml": b"<w:p"}), "a part of it is no XML"),
    "entities": (bomb, "it declares entities, which Word never does"),
    "strict": (strict, "it is saved as Strict Open XML Document"),
    "signed": (lambda path: rezipped(path, **{"_xmlsignatures__s.xml": b"<a/>"}), "digital signature"),
    "odt": (lambda path: rezipped(path, mimetype=b"application/vnd.oasis.opendocument.text"),
            "it is an OpenDocument text"),
    "twice": (twice, "it holds a part twice"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_no_document_is_told_and_left_as_it_is(
    kind: str, tmp_path: Path, records: dict, figures: Path
) -> None:
    path = document(tmp_path / "a.docx", "{{lq2.VA.A}}")
    breaking, said = BROKEN[kind]
    breaking(path)
    before = path.read_bytes()
    for act in (lambda: check(path, records), lambda: refresh(path, records, figures)):
        with pytest.raises(DocumentError) as caught:
            act()
        assert said in str(caught.value) and str(caught.value).startswith("a.docx: ")
        assert "To do: " in str(caught.value)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path], "no half-written file stays behind"


def test_a_document_that_is_not_there(tmp_path: Path, records: dict) -> None:
    with pytest.raises(DocumentError, match="a.docx: there is no such document"):
        check(tmp_path / "a.docx", records)


def test_a_document_that_would_fill_the_memory_is_refused(
    tmp_path: Path, records: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = document(tmp_path / "a.docx", "x" * 100_000)
    monkeypatch.setattr(packages, "LARGEST", 90_000)
    with pytest.raises(DocumentError, match="it unpacks to"):
        check(path, records)


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("essay-lang.docx", "~$say-lang.docx"),
        ("essay.docx", "~$essay.docx"),
        ("essays1.docx", "~$ssays1.docx"),
        ("essay.docx", ".~lock.essay.docx#"),
    ],
)
def test_a_document_that_is_open_elsewhere_is_not_written(
    name: str, owner: str, tmp_path: Path, records: dict, figures: Path
) -> None:
    path = document(tmp_path / name, "{{lq2.VA.A}}")
    (tmp_path / owner).write_bytes(b"somebody")
    before = path.read_bytes()
    with pytest.raises(DocumentError) as caught:
        refresh(path, records, figures)
    assert "it is open in Word or LibreOffice" in str(caught.value) and owner in str(caught.value)
    assert "nothing was changed" in str(caught.value)
    assert path.read_bytes() == before
    report = check(path, records)
    assert states(report) == {"lq2.VA.A": "token"}
    assert "laatst bewaarde versie" in report.notes[0]


def test_a_lock_that_the_system_holds_is_told_as_such(
    tmp_path: Path, records: dict, figures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows lets nobody replace a file that Word has open."""
    path = document(tmp_path / "a.docx", "{{lq2.VA.A}}")
    before = path.read_bytes()

    def held(*_: object) -> None:
        raise PermissionError(13, "used by another process")

    monkeypatch.setattr(packages.os, "replace", held)
    with pytest.raises(DocumentError, match="it is open in Word or LibreOffice"):
        refresh(path, records, figures)
    assert path.read_bytes() == before
    assert not [each for each in tmp_path.iterdir() if each.name.endswith(".new")]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path, records: dict, figures: Path) -> None:
    path = document(tmp_path / "a.docx", "{{lq2.VA.A}}")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises((DocumentError, PermissionError)):
            refresh(path, records, figures)
    finally:
        tmp_path.chmod(0o700)


def test_macros_stay_as_they_are_and_are_told(tmp_path: Path, records: dict, figures: Path) -> None:
    path = document(tmp_path / "a.docm", "{{lq2.VA.A}}")
    with zipfile.ZipFile(path) as file:
        types = file.read("[Content_Types].xml")
    types = types.replace(MAIN.encode(), b"application/vnd.ms-word.document.macroEnabled.main+xml")
    rezipped(path, **{"[Content_Types].xml": types, "word__vbaProject.bin": b"\0macro\1"})
    done = refresh(path, records, figures)
    assert "macro's" in done.report.notes[0]
    with zipfile.ZipFile(path) as file:
        assert file.read("word/vbaProject.bin") == b"\0macro\1"
    assert "3,40" in text_of(path)


def test_changes_tracked_everywhere_are_told_and_kept(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    path = document(tmp_path / "a.docx", "{{lq2.VA.A}}", "tweede")
    edited(path, "<w:r><w:t>tweede</w:t></w:r>",
           '<w:del w:id="1" w:author="T"><w:r><w:delText>tweede</w:delText></w:r></w:del>'
           '<w:ins w:id="2" w:author="T"><w:r><w:t>ander</w:t></w:r></w:ins>')  # fmt: skip
    done = refresh(path, records, figures)
    assert "2 bijgehouden wijzigingen" in done.report.notes[0]
    assert "tweede" in edited_xml(path) and 'w:author="T"' in edited_xml(path)


def test_tracking_that_is_on_is_told(tmp_path: Path, records: dict, figures: Path) -> None:
    path = document(tmp_path / "a.docx", "{{lq2.VA.A}}")
    edited(path, "<w:zoom ", "<w:trackRevisions/><w:zoom ", "word/settings.xml")
    assert "Wijzigingen bijhouden staat aan" in check(path, records).notes[0]


def edited_xml(path: Path) -> str:
    with zipfile.ZipFile(path) as file:
        return file.read("word/document.xml").decode()


def test_a_main_part_under_another_name_and_absolute_links(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    """Some systems write word/document2.xml, and targets from the root of the package."""
    path = document(tmp_path / "a.docx", "{{lq2.VA.A}}", "{{lq2.fig.levels}}")
    with zipfile.ZipFile(path) as file:
        parts = {each.filename: file.read(each) for each in file.infolist()}
    for old, new in (("word/document.xml", "word/document2.xml"),
                     ("word/_rels/document.xml.rels", "word/_rels/document2.xml.rels")):  # fmt: skip
        parts[new] = parts.pop(old)
    for name in ("[Content_Types].xml", "_rels/.rels"):
        parts[name] = parts[name].replace(b"document.xml", b"document2.xml")
    rels = "word/_rels/document2.xml.rels"
    parts[rels] = parts[rels].replace(b'Target="styles', b'Target="/word/styles')
    with zipfile.ZipFile(path, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)
    refresh(path, records, figures)
    assert states(check(path, records)) == {"lq2.VA.A": "ok", "lq2.fig.levels": "ok"}
    docx.Document(str(path))


def test_a_document_without_any_finding_is_fine(tmp_path: Path, records: dict) -> None:
    report = check(document(tmp_path / "a.docx", "Alleen tekst { en }."), records)
    assert report.rows == () and report.failing(strict=True) == []


def test_tokens_of_other_systems_are_told_and_left(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    path = document(tmp_path / "a.docx", "{{ klant.naam }} en {% if x %}")
    before = path.read_bytes()
    assert states(refresh(path, records, figures).report) == {"klant.naam": "unknown"}
    assert path.read_bytes() == before


def test_nested_controls_are_each_found(tmp_path: Path, records: dict, figures: Path) -> None:
    path = document(tmp_path / "a.docx", "{{lq2.VA.A}}")
    refresh(path, records, figures)
    edited(path, "<w:sdt>", '<w:sdt><w:sdtPr><w:alias w:val="Vak"/></w:sdtPr><w:sdtContent><w:sdt>')
    edited(path, "</w:sdt>", "</w:sdt></w:sdtContent></w:sdt>")
    assert states(check(path, records)) == {"lq2.VA.A": "ok"}


def test_a_document_of_no_section_properties_and_no_styles(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    """The least that is a Word document."""
    buffer = io.BytesIO()
    rels = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships/officeDocument" Target="word/document.xml"/></Relationships>')  # fmt: skip
    types = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
             '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
             'relationships+xml"/><Override PartName="/word/document.xml" '
             f'ContentType="{MAIN}"/></Types>')  # fmt: skip
    body = "".join(f"<w:p><w:r><w:t>{{{{{each}}}}}</w:t></w:r></w:p>"
                   for each in ("lq2.VA.A", "lq2.tab.change", "lq2.fig.levels"))  # fmt: skip
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("[Content_Types].xml", types)
        file.writestr("_rels/.rels", rels)
        file.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        )
    path = tmp_path / "a.docx"
    path.write_bytes(buffer.getvalue())
    refresh(path, records, figures)
    assert set(states(check(path, records)).values()) == {"ok"}
    assert edited_xml(path).count("<wp:inline") == 1
    docx.Document(str(path))
