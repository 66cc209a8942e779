"""Places that lie far from their own postcodes, and files of which nothing can be used."""

import pandas as pd
import pytest

from pipeline.errors import RawFileError
from pipeline.places.locating import Located, refuse_unusable, settle_by_postcodes
from pipeline.places.support_places import REPORTED

CODES = [f"NR1 {n}AA" for n in range(1, 10)]
POSTCODES = pd.DataFrame({"postcode": CODES, "easting": 620_000, "northing": range(300_000, 309_000, 1_000)})
FILES, TITLES = {"library": "libraries.csv"}, {"library": "Public libraries"}


def listed(count: int = 9) -> pd.DataFrame:
    """Libraries 100 metres from their postcodes."""
    frame = pd.DataFrame({"row": range(2, count + 2), "postcode": CODES[:count], "kind": "library", "fault": ""})
    frame = frame.assign(x=620_100.0, y=POSTCODES["northing"].head(count).astype(float), opening="", offers="skills")
    return frame.assign(id=CODES[:count], name=[f"L{n}" for n in range(count)], capacity=1.0, counts=True)[REPORTED]


def test_places_near_their_postcodes_stay() -> None:
    settled = settle_by_postcodes(listed(), POSTCODES, FILES, TITLES)
    pd.testing.assert_frame_equal(settled.frame, listed())
    assert settled.lines == ()


def test_one_place_far_from_its_postcode_is_named_and_placed_by_it() -> None:
    frame = listed()
    frame["x"] = frame["x"] - 40_000.0 * (frame.index == 3)
    settled = settle_by_postcodes(frame, POSTCODES, FILES, TITLES)
    assert settled.frame["x"].isna().tolist() == [n == 3 for n in range(9)]
    assert settled.lines == (
        "Public libraries: 1 far from their own postcodes, which are used instead of the coordinates: "
        "row 5 (L3, 40 km)",
    )


@pytest.mark.parametrize("count", [2, 5, 9])
def test_easting_and_northing_swapped_in_all_are_refused(count: int) -> None:
    frame = listed(count).rename(columns={"x": "y", "y": "x"})
    with pytest.raises(RawFileError, match=rf"libraries.csv: {count} of {count} places.*\(x and y\) are swapped"):
        settle_by_postcodes(frame, POSTCODES, FILES, TITLES)


def test_one_swapped_row_says_so() -> None:
    frame = listed()
    frame.loc[3, ["x", "y"]] = frame.loc[3, ["y", "x"]].to_numpy()
    assert "x and y swapped" in settle_by_postcodes(frame, POSTCODES, FILES, TITLES).lines[0]


def test_coordinates_of_other_rows_are_refused() -> None:
    frame = listed().assign(x=lambda rows: rows["x"] - 60_000)
    with pytest.raises(RawFileError, match="in another system, or those of other rows"):
        settle_by_postcodes(frame, POSTCODES, FILES, TITLES)


def test_without_postcodes_nothing_is_compared() -> None:
    frame = listed().assign(x=1.0)
    assert settle_by_postcodes(frame, None, FILES, TITLES).lines == ()


def test_coordinates_that_cannot_be_used_are_told() -> None:
    frame = listed(2)
    frame.loc[0, ["x", "y"]] = float("nan")
    frame.loc[0, "fault"] = "coordinates are 0, 0"
    (line,) = settle_by_postcodes(frame, POSTCODES, FILES, TITLES).lines
    assert line == "Public libraries: 1 placed by their postcodes, coordinates are 0, 0: row 2 (L0)"


def test_a_file_of_which_nothing_can_be_used_is_refused() -> None:
    frame = listed(3)
    refused = frame[["kind", "row", "name"]].assign(reason=["unknown postcode", "unknown postcode", "no name"])
    nothing = Located(pd.DataFrame(), refused)
    with pytest.raises(
        RawFileError, match=r"libraries.csv: none of its 3 place\(s\).*unknown postcode \(row 2, 3\); no name \(row 4\)"
    ):
        refuse_unusable(nothing, frame, {"libraries.csv": ("library",)})
    refuse_unusable(nothing, frame, {})
    refuse_unusable(Located(pd.DataFrame(), refused.head(2)), frame, {"libraries.csv": ("library",)})
