"""The red team: tables that are each well protected, and what they tell together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from disclosure_tables import POLICY, said

from lostudy.disclosure import Safe, protect, protect_shares, protect_voices
from lostudy.disclosure.attack import Leak, leaks
from lostudy.disclosure.exposures import OTHERS, OWN, READERS, Exposure, exposures
from lostudy.disclosure.ledger import note, read_ledger
from lostudy.disclosure.numbers import recoverable
from lostudy.disclosure.systems import System, coded, system

ROLES = {"professional": 30, "specialist": 14, "leader": 6}


@pytest.fixture
def staff() -> pd.DataFrame:
    """Four organisations of fifty; six leaders in each; a score between 1 and 5 for everyone."""
    random = np.random.default_rng(list(b"red team"))
    rows = [
        {"organisation": name, "role": role, "person": f"{name}{role}{number}"}
        for name in "ABCD"
        for role, size in ROLES.items()
        for number in range(size)
    ]
    frame = pd.DataFrame(rows)
    return frame.assign(score=random.integers(4, 21, len(frame)) / 4, wave="T0")


def means(frame: pd.DataFrame, by: list[str], *, kind: str = "levels", **columns: str) -> Safe:
    """The means by groups through the door, as a verb of a notebook gives them."""
    parts = frame.assign(**{name: "all" for name in by if name not in frame})
    grouped = parts.groupby(by, as_index=False)
    table = grouped["score"].agg(estimate="mean", n="count")
    table = table.assign(scale="VA", minimum=1.0, maximum=5.0, **columns)
    people = parts[[*by, "person"]].assign(moment=parts["wave"])
    keys = ["scale", *by, *columns]
    return protect(table, by=keys, people=people, policy=POLICY, kind=kind)


class Ledger:
    """Tables written down, then attacked."""

    def __init__(self, folder: Path, staff: pd.DataFrame) -> None:
        self.folder, self.homes = (
            folder,
            dict(zip(staff["person"], staff["organisation"], strict=True)),
        )

    def tell(self, *tables: Safe, place: str = "now", audience: str = "public") -> Ledger:
        for each in tables:
            note(self.folder / place, each, audience)
        return self

    def read(self) -> pd.DataFrame:
        return read_ledger((path.name, path) for path in sorted(self.folder.iterdir()))

    def attack(self, earlier: str = "", **change: object) -> list[Exposure]:
        told = self.read()
        known = set(told.loc[told["table"].str.contains(f"({earlier})", regex=False), "source"])
        policy = POLICY.model_copy(update=change)
        return exposures(told, policy, self.homes, known if earlier else ())


@pytest.fixture
def ledger(tmp_path: Path, staff: pd.DataFrame) -> Ledger:
    return Ledger(tmp_path, staff)


def one(found: list[Exposure], organisation: str) -> Exposure:
    mine = [each for each in found if each.organisation == organisation]
    assert len(mine) == 1, mine
    return mine[0]


def test_a_release_of_apart_groups_tells_nothing_more(ledger: Ledger, staff: pd.DataFrame) -> None:
    specialists = staff[staff["role"] == "specialist"]
    ledger.tell(means(staff, ["organisation"]), means(specialists, ["role"]))
    assert ledger.attack() == []


def test_groups_over_all_help_to_find_one_in_each(ledger: Ledger, staff: pd.DataFrame) -> None:
    """Professionals and specialists of all four, and everyone of A: the leaders of A."""
    ledger.tell(means(staff, ["organisation"]), means(staff[staff["role"] != "leader"], ["role"]))
    assert [(each.organisation, each.persons) for each in ledger.attack()] == [
        (name, 6) for name in "ABCD"
    ]


def test_all_of_an_organisation_less_those_without_leaders(
    ledger: Ledger, staff: pd.DataFrame
) -> None:
    """Two means, each of a large group, and the six leaders of B."""
    b = staff[staff["organisation"] == "B"]
    everyone = means(b, ["organisation"])
    others = means(b[b["role"] != "leader"], ["organisation"], kind="staff")
    assert (everyone.table["hidden"] == "").all() and (others.table["hidden"] == "").all()
    found = one(ledger.tell(everyone, others).attack(), "B")
    assert (found.attacker, found.quantity, found.persons) == (OTHERS, "VA", 6)
    assert len(found.rows) == 2
    assert found.mend == ("staff: scale=VA, organisation=B",), "the row with the fewest persons"


@pytest.mark.parametrize("column", ["measure", "coefficient", "comparison", "prior"])
def test_what_is_no_mean_of_the_answers_is_not_subtracted_from_one(
    ledger: Ledger, staff: pd.DataFrame, column: str
) -> None:
    """An intraclass correlation of all but the leaders tells no sum: only another one would."""
    b = staff[staff["organisation"] == "B"]
    without = b[b["role"] != "leader"]
    other = means(without, ["organisation"], kind="climate", **{column: "ICC(1)"})
    assert ledger.tell(means(b, ["organisation"]), other).attack() == []
    same = means(b, ["organisation"], kind="climate", **{column: "ICC(1)"})
    assert one(ledger.tell(same).attack(), "B").persons == 6


def test_what_the_attack_names_is_true(ledger: Ledger, staff: pd.DataFrame) -> None:
    """The mean of the six leaders, worked out from what is printed, is theirs."""
    b = staff[staff["organisation"] == "B"]
    tables = [means(b, ["organisation"]), means(b[b["role"] != "leader"], ["organisation"])]
    printed = [float(each.table["estimate"].iloc[0]) for each in tables]
    worked_out = (50 * printed[0] - 44 * printed[1]) / 6
    leaders = b.loc[b["role"] == "leader", "score"].mean()
    found = one(ledger.tell(tables[0]).tell(tables[1], place="later").attack(), "B")
    assert abs(worked_out - leaders) <= found.open * 4 / 2 + 1e-9


def test_the_rounding_of_a_large_group_hides_a_few(ledger: Ledger, staff: pd.DataFrame) -> None:
    """Six among five hundred: the last digit of the mean is worth a point of theirs."""
    crowd = pd.concat([staff.assign(person=staff["person"] + str(each)) for each in range(12)])
    a = crowd[crowd["organisation"] == "A"].reset_index(drop=True)
    six = a.index[:6]
    ledger.homes = dict.fromkeys(a["person"], "A")
    ledger.tell(means(a, ["organisation"]), means(a.drop(six), ["organisation"], kind="less"))
    assert ledger.attack() == []
    assert one(ledger.attack(margin=1.0), "A").persons == 6


def test_three_organisations_against_the_fourth(ledger: Ledger, staff: pd.DataFrame) -> None:
    """Twenty-four leaders in all are enough; three organisations know eighteen of them."""
    leaders = means(staff, ["role"])
    assert (leaders.table["hidden"] == "").all()
    found = ledger.tell(leaders).attack()
    assert [each.organisation for each in found] == [*"ABCD"]
    assert {each.persons for each in found} == {6}
    assert {each.mend for each in found} == {("levels: scale=VA, role=leader",)}


def test_withholding_what_is_proposed_mends_it(ledger: Ledger, staff: pd.DataFrame) -> None:
    b = staff[staff["organisation"] == "B"]
    tables = {"levels": b, "staff": b[b["role"] != "leader"]}
    said_so = [means(part, ["organisation"], kind=kind) for kind, part in tables.items()]
    withheld = one(ledger.tell(*said_so).attack(), "B").mend
    policy = POLICY.model_copy(update={"withheld": withheld})
    fresh = Ledger(ledger.folder.parent / "fresh", staff)
    for kind, part in tables.items():
        estimates = part.groupby("organisation", as_index=False)["score"].agg(
            estimate="mean", n="count"
        )
        fresh.tell(
            protect(
                estimates.assign(scale="VA", minimum=1.0, maximum=5.0),
                by=["scale", "organisation"],
                people=part[["organisation", "person"]].assign(moment=part["wave"]),
                policy=policy,
                kind=kind,
            )
        )
    assert fresh.attack() == []


def test_with_and_without_exclusions(ledger: Ledger, staff: pd.DataFrame) -> None:
    careless = staff.groupby("organisation").head(9).index
    ledger.tell(means(staff, ["organisation"]))
    ledger.tell(means(staff.drop(careless), ["organisation"], kind="careful"))
    found = ledger.attack()
    assert [(each.organisation, each.persons) for each in found] == [(n, 9) for n in "ABCD"]


def test_an_earlier_release_stays_in_the_ledger(ledger: Ledger, staff: pd.DataFrame) -> None:
    """One answer came in after the release: the new mean less the old one is that person's."""
    late = staff[(staff["organisation"] == "C") & (staff["role"] == "leader")].index[0]
    ledger.tell(means(staff.drop(late), ["organisation"]), place="2025-03")
    ledger.tell(means(staff, ["organisation"]))
    found = one(ledger.attack(earlier="2025-03"), "C")
    assert found.persons == 1
    assert found.mend == ("levels: scale=VA, organisation=C",)


