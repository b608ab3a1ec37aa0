"""Every kind of figure, in both languages, for all organisations, two, and one."""

from __future__ import annotations

import dataclasses
import functools
import io
import re
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.ft2font import FT2Font
from PIL import Image

from figures.figure_lint import complaints
from figures.figure_tables import KINDS, LONG, TEXTS, draw, estimates, levels, name_of, shown
from lostudy import figures
from lostudy.errors import DisclosureError, StudyError
from lostudy.figures import Names
from lostudy.figures.font import FOLDER, read_at_once
from lostudy.figures.parts import span, tick_labels, ticks_for
from lostudy.figures.style import (
    ANSWERS,
    BANDS,
    GREY,
    INK,
    ORGANISATIONS,
    SHAPES,
    breadth,
    foot,
    wrapped,
)

PAGE_ONLY = ["joint"]
WHO = {"all": ["A", "B", "C", "D"], "two": ["A", "C"], "one": ["D"]}
DUTCH = Names(name_of, ["A", "B", "C", "D"], "nl")


@functools.cache
def dutch(kind: str) -> figures.Drawn:
    """A figure of all four organisations, drawn once."""
    return draw(kind, DUTCH, WHO["all"])


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_has_nothing_that_a_machine_can_fault(kind: str, who: str, names: Names) -> None:
    assert complaints(draw(kind, names, WHO[who]).figure) == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in PAGE_ONLY])
def test_a_figure_fits_in_a_column(kind: str, names: Names) -> None:
    drawn = draw(kind, names, WHO["all"], page=80.0)
    assert round(drawn.figure.get_size_inches()[0] * 25.4) == 80
    assert complaints(drawn.figure) == []
    whole = draw(kind, names, WHO["all"])
    assert drawn.data.equals(whole.data) and drawn.alt == whole.alt, "the same is said"


