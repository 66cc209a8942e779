"""OS Code-Point Open: a postcode belongs to the LSOA that contains its point."""

import io
import re
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from pipeline.errors import RawFileError, first
from pipeline.tables import POSTCODES, validate

NO_COORDINATES = 90
"""The positional quality of a postcode that has no coordinates."""


def tidy_postcodes(path: Path, boundaries: gpd.GeoDataFrame) -> pd.DataFrame:
    """The postcodes whose point lies in one of ``boundaries`` (columns ``lsoa21_code``, ``geometry``), by postcode.

    Postcodes without coordinates (positional quality 90) belong to no LSOA and are left out. A point on a
    shared border goes to the LSOA with the lower code.

    Raises:
        RawFileError: the archive lacks ``Data/CSV/*.csv``, or a row is not of the documented form.
        SchemaError: a postcode is malformed or stands twice.
    """
    frame = read_postcodes(path)
    frame = frame[frame["quality"] != NO_COORDINATES]
    west, south, east, north = boundaries.to_crs(27700).total_bounds
    near = frame["easting"].between(west - 1, east + 1) & frame["northing"].between(south - 1, north + 1)
    frame = frame[near].reset_index(drop=True)
    points = gpd.GeoDataFrame(
        frame, geometry=gpd.points_from_xy(frame["easting"], frame["northing"], crs=27700)
    ).to_crs(boundaries.crs)
    tree = shapely.STRtree(boundaries.geometry.to_numpy())
    of_point, of_area = tree.query(points.geometry.to_numpy(), predicate="intersects")
    pairs = pd.DataFrame({"row": of_point, "lsoa21_code": boundaries["lsoa21_code"].to_numpy()[of_area]})
    pairs = pairs.sort_values(["row", "lsoa21_code"]).drop_duplicates("row")
    result = frame.iloc[pairs["row"]].assign(lsoa21_code=pairs["lsoa21_code"].to_numpy())
    result = result.sort_values("postcode", ignore_index=True)[POSTCODES.names]
    if len(result):
        validate(result, POSTCODES, str(path))
    return result


def read_postcodes(path: Path) -> pd.DataFrame:
    """All postcodes of the archive: ``postcode``, ``quality``, ``easting``, ``northing``.

    Raises:
        RawFileError: the archive lacks ``Data/CSV/*.csv``, or a row is not of the documented form.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(m for m in archive.namelist() if re.fullmatch(r"Data/CSV/[a-z]{1,2}\.csv", m))
            if not members:
                raise RawFileError(f"{path}: expected Data/CSV/<area>.csv inside; found {first(archive.namelist())}")
            return pd.concat([_read_member(archive.read(m), f"{path}!{m}") for m in members], ignore_index=True)
    except zipfile.BadZipFile as error:
        raise RawFileError(f"{path}: cannot be read as a zip archive: {error}. Fetch it again.") from error


def _read_member(content: bytes, name: str) -> pd.DataFrame:
    try:
        frame = pd.read_csv(
            io.BytesIO(content),
            header=None,
            usecols=[0, 1, 2, 3],
            names=["postcode", "quality", "easting", "northing"],
            dtype={"postcode": "str", "quality": "int64", "easting": "int64", "northing": "int64"},
        )
    except (ValueError, pd.errors.ParserError) as error:
        raise RawFileError(
            f"{name}: expected postcode, quality, easting, northing in the first four columns: {error}"
        ) from error
    bare = frame["postcode"].str.replace(" ", "").str.upper()
    frame["postcode"] = bare.str[:-3] + " " + bare.str[-3:]
    return frame
