"""From a result to its figure: one verb per kind of result; in a run the figure is saved too."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from lostudy import figures
from lostudy.analysis.coding import THRESHOLD
from lostudy.analysis.many import drawable
from lostudy.analysis.origin import origin
from lostudy.analysis.output import notebook_name, output_folder
from lostudy.analysis.result import Result, label, persons_between
from lostudy.disclosure import Safe, require_safe
from lostudy.errors import DisclosureError, Problem, StudyError
from lostudy.figures import Drawn, Names
from lostudy.findings import Finding, append, finding_id
from lostudy.study import LabelSet
from lostudy.words import word

WIDTHS = {"page": 160.0, "column": 80.0}


def plot_response(result: Result, width: str = "page") -> Drawn:
    """Who took part, as bars."""
    return _drawn(figures.draw_response, result, "response", width)


def plot_flow(result: Result, width: str = "page") -> Drawn:
    """From invited to linked, step by step."""
    return _drawn(figures.draw_flow, result, "flow", width)


def plot_levels(result: Result, width: str = "page") -> Drawn:
    """Means with intervals: small multiples over the waves."""
    safe = _safe(result)
    scales = [result.identity.study.scales[name] for name in safe.table["scale"].unique()]
    ends = (
        min((each.minimum for each in scales), default=0),
        max((each.maximum for each in scales), default=1),
    )
    return _drawn(figures.draw_levels, result, "levels", width, unit=result.unit, ends=ends)


def plot_change(result: Result, width: str = "page") -> Drawn:
    """Differences with intervals and wording."""
    _safe(result)
    sesoi = result.identity.study.plan.sesoi
    return _drawn(figures.draw_change, result, "change", width, unit=result.unit, sesoi=sesoi)


def plot_answers(result: Result, width: str = "page") -> Drawn:
    """Answers as diverging bars, neutral apart."""
    table = _safe(result).table
    study, language = result.identity.study, result.identity.language
    items = list(dict.fromkeys(table["item"]))
    labels = study.item_labels(items[0])
    legend = (
        _legend(labels, list(dict.fromkeys(table.loc[table["hidden"] == "", "category"])), language)
        if labels
        else {}
    )
    turned = tuple(item for item in items if study.items[item].reversed)
    more = {"legend": legend, "reversed_items": turned}
    return _drawn(figures.draw_answers, result, "answers", width, **more)


def _legend(labels: LabelSet, categories: list[str], language: str) -> dict[str, str]:
    """Category → what it says; joined categories are named by their ends."""
    texts = [labels.labels[value](language) for value in labels.values]
    if "low" not in categories:
        return {category: labels.labels[int(category)](language) for category in categories}
    half, odd = divmod(len(texts), 2)
    sides = {"low": texts[:half], "middle": texts[half : half + odd], "high": texts[half + odd :]}
    return {
        side: (" + " if len(each) < 3 else " … ").join([each[0], each[-1]][: len(each)])
        for side, each in sides.items()
        if each
    }


def plot_profile(result: Result, width: str = "page") -> Drawn:
    """The scales of each organisation against the range of the others."""
    _safe(result)
    scales = result.identity.study.scales
    ranges = {key: f"{each.minimum}–{each.maximum}" for key, each in scales.items()}
    return _drawn(figures.draw_profile, result, "profile", width, unit=result.unit, ranges=ranges)


def plot_against(first: Result, second: Result, width: str = "page") -> Drawn:
    """One scale against another, from two calls of `lo.estimate` by organisation and wave; or the
    mean of a scale against how far teams agree on it, from `lo.estimate` and `lo.agreement`."""
    _safe(first), _safe(second)
    first, second = drawable(first), drawable(second)
    across, up = first.safe, second.safe
    scales = [_one_scale(result) for result in (first, second)]
    language, apart = first.identity.language, second.safe.kind == "agreement"
    counts = pd.concat([safe.table["n"].dropna() for safe in (across, up)])
    texts = _texts(first, "against", width, persons_between(counts, language))
    more = [line for line in second.limits if line not in first.limits]
    texts["caption"] = " ".join([texts["caption"], *more])
    labels = [first.identity.study.scales[scale].label(language)
              for scale in scales if scale]  # fmt: skip
    if len(labels) != 2:
        what = "each of the two results is about one scale"
        raise StudyError(Problem(what, "give two results of lo.estimate"))
    axis = [labels[0], word("agreement_axis", language, labels[1])] if apart else labels
    if apart:
        scales[1] = "AD" if scales[0] == scales[1] else f"AD-{scales[1]}"
    parts = texts["name"].split("-")
    place = parts.index("against") + 1
    texts["name"] = "-".join([*parts[:place], *scales, *parts[place:]])
    texts["title"] = word("against_title", language, *axis)
    if apart and labels[0] == labels[1]:
        texts["title"] = word("agreement_against_title", language, labels[0])
    drawn = figures.draw_against(
        across, _names(first), up=up, unit=first.unit, axis=axis, **texts, page=_page(width)
    )
    return _kept(drawn, first)


def plot_specifications(result: Result, width: str = "page") -> Drawn:
    """The planned change beside every other choice in the plan, by kind of choice."""
    _safe(result)
    sesoi = result.identity.study.plan.sesoi
    return _drawn(
        figures.draw_specifications, result, "specifications", width,
        unit=result.unit, sesoi=sesoi, main="planned",
    )  # fmt: skip


def plot_codes(result: Result, width: str = "page") -> Drawn:
    """Themes × organisations, in bands of conversations."""
    return _drawn(figures.draw_codes, result, "codes", width)


def plot_together(result: Result, width: str = "page") -> Drawn:
    """Themes × themes, in bands of conversations with both, from `lo.co_occurrence`."""
    return _drawn(figures.draw_together, result, "together", width)


def plot_portrait(result: Result, width: str = "page") -> Drawn:
    """Themes from begin to end of the conversations, from `lo.portrait`."""
    return _drawn(figures.draw_portrait, result, "portrait", width)


def plot_coders(result: Result, width: str = "page") -> Drawn:
    """Alpha and AC1 of each theme with their intervals, from `lo.code_agreement`."""
    return _drawn(figures.draw_coders, result, "coders", width)


def plot_saturation(result: Result, width: str = "page") -> Drawn:
    """New information by number of conversations, from `lo.saturation`."""
    return _drawn(figures.draw_saturation, result, "saturation", width, threshold=THRESHOLD)


def plot_joint(result: Result, width: str = "page") -> Drawn:
    """The joint display of survey and conversations."""
    _safe(result)
    return _drawn(figures.draw_joint, result, "joint", width, unit=result.unit)


def _drawn(
    draw: Callable[..., Drawn], result: Result, kind: str, width: str, **more: object
) -> Drawn:
    """A figure of one result, kept: what it needs of the result is the same for each kind."""
    _safe(result)
    page, result = _page(width), drawable(result)
    texts = _texts(result, kind, width)
    return _kept(draw(result.safe, _names(result), **more, **texts, page=page), result)


def _safe(result: object) -> Safe:
    if not isinstance(result, Result):
        what = f"a {type(result).__name__} that was not protected cannot be drawn"
        raise DisclosureError(
            Problem(what, "draw what lo.estimate, lo.change, lo.answers, … return")
        )
    return require_safe(result.safe)


def _names(result: Result) -> Names:
    study, language = result.identity.study, result.identity.language
    return Names(
        lambda column, value: label(study, column, value, language),
        [each.id for each in study.organisations],
        language,
    )


def _page(width: str) -> float:
    """The width of a figure in millimetres: over the page, or in a column."""
    if width not in WIDTHS:
        raise StudyError(Problem(f"width '{width}' does not exist", f"one of: {', '.join(WIDTHS)}"))
    return WIDTHS[width]


def _texts(result: Result, kind: str, width: str, sizes: str = "") -> dict[str, str]:
    """Name, title and caption of a figure: the name is unique within a run.

    `sizes`: how many persons stand behind it, where more than this result does.
    """
    identity = result.identity
    scale = _one_scale(result) if kind in ("levels", "change", "answers", "specifications") else ""
    across = [column for column in result.safe.by if column in ("role", "tenure")]
    parts = [
        identity.question,
        kind,
        scale,
        *across,
        "" if width == "page" else width,
        "" if identity.organisation == "all" else identity.organisation,
    ]
    source = (
        word("simulated_data", identity.language)
        if identity.study.simulated
        else identity.study.about.source
    )
    return {
        "name": "-".join(part for part in parts if part),
        "title": result.title,
        "caption": " ".join([f"{identity.line(sizes or result.sizes)}.", source, *result.limits]),
    }


def _one_scale(result: Result) -> str:
    """The scale of a figure about one; empty where there are more."""
    table = result.safe.table
    if "item" in table:
        return result.identity.study.items[table["item"].iloc[0]].scale
    scales = list(table["scale"].unique())
    return str(scales[0]) if len(scales) == 1 else ""


def _kept(drawn: Drawn, result: Result) -> Drawn:
    """The figure with its name and origin inside; in a run it is saved, and is a finding."""
    name = _finding_name(drawn.name, result)
    facts = {**_facts(result), "id": name, "figure": drawn.name}
    whole = replace(drawn, facts=json.dumps(facts, ensure_ascii=False, sort_keys=True))
    folder = output_folder()
    if folder is not None:
        paths = whole.save(folder / "figures")
        place = notebook_name()
        files = {path.suffix[1:]: f"{place}/figures/{path.name}" for path in paths}
        append(folder, [_finding(whole, result, name, files)])
    return whole


def _finding_name(drawn: str, result: Result) -> str:
    """The figure's name as a finding: what the notebook is about, fig, and what is drawn."""
    topic = notebook_name().partition("/")[0].partition("-")[2].replace("-", "_")
    parts = drawn.split("-")
    if parts[0] in ("", topic):
        parts = parts[1:]
    elif not topic:
        topic, parts = (parts[0], parts[1:]) if result.identity.question else ("study", parts)
    return finding_id(topic, "fig", *parts)


def _facts(result: Result) -> dict[str, Any]:
    """Where a figure comes from, for the picture itself to carry."""
    about = result.identity.study.about
    return {"program": "lostudy", "study": about.id, "status": about.status, **origin(result)}


def _finding(drawn: Drawn, result: Result, name: str, files: dict[str, str]) -> Finding:
    values = drawn.values
    return Finding(
        **origin(result),
        id=name,
        kind="figure",
        organisation=result.identity.organisation,
        value=None,
        low=None,
        high=None,
        n=None,
        unit=result.unit,
        text_nl=drawn.title,
        text_en=drawn.title,
        method="",
        label_nl=drawn.title,
        label_en=drawn.title,
        words={"caption": drawn.caption, "alt": drawn.alt},
        cells=values,
        files=files,
    )
