"""The catalogue in a real browser, from the disk: clicked, typed into, read out, copied from."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: sync_api.Browser, whole: Path) -> Iterator[sync_api.Page]:
    """The catalogue, opened from the disk; what it asks from elsewhere or throws is an error."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    opened.on("request", lambda asked: None if asked.url.startswith(("file:", "data:"))
              else wrong.append(asked.url))  # fmt: skip
    opened.goto((whole / "reports" / "index.html").as_uri())
    yield opened
    context.close()
    assert wrong == []


@pytest.fixture(scope="module")
def records(whole: Path) -> dict[str, dict]:
    text = (whole / "reports" / "findings.json").read_text(encoding="utf-8")
    return {each["id"]: each for each in json.loads(text)}


def ids(page: sync_api.Page) -> list[str]:
    return page.eval_on_selector_all("#list > li", "all => all.map(each => each.dataset.id)")


def every_id(page: sync_api.Page) -> list[str]:
    while page.locator("#more").is_visible():
        page.click("#more")
    return ids(page)


def test_every_finding_is_there_once(page: sync_api.Page, records: dict) -> None:
    assert page.inner_text("#count") == f"48 van {len(records)} getoond"
    assert sorted(every_id(page)) == sorted(records)
    assert page.inner_text("#count") == f"{len(records)} van {len(records)} getoond"


def test_filters_and_words_leave_what_fits(page: sync_api.Page, records: dict) -> None:
    page.select_option("#kind", "figure")
    page.select_option("#question", "lq2")
    expected = {key for key, each in records.items()
                if each["kind"] == "figure" and each["question"] == "lq2"}  # fmt: skip
    assert set(every_id(page)) == expected and expected
    page.fill("#words", "levels.va")
    assert ids(page) == ["lq2.fig.levels.VA"]
    page.fill("#words", "zoiets bestaat niet")
    assert ids(page) == [] and page.inner_text("#count") == "Niets gevonden"
    page.click("button[type=reset]")
    page.wait_for_function("document.querySelectorAll('#list > li').length === 48")
    page.select_option("#organisation", "B")
    assert {records[each]["organisation"] for each in every_id(page)} == {"B"}
    page.select_option("#question", "-")
    assert {records[each]["question"] for each in every_id(page)} == {""}