@pytest.mark.parametrize("kind", PAGE_ONLY)
def test_a_figure_that_needs_the_page_says_so(kind: str) -> None:
    with pytest.raises(StudyError, match="does not fit in a column"):
        draw(kind, DUTCH, WHO["all"], page=80.0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_is_as_wide_as_the_text_of_a_page(kind: str) -> None:
    figure = dutch(kind).figure
    assert round(figure.get_size_inches()[0] * 25.4) == 160


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_says_the_same_in_its_values_its_words_and_its_files(kind: str, tmp_path) -> None:
    drawn = dutch(kind)
    paths = {path.suffix[1:]: path for path in drawn.save(tmp_path)}
    assert set(paths) == {"png", "svg", "pdf", "csv", "txt"}
    kept = pd.read_csv(paths["csv"])
    assert list(kept.columns) == list(drawn.data.columns)
    assert len(kept) == len(drawn.data)
    text = paths["txt"].read_text(encoding="utf-8")
    assert drawn.title in text and drawn.alt in text and drawn.caption in text
    assert drawn.alt in Image.open(paths["png"]).text["Description"]  # type: ignore[attr-defined]
    assert "<title>" in paths["svg"].read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_table_gives_the_same_bytes(kind: str, tmp_path) -> None:
    first = dutch(kind).save(tmp_path / "a")
    second = draw(kind, DUTCH, WHO["all"]).save(tmp_path / "b")
    for one, two in zip(first, second, strict=True):
        assert one.read_bytes() == two.read_bytes(), one.suffix


@pytest.mark.parametrize("kind", KINDS)
def test_everything_in_a_figure_is_set_in_the_cut_typeface(kind: str, tmp_path) -> None:
    """Embedding the whole face takes half of the time of a figure, and sets other widths."""
    paths = {path.suffix[1:]: path for path in dutch(kind).save(tmp_path)}
    faces = set(re.findall(rb"/BaseFont /[A-Z]{6}\+([\w-]+)", paths["pdf"].read_bytes()))
    assert faces
    assert all(face.startswith(b"LostudySans") for face in faces), faces


@pytest.mark.parametrize("kind", KINDS)
def test_alternative_texts_have_numbers_as_they_are_printed(kind: str) -> None:
    drawn = dutch(kind)
    assert drawn.alt.endswith(".")
    assert not re.search(r"\d[,.]\d{3,}", drawn.alt), "a number that was not rounded"
    assert "nan" not in drawn.alt.lower() and "<NA>" not in drawn.alt


@pytest.mark.parametrize("kind", KINDS)
def test_values_behind_a_figure_are_rounded_and_hidden_ones_absent(kind: str) -> None:
    data = dutch(kind).data
    for column in ("estimate", "low", "high", "share"):
        if column in data:
            values = data[column].astype("float64").dropna()
            assert (values.round(3) == values).all()
    if "hidden" in data:
        numbers = [c for c in ("estimate", "low", "high", "share", "n", "k") if c in data]
        assert data.loc[data["hidden"] != "", numbers].isna().all(axis=None)
        assert (data["hidden"] != "").any(), "the tables of these tests have a hidden cell"


@pytest.mark.parametrize("kind", KINDS)
def test_a_hidden_cell_is_seen_with_its_reason(kind: str) -> None:
    said = {text.get_text().replace("\n", " ") for text in _texts(dutch(kind))}
    reasons = ("te weinig of te gelijk", "niet gemeten")
    assert any(reason in text for text in said for reason in reasons)


def _texts(drawn: figures.Drawn) -> list:
    from figures.figure_lint import texts

    return texts(drawn.figure)


def test_the_text_of_a_figure_changes_when_a_value_changes() -> None:
    before = draw("levels", DUTCH, WHO["two"])
    frame = levels(WHO["two"]).table.drop(columns="hidden")
    frame["n"] = frame["n"].fillna(0)
    frame.loc[0, "estimate"] += 0.01 if frame.loc[0, "n"] >= 50 else 0.1
    by = ["scale", "organisation", "wave"]
    safe = shown(frame, by, "levels")
    after = figures.draw_levels(
        safe, DUTCH, name="levels", unit="schaalpunten, 1–5", ends=(1, 5), **TEXTS
    )
    assert repr(before) != repr(after)
    assert before.png != after.png


def test_in_a_notebook_a_figure_shows_picture_values_and_facts() -> None:
    drawn = draw("levels", DUTCH, WHO["two"])
    bundle = drawn._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/png", "application/vnd.lostudy.figure+json"}
    picture = Image.open(io.BytesIO(drawn.png))
    assert abs(picture.width - 160 / 25.4 * 300) <= 1
    assert "organisation,wave,estimate,low,high,n" in repr(drawn)


UNPROTECTED = {
    "draw_against": {"up": None, "unit": ""},
    "draw_flow": {},
    "draw_response": {},
    "draw_specifications": {"unit": "", "sesoi": 0.25},
    "draw_levels": {"unit": "", "ends": (1, 5)},
    "draw_profile": {"unit": "", "ranges": {}},
    "draw_change": {"unit": "", "sesoi": 0.25},
    "draw_answers": {"legend": {}},
    "draw_codes": {},
    "draw_coders": {},
    "draw_portrait": {},
    "draw_saturation": {"threshold": 0.05},
    "draw_together": {},
    "draw_joint": {"unit": ""},
}


def test_the_list_of_drawers_is_whole() -> None:
    assert {name for name in figures.__all__ if name.startswith("draw_")} == set(UNPROTECTED)


@pytest.mark.parametrize("name", UNPROTECTED)
def test_a_table_that_was_not_protected_is_not_drawn(name: str) -> None:
    frame = levels(["A"]).table
    with pytest.raises(DisclosureError, match="a DataFrame that was not protected"):
        getattr(figures, name)(frame, DUTCH, name="x", **TEXTS, **UNPROTECTED[name])


@pytest.mark.parametrize("name", UNPROTECTED)
def test_a_table_that_was_changed_is_not_drawn(name: str) -> None:
    safe = levels(["A"])
    safe.table.loc[0, "estimate"] = 1.0
    with pytest.raises(DisclosureError, match="changed afterwards"):
        getattr(figures, name)(safe, DUTCH, name="x", **TEXTS, **UNPROTECTED[name])


def test_levels_by_three_columns_are_refused() -> None:
    by = {"organisation": ["A", "B"], "wave": ["T0"], "role": ["x", "y"]}
    frame = estimates(by, lambda _: 40, 3.0)
    safe = shown(frame, by, "levels")
    with pytest.raises(StudyError, match="levels by 3 columns do not fit in one figure"):
        figures.draw_levels(safe, DUTCH, name="x", unit="", ends=(1, 5), **TEXTS)


def test_a_figure_without_rows_is_refused() -> None:
    frame = estimates({"organisation": ["A"]}, lambda _: 40, 3.0).iloc[:0]
    safe = shown(frame, ["organisation"], "levels")
    with pytest.raises(StudyError, match="a figure without a single row"):
        figures.draw_levels(safe, DUTCH, name="x", unit="", ends=(1, 5), **TEXTS)


def test_a_drawn_figure_cannot_be_altered() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        draw("levels", DUTCH, ["A"]).alt = "another"  # type: ignore[misc]


@pytest.mark.parametrize("step", [0.25, 0.5, 1.0])
def test_a_tick_label_is_the_value_of_its_tick(step: float) -> None:
    ticks = span(pd.Series([1.1, 2.9]), step)
    labels = tick_labels(ticks, "en")
    assert [float(label) for label in labels] == ticks
    assert ticks[0] <= 1.1 and ticks[-1] >= 2.9


def test_ticks_fit_in_the_room_there_is() -> None:
    for room in (30.0, 60.0, 90.0):
        ticks = ticks_for(pd.Series([-1.9, 1.4]), room, "nl", sign=True)
        labels = tick_labels(ticks, "nl", sign=True)
        assert sum(breadth(label) + 2 for label in labels) <= room or len(ticks) <= 3


def test_ticks_without_values_are_still_ticks() -> None:
    assert span(pd.Series([None, None], dtype="float64"), 0.5) == [0.0, 0.5]


def test_wrapping_keeps_every_word_and_fits() -> None:
    lines = wrapped(LONG, 30).split("\n")
    assert " ".join(lines) == LONG
    assert all(breadth(line) <= 30 for line in lines)
    assert foot(LONG * 4) > foot("short")


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_a_line_is_as_wide_as_its_words_and_spaces(weight: str) -> None:
    line = f"{LONG} AVATAR To. Wé ffi «3,45» [−0,12; 0,40]"  # pairs that other typefaces kern
    words = line.split()
    parts = sum(breadth(word, "small", weight) for word in words)
    spaces = (len(words) - 1) * breadth(" ", "small", weight)
    assert parts + spaces == pytest.approx(breadth(line, "small", weight), abs=1e-9)


def test_our_typeface_is_read_whole_when_it_is_opened(tmp_path: Path) -> None:
    ours, other = next(FOLDER.glob("*.ttf")), tmp_path / "other.ttf"
    other.write_bytes(ours.read_bytes())
    reached = []
    with read_at_once():
        for path in (ours, other):
            with io.open(str(path), "rb") as file:  # noqa: UP020 - as matplotlib does
                file.read(1)
                reached.append(file.raw.tell())
    assert reached[0] == ours.stat().st_size > reached[1]


def test_matplotlib_opens_a_typeface_where_we_can_say_how(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, before = [], io.open
    monkeypatch.setattr(io, "open", lambda *a, **k: opened.append(a[0]) or before(*a, **k))
    path = str(next(FOLDER.glob("*.ttf")))
    FT2Font(path)
    assert opened == [path]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_coloured_text_has_contrast_and_organisations_differ_in_shape_too() -> None:
    assert all(contrast(colour, "#ffffff") >= 4.5 for colour in (*ORGANISATIONS, INK, GREY))
    assert all(contrast(INK, tint) >= 4.5 and contrast(GREY, "#ffffff") for tint in BANDS.values())
    assert contrast(ANSWERS[0], "#ffffff") >= 3 and contrast(ANSWERS[4], "#ffffff") >= 3
    assert len(set(SHAPES)) == len(ORGANISATIONS)


def test_a_plane_of_which_nothing_may_be_shown_says_why_and_draws_nothing() -> None:
    table = estimates({"scale": ["LG"], "organisation": ["D"], "wave": ["T0", "T2"]},
                      lambda place: 6, 3.0)  # fmt: skip
    few = shown(table, ["scale", "organisation", "wave"], "levels")
    drawn = figures.draw_against(few, DUTCH, up=few, unit="1-5", name="x", **TEXTS)
    assert complaints(drawn.figure) == []
    assert drawn.alt.endswith("Organisatie D: te weinig of te gelijk.")
    assert not list(drawn.figure.axes[0].lines)
    assert drawn.data.filter(regex="estimate|low|high").isna().all(axis=None)
