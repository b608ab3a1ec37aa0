"""Content keys: the same content, the same key; whatever counts, another key."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import lostudy
from lostudy.study import Study, load_study
from lostudy.study.contents import (
    cleaning_key,
    code_hash,
    declaration_hash,
    deliveries_behind,
    file_hash,
    read_hashes,
    recorded,
    table_hashes,
    tidy_is_current,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    shutil.copy(ROOT / "study.toml", tmp_path)
    shutil.copytree(ROOT / "codebook", tmp_path / "codebook")
    for name, text in (("A/T0/survey.csv", "id,q1\n1,2\n"), ("B/T0/survey.csv", "id,q1\n1,3\n")):
        path = tmp_path / "data" / "raw" / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return load_study(tmp_path)


def raw_of(study: Study) -> Path:
    return study.folder / "data" / "raw"


def made(study: Study) -> Path:
    """Tidy tables that say what they were made from."""
    processed = study.folder / "data" / "processed"
    (processed / "A").mkdir(parents=True)
    (processed / "A" / "responses.parquet").write_bytes(b"table")
    (processed / "key.json").write_text(json.dumps(cleaning_key(study, raw_of(study))))
    return processed


def test_a_file_has_the_hash_of_its_content_and_a_folder_that_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("abc")
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2
    assert file_hash(tmp_path / "one") == known
    before = file_hash(tmp_path)
    (tmp_path / "one").rename(tmp_path / "two")
    assert file_hash(tmp_path) != before


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("raw", lambda folder: (folder / "data/raw/A/T0/survey.csv").write_text("id,q1\n1,4\n")),
        ("raw", lambda folder: (folder / "data/raw/B/T0/survey.csv").unlink()),
        ("declaration", lambda folder: (folder / "codebook/items.csv").write_text("id\n")),
    ],
)
def test_what_counts_gives_another_key_in_its_own_part(study: Study, part: str, change) -> None:
    before = cleaning_key(study, raw_of(study))
    change(study.folder)
    after = cleaning_key(study, raw_of(study))
    assert {name for name in before if before[name] != after[name]} == {part}


@pytest.mark.parametrize("name", [".DS_Store", "~$survey.csv"])
def test_what_an_editor_leaves_behind_changes_no_key(study: Study, name: str) -> None:
    before = cleaning_key(study, raw_of(study))
    (raw_of(study) / "A" / name).write_text("lock")
    (raw_of(study) / "A/T0/survey.csv").touch()
    assert cleaning_key(study, raw_of(study)) == before


def test_the_declaration_is_the_toml_and_the_tables_of_the_codebook(study: Study) -> None:
    before = declaration_hash(study)
    (study.folder / "codebook" / "notes.txt").write_text("prose")
    assert declaration_hash(study) == before
    with (study.folder / "study.toml").open("a") as file:
        file.write("\n# a thought\n")
    assert declaration_hash(study) != before


def test_code_of_a_room_is_all_of_its_modules() -> None:
    assert code_hash(["study"]) != code_hash(["errors.py"]) != code_hash(["study", "errors.py"])
    assert (Path(lostudy.__file__).parent / "study").is_dir(), "rooms are folders of the package"


def test_tidy_tables_are_current_until_something_changes(study: Study) -> None:
    processed = study.folder / "data" / "processed"
    assert not tidy_is_current(study, processed), "there are none"
    made(study)
    assert tidy_is_current(study, processed)
    (raw_of(study) / "A/T0/survey.csv").write_text("id,q1\n1,5\n")
    assert not tidy_is_current(study, processed)


def test_tables_whose_deliveries_are_gone_are_taken_as_they_are(study: Study) -> None:
    processed = made(study)
    shutil.rmtree(raw_of(study))
    assert tidy_is_current(study, processed)


def test_the_folder_of_deliveries_is_the_one_named_or_the_one_of_before(
    study: Study, tmp_path: Path
) -> None:
    processed = made(study)
    assert recorded(processed)["folder"] == "data/raw", "a study can move"
    assert deliveries_behind(study, processed) == raw_of(study)
    assert deliveries_behind(study, processed, tmp_path / "other") == tmp_path / "other"


def test_each_organisation_has_the_hash_of_its_own_tables(study: Study) -> None:
    processed = made(study)
    before = table_hashes(study, processed)
    assert set(before) == {"A"}
    (processed / "B").mkdir()
    (processed / "B" / "responses.parquet").write_bytes(b"other")
    assert table_hashes(study, processed)["A"] == before["A"]


def test_over_many_organisations_one_hash_stands_for_all_and_each_counts_in_it() -> None:
    few = {f"O{number}": f"{number:032d}" for number in range(20)}
    assert read_hashes(few) == {name: each[:16] for name, each in few.items()}
    many = {**few, "P": "a" * 32}
    whole = read_hashes(many)
    assert list(whole) == ["all"] and whole == read_hashes(dict(reversed(many.items())))
    assert read_hashes({**many, "O7": "b" * 32}) != whole
    assert read_hashes({**many, "Q": "c" * 32}) != whole
