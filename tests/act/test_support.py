"""Access and the nearest places of an area, with the parts that lie between them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.act.support import list_nearest_places, measure_access, tabulate_nearest
from pipeline.tables import NEAREST, validate
from tests.fixtures.support import Journeys, support

ORIGINS = [("E01000001", 0, 0, True), ("E01000002", 4000, 0, True), ("E01000003", 9000, 0, False)]
PLACES = [("l1", "library", 0, 100, 1.0), ("l2", "library", 4000, 300, 1.0), ("s1", "surgery", 0, 50, 0.25)]
DEMAND = pd.Series({"E01000001": 100.0, "E01000002": 200.0, "E01000003": 50.0})


def test_access_is_libraries_for_a_thousand_people() -> None:
    found = measure_access(support([("l1", "library", 0, 0, 1.0)], ORIGINS), DEMAND)
    assert found.to_dict() == pytest.approx({"E01000001": 10.0, "E01000002": 0.0})


def test_places_that_could_help_count_as_far_as_is_asked() -> None:
    world = support(PLACES, ORIGINS)
    none, declared, twice = (measure_access(world, DEMAND, could_offer=f) for f in (0.0, 1.0, 2.0))
    assert none["E01000001"] == pytest.approx(10.0)
    assert twice["E01000001"] - declared["E01000001"] == pytest.approx(declared["E01000001"] - none["E01000001"])
    assert declared["E01000001"] == pytest.approx(12.5)


def test_mobile_places_add_nothing() -> None:
    van = [("v1", "van", 0, 0, 1.0)]
    assert measure_access(support(van, ORIGINS), DEMAND).tolist() == [0.0, 0.0]
    near = list_nearest_places(support([*PLACES, *van], ORIGINS))
    assert set(near["kind"]) == {"library", "surgery"}


def test_people_outside_the_area_crowd_its_places() -> None:
    places = [("l2", "library", 6500, 0, 1.0)]
    alone = measure_access(support(places, [(*o[:3], True) for o in ORIGINS[:2]]), DEMAND)
    crowded = measure_access(support(places, ORIGINS), DEMAND)
    assert 0 < crowded["E01000002"] < alone["E01000002"]


def test_people_of_the_country_go_farther() -> None:
    places = [("l1", "library", 4000, 0, 1.0)]
    assert measure_access(support(places, ORIGINS), DEMAND)["E01000001"] == 0
    classes = {"E01000001": "RSF1", "E01000002": "UN1", "E01000003": "UN1"}
    assert measure_access(support(places, ORIGINS, classes=classes), DEMAND)["E01000001"] > 0


@given(st.floats(0.2, 1.0), st.floats(1.0, 2.0))
def test_pairs_sought_once_for_the_farthest_reach_give_the_same(reach: float, farthest: float) -> None:
    one = measure_access(support(PLACES, ORIGINS), DEMAND, reach=reach)
    other = measure_access(support(PLACES, ORIGINS), DEMAND, reach=reach, farthest=farthest)
    assert one.tolist() == pytest.approx(other.tolist())


def test_the_nearest_of_each_kind_stand_in_order() -> None:
    found = list_nearest_places(support(PLACES, ORIGINS))
    validate(found, NEAREST, "nearest")
    first = found[found["lsoa21_code"] == "E01000001"]
    assert first["place_id"].tolist() == ["l1", "l2", "s1"]
    assert first["distance"].tolist() == pytest.approx([100.0, np.hypot(4000, 300), 50.0])
    assert first["number"].tolist() == [1, 2, 1]
    columns = tabulate_nearest(found, support(PLACES, ORIGINS))
    assert columns.columns.tolist() == [
        f"nearest_{kind}_{unit}" for kind in ("library", "surgery") for unit in ("metres", "minutes", "m")
    ]
    assert columns.loc["E01000002", "nearest_library_metres"] == 300.0
    assert columns["nearest_library_m"].equals(columns["nearest_library_metres"].rename("nearest_library_m"))
    assert columns[["nearest_library_minutes", "nearest_surgery_minutes"]].isna().all(axis=None)


def test_an_area_without_places_is_well_defined() -> None:
    world = support([], ORIGINS)
    assert measure_access(world, DEMAND).tolist() == [0.0, 0.0]
    assert list_nearest_places(world).empty
    assert tabulate_nearest(list_nearest_places(world), world).isna().all(axis=None)


JOURNEYS: Journeys = {
    "origin": ["E01000001", "E01000001", "E01000002", "E01000003"],
    "destination": ["l2", "s1", "l2", "l2"],
    "minutes": [18.0, 25.0, 4.0, 2.0],
}


def test_journeys_stand_instead_of_straight_lines() -> None:
    world = support(PLACES, ORIGINS, journeys=JOURNEYS)
    assert world.measure == "journeys"
    found = list_nearest_places(world)
    assert found.set_index("entry")["distance"].to_dict() == {
        "E01000001>library>1": 18.0,
        "E01000001>surgery>1": 25.0,
        "E01000002>library>1": 4.0,
    }
    assert found["minutes"].equals(found["distance"].rename("minutes"))
    assert found["metres"].isna().all()
    ways = tabulate_nearest(found, world)
    assert ways["nearest_library_minutes"].tolist() == [18.0, 4.0]
    assert ways.filter(regex="_(m|metres)$").isna().all(axis=None)
    access = measure_access(world, DEMAND)
    # 25 minutes are beyond a reach of 20, so the surgery serves nobody; 18 are not.
    assert 0 < access["E01000001"] < access["E01000002"]
