"""What the maps of an area draw of its boundaries, whatever its scores are: made once for a release of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.atlas.contract import AreaGeometry, Carried, PackedGeometry, PackedPostcodes
from pipeline.atlas.packing import build_topology, pack_boundaries, pack_geometry, pack_postcodes
from pipeline.atlas.still_map import Paper, lay_out, shapes_of_map

if TYPE_CHECKING:
    import geopandas as gpd

NEAR_METRES = 1.0
FAR_METRES = 5.0
"""Quantisation of an area's page and of a page of all England, metres on the ground."""
LAND_METRES = 100.0
"""The same of the land around an area."""
MANY_AREAS = 10_000
"""Above this many areas, borders are kept to 5 m and postcodes to sectors, so that the page can still be e-mailed."""


class PackedOutline(Carried):
    """The boundaries, the land around them and the postcodes as a page carries them, for areas in one order."""

    areas: str
    """What tells apart lists of areas: :func:`list_hash` of their codes."""
    extent: tuple[float, float, float, float]
    """West, south, east and north, in degrees."""
    quantisation_metres: float
    """Metres on the ground to which boundaries are kept."""
    geometry: AreaGeometry
    """The boundaries."""
    land: PackedGeometry | None
    """The land around the areas; ``null`` where there is none."""
    postcodes: PackedPostcodes | None
    """The postcodes in the areas; ``null`` where there are none."""


@dataclass(frozen=True, eq=False)
class Outline:
    """What maps draw: ``packed`` is for the page, ``paper`` for pictures; None where no area has a geometry."""

    packed: PackedOutline
    paper: Paper | None


def list_hash(codes: Sequence[str]) -> str:
    """The same for the same LSOAs in the same order."""
    return sha256("\n".join(codes).encode()).hexdigest()


def pack_outline(
    areas: "gpd.GeoDataFrame", land: "gpd.GeoDataFrame | None", postcodes: pd.DataFrame | None
) -> PackedOutline:
    """The boundaries of ``areas`` and what lies around and in them, packed for the page.

    Args:
        areas: ``lsoa21_code`` and geometry, EPSG:4326. ``land``: table ``land``. ``postcodes``: table ``postcodes``.

    Raises:
        RawFileError: an area is no polygon, or its coordinates are no longitude and latitude.
    """
    many, codes = len(areas) > MANY_AREAS, areas["lsoa21_code"].tolist()
    quantisation = FAR_METRES if many else NEAR_METRES
    west, south, east, north = map(float, areas.total_bounds)
    return PackedOutline(
        areas=list_hash(codes),
        extent=(west, south, east, north),
        quantisation_metres=quantisation,
        geometry=pack_boundaries(build_topology(areas.geometry.to_numpy(), quantisation)),
        land=None
        if land is None or land.empty
        else pack_geometry(build_topology(land.geometry.to_numpy(), LAND_METRES)),
        postcodes=None if postcodes is None or postcodes.empty else pack_postcodes(postcodes, codes, complete=not many),
    )


def outline_of(areas: "gpd.GeoDataFrame", land: "gpd.GeoDataFrame | None", postcodes: pd.DataFrame | None) -> Outline:
    """What maps of ``areas`` draw; they have ``lsoa21_code``, ``lad_name`` and geometry.

    Raises:
        RawFileError: an area is no polygon, or its coordinates are no longitude and latitude.
    """
    return Outline(pack_outline(areas, land, postcodes), lay_out(shapes_of_map(areas)))
