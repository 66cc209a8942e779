"""From degrees to the National Grid and back."""

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.coordinates import DEGREES, GRID

if TYPE_CHECKING:
    import pyproj


@cache
def transformer(source: "str | pyproj.CRS", target: "str | pyproj.CRS") -> "pyproj.Transformer":
    """The way from one coordinate system to another, x before y.

    Looked up once: to find it takes PROJ as long as to go it with ten thousand points. Every thread has a state of its
    own in it.
    """
    # Imported here because it is slow to import.
    import pyproj

    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def to_grid(shapes: NDArray[Any]) -> NDArray[Any]:
    """Shapes in degrees (EPSG:4326) on the National Grid, metres."""
    return moved(shapes, transformer(DEGREES, GRID))


def to_degrees(shapes: NDArray[Any]) -> NDArray[Any]:
    """Shapes on the National Grid in degrees (EPSG:4326)."""
    return moved(shapes, transformer(GRID, DEGREES))


def lon_lat(easting: Any, northing: Any) -> tuple[Any, Any]:
    """Longitude and latitude (EPSG:4326) of a point or points on the National Grid, metres."""
    lon, lat = transformer(GRID, DEGREES).transform(easting, northing)
    return lon, lat


def moved(shapes: NDArray[Any], way: "pyproj.Transformer") -> NDArray[Any]:
    """Shapes with each of their points in another coordinate system."""
    import shapely

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
        way.transform(x, y, inplace=True)
        points[:, 0], points[:, 1] = x, y
        return points

    return np.asarray(shapely.transform(shapes, move))
