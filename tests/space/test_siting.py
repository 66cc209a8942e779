import itertools
import time
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.errors import PipelineError
from pipeline.space import siting
from pipeline.space.access import Pairs, pair_by_distance
from pipeline.space.siting import (
    FEW,
    Budget,
    CoveringProblem,
    MedianProblem,
    solve_covering,
    solve_median,
    trace_coverage,
)


@st.composite
def problems(draw: st.DrawFn) -> tuple[NDArray[np.float64], Pairs, int, NDArray[np.bool_]]:
    areas, candidates = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    reached = draw(
        st.lists(st.lists(st.booleans(), min_size=candidates, max_size=candidates), min_size=areas, max_size=areas)
    )
    people = draw(st.lists(st.integers(0, 50), min_size=areas, max_size=areas))
    already = draw(st.lists(st.booleans(), min_size=areas, max_size=areas))
    origin, place = np.nonzero(np.array(reached))
    return np.array(people, dtype="float64"), Pairs(origin, place, np.ones(len(origin))), candidates, np.array(already)


def best(
    people: NDArray[np.float64],
    pairs: Pairs,
    candidates: int,
    new: int,
    already: NDArray[np.bool_],
    cost: NDArray[np.float64] | None = None,
    budget: float = np.inf,
) -> float:
    cost = np.zeros(candidates) if cost is None else cost
    found = 0.0
    for size in range(min(new, candidates) + 1):
        for sites in itertools.combinations(range(candidates), size):
            if cost[list(sites)].sum() > budget:
                continue
            reached = np.zeros(len(people), dtype=bool)
            reached[pairs.origin[np.isin(pairs.place, sites)]] = True
            found = max(found, people[reached & ~already].sum())
    return found


