"""From scores to ranks and deciles: rank 1 and decile 1 are the highest risk."""

from typing import Literal

import numpy as np
import pandas as pd

from pipeline.errors import ScoringError, first

DECIMALS = 9
"""Scores that agree to this many decimals are equal: beyond it is the noise of floating-point sums."""


def rank_scores(score: pd.Series, ties: Literal["min", "average", "code"] = "min") -> pd.Series:
    """Ranks of ``score`` (indexed by area code), 1 = highest.

    Args:
        ties: ``min`` gives equal scores the same, worse-off rank; ``average`` the mean of their ranks (then
            ranks may be halves); ``code`` breaks ties by area code, so that ranks are 1 to N.

    Raises:
        ScoringError: a score is missing.
    """
    if score.isna().any():
        raise ScoringError(f"{int(score.isna().sum()):,} area(s) have no score to rank: {first(score.index[score.isna()])}")
    rounded = score.round(DECIMALS)
    if ties == "code":
        ranks = rounded.sort_index().rank(ascending=False, method="first").reindex(score.index)
    else:
        ranks = rounded.rank(ascending=False, method=ties)
    return ranks.rename("rank") if ties == "average" else ranks.astype("int64").rename("rank")


def deciles(rank: pd.Series) -> pd.Series:
    """``ceil(10 · rank / N)``: 1 is the most at-risk tenth, as in the Index of Multiple Deprivation."""
    return np.ceil(10 * rank / len(rank)).astype("int64").clip(1, 10).rename("decile")
