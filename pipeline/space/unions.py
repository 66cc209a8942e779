"""Areas together as one outline: of wards, districts, programmes, and the classes of a map."""

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

Geometries = npt.NDArray[np.object_]


def unite(shapes: Geometries, grid: float | None = None) -> shapely.Geometry:
    """The outline of areas together; an empty polygon of none.

    Areas that share their borders point by point are united by leaving these out, which is ten times faster. GEOS does
    not always notice where they do not, as where two overlap: what is no valid outline then is made the slow way.

    Args:
        shapes: areas in one coordinate system.
        grid: in its units: the slow way takes points that are nearer to each other for one.
    """
    if not len(shapes):
        return shapely.Polygon()
    try:
        together = shapely.coverage_union_all(shapes)
    except shapely.GEOSException:
        together = None
    if together is not None and shapely.is_valid(together):
        return together
    return shapely.union_all(shapely.make_valid(shapes), grid_size=grid)


def dissolve(shapes: "gpd.GeoSeries", units: "pd.Series[str]") -> Mapping[str, shapely.Geometry]:
    """The outline of all ``shapes`` that belong to a unit, by its code; ``units`` has the same rows."""
    return dissolve_all(shapes, {"": units})[""]


def dissolve_all(
    shapes: "gpd.GeoSeries", levels: "Mapping[str, pd.Series[str]]"
) -> Mapping[str, Mapping[str, shapely.Geometry]]:
    """The same of several ``levels`` of units; those with the same members are united once.

    The whole of an area is often a unit of more than one level.
    """
    parts, united = shapes.to_numpy(), dict[bytes, shapely.Geometry]()

    def outline(rows: npt.NDArray[np.intp]) -> shapely.Geometry:
        members = rows.tobytes()
        if members not in united:
            united[members] = unite(parts[rows])
        return united[members]

    return {level: {code: outline(rows) for code, rows in _members(units).items()} for level, units in levels.items()}


def _members(units: "pd.Series[str]") -> Mapping[str, npt.NDArray[np.intp]]:
    """The rows of each unit, by its code; in order."""
    import pandas as pd

    number, codes = pd.factorize(units, sort=True)
    rows = np.argsort(number, kind="stable")
    ends = np.searchsorted(number[rows], np.arange(len(codes) + 1))
    members = (rows[start:end] for start, end in pairwise(ends))
    return {str(code): of_unit for code, of_unit in zip(codes, members, strict=True)}


def outlined(programmes: "pd.DataFrame", shapes: "gpd.GeoSeries") -> "gpd.GeoDataFrame":
    """Programmes with the outline of their neighbourhoods together, EPSG:4326; ``shapes`` by LSOA code."""
    import geopandas as gpd

    outlines = [unite(shapes.loc[codes.split("; ")].to_numpy()) for codes in programmes["lsoa21_codes"]]
    return gpd.GeoDataFrame(programmes, geometry=outlines, crs=4326)