@pytest.fixture(params=[0, FEW], ids=["solver", "every choice"], scope="module")
def few(request: pytest.FixtureRequest) -> Iterator[int]:
    """How many candidates there may be for every choice to be looked at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(siting, "FEW", request.param)
        yield request.param


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(0, 4))
def test_the_solver_finds_what_brute_force_finds(
    few: int, problem: tuple[NDArray[np.float64], Pairs, int, NDArray[np.bool_]], new: int
) -> None:
    people, pairs, candidates, already = problem
    plan = solve_covering(CoveringProblem(people, pairs, candidates, already), new)
    assert plan.value == pytest.approx(best(people, pairs, candidates, new, already))
    assert plan.gap == pytest.approx(0, abs=1e-6)
    assert len(plan.chosen) <= new
    assert plan.added.sum() == pytest.approx(plan.value)
    assert (np.diff(plan.added) <= 1e-9).all()
    assert (plan.alone >= plan.added - 1e-9).all()
    assert plan.already == people[already].sum()


@settings(max_examples=30, deadline=None)
@given(problems(), st.lists(st.integers(1, 5), min_size=6, max_size=6), st.integers(0, 12))
def test_a_budget_is_kept_and_spent_as_well_as_can_be(
    few: int, problem: tuple[NDArray[np.float64], Pairs, int, NDArray[np.bool_]], costs: Sequence[int], budget: int
) -> None:
    people, pairs, candidates, already = problem
    cost = np.array(costs[:candidates], dtype="float64")
    plan = solve_covering(CoveringProblem(people, pairs, candidates, already, Budget(cost, float(budget))), 3)
    assert cost[plan.chosen].sum() <= budget + 1e-6
    assert plan.value == pytest.approx(best(people, pairs, candidates, 3, already, cost, budget))


@settings(max_examples=30, deadline=None)
@given(problems())
def test_one_more_site_covers_no_fewer_people(
    problem: tuple[NDArray[np.float64], Pairs, int, NDArray[np.bool_]],
) -> None:
    people, pairs, candidates, already = problem
    values = [plan.value for plan in trace_coverage(CoveringProblem(people, pairs, candidates, already), 4)]
    assert all(later >= earlier for earlier, later in itertools.pairwise(values))


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_the_p_median_is_that_of_brute_force(
    problem: tuple[NDArray[np.float64], Pairs, int, NDArray[np.bool_]], new: int, seed: int
) -> None:
    people, pairs, candidates, _ = problem
    random = np.random.default_rng(seed)
    pairs = Pairs(pairs.origin, pairs.place, random.integers(0, 9, len(pairs.origin)).astype("float64"))
    now = random.integers(0, 10, len(people)).astype("float64")
    ways = np.full((len(people), candidates), np.inf)
    ways[pairs.origin, pairs.place] = pairs.cost
    expected = max(
        float((people * (now - np.minimum(now, ways[:, list(sites)].min(axis=1)))).sum())
        for sites in itertools.combinations(range(candidates), min(new, candidates))
    )
    plan = solve_median(MedianProblem(people, pairs, candidates, now), new)
    assert plan.value == pytest.approx(expected)
    assert plan.gap == pytest.approx(0, abs=1e-6)


def test_a_worked_example() -> None:
    """The middle site reaches most alone, yet the outer two together reach everyone."""
    people = np.array([30.0, 40.0, 40.0, 30.0])
    pairs = Pairs(np.array([0, 1, 1, 2, 2, 3]), np.array([0, 0, 1, 1, 2, 2]), np.ones(6))
    one, two, three = trace_coverage(CoveringProblem(people, pairs, 3), 3)
    assert (one.chosen.tolist(), one.value) == ([1], 80.0)
    assert (sorted(two.chosen), two.value) == ([0, 2], 140.0)
    assert three.value == 140.0
    assert len(three.chosen) == 2


def test_existing_places_draw_no_new_site() -> None:
    people, pairs = np.array([100.0, 1.0]), Pairs(np.array([0, 1]), np.array([0, 1]), np.ones(2))
    plan = solve_covering(CoveringProblem(people, pairs, 2, np.array([True, False])), 1)
    assert (plan.chosen.tolist(), plan.value, plan.already, plan.total) == ([1], 1.0, 100.0, 101.0)


def test_nobody_left_to_reach_means_no_sites() -> None:
    pairs = Pairs(np.zeros(1, int), np.zeros(1, int), np.ones(1))
    plan = solve_covering(CoveringProblem(np.array([5.0]), pairs, 1, np.array([True])), 3)
    assert (len(plan.chosen), plan.value, plan.gap) == (0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("people", "candidates", "new", "message"),
    [(1, 0, 1, "no candidate"), (1, 1, -1, "0 or more"), (-1, 1, 1, "0 or more")],
)
def test_impossible_questions_are_refused(people: int, candidates: int, new: int, message: str) -> None:
    pairs = Pairs(np.zeros(1, int), np.zeros(1, int), np.ones(1))
    with pytest.raises(PipelineError, match=message):
        solve_covering(CoveringProblem(np.full(1, people), pairs, candidates), new)


@settings(max_examples=30, deadline=None)
@given(problems(), st.integers(1, 3))
def test_when_time_runs_out_the_plan_is_still_good_and_the_bound_still_holds(
    problem: tuple[NDArray[np.float64], Pairs, int, NDArray[np.bool_]], new: int
) -> None:
    people, pairs, candidates, _ = problem
    now = np.full(len(people), 4.0)
    proven = solve_median(MedianProblem(people, pairs, candidates, now), new)
    hurried = solve_median(MedianProblem(people, pairs, candidates, now, seconds=0.0), new)
    assert hurried.bound >= proven.value - 1e-6 * (1 + proven.value)
    assert proven.value * 0.5 - 1e-9 <= hurried.value <= proven.value + 1e-6 * (1 + proven.value)


def towns(areas: int, seed: int = 3) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    random = np.random.default_rng(seed)
    centres = random.uniform(0, 90_000, (areas // 12, 2))
    points = centres[random.integers(0, len(centres), areas)] + random.normal(0, 2500, (areas, 2))
    return points, random.integers(50, 400, areas).astype("float64")


@pytest.mark.parametrize(("areas", "seconds"), [(624, 10), (2500, 60)])
def test_real_sizes_are_solved_in_time_and_proven(areas: int, seconds: int) -> None:
    points, people = towns(areas)
    pairs = pair_by_distance(points, points, np.full(areas, 5000.0))
    started = time.perf_counter()
    plan = solve_covering(CoveringProblem(people, pairs, areas, seconds=seconds), 10)
    assert time.perf_counter() - started < seconds
    assert plan.gap < 1e-6


def _spread(areas: int, seed: int = 3) -> tuple[NDArray[np.float64], Pairs]:
    random = np.random.default_rng(seed)
    points = random.uniform(0, 40_000, (areas, 2))
    return random.uniform(10, 300, areas), pair_by_distance(points, points, np.full(areas, 6_000.0))


def test_no_more_sites_are_sought_than_there_are_candidates() -> None:
    people, pairs = _spread(40)
    covering = CoveringProblem(people, pairs, 40, seconds=20)
    many, all_of_them = trace_coverage(covering, 100_000), trace_coverage(covering, 40)
    assert len(many) == len(all_of_them) == 40
    assert [plan.value for plan in many] == [plan.value for plan in all_of_them]
    assert many[-1].value == pytest.approx(people.sum())
    assert many[-1].gap == 0
    median = MedianProblem(people, pairs, 40, np.full(40, 6_000.0), seconds=20)
    assert solve_median(median, 100_000).value == solve_median(median, 40).value


@pytest.mark.parametrize("budget", [None, Budget(np.linspace(1, 5, 300), 60.0)])
def test_the_time_limit_holds_for_all_plans_together(budget: Budget | None) -> None:
    people, pairs = _spread(300)
    begun = time.perf_counter()
    plans = trace_coverage(CoveringProblem(people, pairs, 300, budget=budget, seconds=0.3), 300)
    assert time.perf_counter() - begun < 15
    assert len(plans) == 300
    values = [plan.value for plan in plans]
    assert values == sorted(values)
    last = plans[-1]
    assert last.added.sum() == pytest.approx(last.value)
    assert last.bound >= last.value
    assert budget is None or budget.cost[last.chosen].sum() <= budget.total + 1e-9


def test_the_time_limit_holds_for_the_p_median() -> None:
    people, pairs = _spread(500)
    begun = time.perf_counter()
    plan = solve_median(MedianProblem(people, pairs, 500, np.full(500, 6_000.0), seconds=0.3), 100)
    assert time.perf_counter() - begun < 15
    assert 0 < plan.value <= plan.bound
