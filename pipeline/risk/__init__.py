"""Scores of an area and their certainty, people at risk, and what drives the risk."""

from pipeline.risk.drivers import Drivers, drivers
from pipeline.risk.people import Covered, covered, people_at_risk
from pipeline.risk.scores import Risk, middles, risk

__all__ = ["Covered", "Drivers", "Risk", "covered", "drivers", "middles", "people_at_risk", "risk"]
