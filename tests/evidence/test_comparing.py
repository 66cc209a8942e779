"""Every score with every outcome: figures by hand, intervals, and what must not change them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evidence import AreaOutcome, Draws, Observed, Outcome, agree, area_under_curve, compare_outcomes
from pipeline.evidence.comparing import correct
from tests.fixtures.evidence import make_outcome_nation

FEW = Draws(60)
SCORES, OUTCOME, PLACES = make_outcome_nation()
PLACES = PLACES.assign(lsoa21_name=[f"Place {n // 5:03}{'ABCDE'[n % 5]}" for n in range(len(PLACES))])


def group_of(values: pd.Series, name: str = "g") -> Outcome:
    return Outcome(name, values.astype("float64"), False, "2021", len(values), {}, "group")


def districts(error: float | None = None, seed: int = 3) -> AreaOutcome:
    """Forty areas of ten LSOAs, whose values follow the score ``good`` with an error."""
    random = np.random.default_rng(seed)
    units = np.arange(len(SCORES)) // 10
    means = SCORES["good"].groupby(units).mean()
    index = pd.Index([f"u{n:02}" for n in range(len(means))], name="unit")
    values = pd.Series(means.to_numpy() + random.normal(0, error or 0.1, len(means)), index=index)
    membership = pd.DataFrame({"unit": index[units], "lsoa21_code": SCORES.index, "weight": 1.0})
    errors = None if error is None else pd.Series(error, index=index)
    return AreaOutcome("s", values, False, "nuts3", membership, len(values), {}, "survey", errors)


def compared(*outcomes: Observed, area: pd.Index | None = None) -> pd.DataFrame:
    return compare_outcomes(SCORES, outcomes, PLACES, pd.Index([]) if area is None else area, FEW)


def of(frame: pd.DataFrame, outcome: str, candidate: str, level: str = "all") -> pd.Series:
    rows = frame[(frame["outcome"] == outcome) & (frame["candidate"] == candidate) & (frame["level"] == level)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_a_good_score_agrees_with_every_kind_of_outcome_and_noise_with_none() -> None:
    worst = group_of((OUTCOME.values < OUTCOME.values.quantile(0.2)).astype("float64"))
    frame = compared(OUTCOME, worst, districts(1.0))
    assert list(dict.fromkeys(frame["outcome"])) == ["o", "g", "s"]
    assert of(frame, "o", "good")["agreement"] > 0.9
    assert of(frame, "g", "good")["agreement"] > 0.9
    assert of(frame, "s", "good")["agreement"] > 0.9
    assert abs(of(frame, "o", "noise")["agreement"]) < 0.2
    assert abs(of(frame, "g", "noise")["agreement"] - 0.5) < 0.1
    assert of(frame, "g", "good")["statistic"] == "area under the curve"
    assert set(frame["units"]) == {"lsoa", "nuts3"}


def test_the_figure_over_the_nation_is_that_of_agree_and_lies_in_its_interval() -> None:
    survey = districts(4.0)
    frame = compared(OUTCOME, survey)
    for name, outcome in (("o", OUTCOME), ("s", survey)):
        row = of(frame, name, "good")
        assert row["agreement"] == pytest.approx(agree(SCORES["good"], outcome))
        assert row["low"] < row["agreement"] < row["high"]


def test_the_area_and_the_median_within_icbs_have_rows_where_enough_was_observed() -> None:
    frame = compared(OUTCOME, area=SCORES.index[:100])
    assert of(frame, "o", "good", "area")["areas"] == 100
    within = of(frame, "o", "good", "icb")
    by_hand = [
        agree(SCORES["good"], Outcome("o", OUTCOME.values[PLACES["icb_code"] == code], True, "2021", 100, {}))
        for code in PLACES["icb_code"].unique()
    ]
    assert within["agreement"] == pytest.approx(np.median(by_hand))
    assert (within["places"], within["areas"]) == (4, 400)
    assert "area" not in set(compared(OUTCOME, area=SCORES.index[:29])["level"])
    assert set(compared(districts())["level"]) == {"all"}


def test_a_group_that_an_icb_hardly_has_is_not_compared_there() -> None:
    inside = pd.Series(0.0, index=SCORES.index)
    inside.iloc[:60] = 1.0
    within = of(compared(group_of(inside)), "g", "good", "icb")
    assert (within["places"], within["areas"]) == (1, 100)


def test_a_survey_with_a_larger_error_is_less_reliable_and_has_a_wider_interval() -> None:
    sure, unsure = (compared(districts(error)) for error in (0.5, 6.0))
    widths = [of(frame, "s", "good")["high"] - of(frame, "s", "good")["low"] for frame in (sure, unsure)]
    assert widths[0] < widths[1]
    assert of(sure, "s", "good")["reliability"] > 0.95 > of(unsure, "s", "good")["reliability"]
    row = of(unsure, "s", "good")
    assert row["corrected"] == pytest.approx(min(1.0, row["agreement"] / row["reliability"] ** 0.5))


def test_drawing_the_error_of_a_survey_does_not_move_its_interval_away_from_the_figure() -> None:
    row = of(compare_outcomes(SCORES, [districts(8.0)], PLACES, pd.Index([]), Draws(400)), "s", "good")
    assert row["low"] < row["agreement"] < row["high"]
    middle = (row["low"] + row["high"]) / 2
    assert abs(middle - row["agreement"]) < 0.1


def test_a_correlation_is_corrected_by_the_root_of_the_reliability() -> None:
    assert correct(0.48, 0.64) == pytest.approx(0.6)
    assert correct(0.9, 0.25) == 1.0
    assert correct(0.5, None) is None
    assert correct(0.5, 0.0) is None


def test_the_same_seed_gives_the_same_table() -> None:
    pd.testing.assert_frame_equal(compared(OUTCOME, districts(3.0)), compared(OUTCOME, districts(3.0)))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=2, max_size=30).filter(
        lambda pairs: len({inside for _, inside in pairs}) == 2
    )
)
def test_the_area_under_the_curve_is_the_share_of_pairs_in_order(pairs: list[tuple[int, bool]]) -> None:
    score, inside = np.array([s for s, _ in pairs], dtype="float64"), np.array([i for _, i in pairs])
    wins = [(a > b) + 0.5 * (a == b) for a in score[inside] for b in score[~inside]]
    assert area_under_curve(score, inside) == pytest.approx(np.mean(wins))
    assert area_under_curve(-score, inside) == pytest.approx(1 - np.mean(wins))
    assert area_under_curve(score, ~inside) == pytest.approx(1 - np.mean(wins))


def test_a_group_of_all_areas_or_none_has_no_curve() -> None:
    assert np.isnan(area_under_curve(np.arange(3.0), np.ones(3, dtype=bool)))
    assert np.isnan(area_under_curve(np.arange(3.0), np.zeros(3, dtype=bool)))
