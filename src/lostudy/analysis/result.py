"""What a cell of a notebook shows: a protected table with its identity, readable at a glance."""

from __future__ import annotations

import html
from dataclasses import dataclass

import pandas as pd

from lostudy import formats
from lostudy.analysis.output import audience, ledger_folder
from lostudy.disclosure import HIDDEN, Safe, decimals_for, decimals_of_talks, require_safe
from lostudy.disclosure.ledger import note
from lostudy.study import Study
from lostudy.study.plan import in_force, plan_hash
from lostudy.words import word

FAMILY = "family"
SHARES = ("share", "rate")
UNSEEN = (
    "survey_hidden",
    "voices_hidden",
    "low",
    "high",
    "hidden",
    "se",
    "df",
    "statistic",
    "p",
    "sd",
    "teams",
    "method",
    "value_labels",
)
SPOKEN = ("name", "text")  # shown word for word
TALKS = ("voices", "together", "portrait", "coding", "saturation")
SIGNED = ("change", "effects", "specifications", "pooling", "tests", "weighted")
PS = ("adjusted", "equivalence")
PLAIN = (
    "family",
    "prior",
    "specification",
    "comparison",
    "measure",
    "n_eff",
    "note",
    "category",
    "wording",
    "band",
    "more",
    "part",
    "conversations_before",
    "valence",
    "verdict",
    "proposed",
    "state",
    "estimand",
    "coefficient",
    "step",
    "status",
)


@dataclass(frozen=True)
class Identity:
    """For which question, whom, when and in which language a result is."""

    study: Study
    question: str
    organisation: str
    wave: str
    language: str

    @property
    def plan(self) -> str:
        """The hash of the frozen plan, and what became of that plan."""
        study, language = self.study, self.language
        registered = study.plan.registered
        if registered is None:
            return word("plan_none", language, plan_hash(study))
        day = f"{registered:%d-%m-%Y}" if language == "nl" else registered.isoformat()
        key = "plan" if in_force(study) else "plan_changed"
        return word(key, language, plan_hash(study), day)

    def line(self, sizes: str = "") -> str:
        """The identity in one line: it stands under every table and figure.

        A run in which two outputs should differ and do not is found by it.
        """
        who = (
            word("all_organisations", self.language)
            if self.organisation == "all"
            else self.study.organisation(self.organisation).name(self.language)
        )
        when = word("all_waves", self.language) if self.wave == "all" else self.wave
        status = word("simulated" if self.study.simulated else "real", self.language)
        parts = [self.question, who, when, sizes, status]
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, repr=False)
class Result:
    """A protected table and what it is; `result.safe.table` is the frame itself.

    `remarks` stand under the table; `limits`, what in it cannot be compared, under the figure too.
    In a run, what it tells is written into the ledger when it is made.
    """

    title: str
    safe: Safe
    identity: Identity
    unit: str = ""
    wide: str = ""
    remarks: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        folder = ledger_folder()
        if folder is not None:
            note(folder, require_safe(self.safe), audience())

    @property
    def table(self) -> pd.DataFrame:
        """The protected frame: rounded, with the reason in `hidden` where a cell is not shown."""
        return self.safe.table.copy()

    @property
    def sizes(self) -> str:
        """How many persons, or conversations, stand behind a row: from the fewest to the most."""
        table, language = require_safe(self.safe).table, self.identity.language
        if "step" in table:
            table = table[table["step"] == "kept"]
        counts = table["n"].dropna() if "n" in table else table.iloc[:0, 0]
        if self.safe.kind in TALKS and len(counts):
            return f"{formats.count(int(counts.max()), language)} {word('k', language)}"
        return persons_between(counts, language)

    @property
    def footnotes(self) -> list[str]:
        """What a reader must know: identity, threshold, what is hidden."""
        language, policy = self.identity.language, self.identity.study.disclosure
        hidden = int((self.safe.table["hidden"] != "").sum())
        line = self.identity.line(self.sizes)
        notes = [line, *self.limits, *self.safe.notes, *self._methods(), *self._planned()]
        notes += self.remarks
        parts = [
            word("threshold", language, policy.threshold),
            word("rounded", language, policy.round_to),
        ] * (self.safe.kind not in (*TALKS, "joint", "quotes"))
        if parts and hidden:
            parts.append(word("hidden_cells", language, hidden, len(self.safe.table)))
        return [*notes, "; ".join([*parts, self.identity.plan])]

    def _methods(self) -> list[str]:
        """How the numbers were made, each method once."""
        methods = dict.fromkeys(self.safe.table.get("method", pd.Series(dtype="str")).dropna())
        return [word(str(method), self.identity.language) for method in methods if method]

    def _one_family(self) -> str:
        """The place in the plan that every row shares, "" where they differ."""
        named = set(self.safe.table.get(FAMILY, ()))
        return str(named.pop()) if len(self.safe.table) > 1 and len(named) == 1 else ""

    def _planned(self) -> list[str]:
        family = self._one_family()
        return [word(f"outcome_{family}", self.identity.language)] if family else []

    def display(self) -> pd.DataFrame:
        """The table as it is read: labels for ids, numbers as the language writes them."""
        frame, language = require_safe(self.safe).table, self.identity.language
        columns = {
            name: self._column(frame, name) for name in map(str, frame) if name not in UNSEEN
        }
        if {"low", "high"} <= set(frame):
            columns = _after(columns, "estimate", "interval", self._intervals(frame))
        reasons = [HIDDEN[reason][0 if language == "nl" else 1] for reason in frame["hidden"]]
        if any(reasons):
            columns["hidden"] = reasons
        empty = {"note"} if not any(columns.get("note", ())) else set()
        said = empty | ({FAMILY} if self._one_family() else set())
        kept = {name: cells for name, cells in columns.items() if name not in said}
        shown = pd.DataFrame(kept)
        if self.wide:
            shown = _spread(shown, self.wide)
        ends = "range" if self.safe.kind == "specifications" else "interval"
        return shown.rename(
            columns=lambda name: word(ends if name == "interval" else name, language)
        )

    def _intervals(self, frame: pd.DataFrame) -> list[str]:
        language = self.identity.language
        ends = zip(frame["low"], frame["high"], frame["n"], strict=True)
        shown = (formats.interval(low, high, self._places(n), language) for low, high, n in ends)
        return [each.replace(" ", formats.NO_BREAK) for each in shown]

    def _column(self, frame: pd.DataFrame, name: str) -> list[str]:
        return [
            self._cell(name, value, n)
            for value, n in zip(frame[name], frame.get("n", [None] * len(frame)), strict=True)
        ]

    def _cell(self, name: str, value: object, n: object) -> str:
        study, language = self.identity.study, self.identity.language
        if value is None or value is pd.NA or value != value:
            return formats.ABSENT
        if name in SPOKEN:
            return str(value)
        if name == "translated":
            return word("translated", language) if value else ""
        if name == "role" and value == "" and self.safe.kind == "quotes":
            return word("participant", language)
        if name in SHARES:
            return formats.percent(value, language)
        if name == "estimate":
            return formats.number(value, self._places(n), language, sign=self.safe.kind in SIGNED)
        if name in PS:
            return str(value).replace(".", ",") if language == "nl" else str(value)
        if name in ("n", "k"):
            return formats.count(value, language)
        return (
            label(study, name, str(value), language)
            if name not in PLAIN
            else word(str(value), language)
        )

    def _places(self, n: object) -> int:
        """Decimals: as many as the number of persons, or of conversations, bears."""
        return _decimals(n, of_talks=self.safe.kind in TALKS)

    def __repr__(self) -> str:
        frame = self.display()
        return "\n".join([self.title, frame.to_string(index=False), *self.footnotes])

    def _repr_html_(self) -> str:
        shown = self.display()
        head = "".join(f"<th>{html.escape(str(name))}</th>" for name in shown)
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>"
            for row in shown.itertuples(index=False)
        )
        notes = "".join(f"<br>{html.escape(note)}" for note in self.footnotes)
        return (
            f'<table class="lostudy"><caption>{html.escape(self.title)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table><small>{notes[4:]}</small>"
        )


