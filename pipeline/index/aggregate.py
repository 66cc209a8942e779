"""Several normalised columns to one: weighted means and sums, row by row.

Missing values (NaN) are left out of their row and the weights of the others scaled up to the same total; a row without
any value gives NaN. Under the policies ``error`` and ``impute`` no NaN comes this far.
"""

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.indices import Aggregation

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

GEOMETRIC_FLOOR = 0.01
"""The share of the scale that a geometric mean adds to every score, so that a single zero does not decide it."""


def aggregate(scores: Matrix, weights: Vector, method: Aggregation, scale: float, logs: Matrix | None = None) -> Vector:
    """One value for each row of ``scores`` (areas × columns), given one positive weight for each column.

    * ``arithmetic``: Σwᵢsᵢ / Σwᵢ (DERI, COINr).
    * ``geometric``: exp(Σwᵢ·ln(sᵢ + f) / Σwᵢ) − f with f = 1% of ``scale``; scores must be 0 or more. A high score
      makes up less for a low one. The logarithm needs positive values: COINr's ``a_gmean`` stops at 0; adding f and
      subtracting it again keeps 0 and ``scale`` as the ends, and the result rises with every score.
    * ``weighted-sum``: Σwᵢsᵢ, the weights as given (English Indices of Deprivation).

    ``scale`` is the top of the scores; only ``geometric`` uses it. ``logs`` are what :func:`take_logs` gives for these
    scores, where it was taken before.
    """
    present = ~np.isnan(scores)
    if method == "weighted-sum":
        return _mean(scores, weights, present) * _total(weights)
    if method == "arithmetic":
        return _within(_mean(scores, weights, present), scores)
    logs = take_logs(scores, scale) if logs is None else logs
    return _within(np.exp(_mean(logs, weights, present)) - GEOMETRIC_FLOOR * scale, scores)


def take_logs(scores: Matrix, scale: float) -> Matrix:
    """ln(sᵢ + f) of a geometric mean, which does not depend on the weights; a missing score counts as 0 here."""
    logs: Matrix = np.log(np.where(np.isnan(scores), 0.0, scores) + GEOMETRIC_FLOOR * scale)
    return logs


def _mean(scores: Matrix, weights: Vector, present: NDArray[np.bool_]) -> Vector:
    """The weighted mean of what is present in each row; NaN where nothing is."""
    total, weight = np.zeros(len(scores)), np.zeros(len(scores))
    full = np.logical_and.reduce(present, axis=0)
    # Column by column: the sum of a row must not depend on where the row is in the table.
    for column, share in enumerate(weights):
        if full[column]:
            total += scores[:, column] * share
            weight += share
        else:
            there = present[:, column]
            total += np.where(there, scores[:, column] * share, 0.0)
            weight += np.where(there, share, 0.0)
    mean: Vector = np.full(len(scores), np.nan)
    np.divide(total, weight, out=mean, where=weight > 0)
    return mean


def _within(mean: Vector, scores: Matrix) -> Vector:
    """A mean lies between the smallest and the largest of its parts; rounding in its last bit might not."""
    return np.clip(mean, np.fmin.reduce(scores, axis=1), np.fmax.reduce(scores, axis=1))


def _total(weights: Vector) -> float:
    """The sum in the order of ``_mean``, so that a full row is multiplied by exactly what it was divided by."""
    return float(np.cumsum(weights)[-1])
