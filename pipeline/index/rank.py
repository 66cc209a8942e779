"""From scores to ranks and deciles: rank 1 and decile 1 are the highest risk."""

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.errors import ScoringError, first

Ties = Literal["min", "average", "code"]

TOLERANCE = 1e-9
"""Scores that follow each other by no more than this are equal: closer is the noise of floating-point sums.

Rounding would not do: two sums of the same parts can fall on either side of a rounding boundary.
"""


def rank_scores(score: pd.Series, ties: Ties = "min") -> pd.Series:
    """Ranks of ``score`` (indexed by area code), 1 = highest; they do not depend on the order of rows.

    Args:
        score: one number for each area, on a scale of at least 1.
        ties: ``min`` gives equal scores the same, worse-off rank; ``average`` the mean of their ranks; ``code``
            breaks ties by area code, so that ranks are 1 to N.

    Returns:
        ``rank``, indexed as ``score``: int64, or float64 for ``average``, whose ranks may be halves.

    Raises:
        ScoringError: a score is missing.
    """
    missing = score.isna()
    if missing.any():
        raise ScoringError(f"{int(missing.sum()):,} area(s) have no score to rank: {first(score.index[missing])}")
    groups = _groups(score.to_numpy(dtype="float64"))
    if ties == "code":
        return pd.Series(_by_code(groups, score.index), index=score.index, name="rank")
    ranks = pd.Series(groups, index=score.index, name="rank").rank(method=ties)
    return ranks if ties == "average" else ranks.astype("int64")


def deciles(rank: pd.Series) -> pd.Series:
    """``ceil(10 · rank / N)``, N the length of ``rank``: 1 is the most at-risk tenth, as in the IMD.

    Returns:
        ``decile``, int64 from 1 to 10, indexed as ``rank``.
    """
    tenths: pd.Series = np.ceil(10 * rank / len(rank))
    return tenths.astype("int64").rename("decile")


def _groups(score: NDArray[np.float64]) -> NDArray[np.int64]:
    """The number of each score's group of equals, the highest group first."""
    order = np.argsort(-score, kind="stable")
    apart = -np.diff(score[order]) > TOLERANCE
    groups = np.empty(len(score), dtype="int64")
    groups[order] = np.concatenate([[0], np.cumsum(apart)])[: len(score)]
    return groups


def _by_code(groups: NDArray[np.int64], codes: pd.Index) -> NDArray[np.int64]:
    """Ranks 1 to N by group, then by code."""
    place = np.empty(len(codes), dtype="int64")
    place[codes.argsort()] = np.arange(len(codes))
    ranks = np.empty(len(codes), dtype="int64")
    ranks[np.lexsort((place, groups))] = np.arange(1, len(codes) + 1)
    return ranks
