"""Plausible indices scored many at once: each exactly as it is scored alone."""

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.index.blocks import Rows, score_in_blocks
from pipeline.index.plausible import ELEMENTS, draw_choices, prepare, score_choice
from tests.fixtures.indices import make_random_table, make_three_components
from tests.fixtures.uncertainties import EVERYTHING, varying

NOISE = [{"column": name, "standard_deviation": 0.3, "source": "invented"} for name in ("a", "c")]


@pytest.mark.parametrize("within", ["arithmetic", "geometric", "weighted-sum"])
@pytest.mark.parametrize("gap", [False, True])
@pytest.mark.parametrize("areas", [40, ELEMENTS])
def test_scores_are_those_of_each_choice_alone_to_the_last_bit(within: str, areas: int, *, gap: bool) -> None:
    index = make_three_components(within_components=within, missing="reweight")
    table = make_random_table(areas)
    if gap:
        table.loc[table.index[3], "a"] = np.nan
    uncertainty = varying(**EVERYTHING, noise=NOISE)
    prepared = prepare(index, table, table, uncertainty)
    choices = draw_choices(prepared, uncertainty, 9 if areas == ELEMENTS else 700, 3)
    together: dict[int, NDArray[np.float64]] = {}

    def keep(rows: Rows, scores: NDArray[np.float64]) -> None:
        together.update(zip(rows.tolist(), scores, strict=True))

    score_in_blocks(prepared, choices, keep)
    assert sorted(together) == list(range(len(choices)))
    for number, scores in together.items():
        assert np.array_equal(scores, score_choice(prepared, choices[number]), equal_nan=True)
