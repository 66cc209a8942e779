"""Rows about people or premises, counted by LSOA and category: block by block, and added up whatever the blocks.

Nothing here says anything of a single row: neither results nor messages.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.errors import CountError, RawFileError, first
from pipeline.places.points import refuse_unusual_system
from pipeline.reading.blocks import Heads
from pipeline.reading.coordinates import DEGREES, GRID, TITLES, CoordinateSystem, count_fitting, extent_of
from pipeline.reading.headers import find_all_recognised, loose, loosely_among
from pipeline.reading.projection import transformer
from pipeline.reading.within import NOWHERE, place_points
from pipeline.tables import EVERY_CATEGORY

if TYPE_CHECKING:
    # Imported here because it is slow to import.
    import pyarrow as pa

Floats = NDArray[np.float64]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOTHING, NOT_NUMBERS, ZERO, OFF, UNKNOWN, NO_POINT, SEA, ELSEWHERE = range(8)
REASONS = (
    "neither coordinates nor a postcode",
    "coordinates that are not numbers, or only one of the two",
    "coordinates 0, 0",
    "coordinates outside Great Britain",
    "unknown postcode",
    "postcode without a point",
    "in the sea",
    "outside the area",
)
"""Why a row is in no LSOA of the area, in the order of their numbers."""
NOT_GIVEN, CALLED_ALL = "(not given)", "All (as the files say)"
"""The category of rows without one, and of those whose category is called as the total is."""
MOST_CATEGORIES = 50
LONGEST_CATEGORY = 80
LEAST_FITTING = 0.5
"""Of the coordinates that are given, the share that has to lie in Great Britain."""
MOST_ALIKE = 0.9
"""The share that has to lie there in another system for that to be told."""
LIKELY = tuple(
    tuple(form for meaning in meanings for form in loosely_among(meaning))
    for meanings in (("postcode",), ("longitude", "easting", "x"), ("latitude", "northing", "y"))
)
"""Headers that people use, which tell the row with the headers."""
_PAIRS = (("longitude", "latitude", DEGREES), ("easting", "northing", GRID), ("x", "y", ""))
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_WIDTH = 8
"""Characters of a postcode without spaces, and room for one more: a key is eight bytes."""
WGS84_BOX = (-9.5, 49.0, 3.0, 61.5)
"""West, south, east and north of the United Kingdom, in degrees."""


@dataclass(frozen=True)
class RowColumns:
    """Which columns of a file say where a row is, and of which category.

    Attributes:
        postcode, x, y, category: headers; where left out, postcode, x and y are recognised.
        crs: the system of x and y; where left out, as headers or the file say.
        decimal: what separates the decimals of coordinates.
    """

    postcode: str | None = None
    x: str | None = None
    y: str | None = None
    category: str | None = None
    crs: str | None = None
    decimal: str = "."


@dataclass(frozen=True)
class Reading:
    """How the rows of one file are read: the header of each column by what it means, and the system of coordinates."""

    columns: Mapping[str, str]
    crs: str
    decimal: str = "."


def choose_columns(heads: Heads, wanted: RowColumns, *, postcodes: bool) -> Reading:
    """Which columns of a file are read: those that are named, else those with headers that people use.

    Args:
        postcodes: whether there is a list of postcodes to look them up in.

    Raises:
        CountError: a column that is named is missing or there twice, nothing says where rows are, or the system of x
            and y is not told.
    """
    columns: dict[str, str] = {}
    for meaning in ("postcode", "x", "y", "category"):
        header = getattr(wanted, meaning)
        if header is not None:
            columns[meaning] = _named(heads, header, meaning)
    crs = wanted.crs
    if "postcode" not in columns and (there := find_all_recognised(heads.names, "postcode")):
        columns["postcode"] = _named(heads, there[0], "postcode")
    if not {"x", "y"} & columns.keys():
        stated = _recognise_pair(heads, columns)
        crs = crs or stated
    if ("x" in columns) != ("y" in columns):
        raise CountError(f"{heads.name}: x and y go together: name both with --columns x=HEADER,y=HEADER.")
    if not postcodes:
        columns.pop("postcode", None)
    if not {"x", "shape", "postcode"} & columns.keys():
        raise CountError(_nowhere(heads, postcodes=postcodes))
    if "x" in columns and not crs:
        crs = _system_of(columns["x"])
    if {"x", "shape"} & columns.keys():
        if not crs:
            raise CountError(
                f"{heads.name}: which coordinate system its x and y are in is not told. Say it: --crs EPSG:27700 for "
                "eastings and northings, --crs EPSG:4326 for degrees."
            )
        crs = _plain_system(crs, heads.name)
    return Reading(columns, crs or "", wanted.decimal)


def _named(heads: Heads, header: str, meaning: str) -> str:
    """The header that is meant; headers of a text are not listed, as a text without any begins with a row."""
    exact = [name for name in heads.names if name == header]
    fitting = exact or [name for name in heads.names if loose(name) == loose(header)]
    if len(fitting) == 1 and heads.names.count(fitting[0]) == 1:
        return fitting[0]
    what = "is there more than once" if fitting else "is missing"
    listed = f" It has the columns {first(heads.names, 40)}." if heads.name.endswith((".parquet", ".pq")) else ""
    raise CountError(f"{heads.name}: the column '{header}' for {meaning} {what}.{listed} Name another, or rename it.")


def _recognise_pair(heads: Heads, columns: dict[str, str]) -> str:
    """Put the columns of coordinates into ``columns``; the system that they state, empty where they state none."""
    if len(heads.shapes) == 1:
        columns["shape"], crs = next(iter(heads.shapes.items()))
        return crs
    for x, y, crs in _PAIRS:
        pair = [find_all_recognised(heads.names, axis) for axis in (x, y)]
        if all(pair):
            columns["x"], columns["y"] = (_named(heads, there[0], "coordinates") for there in pair)
            return crs
    return ""


def _system_of(header: str) -> str:
    for x, _, crs in _PAIRS[:2]:
        if find_all_recognised([header], x):
            return crs
    return ""


def _nowhere(heads: Heads, *, postcodes: bool) -> str:
    columns = f" It has the columns {first(heads.names, 40)}." if heads.name.endswith((".parquet", ".pq")) else ""
    looked_up = "" if postcodes else " There is no list of postcodes (code_point_open) to look postcodes up in."
    return (
        f"{heads.name}: nothing says where its rows are: expected a row of headers with postcode, longitude and "
        f"latitude, or easting and northing.{columns}{looked_up} Name the columns: --columns postcode=HEADER, or "
        "--columns x=HEADER,y=HEADER with --crs."
    )


def _plain_system(crs: str, name: str) -> str:
    """A system by its code where it has one, however it is written: one that is usual is so recognised.

    Raises:
        CountError: nothing here knows it.
    """
    crs = f"EPSG:{crs}" if crs.strip().isdigit() else crs
    try:
        refuse_unusual_system(crs, name)
    except RawFileError as error:
        raise CountError(str(error)) from None
    import pyproj

    authority = pyproj.CRS.from_user_input(crs).to_authority()
    if authority == ("OGC", "CRS84"):
        return DEGREES
    return ":".join(authority) if authority else crs


@dataclass(frozen=True)
class Postcodes:
    """Postcodes by keys that are numbers, sorted, and where each is: the position of its LSOA, or minus a reason."""

    keys: NDArray[np.uint64]
    places: Positions

    @classmethod
    def of(cls, listed: pd.DataFrame, inside: pd.DataFrame, codes: Sequence[str]) -> "Postcodes":
        """From all postcodes there are, and those in the area.

        Args:
            listed: ``postcode`` and ``quality``, 90 where it has no point.
            inside: ``postcode`` and ``lsoa21_code``. ``codes``: the LSOAs of the area, sorted.

        Raises:
            CountError: they are of two releases.
        """
        keys = _keys(_as_array(listed["postcode"]))
        places = np.full(len(keys), _because(ELSEWHERE))
        places[(listed["quality"] == 90).to_numpy()] = _because(NO_POINT)
        order = np.argsort(keys, kind="stable")
        keys, places = keys[order], places[order]
        of_area = _keys(_as_array(inside["postcode"]))
        at = np.searchsorted(keys, of_area)
        if (keys[np.minimum(at, len(keys) - 1)] != of_area).any():
            raise CountError("The postcodes of the area are not among those of the nation: build the area again.")
        places[at] = np.searchsorted(np.asarray(codes), inside["lsoa21_code"].to_numpy(dtype="str"))
        return cls(keys, places)

    def find(self, asked: NDArray[np.uint64]) -> Positions:
        """Where postcodes are, by their keys."""
        at = np.searchsorted(self.keys, asked)
        at[at == len(self.keys)] = 0
        there = self.keys[at] == asked if len(self.keys) else np.zeros(len(asked), dtype=bool)
        return np.where(there, self.places[at] if len(self.keys) else 0, _because(UNKNOWN))


@dataclass(frozen=True)
class Ground:
    """The area that rows are counted in.

    Attributes:
        codes: of its LSOAs, sorted. ``outlines``: their valid polygons, EPSG:4326, in this order.
        postcodes: where each postcode is; ``None`` without a list.
        land: outlines of all land, EPSG:4326; ``None`` without them: then nothing is said to be in the sea.
    """

    codes: tuple[str, ...]
    outlines: NDArray[Any]
    postcodes: Postcodes | None = None
    land: NDArray[Any] | None = None


@dataclass
class Tally:
    """Counts of rows: whole numbers only, so that any order of blocks and parts gives the same sums.

    Attributes:
        rows: that were read. ``unplaced``: how many are in no LSOA, by the numbers of :data:`REASONS`.
        counts: for each category, how many are in each LSOA.
        given: rows with coordinates that are numbers. ``fitting``: how many of them lie in Great Britain.
        alike: how many would in each usual system.
    """

    rows: int = 0
    unplaced: Positions = field(default_factory=lambda: np.zeros(len(REASONS), dtype="int64"))
    counts: dict[str, Positions] = field(default_factory=dict)
    given: int = 0
    fitting: int = 0
    alike: dict[CoordinateSystem, int] = field(default_factory=dict)

    def add(self, other: "Tally") -> None:
        """Add the counts of other rows."""
        self.rows += other.rows
        self.unplaced += other.unplaced
        self.given += other.given
        self.fitting += other.fitting
        for system, count in other.alike.items():
            self.alike[system] = self.alike.get(system, 0) + count
        for category, counts in other.counts.items():
            there = self.counts.get(category)
            self.counts[category] = counts if there is None else there + counts
        refuse_many_categories(len(self.counts))

    @property
    def placed(self) -> int:
        """Rows in an LSOA of the area."""
        return self.rows - int(self.unplaced.sum())


def refuse_many_categories(count: int) -> None:
    """Refuse a column that tells rows apart, such as a name or a number of a person, as the category.

    Raises:
        CountError: there are more categories than could be of use.
    """
    if count > MOST_CATEGORIES:
        raise CountError(
            f"--category: the column has more than {MOST_CATEGORIES} different values. Does it identify people or "
            "premises? Choose a column of a few groups, or leave it out."
        )


def tally_blocks(blocks: Iterable[Mapping[str, "pa.Array"]], reading: Reading, ground: Ground) -> Tally:
    """The counts of all rows of ``blocks``.

    Raises:
        CountError: more categories than could be of use.
    """
    tally = Tally()
    for block in blocks:
        tally.add(_tally(block, reading, ground))
    return tally


def _tally(block: Mapping[str, "pa.Array"], reading: Reading, ground: Ground) -> Tally:
    rows = len(next(iter(block.values())))
    tally = Tally(rows)
    places = np.full(rows, _because(NOTHING))
    coordinates = _coordinates(block, reading)
    if coordinates is not None:
        x, y, faulty = coordinates
        places[faulty] = _because(NOT_NUMBERS)
        given = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        there = _place(x[given], y[given], reading.crs, ground)
        places[given] = there
        seen = (x[given] != 0) | (y[given] != 0)
        tally.given, tally.fitting = int(seen.sum()), int((there[seen] != _because(OFF)).sum())
        tally.alike = count_fitting(x[given], y[given])
    if "postcode" in block and ground.postcodes is not None:
        # As for support places: coordinates come first, and the postcode where they cannot be used.
        left = np.flatnonzero(np.isin(places, [_because(n) for n in (NOTHING, NOT_NUMBERS, ZERO, OFF)]))
        keys = _keys(_texts(block["postcode"].take(_indices(left))))
        asked = keys != 0
        places[left[asked]] = ground.postcodes.find(keys[asked])
    lost = places < 0
    tally.unplaced = np.bincount(-places[lost] - 1, minlength=len(REASONS)).astype("int64")
    placed = np.flatnonzero(~lost)
    numbers, names = _categories(block, placed)
    by_both = np.bincount(numbers * len(ground.codes) + places[placed], minlength=len(names) * len(ground.codes))
    tables = by_both.astype("int64").reshape(len(names), len(ground.codes))
    for name, counts in zip(names, tables, strict=True):
        if counts.any():
            tally.counts[name] = tally.counts.get(name, 0) + counts
    return tally


def _because(reason: int) -> int:
    """A reason instead of a position: below 0."""
    return -reason - 1


def _as_array(texts: pd.Series) -> "pa.Array":
    import pyarrow as pa

    array = pa.array(texts, pa.string())
    # A long column of pandas comes in several pieces.
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _indices(rows: Positions) -> "pa.Array":
    import pyarrow as pa

    return pa.array(rows)


def _coordinates(block: Mapping[str, "pa.Array"], reading: Reading) -> tuple[Floats, Floats, Flags] | None:
    """Both coordinates, missing where they cannot be used, and which were given and cannot; ``None`` without any."""
    if "shape" in block:
        return _of_shapes(block["shape"])
    if "x" not in block:
        return None
    (x, x_given), (y, y_given) = (_numbers(block[axis], reading.decimal) for axis in ("x", "y"))
    faulty = (x_given | y_given) & ~(np.isfinite(x) & np.isfinite(y))
    return x, y, faulty


def _of_shapes(cells: "pa.Array") -> tuple[Floats, Floats, Flags]:
    import shapely

    given = ~np.asarray(cells.is_null())
    shapes = shapely.from_wkb(np.asarray(cells.to_pylist(), dtype=object), on_invalid="ignore")
    points = shapely.get_type_id(shapes) == 0
    x, y = np.full(len(shapes), np.nan), np.full(len(shapes), np.nan)
    x[points], y[points] = shapely.get_x(shapes[points]), shapely.get_y(shapes[points])
    empty = points & np.isnan(x)
    return x, y, given & ~(np.isfinite(x) & np.isfinite(y)) & ~empty


def _numbers(cells: "pa.Array", decimal: str) -> tuple[Floats, Flags]:
    """Numbers, missing where there is none that is finite; and which cells hold anything."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    if pa.types.is_floating(cells.type) or pa.types.is_integer(cells.type) or pa.types.is_decimal(cells.type):
        numbers = cells.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        # In parquet, a number that is none is how many programs write that there is none.
        return np.where(np.isfinite(numbers), numbers, np.nan), ~np.isnan(numbers)
    text = pc.utf8_trim_whitespace(_texts(cells))
    if decimal == ",":
        text = pc.replace_substring(text, ",", ".")
    given = pc.fill_null(pc.not_equal(text, ""), fill_value=False)
    fits = pc.fill_null(pc.match_substring_regex(text, _NUMBER), fill_value=False)
    numbers = pc.if_else(fits, text, None).cast(pa.float64()).to_numpy(zero_copy_only=False)
    return np.where(np.isfinite(numbers), numbers, np.nan), np.asarray(given)


