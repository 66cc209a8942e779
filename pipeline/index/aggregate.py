"""Several normalised columns to one: weighted means and sums, row by row.

Missing values (NaN) are left out of their row and the weights of the others scaled up to the same total; a row without
any value gives NaN. Under the policies ``error`` and ``impute`` no NaN comes this far.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.indices import Aggregation

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

GEOMETRIC_FLOOR = 0.01
"""The share of the scale that a geometric mean adds to every score, so that a single zero does not decide it."""


@dataclass(frozen=True)
class Fixed:
    """What does not depend on the weights of scores that are aggregated many times, as :func:`fix` gives it.

    Attributes:
        lowest, highest: of each row.
        complete: whether no score is missing.
        logs: ln(sᵢ + f) of a geometric mean, where it is wanted; a missing score counts as 0 there.
    """

    lowest: Vector
    highest: Vector
    complete: bool
    logs: Matrix | None = None


def fix(scores: Matrix, scale: float, *, geometric: bool) -> Fixed:
    """What of ``scores`` does not depend on weights; ``geometric`` where geometric means of them are taken."""
    logs = np.asfortranarray(_take_logs(scores, scale)) if geometric else None
    lowest, highest = np.fmin.reduce(scores, axis=1), np.fmax.reduce(scores, axis=1)
    return Fixed(lowest, highest, not np.isnan(scores).any(), logs)


def aggregate(scores: Matrix, weights: Vector, method: Aggregation, scale: float, fixed: Fixed | None = None) -> Vector:
    """One value for each row of ``scores`` (areas × columns), given one positive weight for each column.

    * ``arithmetic``: Σwᵢsᵢ / Σwᵢ (DERI, COINr).
    * ``geometric``: exp(Σwᵢ·ln(sᵢ + f) / Σwᵢ) − f with f = 1% of ``scale``; scores must be 0 or more. A high score
      makes up less for a low one. The logarithm needs positive values: COINr's ``a_gmean`` stops at 0; adding f and
      subtracting it again keeps 0 and ``scale`` as the ends, and the result rises with every score.
    * ``weighted-sum``: Σwᵢsᵢ, the weights as given (English Indices of Deprivation).

    ``scale`` is the top of the scores; only ``geometric`` uses it. ``fixed`` is what :func:`fix` gives for these
    scores, where it was worked out before.
    """
    fixed = fix(scores, scale, geometric=method == "geometric") if fixed is None else fixed
    present = None if fixed.complete else ~np.isnan(scores)
    if method == "weighted-sum":
        return _mean(scores, weights, present) * _total(weights)
    if method == "arithmetic":
        return _within(_mean(scores, weights, present), fixed)
    logs = _take_logs(scores, scale) if fixed.logs is None else fixed.logs
    return _within(np.exp(_mean(logs, weights, present)) - GEOMETRIC_FLOOR * scale, fixed)


def aggregate_together(
    scores: Sequence[Matrix],
    weights: Matrix,
    method: Aggregation,
    scale: float,
    *,
    logs: Sequence[Matrix] | None = None,
    bounded: bool = True,
) -> Matrix:
    """What :func:`aggregate` gives for many sets of scores without gaps, each with weights of its own, to the last bit.

    Args:
        scores: of each column, sets × areas, or 1 × areas where they are the same in every set; none is missing.
        weights: sets × columns, those of a set not all 0.
        logs: ln(sᵢ + f) of a geometric mean, where it was worked out before.
        bounded: hold each mean between the smallest and the largest of its parts; without need where it is sure to lie
            farther inside than rounding reaches.

    Returns:
        Sets × areas.
    """
    if method == "geometric" and logs is None:
        logs = [take_logs(column, scale) for column in scores]
    averaged = scores if logs is None else logs
    total: Matrix = averaged[0] * weights[:, :1]
    part = np.empty_like(total)
    for column, shares in zip(averaged[1:], weights.T[1:], strict=True):
        np.multiply(column, shares[:, None], out=part)
        total += part
    weight = np.cumsum(weights, axis=1)[:, -1:]
    total /= weight
    if method == "weighted-sum":
        total *= weight
        return total
    if method == "geometric":
        np.exp(total, out=total)
        total -= GEOMETRIC_FLOOR * scale
    if bounded:
        np.maximum(total, reduce(np.minimum, scores), out=total)
        np.minimum(total, reduce(np.maximum, scores), out=total)
    return total


def take_logs(scores: Matrix, scale: float) -> Matrix:
    """ln(sᵢ + f) of scores without gaps, for geometric means."""
    logs: Matrix = scores + GEOMETRIC_FLOOR * scale
    return np.log(logs, out=logs)


def _take_logs(scores: Matrix, scale: float) -> Matrix:
    return take_logs(np.where(np.isnan(scores), 0.0, scores), scale)


def _mean(scores: Matrix, weights: Vector, present: NDArray[np.bool_] | None) -> Vector:
    """The weighted mean of what is present in each row, everything where ``present`` is None; NaN where nothing is."""
    total, part = np.zeros(len(scores)), np.empty(len(scores))
    # Column by column: the sum of a row must not depend on where the row is in the table.
    if present is None:
        for column, share in enumerate(weights):
            np.multiply(scores[:, column], share, out=part)
            total += part
        weight = _total(weights)
        return total / weight if weight > 0 else np.full(len(scores), np.nan)
    weighed = np.zeros(len(scores))
    for column, share in enumerate(weights):
        there = present[:, column]
        total += np.where(there, scores[:, column] * share, 0.0)
        weighed += np.where(there, share, 0.0)
    mean: Vector = np.full(len(scores), np.nan)
    np.divide(total, weighed, out=mean, where=weighed > 0)
    return mean


def _within(mean: Vector, fixed: Fixed) -> Vector:
    """A mean lies between the smallest and the largest of its parts; rounding in its last bit might not."""
    np.maximum(mean, fixed.lowest, out=mean)
    return np.minimum(mean, fixed.highest, out=mean)


def _total(weights: Vector) -> float:
    """The sum in the order of ``_mean``, so that a full row is multiplied by exactly what it was divided by."""
    return float(np.cumsum(weights)[-1])
