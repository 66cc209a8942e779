"""Local Moran's I and Getis-Ord Gi*, with conditional permutation and control of the false-discovery rate.

Anselin (1995), Local indicators of spatial association; Getis & Ord (1992) and Ord & Getis (1995), local spatial
autocorrelation statistics; Benjamini & Hochberg (1995), controlling the false discovery rate. The tests compare local
Moran's I and the permutation p-values of both statistics with ``esda``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.space.neighbours import Neighbours
from pipeline.tables import HOTSPOT_CATEGORIES

Vector = NDArray[np.float64]
Texts = NDArray[np.str_]

CATEGORIES = HOTSPOT_CATEGORIES
HOT, COLD, HIGH_AMONG_LOW, LOW_AMONG_HIGH, NOT_SIGNIFICANT, NO_NEIGHBOURS = CATEGORIES
"""Hot spot: high score among high ones; cold spot: low among low; then the two kinds of outlier."""


@dataclass(frozen=True)
class Hotspots:
    """The local statistics of each area, NaN for one without neighbours.

    Attributes:
        category: one of :data:`CATEGORIES`.
        moran: local Moran's I, row-standardised.
        p_value: two-sided, by permutation; of local Moran's I and of Gi* alike.
        adjusted: the p-value after Benjamini and Hochberg.
        global_moran: Moran's I of all areas that have neighbours.
    """

    category: Texts
    moran: Vector
    p_value: Vector
    adjusted: Vector
    global_moran: float

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of areas in each category, in the order of :data:`CATEGORIES`."""
        return {name: int((self.category == name).sum()) for name in CATEGORIES}


def find_hotspots(scores: Vector, neighbours: Neighbours, permutations: int, seed: int, rate: float) -> Hotspots:
    """Which areas have neighbours that score higher or lower than chance would explain.

    The p-value asks of each area: with its score fixed and all others shuffled ``permutations`` times,
    how often is the mean of its neighbours at least as extreme as observed? For an area with a fixed score, local
    Moran's I and Gi* only rise or fall with that mean, so the p-value is the same for both; it is two-sided,
    2 · min((larger + 1), (smaller + 1)) / (permutations + 1), at most 1. Areas are called hot spots, cold spots or
    outliers where the adjusted p-value is at most ``rate``; whether the score of the area and the mean of its
    neighbours are above or below the mean of all decides which. Areas without neighbours take no part.

    Args:
        scores: one for each area, higher = more risk, not all the same among the areas with neighbours.
        seed: the same seed gives the same categories.
    """
    linked = neighbours.counts > 0
    centred = scores - scores[linked].mean() if linked.any() else np.zeros(len(scores))
    lag = lags(centred, neighbours)
    spread = float((centred[linked] ** 2).mean()) if linked.any() else 0.0
    if spread == 0:
        category = np.where(linked, NOT_SIGNIFICANT, NO_NEIGHBOURS)
        nothing = np.full(len(scores), np.nan)
        return Hotspots(category, nothing, nothing, nothing, float("nan"))
    moran = np.where(linked, centred * lag / spread, np.nan)
    p_value = _permuted(centred, lag, neighbours, permutations, seed)
    adjusted = adjust_for_false_discovery(p_value)
    high, around = centred > 0, lag > 0
    category = np.select(
        [~linked, ~(adjusted <= rate), high & around, ~high & ~around, high & ~around],
        [NO_NEIGHBOURS, NOT_SIGNIFICANT, HOT, COLD, HIGH_AMONG_LOW],
        LOW_AMONG_HIGH,
    )
    return Hotspots(category, moran, p_value, adjusted, float(moran[linked].mean()))


def lags(values: Vector, neighbours: Neighbours) -> Vector:
    """The mean of each area's neighbours; NaN where there are none."""
    counts = neighbours.counts
    owner = np.repeat(np.arange(len(neighbours)), counts)
    total = np.bincount(owner, weights=values[neighbours.ids], minlength=len(neighbours))
    mean: Vector = np.full(len(neighbours), np.nan)
    np.divide(total, counts, out=mean, where=counts > 0)
    return mean


def _permuted(centred: Vector, lag: Vector, neighbours: Neighbours, permutations: int, seed: int) -> Vector:
    """The two-sided p-value of each area's mean of neighbours; NaN where it has none.

    All areas use the same draws, which are therefore made once: row r of a draw names the r-th neighbour. The numbers
    count the other areas that have neighbours; from the position of the area itself on, they mean the next one. So
    from one area to the next only the draws that name the former change, and only their sums are added up again.
    """
    taking_part = np.flatnonzero(neighbours.counts > 0)
    values, counts = centred[taking_part], neighbours.counts[taking_part]
    others = _without_replacement(len(values) - 1, int(counts.max()), permutations, seed)
    drawn = values[others + 1]
    upto = drawn.cumsum(axis=0)
    row, draw = (place.ravel() for place in np.indices(others.shape))
    by_number = np.argsort(others, axis=None, kind="stable")
    row, draw = row[by_number], draw[by_number]
    ends = np.searchsorted(others.ravel()[by_number], np.arange(len(values)))
    sums = lag[taking_part] * counts
    # Two sums of the same numbers in a different order are equal except for their last bits.
    slack = 1e-9 * float(np.abs(values).max())
    p_values = np.full(len(centred), np.nan)
    for place, (area, count) in enumerate(zip(taking_part, counts, strict=True)):
        if place and ends[place] > ends[place - 1]:
            changed = slice(ends[place - 1], ends[place])
            drawn[row[changed], draw[changed]] = values[place - 1]
            upto[:, draw[changed]] = drawn[:, draw[changed]].cumsum(axis=0)
        larger = np.count_nonzero(upto[count - 1] >= sums[place] - slack)
        smaller = np.count_nonzero(upto[count - 1] <= sums[place] + slack)
        p_values[area] = min(1.0, 2 * (min(larger, smaller) + 1) / (permutations + 1))
    return p_values


def _without_replacement(count: int, size: int, draws: int, seed: int) -> NDArray[np.int64]:
    """``draws`` times ``size`` different numbers below ``count`` in random order: size × draws."""
    generator = np.random.default_rng(seed)
    return np.stack([generator.choice(count, size, replace=False) for _ in range(draws)], axis=1)


def adjust_for_false_discovery(p_values: Vector) -> Vector:
    """p-values adjusted after Benjamini & Hochberg: the smallest rate at which each would be called a discovery.

    The i-th smallest of m becomes the least of p_j · m / j over j from i on, at most 1. NaN stay NaN and do not count.
    """
    adjusted: Vector = np.full(len(p_values), np.nan)
    present = np.flatnonzero(~np.isnan(p_values))
    order = present[np.argsort(p_values[present], kind="stable")]
    scaled = p_values[order] * len(order) / np.arange(1, len(order) + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted
