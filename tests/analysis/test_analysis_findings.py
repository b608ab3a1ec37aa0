"""From results to findings: names, texts in both languages, and nothing that was hidden."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import lostudy as lo
from lostudy.errors import StudyError

SAYS = {
    "says": "Verankering {wording} in {organisation} "
    "({estimate} {interval}; {k} van {all}, n {n}).",
    "says_en": "Embedding {wording} in {organisation} "
    "({estimate} {interval}; {k} of {all}, n {n}).",
}


def test_numbers_have_names_from_what_tells_the_rows_apart(opened: Callable) -> None:
    said = lo.numbers("lq2.VA", lo.estimate(opened().question("lq2")))
    names = [each.id for each in said.findings]
    assert names[0] == "lq2.VA.A.T0" and len(set(names)) == len(names)
    assert all(each.kind == "interval" and each.evidence for each in said.findings)
    assert "lq2.VA.A.T0: 2,75 [" in repr(said)


def test_counts_are_numbers_too(opened: Callable) -> None:
    said = lo.numbers("response", lo.response(opened()))
    by_id = {each.id: each for each in said.findings}
    assert by_id["response.A.T0.invited"].value == 95
    assert by_id["response.A.T0.invited"].text_nl == "95"


def test_what_is_hidden_is_no_finding(opened: Callable) -> None:
    result = lo.estimate(opened().question("lq2"), by=["organisation", "role"])
    hidden = int((result.table["hidden"] != "").sum())
    assert hidden > 0
    said = lo.numbers("lq2.role", result)
    assert len(said.findings) == len(result.table) - hidden


def test_a_claim_says_itself_in_both_languages(opened: Callable) -> None:
    moved = lo.change(opened().question("lq2"))
    said = lo.finding("lq2.VA.rises", moved, holds="rises", at_least=2, **SAYS)
    claim = said.findings[0]
    assert claim.status == "holds" and claim.kind == "claim" and claim.condition == "rises"
    assert "in alle organisaties" in claim.text_nl and "2 van 4" in claim.text_nl
    assert "in all organisations" in claim.text_en and "2 of 4" in claim.text_en
    assert "[klopt met de gegevens]" in repr(said)


def test_a_claim_of_one_organisation_has_its_name(opened: Callable) -> None:
    moved = lo.change(opened(organisation="D").question("lq2"))
    claim = lo.finding("lq2.VA.rises", moved, holds="rises", **SAYS).findings[0]
    assert claim.id == "lq2.VA.rises.D" and claim.status == "broken"


def test_a_claim_can_rest_on_chosen_rows(opened: Callable) -> None:
    moved = lo.change_of_scales(opened().question("lq2"))
    where = {"scale": "VA", "organisation": "A"}
    claim = lo.finding("lq2.A", moved, holds="rises", where=where, **SAYS).findings[0]
    assert claim.organisation == "A"


def test_a_claim_on_nothing_is_refused(opened: Callable) -> None:
    moved = lo.change(opened().question("lq2"))
    with pytest.raises(StudyError, match="finding 'lq2.x' rests on no row"):
        lo.finding("lq2.x", moved, holds="rises", where={"scale": "LG"}, **SAYS)
    with pytest.raises(StudyError, match="the result has no column 'team'"):
        lo.finding("lq2.x", moved, holds="rises", where={"team": "A1"}, **SAYS)
    with pytest.raises(StudyError, match="condition 'grows' does not exist"):
        lo.finding("lq2.x", moved, holds="grows", **SAYS)


def test_a_run_keeps_findings_and_figures(
    opened: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOSTUDY_OUTPUT", str(tmp_path))
    monkeypatch.setenv("LOSTUDY_NOTEBOOK", "20-lq2/all")
    result = lo.estimate(opened().question("lq2"))
    lo.numbers("lq2.VA", result)
    drawn = lo.plot_levels(result)
    lines = (tmp_path / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["notebook"] for line in lines} == {"20-lq2/all"}
    assert drawn.name == "lq2-levels-VA"
    assert {path.suffix for path in (tmp_path / "figures").iterdir()} == {
        ".png",
        ".svg",
        ".pdf",
        ".csv",
        ".txt",
    }


def test_only_the_run_over_all_names_numbers(
    opened: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOSTUDY_OUTPUT", str(tmp_path))
    said = lo.numbers("lq2.VA", lo.estimate(opened(organisation="D").question("lq2")))
    assert said.findings and not (tmp_path / "findings.jsonl").exists()


def test_a_finding_carries_where_it_came_from(opened: Callable) -> None:
    finding = lo.numbers("lq2.VA", lo.estimate(opened().question("lq2"))).findings[0]
    assert len(finding.plan) == 16 and len(finding.code) == 16 and finding.tables
    assert finding.parameters == {"organisation": "all", "wave": "all"}
