"""Draws in blocks: whatever their sizes, and wherever they are worked out, ranks are the same to the last bit."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cluster import Processes, run_tasks
from pipeline.index import draw_national_ranks, draw_rank_intervals, uncertainty
from pipeline.index.plausible import draw_choices, prepare
from tests.fixtures.draws import DrawBlock, rank_block
from tests.fixtures.indices import make_random_table, make_three_components
from tests.fixtures.uncertainties import EVERYTHING, varying

NOISE = [{"column": "a", "standard_deviation": 0.05, "source": "x"}]
VARIED = varying(draws=37, national_draws=23, noise=NOISE, **EVERYTHING)
INDEX, TABLE = make_three_components(), make_random_table(60, distinct=9)
WITHIN_ONE = draw_rank_intervals(INDEX, TABLE, None, VARIED)
OF_NATION = draw_national_ranks(INDEX, TABLE, TABLE.index[:20], VARIED, groups=np.arange(60) % 4)


@given(st.integers(1, 40), st.integers(1, 70), st.integers(1, 4))
@settings(max_examples=25)
def test_blocks_of_draws_and_areas_change_nothing(draws: int, areas: int, threads: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uncertainty, "DRAWS_AT_ONCE", draws)
        patch.setattr(uncertainty, "AREAS_AT_ONCE", areas)
        patch.setattr(uncertainty, "MOST_THREADS", threads)
        drawn = draw_rank_intervals(INDEX, TABLE, None, VARIED)
        national = draw_national_ranks(INDEX, TABLE, TABLE.index[:20], VARIED, groups=np.arange(60) % 4)
    pd.testing.assert_frame_equal(drawn.frame, WITHIN_ONE.frame, check_exact=True)
    assert np.array_equal(drawn.lowest, WITHIN_ONE.lowest)
    assert drawn.variation == WITHIN_ONE.variation
    pd.testing.assert_frame_equal(national.frame, OF_NATION.frame, check_exact=True)
    assert np.array_equal(national.worst, OF_NATION.worst)


@given(st.lists(st.integers(1, 36), max_size=5))
@settings(max_examples=25)
def test_any_block_can_be_worked_out_by_itself(cuts: list[int]) -> None:
    ends = sorted({0, 37, *cuts})
    blocks = [_block(begin, end) for begin, end in pairwise(ends)]
    assert np.array_equal(np.vstack([rank_block(block) for block in reversed(blocks)][::-1]), WITHIN_ONE.lowest)


def _block(begin: int, end: int) -> DrawBlock:
    prepared = prepare(INDEX, TABLE, TABLE, VARIED)
    return DrawBlock(prepared, draw_choices(prepared, VARIED, VARIED.draws, VARIED.seed), begin, end)


def test_other_processes_give_the_same_ranks() -> None:
    with Processes(2) as crew:
        ended = dict(run_tasks(crew, rank_block, [_block(0, 20), _block(20, 37)], confidential=False))
    ranks = [outcome.value for _, outcome in sorted(ended.items()) if outcome.value is not None]
    assert np.array_equal(np.vstack(ranks), WITHIN_ONE.lowest)
