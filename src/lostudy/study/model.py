"""The frozen objects that a study consists of, in the order in which study.toml declares them.

The comments of the fields are the reference of study.toml: docs/reference-study-toml.md is
written from them.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

MISSING_REASONS = (
    "not_asked",
    "not_answered",
    "not_applicable",
    "dont_know",
    "refused",
    "impossible",
)
STATUSES = ("identical", "recoded", "reworded", "other_scale", "not_asked", "impossible")
Language = Literal["nl", "en"]


class Declared(BaseModel):
    """Base of everything that is declared: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Text(Declared):
    """A text in the two output languages; `en` falls back on `nl` when it is not given."""

    nl: str
    en: str = ""

    def __call__(self, language: str) -> str:
        return self.en if language == "en" and self.en else self.nl


class About(Declared):
    """[study]: `status` says whether the data are simulated or real; it is shown everywhere."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: Text
    status: Literal["simulated", "real"]
    language: Language = "nl"
    source: str = ""


class Organisation(Declared):
    """[[organisations]]: `invited` = staff invited at each wave; `teams` = a closed list.

    `staff` = of whom the staff consists: wave → background → category → number of persons.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9]{1,12}$")
    name: Text
    invited: dict[str, int] = {}
    staff: dict[str, dict[str, dict[str, int]]] = {}
    teams: tuple[str, ...] = ()
    team_aliases: dict[str, str] = {}


class Wave(Declared):
    """[[waves]]: answers dated before `opens` or after `closes` are flagged."""

    id: str = Field(pattern=r"^[A-Za-z0-9]{1,12}$")
    name: Text
    opens: dt.date | None = None
    closes: dt.date | None = None


class Question(Declared):
    """[[questions]]: a learning question, its primary and secondary scales, its themes (codes).

    `pairs` joins a theme to the scale beside which the joint display shows it.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,15}$")
    text: Text
    primary: str
    secondary: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    pairs: dict[str, str] = {}

    @property
    def scales(self) -> tuple[str, ...]:
        """The primary scale first, then the secondary ones."""
        return (self.primary, *self.secondary)


class Background(Declared):
    """[[background]]: something known of a respondent besides the items, read with a label set."""

    id: Literal["role", "tenure"]
    name: Text
    labels: str


class DeliveryFile(Declared):
    """[[deliveries]]: only where a file does not stand at <organisation>/<wave>/survey.*."""

    organisation: str
    wave: str
    kind: Literal["survey", "interviews", "conversations"] = "survey"
    file: str
    tool: str | None = None


Specification = Literal[
    "one_model", "team_means", "all_answers", "by_persons", "role", "tenure", "careless_kept",
    "complete_scales", "factor_scores", "raked", "without_a_team", "without_an_organisation",
]  # fmt: skip


class Plan(Declared):
    """[plan]: frozen before the data were seen; its hash stands in every result.

    `primary` and `secondary` are the outcomes (scales) in two families of tests: Holm over the
    first, Benjamini & Hochberg over the second; what is in neither is exploratory. `contrast` is
    the first and the last wave of the planned change. `sesoi` is the smallest change of interest in
    scale points; `answered_share` the share of a scale's items that must be answered;
    `specifications` the other choices under which the primary result must hold. `frozen` is the
    plan's hash when it was registered: where the plan differs from it, all results are exploratory.
    """

    registered: dt.date | None = None
    frozen: str = ""
    primary: tuple[str, ...] = ()
    secondary: tuple[str, ...] = ()
    contrast: tuple[str, str] | None = None
    sesoi: float = Field(default=0.25, gt=0)
    answered_share: float = Field(default=0.75, gt=0, le=1)
    level: float = Field(default=0.95, gt=0.5, lt=1)
    exclude_careless: bool = True
    specifications: tuple[Specification, ...] = get_args(Specification)


class Cleaning(Declared):
    """[cleaning]: thresholds of the rules (METHODS: C6, C8, C10-C12, C14, C16).

    A record contradicts itself with more than `guttman_errors` (mean over scales, 0 to 1) and less
    than `even_odd` between halves of scales.
    """

    seconds_per_item: float = 2.0
    speed_share_of_median: float = 1 / 3
    partial_share: float = 0.5
    impossible_share: float = 0.01
    duplicate_items: int = 20
    guttman_errors: float = Field(default=0.33, gt=0, le=1)
    even_odd: float = Field(default=0.25, ge=-1, le=1)
    link_elements: int = Field(default=1, ge=0, le=2)


class Disclosure(Declared):
    """[disclosure]: the signed policy. Without a name and a date nothing is shown."""

    threshold: int = Field(default=10, ge=3)
    own_threshold: int = Field(default=5, ge=3)
    own_response: float = Field(default=0.40, gt=0, le=1)
    group_share: float = Field(default=0.90, gt=0.5, le=1)
    group_size: int = 30
    round_to: int = Field(default=5, ge=1)
    margin: float = Field(default=0.25, gt=0, le=1)
    withheld: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ("organisation", "wave", "team", "role", "tenure")
    conversations: int = Field(default=5, ge=1)
    signed_by: str = ""
    signed_on: dt.date | None = None


class LabelSet(Declared):
    """The answers of an item: labels by value, every accepted spelling, missing reasons."""

    id: str
    labels: dict[int | str, Text]
    accepted: dict[str, int | str]
    missing: dict[str, str] = {}

    @property
    def values(self) -> tuple[int | str, ...]:
        """The values in the order of labels.csv."""
        return tuple(self.labels)

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers (answers) and not words (background)."""
        return all(isinstance(value, int) for value in self.labels)


