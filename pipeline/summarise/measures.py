"""Measures of how risk is spread within a larger area, as the Indices of Deprivation define them.

Ministry of Housing, Communities and Local Government (2025), The English Indices of Deprivation 2025: Technical report,
on summaries of larger areas.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    # Imported here because it is slow to import.
    from scipy.sparse import csr_array

Vector = NDArray[np.float64]

WORST = 10
"""Percentiles that count in full towards the extent."""
LAST = 30
"""The last percentile that counts at all."""
HIGHEST, LOWEST = 0.95, 0.05
"""What the percentile after the worst ones counts, and the last one; evenly less between them."""
CONCENTRATED = 0.1
"""The share of a larger area's people whose neighbourhoods the local concentration looks at."""


def extent_weights(rank: Vector, areas: int) -> Vector:
    """How much the people of an LSOA count towards the extent, from its rank among ``areas`` (1 = worst), 0 to 1."""
    percentile = np.ceil(100 * rank / areas)
    falling = HIGHEST - (percentile - WORST - 1) * (HIGHEST - LOWEST) / (LAST - WORST - 1)
    return np.where(percentile <= WORST, 1.0, np.where(percentile <= LAST, falling, 0.0))


def concentrate(people: "csr_array", rank: Vector, areas: int) -> Vector:
    """The local concentration of each unit: how bad its worst neighbourhoods are, whatever the rest is like.

    The mean rank, reversed so that the worst of all LSOAs has the highest number, over the people of a unit's worst
    LSOAs that together hold a tenth of its people; of the last of these, only as many as are needed.

    Args:
        people: of each LSOA (column) in each unit (row). ``rank``: of each LSOA in the nation, 1 = worst.
        areas: LSOAs of the nation.

    Returns:
        For each unit; NaN where it has no people.
    """
    table = people.tocoo()
    unit, here = table.row, rank[table.col]
    order = np.lexsort((here, unit))
    unit, here, many = unit[order], here[order], table.data[order].astype("float64")
    total = np.bincount(unit, weights=many, minlength=people.shape[0])
    upto = np.cumsum(many)
    before_unit = np.concatenate(([0.0], np.cumsum(total)))[unit]
    counted = np.clip(CONCENTRATED * total[unit] - (upto - many - before_unit), 0.0, many)
    above = np.bincount(unit, weights=counted, minlength=len(total))
    ranks = np.bincount(unit, weights=counted * (areas + 1 - here), minlength=len(total))
    mean: Vector = np.divide(ranks, above, out=np.full(len(total), np.nan), where=above > 0)
    return mean
