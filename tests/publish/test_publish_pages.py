"""Pages that work from a file share: no request elsewhere, no dead link, readable without eyes."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest

from lostudy.publish.page import heading, markdown, write_page
from lostudy.study import load_study

VOID = {"meta", "link", "img", "br", "input", "hr"}


class Page(HTMLParser):
    """What a page links to, what it names, and whether its tags close."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.links: list[str] = []
        self.ids: list[str] = []
        self.pictures: list[dict] = []
        self.language = ""
        self.open: list[str] = []
        self.text = path.read_text(encoding="utf-8")
        self.labelled: set[str] = set()
        self.feed(self.text)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        facts = dict(given)
        if tag == "html":
            self.language = facts.get("lang") or ""
        self.links += [facts[key] or "" for key in ("href", "src") if key in facts]
        self.ids += [facts["id"] or ""] if "id" in facts else []
        if tag == "img":
            self.pictures.append(facts)
        if tag in ("input", "select") and "label" in self.open:
            self.labelled.add(facts.get("id") or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
            self.open.pop()


@pytest.fixture(scope="session")
def pages(reports: Path) -> list[Page]:
    return [Page(path) for path in sorted(reports.rglob("*.html"))]


def test_there_is_a_catalogue_and_a_page_for_each_run(pages: list[Page], reports: Path) -> None:
    found = {page.path.relative_to(reports).as_posix() for page in pages}
    assert found == {"index.html", "index-en.html", "checklists.html", "20-lq2/A/index.html"}


def test_tags_close_and_ids_are_unique(pages: list[Page]) -> None:
    for page in pages:
        assert page.open == []
        assert len(page.ids) == len(set(page.ids))


def test_every_link_and_picture_exists(pages: list[Page]) -> None:
    known = {page.path: set(page.ids) for page in pages}
    for page in pages:
        assert len(page.links) >= 2
        for link in page.links:
            parts = urlsplit(link)
            assert not parts.scheme and not parts.netloc, f"a request to another host: {link}"
            target = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
            assert target.is_file(), link
            if parts.fragment:
                assert parts.fragment in known[target], link


def test_nothing_is_asked_from_elsewhere(pages: list[Page], reports: Path) -> None:
    for page in pages:
        for word in ("@import", "url(", "<script src", "<link", "<iframe", "fetch(", "XMLHttp"):
            assert word not in page.text, word
    for path in reports.rglob("*.svg"):
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text and "<image" not in text and 'href="http' not in text


def test_pages_say_their_language_and_that_data_are_simulated(pages: list[Page]) -> None:
    said = {"nl": "Gesimuleerde gegevens: niets hiervan is echt gebeurd.",
            "en": "Simulated data: none of this really happened."}  # fmt: skip
    for page in pages:
        assert page.language == ("en" if page.path.name == "index-en.html" else "nl")
        assert said[page.language] in page.text


def test_pictures_have_words_and_inputs_have_labels(pages: list[Page]) -> None:
    own = next(page for page in pages if page.path.parent.name == "A")
    assert own.pictures
    for picture in own.pictures:
        assert len(picture.get("alt") or "") > 15
    catalogue = next(page for page in pages if page.path.name == "index-en.html")
    assert catalogue.labelled >= {"words", "kind", "question", "organisation"}


def test_alternative_texts_are_those_of_the_figures(pages: list[Page], reports: Path) -> None:
    page = next(page for page in pages if page.path.parent.name == "A")
    for picture in page.pictures:
        words = (page.path.parent / picture["src"]).with_suffix(".txt").read_text(encoding="utf-8")
        assert picture["alt"] in words


def test_the_catalogue_lists_every_finding(pages: list[Page], reports: Path) -> None:
    records = json.loads((reports / "findings.json").read_text(encoding="utf-8"))
    catalogue = next(page for page in pages if page.path.name == "index-en.html")
    data = json.loads(catalogue.text.partition('id="data">')[2].partition("</script>")[0])
    assert records
    assert {item["id"] for item in data["items"]} == {record["id"] for record in records}


def test_markdown_of_a_notebook_cannot_smuggle_html() -> None:
    text = markdown("# Kop\n\n<script>alert(1)</script> <b onclick='x'>nee</b>\n\n**ja**")
    assert "<script" not in text and "<b onclick" not in text
    assert "<h1>Kop</h1>" in text and "<strong>ja</strong>" in text
    assert "javascript:" not in markdown("[x](javascript:alert(1))")


def written(planted: Path, folder: Path, language: str, outputs: list) -> str:
    notebook = nbformat.v4.new_notebook()
    markdown_cell = nbformat.v4.new_markdown_cell("# Een <vraag> & meer")
    markdown_cell.metadata["en"] = "# A <question> & more"
    code = nbformat.v4.new_code_cell("1 + 1", outputs=outputs)
    notebook.cells = [markdown_cell, code]
    folder.mkdir(exist_ok=True)
    nbformat.write(notebook, folder / "notebook.ipynb")
    return write_page(load_study(planted), folder, "20-lq2", "all", language).read_text("utf-8")


def test_the_catalogue_calls_a_notebook_what_it_calls_itself(reports: Path) -> None:
    """Also one that was dropped in: the heading of its first cell, in both languages."""
    folder = reports.parent / "notebooks"
    questions = {f"-{each.id}" for each in load_study(reports.parent).questions}
    for language, name in (("nl", "index.html"), ("en", "index-en.html")):
        page = (reports / name).read_text(encoding="utf-8")
        rows = re.findall(r'<th scope="row">(.*?)</th>', page, re.DOTALL)
        assert not [row for row in rows if "_" in row]
        for path in folder.glob("*.ipynb"):
            first = nbformat.read(path, as_version=4).cells[0]
            said = first.metadata["en"] if language == "en" else first.source
            own = said.splitlines()[0].removeprefix("# ")
            if not any(path.stem.endswith(each) for each in (*questions, "-own")):
                assert any(own == row.strip() for row in rows), own


def test_a_notebook_without_a_heading_goes_by_its_name() -> None:
    cells = [markdown_of("## Klein"), markdown_of("tekst"), {"cell_type": "code", "source": "# x"}]
    assert heading(cells, "nl") == ""
    assert heading([*cells, markdown_of("# Groot & meer", en="# Big")], "nl") == "Groot & meer"
    assert heading([markdown_of("# Groot", en="# Big")], "en") == "Big"


def markdown_of(text: str, **facts: str) -> dict:
    return {"cell_type": "markdown", "source": [text], "metadata": facts}


def test_a_page_is_in_the_language_asked_for(planted: Path, tmp_path: Path) -> None:
    dutch, english = (written(planted, tmp_path, language, []) for language in ("nl", "en"))
    assert '<html lang="nl">' in dutch and "Een &lt;vraag&gt; &amp; meer" in dutch
    assert '<html lang="en">' in english and "A &lt;question&gt; &amp; more" in english
    assert "all organisations" in english and "Simulated data" in english


def test_facts_of_a_figure_are_escaped(planted: Path, tmp_path: Path) -> None:
    facts = {"name": "x", "title": "<i>", "alt": '"><script>alert(1)</script>', "caption": "c"}
    data = {"application/vnd.lostudy.figure+json": facts}
    text = written(planted, tmp_path, "nl", [nbformat.v4.new_output("display_data", data=data)])
    assert "<script>alert" not in text


@pytest.mark.parametrize("kind", ["text/plain", "application/javascript", "image/svg+xml"])
def test_only_html_and_figures_of_a_notebook_reach_a_page(
    kind: str, planted: Path, tmp_path: Path
) -> None:
    output = nbformat.v4.new_output("display_data", data={kind: "smuggled-words"})
    assert "smuggled-words" not in written(planted, tmp_path, "nl", [output])


def test_a_table_that_no_result_made_does_not_reach_a_page(planted: Path, tmp_path: Path) -> None:
    """A frame shows its rows as HTML; only tables and cards of our own are taken over."""
    frame = "<div><table class='dataframe'><td>smuggled-words</td></table></div>"
    output = nbformat.v4.new_output("execute_result", data={"text/html": frame})
    assert "smuggled-words" not in written(planted, tmp_path, "nl", [output])
