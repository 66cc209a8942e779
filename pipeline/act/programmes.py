"""Programmes of an area: what each is called, whom it reaches, who may host it, what helps, and what it may cost."""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.act.bundling import ALONE, Listed, bundle
from pipeline.catalogue.costs import LEVELS, Costs
from pipeline.catalogue.places import Bundling
from pipeline.catalogue.rates import Help
from pipeline.reading.projection import lon_lat
from pipeline.space.access import find_nearest, straight_line
from pipeline.space.neighbours import find_queen_neighbours
from pipeline.store import empty
from pipeline.tables import PROGRAMME_AREAS, PROGRAMMES, shared_names, validate
from pipeline.tables.programmes import IN_PROGRAMME, TOO_SMALL

IN_TOWN, NEAR_TOWN = 3_500.0, 10_000.0
"""Metres from a town's point within which a programme's centre counts as in it, or as near it."""
NAMED_PLACES = 2
"""Of a programme that lies in several, the name has those with most people at risk."""
Suggest = Callable[[str | None, str | None], Help | None]
COST_COLUMNS = dict(zip(LEVELS, ("cost_low", "cost", "cost_high"), strict=True))


@dataclass(frozen=True)
class Surroundings:
    """What programmes are described by.

    Attributes:
        hosts: support places that stay where they are: ``place_id``, ``name``, ``title`` of the kind, ``easting``,
            ``northing``.
        towns: ``name``, ``easting``, ``northing``.
        suggest: what usually helps, by the title of the component that drives the risk and the kind of exclusion;
            either may be None.
    """

    hosts: pd.DataFrame
    towns: pd.DataFrame
    suggest: Suggest


@dataclass(frozen=True)
class Bundled:
    """The programmes of an area (table ``programmes``), and the programme of each area on the list."""

    programmes: pd.DataFrame
    areas: pd.DataFrame


def make_programmes(areas: pd.DataFrame, surroundings: Surroundings, declared: Bundling, costs: Costs) -> Bundled:
    """Bundle the areas on the list into programmes and describe these.

    Args:
        areas: the areas on the list by ``lsoa21_code``: their names, ``people_at_risk`` with low and high,
            ``unmet_need``, ``main_driver``, ``kind`` (missing where kinds are not told apart), ``easting``,
            ``northing``, and ``geometry``.
    """
    ordered = areas.sort_index()
    listed = Listed(
        people=ordered["people_at_risk"].to_numpy(dtype="float64"),
        points=ordered[["easting", "northing"]].to_numpy(dtype="float64"),
        kinds=tuple(ordered["kind"].fillna("").astype(str)),
        neighbours=find_queen_neighbours(ordered["geometry"].to_numpy()),
    )
    numbers, kinds = bundle(listed, declared)
    # Unmet need in people; people at risk where nobody says where support lacks.
    need = ordered["unmet_need"].fillna(ordered["people_at_risk"]).to_numpy(dtype="float64")
    ordered = ordered.assign(bundled_as=kinds, need=need)
    groups = [np.flatnonzero(numbers == number) for number in range(numbers.max(initial=ALONE) + 1)]
    groups = sorted(groups, key=lambda rows: (-float(need[rows].sum()), int(rows[0])))
    if not groups:
        return Bundled(empty(PROGRAMMES), _members(ordered, [], np.zeros((0, 2)), []))
    centres = np.array([listed.centre(rows.tolist()) for rows in groups])
    names = name_programmes([ordered.take(rows) for rows in groups], centres, surroundings.towns)
    rows = [
        _describe(ordered.take(members), name, costs, surroundings.suggest)
        for members, name in zip(groups, names, strict=True)
    ]
    lon, lat = lon_lat(centres[:, 0], centres[:, 1])
    frame = pd.DataFrame(rows).assign(programme=range(1, len(rows) + 1), lon=lon, lat=lat)
    frame = frame.join(_hosts(centres, surroundings.hosts)).astype(
        dict.fromkeys(["kind", "main_driver", "host", "host_kind", "what_helps", "help_source"], "str")
    )
    frame = frame[PROGRAMMES.names]
    validate(frame, PROGRAMMES, "programmes")
    return Bundled(frame, _members(ordered, groups, centres, names))


def _describe(members: pd.DataFrame, name: str, costs: Costs, suggest: Suggest) -> dict[str, str | float | None]:
    people, kind = float(members["people_at_risk"].sum()), members["bundled_as"].iloc[0] or None
    driver = _of_most_people(members, "main_driver")
    help_there = suggest(driver, kind)
    return {
        "name": name,
        "kind": kind,
        "people_at_risk": people,
        "people_at_risk_low": float(members["people_at_risk_low"].sum()),
        "people_at_risk_high": float(members["people_at_risk_high"].sum()),
        "unmet_need": float(members["need"].sum()),
        "people_helped": people * costs.helped_share,
        "neighbourhoods": len(members),
        "lsoa21_codes": "; ".join(members.index),
        "districts": "; ".join(_by_people(members, "lad_name")),
        "main_driver": driver,
        "what_helps": None if help_there is None else help_there.what,
        "help_source": None if help_there is None else help_there.source,
        **{column: costs.cost_of(people, kind, level) for level, column in COST_COLUMNS.items()},
    }


