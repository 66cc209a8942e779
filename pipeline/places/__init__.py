"""Files that an analyst adds, read and checked: support places, candidates, journeys, stories, indicators."""

from pipeline.places.candidates import read_candidates
from pipeline.places.indicators import (
    Nation,
    TidyIndicators,
    indicator_columns,
    indicator_table_of,
    partial_columns,
    refuse_gaps,
    refuse_partial,
    tidy_indicators,
)
from pipeline.places.journeys import describe_journeys, read_journeys
from pipeline.places.locating import (
    Located,
    PeoplePoints,
    build_origins,
    locate,
    origins,
    refuse_unusable,
    settle_by_postcodes,
)
from pipeline.places.median_postcodes import find_median_postcodes
from pipeline.places.same_place import merge_same_places
from pipeline.places.self_assessment import read_self_assessment
from pipeline.places.stories import place_stories, read_stories
from pipeline.places.support_places import of_kind, read_places
from pipeline.reading.coordinates import GRID

__all__ = [
    "GRID",
    "Located",
    "Nation",
    "PeoplePoints",
    "TidyIndicators",
    "build_origins",
    "describe_journeys",
    "find_median_postcodes",
    "indicator_columns",
    "indicator_table_of",
    "locate",
    "merge_same_places",
    "of_kind",
    "origins",
    "partial_columns",
    "place_stories",
    "read_candidates",
    "read_journeys",
    "read_places",
    "read_self_assessment",
    "read_stories",
    "refuse_gaps",
    "refuse_partial",
    "refuse_unusable",
    "settle_by_postcodes",
    "tidy_indicators",
]
