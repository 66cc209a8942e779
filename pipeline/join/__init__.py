"""Tables onto boundaries, and which LSOAs an area has."""

from pipeline.join.areas import codes_in_polygon, codes_of
from pipeline.join.tables import Joined, Match, Part, join

__all__ = ["Joined", "Match", "Part", "codes_in_polygon", "codes_of", "join"]
