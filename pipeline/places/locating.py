"""Where support places are: located by coordinates or postcode, with bad rows named and the rest used."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.errors import RawFileError, first
from pipeline.reading.coordinates import GRID
from pipeline.reading.nearness import lie_near
from pipeline.reading.projection import lon_lat
from pipeline.tables import ORIGINS, SUPPORT_PLACES, is_among, validate

if TYPE_CHECKING:
    import geopandas as gpd

Points = NDArray[np.float64]
NO_LIST = "no list of postcodes to look its postcode up in"
GRID_EXTENT = (0.0, 0.0, 700_000.0, 1_300_000.0)
"""The National Grid: west, south, east, north, metres."""
FAR_FROM_POSTCODE = 10_000.0
"""Metres from its postcode beyond which a place has wrong coordinates: of England's libraries, half lie at the point of
their postcode, 99% within 400 metres and all within 7.8 km."""
MOST_FAR = 0.2
"""Of a list that may lie far from their postcodes; where more do, the coordinates of all are doubtful."""
FEWEST_FAR = 2
"""So many may do so in a list of any length, unless all do."""


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


@dataclass(frozen=True)
class Settled:
    """Places as reported, without the coordinates that their postcodes contradict, and a line for each kind of them."""

    frame: pd.DataFrame
    lines: tuple[str, ...] = ()


def settle_by_postcodes(
    reported: pd.DataFrame, postcodes: pd.DataFrame | None, files: Mapping[str, str], titles: Mapping[str, str]
) -> Settled:
    """Coordinates compared with postcodes: a place far from its postcode is located by the postcode, and named.

    Args:
        reported: as in :func:`locate`. ``postcodes``: likewise.
        files: the file of each kind, for messages. ``titles``: what to call its places.

    Raises:
        RawFileError: many places of a kind lie further than :data:`FAR_FROM_POSTCODE` from their postcodes: easting and
            northing are swapped, or the coordinates are those of other rows or in another system.
    """
    frame = reported.reset_index(drop=True).copy()
    if postcodes is None:
        return Settled(frame)
    there = _points_of_postcodes(frame["postcode"], postcodes)
    x, y = frame["x"].to_numpy(dtype="float64"), frame["y"].to_numpy(dtype="float64")
    away = np.hypot(x - there[:, 0], y - there[:, 1])
    swapped = np.hypot(y - there[:, 0], x - there[:, 1]) <= FAR_FROM_POSTCODE
    lines: list[str] = []
    unusable = (frame["fault"] != "").to_numpy() & np.isfinite(there).all(axis=1)
    for kind in frame["kind"].unique():
        rows = np.flatnonzero((frame["kind"] == kind).to_numpy())
        lines += _unusable(frame[unusable & (frame["kind"] == kind).to_numpy()], titles.get(kind, kind))
        compared = rows[np.isfinite(away[rows])]
        far = compared[away[compared] > FAR_FROM_POSTCODE]
        if not len(far):
            continue
        label = titles.get(kind, kind)
        shown = [
            f"row {row} ({name or 'no name'}, {metres / 1000:,.0f} km{', x and y swapped' if other else ''})"
            for row, name, metres, other in zip(
                frame["row"].to_numpy()[far], frame["name"].to_numpy()[far], away[far], swapped[far], strict=True
            )
        ]
        many = len(far) > max(FEWEST_FAR, MOST_FAR * len(compared)) or (len(far) == len(compared) > 1)
        if many:
            why = (
                "Their easting and northing (x and y) are swapped: swap the two columns, or their names in the "
                "declaration."
                if swapped[far].mean() > 0.5
                else "The coordinates are in another system, or those of other rows: correct them, or leave them out, "
                "so that the postcodes are used."
            )
            raise RawFileError(
                f"{files.get(kind, label)}: {len(far):,} of {len(compared):,} places lie more than "
                f"{FAR_FROM_POSTCODE / 1000:g} km from their own postcodes: {first(shown, 3)}. {why}"
            )
        lines.append(
            f"{label}: {len(far):,} far from their own postcodes, which are used instead of the coordinates: "
            f"{first(shown, 5)}"
        )
        frame.loc[far, ["x", "y"]] = np.nan
    return Settled(frame, tuple(lines))


def _unusable(rows: pd.DataFrame, label: str) -> list[str]:
    """Places whose coordinates cannot be used, and are located by their postcodes: one line for each reason."""
    return [
        f"{label}: {len(few):,} placed by their postcodes, {fault}: "
        + first((f"row {row} ({name or 'no name'})" for row, name in zip(few["row"], few["name"], strict=True)), 5)
        for fault, few in rows.groupby("fault", sort=True)
    ]


def refuse_unusable(located: Located, reported: pd.DataFrame, files: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse a file none of whose places can be used.

    Args:
        located: what became of ``reported``.
        files: the kinds that are read from each file. Places of kinds that are not here may all be unusable.

    Raises:
        RawFileError: the reasons, with the first rows.
    """
    for file, kinds in files.items():
        given = int(reported["kind"].isin(kinds).sum())
        refused = located.refused[located.refused["kind"].isin(kinds)]
        # Where nobody has a list of postcodes, the file is in order: its places are left out, and that is said.
        if given and len(refused) == given and not (refused["reason"] == NO_LIST).all():
            reasons = [
                f"{reason} (row {first(rows['row'], 3)})" for reason, rows in refused.groupby("reason", sort=False)
            ]
            raise RawFileError(
                f"{file}: none of its {given:,} place(s) can be used: {'; '.join(reasons[:4])}. Correct them; if the "
                "file is for other areas, name those under areas in declared/places.toml."
            )


