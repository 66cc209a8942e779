"""What neighbourhoods are called by those who live there, and the districts of old that people still know."""

import re
from collections.abc import Iterable

from pipeline.tables.table import Family

_place = Family("place")

PLACE_NAME = _place(
    "place_name",
    "name",
    "Place",
    "What people call it, unique within its district: the House of Commons Library's name of its MSOA, or else its "
    "ward; where several share the name, followed by the side of them it lies on, or else by the letter or number of "
    "its official name",
    pattern=r".+",
    derived_from=("lsoa21_code", "lsoa21_name", "lad_code", "ward_name", "msoa_names.msoa21_common_name", "geometry"),
)

MSOA_CODE = Family("place", "msoa_names")(
    "msoa21_code",
    "code",
    "MSOA code",
    "MSOA 2021 that it is part of, ONS nine-character code; missing where no name of the MSOA is published",
    pattern=r"E02\d{6}",
    nullable=True,
    detail=True,
)

FORMER_DISTRICT = _place(
    "former_district",
    "name",
    "Former district",
    "The district that its LSOA of 2011 was named after, where the name of its LSOA of 2021 has another: people still "
    "search for it",
    nullable=True,
    derived_from=("lsoa21_name", "lsoa_changes.lsoa11_name"),
)

PLACE_COLUMNS = (PLACE_NAME, FORMER_DISTRICT, MSOA_CODE)
"""Added when an area is joined: sides are told from its boundaries."""

COMPASS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
"""Clockwise, from north."""
CENTRE = "centre"
ENDING = re.compile(rf"^(.+?)(, (?:{'|'.join(COMPASS)}) side|, {CENTRE}| \([^()]+\))$", re.DOTALL)
"""A name that was made unique: what it shares with others, and what tells it apart."""


def shared_names(place_names: Iterable[str]) -> list[str]:
    """Names of places without what tells them apart: ``Caister-on-Sea, north side`` to ``Caister-on-Sea``."""
    return [match.group(1) if (match := ENDING.match(name)) else name for name in place_names]
