"""From scores to ranks and deciles: rank 1 and decile 1 are the highest risk."""

from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.errors import ScoringError, first

Vector = NDArray[np.float64]
Ties = Literal["min", "average", "code"]

TOLERANCE = 1e-9
"""Scores that differ by no more than this are equal: smaller differences are the noise of floating-point sums.

Rounding would not do: two sums of the same parts can fall on either side of a rounding boundary.
"""


def rank_scores(score: pd.Series, ties: Ties = "min") -> pd.Series:
    """Ranks of ``score`` (indexed by area code), 1 = highest; they do not depend on the order of rows.

    Args:
        score: one number for each area, on a scale of at least 1.
        ties: ``min`` gives equal scores the same rank, that of the higher risk; ``average`` the mean of their ranks;
            ``code`` breaks ties by area code, so that ranks are 1 to N.

    Returns:
        ``rank``, indexed as ``score``: int64, or float64 for ``average``, whose ranks may be halves.

    Raises:
        ScoringError: a score is missing.
    """
    missing = score.isna()
    if missing.any():
        raise ScoringError(f"{int(missing.sum()):,} area(s) have no score to rank: {first(score.index[missing])}")
    places = places_by_code(score.index) if ties == "code" else None
    ranks = pd.Series(rank_values(score.to_numpy(dtype="float64"), ties, places), index=score.index, name="rank")
    return ranks if ties == "average" else ranks.astype("int64")


def places_by_code(codes: pd.Index) -> NDArray[np.int64]:
    """The position of each code in the sorted ``codes``, from 0."""
    places = np.empty(len(codes), dtype="int64")
    places[codes.argsort()] = np.arange(len(codes))
    return places


def rank_values(score: Vector, ties: Ties, places: NDArray[np.int64] | None = None) -> Vector:
    """Ranks of scores without gaps, as :func:`rank_scores` gives them, as plain arrays: for many rankings.

    ``places`` are the positions of the areas by code, and only needed for ``ties = "code"``.
    """
    order = np.argsort(-score)
    falling = score[order]
    # The rank of the first of those that are equal goes on to the others.
    lowest = np.arange(1, len(score) + 1)
    lowest[1:][falling[:-1] - falling[1:] <= TOLERANCE] = 1
    ranks = np.empty(len(score))
    ranks[order] = np.maximum.accumulate(lowest)
    return ranks if ties == "min" else settle_ties(ranks.astype("int64"), ties, places)


def settle_ties(lowest: NDArray[Any], ties: Ties, places: NDArray[np.int64] | None = None) -> Vector:
    """Ranks by a rule of ties, from whole ranks among which equal scores share that of the highest."""
    if ties == "min":
        return lowest.astype("float64")
    if ties == "code" and places is not None:
        ranks = np.empty(len(lowest))
        ranks[np.lexsort((places, lowest))] = np.arange(1.0, len(lowest) + 1.0)
        return ranks
    return np.asarray(lowest + (np.bincount(lowest)[lowest] - 1) / 2)


def deciles(rank: pd.Series) -> pd.Series:
    """``ceil(10 · rank / N)``, N the length of ``rank``: 1 is the most at-risk tenth, as in the IMD.

    Returns:
        ``decile``, int64 from 1 to 10, indexed as ``rank``.
    """
    tenths: pd.Series = np.ceil(10 * rank / len(rank))
    return tenths.astype("int64").rename("decile")
