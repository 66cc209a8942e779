"""Sites for an area: who counts as served, what the plan brings, and what its tables say."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.act.sites import (
    Candidates,
    Proposal,
    Reach,
    SiteRequest,
    list_neighbourhoods,
    list_places_of_kind,
    parse_reach,
    propose_sites,
)
from pipeline.act.support import Support
from pipeline.errors import PipelineError, RawFileError
from tests.fixtures.support import Journeys, support

ORIGINS = [(f"E0100000{n}", 3000.0 * n, 0.0, True) for n in range(6)]
CODES = [code for code, *_ in ORIGINS]
PEOPLE = pd.Series([100.0, 80.0, 60.0, 50.0, 10.0, 40.0], index=CODES)
PLACES = [("l1", "library", 0.0, 0.0, 1.0), ("s1", "surgery", 15_000.0, 0.0, 0.25)]
NAMES = pd.Series([f"Ward {n}" for n in range(6)], index=CODES)


def world(journeys: Journeys | None = None) -> Support:
    return support(PLACES, ORIGINS, journeys=journeys)


def proposal(new: int = 2, reach: float = 3000.0, kinds: tuple[str, ...] = ("library",), **more: Any) -> Proposal:
    return propose_sites(
        world(), PEOPLE, list_neighbourhoods(world(), NAMES), SiteRequest(new, Reach(reach, "metres"), kinds, **more)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5km", Reach(5000.0, "metres")), ("800 m", Reach(800.0, "metres")), ("12.5min", Reach(12.5, "minutes"))],
)
def test_a_reach_is_a_distance_or_a_time(text: str, expected: Reach) -> None:
    assert parse_reach(text) == expected


@pytest.mark.parametrize("text", ["5", "five km", "0km", "-3km", "5 miles"])
def test_what_is_no_reach_is_refused(text: str) -> None:
    with pytest.raises(PipelineError, match="such as 5km"):
        parse_reach(text)


def test_existing_places_are_counted_in() -> None:
    found = proposal(new=1)
    assert found.sought.already == 180.0
    assert found.sites["site_id"].tolist() == ["E01000003"]
    assert found.sites["newly_covered"].tolist() == [120.0]
    nothing_there = proposal(new=1, kinds=())
    assert nothing_there.sought.already == 0.0
    assert nothing_there.sites["site_id"].tolist() == ["E01000001"]


def test_two_sites_bring_no_fewer_than_one_and_the_curve_says_so() -> None:
    found = proposal(new=4)
    curve = found.coverage
    assert curve["sites"].tolist() == [0, 1, 2, 3, 4]
    assert curve["newly_covered"].is_monotonic_increasing
    assert curve["share_covered"].iloc[-1] == 1.0
    assert (curve["gap"] == 0).all()
    # Two sites reach everyone: a third is not needed.
    assert len(found.sites) == 2
    assert found.sites["covered_together"].iloc[-1] == found.sought.newly_covered == 160.0


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), min_size=2, max_size=7),
    st.integers(1, 3),
    st.integers(1, 9),
    st.booleans(),
)
def test_the_plan_equals_brute_force(
    spots: Sequence[tuple[int, int]], new: int, reach: int, with_library: bool
) -> None:
    origins = [(f"E0100000{n}", 1000.0 * x, 0.0, True) for n, (x, _) in enumerate(spots)]
    people = pd.Series([float(p) for _, p in spots], index=[code for code, *_ in origins])
    place = support([("l1", "library", 0.0, 0.0, 1.0)], origins)
    kinds = ("library",) if with_library else ()
    names = pd.Series("N", index=people.index)
    found = propose_sites(
        place, people, list_neighbourhoods(place, names), SiteRequest(new, Reach(1000.0 * reach, "metres"), kinds)
    )
    x = np.array([1000.0 * x for x, _ in spots])
    served = (x <= 1000.0 * reach) if with_library else np.zeros(len(x), dtype=bool)
    best = 0.0
    for chosen in itertools.combinations(range(len(x)), min(new, len(x))):
        reached = (np.abs(x[:, None] - x[list(chosen)][None, :]) <= 1000.0 * reach).any(axis=1)
        best = max(best, float(people[reached & ~served].sum()))
    assert found.sought.newly_covered == pytest.approx(best)
    assert found.sites["newly_covered"].sum() == pytest.approx(best)


def test_a_budget_buys_no_more_than_it_can() -> None:
    frame = list_neighbourhoods(world(), NAMES).frame.assign(cost=[5.0, 5, 5, 5, 1, 1])
    candidates = Candidates(frame, "six")
    found = propose_sites(
        world(), PEOPLE, candidates, SiteRequest(3, Reach(3000.0, "metres"), ("library",), budget=2.0)
    )
    assert found.sites["cost"].sum() <= 2.0
    assert found.sites["site_id"].tolist() == ["E01000004"]
    with pytest.raises(PipelineError, match="budget goes with maximal covering"):
        propose_sites(
            world(), PEOPLE, candidates, SiteRequest(3, Reach(3000.0, "metres"), (), model="p-median", budget=2.0)
        )


def test_the_p_median_says_how_much_way_is_saved() -> None:
    found = proposal(new=2, reach=6000.0, model="p-median")
    assert found.sites["way_saved"].notna().all()
    assert found.sought.way_saved == pytest.approx(found.sites["way_saved"].sum())
    assert found.sought.gap == 0.0
    assert found.coverage["gap"].tolist()[-1] == 0.0


def test_places_of_a_kind_can_be_candidates() -> None:
    found = propose_sites(
        world(), PEOPLE, list_places_of_kind(world(), "surgery"), SiteRequest(3, Reach(3000.0, "metres"), ("library",))
    )
    assert found.sites["site_id"].tolist() == ["s1"]
    assert found.sites["newly_covered"].tolist() == [50.0]
    with pytest.raises(PipelineError, match="no places of the kind 'pub'"):
        list_places_of_kind(world(), "pub")


def test_minutes_need_journeys_that_lead_to_the_candidates() -> None:
    with pytest.raises(PipelineError, match="journeys_file"):
        propose_sites(world(), PEOPLE, list_neighbourhoods(world(), NAMES), SiteRequest(1, Reach(20.0, "minutes"), ()))
    to_library: Journeys = {"origin": CODES[:2], "destination": ["l1", "l1"], "minutes": [5.0, 15.0]}
    with pytest.raises(RawFileError, match="lead to the candidates"):
        propose_sites(
            world(journeys=to_library),
            PEOPLE,
            list_neighbourhoods(world(), NAMES),
            SiteRequest(1, Reach(20.0, "minutes"), ("library",)),
        )
    to_all: Journeys = {
        "origin": [CODES[0], CODES[2], CODES[3], CODES[4]],
        "destination": ["l1", CODES[3], CODES[3], CODES[3]],
        "minutes": [5.0, 19.0, 0.0, 21.0],
    }
    found = propose_sites(
        world(journeys=to_all),
        PEOPLE,
        list_neighbourhoods(world(), NAMES),
        SiteRequest(1, Reach(20.0, "minutes"), ("library",)),
    )
    assert (found.sought.already, found.sought.newly_covered) == (100.0, 110.0)


def test_ways_saved_in_minutes_are_minutes() -> None:
    journeys: Journeys = {"origin": CODES[:2], "destination": [CODES[0]] * 2, "minutes": [0.0, 15.0]}
    found = propose_sites(
        world(journeys=journeys),
        PEOPLE,
        list_neighbourhoods(world(), NAMES),
        SiteRequest(1, Reach(20.0, "minutes"), (), model="p-median"),
    )
    assert found.sites["way_saved"].tolist() == [100 * 20.0 + 80 * 5.0]
    assert found.sought.way_saved == 2400.0
