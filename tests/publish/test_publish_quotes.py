"""A quote that was withdrawn is in no page and export any more; a draft is in none yet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lostudy.findings import Finding
from lostudy.publish.catalogue import write_catalogue
from lostudy.publish.exports import write_exports
from lostudy.study import load_study

ROOT = Path(__file__).parents[2]
WORDS = {"checked": "wij kijken elke maandag samen terug", "draft": "dit leest nog een tweede",
         "withdrawn": ""}  # fmt: skip


def quote(status: str) -> dict:
    return Finding(
        id=f"lq2.quote.{status}", kind="quote", question="lq2", organisation="A", value=None,
        low=None, high=None, n=None, unit="", text_nl=WORDS[status], text_en=WORDS[status],
        method="", status=status, notebook="20-lq2/all", label_nl="citaat", label_en="quote",
        words={"who_nl": "professional, A", "who_en": "professional, A"} if WORDS[status] else {},
    ).as_dict()  # fmt: skip


@pytest.fixture
def records() -> list[dict]:
    return [quote(status) for status in WORDS]


def test_the_catalogue_tells_that_a_quote_was_withdrawn_and_not_what_it_said(
    records: list[dict], tmp_path: Path
) -> None:
    (tmp_path / "findings.json").write_text(json.dumps(records), encoding="utf-8")
    write_catalogue(load_study(ROOT), tmp_path, [("20-lq2", "all", "nl")])
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    data = json.loads(text.partition('id="data">')[2].partition("</script>")[0])
    items = {item["id"]: item for item in data["items"]}
    gone = items["lq2.quote.withdrawn"]
    assert gone["status"] == "ingetrokken" and "text" not in gone
    assert "text" not in items["lq2.quote.draft"] and WORDS["draft"] not in text
    assert items["lq2.quote.checked"]["text"] == f"‘{WORDS['checked']}’ (professional, A)"


def test_only_checked_quotes_are_given_out(records: list[dict], tmp_path: Path) -> None:
    write_exports(tmp_path, records, "nl")
    for name in ("findings.tex", "findings.yml"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert WORDS["checked"] in text and WORDS["draft"] not in text
        assert "withdrawn" not in text


def test_a_text_that_ends_a_script_cannot_end_the_page(tmp_path: Path) -> None:
    evil = {**quote("checked"), "text_nl": "</script><script>alert(1)</script>"}
    (tmp_path / "findings.json").write_text(json.dumps([evil]), encoding="utf-8")
    write_catalogue(load_study(ROOT), tmp_path, [("20-lq2", "all", "nl")])
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "<script>alert" not in text
