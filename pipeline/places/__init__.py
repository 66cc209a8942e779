"""Files of an analyst's own, read, located and screened: support places, candidates, journeys, stories."""

from pipeline.places.locating import Located, locate, origins
from pipeline.places.reading import of_kind, read_candidates, read_journeys, read_places
from pipeline.places.stories import place_stories, read_stories

__all__ = [
    "Located",
    "locate",
    "of_kind",
    "origins",
    "place_stories",
    "read_candidates",
    "read_journeys",
    "read_places",
    "read_stories",
]