class Item(Declared):
    """A question of the questionnaire; `labels` names its label set, or "number".

    `expected` is the answer of somebody who reads, for an item that says what to answer.
    """

    row: int = 0
    id: str
    scale: str = ""
    labels: str
    reversed: bool = False
    core: bool = True
    referent: Literal["self", "team", "organisation", "manager", ""] = ""
    text: Text
    expected: int | None = None


class Scale(Declared):
    """A scale and its items, in the order of items.csv; scores run from `minimum` to `maximum`."""

    row: int = 0
    id: str
    label: Text
    minimum: int
    maximum: int
    items: tuple[str, ...] = ()
    reversed_items: tuple[str, ...] = ()


class Code(Declared):
    """A code of the codebook; `assignable` is False for a container.

    It was in use from `since` up to and with `until`; `became` names what took over: one code after
    a merge (or a new name), several after a split.
    """

    row: int = 0
    id: str
    parent: str = ""
    assignable: bool = True
    label: Text
    definition: Text = Text(nl="")
    questions: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    became: tuple[str, ...] = ()


class CrosswalkRow(Declared):
    """One column of a delivery: where it goes, with which labels, or why it is ignored."""

    row: int
    source: str
    text: str = ""
    target: str
    labels: str = ""
    form_version: str = ""
    status: str = "identical"
    note: str = ""


class Correction(Declared):
    """A change by hand: the old value must match. `key` is the row number in the delivery."""

    row: int
    delivery: str
    key: str
    column: str
    old: str
    new: str
    reason: str
    who: str
    date: str


class Study(Declared):
    """A whole study; `folder` holds study.toml. What is looked up by id raises a plain KeyError.

    `coders`: name as written -> coder. `attributes`: what a passage can carry -> allowed values.
    """

    folder: Path
    about: About
    organisations: tuple[Organisation, ...]
    waves: tuple[Wave, ...]
    questions: tuple[Question, ...]
    background: tuple[Background, ...] = ()
    deliveries: tuple[DeliveryFile, ...] = ()
    plan: Plan = Plan()
    cleaning: Cleaning = Cleaning()
    disclosure: Disclosure = Disclosure()
    items: dict[str, Item] = {}
    scales: dict[str, Scale] = {}
    codes: dict[str, Code] = {}
    label_sets: dict[str, LabelSet] = {}
    crosswalks: dict[str, tuple[CrosswalkRow, ...]] = {}
    corrections: tuple[Correction, ...] = ()
    coders: dict[str, str] = {}
    attributes: dict[str, tuple[str, ...]] = {}

    def organisation(self, organisation: str) -> Organisation:
        """The organisation with this id."""
        return {each.id: each for each in self.organisations}[organisation]

    def wave(self, wave: str) -> Wave:
        """The wave with this id."""
        return {each.id: each for each in self.waves}[wave]

    def question(self, question: str) -> Question:
        """The learning question with this id."""
        return {each.id: each for each in self.questions}[question]

    @property
    def simulated(self) -> bool:
        """Whether the data are simulated; then every output says so."""
        return self.about.status == "simulated"

    def item_labels(self, item: str) -> LabelSet | None:
        """The label set of an item; None for a number."""
        return self.label_sets.get(self.items[item].labels)

    def coder(self, name: str) -> str:
        """The coder behind a name as a tool wrote it."""
        return self.coders.get(name.strip(), name.strip())
