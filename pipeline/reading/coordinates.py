"""Which coordinate system numbers look like, whatever their file says."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

DEGREES, GRID, WEB_MERCATOR = "EPSG:4326", "EPSG:27700", "EPSG:3857"
TITLES = {
    DEGREES: "longitude and latitude in degrees (EPSG:4326)",
    GRID: "eastings and northings of the National Grid (EPSG:27700)",
    WEB_MERCATOR: "web mercator (EPSG:3857)",
}
_EXTENTS = {
    DEGREES: (-9.5, 49.0, 3.0, 61.5),
    GRID: (1_000.0, 1_000.0, 700_000.0, 1_300_000.0),
    WEB_MERCATOR: (-1_060_000.0, 6_270_000.0, 335_000.0, 8_750_000.0),
}
"""West, south, east and north of Great Britain in each system."""
MOST = 0.9
"""The share of points that must fit for a system to be recognised: a few may be wrong."""


@dataclass(frozen=True)
class CoordinateSystem:
    """What numbers look like: a system, with its axes swapped or not."""

    code: str
    swapped: bool

    def __str__(self) -> str:
        return f"{TITLES[self.code]}{', with the two axes swapped' if self.swapped else ''}"


def recognise_system(x: Any, y: Any) -> CoordinateSystem | None:
    """The system in which most points lie in Great Britain; ``None`` where there is none, or no point.

    Degrees and web mercator are told apart from each other and from swapped ones without doubt. Eastings and northings
    that are swapped may still lie in Great Britain: only a comparison with the area tells.
    """
    across, up = _finite(x, y)
    if not len(across):
        return None
    for code, extent in _EXTENTS.items():
        for swapped in (False, True):
            a, b = (up, across) if swapped else (across, up)
            west, south, east, north = extent
            inside = (a >= west) & (a <= east) & (b >= south) & (b <= north)
            if inside.mean() >= MOST:
                return CoordinateSystem(code, swapped)
    return None


def describe_mismatch(x: Any, y: Any, stated: str | None, *, may_be_declared: bool = True) -> str:
    """What coordinates are that do not fit the system that is stated, and the remedy: a sentence or two.

    ``may_be_declared``: whether the system can be declared beside the file (``crs``), or the file itself has to say it.
    """
    across, up = _finite(x, y)
    if not len(across):
        return "there are no coordinates"
    reach = f"coordinates of {_range(across)} by {_range(up)}"
    like = recognise_system(across, up)
    fits = f"are not {TITLES.get(stated or '', stated)}" if stated else "state no coordinate system"
    if like is None:
        return f"{reach} {fits}, and lie in Great Britain in no system that is usual here"
    if like.code == stated and not like.swapped:
        return f"{reach} are {like}"
    if like.swapped:
        remedy = "swap the two columns" if may_be_declared else "save the file with longitude, or easting, first"
    elif may_be_declared:
        remedy = f'say crs = "{like.code}", or save the file in {DEGREES}'
    else:
        remedy = f"save the file in {DEGREES}, or so that it says {like.code}"
    return f"{reach} {fits}; they look like {like}: {remedy}"


def _finite(x: Any, y: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    across, up = np.asarray(x, dtype="float64"), np.asarray(y, dtype="float64")
    there = np.isfinite(across) & np.isfinite(up) & ~((across == 0) & (up == 0))
    return across[there], up[there]


def _range(values: NDArray[np.float64]) -> str:
    return f"{values.min():.6g} to {values.max():.6g}"


def extent_of(code: str) -> tuple[float, float, float, float]:
    """West, south, east and north of Great Britain in one of :data:`TITLES`."""
    return _EXTENTS[code]


def count_fitting(x: NDArray[np.float64], y: NDArray[np.float64]) -> dict[CoordinateSystem, int]:
    """How many points would lie in Great Britain in each usual system, its axes swapped or not."""
    counts = {}
    for code, (west, south, east, north) in _EXTENTS.items():
        for swapped in (False, True):
            a, b = (y, x) if swapped else (x, y)
            inside = (a >= west) & (a <= east) & (b >= south) & (b <= north)
            counts[CoordinateSystem(code, swapped)] = int(inside.sum())
    return counts
