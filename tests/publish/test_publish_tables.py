"""One description of a table, in each form: the same cells, safe in each language of signs."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser

import pytest

from lostudy.publish.tables import Table, as_csv, as_html, as_latex, latex, numeric_columns

TABLE = Table(
    "Verandering <per> organisatie",
    ("organisatie", "schatting", "95%-BI", "n", "oordeel"),
    (
        ("A & B", "+0,35", "[0,12;\u00a00,58]", "50", "wijst op een stijging"),
        ("C_1", "−0,2", "[−0,5;\u00a00,0]", "–", "50 % te weinig"),
    ),
    ("Schaalpunten, 1–5.", "n afgerond op 5 {policy}"),
)


class Cells(HTMLParser):
    """The texts of a table's cells, row by row, and its scopes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.scopes: list[str] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, given: list) -> None:
        if tag == "tr":
            self.rows.append([])
        self.inside = tag in ("td", "th")
        if self.inside:
            self.rows[-1].append("")
            self.scopes += [value for key, value in given if key == "scope"]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


def test_html_has_the_cells_with_scopes_and_a_caption() -> None:
    read = Cells(as_html(TABLE))
    assert read.rows == [list(TABLE.head), *map(list, TABLE.rows)]
    assert read.scopes == ["col"] * 5 + ["row"] * 2
    assert "<caption>Verandering &lt;per&gt; organisatie</caption>" in as_html(TABLE)
    assert as_html(TABLE).count('class="notes"') == 2


@pytest.mark.parametrize(("language", "between"), [("nl", ";"), ("en", ",")])
def test_csv_reads_back(language: str, between: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(TABLE, language)), delimiter=between))
    assert rows[:3] == [list(TABLE.head), *map(list, TABLE.rows)]
    assert [row[0] for row in rows[4:]] == [TABLE.title, *TABLE.notes]


def test_latex_has_the_cells_and_no_sign_that_it_reads_otherwise() -> None:
    text = as_latex(TABLE, "lq2")
    assert r"A \& B & +0,35 & [0,12;~0,58] & 50 & wijst op een stijging \\" in text
    assert r"C\_1 & $-$0,2" in text and r"50 \% te weinig" in text and r"\{policy\}" in text
    assert r"\begin{tabular}{lrrrl}" in text and r"\label{tab:lq2}" in text


@pytest.mark.parametrize("sign", list("&%$#_{}~^\\"))
def test_every_special_sign_is_made_safe(sign: str) -> None:
    assert latex(sign) != sign
    assert latex(f"a{sign}b").startswith("a") and latex(f"a{sign}b").endswith("b")


def test_columns_of_numbers_are_known_by_their_cells() -> None:
    assert numeric_columns((TABLE.head, *TABLE.rows)) == {1, 2, 3}
    assert numeric_columns([["n"]]) == set()
    assert numeric_columns([["n"], ["–"], ["–"]]) == set()
