"""The composite-index engine: a declared index and a table in, scores, ranks and deciles out.

It knows nothing of England, files or maps.
"""

from pipeline.index.engine import Scores, score, weight_table
from pipeline.index.rank import deciles, rank_scores
from pipeline.index.uncertainty import RankIntervals, rank_intervals

__all__ = ["RankIntervals", "Scores", "deciles", "rank_intervals", "rank_scores", "score", "weight_table"]
