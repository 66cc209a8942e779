"""Where support places are: located by coordinates or postcode, with bad rows named and the rest used."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from pipeline.errors import first
from pipeline.tables import ORIGINS, SUPPORT_PLACES, validate

Points = NDArray[np.float64]
GRID = "EPSG:27700"
GRID_EXTENT = (0.0, 0.0, 700_000.0, 1_300_000.0)
"""The National Grid: west, south, east, north, metres."""


@dataclass(frozen=True)
class Located:
    """Support places that can be used, and those that cannot.

    Attributes:
        frame: table ``support_places``, sorted by ``place_id``.
        refused: ``kind``, ``row``, ``name``, ``reason``: one row for each place left out.
    """

    frame: pd.DataFrame
    refused: pd.DataFrame

    def notes(self) -> list[str]:
        """One line for each reason of refusal, with the count and the first rows."""
        lines = []
        for (kind, reason), rows in self.refused.groupby(["kind", "reason"], sort=True):
            named = [f"row {row} ({name or 'no name'})" for row, name in zip(rows["row"], rows["name"], strict=True)]
            lines.append(f"{kind}: {len(rows):,} left out, {reason}: {first(named, 8)}")
        return lines


def locate(
    reported: pd.DataFrame,
    area: gpd.GeoSeries,
    postcodes: pd.DataFrame | None = None,
    farthest_outside: float = 20_000.0,
) -> Located:
    """Places with a point on the National Grid.

    The coordinates of a row come first; if it has none that can be used, its postcode. Left out and named: no name;
    neither coordinates nor a postcode; coordinates that cannot be used, for the reason that ``fault`` gives; an unknown
    postcode; more than ``farthest_outside`` metres from every polygon of ``area``; and all but one of the rows of the
    same kind and name at the same point (to the metre): the first is kept, or the cheapest where ``reported`` has
    ``cost``.

    Args:
        reported: columns :data:`pipeline.places.reading.REPORTED`, of all kinds together.
        area: polygons of the area with their coordinate system.
        postcodes: ``postcode``, ``easting``, ``northing`` (OS Code-Point Open), in any spacing.

    Raises:
        SchemaError: two files give the same place identifier.
    """
    frame = reported.reset_index(drop=True).copy()
    frame["located_by"] = np.where(frame[["x", "y"]].notna().all(axis=1), "coordinates", "postcode")
    reason = pd.Series("", index=frame.index)
    by_postcode = frame["located_by"] == "postcode"
    _fill_from_postcodes(frame, by_postcode, postcodes)
    reason = reason.mask(frame["x"].isna(), _why_nowhere(frame, looked_up=postcodes is not None))
    reason[(frame["name"].str.strip() == "") & (reason == "")] = "no name"
    near = _within(frame, reason == "", area, farthest_outside)
    reason[(reason == "") & ~near] = f"more than {farthest_outside / 1000:g} km outside the area"
    good = reason == ""
    key = frame["kind"] + "|" + frame["name"].str.casefold().str.strip() + "|" + _metres(frame)
    ordered = frame[good].sort_values("cost", kind="stable") if "cost" in frame else frame[good]
    reason[good & key[ordered.index].duplicated().reindex(frame.index, fill_value=False)] = "appears twice"
    refused = frame.loc[reason != "", ["kind", "row", "name"]].assign(reason=reason[reason != ""])
    return Located(_finish(frame[reason == ""]), refused.reset_index(drop=True))


def origins(areas: gpd.GeoDataFrame, centroids: pd.DataFrame | None = None) -> tuple[Points, NDArray[np.bool_]]:
    """The point of each area from which distances are measured, EPSG:27700 metres, shape (areas, 2).

    The population-weighted centroid where ``centroids`` (``lsoa21_code``, ``easting``, ``northing``) has it, else a
    point inside the polygon (shapely's representative point, taken on the National Grid).

    Returns:
        The points, and which of them are population-weighted centroids.
    """
    inside = shapely.point_on_surface(areas.geometry.to_crs(GRID).to_numpy())
    points = np.column_stack([shapely.get_x(inside), shapely.get_y(inside)])
    weighted = np.zeros(len(areas), dtype=bool)
    if centroids is not None:
        published = centroids.set_index("lsoa21_code")[["easting", "northing"]].reindex(areas["lsoa21_code"])
        weighted = published.notna().all(axis=1).to_numpy()
        points[weighted] = published.to_numpy(dtype="float64")[weighted]
    return points, weighted


def build_origins(
    areas: gpd.GeoDataFrame,
    around: gpd.GeoDataFrame | None,
    centroids: pd.DataFrame | None,
    lsoas: pd.Index,
    margin: float,
) -> pd.DataFrame:
    """The points that people set out from: table ``origins``, of the area's LSOAs and of those around it.

    Args:
        areas: the area's LSOAs (``lsoa21_code``, ``geometry``). ``around``: those near it, for LSOAs that the centroids
            lack.
        centroids: table ``centroids`` of the nation, or ``None``.
        lsoas: the codes of the nation's LSOAs: points of others are left out.
        margin: how far outside the area's bounding box points still count, metres.
    """
    shapes = areas if around is None else pd.concat([areas, around[~around["lsoa21_code"].isin(areas["lsoa21_code"])]])
    points, weighted = origins(gpd.GeoDataFrame(shapes, crs=areas.crs), centroids)
    codes = shapes["lsoa21_code"].to_numpy()
    frame = pd.DataFrame({"lsoa21_code": codes, "easting": points[:, 0], "northing": points[:, 1]})
    frame["located_by"] = pd.Series(weighted).map({True: "population-weighted centroid", False: "point inside"})
    if centroids is not None:
        others = centroids[~centroids["lsoa21_code"].isin(frame["lsoa21_code"])]
        frame = pd.concat([frame, others.assign(located_by="population-weighted centroid")], ignore_index=True)
    frame["in_area"] = frame["lsoa21_code"].isin(areas["lsoa21_code"])
    kept = frame[_near_area(frame, margin) & frame["lsoa21_code"].isin(lsoas)]
    return kept.sort_values("lsoa21_code", ignore_index=True)[ORIGINS.names]


def _near_area(points: pd.DataFrame, margin: float) -> "pd.Series[bool]":
    """Which points lie in the area, or within ``margin`` metres of the box of its points."""
    near = pd.Series(data=True, index=points.index)
    inside = points[points["in_area"]]
    for axis in ("easting", "northing"):
        near &= points[axis].between(inside[axis].min() - margin, inside[axis].max() + margin)
    return near | points["in_area"]


def to_degrees(x: Any, y: Any) -> tuple[Any, Any]:
    """Longitude and latitude (EPSG:4326) of a point or points on the National Grid."""
    lon, lat = pyproj.Transformer.from_crs(GRID, "EPSG:4326", always_xy=True).transform(x, y)
    return lon, lat


def _bare(postcode: pd.Series) -> pd.Series:
    return postcode.fillna("").astype(str).str.replace(r"[^0-9A-Za-z]", "", regex=True).str.upper()


def _why_nowhere(frame: pd.DataFrame, *, looked_up: bool) -> pd.Series:
    """Why a row has no point, by what its file gives: coordinates that cannot be used, a postcode, both or neither."""
    postcode = "unknown postcode" if looked_up else "no list of postcodes to look its postcode up in"
    fault, has_postcode = frame["fault"], _bare(frame["postcode"]) != ""
    both = fault.where(fault == "", fault + "; ") + postcode
    return both.where(has_postcode, fault.where(fault != "", "neither coordinates nor a postcode"))


def _fill_from_postcodes(frame: pd.DataFrame, rows: pd.Series, postcodes: pd.DataFrame | None) -> None:
    frame.loc[rows, ["x", "y"]] = np.nan
    if postcodes is None or not rows.any():
        return
    wanted = _bare(frame.loc[rows, "postcode"])
    bare = _bare(postcodes["postcode"])
    needed = bare.isin(set(wanted)).to_numpy()
    points = postcodes.loc[needed, ["easting", "northing"]].set_axis(bare[needed], axis=0)
    points = points[~points.index.duplicated()]
    # Code-Point Open gives a postcode without coordinates as 0, 0.
    points = points[(points["easting"] > 0) & (points["northing"] > 0)]
    frame.loc[rows, ["x", "y"]] = points.reindex(wanted).to_numpy(dtype="float64")


def _within(frame: pd.DataFrame, rows: pd.Series, area: gpd.GeoSeries, metres: float) -> pd.Series:
    near = np.zeros(len(frame), dtype=bool)
    where = np.flatnonzero(rows.to_numpy())
    if len(where):
        tree = shapely.STRtree(area.to_crs(GRID).to_numpy())
        points = shapely.points(frame[["x", "y"]].to_numpy(dtype="float64")[where])
        close, _ = tree.query(points, predicate="dwithin", distance=metres)
        near[where[np.unique(close)]] = True
    return pd.Series(near, index=frame.index)


def _metres(frame: pd.DataFrame) -> pd.Series:
    return frame["x"].round().astype(str) + "|" + frame["y"].round().astype(str)


def _finish(frame: pd.DataFrame) -> pd.DataFrame:
    x, y = frame["x"].to_numpy(dtype="float64"), frame["y"].to_numpy(dtype="float64")
    lon, lat = to_degrees(x, y)
    result = frame.rename(columns={"id": "place_id"}).assign(easting=x, northing=y, lon=lon, lat=lat)
    for column in ("postcode", "opening"):
        text = result[column].fillna("").astype(str).str.strip()
        result[column] = text.where(text != "", None)
    result["capacity"] = result["capacity"].astype("float64")
    result = result[SUPPORT_PLACES.names].sort_values("place_id", ignore_index=True)
    if len(result):
        validate(result, SUPPORT_PLACES, "support places")
    return result
