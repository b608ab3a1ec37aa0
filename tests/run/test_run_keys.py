"""What the keys of jobs and of tidy tables hold: code, templates, versions of libraries."""

from __future__ import annotations

import shutil
from importlib import metadata
from pathlib import Path

import pytest

import lostudy
from lostudy.run.manifest import ROOMS, package_hash
from lostudy.study import Study, contents
from lostudy.study.contents import cleaning_key, code_hash, libraries, versions


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of this package, which the hashes are taken of."""
    copy = tmp_path / "lostudy"
    shutil.copytree(Path(lostudy.__file__).parent, copy)
    monkeypatch.setattr(contents, "__file__", str(copy / "study" / "contents.py"))
    return copy


@pytest.mark.parametrize(
    "name",
    ["publish/templates/style.css", "publish/templates/page.html.j2", "publish/page.py",
     "publish/templates/catalogue.js", "disclosure/text/harmless.txt", "figures/style.py"],
)  # fmt: skip
def test_a_page_depends_on_templates_and_on_what_comes_with_the_code(
    package: Path, name: str
) -> None:
    before = package_hash()
    (package / "publish" / "__pycache__").mkdir(exist_ok=True)
    (package / "publish" / "__pycache__" / "page.cpython-311.pyc").write_bytes(b"1")
    assert package_hash() == before, "what Python compiles for itself is not code"
    (package / name).write_text("other", encoding="utf-8")
    assert package_hash() != before


def test_every_room_that_makes_pages_is_among_the_rooms() -> None:
    package = Path(lostudy.__file__).parent
    rooms = {path.name for path in package.iterdir() if (path / "__init__.py").exists()}
    assert rooms - set(ROOMS) == {"cli", "deliveries", "kernel", "simulate"}


@pytest.mark.parametrize("library", ["statsmodels", "seaborn", "jinja2", "ipython", "nbformat"])
def test_a_job_depends_on_the_versions_of_the_libraries_it_uses(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert library in libraries()
    before = package_hash()
    upgrade(library, monkeypatch)
    assert package_hash() != before


def test_the_program_that_shows_notebooks_is_no_reason_to_run_them() -> None:
    assert "jupyterlab" not in libraries() and "pytest" not in libraries()


@pytest.mark.parametrize("library", ["pyreadstat", "openpyxl", "lxml"])
def test_tidy_tables_depend_on_the_versions_of_the_readers(
    study: Study, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = study.folder / "data" / "raw"
    before = cleaning_key(study, raw)
    upgrade(library, monkeypatch)
    after = cleaning_key(study, raw)
    assert {part for part in before if before[part] != after[part]} == {"libraries"}


def upgrade(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "99" if name == library else usual(name))
    versions.cache_clear()


@pytest.fixture(autouse=True)
def forgets() -> object:
    yield
    versions.cache_clear()


def test_a_library_that_is_not_there_has_no_version() -> None:
    assert versions(("nothing-of-this-name", "pandas")).startswith("pandas=")
    assert code_hash(["errors.py"]) != code_hash(["words.py"])
