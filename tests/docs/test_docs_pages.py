"""What every page must keep: links that lead somewhere, code that runs, commands that exist."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from lostudy.cli import app

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*/*.md"),
     *ROOT.glob("data/raw/*.md"), *ROOT.glob("benchmarks/*.md")]
)  # fmt: skip
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def headings(page: Path) -> set[str]:
    """The anchors of a page, made as code hosts make them."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in found}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith(("https:", "mailto:")):
            continue
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        assert target.exists(), link
        assert not anchor or anchor in headings(target), link


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        links = [link.partition("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8"))]
        found = {(page.parent / link).resolve() for link in links if link.endswith(".md")}
        waiting += [each for each in found if each not in seen and each.exists()]
    assert {page for page in PAGES if page.parent.name == "docs"} - seen == set()


@pytest.mark.parametrize(
    ("name", "code"),
    [(name_of(page), code) for page in PAGES for kind, code in
     BLOCK.findall(page.read_text(encoding="utf-8")) if kind == "python"],
)  # fmt: skip
def test_python_on_a_page_runs(name: str, code: str) -> None:
    exec(compile(code, name, "exec"), {"__name__": "page"})


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_toml_on_a_page_is_toml(page: Path) -> None:
    for kind, code in BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind == "toml":
            tomllib.loads(re.sub(r"^ +", "", code, flags=re.MULTILINE))


def test_the_readme_lists_the_commands_that_exist() -> None:
    table = re.findall(r"^\| `lostudy (\w+)", text_of("README.md"), re.MULTILINE)
    assert sorted(table) == sorted(COMMANDS)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_names_only_commands_and_options_that_exist(page: Path) -> None:
    text = re.sub(r"\s+", " ", page.read_text(encoding="utf-8"))
    for command, rest in re.findall(r"[`$&] ?lostudy ([a-z]+)([^`$&|]*)", text):
        assert command in COMMANDS, command
        inner = getattr(COMMANDS[command], "commands", {})
        parts = [COMMANDS[command], *(each for name, each in inner.items() if name in rest.split())]
        assert len(parts) > 1 or not inner or not rest.strip(), rest
        params = [each for part in parts for each in part.params]
        known = {option for each in params for option in (*each.opts, *each.secondary_opts)}
        assert set(re.findall(r"(?<!\w)--[a-z-]+", rest)) - known - {"--help"} == set()


def test_the_options_that_the_readme_names_exist() -> None:
    known = {option for each in COMMANDS.values() for one in each.params for option in one.opts}
    said = set(re.findall(r"`(--[a-z]+)", text_of("README.md"))) - {"--help"}
    assert said - known == set()


def test_the_two_commands_are_these_and_ci_runs_the_second() -> None:
    lines = [line for kind, code in BLOCK.findall(text_of("README.md")) if kind == "sh"
             for line in code.splitlines()]  # fmt: skip
    assert "python -m pip install -e . -c constraints.txt && lostudy run" in lines
    tests = 'python -m pip install -e ".[test]" -c constraints.txt && pytest -n 2 --dist loadfile'
    assert tests in lines
    run = ROOT / ".ci" / "run"
    if not run.exists():
        pytest.skip(".ci/run is not there yet")
    assert any(line.startswith(tests) for line in run.read_text(encoding="utf-8").splitlines())


def test_contributing_names_the_checks_that_ci_runs() -> None:
    run = ROOT / ".ci" / "run"
    if not run.exists():
        pytest.skip(".ci/run is not there yet")
    lines = [line.replace(" -q", "") for line in run.read_text(encoding="utf-8").splitlines()]
    for check in ("pytest --nbval notebooks", "ruff check .", "mypy", "lint-imports"):
        assert check in lines
        assert check in text_of("CONTRIBUTING.md")


def test_the_changelog_says_of_every_change_whether_published_numbers_change() -> None:
    lines = [line for line in text_of("CHANGELOG.md").splitlines() if line.startswith("- ")]
    assert lines
    said = re.compile(r"Published numbers change: (yes|no)")
    assert [line for line in lines if not said.search(line)] == []


def test_the_citation_file_names_the_version_of_the_package() -> None:
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
    citation = dict(
        line.split(": ", 1) for line in text_of("CITATION.cff").splitlines() if ": " in line
    )
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == version
    assert {"message", "title", "type", "license"} <= citation.keys()


def tracked() -> Iterator[Path]:
    """The files under version control; every file of a folder without git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("no git here: nothing is listed")
    yield from (ROOT / name for name in listed.stdout.split("\0") if name)


def test_no_file_holds_a_personal_path_or_the_host_of_a_registry() -> None:
    """A made-up path in an example is no personal path: those are named here."""
    marks = [b"/" + name + b"/" for name in (b"home", b"root", b"work", b"Users")]
    marks += [name + b"." + end for name, end in ((b"pypi", b"org"), (b"pythonhosted", b"org"))]
    allowed = {b"/home/somebody/", b"/home/x/"}
    found = []
    for path in tracked():
        if not path.is_file() or path.suffix in (".png", ".sav", ".qdpx", ".xlsx", ".sqlite3"):
            continue
        content = path.read_bytes()
        for example in allowed:
            content = content.replace(example, b"")
        found += [(name_of(path), mark) for mark in marks if mark in content]
    assert found == []
