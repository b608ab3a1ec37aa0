"""The model: sizes, turnover, response and answers are what they are said to be."""

import numpy as np
import pandas as pd
import pytest

from lostudy.simulate import scale_scores, simulate, truths, with_organisations
from lostudy.simulate.effects import effects, response_share
from lostudy.simulate.model import DONT_KNOW, NOT_ANSWERED, bounds, wave_window


def alpha(scores):
    number = scores.shape[1]
    return number / (number - 1) * (1 - scores.var().sum() / scores.sum(axis=1).var())


def turned(population, scale):
    members = population.census[list(scale.items)].astype(float)
    for item in scale.reversed_items:
        members[item] = sum(bounds(population.study, item)) - members[item]
    return members


def test_staff_are_as_many_as_were_invited(study, population):
    sizes = population.staff.groupby(["organisation", "wave"]).size()
    for organisation in study.organisations:
        for wave in study.waves:
            assert sizes[organisation.id, wave.id] == organisation.invited[wave.id]


def test_nobody_is_there_twice_and_nobody_comes_back(population):
    staff = population.staff
    assert not staff.duplicated(["person", "wave"]).any()
    waves = staff.groupby("person")["wave"].agg("".join)
    assert "T0T2" not in set(waves)


def test_ten_to_fifteen_percent_leave_between_waves(population):
    for moves in truths(population)["turnover"].values():
        for move in moves.values():
            assert 0.08 <= move["left"] / (move["left"] + move["stayed"]) <= 0.17


def test_leaders_are_few(population):
    leaders = population.staff.query("role == 'leader'").groupby(["organisation", "wave"]).size()
    assert leaders.between(2, 9).all() and len(leaders) == 12


def test_teams_differ_so_much_that_small_cells_bite(population):
    sizes = population.staff.groupby(["organisation", "wave", "team"]).size()
    assert sizes.min() <= 5 and sizes.max() >= 20


def test_roles_stay_with_a_person(population):
    assert (population.staff.groupby("person")["role"].nunique() == 1).all()


def test_response_is_the_planned_share(study, population):
    sizes = truths(population)["sizes"]
    for rank, organisation in enumerate(study.organisations):
        for number, wave in enumerate(study.waves):
            size = sizes[organisation.id][wave.id]
            share = response_share(rank, number)
            assert 0.55 <= share <= 0.75
            assert size["responded"] == round(share * size["staff"])


def test_about_85_percent_give_a_code_and_later_codes_have_mistakes(population):
    records = population.records
    assert 0.80 <= (records["link"] != "").mean() <= 0.90
    true = population.staff.set_index(["person", "wave"])["link"]
    given = records[records["link"] != ""]
    meant = [true[pair] for pair in zip(given["person"], given["wave"], strict=True)]
    wrong = np.array([sum(a != b for a, b in zip(code, truth, strict=True))
                      for code, truth in zip(given["link"], meant, strict=True)])
    first = (given["wave"] == "T0").to_numpy()
    assert wrong[first].sum() == 0
    assert 0.02 <= wrong[~first].mean() / 7 <= 0.06


def test_codes_tell_people_apart(population):
    given = population.records[population.records["link"] != ""]
    assert not given.duplicated(["organisation", "wave", "link"]).any()
    assert (given["link"].str.len() == 7).all()


def test_answers_lie_in_the_range_of_their_item(study, population):
    for item in study.items:
        low, high = bounds(study, item)
        assert population.census[item].between(low, high).all()


def test_two_to_four_percent_are_left_open(study, population):
    answers = population.records[list(study.items)].to_numpy()
    assert 0.02 <= (answers == NOT_ANSWERED).mean() <= 0.04
    assert 0.004 <= (answers == DONT_KNOW).mean() <= 0.012


def test_respondents_give_the_census_answer_where_they_answer(study, population):
    keys = ["person", "wave"]
    census = pd.concat([population.staff[keys], population.census], axis=1).set_index(keys)
    records = population.records.set_index(keys)
    item = next(iter(study.items))
    given = records[item][records[item] > 0]
    assert (census[item].loc[given.index] == given).all()


@pytest.mark.parametrize(
    "scale", ["PM", "MM", "GV", "TL", "SD", "LS", "VE", "LG", "RP", "VA", "OI", "RH"]
)
def test_scales_hold_together(study, population, scale):
    assert 0.68 <= alpha(turned(population, study.scales[scale])) <= 0.85


