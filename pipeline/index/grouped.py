"""Means over groups of areas by many plausible indices: what the certainty of an area comes to in a larger one.

An interval of a group is no mean of its areas' intervals: areas move together where they share what is uncertain, such
as a weight, and against each other where they do not. So the mean of every group is taken within each draw.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import Index, Uncertainty
from pipeline.catalogue.fits import Loss
from pipeline.index.blocks import Rows, score_in_blocks
from pipeline.index.plausible import draw_choices, prepare
from pipeline.index.rank import TOLERANCE, count_higher, count_upto
from pipeline.index.recent import RECENT, key_of

if TYPE_CHECKING:
    # Imported here because it is slow to import.
    from scipy.sparse import csr_array

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class GroupDraws:
    """What groups of areas come to by plausible index, each draws × groups.

    Attributes:
        score: the weighted mean score, on the scale of the published one.
        worst: the share of a group's weight that is in the worst tenth of all areas, 0 to 1.
    """

    score: Matrix
    worst: Matrix


def draw_groups(
    index: Index,
    areas: pd.DataFrame,
    published: Vector,
    weights: "csr_array",
    uncertainty: Uncertainty,
    loss: Loss | None = None,
) -> GroupDraws:
    """The means of groups by the first ``uncertainty.national_draws`` plausible indices: those of national ranks.

    Plausible indices differ in their scale (percentiles, z-scores), so that their scores cannot be averaged with each
    other. Each draw therefore gives an area the published score of the area that has its rank: by the declared index
    that is its published score, and means of different draws can be compared. Equal scores share the rank of the
    highest. The worst tenth holds the areas of decile 1.

    Time is that of scoring and sorting all areas once for each draw. Memory is draws × groups × 16 bytes.

    Args:
        areas: all areas that ranks are among, by code.
        published: their scores by the declared index, in the same order.
        weights: of each area (column) in each group (row); the weights of a group add up to 1.
        loss: how much less other weights agree with the outcomes; with it, indices that fit less count less.
    """
    inside = np.unique(weights.indices)
    of_inside, falling, tenth = weights[:, inside], -np.sort(-published), len(areas) // 10
    ranks = RECENT.of(key_of(index, areas, uncertainty, loss), areas.index[inside])
    if ranks is not None:
        # As below, of what was drawn when the national ranks were: a rank of 1 has nobody before it.
        before = ranks.astype("int64") - 1
        return GroupDraws(
            np.array([of_inside @ falling[row] for row in before]),
            np.array([of_inside @ (row < tenth) for row in before]),
        )
    prepared = prepare(index, areas, areas, uncertainty)
    choices = draw_choices(prepared, uncertainty, uncertainty.national_draws, uncertainty.seed + 1, loss)
    shape = (len(choices), weights.shape[0])
    result = GroupDraws(np.empty(shape), np.empty(shape))

    def fill(rows: Rows, scores: Matrix) -> None:
        if len(inside) == scores.shape[1]:
            before = count_higher(scores)
        else:
            ordered = np.sort(scores, axis=1)
            upto = [count_upto(*each) for each in zip(ordered, scores[:, inside] + TOLERANCE, strict=True)]
            before = scores.shape[1] - np.array(upto)
        for row, lowest in zip(rows.tolist(), before, strict=True):
            result.score[row] = of_inside @ falling[lowest]
            result.worst[row] = of_inside @ (lowest < tenth)

    score_in_blocks(prepared, choices, fill)
    return result
