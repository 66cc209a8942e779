"""Capacity: where support places are, how well people can reach them, how many people are concerned, and where to act.

Pure functions on frames and arrays; only :mod:`pipeline.capacity.reading` and :mod:`pipeline.capacity.stories` read
files, and nothing here writes.
"""

from pipeline.capacity.access import NearestPlaces, Pairs, Supply, e2sfca, matrix_pairs, nearest, straight_line_pairs
from pipeline.capacity.drivers import Drivers, drivers
from pipeline.capacity.people import Covered, covered, people_at_risk
from pipeline.capacity.places import Located, locate, origins
from pipeline.capacity.reading import read_candidates, read_places
from pipeline.capacity.scores import capacity, exclusion, exclusion_range
from pipeline.capacity.siting import Plan, coverage_curve, maximal_covering, p_median
from pipeline.capacity.stories import read_stories

__all__ = [
    "Covered",
    "Drivers",
    "Located",
    "NearestPlaces",
    "Pairs",
    "Plan",
    "Supply",
    "capacity",
    "coverage_curve",
    "covered",
    "drivers",
    "e2sfca",
    "exclusion",
    "exclusion_range",
    "locate",
    "matrix_pairs",
    "maximal_covering",
    "nearest",
    "origins",
    "p_median",
    "people_at_risk",
    "read_candidates",
    "read_places",
    "read_stories",
    "straight_line_pairs",
]
