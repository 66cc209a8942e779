"""The levels of larger areas that official lookups give every LSOA. Needs no pandas."""

from collections.abc import Mapping

LEVELS: Mapping[str, str] = {
    "ward": "Wards",
    "msoa": "MSOAs",
    "lad": "Districts",
    "sicbl": "Sub-ICB locations",
    "icb": "Integrated Care Boards",
}
"""Larger areas that official lookups give every LSOA, by the name of the level."""
