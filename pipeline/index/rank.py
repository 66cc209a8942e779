"""From scores to ranks and deciles: rank 1 and decile 1 are the highest risk."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import DTypeLike, NDArray

from pipeline.errors import ScoringError, first

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Ties = Literal["min", "average", "code"]

RANKED_AT_ONCE = 200_000
"""Scores that are ranked at once: as many as stay near the processor."""
MOST_BITS = 62
"""Of a whole number that is a score with its place behind it: one less than there is room for, as rounding may add."""
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


def rank_rows(scores: Matrix, kind: DTypeLike = np.int64) -> NDArray[Any]:
    """The ranks of each row of scores without gaps, as :func:`rank_values` gives them with ties ``min``.

    Sorting whole numbers takes a third of the time of sorting places by score. So each score becomes a whole number, as
    fine as leaves room for its place behind it; where two that differ become the same, the row is sorted by score.

    Args:
        kind: the type of the ranks, which must hold as many as there are columns.
    """
    ranks = np.empty(scores.shape, dtype=kind)
    if not ranks.size:
        return ranks
    order, gaps = _sort_falling(scores)
    lowest = np.arange(1, scores.shape[1] + 1, dtype=kind)
    flat = ranks.reshape(-1)
    flat[order] = lowest
    tied = gaps <= TOLERANCE
    for row in np.flatnonzero(tied.any(axis=1)).tolist():
        # The rank of the first of those that are equal goes on to the others.
        places = lowest.copy()
        places[1:][tied[row]] = 1
        flat[order[row]] = np.maximum.accumulate(places)
    return ranks


def count_higher(scores: Matrix) -> NDArray[np.int64]:
    """How many scores of each row exceed each of them by more than :data:`TOLERANCE`; no score is missing."""
    higher = np.empty(scores.shape, dtype="int64")
    if not higher.size:
        return higher
    order, gaps = _sort_falling(scores)
    higher.reshape(-1)[order] = np.arange(scores.shape[1])
    for row in np.flatnonzero((gaps <= 2 * TOLERANCE).any(axis=1)).tolist():
        of_row = scores[row]
        higher[row] = len(of_row) - count_upto(np.sort(of_row), of_row + TOLERANCE)
    return higher


def _sort_falling(scores: Matrix) -> tuple[NDArray[np.int64], Matrix]:
    """The places of each row's scores, the highest first, and by how much each exceeds the next.

    Places are those in the matrix as one row after the other: so they are taken in a third of the time.
    """
    areas = scores.shape[1]
    order = _order_falling(scores)
    order += (np.arange(len(scores)) * areas)[:, None]
    falling = scores.take(order)
    gaps = falling[:, :-1] - falling[:, 1:]
    for row in np.flatnonzero((gaps < 0).any(axis=1)).tolist():
        order[row] = np.argsort(-scores[row]) + row * areas
        falling[row] = scores.take(order[row])
        gaps[row] = falling[row, :-1] - falling[row, 1:]
    return order, gaps


def _order_falling(scores: Matrix) -> NDArray[np.int64]:
    """The places of each row's scores, the highest first, but for differences too small for whole numbers."""
    top, low = scores.max(), scores.min()
    bits = scores.shape[1].bit_length()
    keys = top - scores
    if top - low > TOLERANCE:
        keys *= 2.0 ** (MOST_BITS - bits) / (top - low)
    order: NDArray[np.int64] = keys.astype("int64")
    order <<= bits
    order |= np.arange(scores.shape[1])
    order.sort(axis=1)
    order &= (1 << bits) - 1
    return order


def count_upto(ordered: Vector, values: Vector) -> NDArray[np.int64]:
    """How many of ``ordered``, which rise, are no larger than each of ``values``."""
    # In order, as neighbours in the order are found near each other.
    order = np.argsort(values)
    count = np.empty(len(values), dtype="int64")
    count[order] = np.searchsorted(ordered, values[order], side="right")
    return count


def rank_many(scores: Matrix, kind: DTypeLike = np.int64) -> NDArray[Any]:
    """What :func:`rank_rows` gives, some rows at once, so that little memory is needed beside the ranks."""
    ranks = np.empty(scores.shape, dtype=kind)
    at_once = max(1, RANKED_AT_ONCE // max(scores.shape[1], 1))
    for start in range(0, len(scores), at_once):
        ranks[start : start + at_once] = rank_rows(scores[start : start + at_once], kind)
    return ranks


def take_quantiles(drawn: NDArray[Any], shares: Sequence[float]) -> list[NDArray[Any]]:
    """For each of ``shares`` what ``np.quantile(drawn, share, axis=0, method="inverted_cdf")`` gives.

    A quantile of draws (rows) is a number that occurs among them. Each column side by side in memory is sorted in a
    fraction of the time, and once for all shares.

    Args:
        drawn: draws × columns, at least one draw; a column is missing throughout or not at all.
    """
    places = [int(np.quantile(np.arange(len(drawn)), share, method="inverted_cdf")) for share in shares]
    ordered = np.sort(np.ascontiguousarray(drawn.T), axis=1)
    return [ordered[:, place] for place in places]


def settle_ties(lowest: NDArray[Any], ties: Ties, places: NDArray[np.int64] | None = None) -> Vector:
    """Ranks by a rule of ties, from whole ranks among which equal scores share that of the highest."""
    if ties == "min" or (ties == "average" and _all_differ(lowest)):
        return lowest.astype("float64")
    if ties == "code" and places is not None:
        ranks = np.empty(len(lowest))
        ranks[np.lexsort((places, lowest))] = np.arange(1.0, len(lowest) + 1.0)
        return ranks
    return np.asarray(lowest + (np.bincount(lowest)[lowest] - 1) / 2)


def _all_differ(lowest: NDArray[Any]) -> bool:
    """Whether no two ranks are equal: those that are add up to less than the numbers from 1 on."""
    return int(lowest.sum(dtype="int64")) == len(lowest) * (len(lowest) + 1) // 2


def deciles(rank: pd.Series) -> pd.Series:
    """``ceil(10 · rank / N)``, N the length of ``rank``: 1 is the most at-risk tenth, as in the IMD.

    Returns:
        ``decile``, int64 from 1 to 10, indexed as ``rank``.
    """
    tenths: pd.Series = np.ceil(10 * rank / len(rank))
    return tenths.astype("int64").rename("decile")