def _by_people(members: pd.DataFrame, column: str) -> list[str]:
    """The values of a column, that of most people at risk first, equal ones in the order of the alphabet."""
    people: dict[str, list[float]] = {}
    for value, number in zip(members[column].tolist(), members["people_at_risk"].tolist(), strict=True):
        if not pd.isna(value):
            people.setdefault(str(value), []).append(0.0 if pd.isna(number) else number)
    return sorted(people, key=lambda value: (-math.fsum(people[value]), value))


def _of_most_people(members: pd.DataFrame, column: str) -> str | None:
    values = _by_people(members[members[column].notna()], column)
    return values[0] if values else None


def name_programmes(groups: Sequence[pd.DataFrame], centres: NDArray[np.float64], towns: pd.DataFrame) -> list[str]:
    """A readable name for each programme, none twice.

    The places with most people at risk, two at most, and the nearest town unless their names say it: ``Heacham and
    Snettisham, near Hunstanton``, ``Nelson, Great Yarmouth``. Names that would be the same get the district, then a
    number.

    Args:
        groups: the areas of each, with ``place_name``, ``lad_name``, ``people_at_risk``.
        centres: EPSG:27700. ``towns``: ``name``, ``easting``, ``northing``; may be empty.
    """
    short = [_places(members) for members in groups]
    points = towns[["easting", "northing"]].to_numpy(dtype="float64")
    near = find_nearest(centres, points, 1)
    titles = towns["name"].tolist()
    with_town = []
    for name, place, metres in zip(short, near.place[:, 0], near.cost[:, 0], strict=True):
        town = titles[place] if place >= 0 and metres <= NEAR_TOWN else ""
        near_it = f"{name}, {town}" if metres <= IN_TOWN else f"{name}, near {town}"
        with_town.append(near_it if town and not _says(name, town) else name)
    with_district = [
        f"{name} ({_by_people(members, 'lad_name')[0]})" if with_town.count(name) > 1 else name
        for name, members in zip(with_town, groups, strict=True)
    ]
    total, seen = Counter(with_district), Counter[str]()
    names = []
    for name in with_district:
        seen[name] += 1
        names.append(f"{name} {seen[name]}" if total[name] > 1 else name)
    return names


def _places(members: pd.DataFrame) -> str:
    """The names that people know of the places of most people, without what tells neighbourhoods of one name apart."""
    return " and ".join(_by_people(members.assign(place=shared_names(members["place_name"])), "place")[:NAMED_PLACES])


def _says(name: str, town: str) -> bool:
    """Whether a name has a word of the town's: ``Sheringham South`` needs no ``Sheringham``."""
    words = {word for word in re.findall(r"\w+", town.casefold()) if len(word) > 3}
    return bool(words & set(re.findall(r"\w+", name.casefold())))


def _hosts(centres: NDArray[np.float64], hosts: pd.DataFrame) -> pd.DataFrame:
    """The nearest support place to each centre, of equal ones the first: ``host``, ``host_kind``, ``host_metres``."""
    ordered = hosts.sort_values("place_id", ignore_index=True)
    near = find_nearest(centres, ordered[["easting", "northing"]].to_numpy(dtype="float64"), 1)
    there = near.place[:, 0] >= 0
    chosen = (
        ordered.iloc[np.where(there, near.place[:, 0], 0)] if len(ordered) else ordered.reindex(range(len(centres)))
    )
    metres = np.where(there, near.cost[:, 0], np.nan)
    return pd.DataFrame(
        {"host": chosen["name"].to_numpy(), "host_kind": chosen["title"].to_numpy(), "host_metres": metres}
    )


def _members(
    ordered: pd.DataFrame, groups: Sequence[NDArray[np.int64]], centres: NDArray[np.float64], names: Sequence[str]
) -> pd.DataFrame:
    """Table ``programme_areas``: those in no programme with the nearest."""
    points = ordered[["easting", "northing"]].to_numpy(dtype="float64")
    number = find_nearest(points, centres, 1).place[:, 0]
    inside = np.zeros(len(ordered), dtype=bool)
    for place, rows in enumerate(groups):
        number[rows], inside[rows] = place, True
    there = number >= 0
    metres = np.full(len(ordered), np.nan)
    if there.any():
        metres[there] = straight_line(points[there], centres[number[there]])
    frame = ordered.reset_index(names="lsoa21_code").assign(
        kind=ordered["kind"].to_numpy(),
        standing=np.where(inside, IN_PROGRAMME, TOO_SMALL),
        programme=np.where(there, number + 1.0, np.nan),
        programme_name=pd.Series([names[place] if place >= 0 else None for place in number], dtype="object"),
        programme_metres=metres,
    )
    frame = frame[PROGRAMME_AREAS.names].astype({"kind": "str", "programme_name": "str", "standing": "str"})
    if len(frame):
        validate(frame, PROGRAMME_AREAS, "programme_areas")
    return frame
