"""Several normalised columns to one: weighted means and sums.

``scores`` is areas × columns; with ``present`` given, absent values are left out and the weights of the others
are scaled up, area by area; a row with nothing present is NaN.
"""

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.indices import Aggregation

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

GEOMETRIC_FLOOR = 0.01
"""The share of the scale that a geometric mean adds to every score, so that one zero does not decide all."""


def aggregate(scores: Matrix, weights: Vector, how: Aggregation, scale: float) -> Vector:
    """One value for each row of ``scores``.

    * ``arithmetic``: Σwᵢsᵢ / Σwᵢ (DERI, COINr).
    * ``geometric``: exp(Σwᵢ·ln(sᵢ + f) / Σwᵢ) − f with f = 1% of ``scale``: less compensation; rises with
      every score and keeps 0 and ``scale`` as its ends, as COINr does by normalising to 1–100.
    * ``weighted-sum``: Σwᵢsᵢ, the weights as given (IMD).

    Missing values (NaN) are left out and the other weights scaled up; all missing gives NaN.
    """
    present = ~np.isnan(scores)
    if how == "geometric":
        floor = GEOMETRIC_FLOOR * scale
        logs = np.log(np.where(present, scores, 0.0) + floor)
        return np.exp(_mean(logs, weights, present)) - floor
    mean = _mean(scores, weights, present)
    return mean * weights.sum() if how == "weighted-sum" else mean


def _mean(scores: Matrix, weights: Vector, present: NDArray[np.bool_]) -> Vector:
    """The weighted mean of what is present; one column after the other, so that equal rows give equal results."""
    total = np.zeros(len(scores))
    weight = np.zeros(len(scores))
    for column in range(scores.shape[1]):
        there = present[:, column]
        total += np.where(there, scores[:, column] * weights[column], 0.0)
        weight += np.where(there, weights[column], 0.0)
    with np.errstate(invalid="ignore"):
        return np.where(weight > 0, total / np.where(weight > 0, weight, 1.0), np.nan)
