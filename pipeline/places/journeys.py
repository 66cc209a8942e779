"""A matrix of journeys: read, and how well it fits the area and its support places."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import pandas as pd

from pipeline.catalogue.places import Places
from pipeline.errors import RawFileError, first
from pipeline.reading import Header, Layout, NumberForm, code_in, loosely_among, plain, read_numbers, read_sheet
from pipeline.reading.codes import LSOA, explain
from pipeline.tables import JOURNEYS, validate

COLUMNS = ("origin", "destination", "minutes")

ALONE = "save the sheet with the journeys as a workbook of its own"
SHORTEST_LONGEST, LONGEST_MEDIAN = 1.0, 240.0
"""Journeys whose longest takes less than this, or whose median takes more, are unlikely to be in minutes."""
FEWEST_TO_DIFFER = 10
"""So many measured journeys never take the same time."""


class GivenJourneys(NamedTuple):
    """Table ``journeys``, and notes on how its file was read."""

    frame: pd.DataFrame
    notes: tuple[str, ...]


def read_journeys(
    path: Path, columns: Mapping[str, str] | None = None, decimal: Literal[".", ","] = "."
) -> GivenJourneys:
    """A matrix of journeys: ``origin`` (an LSOA), ``destination`` (a ``place_id``) and ``minutes``.

    The headers that programs write are recognised, such as ``from_id``, ``to_id`` and ``travel_time``.

    Args:
        path: CSV, workbook or parquet.
        columns: the headers of the three columns where they are others.
        decimal: what separates the decimals of the minutes.

    Raises:
        RawFileError: the file cannot be read, or a row cannot be used; the rows are named.
    """
    named: dict[str, Header] = {key: (columns or {}).get(key) or loosely_among(key) for key in COLUMNS}
    sheet = read_sheet(path, tuple(named.values()), Layout(decimal=decimal, naming=ALONE), everything=False)
    matrix = sheet.pick(named)
    form = NumberForm(decimal=decimal, decimal_key="journeys_decimal")
    minutes = read_numbers(matrix["minutes"], "minutes", sheet.name, form).values
    below = minutes.index[~(minutes >= 0)]
    if len(below):
        raise RawFileError(
            f"{sheet.name}: minutes should be numbers of 0 or more; they are not in row(s) {first(below)}. Leave out "
            "pairs between which nobody can travel."
        )
    matrix = matrix.assign(origin=matrix["origin"].map(code_in), destination=matrix["destination"].map(plain))
    empty = matrix.index[(matrix["origin"] == "") | (matrix["destination"] == "")]
    if len(empty):
        raise RawFileError(f"{sheet.name}: origin or destination is empty in row(s) {first(empty)}. Fill it in.")
    origins = matrix["origin"].str.upper()
    other = matrix.loc[~origins.str.fullmatch(LSOA.pattern), "origin"]
    if len(other):
        shown = [f"row {row}: {explain(code)}" for row, code in other.items()]
        raise RawFileError(
            f"{sheet.name}: {len(other):,} origin(s) are no LSOA code such as E01026804: {first(shown, 5)}. Journeys "
            "start at LSOAs and end at support places (place_id); journeys_columns names other columns."
        )
    twice = matrix.index[matrix.duplicated(["origin", "destination"], keep=False)]
    if len(twice):
        raise RawFileError(f"{sheet.name}: a pair appears more than once, in row(s) {first(twice)}. Keep one.")
    pair = matrix["origin"] + ">" + matrix["destination"]
    frame: pd.DataFrame = matrix.assign(minutes=minutes, pair=pair).reset_index(drop=True)[JOURNEYS.names]
    validate(frame, JOURNEYS, sheet.name)
    return GivenJourneys(frame, sheet.notes)


def describe_journeys(frame: pd.DataFrame, codes: set[str], places: pd.DataFrame, declared: Places) -> list[str]:
    """How much of a matrix of journeys can be used, and what in it looks wrong."""
    ids = set(places["place_id"])
    used = frame[frame["origin"].isin(codes) & frame["destination"].isin(ids)]
    unknown = sorted(set(frame["destination"]) - ids)
    lines = [
        f"journeys: {len(used):,} of {len(frame):,} rows go from this area to its support places; "
        f"{len(codes) - used['origin'].nunique():,} of {len(codes):,} neighbourhoods have none, and "
        f"{len(ids) - used['destination'].nunique():,} of {len(ids):,} places are never reached"
    ]
    if unknown:
        lines.append(f"journeys: {len(unknown):,} destination(s) are not a place_id of this area: {first(unknown, 8)}")
    if len(used) and (used["minutes"].max() < SHORTEST_LONGEST or used["minutes"].median() > LONGEST_MEDIAN):
        lines.append(
            f"journeys: minutes range from {used['minutes'].min():g} to {used['minutes'].max():g}. Are they minutes?"
        )
    if len(used) >= FEWEST_TO_DIFFER and used["minutes"].min() == used["minutes"].max():
        lines.append(
            f"journeys: each of the {len(used):,} rows has the same {used['minutes'].iloc[0]:g} minutes. Was one value "
            "written over the others?"
        )
    by_row = {k.id for k in declared.kinds if k.columns is not None and k.columns.id is None}
    loose = sorted(set(used["destination"].map(dict(zip(places["place_id"], places["kind"], strict=True)))) & by_row)
    if loose:
        lines.append(
            f"journeys: places of {', '.join(loose)} are numbered by their rows, so a row added above sends their "
            "journeys elsewhere. Give them a column with an identifier (columns.id in declared/places.toml)."
        )
    return lines
