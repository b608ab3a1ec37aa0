"""Who could learn what from a whole release, and the smallest change that mends it.

Two sorts of attacker for each organisation. *The others*: whoever knows everything about all other
organisations and reads what is published: three organisations that lay their own files together
against the fourth, and everybody who knows less. *Its own people*: they read their organisation's
own report as well, under its own threshold. What conversations tell has one attacker, who reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from lostudy.disclosure.attack import Leak, leaks
from lostudy.disclosure.claims import CONVERSATIONS, PERSONS, UNNAMED
from lostudy.disclosure.systems import Place, System, coded, system, without
from lostudy.errors import Problem
from lostudy.study import Disclosure
from lostudy.study.parameters import PUBLIC

OTHERS, OWN, READERS = "others", "own", "readers"


@dataclass(frozen=True)
class Exposure:
    """Fewer persons than the threshold about whom a release tells; never what it tells of them.

    `attacker`: others, own or readers; `open`: the share of what they could have answered that
    stays open; `rows`: the rows that tell it together; `mend`: the names of rows that, withheld,
    end it; empty where earlier releases tell it by themselves.
    """

    organisation: str
    attacker: str
    quantity: str
    persons: int
    open: float
    rows: tuple[str, ...]
    mend: tuple[str, ...]

    def problem(self) -> Problem:
        """The exposure in words, with what to do."""
        who = {
            OTHERS: f"who knows the other organisations learns of {self.persons} of",
            OWN: f"people of the organisation learn of {self.persons} of",
            READERS: f"a reader learns of {self.persons} conversations of",
        }[self.attacker]
        what = f"{who} {self.organisation} about {self.quantity}, from: {'; '.join(self.rows)}"
        lines = ", ".join(f'"{each}"' for each in self.mend)
        cure = (
            f"withhold {lines} (withheld in [disclosure] of study.toml), then `lostudy run`"
            if self.mend
            else "earlier releases tell this together: consult who signed the policy"
        )
        return Problem(what, cure, "reports", rule="D6")


@dataclass(frozen=True)
class View:
    """What one attacker knows about one organisation, and from how many persons on that is safe."""

    organisation: str
    attacker: str
    claims: pd.DataFrame
    threshold: int


def exposures(
    ledger: pd.DataFrame,
    policy: Disclosure,
    homes: Mapping[str, str],
    earlier: Collection[str] = (),
) -> list[Exposure]:
    """Everything that this ledger gives away, in the order of organisations and quantities.

    `homes`: person or conversation → organisation; `earlier`: sources that were released already
    and cannot be withheld any more.
    """
    told = ledger[ledger["shown"] & (ledger["quantity"] != "") & ledger["person"].notna()]
    told = coded(told.assign(organisation=told["person"].map(homes).fillna("")))
    names = _names(told)
    done: dict[bytes, list[Leak]] = {}
    return [
        exposure
        for view in _views(told, policy)
        for quantity, claims in _by_quantity(view.claims)
        for exposure in _exposed(view, quantity, system(claims), policy, names, earlier, done)
    ]


def _by_quantity(claims: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The claims about each quantity; what does not say of what it is may be of any."""
    unnamed = claims["quantity"] == UNNAMED
    names = sorted(claims.loc[~unnamed, "quantity"].unique()) or [UNNAMED]
    for name in names if len(claims) else []:
        yield str(name), claims[unnamed | (claims["quantity"] == name)]


def _views(told: pd.DataFrame, policy: Disclosure) -> Iterator[View]:
    """What each attacker knows."""
    persons = told[told["unit"] == PERSONS]
    public = persons["audience"] == PUBLIC
    for organisation, mine in persons.groupby("organisation", sort=True):
        name = str(organisation)
        heard = public[mine.index]
        yield View(name, OTHERS, mine[heard | (mine["audience"] != name)], policy.threshold)
        if (mine["audience"] == name).any():
            own = mine[heard | (mine["audience"] == name)]
            yield View(name, OWN, own, policy.own_threshold)
    talks = told[told["unit"] == CONVERSATIONS]
    if len(talks):
        yield View("all", READERS, talks, policy.conversations)


def _exposed(
    view: View,
    quantity: str,
    found: System,
    policy: Disclosure,
    names: Mapping[Place, str],
    earlier: Collection[str],
    done: dict[bytes, list[Leak]],
) -> Iterator[Exposure]:
    """The exposures of one quantity; equal equations are attacked once."""
    leaking = _attacked(found, view.threshold, policy.margin, done)
    if not leaking:
        return
    mend = _mend(found, leaking, view.threshold, policy, names, earlier)
    for leak in leaking:
        rows = tuple(dict.fromkeys(f"{names[place]} ({place[0]})" for place in leak.claims))
        yield Exposure(
            view.organisation, view.attacker, quantity, leak.persons, leak.open, rows, mend
        )


def _attacked(
    found: System, threshold: int, margin: float, done: dict[bytes, list[Leak]]
) -> list[Leak]:
    """The leaks of a system; the empty answer is remembered for equal equations."""
    parts = (found.weights.tobytes(), found.stands.tobytes(), found.errors.tobytes())
    key = b"|".join([str((threshold, found.weights.shape)).encode(), *parts])
    if key in done:
        return done[key]
    answer = leaks(found, threshold, margin)
    if not answer:
        done[key] = answer
    return answer


def _mend(
    found: System,
    leaking: list[Leak],
    threshold: int,
    policy: Disclosure,
    names: Mapping[Place, str],
    earlier: Collection[str],
) -> tuple[str, ...]:
    """The names of rows to withhold: each time the one that ends most, then with fewest persons.

    When every combination that is known is broken, what is left is attacked again.
    """
    chosen: list[str] = []
    while leaking:
        while unbroken := [leak for leak in leaking if not _broken(leak, chosen, names)]:
            more = _most_useful(found, unbroken, names, earlier)
            if not more:
                return ()
            chosen.append(more)
        leaking = leaks(_left(found, chosen, names), threshold, policy.margin)
    return tuple(chosen)


def _broken(leak: Leak, chosen: list[str], names: Mapping[Place, str]) -> bool:
    """Whether one of its rows is among those that are withheld."""
    return any(names[place] in chosen for place in leak.claims)


def _most_useful(
    found: System, leaking: list[Leak], names: Mapping[Place, str], earlier: Collection[str]
) -> str:
    """The row that stands in most of these combinations; empty where all were released before."""
    often = Counter(place for leak in leaking for place in leak.claims if place[0] not in earlier)
    if any(all(place[0] in earlier for place in leak.claims) for leak in leaking):
        return ""
    return names[min(often, key=lambda each: (-often[each], _size(found, each)))]


def _left(found: System, chosen: list[str], names: Mapping[Place, str]) -> System:
    return without(found, {place for place in found.claims if names[place] in chosen})


def _size(found: System, place: Place) -> tuple[int, Place]:
    """How many persons of the organisation a claim is about."""
    row = found.claims.index(place)
    return found.persons(found.weights[row] != 0), place


def _names(told: pd.DataFrame) -> dict[Place, str]:
    """Claim → its name: the kind of table and the row, as `withheld` takes them."""
    rows = told.drop_duplicates(["source", "row"])
    names = rows["kind"] + ": " + rows["label"]
    places = zip(rows["source"], rows["row"].astype(int), strict=True)
    return dict(zip(places, names, strict=True))
