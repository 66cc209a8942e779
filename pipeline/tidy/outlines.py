"""Whether LSOA outlines lie where LSOAs lie: their coordinate system, the extent of England, size and overlaps."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import RawFileError, first
from pipeline.reading import CoordinateSystem, recognise_system
from pipeline.reading.coordinates import DEGREES, GRID, TITLES
from pipeline.reading.projection import transformer

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import pyproj

Points = NDArray[np.float64]
Flags = NDArray[np.bool_]

ENGLAND = (
    (76, -3), (76, 20), (299, 559), (378, 660), (402, 668), (421, 659), (657, 335), (666, 292), (647, 139),
    (615, 108), (564, 86), (175, 1),
)  # fmt: skip
"""Around England and the Isles of Scilly, 8 km from any LSOA and more: easting and northing, kilometres."""
FICTION = (480.0, 560.0, 650.0, 720.0)
"""Where the fictional area lies, in the North Sea: west, south, east, north, kilometres."""
FIRST_FICTIONAL = "E01900000"
"""Codes from this one on are those of the fictional area: England's end below E01036000."""

SMALLEST, LARGEST = 0.05, 200_000.0
"""Hectares. England's smallest LSOA has 0.8 (0.12 in the super-generalised boundaries), the largest 68,000."""
MEDIAN_SIZE = (3.0, 6_000.0)
"""Hectares: England's median is 45, the fictional area's 410."""
FEWEST = 20
"""Outlines from which a median says something."""
MOST_SHARED = 0.1
"""Of an outline that may lie on another, where an inner point of one lies on the other. England's do not overlap."""

POINT_OUTSIDE = 1_000.0
"""Metres by which a point that the publisher gives beside an outline may lie outside the box around it."""
MOST_OVERLAP, MOST_COMPARED = 0.05, 5_000
"""The same where every pair of an area's neighbours is compared, and the largest area for which they are."""

_MOST = 0.9


def refuse_wrong_label(x: Points, y: Points, crs: "pyproj.CRS", name: str) -> None:
    """Refuse coordinates that are not in the coordinate system that their file states, saying which they are in.

    Args:
        x, y: one point of each feature, as the file has them.
        crs: what the file states. ``name``: the file, for the message.

    Raises:
        RawFileError: at least nine in ten points lie in Great Britain by another system, or with their axes swapped.
    """
    stated = f"EPSG:{crs.to_epsg()}" if crs.to_epsg() else crs.name
    like = recognise_system(x, y)
    if like is None or stated not in TITLES or like == CoordinateSystem(stated, swapped=False):
        return
    if like.swapped:
        raise RawFileError(
            f"{name}: x and y are swapped: the first number of a point should be the longitude or easting, and is the "
            "latitude or northing. In QGIS, Swap X and Y coordinates; with GDAL, ogr2ogr -swapxy. Or fetch it again."
        )
    raise RawFileError(
        f"{name}: it says that its coordinates are {stated}, but its numbers are {like}. Give it the right label "
        f"without changing the numbers: in QGIS, Assign projection with {like.code}; with GDAL, ogr2ogr -a_srs "
        f"{like.code}."
    )


def refuse_other_points(frame: "gpd.GeoDataFrame", name: str) -> None:
    """Refuse outlines that do not hold the points that the publisher gives beside them, where the file has these.

    Args:
        frame: as read, with ``lsoa21_code``, and perhaps ``BNG_E`` and ``BNG_N``, or ``LONG`` and ``LAT``.

    Raises:
        RawFileError: a point more than a kilometre outside the box around its outline; with the codes.
    """
    import pandas as pd

    columns = {str(column).upper(): column for column in frame.columns}
    for x, y, crs in (("BNG_E", "BNG_N", 27700), ("LONG", "LAT", 4326)):
        if x not in columns or y not in columns:
            continue
        at = [pd.to_numeric(frame[columns[axis]], errors="coerce").to_numpy(dtype="float64") for axis in (x, y)]
        box = (frame if frame.crs.to_epsg() == crs else frame.to_crs(crs)).geometry.bounds.to_numpy()
        margin = POINT_OUTSIDE if crs == 27700 else POINT_OUTSIDE / 60_000
        beyond = np.zeros(len(frame), dtype=bool)
        for axis in (0, 1):
            beyond |= (at[axis] < box[:, axis] - margin) | (at[axis] > box[:, axis + 2] + margin)
        if beyond.any():
            raise RawFileError(
                f"{name}: the outlines of {beyond.sum():,} of {len(frame):,} LSOA(s) do not lie where their columns "
                f"{x} and {y} say: {first(frame.loc[beyond, 'lsoa21_code'], 5)}. Outlines and codes have moved against "
                "each other: fetch the boundaries again."
            )


