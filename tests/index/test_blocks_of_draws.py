"""Draws in blocks: whatever their sizes, and wherever they are worked out, ranks are the same to the last bit."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.index import NationalWanted, draw_national_ranks, draw_rank_intervals, drawing
from pipeline.index.plausible import draw_choices, prepare
from pipeline.index.uncertainty import RankDraws
from tests.fixtures.indices import make_random_table, make_three_components
from tests.fixtures.uncertainties import EVERYTHING, varying

NOISE = [{"column": "a", "standard_deviation": 0.05, "source": "x"}]
VARIED = varying(draws=37, national_draws=23, noise=NOISE, **EVERYTHING)
INDEX, TABLE = make_three_components(), make_random_table(60, distinct=9)
WITHIN_ONE = draw_rank_intervals(INDEX, TABLE, None, VARIED)
WANTED = NationalWanted(TABLE.index[:20], np.arange(60) % 4)
OF_NATION = draw_national_ranks(INDEX, TABLE, WANTED, VARIED)
RANKS = WITHIN_ONE.lowest.ranks_of(0, 37)


@given(st.integers(1, 40), st.integers(1, 70), st.integers(1, 4))
@settings(max_examples=25)
def test_blocks_of_draws_and_areas_change_nothing(draws: int, areas: int, threads: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "DRAWS_AT_ONCE", draws)
        patch.setattr(drawing, "AREAS_AT_ONCE", areas)
        patch.setattr(drawing, "MOST_THREADS", threads)
        drawn = draw_rank_intervals(INDEX, TABLE, None, VARIED)
        national = draw_national_ranks(INDEX, TABLE, WANTED, VARIED)
    pd.testing.assert_frame_equal(drawn.frame, WITHIN_ONE.frame, check_exact=True)
    assert np.array_equal(drawn.lowest.ranks_of(0, 37), RANKS)
    assert drawn.variation == WITHIN_ONE.variation
    pd.testing.assert_frame_equal(national.frame, OF_NATION.frame, check_exact=True)
    assert np.array_equal(national.worst, OF_NATION.worst)


@given(st.lists(st.integers(1, 36), max_size=5))
@settings(max_examples=25)
def test_any_block_can_be_worked_out_by_itself(cuts: list[int]) -> None:
    prepared = prepare(INDEX, TABLE, TABLE, VARIED)
    work = RankDraws(prepared, draw_choices(prepared, VARIED, VARIED.draws, VARIED.seed))
    ends = sorted({0, 37, *cuts})
    blocks = [work(begin, end).ranks for begin, end in reversed(list(pairwise(ends)))]
    assert np.array_equal(np.vstack(blocks[::-1]), RANKS)
