"""Larger areas by the same sums as LSOAs: what a unit must equal, and what must not change it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.index.grouped import GroupDraws
from pipeline.summarise.figures import part_in_area, summarise
from pipeline.summarise.units import units_of_counts
from pipeline.tables import SUMMARY, validate
from tests.fixtures.larger import make_scored, share_out, sum_up

SUMS = [
    "residents",
    *(f"people_of_kind_{name}" for name in ("age_settled", "money_skills_health", "both", "neither")),
    *(f"people_{name}" for name in ("at_risk", "at_risk_low", "at_risk_high", "not_online", "without_skills")),
    "people_on_list",
]


def test_a_unit_of_two_lsoas_by_hand() -> None:
    scored = make_scored()
    first, second = scored.frame.index[:2]
    many = scored.frame["population_total"]
    unit = sum_up(share_out(scored, [("A", 0, 1.0), ("A", 1, 0.5)]), scored).loc["A"]
    people = np.array([many[first], many[second] / 2])
    assert unit["residents"] == pytest.approx(people.sum())
    for column in ("risk_score", "score_age_settled", "support_access"):
        assert unit[column] == pytest.approx(np.average(scored.frame[column].iloc[:2], weights=people))
    assert unit["mean_rank"] == pytest.approx(np.average(scored.frame["england_rank"].iloc[:2], weights=people))
    expected = scored.frame["people_at_risk"][first] + scored.frame["people_at_risk"][second] / 2
    assert unit["people_at_risk"] == pytest.approx(expected)
    denominators = scored.nation["residents_imd"].iloc[:2].to_numpy() * np.array([1, 0.5])
    assert unit["imd_score"] == pytest.approx(np.average(scored.frame["imd_score"].iloc[:2], weights=denominators))
    assert (unit["lsoas"], unit["lsoas_everywhere"], unit["share_covered"]) == (2, 2, 1)


def test_the_table_keeps_to_its_schema() -> None:
    scored = make_scored(inside=30)
    units = share_out(scored, [(f"U{n % 7}", n, 1.0) for n in range(40)])
    frame = summarise(units, part_in_area(units, scored), scored)[SUMMARY.names]
    validate(frame, SUMMARY, "test")
    assert (frame["share_covered"] < 1).any()


def test_a_unit_of_one_lsoa_equals_the_lsoa() -> None:
    scored = make_scored()
    table = sum_up(share_out(scored, [(f"U{n:02}", n, 1.0) for n in range(40)]), scored)
    lsoas = scored.frame.set_axis(table.index)
    same = ["risk_score", "score_age_settled", "score_money_skills_health", "support_access", "lack_of_support"]
    same += ["people_at_risk", "people_at_risk_low", "people_at_risk_high", "imd_score"]
    same += [f"people_{name}{end}" for name in ("not_online", "without_skills") for end in ("", "_low", "_high")]
    for column in same:
        assert table[column].to_numpy() == pytest.approx(lsoas[column].to_numpy()), column
    assert (table["unit_rank"] == lsoas["england_rank"]).all()
    assert (table["lsoas_worst_tenth"] == (lsoas["england_decile"] == 1)).all()
    assert (table["share_people_worst_fifth_of_area"] == (lsoas["risk_decile"] <= 2)).all()
    assert table["local_concentration"].to_numpy() == pytest.approx(41 - lsoas["england_rank"].to_numpy())


@given(st.lists(st.sampled_from("ABCDE"), min_size=40, max_size=40), st.integers(5, 40))
@settings(max_examples=25, deadline=None)
def test_units_that_partition_the_area_add_up_to_it(units: list[str], inside: int) -> None:
    scored = make_scored(inside=inside)
    table = sum_up(share_out(scored, [(unit, n, 1.0) for n, unit in enumerate(units)]), scored)
    frame, people = scored.frame, scored.frame["population_total"]
    assert table["residents"].sum() == pytest.approx(people.sum())
    assert table["lsoas"].sum() == inside
    assert table["lsoas_worst_tenth"].sum() == (frame["england_decile"] == 1).sum()
    assert table["lsoas_on_list"].sum() == frame["on_list"].sum()
    assert table["people_at_risk"].sum() == pytest.approx(frame["people_at_risk"].sum())
    assert table[[c for c in SUMS if c.startswith("people_of_kind")]].sum().sum() == pytest.approx(people.sum())
    mean = np.average(table["risk_score"], weights=table["residents"])
    assert mean == pytest.approx(np.average(frame["risk_score"], weights=people))


@given(st.permutations(range(40)))
@settings(max_examples=10, deadline=None)
def test_the_order_of_lsoas_changes_nothing(order: list[int]) -> None:
    scored = make_scored()
    weights = [(f"U{n % 6}", n, 0.25 + 0.01 * n) for n in range(40)]
    other = type(scored)(scored.frame.iloc[order], scored.nation.iloc[order[::-1]], scored.kinds, scored.rates)
    at = other.nation.index.get_indexer(scored.nation.index)
    placed = [(unit, int(at[n]), share) for unit, n, share in weights]
    pd.testing.assert_frame_equal(sum_up(share_out(scored, weights), scored), sum_up(share_out(other, placed), other))


def test_a_weight_split_over_two_units_halves_what_is_counted() -> None:
    scored = make_scored()
    whole = sum_up(share_out(scored, [("A", n, 1.0) for n in range(40)]), scored).loc["A"]
    halves = sum_up(share_out(scored, [(unit, n, 0.5) for unit in "BC" for n in range(40)]), scored)
    for column in SUMS:
        assert halves[column].to_numpy() == pytest.approx(np.full(2, whole[column] / 2)), column
    for column in ("risk_score", "extent", "local_concentration", "share_people_worst_fifth", "imd_score"):
        assert halves[column].to_numpy() == pytest.approx(np.full(2, whole[column])), column


def test_people_who_are_counted_weigh_as_counted() -> None:
    scored = make_scored(inside=30)
    codes = scored.nation.index
    counts = pd.DataFrame({"unit": "P", "lsoa21_code": codes[[0, 35]], "weight": [300.0, 600.0]})
    units = units_of_counts(
        "practice", pd.Series({"P": "Surgery"}), counts, scored.nation["population_total"], pd.Series({"P": 1_000.0})
    )
    unit = sum_up(units, scored).loc["P"]
    lsoa = scored.frame.iloc[0]
    assert (unit["residents"], unit["share_covered"], unit["lsoas"], unit["lsoas_everywhere"]) == (300, 0.3, 1, 2)
    assert unit["risk_score"] == pytest.approx(lsoa["risk_score"])
    assert unit["people_at_risk"] == pytest.approx(300 * lsoa["people_at_risk"] / lsoa["population_total"])


def test_units_with_few_of_their_people_here_are_not_ranked_and_those_with_next_to_none_left_out() -> None:
    scored = make_scored(inside=3)
    units = share_out(scored, [("A", 0, 1.0), ("B", 1, 0.5), ("B", 10, 1.0), ("C", 2, 0.01), ("C", 11, 1.0)])
    part = part_in_area(units, scored, least_covered=0.5, least_people=100)
    table = summarise(units, part, scored).set_index("unit_code")
    assert list(table.index) == ["A", "B"]
    assert table["unit_rank"].isna().tolist() == [False, True]


def test_intervals_are_the_ends_of_what_draws_give() -> None:
    scored = make_scored()
    units = share_out(scored, [("A", 0, 1.0), ("B", 1, 1.0)])
    drawn = np.column_stack([np.arange(1.0, 21.0), np.full(20, 10.5)])
    table = summarise(units, part_in_area(units, scored), scored, GroupDraws(drawn, drawn / 20)).set_index("unit_code")
    ends = table.iloc[0][
        ["risk_score_p05", "risk_score_p95", "share_people_worst_tenth_low", "share_people_worst_tenth_high"]
    ]
    assert list(ends) == [1, 19, 0.05, 0.95]
    # A is above B in the draws from 11 on.
    assert table[["unit_rank_p05", "unit_rank_p95"]].to_numpy().tolist() == [[1, 2], [1, 2]]


def test_the_interval_of_a_sum_is_narrower_than_its_parts() -> None:
    scored = make_scored()
    unit, frame = sum_up(share_out(scored, [("A", n, 1.0) for n in range(40)]), scored).iloc[0], scored.frame
    assert unit["people_not_online_high"] < frame["people_not_online_high"].sum()
    assert unit["people_not_online_low"] > frame["people_not_online_low"].sum()


def test_without_national_ranks_what_needs_them_is_missing() -> None:
    scored = make_scored()
    frame = scored.frame.assign(england_rank=np.nan, england_decile=np.nan)
    unranked = type(scored)(frame, scored.nation, scored.kinds, scored.rates)
    unit = sum_up(share_out(unranked, [("A", n, 1.0) for n in range(40)]), unranked).loc["A"]
    missing = ["mean_rank", "lsoas_worst_tenth", "share_people_worst_fifth", "extent", "local_concentration"]
    assert unit[missing].isna().all()
    assert unit["share_people_worst_tenth_of_area"] > 0


def test_without_denominators_imd_is_weighted_with_all_residents() -> None:
    scored = make_scored()
    lacking = type(scored)(scored.frame, scored.nation.drop(columns="residents_imd"), scored.kinds, scored.rates)
    unit = sum_up(share_out(lacking, [("A", n, 1.0) for n in range(40)]), lacking).loc["A"]
    expected = np.average(scored.frame["imd_score"], weights=scored.frame["population_total"])
    assert unit["imd_score"] == pytest.approx(expected)