def test_two_earlier_releases_cannot_be_mended(ledger: Ledger, staff: pd.DataFrame) -> None:
    late = staff[staff["organisation"] == "C"].index[0]
    ledger.tell(means(staff.drop(late), ["organisation"]), place="2025-03")
    ledger.tell(means(staff, ["organisation"]), place="2025-09")
    told = ledger.read()
    found = exposures(told, POLICY, ledger.homes, set(told["source"]))
    assert one(found, "C").mend == ()
    assert "consult who signed the policy" in str(found[0].problem())


def test_sibling_teams(ledger: Ledger, staff: pd.DataFrame) -> None:
    """Every team but one, and the whole: the one is left over, however small the others are."""
    teams = staff.assign(team=staff.groupby("organisation").cumcount() // 11)
    a = teams[teams["organisation"] == "A"].assign(team=lambda f: "t" + f["team"].astype("str"))
    apart = means(a, ["team"])
    assert (apart.table["hidden"] != "").sum() == 1
    found = one(ledger.tell(apart, means(a, ["organisation"])).attack(), "A")
    assert found.persons == 6 and len(found.rows) == 5


def test_groups_that_miss_those_who_did_not_say(ledger: Ledger, staff: pd.DataFrame) -> None:
    """Nobody splits by what is missing; the total less all groups is those who left it open."""
    silent = staff.groupby("organisation").head(2).index
    ledger.tell(means(staff.drop(silent), ["organisation", "role"]), means(staff, ["organisation"]))
    assert {each.persons for each in ledger.attack()} <= set(range(1, 10))
    assert len(ledger.attack()) >= 4


def test_weights_do_not_hide_who_was_left_out(ledger: Ledger, staff: pd.DataFrame) -> None:
    """Equal weights and weights by role: what differs is the roles, large and small."""
    a = staff[staff["organisation"] == "A"]
    table = pd.DataFrame(
        {"scale": "VA", "organisation": ["A"], "estimate": 3.0, "n": 50, "span": 4.0}
    )
    keys = a[["organisation", "person"]].assign(moment="T0")
    weighted = keys.assign(weight=a["role"].map({"leader": 3.0}).fillna(1.0))
    for kind, people in (("plain", keys), ("weighted", weighted)):
        ledger.tell(
            protect(table, by=["scale", "organisation"], people=people, policy=POLICY, kind=kind)
        )
    assert one(ledger.attack(), "A").persons == 6


def test_same_people_and_everyone_at_two_waves(ledger: Ledger, staff: pd.DataFrame) -> None:
    """All but four came back: the levels of both waves and the change of those who stayed."""
    left = staff[staff["organisation"] == "A"].index[:4]
    stayed = staff.drop(left)
    waves = pd.concat([staff, stayed.assign(wave="T1")], ignore_index=True)
    ledger.tell(means(waves, ["organisation", "wave"]))
    assert ledger.attack() == [], "the two waves are two quantities"
    keys = pd.concat(
        [stayed.assign(moment="T0", weight=-1.0), stayed.assign(moment="T1", weight=1.0)]
    )
    sizes = stayed.groupby("organisation")["person"].size()
    table = pd.DataFrame({"scale": "VA", "organisation": sizes.index, "estimate": 0.2, "n": sizes})
    changed = protect(
        table.reset_index(drop=True).assign(span=4.0),
        by=["scale", "organisation"],
        people=keys[["organisation", "person", "moment", "weight"]],
        policy=POLICY,
        kind="change",
    )
    found = one(ledger.tell(changed).attack(margin=1.0), "A")
    assert found.persons == 4 and len(found.rows) == 3, "level at T0, level at T1, and the change"


def test_leavers_are_not_shown_by_everyone_and_those_who_stayed(
    ledger: Ledger, staff: pd.DataFrame
) -> None:
    left = staff[staff["organisation"] == "D"].index[:7]
    ledger.tell(means(staff, ["organisation"]))
    ledger.tell(means(staff.drop(left), ["organisation"], kind="stayers"))
    assert one(ledger.attack(), "D").persons == 7


def test_shares_of_answers_are_attacked_too(ledger: Ledger, staff: pd.DataFrame) -> None:
    def shares(frame: pd.DataFrame, kind: str) -> Safe:
        counts = pd.DataFrame({"item": "v1", "organisation": "A", "value": [0, 1]})
        half = len(frame) // 2
        people = frame[["organisation", "person"]].assign(moment="T0", item="v1")
        return protect_shares(
            counts.assign(count=[half, len(frame) - half]), by=["item", "organisation"],
            values=[0, 1], people=people, policy=POLICY, kind=kind,
        )  # fmt: skip

    a = staff[staff["organisation"] == "A"]
    ledger.tell(shares(a, "answers"), shares(a.iloc[9:], "less"))
    assert ledger.attack() == [], "in steps of 5 % nine persons are not told apart"
    assert one(ledger.attack(margin=1.0), "A").persons == 9


def test_conversations_are_attacked_by_who_reads(ledger: Ledger) -> None:
    def voices(numbers: range, kind: str) -> Safe:
        talks = pd.DataFrame(
            {
                "organisation": [*"ABCD"] * len(numbers),
                "person": [f"c{n}{o}" for n in numbers for o in "ABCD"],
            }
        )
        rows = [{"organisation": name, "k": 4, "asked": len(numbers)} for name in "ABCD"]
        rows.append({"organisation": "all", "k": 14, "asked": 4 * len(numbers)})
        return protect_voices(
            pd.DataFrame(rows).assign(code="X"), by=["code", "organisation"], people=talks,
            policy=POLICY, kind=kind,
        )  # fmt: skip

    found = ledger.tell(voices(range(11), "lq1")).tell(voices(range(10), "lq2")).attack()
    assert [(each.attacker, each.persons) for each in found] == [(READERS, 4)]


def test_an_own_report_has_its_own_threshold_and_readers(
    ledger: Ledger, staff: pd.DataFrame
) -> None:
    """Six leaders may be shown to their own organisation; the four next to them may not."""
    own = POLICY.model_copy(update={"threshold": 5})
    b = staff[staff["organisation"] == "B"]

    def report(frame: pd.DataFrame, kind: str) -> Safe:
        table = frame.groupby("organisation", as_index=False)["score"].agg(
            estimate="mean", n="count"
        )
        people = frame[["organisation", "person"]].assign(moment="T0")
        return protect(
            table.assign(scale="VA", span=4.0), by=["scale", "organisation"], people=people,
            policy=own, kind=kind,
        )  # fmt: skip

    leaders = b[b["role"] == "leader"]
    ledger.tell(means(staff, ["organisation"])).tell(report(leaders, "own"), audience="B")
    assert ledger.attack(margin=0.5) == [], "nobody else reads the report of B"
    ledger.tell(report(b.drop(leaders.index[:4]), "less"), audience="B")
    found = one(ledger.attack(margin=0.5), "B")
    assert (found.attacker, found.persons) == (OWN, 4)
    ledger.tell(report(leaders, "leaked"))
    assert {each.attacker for each in ledger.attack(margin=0.5)} == {OWN, OTHERS}


def test_one_persons_two_waves_are_one_person(ledger: Ledger, staff: pd.DataFrame) -> None:
    """Six persons at two waves are twelve answers and six persons."""
    a = staff[staff["organisation"] == "A"]
    both = pd.concat([a, a.assign(wave="T1")], ignore_index=True)
    less = both[both["role"] != "leader"]
    ledger.tell(means(both, ["organisation"]), means(less, ["organisation"], kind="less"))
    assert one(ledger.attack(), "A").persons == 6


def test_groups_of_the_threshold_are_no_exposure(ledger: Ledger, staff: pd.DataFrame) -> None:
    ten = staff[staff["organisation"] == "A"].index[:10]
    ledger.tell(means(staff, ["organisation"]))
    ledger.tell(means(staff.drop(ten), ["organisation"], kind="less"))
    assert ledger.attack() == []
    assert one(ledger.attack(threshold=11), "A").persons == 10


def test_what_is_hidden_tells_nothing(ledger: Ledger, staff: pd.DataFrame) -> None:
    """Nine of A are hidden; that they are part of another row does not count against it."""
    few = staff[staff["organisation"] == "A"].iloc[:9]
    ledger.tell(means(staff, ["organisation"]), means(few, ["organisation"], kind="few"))
    assert ledger.attack() == []


def test_a_system_too_large_to_search_is_no_safe_system() -> None:
    size = 130
    random = np.random.default_rng(3)
    weights = random.random((12, size))
    stands = np.eye(size, dtype=bool)
    claims = tuple(("t", number) for number in range(12))
    found = leaks(System(claims, weights, stands, np.full(12, 0.001)), 10, 0.25)
    assert found == [Leak(0, 0.0, claims)]


def brute_force(found: System, threshold: int) -> bool:
    """Whether any claim or difference of two, however weighted, is about few persons."""
    weights = found.weights
    for first in range(len(weights)):
        for second in range(len(weights)):
            for kind in range(weights.shape[1]):
                if weights[second, kind]:
                    factor = weights[first, kind] / weights[second, kind]
                    left = weights[first] - factor * weights[second] * (first != second)
                    involved = np.abs(left) > 1e-9
                    if involved.any() and found.persons(involved) < threshold:
                        return True
    return False


@pytest.mark.parametrize("seed", range(30))
def test_the_search_finds_what_pairs_of_claims_give(seed: int) -> None:
    random = np.random.default_rng(seed)
    groups = random.random((6, 40)) < random.choice([0.3, 0.6, 0.9])
    groups[5] = groups[0] & (random.random(40) < 0.85)
    frame = pd.DataFrame(
        [
            {"source": "t", "row": row, "person": f"p{person}", "moment": "T0",
             "weight": 1 / max(1, members.sum()), "error": 0.0, "span": 4.0}
            for row, members in enumerate(groups)
            for person in np.flatnonzero(members)
        ]
    )  # fmt: skip
    found = system(coded(frame))
    if brute_force(found, 6):
        assert leaks(found, 6, 0.25)
    for leak in leaks(found, 6, 0.25):
        assert 0 < leak.persons < 6


def test_a_number_that_follows_from_others_is_found(ledger: Ledger, staff: pd.DataFrame) -> None:
    """Without rounding, two tables give the number of a row that the first one hides."""
    exact = POLICY.model_copy(update={"round_to": 1})

    def counted(frame: pd.DataFrame, by: list[str], kind: str) -> Safe:
        table = frame.groupby(by, as_index=False)["person"].agg(n="count")
        return protect(table, by=by, people=frame[[*by, "person"]], policy=exact, kind=kind)

    a = staff[staff["organisation"] == "A"]
    roles, whole = counted(a, ["role"], "roles"), counted(a, ["organisation"], "whole")
    ledger.tell(roles)
    assert recoverable(ledger.read(), exact) == []
    ledger.tell(whole)
    found = recoverable(ledger.read(), exact)
    assert [each.wide for each in found] == [0.0]
    assert found[0].row.startswith("roles: role=leader")
    assert "follows from others" in str(found[0].problem())


def test_rounded_numbers_leave_a_hidden_one_open(ledger: Ledger, staff: pd.DataFrame) -> None:
    a = staff[staff["organisation"] == "A"]
    tables = [
        protect(
            a.groupby(by, as_index=False)["person"].agg(n="count"),
            by=by, people=a[[*by, "person"]], policy=POLICY, kind=kind,
        )
        for by, kind in ((["role"], "roles"), (["organisation"], "whole"))
    ]  # fmt: skip
    assert recoverable(ledger.tell(*tables).read(), POLICY) == []


def test_a_page_that_cannot_be_read_is_no_empty_page(ledger: Ledger, staff: pd.DataFrame) -> None:
    ledger.tell(means(staff, ["organisation"]))
    page = next(ledger.folder.rglob("*.parquet"))
    page.write_bytes(page.read_bytes()[:100])
    assert said(ledger.read).endswith("put it back from a copy")


def test_an_exposure_in_words() -> None:
    found = Exposure(
        "B", OTHERS, "VA", 6, 0.1, ("levels: x (lq2)", "staff: y (lq2)"), ("staff: y",)
    )
    assert str(found.problem()) == (
        "reports: who knows the other organisations learns of 6 of B about VA, from: "
        'levels: x (lq2); staff: y (lq2). To do: withhold "staff: y" (withheld in [disclosure] of '
        "study.toml), then `lostudy run`"
    )


def test_the_ledger_holds_keys_and_no_answers(ledger: Ledger, staff: pd.DataFrame) -> None:
    told = ledger.tell(means(staff, ["organisation"])).read()
    assert set(told["person"].dropna()) <= set(staff["person"])
    assert not {"score", "estimate", "low", "high", "value"} & set(told)


@pytest.mark.parametrize(("largest", "searched"), [(2, True), (1, False)])
def test_a_system_at_the_limit_is_searched_and_one_beyond_it_is_refused_whole(
    monkeypatch: pytest.MonkeyPatch, largest: int, searched: bool
) -> None:
    """Means of fifty, of forty-four of them and of all but two: two small kinds of persons."""
    monkeypatch.setattr("lostudy.disclosure.attack.LARGEST", largest)
    stands = np.repeat(np.eye(3, dtype=bool), [42, 6, 2], axis=1)
    weights = np.array([[0.84, 0.12, 0.04], [42 / 48, 6 / 48, 0.0], [1.0, 0.0, 0.0]])
    claims = (("all", 0), ("without two", 0), ("without eight", 0))
    found = leaks(System(claims, weights, stands, np.full(3, 1e-4)), threshold=10, margin=0.25)
    assert found
    refused = found == [Leak(0, 0.0, claims)]
    assert refused != searched
    if searched:
        assert {each.persons for each in found} <= {2, 6, 8}


@pytest.mark.parametrize("also", [{"measure": "mean"}, {}], ids=["a mean", "unnamed"])
def test_a_quantity_is_the_same_whatever_a_table_calls_it(
    tmp_path: Path, staff: pd.DataFrame, also: dict[str, str]
) -> None:
    """All of A from one table, and those who lead nobody from another with other columns."""
    a = staff[staff["organisation"] == "A"].assign(scale="VA")
    parts = (a[a["role"] != "leader"], ["scale", "organisation"]), (a, ["organisation", *also])
    if also:
        parts = parts[0], (a.assign(**also), ["scale", "organisation", *also])
    for number, (frame, by) in enumerate(parts):
        table = frame.groupby(by, as_index=False)["score"].agg(estimate="mean", n="count")
        people = frame[[*by, "person"]]
        safe = protect(
            table.assign(minimum=1.0, maximum=5.0), by=by, people=people, policy=POLICY, kind="k"
        )
        note(tmp_path / str(number), safe)
    ledger = read_ledger([(str(number), tmp_path / str(number)) for number in range(2)])
    homes = dict.fromkeys(a["person"], "A")
    found = exposures(ledger, POLICY, homes)
    assert [(each.organisation, each.persons) for each in found] == [("A", ROLES["leader"])]

