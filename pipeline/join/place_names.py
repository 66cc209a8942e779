"""What each LSOA is called by those who live there, unique within its district; and the district of old it lies in."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.reading.codes import msoa_names
from pipeline.tables import is_among
from pipeline.tables.place_names import CENTRE, COMPASS

MIDDLE = 0.4
"""Of the usual distance from the middle of those that share a name, within which one lies in the centre. In England,
82% of the areas that share their name are then told apart by their side, the most that any bound gives."""
FEWEST_AROUND = 3
"""Of two areas, neither lies in the centre."""
_NUMBER = r" \d{3}[A-Z]$"


def name_places(areas: pd.DataFrame, msoas: Mapping[str, str], points: pd.DataFrame) -> "pd.Series[str]":
    """What each area is called, by code: unique within its district, and the same in whatever order areas come.

    The name of its MSOA that people know, else its ward, else its MSOA. Where several of a district share it, each is
    followed by the side that it alone of them lies on, seen from their middle, or else by the letter of its official
    name. Sides are told only where all of them have a point.

    Args:
        areas: ``lsoa21_code``, ``lsoa21_name``, ``lad_code`` and ``ward_name`` (which may be missing) of all LSOAs of
            the districts, whether or not they lie in an area of interest.
        msoas: the name that people know of each MSOA, by its official one.
        points: ``easting`` and ``northing`` (metres) of areas, by code.
    """
    frame = areas[["lsoa21_code", "lsoa21_name", "lad_code"]].astype("object")
    official = msoa_names(areas["lsoa21_name"]).astype("object")
    frame["shared"] = official.map(msoas).fillna(areas["ward_name"].astype("object")).fillna(official)
    frame["number"] = frame["lsoa21_name"].str.rsplit(" ", n=1).str[-1]
    frame = frame.set_index("lsoa21_code").sort_index().join(points[["easting", "northing"]], validate="one_to_one")
    places = frame[["easting", "northing"]].to_numpy(dtype="float64")
    numbers, officials = frame["number"].tolist(), frame["lsoa21_name"].tolist()
    names = frame["shared"].tolist()
    groups: dict[tuple[str, str], list[int]] = {}
    for row, shared in enumerate(zip(frame["lad_code"].tolist(), names, strict=True)):
        groups.setdefault(shared, []).append(row)
    # Plain lists: a nation has thousands of groups, and each would cost pandas more than all take here.
    for (_, name), rows in groups.items():
        if len(rows) > 1:
            endings = _endings([numbers[row] for row in rows], [officials[row] for row in rows], places[rows])
            for row, ending in zip(rows, endings, strict=True):
                names[row] = f"{name}{ending or f' ({frame.index[row]})'}"
    return _unique(pd.Series(names, index=frame.index, dtype="object"), frame["lad_code"]).rename("place_name")


def _endings(numbers: list[str], officials: list[str], points: NDArray[np.float64]) -> list[str | None]:
    """What tells apart areas of one name, each by the first of what is its alone; None where nothing is."""
    ways = [[f" ({number[-1:]})" for number in numbers], *([f" ({n})" for n in way] for way in (numbers, officials))]
    if not np.isnan(points).any():
        ways.insert(0, [f", {side}" if side == CENTRE else f", {side} side" for side in sides(points)])
    counts = [Counter(way) for way in ways]
    return [
        next((way[n] for way, times in zip(ways, counts, strict=True) if times[way[n]] == 1), None)
        for n in range(len(numbers))
    ]


def sides(points: NDArray[np.float64]) -> list[str]:
    """Where each of several points (metres east and north) lies among them: one of eight sides, or in the centre."""
    east, north = (points - points.mean(axis=0)).T
    away = np.hypot(east, north)
    usual = np.sqrt((away**2).mean())
    eighths = np.rint(np.degrees(np.arctan2(east, north)) / 45).astype(int) % len(COMPASS)
    inside = (away <= MIDDLE * usual) & (len(points) >= FEWEST_AROUND)
    return [CENTRE if middle else COMPASS[eighth] for middle, eighth in zip(inside, eighths, strict=True)]


def _unique(names: "pd.Series[str]", districts: "pd.Series[str]") -> "pd.Series[str]":
    """``names`` by code, those that appear twice in a district followed by their code: a name may end like another."""
    with_code = names + " (" + names.index.to_series().astype("object") + ")"
    marked = pd.Series(data=False, index=names.index)
    while True:
        now = names.where(~marked, with_code)
        twice = pd.DataFrame({"name": now, "district": districts}).duplicated(keep=False) & ~marked
        if not twice.any():
            return now
        marked |= twice


def former_districts(areas: pd.DataFrame, changes: pd.DataFrame) -> "pd.Series[str]":
    """The district of old that each area lies in, by code; missing where it is named after the same one still.

    LSOAs of 2011 are named after the districts of their day (``Waveney 003A``), those of 2021 after today's
    (``East Suffolk 003A``). Of several LSOAs of 2011, the first by code counts.

    Args:
        areas: ``lsoa21_code`` and ``lsoa21_name``.
        changes: ``lsoa21_code``, ``lsoa11_code`` and ``lsoa11_name`` (which may be missing): table ``lsoa_changes``.
    """
    told = changes[changes["lsoa11_name"].notna() & is_among(changes["lsoa21_code"], areas["lsoa21_code"])]
    told = told.sort_values(["lsoa21_code", "lsoa11_code"]).drop_duplicates("lsoa21_code")
    first = dict(zip(told["lsoa21_code"].tolist(), told["lsoa11_name"].tolist(), strict=True))
    now: pd.Series[str] = (
        areas.set_index("lsoa21_code")["lsoa21_name"].astype("object").str.replace(_NUMBER, "", regex=True)
    )
    then: pd.Series[str] = now.index.to_series().map(first).astype("object").str.replace(_NUMBER, "", regex=True)
    return then.where(then.notna() & (then != now), None).rename("former_district")
