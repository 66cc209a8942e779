"""What programmes are called, whom they reach, who may host them and what they may cost."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from pipeline.act.programmes import Bundled, Surroundings, make_programmes, name_programmes
from pipeline.catalogue.places import Bundling
from pipeline.catalogue.rates import Help
from pipeline.tables import PROGRAMME_AREAS, PROGRAMMES
from pipeline.tables.programmes import IN_PROGRAMME, TOO_SMALL
from tests.fixtures.costs import item, make_costs
from tests.fixtures.grids import grid

HOSTS = pd.DataFrame(
    {
        "place_id": ["library:1", "gp:1"],
        "name": ["Big Library", "The Surgery"],
        "title": ["public library", "GP practice"],
        "easting": [600_000.0, 601_000.0],
        "northing": [300_000.0, 300_000.0],
    }
)
NO_TOWNS = pd.DataFrame({"name": [], "easting": [], "northing": []})
BUNDLING = Bundling(least_people=500, most_people=3000, reach_metres=6000)


def suggest(driver: str | None, kind: str | None) -> Help | None:
    if driver is None:
        return None
    return Help(what=f"help with {driver} for {kind}", source="s", page="https://example.org/p")


AROUND = Surroundings(HOSTS, NO_TOWNS, suggest)


def areas(*people: float, kind: Sequence[str | None] | None = None, places: list[str] | None = None) -> pd.DataFrame:
    """Areas in a row, 1 km from each other, each touching the next."""
    count = len(people)
    frame = pd.DataFrame(
        {
            "lsoa21_name": [f"Fenmouth 00{n}A" for n in range(count)],
            "ward_name": "Ward",
            "place_name": [f"{place}, north side" for place in places or ["Quay"] * count],
            "lad_name": "Fenmouth",
            "people_at_risk": people,
            "people_at_risk_low": np.array(people) / 2,
            "people_at_risk_high": np.array(people) * 2,
            "unmet_need": np.array(people) / 4,
            "main_driver": ["Age"] * count,
            "kind": kind or [None] * count,
            "easting": 600_000.0 + 1000 * np.arange(count),
            "northing": 300_000.0,
            "geometry": grid(1, count),
        },
        index=pd.Index([f"E0100{n:04}" for n in range(count)], name="lsoa21_code"),
    )
    return pd.DataFrame(gpd.GeoDataFrame(frame))


def made(frame: pd.DataFrame) -> Bundled:
    return make_programmes(frame, AROUND, BUNDLING, make_costs())


def test_a_programme_says_whom_it_reaches_who_may_host_it_and_what_it_may_cost() -> None:
    """600 people: 60 are helped; £1,000 and 60 × £10 are £1,600, low 500 + 300, high 2,000 + 1,200."""
    found = made(areas(400, 200))
    assert list(found.programmes.columns) == PROGRAMMES.names
    row = found.programmes.iloc[0]
    assert (row["people_at_risk"], row["people_helped"], row["unmet_need"]) == (600, 60, 150)
    assert (row["cost_low"], row["cost"], row["cost_high"]) == (800, 1600, 3200)
    assert row["lsoa21_codes"] == "E01000000; E01000001"
    assert (row["host"], row["host_kind"]) == ("Big Library", "public library")
    assert row["host_metres"] == pytest.approx(1000 / 3)
    assert row["what_helps"] == "help with Age for None"


def test_prices_differ_by_kind() -> None:
    shares = {"Older": 0.5}
    costs = make_costs(items=[item("lessons", "person", 10, 10, 10, share_by_kind=shares)])
    assert (costs.cost_of(100, "Older"), costs.cost_of(100, "Younger"), costs.cost_of(100, None)) == (50, 100, 100)


def test_areas_too_small_alone_are_listed_with_the_nearest_programme() -> None:
    frame = areas(400, 200, 300, 100).drop("E01000002")
    found = made(frame)
    assert list(found.areas.columns) == PROGRAMME_AREAS.names
    last = found.areas.set_index("lsoa21_code").loc["E01000003"]
    assert (last["standing"], last["programme"], last["programme_name"]) == (TOO_SMALL, 1, "Quay")
    assert last["programme_metres"] == pytest.approx(3000 - 1000 / 3)
    assert (found.areas["standing"] == IN_PROGRAMME).sum() == 2


def test_where_none_is_large_enough_there_is_none() -> None:
    found = made(areas(100, 200))
    assert found.programmes.empty
    assert found.areas["standing"].tolist() == [TOO_SMALL] * 2
    assert found.areas["programme_name"].isna().all()
    nothing = made(areas(100).iloc[:0])
    assert nothing.areas.empty


def test_kinds_are_kept_apart_and_named() -> None:
    found = made(areas(600, 300, 700, kind=["Older", "Both", "Poorer"]))
    assert dict(zip(found.programmes["kind"], found.programmes["people_at_risk"], strict=True)) == {
        "Poorer": 1000,
        "Older": 600,
    }
    assert found.areas["kind"].tolist() == ["Older", "Both", "Poorer"]


def test_the_result_does_not_depend_on_the_order_of_rows() -> None:
    frame = areas(400, 200, 900, 120, 700, kind=["Older", "Both", "Poorer", "Poorer", "Older"])
    one, other = made(frame), made(frame.iloc[::-1])
    pd.testing.assert_frame_equal(one.programmes, other.programmes)
    pd.testing.assert_frame_equal(one.areas, other.areas)


def test_names_have_two_places_at_most_a_town_and_are_unique() -> None:
    towns = pd.DataFrame({"name": ["Port", "Quay Town"], "easting": [0.0, 50_000], "northing": [0.0, 0]})
    groups = [
        areas(100, 300, 200, places=["North", "East", "West"]),
        areas(100, places=["Quay"]),
        areas(100, places=["Quay"]).assign(lad_name="Elsewhere"),
        areas(100, places=["Quay"]),
        areas(100, places=["Fenmouth 007"]),
    ]
    centres = np.array([[1000.0, 0], [50_000, 0], [50_000, 0], [50_000, 0], [5_000, 0]])
    assert name_programmes(groups, centres, towns) == [
        "East and West, Port",
        "Quay (Fenmouth) 1",
        "Quay (Elsewhere)",
        "Quay (Fenmouth) 2",
        "Fenmouth 007, near Port",
    ]
