"""People at risk by age, disability and score: by hand, and what they must keep to."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue.rates import Rates
from pipeline.errors import ScoringError
from pipeline.risk.people import (
    estimate_bands,
    estimate_people,
    interval,
    measure_coverage,
    measure_excess,
    shift_odds,
    split_adults,
    sum_people,
)
from tests.fixtures.indices import make_series
from tests.fixtures.rates import declare_rates, make_rates, make_total

CODES = ["A", "B", "C"]
MEASURES = ("not_online", "without_skills")


def areas() -> pd.DataFrame:
    columns = {
        "population_total": [1000, 2000, 500],
        "population_65_plus": [200, 100, 0],
        "share_disabled": [0.25, 0.15, 0.2],
    }
    return pd.DataFrame(columns, index=CODES)


def scores(*values: float) -> pd.Series:
    return pd.Series(values, index=CODES)


def adults_of(frame: pd.DataFrame, rates: Rates, name: str) -> np.ndarray:
    measure = dict(rates.measures.named)[name]
    return split_adults(frame, rates, measure).by_area


@st.composite
def nations(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.Series]:
    count = draw(st.integers(3, 12))
    total = draw(st.lists(st.integers(50, 5000), min_size=count, max_size=count))
    old = [draw(st.integers(0, residents)) for residents in total]
    share = draw(st.lists(st.floats(0.01, 0.6), min_size=count, max_size=count))
    score = draw(st.lists(st.floats(0, 100), min_size=count, max_size=count))
    codes = [f"E{number}" for number in range(count)]
    frame = pd.DataFrame({"population_total": total, "population_65_plus": old, "share_disabled": share}, index=codes)
    return frame, pd.Series(score, index=codes)


def test_adults_are_split_by_disability_so_that_both_margins_hold() -> None:
    rates = make_rates()
    frame = areas()
    adults = split_adults(frame, rates, rates.measures.not_online)
    # 800 residents under 65, 80% of them adults, and 200 from 65.
    assert adults.counts[0].sum(axis=1).tolist() == pytest.approx([640, 200])
    assert not adults.counted
    # Of 160 children the disabled have the odds of 1/9, of the others 1/4 and 2/3, times one factor: 250 in all.
    odds = [one / (people - one) for one, people in zip(adults.counts[0, :, 0], (640, 200), strict=True)]
    factor = odds[0] / (1 / 4)
    assert odds[1] / (2 / 3) == pytest.approx(factor)
    children = 160 * (factor / 9) / (1 + factor / 9)
    assert adults.counts[0, :, 0].sum() + children == pytest.approx(250)


def test_without_a_share_the_disability_of_the_nation_stands() -> None:
    rates = make_rates()
    for frame in (areas().drop(columns="share_disabled"), areas().assign(share_disabled=np.nan)):
        adults = split_adults(frame, rates, rates.measures.not_online)
        assert adults.counts[0].tolist() == [pytest.approx([128, 512]), pytest.approx([80, 120])]


def test_adults_who_were_counted_are_used_and_said() -> None:
    rates = make_rates()
    frame = areas().assign(population_16_plus=[850, 1500, 400], population_18_plus=[800, 1400, 390])
    assert adults_of(frame, rates, "not_online").tolist() == pytest.approx([850, 1500, 400])
    assert adults_of(frame, rates, "without_skills").tolist() == pytest.approx([800, 1400, 390])
    assert estimate_people(frame, scores(1, 2, 3), rates).adults_counted
    partly = frame.assign(population_16_plus=[850, np.nan, 400])
    assert not estimate_people(partly, scores(1, 2, 3), rates).adults_counted


def test_rates_that_give_the_total_already_are_left_alone() -> None:
    content = declare_rates()
    # Nobody is old; disabled 15%, others 10%: 0.2 × 0.15 + 0.8 × 0.1 = 0.11 of the adults.
    content["measures"]["without_skills"]["totals"] = [make_total(0.11)]
    frame = areas().assign(population_65_plus=0).drop(columns="share_disabled")
    found = estimate_people(frame, scores(1, 1, 1), Rates.model_validate(content)).frame
    assert found["people_without_skills"].tolist() == pytest.approx([800 * 0.11, 1600 * 0.11, 400 * 0.11])


def test_a_shape_by_hand() -> None:
    """Two areas alike but for the score: one standard deviation above and below, so odds times and by e."""
    content = declare_rates(strength=1.0)
    rate = content["measures"]["without_skills"]["rates"][0]
    rate["disabled"] = rate["not_disabled"]
    frame = pd.DataFrame({"population_total": [1000, 1000], "population_65_plus": [0, 0]}, index=["A", "B"])
    found = estimate_people(frame, pd.Series([10.0, 30.0], index=["A", "B"]), Rates.model_validate(content)).frame
    low, high = (found["people_without_skills"] / 800).tolist()
    assert (high / (1 - high)) / (low / (1 - low)) == pytest.approx(np.e**2)
    assert (low + high) / 2 == pytest.approx(0.16)


def test_the_excess_is_the_score_less_what_ages_and_disability_give() -> None:
    rates, frame = make_rates(), areas()
    adults = split_adults(frame, rates, rates.measures.not_online)
    measure = rates.measures.not_online
    same = measure_excess(adults, scores(5, 5, 5), measure)
    # A score that is the ages' own logarithm says nothing beyond them.
    assert measure_excess(adults, pd.Series(-same, index=CODES), measure) == pytest.approx(0)
    weights = adults.by_area
    assert np.average(same, weights=weights) == pytest.approx(0)
    assert np.average(same**2, weights=weights) == pytest.approx(1)


@given(nations(), st.floats(0, 3))
def test_every_total_is_kept_and_nobody_is_counted_who_is_not_there(
    nation: tuple[pd.DataFrame, pd.Series], strength: float
) -> None:
    frame, score = nation
    rates = make_rates(strength)
    found = estimate_people(frame, score, rates).frame
    for name, total in zip(MEASURES, (0.05, 0.16), strict=True):
        adults = adults_of(frame, rates, name)
        assert found[f"people_{name}"].sum() == pytest.approx(total * adults.sum())
        for end in ("", "_low", "_high"):
            assert (found[f"people_{name}{end}"] <= adults + 1e-6).all()
        assert (found[f"people_{name}_low"] <= found[f"people_{name}"] + 1e-9).all()
        assert (found[f"people_{name}"] <= found[f"people_{name}_high"] + 1e-9).all()
    assert (found["people_at_risk_low"] <= found["people_at_risk"] + 1e-9).all()
    assert (found["people_at_risk"] <= found["people_at_risk_high"] + 1e-9).all()


@given(nations(), st.floats(0.01, 0.6))
def test_totals_by_age_are_kept_too(nation: tuple[pd.DataFrame, pd.Series], share: float) -> None:
    frame, score = nation
    rates, measure = make_rates(1.0), make_rates().measures.not_online
    adults = split_adults(frame, rates, measure)
    old, everyone = adults.counts[:, 1].sum(), adults.counts.sum()
    overall = (0.03 * (everyone - old) + share * old) / everyone
    totals = [make_rates().measures.not_online.totals[0].model_copy(update=change) for change in (
        {"value": overall}, {"value": share, "bands": ("old",)},
    )]  # fmt: skip
    found = estimate_bands(adults, score, rates, measure, totals)
    assert found.sum() == pytest.approx(overall * everyone)
    assert found[:, 1].sum() == pytest.approx(share * old, abs=1e-6)


@given(st.floats(0, 3), st.floats(0.1, 40), st.permutations([0, 1, 2, 3]))
def test_of_areas_alike_the_one_with_the_higher_score_has_more(strength: float, step: float, order: list[int]) -> None:
    codes = ["A", "B", "C", "D"]
    frame = pd.DataFrame({"population_total": 1500, "population_65_plus": 300, "share_disabled": 0.2}, index=codes)
    score = pd.Series([place * step for place in order], index=codes)
    found = estimate_people(frame, score, make_rates(strength)).frame
    for name in ("people_at_risk", "people_not_online", "people_without_skills"):
        by_score = found[name][score.sort_values().index]
        assert (by_score.diff().dropna() >= -1e-9).all()


def test_a_score_of_the_area_alone_moves_people_within_it() -> None:
    frame, rates = pd.concat([areas(), areas().set_axis(["D", "E", "F"])]), make_rates(1.0)
    plain = estimate_people(frame, pd.Series(np.nan, index=frame.index), rates)
    assert plain.shaped_over == "none"
    found = estimate_people(frame, scores(10, 50, 20), rates)
    assert found.shaped_over == "area"
    assert found.frame.loc[["D", "E", "F"]].equals(plain.frame.loc[["D", "E", "F"]])
    for name in MEASURES:
        assert found.frame[f"people_{name}"].sum() == pytest.approx(plain.frame[f"people_{name}"].sum())
    assert found.frame["people_at_risk"]["B"] > plain.frame["people_at_risk"]["B"]
    assert estimate_people(areas(), scores(10, 50, 20), rates).shaped_over == "nation"


def test_an_interval_by_hand() -> None:
    total = make_rates().measures.not_online.overall
    national = np.log(1.1 / 0.9) / (2 * 1.959964)
    low, high = interval(100.0, total, 0.3)
    assert float(high) == pytest.approx(100 * np.exp(1.959964 * np.sqrt(national**2 + 0.09)))
    assert float(low * high) == pytest.approx(100**2)
    found = estimate_people(areas(), scores(1, 2, 3), make_rates()).frame
    people, low_sum, high_sum = sum_people(found, "not_online", make_rates())
    # Three LSOAs in places of two: 0.2² / 1.5, and what is their own, (0.3² - 0.2²) / 3.
    spread = np.hypot(national, np.sqrt(0.04 / 1.5 + 0.05 / 3))
    assert high_sum == pytest.approx(people * np.exp(1.959964 * spread))
    assert people == pytest.approx(found["people_not_online"].sum())
    assert found["people_not_online_low"].sum() < low_sum < people < high_sum < found["people_not_online_high"].sum()


def test_those_online_without_skills_count_in_part() -> None:
    content = declare_rates() | {"part": 0.25}
    found = estimate_people(areas(), scores(1, 2, 3), Rates.model_validate(content)).frame
    wanted = found["people_not_online"] + 0.25 * (found["people_without_skills"] - found["people_not_online"])
    assert found["people_at_risk"].tolist() == pytest.approx(wanted.tolist())
    assert found["people_at_risk_low"].equals(found["people_not_online"])


def test_totals_that_contradict_each_other_are_refused() -> None:
    content = declare_rates()
    content["measures"]["not_online"]["totals"] = [make_total(0.05), make_total(0.9, "old")]
    with pytest.raises(ScoringError, match=r"90\.0% of old.*cannot add up to 5\.0% of all adults"):
        estimate_people(areas(), scores(1, 2, 3), Rates.model_validate(content))


@pytest.mark.parametrize("column", ["share_75_plus", "ruc21_code"])
def test_bands_count_people(column: str) -> None:
    content = declare_rates()
    content["bands"][1]["column"] = column
    with pytest.raises(ScoringError, match="does not count people"):
        estimate_people(
            areas().assign(share_75_plus=0.1, ruc21_code="UN1"), scores(1, 2, 3), Rates.model_validate(content)
        )


def test_more_old_people_than_people_are_refused_by_code() -> None:
    with pytest.raises(ScoringError, match="more residents in the age bands than in total: C"):
        estimate_people(areas().assign(population_65_plus=[1, 1, 501]), scores(1, 2, 3), make_rates())


def test_what_a_worst_tenth_list_covers_and_misses() -> None:
    found = measure_coverage(make_series([10.0, 30.0, 60.0]), make_series([1, 2, 3]))
    assert (found.inside, found.missed, found.share) == (10.0, 90.0, 0.1)
    assert measure_coverage(make_series([0.0]), make_series([1])).share == 0


def test_odds_are_shifted_as_by_all_steps_for_every_area() -> None:
    random = np.random.default_rng(3)
    people = random.integers(0, 900, (400, 4)).astype("float64")
    people[::40] = 0.0
    target = people.sum(axis=1) * random.choice([0.0, 0.01, 0.2, 0.7, 1.0], 400)
    logits = np.log([0.04, 0.1, 0.3, 0.6]) - np.log1p([-0.04, -0.1, -0.3, -0.6])
    shift = np.zeros(400)
    for _ in range(60):
        chance = 1 / (1 + np.exp(-(logits + shift[:, None])))
        slope = (people * chance * (1 - chance)).sum(axis=1)
        step = np.divide((people * chance).sum(axis=1) - target, slope, out=np.zeros(400), where=slope > 0)
        shift = np.clip(shift - np.clip(step, -2, 2), -30, 30)
    assert np.array_equal(shift_odds(people, logits, target), shift)
