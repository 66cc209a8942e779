"""What the page carries of support places, sites, stories and what helps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline.atlas.columns import pack_table
from pipeline.catalogue.rates import Helps

PLACE_COLUMNS = ("name", "kind", "offers", "opening", "postcode", "lon", "lat")
DEGREES, FAR_DEGREES = 5, 4
"""Decimals of longitude and latitude: a metre, and ten on a page of many areas."""


@dataclass(frozen=True)
class Extras:
    """What is shown on and beside the areas.

    Attributes:
        places: table ``support_places``. ``nearest``: table ``nearest``. Both ``None`` where the area has no list.
        sites: table ``sites`` with its metadata, ``coverage``: table ``coverage``; ``None`` where none were sought.
        stories: table ``stories``.
        helps: what usually helps, by component.
    """

    helps: Helps
    places: pd.DataFrame | None = None
    nearest: pd.DataFrame | None = None
    sites: pd.DataFrame | None = None
    coverage: pd.DataFrame | None = None
    sought: Mapping[str, Any] = field(default_factory=dict)
    stories: pd.DataFrame | None = None


def support_data(
    extras: Extras, codes: Sequence[str], capacity: Mapping[str, Any], components: Sequence[str], *, many: bool
) -> dict[str, Any]:
    """The page's keys ``support``, ``exclusion``, ``helps``, ``both_within``, ``people``, ``sites``, ``stories``.

    Args:
        codes: the LSOAs in the order of the page's table. ``capacity``: that part of the metadata of ``risk.parquet``.
        components: of the index. ``many``: of the nearest places only the first of each kind is carried, and the way to
            it stands in the page's table.
    """
    return {
        "support": _support(extras, codes, capacity, many=many),
        "exclusion": capacity["exclusion"],
        "helps": [driver.model_dump() for name in components if (driver := extras.helps.of(name)) is not None],
        "both_within": extras.helps.both_within,
        "people": _people(capacity["people"]),
        "sites": _sites(extras),
        "stories": _stories(extras.stories, codes),
    }


def _support(extras: Extras, codes: Sequence[str], capacity: Mapping[str, Any], *, many: bool) -> dict[str, Any] | None:
    if extras.places is None or extras.nearest is None or not capacity["kinds"]:
        return None
    places = extras.places.reset_index(drop=True)
    kinds, listed = capacity["kinds"], 1 if many else capacity["listed"]
    near = _nearest(extras.nearest, places, codes, kinds, listed)
    if many:
        near = near.loc[:, ~near.columns.str.endswith("_cost")]
    return {
        "unit": "metres" if capacity["measure"] == "straight line" else "minutes",
        "listed": listed,
        "kinds": kinds,
        "places": pack_table(
            places[list(PLACE_COLUMNS)], dict.fromkeys(("lon", "lat"), FAR_DEGREES if many else DEGREES)
        ),
        "nearest": pack_table(near),
    }


def _nearest(
    nearest: pd.DataFrame, places: pd.DataFrame, codes: Sequence[str], kinds: Sequence[Mapping[str, Any]], listed: int
) -> pd.DataFrame:
    """One row for each LSOA: the rows of the nearest places of every kind and the ways there, to whole units."""
    row_of = pd.Series(places.index, index=places["place_id"])
    columns: dict[str, pd.Series] = {}
    for kind in kinds:
        own = nearest[nearest["kind"] == kind["id"]]
        for number in range(1, listed + 1):
            chosen = own[own["number"] == number].set_index("lsoa21_code")
            place = chosen["place_id"].map(row_of)
            columns[f"{kind['id']}_{number}"] = place.reindex(codes).astype("float64")
            columns[f"{kind['id']}_{number}_cost"] = chosen["distance"].round().reindex(codes).astype("float64")
    frame = pd.DataFrame(columns, index=pd.Index(codes))
    return frame.loc[:, frame.notna().any()].reset_index(drop=True)


def _people(rates: Mapping[str, Any]) -> dict[str, Any]:
    figures = [
        {**{key: figure[key] for key in ("measure", "source", "year", "page")}, "value": figure["value"]}
        for band in rates["bands"]
        for figure in (band["low"], band["high"], band.get("adults"))
        if figure
    ]
    scaled = bool(rates["scaling"] and rates["scaling"]["elasticity"] > 0)
    meanings = {"low": rates["low_means"], "high": rates["high_means"]}
    return {"title": rates["title"], **meanings, "scaled": scaled, "sources": figures}


def _sites(extras: Extras) -> dict[str, Any] | None:
    if extras.sites is None or extras.coverage is None:
        return None
    columns = ["order", "name", "lon", "lat", "newly_covered", "covered_alone", "covered_together"]
    places = {"lon": DEGREES, "lat": DEGREES, "newly_covered": 1, "covered_alone": 1, "covered_together": 1}
    curve = extras.coverage[["sites", "newly_covered"]].rename(columns={"newly_covered": "covered"})
    return {
        **{
            key: extras.sought[key]
            for key in ("model", "reach", "unit", "counted_in", "candidates", "gap", "people", "already", "way_saved")
        },
        "sites": extras.sites[columns].round(places).to_dict(orient="records"),
        "curve": curve.round(1).to_dict(orient="records"),
    }


def _stories(stories: pd.DataFrame | None, codes: Sequence[str]) -> list[dict[str, Any]]:
    if stories is None:
        return []
    row_of = {code: row for row, code in enumerate(codes)}
    return [
        {
            **{key: story[key] for key in ("place", "quote", "theme", "source")},
            "lon": round(story["lon"], DEGREES),
            "lat": round(story["lat"], DEGREES),
            "area": row_of.get(story["lsoa21_code"]),
        }
        for story in stories.to_dict(orient="records")
    ]
