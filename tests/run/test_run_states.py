"""What `lostudy status` says is true: of deliveries, of code, of what failed, of what waits."""

from __future__ import annotations

import json

import pytest

from lostudy.run import overview, raise_failures, run_study
from lostudy.study import Study, contents
from lostudy.study.contents import DELIVERED, OTHERWISE, behind


def said(study: Study) -> dict[str, str]:
    return {each.job.name: each.why for each in overview(study) if each.why}


def test_status_says_whose_deliveries_changed_and_that_cleaning_comes_first(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    raise_failures(run_study(study))
    assert said(study) == {}
    survey = study.folder / "data" / "raw" / "B" / "T1"
    (path,) = survey.glob("survey.*")
    before = path.read_bytes()
    path.write_bytes(before + b"\n")
    assert said(study) == {"00-proof/B": DELIVERED, "00-proof/all": DELIVERED}
    path.write_bytes(before)
    assert said(study) == {}
    path.unlink()
    assert said(study) == {"00-proof/B": DELIVERED, "00-proof/all": DELIVERED}
    path.write_bytes(before)
    stray = study.folder / "data" / "raw" / "stray.txt"
    stray.write_text("x", encoding="utf-8")
    assert set(said(study).values()) == {DELIVERED} and len(said(study)) == 5
    stray.unlink()
    monkeypatch.setattr(contents, "ROOMS", ("errors.py",))
    assert set(said(study).values()) == {OTHERWISE} and len(said(study)) == 5


def test_without_a_list_of_files_every_organisation_is_behind(study: Study) -> None:
    processed = study.folder / "data" / "processed"
    (next((study.folder / "data" / "raw" / "C" / "T0").glob("survey.*"))).write_bytes(b"1")
    assert behind(study, processed) == {"C": DELIVERED}
    key = processed / "key.json"
    known = json.loads(key.read_text(encoding="utf-8"))
    key.write_text(json.dumps({**known, "files": {}}), encoding="utf-8")
    assert behind(study, processed) == dict.fromkeys("ABCD", DELIVERED)