def _place(x: Floats, y: Floats, crs: str, ground: Ground) -> Positions:
    """Where points are: the position of their LSOA, or minus a reason."""
    degrees = _to_degrees(x, y, crs)
    west, south, east, north = WGS84_BOX
    inside = (degrees[:, 0] >= west) & (degrees[:, 0] <= east) & (degrees[:, 1] >= south) & (degrees[:, 1] <= north)
    if crs in TITLES:
        # Degrees taken for metres would lie in the sea off Cornwall: what is usual is told by the numbers themselves.
        inside &= _fits(x, y, crs)
    places = np.full(len(x), _because(OFF))
    places[(x == 0) & (y == 0)] = _because(ZERO)
    rows = np.flatnonzero(inside)
    there = place_points(degrees[rows], ground.outlines)
    outside = there == NOWHERE
    there[outside] = _because(ELSEWHERE)
    if ground.land is not None and outside.any():
        at = np.flatnonzero(outside)
        there[at[place_points(degrees[rows[at]], ground.land) == NOWHERE]] = _because(SEA)
    places[rows] = there
    return places


def _fits(x: Floats, y: Floats, crs: str) -> Flags:
    west, south, east, north = extent_of(crs)
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)


def _to_degrees(x: Floats, y: Floats, crs: str) -> Floats:
    if crs == DEGREES:
        return np.column_stack([x, y])
    return np.column_stack(transformer(crs, DEGREES).transform(x, y))


