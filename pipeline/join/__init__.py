"""Tables onto boundaries, the LSOAs that make up an area, and an area compared with its nation."""

from pipeline.join.areas import codes_in_polygon, codes_of
from pipeline.join.comparison import Comparison
from pipeline.join.lacking import refuse_lsoas_lacking
from pipeline.join.tables import Joined, Match, Part, join

__all__ = ["Comparison", "Joined", "Match", "Part", "codes_in_polygon", "codes_of", "join", "refuse_lsoas_lacking"]
