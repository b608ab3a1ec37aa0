"""The same tokens, states and promises in Markdown, Quarto and LaTeX."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from lostudy.errors import DocumentError
from lostudy.publish.document import check_document, refresh_document
from lostudy.publish.textcheck import release_text
from lostudy.publish.wish import Refreshed, Wish
from publish.word.word_helpers import CHANGED, document, registry, states

ENDINGS = ["md", "qmd", "tex"]
NUMBER = {"md": "3,40 [3,31; 3,59]", "qmd": "3,40 [3,31; 3,59]", "tex": "3,40 [3,31; 3,59]"}


@pytest.fixture(scope="session")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    registry(folder)
    (folder / "fig" / "levels.pdf").write_bytes(b"%PDF-1.4 %%EOF")
    return folder


@pytest.fixture
def records(figures: Path) -> dict:
    files = {"files": {each: f"fig/levels.{each}" for each in ("png", "svg", "pdf")}}
    return registry(figures, lq2__fig__levels=files)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def refresh(path: Path, records: dict, figures: Path, **wish: object) -> Refreshed:
    return refresh_document(path, records, figures, Wish(**wish))  # type: ignore[arg-type]


def found(path: Path, records: dict, figures: Path) -> dict[str, str]:
    return states(check_document(path, records, figures))


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_token_is_put_in_place_checked_and_renewed(
    ending: str, tmp_path: Path, records: dict, figures: Path
) -> None:
    path = written(tmp_path / f"a.{ending}", "In A is het {{lq2.VA.A}}, n = {{lq2.VA.A:n}}.\n")
    assert set(found(path, records, figures).values()) == {"token"}
    done = refresh(path, records, figures)
    assert len(done.changes) == 2 and done.backup is not None
    assert set(found(path, records, figures).values()) == {"ok"}
    before = path.read_bytes()
    assert refresh(path, records, figures).changes == () and path.read_bytes() == before
    later = registry(figures, **CHANGED)
    assert found(path, later, figures)["lq2.VA.A"] == "stale"
    refresh(path, later, figures)
    assert "3,60 [3,40; 3,80]" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ENDINGS)
def test_hand_edits_stay(ending: str, tmp_path: Path, records: dict, figures: Path) -> None:
    path = written(tmp_path / f"a.{ending}", "Het is {{lq2.VA.A}}.")
    refresh(path, records, figures)
    written(path, path.read_text(encoding="utf-8").replace("3,40 [3,31; 3,59]", "ruim 3"))
    assert found(path, records, figures) == {"lq2.VA.A": "edited"}
    later = registry(figures, **CHANGED)
    assert found(path, later, figures) == {"lq2.VA.A": "conflict"}
    before = path.read_bytes()
    refresh(path, later, figures)
    assert path.read_bytes() == before
    refresh(path, later, figures, force=("lq2.VA.A",))
    assert found(path, later, figures) == {"lq2.VA.A": "ok"}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_marks_go_when_released(
    ending: str, tmp_path: Path, records: dict, figures: Path
) -> None:
    text = "Nu {{lq2.VA.rises:begin}}groeit A tot {{lq2.VA.A:value}} echt{{lq2.VA.rises:eind}}.\n"
    path = written(tmp_path / f"a.{ending}", text)
    refresh(path, records, figures)
    target = release_text(path, tmp_path / f"b.{ending}")
    assert target.read_text(encoding="utf-8") == "Nu groeit A tot 3,40 echt.\n"


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_own_sentence_is_guarded_and_its_numbers_are_renewed(
    ending: str, tmp_path: Path, records: dict, figures: Path
) -> None:
    text = "{{lq2.VA.rises:begin}}A groeit tot {{lq2.VA.A:value}}{{lq2.VA.rises:eind}}."
    path = written(tmp_path / f"a.{ending}", text)
    refresh(path, records, figures)
    assert found(path, records, figures) == {"lq2.VA.rises:own": "ok", "lq2.VA.A:value": "ok"}
    later = registry(figures, **CHANGED)
    refresh(path, later, figures)
    assert found(path, later, figures)["lq2.VA.rises:own"] == "ok"
    written(path, path.read_text(encoding="utf-8").replace("groeit", "daalt"))
    assert found(path, later, figures)["lq2.VA.rises:own"] == "reworded"
    refresh(path, later, figures, accept=("lq2.VA.rises",))
    assert found(path, later, figures)["lq2.VA.rises:own"] == "ok"
    broken = registry(figures, **CHANGED, lq2__VA__rises={"status": "broken"})
    assert found(path, broken, figures)["lq2.VA.rises:own"] == "broken"


@pytest.mark.parametrize("ending", ENDINGS)
def test_states_that_need_a_person(
    ending: str, tmp_path: Path, records: dict, figures: Path
) -> None:
    text = "{{lq2.VA.Z}} {{lq2.quote.a2}} {{lq2.quote.a3}} {{lq2.VA.A:nee}}"
    path = written(tmp_path / f"a.{ending}", text)
    refresh(path, records, figures)
    assert path.read_text(encoding="utf-8") == text
    assert list(found(path, records, figures).values()) == [
        "unknown", "token", "withdrawn", "unknown"
    ]  # fmt: skip


def test_code_and_the_head_of_a_file_are_left_alone(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    text = "---\ntitle: {{lq2.VA.A}}\n---\n\n`{{lq2.VA.A}}`\n\n```\n{{lq2.VA.A}}\n```\n"
    path = written(tmp_path / "a.qmd", text)
    assert found(path, records, figures) == {}
    tex = "% {{lq2.VA.A}}\n\\begin{verbatim}{{lq2.VA.A}}\\end{verbatim}\n"
    path = written(tmp_path / "a.tex", tex)
    refresh(path, records, figures)
    assert path.read_text(encoding="utf-8") == tex


def test_latex_defines_its_mark_and_keeps_special_signs_safe(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    records["lq2.quote.a1"]["text_nl"] = "50 % & meer_of_minder"
    text = "\\documentclass{article}\n\\begin{document}\n{{lq2.quote.a1:words}}{{lq2.quote.a1}}\n"
    path = written(tmp_path / "a.tex", text)
    refresh(path, records, figures)
    made = path.read_text(encoding="utf-8")
    assert made.startswith("\\documentclass{article}\n\\providecommand{\\lo}[3]{#3}\n")
    assert "50 \\% \\& meer\\_of\\_minder" in made
    assert refresh(path, records, figures).changes == ()


def test_tables_and_figures_are_those_of_the_language(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    for ending, pieces in {
        "md": ["| organisatie | schatting | n |", "![Verankering per meting](", 'fig-alt="'],
        "tex": ["organisatie & schatting & n \\\\", "\\includegraphics[alt={", "levels.pdf"],
    }.items():
        path = written(tmp_path / f"t.{ending}", "{{lq2.tab.change}}\n\n{{lq2.fig.levels}}\n")
        refresh(path, records, figures)
        for piece in pieces:
            assert piece in path.read_text(encoding="utf-8")
        assert set(found(path, records, figures).values()) == {"ok"}


def test_pandoc_reads_what_was_written(tmp_path: Path, records: dict, figures: Path) -> None:
    if shutil.which("pandoc") is None:
        pytest.skip("pandoc is not installed")
    path = written(tmp_path / "a.md", "Het is {{lq2.VA.A}}.\n\n{{lq2.tab.change}}\n")
    refresh(path, records, figures)
    done = subprocess.run(["pandoc", "-t", "plain", str(path)], capture_output=True, check=True)
    text = done.stdout.decode()
    assert "Het is 3,40 [3,31; 3,59]." in text and "lo:" not in text and "schatting" in text


def test_a_file_that_is_no_text(tmp_path: Path, records: dict, figures: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DocumentError, match="a.md: it is no text in UTF-8"):
        check_document(path, records, figures)
    with pytest.raises(DocumentError, match="b.md: there is no such document"):
        check_document(tmp_path / "b.md", records, figures)


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_line_ends_as_it_did(
    ending: str, tmp_path: Path, records: dict, figures: Path
) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_bytes(b"Een\r\n\r\n{{lq2.VA.A}}\r\n\r\n{{lq2.tab.change}}\r\n")
    refresh(path, records, figures)
    content = path.read_bytes()
    assert b"3,40" in content and content.count(b"\n") == content.count(b"\r\n") > 5
    refresh(path, registry(figures, **CHANGED), figures)
    content = path.read_bytes()
    assert b"3,60" in content and content.count(b"\n") == content.count(b"\r\n")


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        ("md", "a <!-- nog niet {{lq2.VA.A}} tonen --> b"),
        ("qmd", "a <!-- over\ntwee regels {{lq2.VA.A}} --> b"),
        ("qmd", "\ufeff---\ntitle: {{lq2.VA.A}}\n---\nb"),
        ("tex", r"a \verb|{{lq2.VA.A}}| b"),
        ("tex", r"a \lstinline!{{lq2.VA.A}}! b"),
    ],
)
def test_what_a_reader_does_not_see_is_left_alone(
    ending: str, text: str, tmp_path: Path, records: dict, figures: Path
) -> None:
    path = written(tmp_path / f"a.{ending}", text)
    assert refresh(path, records, figures).changes == ()
    assert path.read_text(encoding="utf-8") == text


def test_between_two_comments_a_number_is_still_found(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    path = written(tmp_path / "a.md", "<!-- x --> {{lq2.VA.A}} <!-- y --> {{lq2.VA.A}}")
    assert len(refresh(path, records, figures).changes) == 2
    assert found(path, records, figures) == {"lq2.VA.A": "ok"}


def test_a_link_to_a_text_stays_a_link(tmp_path: Path, records: dict, figures: Path) -> None:
    path = written(tmp_path / "a.md", "{{lq2.VA.A}}")
    (tmp_path / "link.md").symlink_to(path)
    refresh(tmp_path / "link.md", records, figures)
    assert (tmp_path / "link.md").is_symlink() and "3,40" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("wish", [{"force": ("lq2.VA.X",)}, {"accept": ("lq9.*",)}])
def test_a_wish_about_no_finding_is_said(
    wish: dict, tmp_path: Path, records: dict, figures: Path
) -> None:
    path = written(tmp_path / "a.md", "{{lq2.VA.A}}")
    with pytest.raises(DocumentError, match="does not exist"):
        refresh(path, records, figures, **wish)
    assert path.read_text(encoding="utf-8") == "{{lq2.VA.A}}"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_refresh_says_what_stood_there_and_what_stands_there_now(
    ending: str, tmp_path: Path, records: dict, figures: Path
) -> None:
    text = "Het is {{lq2.VA.A}}.\n\n{{lq2.VA.rises:begin}}Het stijgt.{{lq2.VA.rises:end}}\n"
    path = written(tmp_path / f"a.{ending}", text)
    done = refresh(path, records, figures)
    assert [(each.before, each.after) for each in done.changes] == [
        ("", "3,40 [3,31; 3,59]"), ("", "Het stijgt.")
    ]  # fmt: skip
    (change,) = refresh(path, registry(figures, **CHANGED), figures).changes
    assert (change.before, change.after) == ("3,40 [3,31; 3,59]", "3,60 [3,40; 3,80]")


@pytest.mark.parametrize("ending", [*ENDINGS, "docx"])
def test_a_sentence_begun_twice_is_told_at_both_places(
    ending: str, tmp_path: Path, records: dict, figures: Path
) -> None:
    text = "{{lq2.VA.rises:begin}}Een {{lq2.VA.rises:begin}}twee.{{lq2.VA.rises:end}}"
    path = tmp_path / f"a.{ending}"
    document(path, text) if ending == "docx" else written(path, text)
    expected = {"lq2.VA.rises:begin": "token", "lq2.VA.rises:own": "token"}
    assert found(path, records, figures) == expected
    refresh(path, records, figures)
    assert found(path, records, figures) == {**expected, "lq2.VA.rises:own": "ok"}


@pytest.mark.parametrize("ending", [*ENDINGS, "docx"])
def test_a_document_that_is_read_only_is_left_alone(
    ending: str, tmp_path: Path, records: dict, figures: Path
) -> None:
    path = tmp_path / f"a.{ending}"
    document(path, "{{lq2.VA.A}}") if ending == "docx" else written(path, "{{lq2.VA.A}}")
    path.chmod(0o444)
    before = path.read_bytes()
    with pytest.raises(DocumentError, match="read-only"):
        refresh(path, records, figures)
    assert path.read_bytes() == before and [*tmp_path.iterdir()] == [path]
    other = tmp_path / f"b.{ending}"
    assert refresh_document(path, records, figures, Wish(), other).changes
