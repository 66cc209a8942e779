"""OS Code-Point Open: a postcode belongs to the LSOA that contains its point."""

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline.errors import RawFileError, first
from pipeline.raw import BROKEN_ARCHIVE
from pipeline.reading.projection import lon_lat
from pipeline.reading.records import even_rows
from pipeline.reading.text import CUT_SHORT, decode, split_records
from pipeline.reading.within import NOWHERE, place_points
from pipeline.tables import Family, Table, as_text, is_among, validate
from pipeline.tables.columns import LSOA_CODE
from pipeline.tidy.boundaries import Box, box_on_grid
from pipeline.tidy.registry import Noted, reader

if TYPE_CHECKING:
    import geopandas as gpd

NO_COORDINATES = 90
"""The positional quality of a postcode that has no coordinates."""
QUALITIES = (10, 20, 30, 40, 50, 60, NO_COORDINATES)
EASTERNMOST, NORTHERNMOST = 700_000, 1_250_000
"""Metres on the National Grid: those of Great Britain are 655,600 and 1,219,400 at most."""
WIDTH = 7
"""Characters of a postcode as published, with spaces where it is shorter."""
AREAS = (
    *("AB", "AL", "B", "BA", "BB", "BD", "BH", "BL", "BN", "BR", "BS", "CA", "CB", "CF", "CH", "CM", "CO", "CR", "CT"),
    *("CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY", "E", "EC", "EH", "EN", "EX", "FK", "FY", "G"),
    *("GL", "GU", "HA", "HD", "HG", "HP", "HR", "HS", "HU", "HX", "IG", "IP", "IV", "KA", "KT", "KW", "KY", "L", "LA"),
    *("LD", "LE", "LL", "LN", "LS", "LU", "M", "ME", "MK", "ML", "N", "NE", "NG", "NN", "NP", "NR", "NW", "OL", "OX"),
    *("PA", "PE", "PH", "PL", "PO", "PR", "RG", "RH", "RM", "S", "SA", "SE", "SG", "SK", "SL", "SM", "SN", "SO", "SP"),
    *("SR", "SS", "ST", "SW", "SY", "TA", "TD", "TF", "TN", "TQ", "TR", "TS", "TW", "UB", "W", "WA", "WC", "WD", "WF"),
    *("WN", "WR", "WS", "WV", "YO", "ZE"),
)
"""The postcode areas of Great Britain."""
Characters = NDArray[np.uint8]
_OUTWARD = np.zeros(256, dtype=bool)
_OUTWARD[[ord(character) for character in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 "]] = True
"""Characters that may follow the area and its first figure, by their number."""
_AFTER_FIGURE = _OUTWARD.copy()
_AFTER_FIGURE[ord(" ")] = False
_MEMBER = re.compile(r"(?:.*/)?([A-Za-z]{1,2})\.csv", re.IGNORECASE)
_INTEGER = re.compile(r"-?[0-9]{1,9}")
SQUARE_METRES = 10_000
SQUARES_NORTH = NORTHERNMOST // SQUARE_METRES + 1
"""Squares from south to north."""
FEWEST_LSOAS, MOST_WITHOUT = 5, 0.2
"""Of an area's LSOAs that may have no postcode, from that many LSOAs on: in England, every one has some."""
ROWS_TOGETHER = 16_384
"""Rows in one group of the stored table: few squares, so that a box can be read without the rest of the country."""
_TYPES = {"postcode": pa.string(), "quality": pa.int32(), "easting": pa.int32(), "northing": pa.int32()}
"""As they are read: of nine figures at most. The table has whole numbers of 64 bits, as all tables."""


_postcode = Family("place", "code_point_open")
_POSTCODE = _postcode(
    "postcode",
    "code",
    "Postcode",
    "Postcode with one space",
    pattern=r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}",
)
_ON_GRID = (
    _postcode("easting", "metres", "Easting", "EPSG:27700 easting, in whole metres", minimum=0, maximum=EASTERNMOST),
    _postcode(
        "northing", "metres", "Northing", "EPSG:27700 northing, in whole metres", minimum=0, maximum=NORTHERNMOST
    ),
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
def tidy_postcodes(path: Path) -> Noted:
    """All postcodes of the archive, in the order of 10 km squares of the National Grid.

    Returns:
        Table ``postcode_points``. A postcode with quality 90 has no coordinates (0, 0). Postcode areas of Great Britain
        that have no file in the archive are noted.

    Raises:
        RawFileError: the archive is damaged, has no file for a postcode area or two for the same, a row does not have
            the documented form, or a postcode appears twice; by file and row.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive, path)
            # One after the other: two threads that each take memory for a file wait for each other most of the time.
            read = [
                _read_member(archive.read(member), f"{path}!{member.filename}", area)
                for area, member in members.items()
            ]
    except FileNotFoundError:
        raise RawFileError(f"{path}: there is no such file. Fetch it again.") from None
    except BROKEN_ARCHIVE as error:
        raise RawFileError(f"{path}: cannot be read as a zip archive: {error}. Fetch it again.") from error
    notes = (*(note for _, notes in read for note in notes), *_missing_areas(members))
    table = pa.concat_tables(part for part, _ in read)
    del read
    easting, northing = (table[column].to_numpy() for column in ("easting", "northing"))
    _refuse_off_grid(table, easting, northing, str(path))
    # Numbers of squares fit into 16 bits, and are put in order without comparing them.
    squares = (easting // SQUARE_METRES * SQUARES_NORTH + northing // SQUARE_METRES).astype(np.uint16)
    table = table.take(pa.array(np.argsort(squares, kind="stable").astype(np.int32)))
    wide = pa.schema([("postcode", pa.large_string()), *((name, pa.int64()) for name in list(_TYPES)[1:])])
    # Each column stays where it is: the frame holds no copies of a million and a half rows.
    frame: pd.DataFrame = table.cast(wide).to_pandas(split_blocks=True)
    return Noted(frame, notes)


def _members(archive: zipfile.ZipFile, path: Path) -> dict[str, zipfile.ZipInfo]:
    """The file of each postcode area, by its letters, in their order; in whatever folder."""
    by_area: dict[str, list[zipfile.ZipInfo]] = {}
    for info in archive.infolist():
        fitting = _MEMBER.fullmatch(info.filename)
        if fitting and "__MACOSX" not in info.filename:
            by_area.setdefault(fitting[1].lower(), []).append(info)
    if not by_area:
        raise RawFileError(f"{path}: expected Data/CSV/<area>.csv inside; found {first(archive.namelist())}")
    twice = [info.filename for infos in by_area.values() if len(infos) > 1 for info in infos]
    if twice:
        raise RawFileError(f"{path}: there are several files for one postcode area: {first(twice)}. Fetch it again.")
    return {area: by_area[area][0] for area in sorted(by_area)}


def _missing_areas(members: Iterable[str]) -> list[str]:
    """A note on postcode areas without postcodes; none for a country that has none of those of Great Britain."""
    there = {area.upper() for area in members}
    missing = [area for area in AREAS if area not in there]
    return (
        [f"no postcodes of {len(missing)} postcode area(s): {first(missing, 10)}"]
        if there & set(AREAS) and missing
        else []
    )


def _refuse_off_grid(table: pa.Table, easting: NDArray[np.int32], northing: NDArray[np.int32], name: str) -> None:
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


def refuse_postcodes_elsewhere(postcodes: pd.DataFrame, codes: "pd.Series[str]", where: str) -> str | None:
    """Refuse postcodes that do not fall in the LSOAs of an area; a note where a few LSOAs have none.

    In England every LSOA has some.

    Args:
        postcodes: table ``postcodes`` of the area. ``codes``: the area's LSOAs. ``where``: the file, for the message.

    Raises:
        RawFileError: a fifth of the LSOAs or more have no postcode; with the first of them.
    """
    without = codes[~is_among(codes, postcodes["lsoa21_code"])]
    if len(codes) >= FEWEST_LSOAS and len(without) >= MOST_WITHOUT * len(codes):
        raise RawFileError(
            f"{where}: {len(without):,} of {len(codes):,} LSOAs have no postcode in them: {first(without, 5)}. "
            "The postcodes or the boundaries are not where they should be: are easting and northing swapped, or is "
            "part of the file missing? Fetch it again."
        )
    if not len(without):
        return None
    return (
        f"{where}: {len(without):,} of {len(codes):,} LSOAs have no postcode in them: {first(without, 5)}. The list "
        "may be cut short, or older than the boundaries."
    )


def read_postcodes_in(path: Path, box: Box) -> pd.DataFrame:
    """The postcodes of a stored table ``postcode_points`` that lie in a box of the National Grid, in metres."""
    west, south, east, north = box
    within = [("easting", ">=", west), ("easting", "<=", east), ("northing", ">=", south), ("northing", "<=", north)]
    return pd.read_parquet(path, filters=within)


def find_postcodes(path: Path, wanted: Iterable[str]) -> pd.DataFrame:
    """The rows of a stored table ``postcode_points`` for postcodes in any spacing and case; none for unknown ones."""
    written = pc.unique(pa.array(map(str, wanted), pa.string()))
    bare = pc.utf8_upper(pc.replace_substring_regex(written, "[^0-9A-Za-z]", ""))
    spaced = _spaced(bare.filter(pc.greater(pc.utf8_length(bare), 3)))
    file = pq.ParquetFile(path)
    sought = spaced.cast(file.schema_arrow.field("postcode").type)
    # Part by part, and in one thread: of wanted postcodes of all the nation some lie in every part of the file.
    parts = (part.filter(pc.is_in(part["postcode"], sought)) for part in file.iter_batches(use_threads=False))
    rows: pd.DataFrame = pa.Table.from_batches(parts, file.schema_arrow).to_pandas(use_threads=False)
    return rows


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
    west, south, east, north = box_on_grid(tuple(boundaries.total_bounds))
    easting, northing = (postcodes[axis].to_numpy() for axis in ("easting", "northing"))
    near = (easting >= west) & (easting <= east) & (northing >= south) & (northing <= north)
    rows = np.flatnonzero(near & (postcodes["quality"].to_numpy() != NO_COORDINATES))
    # Of a million and a half pairs, numbers are sorted many times as fast as codes.
    by_code = np.argsort(boundaries["lsoa21_code"].to_numpy(), kind="stable")
    points = np.column_stack(lon_lat(easting[rows], northing[rows]))
    place = place_points(points, boundaries.geometry.to_numpy()[by_code])
    rows, place = rows[place != NOWHERE], place[place != NOWHERE]
    codes = boundaries["lsoa21_code"].array.take(by_code[place])
    # Rows are taken once, at the end: each time takes as long as to sort them.
    ordered = pc.sort_indices(as_text(postcodes["postcode"]).take(pa.array(rows))).to_numpy()
    rows = rows[ordered]
    result = pd.DataFrame(
        {
            "postcode": postcodes["postcode"].array.take(rows),
            "lsoa21_code": codes.take(ordered),
            "easting": easting[rows],
            "northing": northing[rows],
        }
    )
    if len(result):
        validate(result, POSTCODES, "postcodes")
    return result


def _read_member(content: bytes, name: str, letters: str) -> tuple[pa.Table, tuple[str, ...]]:
    """The table of a postcode area, and notes on it; at once where it has the documented form, else row by row."""
    area = letters.upper()
    table = _quickly(content)
    if table is None:
        return _carefully(content, name, area)
    shown = _are_spaced(table["postcode"].combine_chunks(), area)
    if not _has_form(table, area, shown=shown):
        return _carefully(content, name, area)
    return table if shown else table.set_column(0, "postcode", _spaced(table["postcode"])), ()


def _quickly(content: bytes) -> pa.Table | None:
    """The four columns of a file without headers; ``None`` where a row has another form."""
    if b"\0" in content or not content.endswith(b"\n"):
        return None
    width = content.count(b",", 0, content.index(b"\n")) + 1
    names = [*_TYPES, *(str(number) for number in range(4, width))]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(content),
            # In one block: what is read block by block has to be put together.
            pyarrow.csv.ReadOptions(column_names=names, use_threads=False, block_size=len(content) + 1),
            convert_options=pyarrow.csv.ConvertOptions(include_columns=list(_TYPES), column_types=_TYPES),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    if any(table[column].null_count for column in table.column_names):
        return None
    return table


def _are_spaced(postcodes: pa.Array, area: str) -> bool:
    """Whether every postcode is one of ``area`` in capitals and with one space: as it is shown."""
    if not len(postcodes) or postcodes.null_count:
        return False
    ends = np.frombuffer(postcodes.buffers()[1], np.int32, len(postcodes) + 1, postcodes.offset * 4)
    characters = np.frombuffer(postcodes.buffers()[2], np.uint8)
    begin, end = ends[:-1] + len(area), ends[1:]
    # After the letters of the area: one figure, perhaps another character, a space, a figure and two letters.
    longer = end - begin == 6
    if not (longer | (end - begin == 5)).all():
        return False
    return (
        all(bool((characters[ends[:-1] + place] == ord(letter)).all()) for place, letter in enumerate(area))
        and _within(characters[begin], "09")
        and bool(_AFTER_FIGURE[characters[begin[longer] + 1]].all())
        and bool((characters[end - 4] == ord(" ")).all())
        and _within(characters[end - 3], "09")
        and all(_within(characters[end - place], "AZ") for place in (2, 1))
    )


def _has_form(table: pa.Table, area: str, *, shown: bool) -> bool:
    """Whether every row of a table is as documented; ``False`` as well where only a closer look could tell.

    ``shown``: its postcodes are as :func:`_are_spaced` tells.
    """
    postcodes = table["postcode"].combine_chunks()
    if not len(postcodes) or table["quality"].combine_chunks().null_count:
        return False
    lengths = {} if shown else pc.min_max(pc.binary_length(postcodes)).as_py()
    if shown:
        formed = True
    elif lengths == {"min": WIDTH, "max": WIDTH}:
        letters = np.frombuffer(postcodes.buffers()[2], np.uint8, len(postcodes) * WIDTH, postcodes.offset * WIDTH)
        at = letters.reshape(-1, WIDTH).T
        begin = len(area)
        formed = (
            all(bool((at[place] == ord(letter)).all()) for place, letter in enumerate(area))
            and _within(at[begin], "09")
            and all(bool(_OUTWARD[at[place]].all()) for place in range(begin + 1, WIDTH - 3))
            and _within(at[WIDTH - 3], "09")
            and all(_within(at[place], "AZ") for place in range(WIDTH - 2, WIDTH))
        )
    else:
        formed = bool(pc.all(pc.match_substring_regex(postcodes, _form_of(area))).as_py())
    return formed and _is_unique(postcodes) and not _faults(table)


def _is_unique(postcodes: pa.Array) -> bool:
    """Whether no postcode appears twice: as published, they are in order."""
    if len(postcodes) < 2:
        return True
    if pc.all(pc.less(postcodes[:-1], postcodes[1:])).as_py():
        return True
    return bool(pc.count_distinct(_spaced(postcodes)).as_py() == len(postcodes))


def _within(characters: Characters, ends: str) -> bool:
    return bool(characters.min() >= ord(ends[0]) and characters.max() <= ord(ends[1]))


def _form_of(area: str) -> str:
    return rf"^{area}[0-9][0-9A-Z]? *[0-9][A-Z]{{2}}$"


def _faults(table: pa.Table) -> "dict[str, NDArray[np.bool_]]":
    """Rows whose numbers cannot be, by what is expected of them."""
    quality, easting, northing = (table[column].to_numpy() for column in ("quality", "easting", "northing"))
    usual = set(pc.unique(table["quality"]).to_pylist()) <= set(QUALITIES)
    nowhere = (easting == 0) & (northing == 0)
    faults = {
        f"a positional quality of {', '.join(map(str, QUALITIES))}": np.zeros(len(quality), bool)
        if usual
        else ~np.isin(quality, QUALITIES),
        "easting and northing, in this order, within Great Britain": (
            (easting < 0) | (easting > EASTERNMOST) | (northing < 0) | (northing > NORTHERNMOST)
        ),
        f"coordinates wherever the quality is not {NO_COORDINATES}": nowhere & (quality != NO_COORDINATES),
    }
    return {what: rows for what, rows in faults.items() if rows.any()}


def _carefully(content: bytes, name: str, area: str) -> tuple[pa.Table, tuple[str, ...]]:
    """As :func:`_quickly`, row by row, so that what is wrong is named."""
    text = decode(content, name)
    rows = even_rows(split_records(text.content, name)[0], len(_TYPES), name)
    notes = [f"{area.lower()}.csv: {note}" for note in text.notes]
    if not any(character.isdigit() for character in "".join(rows[0][1][:4])):
        notes.append(f"{area.lower()}.csv: row {rows[0][0]} holds headers")
        rows = rows[1:]
    if not rows:
        raise RawFileError(f"{name}: there are no postcodes in it. Fetch it again.")
    expected = "postcode, quality, easting, northing in the first four columns"
    for place, column in enumerate(list(_TYPES)[1:], 1):
        odd = [(n, f"{column} '{row[place]:.40}'") for n, row in rows if not _INTEGER.fullmatch(row[place])]
        _refuse(odd, name, f"{expected}, in whole numbers")
    if not content.endswith(b"\n"):
        notes.append(f"{area.lower()}.csv: {CUT_SHORT}")
    bare = [(n, row[0].upper().replace(" ", "")) for n, row in rows]
    form = re.compile(_form_of(area))
    _refuse([(n, f"'{code:.40}'") for n, code in bare if not form.match(code)], name, f"postcodes of the area {area}")
    counts = Counter(code for _, code in bare)
    _refuse([(n, code) for n, code in bare if counts[code] > 1], name, "each postcode once")
    columns = {column: [int(row[place]) for _, row in rows] for place, column in enumerate(list(_TYPES)[1:], 1)}
    codes = pa.chunked_array([[code for _, code in bare]], pa.string())
    table = pa.table({"postcode": _spaced(codes), **{c: pa.array(v, pa.int32()) for c, v in columns.items()}})
    for what, wrong in _faults(table).items():
        _refuse([(rows[place][0], ", ".join(rows[place][1][:4])) for place in np.flatnonzero(wrong)], name, what)
    return table, tuple(notes)


def _refuse(rows: Sequence[tuple[int, str]], name: str, expected: str) -> None:
    if rows:
        shown = first([f"row {number}: {what}" for number, what in rows], 5)
        raise RawFileError(f"{name}: expected {expected}; {len(rows):,} row(s) differ: {shown}.")


def _spaced(postcodes: pa.ChunkedArray) -> pa.ChunkedArray:
    """Postcodes in capitals with one space before their last three characters."""
    bare = pc.utf8_upper(pc.replace_substring(postcodes, " ", ""))
    return pc.binary_join_element_wise(pc.utf8_slice_codeunits(bare, 0, -3), pc.utf8_slice_codeunits(bare, -3), " ")
