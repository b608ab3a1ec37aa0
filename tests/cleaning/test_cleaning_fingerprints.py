"""Raw files are fingerprinted on first sight: a changed one is another delivery, and is told."""

import datetime as dt
import json

from lostudy.cleaning import clean_study
from lostudy.study.contents import file_hash

TODAY = dt.date.today().isoformat()
FILE = "A/T0/survey.csv"


def clean(folder, processed=True):
    (cleaned,) = clean_study(folder.study, folder.raw, folder.processed if processed else None)
    deliveries = cleaned.tables["deliveries"]
    versions = deliveries[["received", "version"]].to_numpy().tolist()
    return [str(problem) for problem in cleaned.problems], versions


def memory(folder):
    return json.loads((folder.path / "data" / "deliveries.json").read_text())


def test_first_sight_is_remembered(folder, people):
    path = folder.deliver(people(5))
    assert clean(folder) == ([], [[TODAY, 1]])
    assert memory(folder) == {FILE: [{"received": TODAY, "sha256": file_hash(path)}]}


def test_checking_remembers_nothing(folder, people):
    folder.deliver(people(5))
    assert clean(folder, processed=False) == ([], [[TODAY, 1]])
    assert not (folder.path / "data" / "deliveries.json").exists()


def test_a_changed_file_is_told_until_it_is_cleaned(folder, people):
    folder.deliver(people(5))
    clean(folder)
    folder.deliver(people(6))
    message = (
        f"{FILE}: this file is not the one received on {TODAY}: it is delivery 2. To do: check "
        "that it was meant to be replaced, and its crosswalk and corrections still hold"
    )
    assert clean(folder, processed=False) == ([message], [[TODAY, 2]])
    assert clean(folder) == ([message], [[TODAY, 2]])
    assert clean(folder) == ([], [[TODAY, 2]])
    assert len(memory(folder)[FILE]) == 2


def test_an_earlier_file_that_comes_back_is_told(folder, people):
    for count in (5, 6, 5):
        folder.deliver(people(count))
        messages, versions = clean(folder)
    assert versions == [[TODAY, 1]]
    assert messages == [
        f"{FILE}: this file is delivery 1 again, not the last one of {TODAY}. To do: check that it "
        "was meant to be replaced, and its crosswalk and corrections still hold"
    ]


def test_another_folder_has_its_own_memory(folder, people, tmp_path):
    folder.deliver(people(5))
    clean(folder)
    folder.raw.rename(tmp_path / "elsewhere")
    folder.raw = tmp_path / "elsewhere"
    folder.deliver(people(7))
    assert clean(folder)[0] == []
    assert len(list((folder.path / "data").glob("deliveries*.json"))) == 2


def test_the_raw_files_are_never_written(folder, people):
    path = folder.deliver(people(5))
    before = (file_hash(path), path.stat().st_mtime_ns)
    clean(folder)
    assert (file_hash(path), path.stat().st_mtime_ns) == before
    assert [each.name for each in folder.raw.rglob("*") if each.is_file()] == ["survey.csv"]
