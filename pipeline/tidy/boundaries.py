"""LSOA boundaries: GeoJSON, GeoPackage, Shapefile or GeoParquet; repaired, never simplified."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from pipeline.errors import RawFileError, first

WGS84 = "EPSG:4326"
GREAT_BRITAIN = (-9.5, 49.0, 3.5, 61.5)
"""Longitude and latitude within which every LSOA lies."""


@dataclass(frozen=True)
class Boundaries:
    """Tidy boundaries: columns ``lsoa21_code, lsoa21_name, geometry`` in EPSG:4326, sorted by code.

    ``repaired`` names the LSOAs whose published polygon was invalid and was repaired with make_valid.
    """

    frame: gpd.GeoDataFrame
    repaired: tuple[str, ...]


def tidy_boundaries(path: Path) -> Boundaries:
    """The boundaries of English LSOAs in ``path``.

    Raises:
        RawFileError: no code column, no coordinate system, coordinates outside Great Britain,
            a code twice, or an empty geometry; with the codes.
    """
    frame = _read(path)
    columns = {column.upper(): column for column in frame.columns}
    if not {"LSOA21CD", "LSOA21NM"} <= set(columns):
        raise RawFileError(
            f"{path}: expected LSOA 2021 boundaries with LSOA21CD and LSOA21NM. Columns found: {first(frame.columns)}"
        )
    frame = frame.rename(columns={columns["LSOA21CD"]: "lsoa21_code", columns["LSOA21NM"]: "lsoa21_name"})
    geometry_name = frame.active_geometry_name
    frame = frame[["lsoa21_code", "lsoa21_name", geometry_name]]
    if geometry_name != "geometry":
        frame = frame.rename_geometry("geometry")
    frame["lsoa21_code"] = frame["lsoa21_code"].str.strip()
    frame["lsoa21_name"] = frame["lsoa21_name"].str.strip()
    frame = frame[frame["lsoa21_code"].str.startswith("E")].sort_values("lsoa21_code", ignore_index=True)
    _refuse_duplicates_and_gaps(frame, path)
    frame = _in_wgs84(frame, path)
    return _repair(frame, path)


def _read(path: Path) -> gpd.GeoDataFrame:
    try:
        frame = gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path, engine="pyogrio")
    except Exception as error:
        raise RawFileError(f"{path}: cannot be read as a vector file: {error}") from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise RawFileError(f"{path}: a table without geometry; expected LSOA boundaries.")
    return frame


def _refuse_duplicates_and_gaps(frame: gpd.GeoDataFrame, path: Path) -> None:
    if frame.empty:
        raise RawFileError(f"{path}: no English LSOA (codes starting with E01) in it.")
    twice = frame.loc[frame["lsoa21_code"].duplicated(), "lsoa21_code"]
    if len(twice):
        raise RawFileError(f"{path}: {len(twice):,} LSOA(s) stand more than once: {first(twice)}")
    empty = frame.loc[frame.geometry.isna() | frame.geometry.is_empty, "lsoa21_code"]
    if len(empty):
        raise RawFileError(f"{path}: {len(empty):,} LSOA(s) have no geometry: {first(empty)}")
    wrong = frame.loc[~frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"]), "lsoa21_code"]
    if len(wrong):
        raise RawFileError(f"{path}: {len(wrong):,} LSOA(s) are not polygons: {first(wrong)}")


def _in_wgs84(frame: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    if frame.crs is None:
        raise RawFileError(f"{path}: the file does not say its coordinate system. Expected EPSG:4326 or EPSG:27700.")
    if frame.crs.to_epsg() != 4326:
        frame = frame.to_crs(WGS84)
    frame = frame.set_crs(WGS84, allow_override=True)
    west, south, east, north = frame.total_bounds
    if not (
        west >= GREAT_BRITAIN[0]
        and south >= GREAT_BRITAIN[1]
        and east <= GREAT_BRITAIN[2]
        and north <= GREAT_BRITAIN[3]
    ):
        raise RawFileError(
            f"{path}: coordinates reach from {west:.2f}, {south:.2f} to {east:.2f}, {north:.2f} (longitude, latitude), "
            "outside Great Britain: the coordinate system it declares is not the one it uses."
        )
    return frame


def _repair(frame: gpd.GeoDataFrame, path: Path) -> Boundaries:
    invalid = ~frame.geometry.is_valid.to_numpy()
    repaired = tuple(frame.loc[invalid, "lsoa21_code"])
    if invalid.any():
        whole = shapely.make_valid(frame.geometry.to_numpy()[invalid])
        polygons = np.array([_polygons_of(geometry) for geometry in whole], dtype=object)
        lost = [code for code, geometry in zip(repaired, polygons, strict=True) if geometry.is_empty]
        if lost:
            raise RawFileError(f"{path}: {len(lost):,} polygon(s) have no area even after repair: {first(lost)}")
        geometry = frame.geometry.to_numpy().copy()
        geometry[invalid] = polygons
        frame = frame.set_geometry(gpd.GeoSeries(geometry, index=frame.index, crs=WGS84))
    return Boundaries(frame, repaired)


def _polygons_of(geometry: shapely.Geometry) -> shapely.Geometry:
    """The polygons among the parts of a repaired geometry: spikes become lines, which have no area."""
    parts = shapely.get_parts(geometry)
    nested = np.concatenate([shapely.get_parts(part) for part in parts])
    polygons = [part for part in nested if part.geom_type == "Polygon"]
    return polygons[0] if len(polygons) == 1 else shapely.union_all(polygons)
