"""From the values of an indicator to normalised values: higher always means more risk.

Every function takes

* ``values``: what to normalise, 1-D; missing values are NaN and stay NaN;
* ``reference``: the distribution to compare with, 1-D; its NaN are left out, and N is the number that remain;
* ``direction``: +1 when a higher value means more risk, -1 when it means less;
* ``scale``: the top of the result (no unit);

and returns an array of the shape of ``values``. The reference must hold at least two different values: the engine
refuses a constant indicator by name; these functions do not check. The result for a value depends on the reference
as a set: neither its order nor the other ``values`` matter.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.indices import Normalisation

Vector = NDArray[np.float64]
Normaliser = Callable[[Vector, Vector, int, float], Vector]

IMD_CONSTANT = 23.0
"""The constant of the exponential transformation: only the worst tenth of ranks score above half of the scale."""


def min_max(values: Vector, reference: Vector, direction: int, scale: float) -> Vector:
    """``scale · (x − min) / (max − min)``; for direction −1, ``scale`` less that, to the last bit.

    Values outside the range of the reference are set to its ends. Outliers compress everything else.

    Source: GMCA, Digital Exclusion Risk Index v1.0.
    """
    low, high = np.nanmin(reference), np.nanmax(reference)
    upward = scale * np.clip((values - low) / (high - low), 0.0, 1.0)
    return upward if direction > 0 else scale - upward


def percentile(values: Vector, reference: Vector, direction: int, scale: float) -> Vector:
    """``scale · average rank / N``, rank 1 = least risk; direction −1 ranks the negated values.

    The average rank of x is *count below + (count equal + 1) / 2*. For a member of the reference that is its rank
    with ties shared; a value not in it ranks half a place above all that are below it, and never above ``scale``.

    Source: the percentage rank of pandas (``rank(pct=True)``) and of ``scipy.stats.percentileofscore``. COINr's
    ``n_prank`` is a near relation, ``(lowest rank − 1) / (N − 1)``, which favours tied areas.
    """
    below, equal = _position(direction * values, direction * reference)
    return scale * np.minimum((below + (equal + 1) / 2) / _count(reference), 1.0)


def z_score(values: Vector, reference: Vector, direction: int, scale: float) -> Vector:  # noqa: ARG001
    """``(x − mean) / sd``, negated for direction −1: in standard deviations, not bounded, ``scale`` unused.

    sd is that of a population (divided by N): the reference is every area, not a sample of them.

    Source: Purdue Center for Regional Development, Digital Divide Index.
    """
    # Sorted, because the last bit of a sum depends on its order.
    present = np.sort(reference[~np.isnan(reference)])
    result: Vector = direction * (values - present.mean()) / present.std()
    return result


def rank_exponential(values: Vector, reference: Vector, direction: int, scale: float) -> Vector:
    """``−23 · ln(1 − R · (1 − exp(−100/23)))``, R = (N − rank + 1) / N, rank 1 = most risk; times ``scale`` / 100.

    Ties share their average rank; a value not in the reference ranks half a place above all that are below it.
    The worst gets ``scale``, the best slightly more than 0 (0.0007 of 100 when N is 33,755).

    Source: English Indices of Deprivation, technical report.
    """
    above, equal = _position(-direction * values, -direction * reference)
    count = _count(reference)
    share = np.clip((count - above - (equal + 1) / 2 + 1) / count, 0.0, 1.0)
    transformed = -IMD_CONSTANT * np.log1p(share * np.expm1(-100.0 / IMD_CONSTANT))
    result: Vector = scale * np.minimum(transformed / 100.0, 1.0)
    return result


def _position(values: Vector, reference: Vector) -> tuple[Vector, Vector]:
    """For each value, the number of the reference that are smaller and that are equal; NaN for NaN."""
    distinct, counts = np.unique(reference[~np.isnan(reference)], return_counts=True)
    # In their order, values are looked up from one end of memory to the other: a third of the time for a nation.
    order = np.argsort(values)
    ordered = values[order]
    place = np.searchsorted(distinct, ordered)
    below, equal = np.empty(len(values)), np.empty(len(values))
    below[order] = np.where(np.isnan(ordered), np.nan, np.concatenate([[0.0], np.cumsum(counts)])[place])
    equal[order] = np.where(np.append(distinct, np.nan)[place] == ordered, np.append(counts, 0)[place], 0.0)
    return below, equal


def _count(reference: Vector) -> int:
    return int(np.count_nonzero(~np.isnan(reference)))


NORMALISERS: dict[Normalisation, Normaliser] = {
    "min-max": min_max,
    "percentile": percentile,
    "z-score": z_score,
    "rank-exponential": rank_exponential,
}
"""The normalisations that an index file may use, by name."""