def refuse_implausible_outlines(frame: "gpd.GeoDataFrame", name: str) -> None:
    """Refuse outlines that cannot be those of LSOAs.

    Args:
        frame: ``lsoa21_code`` and valid polygons in ``geometry``, EPSG:4326. ``name``: the file, for messages.

    Raises:
        RawFileError: outlines outside England (or the fictional area), far too small or too large, or lying on one
            another; the codes are named.
    """
    import shapely

    codes = frame["lsoa21_code"]
    shapes = frame.geometry.to_numpy()
    inside = shapely.point_on_surface(shapes)
    _refuse_elsewhere(codes, inside, name)
    _refuse_sizes(codes, hectares(shapes), name)
    _refuse_overlaps(codes, shapes, inside, name)


def hectares(shapes: NDArray[Any]) -> Points:
    """The areas of polygons in degrees (EPSG:4326), good to a hundredth, which is enough to judge them."""
    import shapely

    bounds = shapely.bounds(shapes)
    metres_of_degree = 111_195.0
    size: Points = shapely.area(shapes) * metres_of_degree**2 * np.cos(np.radians(bounds[:, 1::2].mean(axis=1))) / 1e4
    return size


def in_england(easting: Points, northing: Points) -> Flags:
    """Which points (EPSG:27700) lie in England or within some 10 km of it."""
    import shapely

    outline = shapely.Polygon([(x * 1_000.0, y * 1_000.0) for x, y in ENGLAND])
    shapely.prepare(outline)
    inside: Flags = shapely.contains_xy(outline, easting, northing)
    return inside


def in_country(easting: Points, northing: Points) -> Flags:
    """Which points (EPSG:27700) lie in England or where the fictional area is."""
    west, south, east, north = (limit * 1_000 for limit in FICTION)
    at_sea = (easting >= west) & (easting <= east) & (northing >= south) & (northing <= north)
    inside: Flags = in_england(easting, northing) | at_sea
    return inside


def _refuse_elsewhere(codes: "pd.Series[str]", inside: NDArray[Any], name: str) -> None:
    import shapely

    grid = transformer(DEGREES, GRID)
    easting, northing = grid.transform(shapely.get_x(inside), shapely.get_y(inside))
    fictional = (codes >= FIRST_FICTIONAL).to_numpy()
    right = np.where(fictional, in_country(easting, northing), in_england(easting, northing))
    if right.all():
        return
    wrong = [
        f"{code} (easting {x:,.0f}, northing {y:,.0f})" if np.isfinite(x) else str(code)
        for code, x, y in zip(codes[~right], easting[~right], northing[~right], strict=True)
    ]
    swapped = in_england(northing, easting)
    advice = " Their x and y seem to be swapped." if (~right).sum() > 1 and swapped[~right].mean() >= _MOST else ""
    raise RawFileError(
        f"{name}: {len(wrong):,} of {len(codes):,} LSOA(s) lie outside England: {first(wrong, 5)}.{advice} The "
        "coordinate system that the file states may not be the one that it uses: fetch the boundaries again, or "
        "correct its label."
    )


