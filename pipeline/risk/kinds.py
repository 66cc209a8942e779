"""Which kind of exclusion stands out in an area: two scores against the nation, and what they come to."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue.kinds import BOTH, NEITHER, Kind, Kinds
from pipeline.index import score
from pipeline.index.checks import check_table, vector
from pipeline.index.normalise import percentile

TOP = 100.0
DIGITS = 9
"""Weighted means that agree to so many decimals are equal: what is left is the noise of floating-point sums."""


@dataclass(frozen=True)
class KindScores:
    """The kinds of the LSOAs of a nation.

    Attributes:
        frame: ``score_<id>`` for each kind, 0 to 100, and ``kind`` (the title of the one that stands out, ``Both`` or
            ``Neither``), by code; missing where an LSOA has no value of an indicator.
        not_scored: the codes of the LSOAs that a column has no value for, by that column.
    """

    frame: pd.DataFrame
    not_scored: Mapping[str, tuple[str, ...]]


def score_kinds(nation: pd.DataFrame, kinds: Kinds) -> KindScores:
    """The score of each kind for every LSOA of ``nation``, and which of them stands out.

    A score is the percentile (average rank / N, times 100) of the weighted mean of the indicators' percentiles; both
    are over the LSOAs that have all indicators of the kind. A kind stands out where its score exceeds
    ``kinds.stands_out_above``.

    Args:
        nation: every LSOA with the columns of the indicators, by code.

    Raises:
        ScoringError: a column is missing, holds no numbers, or is the same everywhere.
    """
    scores = pd.DataFrame({f"score_{kind.id}": _score(nation, kind) for kind in kinds.kinds}, index=nation.index)
    columns = dict.fromkeys(indicator.column for kind in kinds.kinds for indicator in kind.indicators)
    empty = {column: nation.index[nation[column].isna()] for column in columns}
    return KindScores(
        scores.assign(kind=pd.Series(name_kinds(scores.to_numpy(), kinds), index=nation.index, dtype="str")),
        {column: tuple(sorted(codes)) for column, codes in empty.items() if len(codes)},
    )


def _score(nation: pd.DataFrame, kind: Kind) -> NDArray[np.float64]:
    index = kind.index
    check_table(index, nation, "the nation")
    complete = nation[list(index.columns)].notna().all(axis=1).to_numpy()
    result = np.full(len(nation), np.nan)
    if complete.any():
        mean = np.round(vector(score(index, nation[complete]).score), DIGITS)
        result[complete] = percentile(mean, mean, 1, TOP)
    return result


def name_kinds(scores: NDArray[np.float64], kinds: Kinds) -> NDArray[np.object_]:
    """Which kind stands out by a pair of scores (rows × kinds); None where a score is missing."""
    out = scores > kinds.stands_out_above
    first, second = (kind.title for kind in kinds.kinds)
    named = np.select([out.all(axis=1), out[:, 0], out[:, 1]], [BOTH, first, second], NEITHER).astype(object)
    named[np.isnan(scores).any(axis=1)] = None
    return named
