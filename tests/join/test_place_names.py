"""Names of places are unique within their district, follow what tells them apart, and depend on no order."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.join.place_names import former_districts, name_places, sides
from pipeline.tables import shared_names

NOWHERE = pd.DataFrame({"easting": [], "northing": []}, dtype="float64", index=pd.Index([], dtype="object"))
HARBOUR = {"Fenmouth 001": "Harbour"}


def areas(*names: str, wards: Sequence[str | None] | None = None, district: str = "E07900001") -> pd.DataFrame:
    """Areas by their official names."""
    return pd.DataFrame(
        {
            "lsoa21_code": [f"E0190{n:04}" for n in range(1, len(names) + 1)],
            "lsoa21_name": names,
            "lad_code": district,
            "ward_name": wards or ["Quay"] * len(names),
        }
    )


def at(frame: pd.DataFrame, *points: tuple[float, float]) -> pd.DataFrame:
    """Kilometres east and north of each area."""
    metres = 1_000.0 * np.array(points) + [600_000, 300_000]
    return pd.DataFrame(metres, columns=["easting", "northing"], index=frame["lsoa21_code"])


def named(frame: pd.DataFrame, msoas: Mapping[str, str] = HARBOUR, points: pd.DataFrame = NOWHERE) -> list[str]:
    return name_places(frame, msoas, points).reindex(frame["lsoa21_code"]).tolist()


def test_a_name_is_that_of_the_msoa_else_of_the_ward_else_the_official_one() -> None:
    frame = areas("Fenmouth 001A", "Fenmouth 002A", "Fenmouth 003A", wards=["Quay", "Staithe", None])
    assert named(frame) == ["Harbour", "Staithe", "Fenmouth 003"]


def test_sides_tell_areas_of_one_name_apart_and_letters_those_on_the_same_side() -> None:
    frame = areas(*(f"Fenmouth 001{letter}" for letter in "ABCDE"))
    points = at(frame, (0, 10), (1, 0), (10, -1), (-11, -7), (-10, -6))
    assert named(frame, points=points) == [
        "Harbour, north side",
        "Harbour, centre",
        "Harbour, east side",
        "Harbour (D)",
        "Harbour (E)",
    ]


def test_areas_without_a_point_are_told_apart_by_letters_and_so_are_their_neighbours() -> None:
    """A page that holds only some areas of a name does not call them otherwise than a page of all."""
    frame = areas("Fenmouth 001A", "Fenmouth 001B")
    assert named(frame, points=at(frame, (0, 0), (0, 5)).head(1)) == ["Harbour (A)", "Harbour (B)"]


def test_a_letter_that_two_have_is_told_by_its_number_then_by_the_official_name_then_by_the_code() -> None:
    frame = areas("Fenmouth 002A", "Fenmouth 003A", "Wold 003B", "Marsh 003B", "Marsh 003B", "Marsh 003C")
    assert named(frame) == [
        "Quay (002A)",
        "Quay (003A)",
        "Quay (Wold 003B)",
        "Quay (E01900004)",
        "Quay (E01900005)",
        "Quay (C)",
    ]


def test_a_name_may_be_shared_with_another_district() -> None:
    frame = pd.concat([areas("Fenmouth 001A"), areas("Wold 001A", district="E07900002")], ignore_index=True)
    frame["lsoa21_code"] = ["E01900001", "E01900002"]
    assert named(frame, {"Fenmouth 001": "Abbey", "Wold 001": "Abbey"}) == ["Abbey", "Abbey"]


def test_a_name_that_ends_as_another_was_made_to_end_gets_its_code() -> None:
    frame = areas("Fenmouth 001A", "Fenmouth 001B", "Fenmouth 002A", wards=[None, None, "Harbour (A)"])
    assert named(frame) == ["Harbour (A) (E01900001)", "Harbour (B)", "Harbour (A) (E01900003)"]


@pytest.mark.parametrize(
    ("degrees", "side"),
    [(0, "north"), (22, "north"), (23, "north-east"), (90, "east"), (200, "south"), (270, "west"), (338, "north")],
)
def test_sides_are_eighths_of_the_compass(degrees: float, side: str) -> None:
    turned = np.radians(degrees)
    there = 1_000 * np.array([[np.sin(turned), np.cos(turned)]])
    assert sides(np.vstack([there, -there]))[0] == side


NAMES = st.sampled_from(["Quay", "Quay (A)", "Quay, centre", "Quay (001A)", "Quay (E01900001)", "Wold, north side"])
OFFICIAL = st.sampled_from(["Fenmouth 001A", "Fenmouth 001B", "Fenmouth 002A", "Wold 001A", "Marsh"])
PLACES = st.lists(st.tuples(NAMES, OFFICIAL, st.integers(0, 3), st.integers(0, 3), st.sampled_from("12")), max_size=12)


@given(PLACES, st.booleans(), st.randoms())
def test_names_are_unique_within_their_district_and_depend_on_no_order(
    given_places: list[tuple[str, str, int, int, str]], with_points: bool, random: object
) -> None:
    frame = areas(*(official for _, official, *_ in given_places), wards=[ward for ward, *_ in given_places])
    frame["lad_code"] = [f"E0790000{district}" for *_, district in given_places]
    points = at(frame, *((x, y) for _, _, x, y, _ in given_places)) if with_points and given_places else NOWHERE
    names = name_places(frame, {"Fenmouth 001": "Quay"}, points)
    assert not pd.DataFrame({"name": names, "district": frame.set_index("lsoa21_code")["lad_code"]}).duplicated().any()
    order = list(range(len(frame)))
    random.shuffle(order)  # type: ignore[attr-defined]
    other = name_places(frame.iloc[order], {"Fenmouth 001": "Quay"}, points.iloc[::-1])
    pd.testing.assert_series_equal(names, other)


def test_what_tells_names_apart_is_taken_off_again() -> None:
    names = ["Quay, south-west side", "Quay, centre", "Quay (D)", "Quay (Marsh 001B)", "Mundham, Trunch & Bay", "Quay"]
    assert shared_names(names) == ["Quay", "Quay", "Quay", "Quay", "Mundham, Trunch & Bay", "Quay"]


def test_a_former_district_is_what_the_lsoa_of_2011_was_named_after() -> None:
    now = areas("East Wold 003A", "East Wold 003B", "Fenmouth 001A", "Fenmouth 001B")
    changes = pd.DataFrame(
        {
            "lsoa21_code": ["E01900002", "E01900002", "E01900001", "E01900003"],
            "lsoa11_code": ["E01900013", "E01900012", "E01900001", "E01900003"],
            "lsoa11_name": ["Dale 009F", "Upper Marsh 001A", "Upper Marsh 003A", "Fenmouth 004C"],
        }
    )
    assert former_districts(now, changes).where(pd.notna, None).tolist() == ["Upper Marsh", "Upper Marsh", None, None]
