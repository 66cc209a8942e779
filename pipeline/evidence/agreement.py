"""How well a score agrees with an outcome, as one number: rank correlation, or the area under the curve of a group."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.evidence.area_outcome import AreaOutcome
from pipeline.evidence.outcome import Outcome
from pipeline.evidence.validate import Counts, Vector, resampled_ranks, spearman

Observed = Outcome | AreaOutcome
"""An outcome of LSOAs, or of larger areas."""


def agree(score: pd.Series, outcome: Observed) -> float:
    """How well ``score`` (higher = more risk, of all LSOAs of the nation, by code) agrees with an outcome.

    The area under the curve (0 to 1; a half is chance) for an outcome that is a group of areas; the Spearman rank
    correlation (−1 to 1) for any other, over its LSOAs or over means of LSOAs. Higher is better for both.
    """
    values = outcome.scores_of(score.to_frame()).iloc[:, 0].to_numpy(dtype="float64")
    harm = outcome.harm.to_numpy(dtype="float64")
    return area_under_curve(values, harm > 0) if outcome.measure == "group" else spearman(values, harm)


def area_under_curve(score: Vector, inside: NDArray[np.bool_]) -> float:
    """The chance that an area of the group scores above one that is not in it; a tie counts half (Mann-Whitney).

    NaN where all areas are in the group, or none.
    """
    return float(curve_of_resamples(score, inside, np.ones((1, len(score))))[0])


def curve_of_resamples(score: Vector, inside: NDArray[np.bool_], counts: Counts) -> Vector:
    """:func:`area_under_curve` in every resample; ``counts`` are how often each area is in each, (draws, areas)."""
    return curve_of_ranks(resampled_ranks(score, counts), inside, counts)


def curve_of_ranks(ranks: Counts, inside: NDArray[np.bool_], counts: Counts) -> Vector:
    """The area under the curve from the ranks of a score in every resample, both of shape (draws, areas)."""
    there = counts[:, inside].sum(axis=1)
    others = counts.sum(axis=1) - there
    total = (ranks[:, inside] * counts[:, inside]).sum(axis=1)
    result = np.full(len(counts), np.nan)
    np.divide(total - there * (there + 1) / 2, there * others, out=result, where=there * others > 0)
    return result
