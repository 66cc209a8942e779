"""Which LSOAs make up an area."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.catalogue import Area
from pipeline.errors import DeclarationError, first

if TYPE_CHECKING:
    # For types only: it is slow to import, and only an area with a polygon needs it.
    import geopandas as gpd


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
        return sorted(geography["lsoa21_code"])
    if area.lsoa_file is not None:
        return _listed(root / area.lsoa_file, geography)
    kind = "icb" if area.icb else "sicbl" if area.sicbl else "lad"
    wanted: tuple[str, ...] = getattr(area, kind)
    listed = set(geography[f"{kind}_code"])
    unknown = [code for code in wanted if code not in listed]
    if unknown:
        raise DeclarationError(
            f"declared/areas.toml: {area.id}.{kind} has code(s) that are not in the lookup for this year: "
            f"{first(unknown)}. It has, for example, {first(sorted(listed), 5)}. "
            "Codes change with reorganisations: use those of the lookup."
        )
    return sorted(geography.loc[geography[f"{kind}_code"].isin(wanted), "lsoa21_code"])


def codes_in_polygon(area: Area, boundaries: "gpd.GeoDataFrame", root: Path) -> list[str]:
    """The LSOAs of ``boundaries`` with a point inside the polygon(s) of ``area.polygon_file``, sorted.

    Raises:
        DeclarationError: the file cannot be read, states no coordinate system, or contains no LSOA.
    """
    import geopandas as gpd

    path = root / str(area.polygon_file)
    try:
        polygons = gpd.read_file(path)
    except Exception as error:
        raise DeclarationError(f"declared/areas.toml: {area.id}.polygon_file {path} cannot be read: {error}") from error
    if polygons.crs is None:
        raise DeclarationError(f"{path}: the file does not state its coordinate system. Save it with one.")
    outline = polygons.to_crs(boundaries.crs).geometry.make_valid().union_all()
    inside = boundaries.geometry.representative_point().within(outline)
    if not inside.any():
        raise DeclarationError(f"{path}: it contains no LSOA. Is it a polygon in England?")
    return sorted(boundaries.loc[inside, "lsoa21_code"])


def _listed(path: Path, geography: pd.DataFrame) -> list[str]:
    try:
        table = pd.read_csv(path, dtype=str, header=None, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise DeclarationError(f"declared/areas.toml: lsoa_file {path} cannot be read: {error}") from error
    listed = table.iloc[:, 0].dropna().str.strip()
    if len(listed) and not re.match(r"[A-Za-z]\d", listed.iloc[0]):
        listed = listed.iloc[1:]
    unknown = sorted(set(listed) - set(geography["lsoa21_code"]))
    if unknown or listed.empty:
        raise DeclarationError(
            f"{path}: expected LSOA 2021 codes of England in the first column; {len(unknown):,} are unknown: "
            f"{first(unknown)}"
            if unknown
            else f"{path}: no LSOA code in the first column."
        )
    return sorted(set(listed))
