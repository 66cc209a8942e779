"""How well a matrix of journeys fits the area and its support places."""

import pandas as pd

from pipeline.catalogue.places import Places
from pipeline.errors import first

SHORTEST_LONGEST, LONGEST_MEDIAN = 1.0, 240.0
"""Journeys whose longest takes less than this, or whose median takes more, are unlikely to be in minutes."""


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
    by_row = {k.id for k in declared.kinds if k.columns is not None and k.columns.id is None}
    loose = sorted(set(used["destination"].map(dict(zip(places["place_id"], places["kind"], strict=True)))) & by_row)
    if loose:
        lines.append(
            f"journeys: places of {', '.join(loose)} are numbered by their rows, so a row added above sends their "
            "journeys elsewhere. Give them a column with an identifier (columns.id in declared/places.toml)."
        )
    return lines
