"""Capacity: where support places are, how well people can reach them, how many people are concerned, and where to act.

Pure functions on frames and arrays; only :mod:`pipeline.capacity.rows` reads files, and nothing here
writes.
"""

from pipeline.capacity.access import NearestPlaces, Pairs, Supply, e2sfca, matrix_pairs, nearest, straight_line_pairs
from pipeline.capacity.act import Act, coverage_in_words, priorities, where_to_act
from pipeline.capacity.drivers import Drivers, drivers
from pipeline.capacity.people import Covered, covered, people_at_risk
from pipeline.capacity.places import Located, locate, origins
from pipeline.capacity.reading import of_kind, read_candidates, read_journeys, read_places
from pipeline.capacity.scores import capacity, exclusion
from pipeline.capacity.siting import Plan, coverage_curve, maximal_covering, p_median
from pipeline.capacity.stories import place_stories, read_stories
from pipeline.capacity.support import Support, nearest_places, support_access
from pipeline.capacity.uncertainty import exclusion_intervals

__all__ = [
    "Act",
    "Covered",
    "Drivers",
    "Located",
    "NearestPlaces",
    "Pairs",
    "Plan",
    "Supply",
    "Support",
    "capacity",
    "coverage_curve",
    "coverage_in_words",
    "covered",
    "drivers",
    "e2sfca",
    "exclusion",
    "exclusion_intervals",
    "locate",
    "matrix_pairs",
    "maximal_covering",
    "nearest",
    "nearest_places",
    "of_kind",
    "origins",
    "p_median",
    "people_at_risk",
    "place_stories",
    "priorities",
    "read_candidates",
    "read_journeys",
    "read_places",
    "read_stories",
    "straight_line_pairs",
    "support_access",
    "where_to_act",
]
