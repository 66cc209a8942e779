"""The composite-index engine: a declared index and a table in, scores, ranks and deciles out.

It has no knowledge of England, files or maps.
"""

from pipeline.index.engine import Scores, list_weights, score
from pipeline.index.rank import deciles, rank_scores
from pipeline.index.uncertainty import (
    NationalRanks,
    NationalWanted,
    RankIntervals,
    Variation,
    draw_national_ranks,
    draw_rank_intervals,
)

__all__ = [
    "NationalRanks",
    "NationalWanted",
    "RankIntervals",
    "Scores",
    "Variation",
    "deciles",
    "draw_national_ranks",
    "draw_rank_intervals",
    "list_weights",
    "rank_scores",
    "score",
]