def test_reversed_items_are_reversed(study, population):
    for scale in study.scales.values():
        for item in scale.reversed_items:
            rest = turned(population, scale).drop(columns=item).mean(axis=1)
            assert np.corrcoef(population.census[item], rest)[0, 1] < -0.2


def test_scores_turn_reversed_items_round(study, population):
    scores = scale_scores(population)
    expected = turned(population, study.scales["VA"]).mean(axis=1)
    assert np.allclose(scores["VA"], expected)


def test_teams_explain_a_little(population):
    scores = scale_scores(population)
    place = population.staff["organisation"] + population.staff["wave"]
    shares = []
    for scale in scores.columns[3:]:
        rest = scores[scale] - scores[scale].groupby(place).transform("mean")
        team = rest.groupby(place + population.staff["team"]).transform("mean")
        shares.append(team.var() / rest.var())
    assert 0.08 <= np.mean(shares) <= 0.25      # a share of about .08, and chance in small teams


def test_the_planted_change_is_in_the_census(population):
    known = truths(population)
    misses = [
        known["changes"]["workforce"][organisation][scale] - planted
        for organisation, changes in known["planted_change"].items()
        for scale, planted in changes.items()
    ]
    assert abs(np.mean(misses)) < 0.03 and np.abs(misses).max() < 0.2


def test_what_the_brief_of_the_simulation_says_is_planted(population):
    planted = truths(population)["planted_change"]
    assert [planted[organisation]["VA"] for organisation in "ABCD"] == [0.35, 0.0, 0.2, -0.1]
    assert all(planted[organisation]["RP"] > planted[organisation]["VA"] for organisation in "ABCD")
    assert planted["A"]["LG"] == planted["C"]["LG"] == 0.25 and planted["A"]["GV"] == 0.3
    assert max(abs(planted[organisation]["OI"]) for organisation in "ABCD") <= 0.05


def test_leaders_see_leadership_more_kindly(population):
    scores = scale_scores(population)
    leads = population.staff["role"] == "leader"
    assert scores.loc[leads, "LS"].mean() > scores.loc[~leads, "LS"].mean() + 0.2


def test_the_same_seed_is_the_same_population(study, population):
    again = simulate(study, population.seed)
    pd.testing.assert_frame_equal(again.records, population.records)
    other = simulate(study, population.seed + 1)
    assert not other.records["link"].equals(population.records["link"])


def test_more_organisations_leave_the_first_ones_as_they_were(study, population):
    wider = simulate(study, population.seed, organisations=6)
    ids = [organisation.id for organisation in wider.study.organisations]
    assert ids == ["A", "B", "C", "D", "S005", "S006"]
    first = wider.records[wider.records["organisation"].isin(list("ABCD"))].reset_index(drop=True)
    pd.testing.assert_frame_equal(first, population.records)
    assert wider.study.organisation("S006").invited == study.organisation("B").invited


def test_fewer_organisations_are_the_first_ones(study):
    assert [each.id for each in with_organisations(study, 2).organisations] == ["A", "B"]


def test_many_organisations_at_once(study):
    population = simulate(study, 7, organisations=40)
    assert population.staff["organisation"].nunique() == 40
    assert not population.staff.duplicated(["person", "wave"]).any()


def test_scales_of_another_study_get_effects_from_the_seed():
    one, again = (effects(["XX", "VA"], 2, 0, 5) for _ in range(2))
    assert one.change.tolist() == again.change.tolist() and one.change[1] == 0.35
    assert effects(["XX"], 2, 0, 6).level.tolist() != one.level[:, :1].tolist()


def test_one_wave_has_no_change():
    assert effects(["VA"], 1, 0, 5).level.tolist() == [[2.8]]


def test_waves_without_dates_are_half_a_year_apart(study):
    bare = [wave.model_copy(update={"opens": None, "closes": None}) for wave in study.waves]
    undated = study.model_copy(update={"waves": tuple(bare)})
    opens = [wave_window(undated, wave)[0] for wave in undated.waves]
    assert (opens[1] - opens[0]).days == 182


def test_answers_are_given_while_the_wave_is_open(study, population):
    for wave in study.waves:
        days = population.records.query("wave == @wave.id")["started"].dt.date
        assert days.min() >= wave.opens and days.max() <= wave.closes
