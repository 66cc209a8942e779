"""From access to capacity scores, and from risk and capacity to exclusion."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.catalogue.places import Exclusion
from pipeline.errors import ScoringError, first
from pipeline.index.normalise import percentile
from pipeline.index.rank import deciles, rank_scores

FULL_SCALE = 100.0


def capacity(access: pd.Series, reference: pd.Series | None = None) -> pd.DataFrame:
    """``capacity_score`` and ``capacity_decile`` of areas by their access to support, indexed as ``access``.

    The score is the percentile of access within ``reference`` (default: ``access`` itself), 0 to 100; an area that
    no place is within reach of scores 0, however many others share its lot. Decile 1 is the least capacity; areas
    with equal scores share a decile, so that more than a tenth may be in the first.

    Raises:
        ScoringError: an access is missing or negative.
    """
    known = access if reference is None else reference
    wrong = access.index[~(access >= 0)]
    if len(wrong):
        raise ScoringError(f"{len(wrong):,} area(s) have no access to support of 0 or more: {first(wrong)}")
    score = percentile(access.to_numpy(dtype="float64"), known.to_numpy(dtype="float64"), 1, FULL_SCALE)
    scores = pd.Series(np.where(access.to_numpy() > 0, score, 0.0), index=access.index, name="capacity_score")
    rank = rank_scores(FULL_SCALE - scores)
    return pd.DataFrame({"capacity_score": scores, "capacity_decile": deciles(rank)})


def exclusion(risk_score: pd.Series, capacity_score: pd.Series, how: Exclusion) -> pd.DataFrame:
    """``exclusion_score``, ``exclusion_rank`` and ``exclusion_decile``: high risk and low capacity.

    With r the risk, c the capacity, both 0 to 100, and w the risk's weight: ``geometric`` is r^w · (100 − c)^(1−w),
    high only where both are; ``arithmetic`` is w·r + (1 − w)·(100 − c). Rank 1 and decile 1 are the worst.

    Raises:
        ScoringError: the two are not of the same areas, or a score is missing.
    """
    if not risk_score.index.equals(capacity_score.index):
        raise ScoringError("risk and capacity are not of the same areas in the same order.")
    risk, lack = risk_score.to_numpy(dtype="float64"), FULL_SCALE - capacity_score.to_numpy(dtype="float64")
    share = how.risk_weight
    score = risk**share * lack ** (1 - share) if how.formula == "geometric" else share * risk + (1 - share) * lack
    scores = pd.Series(np.clip(score, 0.0, FULL_SCALE), index=risk_score.index, name="exclusion_score")
    rank = rank_scores(scores)
    return pd.DataFrame({"exclusion_score": scores, "exclusion_rank": rank, "exclusion_decile": deciles(rank)})


def exclusion_range(
    risk_score: pd.Series, capacity_scores: Sequence[pd.Series], formulas: Sequence[Exclusion]
) -> pd.DataFrame:
    """How far the exclusion rank depends on choices: over every capacity (other reaches, say) with every formula.

    Returns:
        ``exclusion_rank_best`` and ``exclusion_rank_worst`` (the largest and the smallest rank number), and
        ``exclusion_worst_decile_share``: in how many of the choices the area is in the worst tenth, 0 to 1. The choices
        are given, not drawn: these are no probabilities.

    Raises:
        ScoringError: no choices, or as :func:`exclusion`.
    """
    found = [exclusion(risk_score, capacity_score, how) for capacity_score in capacity_scores for how in formulas]
    if not found:
        raise ScoringError("no capacity or no formula to compare exclusion over.")
    ranks = np.column_stack([one["exclusion_rank"] for one in found])
    worst = np.column_stack([one["exclusion_decile"] == 1 for one in found])
    columns = {
        "exclusion_rank_best": ranks.max(axis=1),
        "exclusion_rank_worst": ranks.min(axis=1),
        "exclusion_worst_decile_share": worst.mean(axis=1),
    }
    return pd.DataFrame(columns, index=risk_score.index)