def _after(
    columns: dict[str, list[str]], name: str, new: str, cells: list[str]
) -> dict[str, list[str]]:
    """The columns with a new one right behind `name`."""
    place = list(columns).index(name) + 1
    names = [*list(columns)[:place], new, *list(columns)[place:]]
    return {each: cells if each == new else columns[each] for each in names}


def _spread(frame: pd.DataFrame, wide: str) -> pd.DataFrame:
    """The values of one column beside each other, in the order in which they first come."""
    keys = [name for name in frame if name not in (wide, "n", "hidden")]
    order = list(dict.fromkeys(frame[wide]))
    spread = frame.pivot_table(index=keys, columns=wide, values="n", aggfunc="first", sort=False)
    return spread[order].reset_index().rename_axis(columns=None)


def persons_between(counts: pd.Series, language: str) -> str:
    """From the fewest to the most persons behind a row; nothing where there is none.

    >>> persons_between(pd.Series([20, 105, 45]), "nl"), persons_between(pd.Series([20]), "nl")
    ('n\xa0=\xa020–105', 'n\xa0=\xa020')
    """
    if counts.empty:
        return ""
    least, most = int(counts.min()), int(counts.max())
    more = "" if least == most else f"–{formats.count(most, language)}"
    return formats.sample(least, language) + more


def label(study: Study, column: str, value: str, language: str) -> str:
    """What a person calls an id: the name of an organisation, scale, code, role, or itself.

    "all" is every organisation together.
    """
    if value == "all":
        whole = {"organisation": "all_organisations", "wave": "all_waves"}
        return word(whole.get(column, "all"), language)
    names: dict[str, dict] = {
        "organisation": {each.id: each.name for each in study.organisations},
        "wave": {each.id: each.id for each in study.waves},
        "scale": {key: each.label for key, each in study.scales.items()},
        "item": {key: each.text for key, each in study.items.items()},
        **dict.fromkeys(
            ("code", "one", "two"), {key: each.label for key, each in study.codes.items()}
        ),
    }
    for background in study.background:
        names[background.id] = {
            str(key): text for key, text in study.label_sets[background.labels].labels.items()
        }
    found = names.get(column, {}).get(value)
    return (
        found(language)
        if callable(found)
        else word(value, language)
        if found is None
        else str(found)
    )


def _decimals(n: object, *, of_talks: bool) -> int:
    known = None if n is None or n is pd.NA or n != n else int(str(n))
    return decimals_of_talks(known) if of_talks else decimals_for(known)
