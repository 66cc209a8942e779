"""From access to capacity scores, and from risk and capacity to exclusion."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue.places import Exclusion
from pipeline.errors import ScoringError, first
from pipeline.index.normalise import percentile
from pipeline.index.rank import deciles, rank_scores, rank_values

Vector = NDArray[np.float64]
FULL_SCALE = 100.0


def score_capacity(access: pd.Series, reference: pd.Series | None = None) -> pd.DataFrame:
    """``capacity_score`` and ``capacity_decile`` of areas by their access to support, indexed as ``access``.

    The score is the percentile of access within ``reference`` (default: ``access`` itself), 0 to 100; an area with
    no place within reach scores 0, however many areas are in the same position. Decile 1 is the least capacity; areas
    with equal scores share a decile, so the first may hold more than a tenth of them.

    Raises:
        ScoringError: an access is missing or negative.
    """
    compared = access if reference is None else reference
    wrong = access.index[~(access >= 0)]
    if len(wrong):
        raise ScoringError(f"{len(wrong):,} area(s) have no access score of 0 or more: {first(wrong)}")
    score = percentile(access.to_numpy(dtype="float64"), compared.to_numpy(dtype="float64"), 1, FULL_SCALE)
    scores = pd.Series(np.where(access.to_numpy() > 0, score, 0.0), index=access.index, name="capacity_score")
    rank = rank_scores(FULL_SCALE - scores)
    return pd.DataFrame({"capacity_score": scores, "capacity_decile": deciles(rank)})


def score_exclusion(risk_score: pd.Series, capacity_score: pd.Series, declared: Exclusion) -> pd.DataFrame:
    """``exclusion_score``, ``exclusion_rank`` and ``exclusion_decile``: high risk and low capacity.

    With r the percentile of the risk score within the area, c the capacity, itself such a percentile, both 0 to 100,
    and w the risk's weight: ``geometric`` is r^w · (100 − c)^(1−w), high only where both are; ``arithmetic`` is
    w·r + (1 − w)·(100 − c). As percentiles the two have the same spread: with the risk score itself, whose spread is
    smaller, capacity would decide almost everything. Rank 1 and decile 1 are the worst.

    Raises:
        ScoringError: the two are not for the same areas, or a score is missing.
    """
    if not risk_score.index.equals(capacity_score.index):
        raise ScoringError("risk and capacity are not for the same areas in the same order.")
    lack = FULL_SCALE - capacity_score.to_numpy(dtype="float64")
    score = join_scores(rank_percentiles(risk_score.to_numpy(dtype="float64")), lack, declared)
    scores = pd.Series(score, index=risk_score.index, name="exclusion_score")
    rank = rank_scores(scores)
    return pd.DataFrame({"exclusion_score": scores, "exclusion_rank": rank, "exclusion_decile": deciles(rank)})


def rank_percentiles(risk: Vector) -> Vector:
    """The percentile of each area's risk score among all of them, over 0 to 100: 100 · (N − rank + 1) / N.

    Equal scores, to within the noise of floating-point sums, share the mean of their ranks.
    """
    return to_percentiles(rank_values(risk, "average"))


def to_percentiles(ranks: Vector) -> Vector:
    """Percentiles, 0 to 100, of ranks from 1 = the highest: 100 · (N − rank + 1) / N."""
    percentiles: Vector = FULL_SCALE * (len(ranks) + 1 - ranks) / len(ranks)
    return percentiles


def join_scores(risk: Vector, lack: Vector, declared: Exclusion) -> Vector:
    """Risk and lack of capacity, both percentiles from 0 to 100, as one score by the declared formula."""
    share = declared.risk_weight
    geometric = declared.formula == "geometric"
    score = risk**share * lack ** (1 - share) if geometric else share * risk + (1 - share) * lack
    return np.clip(score, 0.0, FULL_SCALE)
