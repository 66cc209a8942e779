"""Groups of areas by plausible index: with nothing varied as declared, and never the mean of areas' intervals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from pipeline.index import NationalWanted, draw_national_ranks, score
from pipeline.index.grouped import draw_groups
from tests.fixtures.indices import make_random_table, make_three_components
from tests.fixtures.uncertainties import EVERYTHING, varying


def random_weights(groups: int, areas: int, seed: int) -> csr_array:
    values = np.random.default_rng(seed).uniform(size=(groups, areas))
    values[values < 0.5] = 0
    return csr_array(values / values.sum(axis=1, keepdims=True))


@given(st.integers(0, 2**16), st.integers(1, 3))
@settings(max_examples=15, deadline=None)
def test_with_nothing_varied_every_draw_gives_the_published_figures(seed: int, distinct: int) -> None:
    index, table = make_three_components(), make_random_table(40, seed, distinct=distinct + 1)
    nominal, weights = score(index, table), random_weights(3, 40, seed)
    drawn = draw_groups(index, table, nominal.score.to_numpy(), weights, varying(national_draws=4))
    assert drawn.score == pytest.approx(np.tile(weights @ nominal.score.to_numpy(), (4, 1)))
    assert drawn.worst == pytest.approx(np.tile(weights @ (nominal.decile == 1).to_numpy(dtype=float), (4, 1)))


def test_groups_of_one_area_have_the_ranks_of_the_areas() -> None:
    index, table = make_three_components(), make_random_table(40)
    varied = varying(national_draws=50, **EVERYTHING)
    published = score(index, table).score
    drawn = draw_groups(index, table, published.to_numpy(), csr_array(np.eye(40)), varied)
    ranks = draw_national_ranks(index, table, NationalWanted(table.index), varied).frame
    falling = np.sort(published.to_numpy())[::-1]
    low, high = np.quantile(drawn.score, [0.05, 0.95], axis=0, method="inverted_cdf")
    assert high == pytest.approx(falling[ranks["england_rank_p05"].to_numpy() - 1])
    assert (low <= high).all()
    assert drawn.worst.sum(axis=1) == pytest.approx(np.full(50, 4))


def test_all_areas_together_do_not_vary_although_each_does() -> None:
    index, table = make_three_components(), make_random_table(40)
    everything = csr_array(np.full((1, 40), 1 / 40))
    varied = varying(national_draws=50, **EVERYTHING)
    drawn = draw_groups(index, table, score(index, table).score.to_numpy(), everything, varied)
    assert np.ptp(drawn.score) < 1e-9
    assert drawn.worst == pytest.approx(np.full((50, 1), 0.1))


def test_scores_of_an_unvaried_scale_stay_on_it() -> None:
    index, table = make_three_components("z-score"), make_random_table(40)
    published = score(index, table).score.to_numpy()
    drawn = draw_groups(index, table, published, random_weights(5, 40, 1), varying(national_draws=20, **EVERYTHING))
    assert drawn.score.min() >= published.min()
    assert drawn.score.max() <= published.max()
