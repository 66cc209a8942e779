"""LSOA boundaries: GeoJSON, GeoPackage, Shapefile or GeoParquet; repaired, never simplified."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.errors import RawFileError, first
from pipeline.reading import find_header, read_shapes
from pipeline.reading.codes import LSOA, codes_in
from pipeline.reading.coordinates import DEGREES, GRID
from pipeline.reading.projection import transformer
from pipeline.reading.shapes import in_system
from pipeline.reading.sheets import all_plain
from pipeline.tables import Column, Table, is_among
from pipeline.tables.columns import GEOMETRY, LSOA_CODE, LSOA_NAME
from pipeline.tidy.outlines import (
    refuse_implausible_outlines,
    refuse_other_points,
    refuse_wrong_label,
)
from pipeline.tidy.registry import reader

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import shapely

Box = tuple[float, float, float, float]
"""West, south, east, north."""
Points = NDArray[np.float64]

WGS84 = "EPSG:4326"

ROWS_TOGETHER = 1_024
"""Rows in one group of the stored table: neighbours, so that a box can be read without the rest of the country."""
MARGIN_METRES = 1_000.0
"""Added around a box that was converted from degrees, as its edges are not straight lines on the National Grid."""


BOUNDARIES = Table(
    "boundaries",
    "LSOA 2021 boundaries",
    "One polygon or multipolygon for each LSOA; invalid published polygons are repaired and marked.",
    (
        LSOA_CODE,
        LSOA_NAME,
        Column(
            "repaired",
            "flag",
            "place",
            "Repaired",
            "Whether the published polygon was invalid and was repaired",
            derived_from=("geometry",),
        ),
        GEOMETRY,
    ),
    key="lsoa21_code",
)


@reader("boundaries", BOUNDARIES, "boundaries", rows_together=ROWS_TOGETHER)
def tidy_boundaries(path: Path) -> "gpd.GeoDataFrame":
    """The boundaries of the English LSOAs in ``path``, with neighbours near each other (along a Hilbert curve).

    Returns:
        Columns ``lsoa21_code``, ``lsoa21_name``, ``repaired`` (the published polygon was invalid and was repaired with
        make_valid) and ``geometry`` in EPSG:4326.

    Raises:
        RawFileError: no code column, a code that is none, no coordinate system or one that does not fit the numbers, a
            code twice, an empty geometry, or outlines outside England, of an impossible size or on one another; with
            the codes.
    """
    import geopandas as gpd

    frame = read_shapes(path)
    codes = codes_of_features(frame, path)
    named = all_plain(frame.iloc[:, find_header(list(map(str, frame.columns)), "LSOA21NM", str(path))])
    names = pd.Series(named, index=frame.index, dtype="str")
    points = {str(c).upper(): frame[c] for c in frame.columns if str(c).upper() in ("BNG_E", "BNG_N", "LONG", "LAT")}
    frame = gpd.GeoDataFrame({"lsoa21_code": codes, "lsoa21_name": names, **points}, geometry=frame.geometry)
    frame = frame[frame["lsoa21_code"].str.startswith("E")].sort_values("lsoa21_code", ignore_index=True)
    _refuse_duplicates_and_gaps(frame, path)
    # A valid outline has no point that is nowhere, and stays valid where it is not moved: to tell takes the longest.
    published, valid = frame.geometry.to_numpy(), frame.geometry.is_valid.to_numpy()
    _refuse_infinite(frame[~valid], path)
    frame = _in_wgs84(frame, path)
    if frame.geometry.to_numpy()[0] is not published[0]:
        valid = frame.geometry.is_valid.to_numpy()
    frame = _repair(frame, ~valid, path)
    refuse_other_points(frame, str(path))
    refuse_implausible_outlines(frame, str(path))
    # A frame at a single point has no extent for a curve.
    order = np.argsort(frame.hilbert_distance().to_numpy(), kind="stable") if len(frame) > 1 else [0]
    return frame.iloc[order].reset_index(drop=True)[BOUNDARIES.names]


def boundaries_within(
    path: Path,
    bounds: Box | None = None,
    codes: Iterable[str] | None = None,
    boxes: "pd.DataFrame | None" = None,
) -> "gpd.GeoDataFrame":
    """Boundaries from the stored table, by code: those that touch ``bounds`` (EPSG:4326), or have one of ``codes``.

    Without either, all of them. Codes that the table lacks have no row; the caller has to check. ``boxes`` are those of
    :func:`boxes_of`, where they have been read already.
    """
    import geopandas as gpd

    wanted, near = None if codes is None else list(codes), bounds
    if wanted is not None:
        boxes = boxes_of(path) if boxes is None else boxes
        # Neighbours are stored together, and codes lie anywhere.
        these = boxes.loc[is_among(boxes["lsoa21_code"], wanted), ["west", "south", "east", "north"]]
        if 0 < len(these) < len(boxes) and near is None:
            near = (*these.min()[["west", "south"]], *these.max()[["east", "north"]])
    frame = gpd.read_parquet(path, columns=[*BOUNDARIES.names], bbox=near)
    if wanted is not None:
        frame = frame[is_among(frame["lsoa21_code"], wanted)]
    frame = frame.sort_values("lsoa21_code", ignore_index=True)
    if bounds is None:
        return frame
    west, south, east, north = bounds
    return frame.cx[west:east, south:north].reset_index(drop=True)


def boxes_of(path: Path) -> "pd.DataFrame":
    """The box around each boundary of the stored table, without the boundaries themselves.

    Returns:
        Columns ``lsoa21_code``, ``lsoa21_name``, and ``west``, ``south``, ``east``, ``north`` in EPSG:4326.
    """
    import pyarrow.parquet as pq

    table = pq.ParquetFile(path).read(["lsoa21_code", "lsoa21_name", "bbox"], use_threads=False).flatten()
    sides = {"bbox.xmin": "west", "bbox.ymin": "south", "bbox.xmax": "east", "bbox.ymax": "north"}
    frame: pd.DataFrame = table.to_pandas().rename(columns=sides)
    return frame[["lsoa21_code", "lsoa21_name", *sides.values()]]


def boxes_on_grid(boxes: "pd.DataFrame") -> "pd.DataFrame":
    """The same boxes on the National Grid, metres: each is sure to contain its boundary but for a few metres."""
    grid = transformer(DEGREES, GRID)
    corners = [
        grid.transform(boxes[x].to_numpy(), boxes[y].to_numpy()) for x in ("west", "east") for y in ("south", "north")
    ]
    x, y = (np.array([corner[axis] for corner in corners]) for axis in (0, 1))
    return boxes[["lsoa21_code"]].assign(
        west=x.min(axis=0), south=y.min(axis=0), east=x.max(axis=0), north=y.max(axis=0)
    )


def box_on_grid(bounds: Box, margin: float = MARGIN_METRES) -> Box:
    """A box on the National Grid, metres, that is sure to contain a box in degrees (EPSG:4326)."""
    grid = transformer(DEGREES, GRID)
    west, south, east, north = grid.transform_bounds(*bounds, densify_pts=50)
    return west - margin, south - margin, east + margin, north + margin


def codes_of_features(frame: "gpd.GeoDataFrame", path: Path) -> "pd.Series[str]":
    """The codes of a file's features, from its column LSOA21CD.

    Raises:
        RawFileError: there is no such column, or a feature has no code of an LSOA in it; by its number from 1.
    """
    headers = list(map(str, frame.columns))
    codes = codes_in(frame.iloc[:, find_header(headers, "LSOA21CD", str(path))])
    wrong = ~codes.str.fullmatch(LSOA.pattern)
    if wrong.any():
        shown = [f"feature {n}: '{code:.40}'" for n, code in enumerate(codes, 1) if not LSOA.fullmatch(code)]
        raise RawFileError(
            f"{path}: column LSOA21CD should hold codes such as E01026804; {len(shown):,} feature(s) do not have one: "
            f"{first(shown, 5)}. Fetch the file again."
        )
    return codes


def _refuse_duplicates_and_gaps(frame: "gpd.GeoDataFrame", path: Path) -> None:
    if frame.empty:
        raise RawFileError(f"{path}: it has no English LSOA (codes starting with E01).")
    twice = frame.loc[frame["lsoa21_code"].duplicated(), "lsoa21_code"]
    if len(twice):
        raise RawFileError(f"{path}: {len(twice):,} LSOA(s) appear more than once: {first(twice)}")
    empty = frame.loc[frame.geometry.isna() | frame.geometry.is_empty, "lsoa21_code"]
    if len(empty):
        raise RawFileError(f"{path}: {len(empty):,} LSOA(s) have no geometry: {first(empty)}")
    wrong = frame.loc[~frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"]), "lsoa21_code"]
    if len(wrong):
        raise RawFileError(f"{path}: {len(wrong):,} LSOA(s) are not polygons: {first(wrong)}")


def _in_wgs84(frame: "gpd.GeoDataFrame", path: Path) -> "gpd.GeoDataFrame":
    box = frame.geometry.bounds.to_numpy()
    if frame.crs is not None:
        refuse_wrong_label(box[:, 0::2].mean(axis=1), box[:, 1::2].mean(axis=1), frame.crs, str(path))
    if frame.crs is None or frame.crs.to_epsg() != 4326:
        frame = in_system(frame, 4326, str(path))
    # Heights, which some programs add, would go on into everything that is drawn from the outlines.
    flat = frame.set_geometry(frame.geometry.force_2d()) if frame.geometry.has_z.any() else frame
    return flat.set_crs(WGS84, allow_override=True)


def _refuse_infinite(frame: "gpd.GeoDataFrame", path: Path) -> None:
    """Refuse outlines with points that are nowhere, which no geometry can be repaired from."""
    import shapely

    points, shape = shapely.get_coordinates(frame.geometry.to_numpy(), return_index=True)
    wrong = frame["lsoa21_code"].iloc[np.unique(shape[~np.isfinite(points).all(axis=1)])]
    if len(wrong):
        raise RawFileError(
            f"{path}: {len(wrong):,} outline(s) have a point that is infinite or no number: {first(wrong, 5)}. "
            "Fetch the boundaries again."
        )


def _repair(frame: "gpd.GeoDataFrame", invalid: NDArray[np.bool_], path: Path) -> "gpd.GeoDataFrame":
    import geopandas as gpd
    import shapely

    if invalid.any():
        repaired = shapely.make_valid(frame.geometry.to_numpy()[invalid])
        polygons = np.array([_polygons_of(geometry) for geometry in repaired], dtype=object)
        lost = frame.loc[invalid, "lsoa21_code"][shapely.is_empty(polygons)]
        if len(lost):
            raise RawFileError(f"{path}: {len(lost):,} polygon(s) have no area even after repair: {first(lost)}")
        geometry = frame.geometry.to_numpy().copy()
        geometry[invalid] = polygons
        frame = frame.set_geometry(gpd.GeoSeries(geometry, index=frame.index, crs=WGS84))
    return frame.assign(repaired=invalid)


def _polygons_of(geometry: "shapely.Geometry") -> "shapely.Geometry":
    """The polygons among the parts of a repaired geometry: spikes become lines, which have no area."""
    import shapely

    parts = shapely.get_parts(geometry)
    nested = np.concatenate([shapely.get_parts(part) for part in parts])
    polygons = [part for part in nested if part.geom_type == "Polygon"]
    return polygons[0] if len(polygons) == 1 else shapely.union_all(polygons)