def _texts(cells: "pa.Array") -> "pa.Array":
    """Cells as text; whole numbers without decimals."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    if pa.types.is_floating(cells.type):
        # The same category as whole numbers in one file, and as decimals, for want of a value, in another.
        numbers = cells.to_numpy(zero_copy_only=False)
        plain = [None if np.isnan(n) else f"{n:.0f}" if n == np.floor(n) else repr(float(n)) for n in numbers]
        return pa.array(plain, pa.string())
    if pa.types.is_binary(cells.type) or pa.types.is_large_binary(cells.type):
        cells = pa.array([None if c is None else c.decode("utf-8", errors="replace") for c in cells.to_pylist()])
    return pc.fill_null(cells.cast(pa.string()), "")


def _keys(postcodes: "pa.Array") -> NDArray[np.uint64]:
    """Postcodes in any spacing and case as numbers; 0 where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    bare = pc.replace_substring_regex(pc.utf8_upper(pc.fill_null(postcodes, "")), r"[^0-9A-Z]", "")
    # One that is too long is none, and is no longer the beginning of itself.
    short = pc.if_else(pc.less_equal(pc.utf8_length(bare), _WIDTH - 1), bare, "#")
    cells = pc.utf8_rpad(short, _WIDTH, " ").cast(pa.binary())
    if not len(cells):
        return np.empty(0, dtype="uint64")
    keys = np.frombuffer(cells.buffers()[2], ">u8", len(cells), cells.offset * _WIDTH).astype("uint64")
    return np.where(keys == _NONE, np.uint64(0), keys)


