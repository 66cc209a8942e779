"""Extent and local concentration: by hand, and what each must keep to."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from pipeline.summarise.measures import concentrate, extent_weights


def test_percentiles_count_less_from_the_eleventh_to_the_thirtieth() -> None:
    weights = extent_weights(np.arange(1.0, 101.0), 100)
    assert (weights[:10] == 1).all()
    assert weights[10] == pytest.approx(0.95)
    assert weights[29] == pytest.approx(0.05)
    assert np.diff(weights[10:30]) == pytest.approx(np.full(19, -0.9 / 19))
    assert (weights[30:] == 0).all()


def test_a_rank_belongs_to_the_percentile_that_it_begins() -> None:
    assert extent_weights(np.array([1000.0, 1001.0, 3000.0, 3001.0]), 10_000) == pytest.approx([1, 0.95, 0.05, 0])


def test_the_last_of_the_worst_lsoas_counts_in_part() -> None:
    # A tenth of 1,000 people: the 60 of rank 2, reversed 99, and 40 of the 500 of rank 11, reversed 90.
    people = csr_array(np.array([[500.0, 60.0, 440.0], [0.0, 0.0, 10.0]]))
    assert concentrate(people, np.array([11.0, 2.0, 50.0]), 100) == pytest.approx([(60 * 99 + 40 * 90) / 100, 51])


def test_nobody_has_no_concentration() -> None:
    assert np.isnan(concentrate(csr_array(np.zeros((1, 2))), np.array([1.0, 2.0]), 2)).all()


@given(st.lists(st.integers(1, 500), min_size=1, max_size=12), st.integers(0, 1_000))
@settings(max_examples=50, deadline=None)
def test_concentration_lies_between_the_worst_lsoa_and_the_mean(people: list[int], seed: int) -> None:
    rank = np.array(np.random.default_rng(seed).permutation(50)[: len(people)] + 1, dtype="float64")
    weights = np.array(people, dtype="float64")
    concentration = concentrate(csr_array(weights[None, :]), rank, 50)[0]
    reversed_rank = 51 - rank
    assert np.average(reversed_rank, weights=weights) - 1e-9 <= concentration <= reversed_rank.max() + 1e-9
