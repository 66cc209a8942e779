"""Scores of an area and their certainty, kinds of exclusion, people at risk, and what drives the risk."""

from pipeline.risk.drivers import Drivers, find_drivers
from pipeline.risk.kinds import KindScores, score_kinds
from pipeline.risk.people import Coverage, estimate_people_at_risk, measure_coverage
from pipeline.risk.scores import Risk, score_risk, summarise_nation

__all__ = [
    "Coverage",
    "Drivers",
    "KindScores",
    "Risk",
    "estimate_people_at_risk",
    "find_drivers",
    "measure_coverage",
    "score_kinds",
    "score_risk",
    "summarise_nation",
]
