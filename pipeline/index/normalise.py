"""From an indicator's values to normalised values: higher always means more risk.

Every function takes ``values`` (what to normalise) and ``reference`` (the distribution to compare with; both
1-D, missing values as NaN, which stay NaN), ``direction`` (+1: a higher value means more risk, -1: less) and
``scale`` (the top of the result).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.indices import Normalisation

Vector = NDArray[np.float64]
Normaliser = Callable[[Vector, Vector, int, float], Vector]

IMD_CONSTANT = 23.0
"""The constant of the exponential transformation of the English Indices of Deprivation."""


def min_max(values: Vector, reference: Vector, direction: int, scale: float) -> Vector:
    """``scale · (x − min) / (max − min)``, reversed for direction −1 (GMCA's DERI v1.0).

    Values outside the reference's range are held at its ends.
    """
    low, high = np.nanmin(reference), np.nanmax(reference)
    share = np.clip((values - low) / (high - low), 0.0, 1.0)
    return scale * (share if direction > 0 else 1.0 - share)


def percentile(values: Vector, reference: Vector, direction: int, scale: float) -> Vector:
    """``scale · average rank / N``, rank 1 = least risk (COINr's ``n_prank``); from (1/N) to 1, more with no ties.

    A value's average rank is the count below it plus half of one more than the count equal to it; for a value
    that is not in the reference this puts it half a place above those below it.
    """
    below, equal = _position(direction * values, direction * reference)
    return scale * (below + (equal + 1) / 2) / _count(reference)


def z_score(values: Vector, reference: Vector, direction: int, scale: float) -> Vector:  # noqa: ARG001
    """``(x − mean) / sd`` with the population's standard deviation (Purdue Digital Divide Index); not bounded."""
    return direction * (values - np.nanmean(reference)) / np.nanstd(reference)


def rank_exponential(values: Vector, reference: Vector, direction: int, scale: float) -> Vector:
    """``−23·ln(1 − R·(1 − exp(−100/23)))``, R = (N − rank + 1)/N with rank 1 = most risk, on 0 to ``scale``.

    English Indices of Deprivation, technical report. Ties share their average rank.
    """
    above, equal = _position(-direction * values, -direction * reference)
    rank = above + (equal + 1) / 2
    count = _count(reference)
    share = np.clip((count - rank + 1) / count, 0.0, 1.0)
    return scale / 100 * -IMD_CONSTANT * np.log(1 - share * (1 - np.exp(-100 / IMD_CONSTANT)))


def _position(values: Vector, reference: Vector) -> tuple[Vector, Vector]:
    """For each value, how many of the reference are smaller and how many are equal."""
    ordered = np.sort(reference[~np.isnan(reference)])
    left = np.searchsorted(ordered, values, side="left").astype("float64")
    right = np.searchsorted(ordered, values, side="right").astype("float64")
    missing = np.isnan(values)
    left[missing] = np.nan
    return left, right - left


def _count(reference: Vector) -> float:
    return float((~np.isnan(reference)).sum())


NORMALISERS: dict[Normalisation, Normaliser] = {
    "min-max": min_max,
    "percentile": percentile,
    "z-score": z_score,
    "rank-exponential": rank_exponential,
}