_NONE = np.frombuffer(b" " * _WIDTH, dtype=">u8")[0]


def _categories(block: Mapping[str, "pa.Array"], rows: Positions) -> tuple[Positions, list[str]]:
    """The number of the category of each of ``rows``, and what the categories are called."""
    import pyarrow.compute as pc

    if "category" not in block:
        return np.zeros(len(rows), dtype="int64"), [""]
    text = pc.utf8_trim_whitespace(_texts(block["category"].take(_indices(rows))))
    encoded = pc.fill_null(text, "").dictionary_encode()
    names = [re.sub(r"\s+", " ", name) for name in encoded.dictionary.to_pylist()]
    refuse_many_categories(len(names))
    if any(len(name) > LONGEST_CATEGORY for name in names):
        raise CountError(
            f"--category: a value of the column is longer than {LONGEST_CATEGORY} characters. Is it free text? Choose "
            "a column of a few groups, or leave it out."
        )
    return encoded.indices.to_numpy(zero_copy_only=False).astype("int64"), [
        CALLED_ALL if name == EVERY_CATEGORY else name or NOT_GIVEN for name in names
    ]


def refuse_wrong_system(tally: Tally, crs: Sequence[str]) -> None:
    """Refuse rows most of whose coordinates do not lie in Great Britain in the system that they are said to be in.

    Raises:
        CountError: which system they look like; none of them is quoted.
    """
    if tally.fitting >= LEAST_FITTING * tally.given:
        return
    said = first([TITLES.get(code, code if len(code) < 40 else "the system of the file") for code in crs], 3)
    alike = [str(system) for system, count in tally.alike.items() if count >= MOST_ALIKE * tally.given]
    meant = f" They look like {alike[0]}: say so with --crs, or with --columns x=…,y=…." if alike else ""
    raise CountError(
        f"{tally.given - tally.fitting:,} of {tally.given:,} rows with coordinates do not lie in Great Britain as "
        f"{said}.{meant}"
    )
