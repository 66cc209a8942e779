"""OS Code-Point Open: a postcode belongs to the LSOA that contains its point."""

import re
import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from pipeline.errors import RawFileError, first
from pipeline.raw import BROKEN_ARCHIVE
from pipeline.tables import Family, Table, validate
from pipeline.tables.columns import LSOA_CODE
from pipeline.tidy.boundaries import Box, box_on_grid, degrees_of
from pipeline.tidy.registry import reader

if TYPE_CHECKING:
    import geopandas as gpd

NO_COORDINATES = 90
"""The positional quality of a postcode that has no coordinates."""
SQUARE_METRES = 10_000
EASTERNMOST, NORTHERNMOST = 700_000, 1_250_000
"""Metres on the National Grid: those of Great Britain are 655,600 and 1,219,400 at most."""
FEWEST_LSOAS, MOST_WITHOUT = 5, 0.5
"""Of an area's LSOAs that may have no postcode, from that many LSOAs on: in England, every one has some."""
ROWS_TOGETHER = 16_384
"""Rows in one group of the stored table: few squares, so that a box can be read without the rest of the country."""
_TYPES = {"postcode": pa.string(), "quality": pa.int64(), "easting": pa.int64(), "northing": pa.int64()}


_postcode = Family("place", "code_point_open")
_POSTCODE = _postcode(
    "postcode",
    "code",
    "Postcode",
    "Postcode with one space",
    pattern=r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}",
)
_ON_GRID = (
    _postcode("easting", "metres", "Easting", "EPSG:27700 easting, in whole metres", minimum=0, maximum=800_000),
    _postcode("northing", "metres", "Northing", "EPSG:27700 northing, in whole metres", minimum=0, maximum=1_300_000),
)

POSTCODE_POINTS = Table(
    "postcode_points",
    "Postcodes of Great Britain with their points",
    "All postcodes of OS Code-Point Open, in the order of 10 km squares.",
    (
        _POSTCODE,
        _postcode(
            "quality",
            "order",
            "Positional quality",
            "As published: 10 = within the building, 90 = no coordinates",
            minimum=0,
        ),
        *_ON_GRID,
    ),
    key="postcode",
    geography="postcode",
)

POSTCODES = Table(
    "postcodes",
    "Postcodes with the LSOA that contains them",
    "OS Code-Point Open postcodes whose point falls in an LSOA of the area.",
    (
        _POSTCODE,
        LSOA_CODE,
        *_ON_GRID,
    ),
    key="postcode",
    geography="postcode",
)


