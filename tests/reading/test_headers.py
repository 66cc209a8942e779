from pathlib import Path

import pytest

from pipeline.errors import RawFileError
from pipeline.reading import find_header, find_recognised, read_sheet


def test_a_header_that_stands_twice_is_refused_where_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    path.write_text("Area,online,%,paper,%\nZ01,1,2,3,4\n", encoding="utf-8")
    sheet = read_sheet(path, ["online"])
    assert sheet.column("online").tolist() == ["1"]
    with pytest.raises(RawFileError, match=r"'%' appears more than once, in columns 3 and 5"):
        sheet.column("%")


def test_capitals_spaces_and_dashes_make_no_difference() -> None:
    headers = ["LSOA\xa0Code  (2021)", "Aged 65–74"]
    assert find_header(headers, "lsoa code (2021)", "f") == 0
    assert find_header(headers, "Aged 65-74", "f") == 1


def test_a_long_header_may_be_cut_short_by_its_publisher() -> None:
    whole = "Children and Young People Sub-domain Decile (where 1 is most deprived 10% of LSOAs)"
    assert find_header(["Code", whole[:-4]], whole, "f") == 1
    with pytest.raises(RawFileError, match="missing"):
        find_header(["Code", whole[:20]], whole, "f")


def test_a_misspelt_header_is_guessed_at() -> None:
    with pytest.raises(RawFileError, match="Did you mean 'Households'"):
        find_header(["Code", "Households"], "Housholds", "f")


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Latitude", "latitude"),
        ("LAT", "latitude"),
        ("lng", "longitude"),
        ("Easting", "easting"),
        ("post code", "postcode"),
        ("Post_Code", "postcode"),
        ("from_id", "origin"),
        ("to_id", "destination"),
        ("travel_time", "minutes"),
        ("Travel Time", "minutes"),
        ("LSOA code (2021)", "code"),
    ],
)
def test_headers_that_people_use_are_recognised(header: str, meaning: str) -> None:
    assert find_recognised(["something", header], meaning) == header
    assert find_recognised(["something"], meaning) is None
