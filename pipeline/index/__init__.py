"""The composite-index engine: a declared index and a table in, scores, ranks and deciles out.

It knows nothing of England, files or maps.
"""

from pipeline.index.engine import Scores, score, weight_table
from pipeline.index.rank import deciles, rank_scores

__all__ = ["Scores", "deciles", "rank_scores", "score", "weight_table"]
