"""Coordinates as files give them: turned into metres on the National Grid, or why they cannot be used."""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.errors import RawFileError
from pipeline.places.locating import GRID_EXTENT
from pipeline.reading import CoordinateSystem, NumberForm, describe_mismatch, number_in, plain, recognise_system
from pipeline.reading.coordinates import DEGREES, GRID, TITLES
from pipeline.reading.projection import transformer

LONE = "only one of x and y is given"
NOWHERE = "coordinates are 0, 0"
WITH_COMMA = 'coordinates are written with a comma: is it a decimal comma? Then declare decimal = "," for the file'
_PERHAPS_DEGREES = (r"-?\d,\d{3}", r"(?:49|5\d|60),\d{3}")
"""Degrees of Great Britain with a decimal comma that look like thousands: ``1,296`` and ``52,630``."""
_WITH_DECIMAL_COMMA = r"-?\d+,\d+"


def coordinate_numbers(x: pd.Series, y: pd.Series, form: NumberForm) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Coordinates as numbers, missing where they are none, and what is wrong with how they are written.

    The fault is empty where both are numbers and where neither is given.
    """
    a, b = (axis.map(lambda cell: number_in(cell, form)).astype("float64") for axis in (x, y))
    given = [axis.map(plain) != "" for axis in (x, y)]
    commas = pd.Series(data=False, index=x.index)
    if form.decimal == ".":
        written = [axis.astype(str).str.strip() for axis in (x, y)]
        # Only where both look like it: 182,345 and 40,123 are metres in Cornwall.
        in_thousands = written[0].str.fullmatch(_PERHAPS_DEGREES[0]) & written[1].str.fullmatch(_PERHAPS_DEGREES[1])
        refused = [text.str.fullmatch(_WITH_DECIMAL_COMMA) & n.isna() for text, n in zip(written, (a, b), strict=True)]
        commas = in_thousands | refused[0] | refused[1]
        a, b = a.mask(commas), b.mask(commas)
    fault = np.select(
        [given[0] != given[1], commas, given[0] & (a.isna() | b.isna())],
        [LONE, WITH_COMMA, "coordinates are not numbers"],
        default="",
    )
    return a, b, pd.Series(fault, index=x.index, dtype="str")


def refuse_system(x: pd.Series, y: pd.Series, crs: str, elsewhere: pd.Series, where: str) -> None:
    """Refuse a file whose coordinates are not in the system that is declared.

    Args:
        x, y: the coordinates. ``crs``: the declared system.
        elsewhere: which rows can be located in another way, by a postcode.
        where: the file and the declaration, for the message.

    Raises:
        RawFileError: most rows with coordinates do not fit and have no postcode; the message says what they look like.
    """
    there = x.notna() & y.notna() & ~((x == 0) & (y == 0))
    lost = there & ~pd.Series(on_grid(*to_grid(x, y, crs)), index=x.index) & ~elsewhere
    if lost.sum() * 2 > there.sum() and recognise_system(x[lost], y[lost]) is not None:
        raise RawFileError(f"{where}: {describe_mismatch(x[lost], y[lost], crs)}.")


def refuse_unusual_system(crs: str, where: str) -> None:
    """Refuse a coordinate system that nothing here knows.

    Raises:
        RawFileError: with those that are usual.
    """
    import pyproj

    try:
        pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise RawFileError(
            f"{where}: its coordinate system '{crs}' is not known. Usual are {', '.join(TITLES.values())}."
        ) from error


def usable_points(x: pd.Series, y: pd.Series, faults: pd.Series, crs: str) -> dict[str, Any]:
    """``x`` and ``y`` in EPSG:27700 where they can be used, and ``fault``: why not, where they were given.

    ``faults`` are those detected earlier, which are kept.
    """
    easting, northing = to_grid(x, y, crs)
    given = x.notna() & y.notna()
    off_grid = ~on_grid(easting, northing) & given
    swapped = off_grid & on_grid(*to_grid(y, x, crs))
    named = {row: _looks_like(x[row], y[row], crs) for row in x.index[off_grid & ~swapped]}
    other = pd.Series(named, index=x.index, dtype="object").fillna("")
    fault = np.select(
        [faults != "", (x == 0) & (y == 0), swapped, other != "", off_grid],
        [
            faults,
            NOWHERE,
            "coordinates off the National Grid: are x and y swapped?",
            other,
            "coordinates off the National Grid",
        ],
        default="",
    )
    good = (fault == "") & given.to_numpy()
    return {
        "x": np.where(good, easting, np.nan),
        "y": np.where(good, northing, np.nan),
        "fault": pd.Series(fault, index=x.index, dtype="str"),
    }


def _looks_like(x: float, y: float, crs: str) -> str:
    like: CoordinateSystem | None = recognise_system([x], [y])
    if like is None or like.code == crs:
        return ""
    return f'coordinates are not {TITLES.get(crs, crs)}; they look like {like}: should it be crs = "{like.code}"?'


def on_grid(easting: Any, northing: Any) -> Any:
    """Which points lie on the National Grid."""
    west, south, east, north = GRID_EXTENT
    return (easting >= west) & (easting <= east) & (northing >= south) & (northing <= north)


def to_grid(x: pd.Series, y: pd.Series, crs: str) -> tuple[Any, Any]:
    """Eastings and northings (EPSG:27700, metres) of points in ``crs``; missing where these cannot be in it."""
    if crs == GRID:
        return np.where(_in_degrees(x, y), np.nan, x), np.where(_in_degrees(x, y), np.nan, y)
    usable = _in_degrees(x, y) if crs == DEGREES else (x.notna() & y.notna()).to_numpy()
    easting, northing = np.full(len(x), np.nan), np.full(len(x), np.nan)
    if usable.any():
        easting[usable], northing[usable] = transformer(crs, GRID).transform(x.to_numpy()[usable], y.to_numpy()[usable])
    return easting, northing


def _in_degrees(x: pd.Series, y: pd.Series) -> Any:
    return (x.between(-180, 180) & y.between(-90, 90)).to_numpy()
