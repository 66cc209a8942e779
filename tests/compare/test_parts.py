"""The parts of a change add up to it, whatever changed, and go to what did."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.compare import split_change
from pipeline.compare.parts import Factor, list_index_factors, split_by_orders, split_exactly
from pipeline.index import score
from tests.fixtures.sides import make_comparison_index, make_side, make_truth

SMALL = make_truth(40)


def table_of(count: int, seed: int) -> dict[frozenset[int], np.ndarray]:
    """Any value for any set of factors."""
    random = np.random.default_rng(seed)
    sets = chain.from_iterable(combinations(range(count), size) for size in range(count + 1))
    return {frozenset(some): random.normal(size=3) for some in sets}


@given(st.integers(1, 5), st.integers(0, 10_000))
def test_parts_add_up_whatever_the_values(count: int, seed: int) -> None:
    values = table_of(count, seed)
    change = values[frozenset(range(count))] - values[frozenset()]
    for split in (split_exactly, split_by_orders):
        np.testing.assert_allclose(split(values.__getitem__, count).sum(axis=0), change, atol=1e-9)


@given(st.integers(0, 10_000))
def test_orders_drawn_at_random_give_the_exact_parts_where_every_order_is_alike(seed: int) -> None:
    steps = np.random.default_rng(seed).normal(size=(4, 3))

    def value(some: frozenset[int]) -> np.ndarray:
        return np.asarray(steps[sorted(some)].sum(axis=0))

    np.testing.assert_allclose(split_exactly(value, 4), steps, atol=1e-9)
    np.testing.assert_allclose(split_by_orders(value, 4), steps, atol=1e-9)


def test_two_factors_by_hand() -> None:
    # Alone they move a rank by 4 and by 1, together by 9: what they do together is shared.
    values = {frozenset(): 0.0, frozenset({0}): 4.0, frozenset({1}): 1.0, frozenset({0, 1}): 9.0}
    parts = split_exactly(lambda some: np.array([values[some]]), 2)
    assert parts.ravel().tolist() == [6.0, 3.0]


@settings(max_examples=20)
@given(
    st.sets(st.sampled_from(["old_share", "poor_share", "slow"])),
    st.sampled_from([(5.0, 3.0, 2.0), (2.0, 3.0, 5.0)]),
    st.sampled_from(["percentile", "min-max", "z-score", "rank-exponential"]),
    st.integers(0, 1_000),
)
def test_the_parts_of_a_rank_add_up_to_its_change(
    columns: set[str], shares: tuple[float, ...], normalisation: str, seed: int
) -> None:
    random = np.random.default_rng(seed)
    later = SMALL.assign(**{name: random.permutation(SMALL[name]) for name in columns})
    index = make_comparison_index(*shares, normalisation=normalisation)
    old, new = make_side(SMALL), make_side(later, index)
    parts = split_change(old, new, SMALL.index)
    change = (new.areas["rank"] - old.areas["rank"]).to_numpy()
    for split in (parts.nation, parts.area):
        np.testing.assert_allclose(split.sum(axis=1), change, atol=1e-6)
    assert parts.ranks["new"].tolist() == score(index, later).rank.tolist()
    expected = {Factor("indicator", name) for name in columns if not later[name].equals(SMALL[name])}
    expected |= {Factor("weights")} if shares != (5.0, 3.0, 2.0) else set()
    expected |= {Factor("method")} if normalisation != "percentile" else set()
    assert set(parts.factors) == expected


def test_nothing_that_differs_has_no_parts() -> None:
    parts = split_change(make_side(SMALL), make_side(SMALL), SMALL.index)
    assert parts.factors == ()
    assert (parts.ranks["old"] == parts.ranks["new"]).all()


def test_what_moved_has_the_part() -> None:
    later = SMALL.assign(old_share=SMALL["old_share"].mask(SMALL.index == SMALL.index[0], 0.9))
    parts = split_change(make_side(SMALL), make_side(later), SMALL.index)
    assert parts.factors == (Factor("indicator", "old_share"),)
    assert parts.nation[0, 0] < 0, "towards rank 1"


def test_an_indicator_that_came_is_another_index_not_another_value() -> None:
    two = make_comparison_index()
    two = two.model_copy(update={"components": two.components[:2]})
    old = make_side(SMALL.drop(columns="slow"), two)
    parts = split_change(old, make_side(SMALL), SMALL.index)
    assert parts.factors == (Factor("weights"),)


@pytest.mark.parametrize(
    ("other", "kinds"),
    [
        ({"normalisation": "min-max"}, ["method"]),
        ({"aggregation": "geometric"}, ["method"]),
        ({"title": "Another title", "description": "Other words"}, []),
    ],
)
def test_weights_are_told_from_method(other: dict[str, str], kinds: list[str]) -> None:
    index = make_comparison_index()
    assert [f.kind for f in list_index_factors(index, index.model_copy(update=other))] == kinds


def test_the_mean_of_one_component_is_method() -> None:
    index = make_comparison_index()
    first, *others = index.components
    changed = index.model_copy(update={"components": (first.model_copy(update={"aggregation": "geometric"}), *others)})
    assert [f.kind for f in list_index_factors(index, changed)] == ["method"]


def test_the_order_of_rows_does_not_matter() -> None:
    later = SMALL.assign(old_share=SMALL["old_share"][::-1].to_numpy())
    straight = split_change(make_side(SMALL), make_side(later), SMALL.index)
    turned = split_change(make_side(SMALL), make_side(later.iloc[::-1]), SMALL.index)
    np.testing.assert_allclose(straight.nation, turned.nation, atol=1e-9)
