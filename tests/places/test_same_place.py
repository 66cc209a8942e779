"""The same place in several lists is counted once; different places in one building are not the same."""

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue.places import PlaceKind
from pipeline.places.same_place import are_alike, merge_same_places

COLUMNS = {"name": "Name", "x": "X", "y": "Y"}


def kind(name: str, **more: object) -> PlaceKind:
    given = {
        "id": name,
        "title": name.replace("_", " "),
        "plural": f"{name}s",
        "origin": "here",
        "why": "why",
        "file": "x.csv",
        "columns": COLUMNS,
        "offers": ["skills"],
    }
    return PlaceKind.model_validate({**given, **more})


LIBRARY = kind("library", title="public library")
CENTRE = kind("centre", title="online centre")
KINDS = (LIBRARY, kind("practice", title="GP practice"), CENTRE, kind("van", mobile=True, counts=False))


def places(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Kind, name and easting of each; the northing is the same."""
    frame = pd.DataFrame(rows, columns=["kind", "name", "easting"])
    frame["place_id"] = frame["kind"] + "-" + frame.index.astype(str)
    return frame.assign(northing=300_000.0, offers="skills", capacity=1.0, counts=True)


def names(frame: pd.DataFrame) -> list[str]:
    return frame["name"].tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Duneham Library", "DUNEHAM LIBRARY - learning centre"),
        ("Duneham Library", "Duneham library (online centre)"),
        ("St. Mary's Hall", "St Marys Hall"),
        ("Café & Library, Duneham", "Cafe and Library Duneham"),
        ("Wheelwright Lane Library", "Wheelwright Ln Library"),
        ("Kittiwakemere Library", "Kittiwake Mere Library"),
        ("The Marram Library, Duneham", "Marram Library"),
        ("Dunehem Library", "Duneham Library"),
    ],
)
def test_names_of_one_place(one: str, other: str) -> None:
    assert are_alike(one, other)
    assert are_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Duneham Library", "Duneham Surgery"),
        ("Duneham Library", "Reedham Library"),
        ("Duneham Library", "Tea and Tech, Duneham"),
        ("Library", "Learning centre"),
        ("Stop 1", "Stop 11"),
        ("Duneham Clinic 1", "Duneham Clinic 2"),
        ("Duneham Primary School", "Duneham Library"),
        ("", ""),
    ],
)
def test_names_of_two_places(one: str, other: str) -> None:
    assert not are_alike(one, other)
    assert not are_alike(other, one)


def test_a_kind_says_the_purpose_of_a_bare_name() -> None:
    assert not are_alike("Duneham", "Duneham", ("public library", "GP practice"))
    assert are_alike("Duneham", "Duneham", ("public library", "online centre"))


def test_a_place_in_two_lists_is_counted_once_and_named() -> None:
    frame = places(("library", "Duneham Library", 0), ("centre", "Duneham Library learning centre", 49))
    frame.loc[1, "offers"] = "data; skills"
    merged = merge_same_places(frame, KINDS)
    assert names(merged.frame) == ["Duneham Library"]
    assert merged.frame["offers"].tolist() == ["skills; data"]
    assert merged.frame["capacity"].tolist() == [1.0]
    (line,) = merged.lines
    assert line.startswith("centres: 1 within 50 m of a public library of a like name")
    assert "Duneham Library learning centre is Duneham Library" in line
    assert "counts_twice = true for kinds.centre" in line


def test_further_than_50_metres_are_two() -> None:
    frame = places(("library", "Duneham Library", 0), ("centre", "Duneham Library", 51))
    assert merge_same_places(frame, KINDS).frame.equals(frame)


def test_the_kind_declared_first_stays_unless_it_does_not_count() -> None:
    frame = places(("centre", "Duneham Library", 0), ("library", "Duneham Library", 10))
    assert merge_same_places(frame, KINDS).frame["kind"].tolist() == ["library"]
    uncounted = (LIBRARY.model_copy(update={"counts": False}), CENTRE)
    assert merge_same_places(frame, uncounted).frame["kind"].tolist() == ["centre"]


def test_the_declaration_can_say_that_they_are_two() -> None:
    frame = places(("library", "Duneham Library", 0), ("centre", "Duneham Library", 0))
    twice = (LIBRARY, CENTRE.model_copy(update={"counts_twice": True}))
    assert merge_same_places(frame, twice).frame.equals(frame)


def test_a_library_and_a_surgery_in_one_building_are_two() -> None:
    frame = places(("library", "Duneham", 0), ("practice", "Duneham Surgery", 0), ("practice", "Duneham", 0))
    assert len(merge_same_places(frame, KINDS).frame) == 3 - 1 + 1


def test_mobile_places_are_compared_with_none() -> None:
    frame = places(("library", "Duneham Library", 0), ("van", "Duneham Library", 0))
    assert merge_same_places(frame, KINDS).frame.equals(frame)


def test_a_chain_is_one_place() -> None:
    frame = places(
        ("library", "Duneham Library", 0), ("centre", "Duneham Library", 40), ("centre", "Duneham library", 80)
    )
    assert names(merge_same_places(frame, KINDS).frame) == ["Duneham Library"]


def test_within_a_list_only_the_same_name_is_the_same_place() -> None:
    frame = places(
        ("centre", "Duneham Hub", 0), ("centre", "DUNEHAM - HUB", 20), ("centre", "Duneham Hub, upstairs", 20)
    )
    merged = merge_same_places(frame, KINDS)
    assert names(merged.frame) == ["Duneham Hub", "Duneham Hub, upstairs"]
    assert "another of the same list" in merged.lines[0]


@given(
    st.lists(
        st.tuples(st.sampled_from(["library", "centre"]), st.sampled_from(["A Hall", "B Hall"]), st.integers(0, 300)),
        max_size=12,
    )
)
def test_every_place_is_left_or_near_one_that_is(rows: list[tuple[str, str, int]]) -> None:
    frame = places(*((kind_, name, float(east)) for kind_, name, east in rows))
    merged = merge_same_places(frame, KINDS).frame
    for name, all_of_it in frame.groupby("name"):
        left = sorted(merged.loc[merged["name"] == name, "easting"])
        assert left
        gaps = max((b - a for a, b in pairwise(sorted(all_of_it["easting"]))), default=0)
        assert gaps > 50 or len(left) == 1


def test_rows_of_an_official_list_are_places_of_their_own() -> None:
    official = kind("practice", file=None, columns=None, source="gp_practices")
    frame = places(("practice", "Duneham Surgery", 0), ("practice", "Duneham Surgery", 20))
    assert merge_same_places(frame, (official,)).frame.equals(frame)
