"""Small protected tables, one of each kind, to draw."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pandas as pd

from lostudy.disclosure import (
    Safe,
    beside,
    protect,
    protect_coding,
    protect_shares,
    protect_voices,
)
from lostudy.figures import Names
from lostudy.figures.drawn import Drawn
from lostudy.integration import verdict
from lostudy.study import Disclosure

POLICY = Disclosure(signed_by="Somebody", signed_on=dt.date(2025, 1, 6))
LONG = "Leiderschap dat leren en reflecteren in het dagelijks werk mogelijk maakt"
TEXTS = {"title": "Een titel", "caption": "lq1 · alle organisaties · n = 20–105 · gesimuleerd."}


def name_of(column: str, value: str) -> str:
    """Names as long as they come in practice."""
    if column in ("scale", "code", "item"):
        return f"{LONG} {value}"
    return {"organisation": f"Organisatie {value}", "role": f"Gedragswetenschapper {value}"}.get(
        column, value
    )


def estimates(by: dict[str, list[str]], n: Callable[[int], int], middle: float) -> pd.DataFrame:
    """A row per combination of groups, a little different each."""
    rows = [dict(zip(by, values, strict=True)) for values in itertools.product(*by.values())]
    frame = pd.DataFrame(rows)
    frame["estimate"] = [middle + 0.13 * (place % 7) for place in range(len(frame))]
    frame["low"], frame["high"] = frame["estimate"] - 0.31, frame["estimate"] + 0.42
    frame["n"] = [n(place) for place in range(len(frame))]
    words = ["", "too few teams: interval not to be tested"]
    return frame.assign(note=[words[place % 5 == 4] for place in range(len(frame))])


def sizes(place: int) -> int:
    """Most groups are large enough, the third of each eight is not."""
    return 6 if place % 8 == 3 else 21 + 17 * (place % 6)


def shown(frame: pd.DataFrame, by: dict | list, kind: str) -> Safe:
    """A table through the door, with as many persons behind each row as it says."""
    return protect(frame, by=list(by), people=people(frame, list(by)), policy=POLICY, kind=kind)


def people(frame: pd.DataFrame, by: list[str], n: str = "n") -> pd.DataFrame:
    """Keys of persons: so many in each group; the others have their own."""
    parts = frame[(frame[by] != "all").all(axis=1)]
    rows = parts.loc[parts.index.repeat(parts[n]), by].reset_index(drop=True)
    return rows.assign(person=rows.index.astype("str"))


def levels(organisations: list[str], second: str = "wave") -> Safe:
    others = {"wave": ["T0", "T1", "T2"], "role": ["youth", "behaviour", "manager"]}[second]
    by = {"scale": ["LG"], "organisation": organisations, second: others}
    return shown(estimates(by, sizes, 3.0), by, "levels")


def embedding(organisations: list[str]) -> Safe:
    """Another scale for the same organisations and waves."""
    by = {"scale": ["VA"], "organisation": organisations, "wave": ["T0", "T1", "T2"]}
    table = estimates(by, lambda place: 6 if place > 8 else 25 + 15 * (place % 4), 2.6)
    return shown(table, by, "levels")


def specifications() -> Safe:
    """A change under eight choices fixed beforehand."""
    choices = ["all together", *(f"without team {place}" for place in range(7))]
    frame = estimates({"specification": choices}, sizes, -0.4)
    return shown(frame.drop(columns="note"), {"specification": choices}, "specifications")


def profile(organisations: list[str]) -> Safe:
    by = {"scale": ["LG", "VA", "OI"], "organisation": organisations, "wave": ["T2"]}
    return shown(estimates(by, sizes, 3.1), by, "profile")


def change(organisations: list[str], scales: list[str], estimands: list[str]) -> Safe:
    by = {"scale": scales, "organisation": organisations, "estimand": estimands}
    frame = estimates(by, sizes, -0.3)
    words = ["points_to_rise", "too_uncertain", "no_noteworthy_change"]
    frame["wording"] = [words[place % 3] for place in range(len(frame))]
    return shown(frame, by, "change")


def answers(organisations: list[str], values: list[int]) -> Safe:
    items = {"v1": 0, "v2": 3}
    rows = [
        {"item": item, "organisation": name, "value": value, "count": 5 + (value + shift) % 4 * 7}
        for (item, shift), name in itertools.product(items.items(), organisations)
        for value in values
    ]
    frame = pd.DataFrame(rows)
    frame.loc[(frame["organisation"] == "D") & (frame["item"] == "v1"), "count"] = 0
    lowest = (
        (frame["organisation"] == "D") & (frame["item"] == "v1") & (frame["value"] == values[0])
    )
    frame.loc[lowest, "count"] = 20
    by = ["item", "organisation"]
    return protect_shares(
        frame, by=by, values=values, people=people(frame, by, "count"), policy=POLICY
    )


def voices(organisations: list[str]) -> Safe:
    asked = {"A": 9, "B": 7, "C": 3, "D": 6, "all": 25}
    rows = [
        {
            "code": code,
            "organisation": name,
            "k": min(asked[name], shift + (3 if name != "all" else 9)),
            "asked": asked[name],
            "valence": "works",
        }
        for shift, code in enumerate(["X", "Y", "Z"])
        for name in organisations
    ]
    frame = pd.DataFrame(rows)
    by, talks = ["code", "organisation"], frame[frame["code"] == "X"]
    return protect_voices(
        frame, by=by, people=people(talks, ["organisation"], "asked"), policy=POLICY
    )


def response(organisations: list[str]) -> Safe:
    steps = {"invited": 96, "records": 70, "kept": 65, "linked": 9}
    rows = [
        {"organisation": name, "wave": wave, "step": step, "n": size + 7 * place}
        for place, name in enumerate(organisations)
        for wave in ("T0", "T1")
        for step, size in steps.items()
    ]
    frame = pd.DataFrame(rows)
    by = ["organisation", "wave", "step"]
    return shown(frame, by, "response")


def joint(organisations: list[str]) -> Safe:
    pairs = {"X": "LG", "Y": "VA", "Z": "OI"}
    moved = change(organisations, ["LG", "VA", "OI"], ["workforce"])
    return beside(moved, voices(organisations), pairs, verdict)


def conversations(count: int, **columns: str) -> pd.DataFrame:
    """Keys of conversations."""
    return pd.DataFrame({**columns, "person": [f"i{i}" for i in range(count)]})


def together() -> Safe:
    """Pairs of seven themes; the second and third stand one above the other."""
    codes = list("STUVWXY")
    frame = pd.DataFrame(list(itertools.combinations(codes, 2)), columns=["one", "two"])
    frame["k"] = [place * 5 % 13 for place in range(len(frame))]
    frame["more"] = [["", "more", "less"][place % 3] for place in range(len(frame))]
    frame["conversations"], frame["note"] = 24, ""
    frame.loc[3, ["k", "conversations"]] = 2, 3
    frame.loc[6, "note"] = "a code and one above it"
    return protect_coding(frame, by=["one", "two"], people=conversations(24), policy=POLICY,
                          kind="together")  # fmt: skip


def portrait() -> Safe:
    frame = pd.DataFrame(list(itertools.product("WXYZ", range(1, 6))), columns=["code", "part"])
    frame["k"] = [place * 7 % 11 if place % 3 else 0 for place in range(len(frame))]
    frame["conversations"] = [3 if code == "Y" else 24 for code in frame["code"]]
    frame["k"] = frame[["k", "conversations"]].min(axis=1)
    return protect_coding(frame, by=["code", "part"], people=conversations(24), policy=POLICY,
                          kind="portrait")  # fmt: skip


def coders() -> Safe:
    rows = [
        {"code": code, "measure": measure, "estimate": value - 0.11 * place, "low": value - 0.3,
         "high": min(value + 0.1, 1.0), "conversations": 3 if code == "Z" else 17, "note": ""}
        for place, code in enumerate("WXYZ")
        for measure, value in {"alpha": 0.71, "AC1": 0.87, "prevalence": 0.34}.items()
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    gone = (frame["code"] == "Y") & (frame["measure"] != "prevalence")
    frame.loc[gone, ["estimate", "low", "high"]] = float("nan")
    frame.loc[gone, "note"] = "no variation"
    return protect_coding(frame, by=["code", "measure"], people=conversations(17), policy=POLICY,
                          kind="coding")  # fmt: skip


def saturation(organisations: list[str]) -> Safe:
    held = {"A": 9, "B": 7, "C": 3, "D": 4, "all": 23}
    rows = [
        {"organisation": name, "conversations_before": before, "conversations": held[name],
         "estimate": 1 / before, "low": 0.3 / before, "high": 1.7 / before, "note": ""}
        for name in organisations
        for before in range(4, max(held[name] - 1, 5))
    ]  # fmt: skip
    people = pd.concat([conversations(held[name], organisation=name).add_suffix("")
                        .assign(person=lambda f, n=name: n + f["person"])
                        for name in organisations if name != "all"])  # fmt: skip
    return protect_coding(pd.DataFrame(rows), by=["organisation", "conversations_before"],
                          people=people, policy=POLICY, kind="saturation")  # fmt: skip


def draw(kind: str, names: Names, organisations: list[str], page: float = 160.0) -> Drawn:
    """A figure of each kind."""
    from lostudy import figures

    four: dict[str, Any] = {"name": kind, **TEXTS, "page": page}
    several = [*organisations, "all"] if len(organisations) > 1 else organisations
    ranges = {"LG": "1–5", "VA": "1–5", "OI": "0–10"}
    legend = {str(value): f"Helemaal mee eens met {value}" for value in range(11)}
    unit = "schaalpunten, 1–5"
    drawers: dict[str, Callable[[], Drawn]] = {
        "response": lambda: figures.draw_response(response(organisations), names, **four),
        "flow": lambda: figures.draw_flow(response(organisations), names, **four),
        "specifications": lambda: figures.draw_specifications(
            specifications(), names, unit=unit, sesoi=0.25, main="all together", **four
        ),
        "levels": lambda: figures.draw_levels(
            levels(organisations), names, unit=unit, ends=(1, 5), **four
        ),
        "levels-by-role": lambda: figures.draw_levels(
            levels(organisations, "role"), names, unit=unit, ends=(1, 5), **four
        ),
        "profile": lambda: figures.draw_profile(
            profile(organisations), names, unit=unit, ranges=ranges, **four
        ),
        "against": lambda: figures.draw_against(
            levels(organisations), names, up=embedding(organisations), unit=unit, **four
        ),
        "change": lambda: figures.draw_change(
            change(several, ["LG"], ["same people", "workforce"]),
            names,
            unit=unit,
            sesoi=0.25,
            **four,
        ),
        "changes": lambda: figures.draw_change(
            change(organisations, ["LG", "VA"], ["workforce"]), names, unit=unit, sesoi=0.25, **four
        ),
        "answers": lambda: figures.draw_answers(
            answers(organisations, [1, 2, 3, 4, 5]),
            names,
            legend={key: legend[key] for key in "12345"},
            reversed_items=("v2",),
            **four,
        ),
        "answers-of-eleven": lambda: figures.draw_answers(
            answers(organisations, list(range(11))), names, legend=legend, **four
        ),
        "codes": lambda: figures.draw_codes(voices(several), names, **four),
        "together": lambda: figures.draw_together(together(), names, **four),
        "portrait": lambda: figures.draw_portrait(portrait(), names, **four),
        "coders": lambda: figures.draw_coders(coders(), names, **four),
        "saturation": lambda: figures.draw_saturation(
            saturation(several), names, threshold=0.05, **four
        ),
        "joint": lambda: figures.draw_joint(joint(organisations), names, unit=unit, **four),
    }
    return drawers[kind]()


KINDS = [
    "response",
    "flow",
    "levels",
    "levels-by-role",
    "profile",
    "against",
    "change",
    "changes",
    "answers",
    "answers-of-eleven",
    "codes",
    "joint",
    "together",
    "portrait",
    "coders",
    "saturation",
    "specifications",
]