@pytest.mark.parametrize(
    ("label", "starts"),
    [
        ("Kopieer naam", "lq2.fig.levels.VA"),
        ("Kopieer voor Word", "{{lq2.fig.levels.VA}}"),
        ("Kopieer verwijzing", "Verankering: gemiddelde per organisatie en meting [lq2.fig."),
        ("Kopieer alt-tekst", "Gemiddelden met interval. Verankering"),
    ],
)
def test_one_click_copies(page: sync_api.Page, label: str, starts: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.fill("#words", "lq2.fig.levels.VA")
    page.get_by_role("button", name=f"{label}: lq2.fig.levels.VA", exact=True).click()
    page.wait_for_function("document.getElementById('said').textContent !== ''")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(starts)
    assert page.inner_text("#said") == f"Gekopieerd. {label}: lq2.fig.levels.VA"
    if label == "Kopieer verwijzing":
        assert "Gesimuleerde gegevens" in copied and "code" in copied


def test_copying_works_where_the_clipboard_is_barred(page: sync_api.Page) -> None:
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.fill("#words", "lq2.fig.levels.VA")
    page.get_by_role("button", name="Kopieer naam: lq2.fig.levels.VA", exact=True).click()
    assert page.evaluate("window.lastCopied") == "lq2.fig.levels.VA"
    assert "Gekopieerd" in page.inner_text("#said")
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "Kopieer naam: lq2.fig.levels.VA", "the focus comes back"


def test_every_download_is_a_file(page: sync_api.Page, whole: Path, records: dict) -> None:
    page.select_option("#kind", "figure")
    every_id(page)
    links = page.eval_on_selector_all(".downloads a", "all => all.map(each => each.href)")
    figures = [each for each in records.values() if each["kind"] == "figure"]
    assert len(links) == 5 * len(figures)
    for link in links:
        assert Path(unquote(urlsplit(link).path)).stat().st_size > 50
    page.fill("#words", "lq2.fig.levels.VA")
    page.get_by_role("link", name="Download PNG: lq2.fig.levels.VA", exact=True).click()
    own = whole / "reports" / "20-lq2/all/figures/lq2-levels-VA.png"
    page.wait_for_url(own.as_uri())  # from a disk Chromium shows the file, a server has it saved


def test_every_number_has_its_trail(page: sync_api.Page, whole: Path, records: dict) -> None:
    page.fill("#words", "lq2.change.VA.A")
    page.get_by_text("Herkomst: lq2.change.VA.A", exact=True).click()
    trail = page.inner_text("li[data-id='lq2.change.VA.A'] dl")
    record = records["lq2.change.VA.A"]
    for piece in (record["notebook"], record["cell"], record["plan"], record["code"],
                  record["evidence"][0], record["tables"]["A"], record["method"]):  # fmt: skip
        assert piece in trail
    page.click("li[data-id='lq2.change.VA.A'] dl a")
    assert page.url == (whole / "reports/20-lq2/all/index.html").as_uri()


def test_a_table_can_be_read_in_the_page(page: sync_api.Page, records: dict) -> None:
    page.select_option("#kind", "table")
    page.get_by_text("Toon tabel: lq2.tab.change", exact=True).click()
    rows = page.locator("li[data-id='lq2.tab.change'] tbody tr")
    assert rows.count() == len(records["lq2.tab.change"]["cells"]) - 1
    assert page.locator("li[data-id='lq2.tab.change'] .notes").count() >= 2


def test_everything_can_be_done_with_the_keyboard(page: sync_api.Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.focus("#words")
    page.keyboard.type("lq2.fig.levels.VA")
    page.focus("button[type=reset]")
    for _ in range(3):
        page.keyboard.press("Tab")
    label = "document.activeElement.getAttribute('aria-label') || ''"
    while not page.evaluate(label).startswith("Kopieer naam"):
        page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "where the focus is can be seen"
    page.keyboard.press("Enter")
    assert page.evaluate("window.lastCopied") == "lq2.fig.levels.VA"


def test_more_puts_the_focus_on_the_first_new_one(page: sync_api.Page) -> None:
    before = len(ids(page))
    page.focus("#more")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.id") == ids(page)[before]


def test_the_other_language_is_a_click_away(page: sync_api.Page, records: dict) -> None:
    page.get_by_role("link", name="English").click()
    assert page.get_attribute("html", "lang") == "en"
    assert "Simulated data: none of this really happened." in page.inner_text(".banner")
    page.fill("#words", "lq2.change.VA.A")
    assert records["lq2.change.VA.A"]["text_en"] in (page.text_content("#list") or "")
    page.get_by_role("link", name="Nederlands").click()
    assert page.get_attribute("html", "lang") == "nl"


@pytest.mark.parametrize("name", ["index.html", "index-en.html", "checklists.html",
                                  "20-lq2/all/index.html"])  # fmt: skip
def test_axe_finds_no_barrier(page: sync_api.Page, whole: Path, name: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.goto((whole / "reports" / name).as_uri())
    if name.startswith("index"):
        page.select_option("#kind", "table")
        page.locator("summary").first.click()
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", ["index.html", "20-lq2/all/index.html", "checklists.html"])
def test_a_page_fits_a_narrow_window(page: sync_api.Page, whole: Path, name: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto((whole / "reports" / name).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_a_script_the_analyses_and_all_findings_are_there(
    browser: sync_api.Browser, whole: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((whole / "reports" / "index.html").as_uri())
    assert page.get_by_role("link", name="findings.json").first.is_visible()
    public = [each for each in (whole / "notebooks").glob("*.ipynb") if "own" not in each.name]
    assert page.locator("table a").count() == len(public)
    context.close()
