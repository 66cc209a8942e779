"""Which areas are on the list of where to act, and in which order."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.act.listing import ListDraws, ListRule, count_unsure, lack_of_support, list_areas, summarise_draws
from pipeline.act.support import measure_nearest_help
from pipeline.catalogue.places import ListBounds
from tests.fixtures.support import support

BOUNDS = ListBounds(risk_share=0.5, support_share=0.5)
CODES = pd.Index([f"E0100{n:04}" for n in range(6)], name="lsoa21_code")


def series(*values: float) -> pd.Series:
    return pd.Series(values, index=CODES[: len(values)], dtype="float64")


def rule(*distance: float, bounds: ListBounds = BOUNDS) -> ListRule:
    return ListRule(bounds, np.array(distance))


def test_both_bounds_are_asked_for_and_nearby_help_takes_an_area_off() -> None:
    """Of six areas the three of highest risk: one 400 m from a library, one well served, one with little support."""
    found = list_areas(
        series(1, 2, 3, 4, 5, 6),
        series(100, 100, 100, 100, 100, 100),
        series(10, 90, 40, 10, 10, 10),
        rule(400, 1500, 1500, 1500, 1500, 1500),
        None,
    )
    assert found["little_support"].tolist() == [False, False, True, True, True, True]
    assert found["on_list"].tolist() == [False, False, True, False, False, False]
    assert found["priority"].tolist()[2] == 1
    assert found["priority"].notna().sum() == 1


def test_help_far_away_is_little_support_however_good_the_access_looks() -> None:
    assert rule(3001, 3000, np.inf).is_little(np.array([100.0, 100.0, 100.0])).tolist() == [True, False, True]


def test_the_order_is_people_times_lack_then_risk_then_code() -> None:
    """Unmet need by hand: 100 × 0.9 = 90, 300 × 0.5 = 150, 150 × 0.6 = 90; the second and the first tie by risk."""
    found = list_areas(
        series(2, 3, 1, 4, 5, 6),
        series(100, 300, 150, 900, 900, 900),
        series(10, 50, 40, 10, 10, 10),
        rule(*[1500.0] * 6),
        None,
    )
    assert found["unmet_need"].tolist()[:3] == pytest.approx([90, 150, 90])
    assert found["priority"].tolist()[:3] == [3, 1, 2]
    assert lack_of_support(np.array([0.0, 100.0, 25.0])).tolist() == [1.0, 0.0, 0.75]


def test_rows_that_meet_the_bounds_too_seldom_are_left_off_and_counted() -> None:
    draws = ListDraws(np.array([0.05, 0.1, 0.9, 0.5, 0, 0]), np.array([0.05, 0.1, 0.9, 0.5, 0, 0]))
    risk, capacity = series(1, 2, 3, 4, 5, 6), series(10, 10, 10, 10, 10, 10)
    asked = rule(*[1500.0] * 6)
    found = list_areas(risk, series(*[100] * 6), capacity, asked, draws)
    assert found["on_list"].tolist() == [False, True, True, False, False, False]
    assert found["priority"].tolist()[1:3] == [2, 1]
    assert count_unsure(found, risk, asked) == 1


def test_without_places_the_list_is_of_high_risk_in_the_order_of_people() -> None:
    found = list_areas(series(1, 2, 3, 4), series(10, 30, 20, 40), None, rule(*[np.inf] * 4), None)
    assert found["priority"].tolist()[:2] == [2, 1]
    assert found[["little_support", "lack_of_support", "unmet_need"]].isna().all(axis=None)
    assert count_unsure(found, series(1, 2, 3, 4), rule(*[np.inf] * 4)) == 0


def test_draws_count_an_area_only_where_it_meets_both_bounds() -> None:
    """Four draws, two ways to measure capacity: by the second the only area has enough support.

    By the first its lack is 0.8, and its risk is high in one of two such draws: 1 of 4 draws, and 0.8 / 4.
    """
    high = np.array([[1], [2]])
    found = summarise_draws(high, 4, np.array([[20.0], [90.0]]), rule(1500))
    assert found.probability.tolist() == [0.25]
    assert found.lack.tolist() == pytest.approx([0.2])


def test_help_is_a_staffed_place_that_offers_it_now() -> None:
    places = [("surgery0", "surgery", 100, 0, 1), ("van0", "van", 200, 0, 1), ("closed", "library", 300, 0, 0)]
    here = support([*places, ("library0", "library", 900, 0, 1)], [("A", 0, 0, True), ("B", 800, 0, False)])
    assert measure_nearest_help(here).to_dict() == {"A": 900.0}
    none = support(places, [("A", 0, 0, True)])
    assert measure_nearest_help(none).tolist() == [np.inf]


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 10_000), st.floats(1, 500)), min_size=1, max_size=6))
def test_everything_on_the_list_meets_both_bounds_and_has_one_place_in_it(
    rows: list[tuple[float, float, float]],
) -> None:
    capacity, distance, people = (series(*column) for column in zip(*rows, strict=True))
    risk = series(*range(1, len(rows) + 1))
    asked = rule(*distance)
    found = list_areas(risk, people, capacity, asked, None)
    listed = found["on_list"]
    assert (listed == (risk <= len(rows) / 2) & asked.is_little(capacity.to_numpy())).all()
    assert sorted(found["priority"].dropna()) == list(range(1, int(listed.sum()) + 1))
    assert (distance[listed] > 800).all()
    ordered = found[listed].sort_values("priority")["unmet_need"]
    assert ordered.is_monotonic_decreasing