def locate(
    reported: pd.DataFrame,
    area: "gpd.GeoSeries",
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


WEIGHTED, MEDIAN_POSTCODE, INSIDE = "population-weighted centroid", "median postcode", "point inside"
"""What the point of an LSOA is, the preferred one first."""


@dataclass(frozen=True)
class PeoplePoints:
    """Points where people of an LSOA live: ``lsoa21_code``, ``easting``, ``northing``; ``None`` where there are none.

    ``centroids`` are population-weighted, of any LSOAs of the nation; ``postcodes`` are median postcodes.
    """

    centroids: pd.DataFrame | None = None
    postcodes: pd.DataFrame | None = None


NO_POINTS = PeoplePoints()


def origins(areas: "gpd.GeoDataFrame", given: PeoplePoints = NO_POINTS) -> pd.DataFrame:
    """The point of each area from which distances are measured: ``lsoa21_code``, the point and ``located_by``.

    The population-weighted centroid, else the median postcode, else a point inside the polygon (shapely's
    representative point, taken on the National Grid). EPSG:27700 metres.
    """
    codes = areas["lsoa21_code"].to_numpy()
    points = np.full((len(areas), 2), np.nan)
    located_by = np.full(len(areas), INSIDE, dtype=object)
    for frame, what in ((given.postcodes, MEDIAN_POSTCODE), (given.centroids, WEIGHTED)):
        if frame is None:
            continue
        there = frame.set_index("lsoa21_code")[["easting", "northing"]].reindex(codes)
        has = there.notna().all(axis=1).to_numpy()
        points[has], located_by[has] = there.to_numpy(dtype="float64")[has], what
    lacking = located_by == INSIDE
    if lacking.any():
        # Imported here because it is slow to import.
        import shapely

        inside = shapely.point_on_surface(areas.geometry[lacking].to_crs(GRID).to_numpy())
        points[lacking] = np.column_stack([shapely.get_x(inside), shapely.get_y(inside)])
    return pd.DataFrame(
        {"lsoa21_code": codes, "easting": points[:, 0], "northing": points[:, 1], "located_by": located_by}
    )


def build_origins(
    areas: "gpd.GeoDataFrame",
    around: "gpd.GeoDataFrame | None",
    given: PeoplePoints,
    lsoas: pd.Index,
    margin: float,
) -> pd.DataFrame:
    """The points that people set out from: table ``origins``, of the area's LSOAs and of those around it.

    Args:
        areas: the area's LSOAs (``lsoa21_code``, ``geometry``). ``around``: those near it, for LSOAs that the centroids
            lack.
        given: points that say where people live.
        lsoas: the codes of the nation's LSOAs: points of others are left out.
        margin: how far outside the area's bounding box points still count, metres.
    """
    shapes = areas
    if around is not None:
        shapes = pd.concat([areas, around[~is_among(around["lsoa21_code"], areas["lsoa21_code"])]])
    frame = origins(shapes, given)
    if given.centroids is not None:
        others = given.centroids[~is_among(given.centroids["lsoa21_code"], frame["lsoa21_code"])]
        frame = pd.concat([frame, others.assign(located_by=WEIGHTED)], ignore_index=True)
    frame["in_area"] = is_among(frame["lsoa21_code"], areas["lsoa21_code"])
    kept = frame[_near_area(frame, margin) & is_among(frame["lsoa21_code"], lsoas)].astype({"located_by": "str"})
    return kept.sort_values("lsoa21_code", ignore_index=True)[ORIGINS.names]


def _near_area(points: pd.DataFrame, margin: float) -> "pd.Series[bool]":
    """Which points lie in the area, or within ``margin`` metres of the box of its points."""
    near = pd.Series(data=True, index=points.index)
    inside = points[points["in_area"]]
    for axis in ("easting", "northing"):
        near &= points[axis].between(inside[axis].min() - margin, inside[axis].max() + margin)
    return near | points["in_area"]


def _bare(postcode: pd.Series) -> pd.Series:
    return postcode.fillna("").astype(str).str.replace(r"[^0-9A-Za-z]", "", regex=True).str.upper()


def _why_nowhere(frame: pd.DataFrame, *, looked_up: bool) -> pd.Series:
    """Why a row has no point, by what its file gives: coordinates that cannot be used, a postcode, both or neither."""
    postcode = "unknown postcode" if looked_up else NO_LIST
    fault, has_postcode = frame["fault"], _bare(frame["postcode"]) != ""
    both = fault.where(fault == "", fault + "; ") + postcode
    return both.where(has_postcode, fault.where(fault != "", "neither coordinates nor a postcode"))


def _fill_from_postcodes(frame: pd.DataFrame, rows: pd.Series, postcodes: pd.DataFrame | None) -> None:
    frame.loc[rows, ["x", "y"]] = np.nan
    if postcodes is None or not rows.any():
        return
    frame.loc[rows, ["x", "y"]] = _points_of_postcodes(frame.loc[rows, "postcode"], postcodes)


def _points_of_postcodes(wanted: pd.Series, postcodes: pd.DataFrame) -> Points:
    """Easting and northing of postcodes in any spacing, shape (postcodes, 2); NaN where there is none."""
    bare, asked = _bare(postcodes["postcode"]), _bare(wanted)
    needed = is_among(bare, asked)
    points = postcodes.loc[needed, ["easting", "northing"]].set_axis(bare[needed], axis=0)
    points = points[~points.index.duplicated()]
    # Code-Point Open gives a postcode without coordinates as 0, 0.
    points = points[(points["easting"] > 0) & (points["northing"] > 0)]
    of_rows: Points = points.reindex(asked).to_numpy(dtype="float64")
    return of_rows


def _within(frame: pd.DataFrame, rows: pd.Series, area: "gpd.GeoSeries", metres: float) -> pd.Series:
    near = np.zeros(len(frame), dtype=bool)
    where = np.flatnonzero(rows.to_numpy())
    if len(where):
        near[where] = lie_near(frame[["x", "y"]].to_numpy(dtype="float64")[where], area, metres)
    return pd.Series(near, index=frame.index)


def _metres(frame: pd.DataFrame) -> pd.Series:
    return frame["x"].round().astype(str) + "|" + frame["y"].round().astype(str)


def _finish(frame: pd.DataFrame) -> pd.DataFrame:
    x, y = frame["x"].to_numpy(dtype="float64"), frame["y"].to_numpy(dtype="float64")
    lon, lat = lon_lat(x, y)
    result = frame.rename(columns={"id": "place_id"}).assign(easting=x, northing=y, lon=lon, lat=lat)
    for column in ("postcode", "opening"):
        text = result[column].fillna("").astype(str).str.strip()
        result[column] = text.where(text != "", None)
    result["capacity"] = result["capacity"].astype("float64")
    result = result[SUPPORT_PLACES.names].sort_values("place_id", ignore_index=True)
    if len(result):
        validate(result, SUPPORT_PLACES, "support places")
    return result
