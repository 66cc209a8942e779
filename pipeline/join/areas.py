"""Which LSOAs make up an area."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from pipeline.catalogue import Area
from pipeline.errors import DeclarationError, RawFileError, first
from pipeline.reading import (
    CoordinateSystem,
    Layout,
    describe_mismatch,
    read_codes,
    read_shapes,
    recognise_system,
)
from pipeline.tables import is_among

if TYPE_CHECKING:
    # For types only: it is slow to import, and only an area with a polygon needs it.
    import geopandas as gpd

T = TypeVar("T")
MOST_CROSSING = 0.01
"""Of the area of an outline, the part that may be on the wrong side of lines that cross."""
_USUAL = (4326, 27700, 3857)
_NAMING = 'name the one to read (polygon_layer = "…")'


def codes_of(area: Area, geography: pd.DataFrame, root: Path) -> list[str] | None:
    """The LSOA 2021 codes of ``area``, sorted, from the lookup ``geography`` (schema ``health_geography``).

    ``None`` for an area defined by a polygon: the LSOAs in it follow from their boundaries
    (:func:`codes_in_polygon`).

    Raises:
        DeclarationError: a code or LSOA that the lookup does not hold.
    """
    if area.polygon_file is not None:
        return None
    if area.everything:
        return sorted(geography["lsoa21_code"].tolist())
    if area.lsoa_file is not None:
        return _listed(area, root, geography)
    kind = "icb" if area.icb else "sicbl" if area.sicbl else "lad"
    wanted: tuple[str, ...] = getattr(area, kind)
    listed = set(geography[f"{kind}_code"].unique())
    unknown = [code for code in wanted if code not in listed]
    if unknown:
        raise DeclarationError(
            f"declared/areas.toml: {area.id}.{kind} has code(s) that are not in the lookup for this year: "
            f"{first(unknown)}. It has, for example, {first(sorted(listed), 5)}. "
            "Codes change with reorganisations: use those of the lookup."
        )
    return sorted(geography.loc[is_among(geography[f"{kind}_code"], wanted), "lsoa21_code"].tolist())


def codes_in_polygon(area: Area, boundaries: "gpd.GeoDataFrame", root: Path) -> list[str]:
    """The LSOAs of ``boundaries`` with a point inside the polygon(s) of ``area.polygon_file``, sorted.

    Raises:
        DeclarationError: the file cannot be read, states no coordinate system, or contains no LSOA.
    """
    path = root / str(area.polygon_file)
    where = f"declared/areas.toml: {area.id}.polygon_file"
    polygons = _read(lambda: read_shapes(path, Layout(layer=area.polygon_layer, naming=_NAMING)), where)
    if polygons.crs is None:
        x, y = polygons.get_coordinates().to_numpy().T
        like = describe_mismatch(x, y, None, may_be_declared=False)
        raise DeclarationError(f"{path}: the file does not state its coordinate system: {like}.")
    empty = [n for n, there in enumerate(polygons.geometry.notna() & ~polygons.geometry.is_empty, 1) if not there]
    if empty:
        raise DeclarationError(f"{path}: feature(s) {first(empty)} have no geometry. Take them out, or draw them.")
    if not polygons.geom_type.isin(["Polygon", "MultiPolygon"]).all():
        kinds = ", ".join(sorted(set(polygons.geom_type))) or "none"
        raise DeclarationError(f"{path}: it should hold one or more polygons; its shapes are: {kinds}.")
    degrees = polygons.to_crs(boundaries.crs)
    outline = degrees.geometry.make_valid().union_all()
    inside = boundaries.geometry.representative_point().within(outline)
    if not inside.any():
        raise DeclarationError(f"{path}: no LSOA lies in it: {_why_empty(polygons, outline, boundaries)}")
    _refuse_crossing(polygons, path)
    return sorted(boundaries.loc[inside, "lsoa21_code"])


def _why_empty(polygons: "gpd.GeoDataFrame", outline: object, boundaries: "gpd.GeoDataFrame") -> str:
    """Why no LSOA lies in an outline, and what to do."""
    x, y = polygons.get_coordinates().to_numpy().T
    stated = polygons.crs.to_epsg()
    code = f"EPSG:{stated}" if stated else polygons.crs.to_string()
    like = recognise_system(x, y)
    if like is not None and like != CoordinateSystem(code, swapped=False) and (stated in _USUAL or like.swapped):
        return f"{describe_mismatch(x, y, code, may_be_declared=False)}."
    touched = boundaries.loc[boundaries.intersects(outline), "lsoa21_code"]
    if len(touched):
        return (
            f"it is smaller than an LSOA. It covers parts of {first(sorted(touched), 5)}, and the middle of none: draw "
            "it larger, or list the codes in an lsoa_file."
        )
    if like is None and stated in _USUAL:
        return f"{describe_mismatch(x, y, code, may_be_declared=False)}."
    return "it lies outside the boundaries of England, or in the sea. Is it the right file?"


def _refuse_crossing(polygons: "gpd.GeoDataFrame", path: Path) -> None:
    """Refuse outlines whose lines cross so that inside and outside change places; slight slips are mended in silence.

    Raises:
        DeclarationError: which features.
    """
    # It comes with geopandas, which only an area with a polygon needs.
    import shapely

    shapes = polygons.geometry.to_numpy()
    signed, mended = shapely.area(shapes), shapely.area(shapely.make_valid(shapes))
    crossing = [n for n, bad in enumerate(abs(signed - mended) > MOST_CROSSING * mended, 1) if bad]
    if crossing:
        raise DeclarationError(
            f"{path}: the lines of feature(s) {first(crossing)} cross themselves, so that it is not clear what is "
            "inside. Draw them again, or mend them in a GIS (in QGIS: Fix geometries)."
        )


def _listed(area: Area, root: Path, geography: pd.DataFrame) -> list[str]:
    path = root / str(area.lsoa_file)
    listed = _read(lambda: read_codes(path, area.lsoa_column), f"declared/areas.toml: {area.id}.lsoa_file")
    unknown = listed[~listed.isin(geography["lsoa21_code"])]
    if len(unknown):
        shown = [f"row {row}: {code}" for row, code in unknown.items()]
        raise DeclarationError(
            f"{path}: {len(unknown):,} codes are not LSOAs of 2021 of this nation: {first(shown)}. Correct them, or "
            "take them out. (Codes of 2011 that were split or merged have others now.)"
        )
    return sorted(set(listed))


def _read(read: Callable[[], T], where: str) -> T:
    """What ``read`` gives; what is wrong with the file is said with the declaration that names it."""
    try:
        return read()
    except RawFileError as error:
        raise DeclarationError(f"{where}: {error}") from error
