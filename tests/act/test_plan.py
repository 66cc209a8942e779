"""What a budget reaches: the optimum against brute force, and budgets that grow."""

import json
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.act.plan import Options, add_sites, choose, options_of, tabulate_budgets, tabulate_plan
from pipeline.space.access import Pairs
from tests.fixtures.plan_cases import CASES, make_cases

Rows = list[tuple[int, int]]
"""People and cost of programmes."""
ROWS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 40)), min_size=1, max_size=7)
SUMS = st.lists(st.integers(1, 150), min_size=1, max_size=4, unique=True).map(sorted)


def options(rows: Rows) -> Options:
    """Programmes of one area each."""
    codes = [f"E0100{n:04}" for n in range(len(rows))]
    people, cost = (np.array(column, dtype="float64") for column in zip(*rows, strict=True))
    frame = pd.DataFrame(
        {
            "programme": range(1, len(rows) + 1),
            "name": [f"Place {n}" for n in range(len(rows))],
            "kind": None,
            "cost_low": cost / 2,
            "cost": cost,
            "cost_high": cost * 2,
            "host": None,
            "what_helps": None,
            "lon": 1.0,
            "lat": 52.0,
            "lsoa21_codes": codes,
        }
    )
    return options_of(frame, pd.Series(people, index=codes))


def best_by_hand(given: Options, total: float) -> float:
    """The most people that any choice within the budget reaches, by trying all."""
    cost = given.frame["cost"].to_numpy()
    most = 0.0
    for size in range(len(cost) + 1):
        for chosen in combinations(range(len(cost)), size):
            if cost[list(chosen)].sum() <= total + 1e-9:
                reached = np.unique(given.reaches.origin[np.isin(given.reaches.place, chosen)])
                most = max(most, float(given.people[reached].sum()))
    return most


@given(ROWS, SUMS)
def test_the_optimum_is_that_of_brute_force_and_a_bigger_budget_never_reaches_fewer(
    rows: Rows, sums: list[int]
) -> None:
    given = options(rows)
    plans = choose(given, sums, 5.0)
    for total, plan in zip(sums, plans, strict=True):
        assert plan.value == pytest.approx(best_by_hand(given, total))
        assert plan.gap <= 1e-6
        assert given.frame["cost"].iloc[plan.chosen].sum() <= total + 1e-6
    values = [plan.value for plan in plans]
    assert values == sorted(values)


@given(ROWS, st.lists(st.tuples(st.integers(1, 40), st.sets(st.integers(0, 6), max_size=3)), max_size=3), SUMS)
def test_people_whom_sites_and_programmes_reach_are_counted_once(
    rows: Rows, sites: list[tuple[int, set[int]]], sums: list[int]
) -> None:
    given = options(rows)
    pairs = [(area, place) for place, (_, areas) in enumerate(sites) for area in areas if area < len(rows)]
    origin, place = (np.array([pair[n] for pair in pairs], dtype="int64") for n in (0, 1))
    frame = pd.DataFrame(
        {
            "site_id": [f"s{n}" for n in range(len(sites))],
            "name": "Hall",
            "cost": [float(cost) for cost, _ in sites],
            "lon": 1.0,
            "lat": 52.0,
        }
    )
    both = add_sites(given, frame, Pairs(origin, place, np.zeros(len(pairs))))
    for total, plan in zip(sums, choose(both, sums, 5.0), strict=True):
        assert plan.value == pytest.approx(best_by_hand(both, total))


def test_the_tables_add_up() -> None:
    """For 30: the programmes of 10 people at 10 and 30 at 20; for 10 only the first. Low is half, high double."""
    given = options([(10, 10), (30, 20), (5, 40)])
    sums = [5.0, 10.0, 30.0]
    plans = choose(given, sums, 5.0)
    budgets = tabulate_budgets(given, sums, plans)
    assert budgets["people_reached"].tolist() == [0.0, 10.0, 40.0]
    assert budgets["chosen"].tolist() == [0, 1, 2]
    assert budgets[["cost_low", "cost", "cost_high"]].iloc[2].tolist() == [15.0, 30.0, 60.0]
    assert budgets["gap"].tolist() == [0.0, 0.0, 0.0]
    plan = tabulate_plan(given, plans[2])
    assert plan["name"].tolist() == ["Place 1", "Place 0"]
    assert plan["reached_together"].tolist() == [30.0, 40.0]
    assert plan["cost_together"].tolist() == [20.0, 30.0]
    assert tabulate_plan(given, plans[0]).empty


def test_the_cases_that_the_page_is_tested_by_are_those_of_the_pipeline() -> None:
    written, made = json.loads(CASES.read_text(encoding="utf-8")), make_cases()
    assert [case["cost"] for case in written] == [case["cost"] for case in made]
    for before, now in zip(written, made, strict=True):
        reached = [budget["reached"] for budget in before["budgets"]]
        assert [budget["reached"] for budget in now["budgets"]] == pytest.approx(reached, rel=1e-6)