@reader("postcodes", POSTCODE_POINTS, "located", area_table=POSTCODES, rows_together=ROWS_TOGETHER)
def tidy_postcodes(path: Path) -> pd.DataFrame:
    """All postcodes of the archive, in the order of 10 km squares of the National Grid.

    Returns:
        Table ``postcode_points``. A postcode with quality 90 has no coordinates (0, 0).

    Raises:
        RawFileError: the archive lacks ``Data/CSV/*.csv``, or a row does not have the documented form.
    """
    try:
        with zipfile.ZipFile(path) as archive, ThreadPoolExecutor() as pool:
            members = sorted(m for m in archive.namelist() if re.fullmatch(r"Data/CSV/[a-z]{1,2}\.csv", m))
            if not members:
                raise RawFileError(f"{path}: expected Data/CSV/<area>.csv inside; found {first(archive.namelist())}")
            table = pa.concat_tables(pool.map(lambda m: _read_member(archive.read(m), f"{path}!{m}"), members))
    except BROKEN_ARCHIVE as error:
        raise RawFileError(f"{path}: cannot be read as a zip archive: {error}. Fetch it again.") from error
    easting, northing = (table[column].to_numpy() for column in ("easting", "northing"))
    _refuse_off_grid(table, easting, northing, str(path))
    squares = np.lexsort((northing // SQUARE_METRES, easting // SQUARE_METRES))
    frame: pd.DataFrame = table.take(pa.array(squares)).to_pandas()
    return frame


def _refuse_off_grid(table: pa.Table, easting: NDArray[np.int64], northing: NDArray[np.int64], name: str) -> None:
    """Refuse points beyond Great Britain, which is longer from south to north than from west to east."""
    off = np.flatnonzero((easting < 0) | (easting > EASTERNMOST) | (northing < 0) | (northing > NORTHERNMOST))
    if len(off):
        shown = table["postcode"].take(pa.array(off[:5])).to_pylist()
        swapped = bool((northing <= EASTERNMOST).all() and (easting <= NORTHERNMOST).all())
        advice = "Easting and northing are swapped: f" if swapped else "F"
        raise RawFileError(
            f"{name}: {len(off):,} postcode(s) lie outside Great Britain: {first(shown, 5)}. {advice}etch the file "
            "again."
        )


def refuse_postcodes_elsewhere(postcodes: pd.DataFrame, codes: "pd.Series[str]", where: str) -> None:
    """Refuse postcodes that do not fall in the LSOAs of an area: every LSOA has some.

    Args:
        postcodes: table ``postcodes`` of the area. ``codes``: the area's LSOAs. ``where``: the file, for the message.

    Raises:
        RawFileError: half of the LSOAs or more have no postcode; with the first of them.
    """
    without = codes[~codes.isin(postcodes["lsoa21_code"])]
    if len(codes) >= FEWEST_LSOAS and len(without) >= MOST_WITHOUT * len(codes):
        raise RawFileError(
            f"{where}: {len(without):,} of {len(codes):,} LSOAs have no postcode in them: {first(without, 5)}. "
            "The postcodes or the boundaries are not where they should be: are easting and northing swapped, or is "
            "part of the file missing? Fetch it again."
        )


def read_postcodes_in(path: Path, box: Box) -> pd.DataFrame:
    """The postcodes of a stored table ``postcode_points`` that lie in a box of the National Grid, in metres."""
    west, south, east, north = box
    within = [("easting", ">=", west), ("easting", "<=", east), ("northing", ">=", south), ("northing", "<=", north)]
    return pd.read_parquet(path, filters=within)


def find_postcodes(path: Path, wanted: Iterable[str]) -> pd.DataFrame:
    """The rows of a stored table ``postcode_points`` for postcodes in any spacing and case; none for unknown ones."""
    bare = (re.sub(r"[^0-9A-Za-z]", "", str(postcode)).upper() for postcode in wanted)
    spaced = sorted({f"{postcode[:-3]} {postcode[-3:]}" for postcode in bare if len(postcode) > 3})
    return pd.read_parquet(path, filters=pc.field("postcode").isin(pa.array(spaced, pa.string())))


def assign_postcodes(postcodes: pd.DataFrame, boundaries: "gpd.GeoDataFrame") -> pd.DataFrame:
    """The postcodes whose point lies in one of ``boundaries``: table ``postcodes``, by postcode.

    Postcodes without coordinates (positional quality 90) belong to no LSOA and are left out. A point on a
    shared border goes to the LSOA with the lower code.

    Args:
        postcodes: table ``postcode_points``, at least those near the boundaries.
        boundaries: columns ``lsoa21_code``, ``geometry``, in EPSG:4326.

    Raises:
        SchemaError: a postcode is malformed or appears twice.
    """
    import shapely

    west, south, east, north = box_on_grid(tuple(boundaries.total_bounds))
    near = postcodes["easting"].between(west, east) & postcodes["northing"].between(south, north)
    frame = postcodes[near & (postcodes["quality"] != NO_COORDINATES)].reset_index(drop=True)
    points = shapely.points(degrees_of(frame["easting"].to_numpy(), frame["northing"].to_numpy()))
    tree = shapely.STRtree(np.atleast_1d(np.asarray(points)))
    of_area, of_point = tree.query(boundaries.geometry.to_numpy(), predicate="intersects")
    pairs = pd.DataFrame({"row": of_point, "lsoa21_code": boundaries["lsoa21_code"].to_numpy()[of_area]})
    pairs = pairs.sort_values(["row", "lsoa21_code"]).drop_duplicates("row")
    result = frame.iloc[pairs["row"]].assign(lsoa21_code=pairs["lsoa21_code"].to_numpy())
    result = result.sort_values("postcode", ignore_index=True)[POSTCODES.names]
    if len(result):
        validate(result, POSTCODES, "postcodes")
    return result


def _read_member(content: bytes, name: str) -> pa.Table:
    names = [*_TYPES, *(str(number) for number in range(4, content.partition(b"\n")[0].count(b",") + 1))]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(content),
            pyarrow.csv.ReadOptions(column_names=names, use_threads=False),
            convert_options=pyarrow.csv.ConvertOptions(include_columns=list(_TYPES), column_types=_TYPES),
        )
    except pa.ArrowInvalid as error:
        raise RawFileError(
            f"{name}: expected postcode, quality, easting, northing in the first four columns: {error}"
        ) from error
    empty = [column for column in table.column_names if table[column].null_count]
    if empty:
        raise RawFileError(
            f"{name}: expected postcode, quality, easting, northing in each row; {first(empty)} is empty"
        )
    return table.set_column(0, "postcode", _spaced(table["postcode"]))


def _spaced(postcodes: pa.ChunkedArray) -> pa.ChunkedArray:
    """Postcodes in capitals with one space before their last three characters."""
    bare = pc.utf8_upper(pc.replace_substring(postcodes, " ", ""))
    return pc.binary_join_element_wise(pc.utf8_slice_codeunits(bare, 0, -3), pc.utf8_slice_codeunits(bare, -3), " ")
