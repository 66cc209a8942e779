"""Scores of an area and their certainty, kinds of exclusion, people at risk, and what drives the risk."""

from pipeline.risk.drivers import Drivers, find_drivers
from pipeline.risk.kinds import KindScores, score_kinds
from pipeline.risk.people import Coverage, Estimates, estimate_people, estimate_surveyed, measure_coverage, sum_people
from pipeline.risk.scores import Risk, score_risk, summarise_nation

__all__ = [
    "Coverage",
    "Drivers",
    "Estimates",
    "KindScores",
    "Risk",
    "estimate_people",
    "estimate_surveyed",
    "find_drivers",
    "measure_coverage",
    "score_kinds",
    "score_risk",
    "sum_people",
    "summarise_nation",
]
