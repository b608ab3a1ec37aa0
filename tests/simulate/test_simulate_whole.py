"""A whole study of another number of organisations can be declared, checked and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from lostudy.errors import StudyError
from lostudy.simulate import simulate_whole, with_organisations
from lostudy.study import load_study

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("larger") / "study"
    simulate_whole(load_study(ROOT), folder, 7, 6)
    return folder


def test_what_is_declared_is_the_study_with_more_organisations(larger: Path) -> None:
    shipped, made = load_study(ROOT), load_study(larger)
    assert [each.id for each in made.organisations] == ["A", "B", "C", "D", "S005", "S006"]
    assert made.organisations == with_organisations(shipped, 6).organisations
    assert (made.about, made.waves, made.questions) == (
        shipped.about, shipped.waves, shipped.questions
    )  # fmt: skip
    assert made.plan == shipped.plan and made.disclosure == shipped.disclosure


def test_each_organisation_delivered_with_a_crosswalk_of_its_own(larger: Path) -> None:
    made = load_study(larger)
    for organisation in made.organisations:
        for wave in made.waves:
            delivered = larger / "data" / "raw" / organisation.id / wave.id
            assert list(delivered.glob("survey.*")), delivered
            assert made.crosswalks[f"{organisation.id}-{wave.id}"]


def test_a_folder_that_holds_something_is_left_alone(larger: Path) -> None:
    before = (larger / "study.toml").read_bytes()
    with pytest.raises(StudyError, match="this folder exists and is not empty"):
        simulate_whole(load_study(ROOT), larger, 7, 3)
    assert (larger / "study.toml").read_bytes() == before


def test_real_data_are_not_copied(tmp_path: Path) -> None:
    study = load_study(ROOT)
    real = study.model_copy(update={"about": study.about.model_copy(update={"status": "real"})})
    with pytest.raises(StudyError, match="a simulated study like one of real people"):
        simulate_whole(real, tmp_path / "new", 7, 3)
    assert not (tmp_path / "new").exists()


def test_the_notebooks_do_not_wait_for_explanations(larger: Path) -> None:
    own = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert [each.name for each in own] == [p.name for p in sorted(larger.glob("notebooks/*"))]
    for path in own:
        copy = (larger / "notebooks" / path.name).read_text(encoding="utf-8")
        assert "explained=True" not in copy
        assert copy.replace("explained=False", "explained=True") == path.read_text(encoding="utf-8")