def _refuse_sizes(codes: "pd.Series[str]", size: Points, name: str) -> None:
    odd = (size < SMALLEST) | (size > LARGEST)
    if odd.any():
        shown = [f"{code} ({hectare:,.3g} ha)" for code, hectare in zip(codes[odd], size[odd], strict=True)]
        raise RawFileError(
            f"{name}: {len(shown):,} LSOA(s) have an area that no LSOA has ({SMALLEST:g} to {LARGEST:,.0f} hectares): "
            f"{first(shown, 8)}. Fetch the boundaries again."
        )
    median = float(np.median(size))
    if len(size) >= FEWEST and not MEDIAN_SIZE[0] <= median <= MEDIAN_SIZE[1]:
        raise RawFileError(
            f"{name}: half of the LSOAs are smaller than {median:,.3g} hectares; in England that is 45. Are these "
            "outlines of LSOAs?"
        )


def _refuse_overlaps(codes: "pd.Series[str]", shapes: NDArray[Any], inside: NDArray[Any], name: str) -> None:
    """Two outlines lie on one another where an inner point of one is inside the other."""
    import shapely

    # Boxes overlap where outlines do not: of these pairs there are so few that to prepare outlines takes longer.
    around, of_point = shapely.STRtree(inside).query(shapes)
    around, of_point = around[around != of_point], of_point[around != of_point]
    properly = shapely.contains_properly(shapes[around], inside[of_point])
    pairs = np.unique(np.sort(np.column_stack([around[properly], of_point[properly]]), axis=1), axis=0)
    overlaps = shared_parts(shapes, pairs)
    heavy = overlaps > MOST_SHARED
    if heavy.any():
        code = codes.to_numpy()
        shown = [
            f"{code[a]} and {code[b]}" + (" (the same outline)" if share > 0.999 else f" ({share:.0%} of the smaller)")
            for (a, b), share in zip(pairs[heavy], overlaps[heavy], strict=True)
        ]
        raise RawFileError(
            f"{name}: {len(shown):,} pair(s) of LSOAs lie on one another: {first(shown, 6)}. LSOAs share borders and "
            "no ground: fetch the boundaries again."
        )


def refuse_shared_ground(codes: "pd.Series[str]", shapes: NDArray[Any], name: str) -> None:
    """Refuse neighbours of an area that lie on one another by more than :data:`MOST_OVERLAP` of the smaller one.

    Where outlines only touch, as published, there is nothing to compare: it is seen from their edges. Gaps between
    outlines are no fault, as rivers and the sea are left out.

    Args:
        codes, shapes: the LSOAs of an area and their polygons. Beyond :data:`MOST_COMPARED` it takes seconds, and is
            left out. ``name``: the file, for messages.

    Raises:
        RawFileError: the pairs.
    """
    import shapely

    if len(shapes) > MOST_COMPARED:
        return
    doubtful = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes)))
    one, other = shapely.STRtree(shapes[doubtful]).query(shapes[doubtful], predicate="intersects")
    pairs = np.column_stack([doubtful[one[one < other]], doubtful[other[one < other]]])
    shares = shared_parts(shapes, pairs)
    heavy = shares > MOST_OVERLAP
    if heavy.any():
        code = codes.to_numpy()
        shown = [
            f"{code[a]} and {code[b]} ({share:.0%} of the smaller)"
            for (a, b), share in zip(pairs[heavy], shares[heavy], strict=True)
        ]
        raise RawFileError(
            f"{name}: {len(shown):,} pair(s) of LSOAs lie on one another: {first(shown, 6)}. LSOAs share borders and "
            "no ground: fetch the boundaries again."
        )


def shared_parts(shapes: NDArray[Any], pairs: NDArray[np.int64]) -> Points:
    """How much of the smaller polygon of each pair lies on the other, 0 to 1."""
    import shapely

    one, two = shapes[pairs[:, 0]], shapes[pairs[:, 1]]
    common = shapely.area(shapely.intersection(one, two))
    shares: Points = common / np.minimum(shapely.area(one), shapely.area(two))
    return shares
