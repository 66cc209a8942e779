"""Rows counted by LSOA and category: the same whatever the blocks, the order and the system, and nobody is quoted."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import CountError
from pipeline.places.counting import (
    CALLED_ALL,
    NOT_GIVEN,
    REASONS,
    Reading,
    RowColumns,
    Tally,
    choose_columns,
    refuse_wrong_system,
    tally_blocks,
)
from pipeline.reading.blocks import Heads
from pipeline.reading.within import place_points
from tests.fixtures.rows import ACROSS, CODES, SIDE, SOUTH, WEST, ground, outlines, points

GROUND = ground()
DEGREES = Reading({"x": "longitude", "y": "latitude", "category": "mode"}, "EPSG:4326")
GRID_IN_WORDS = pyproj.CRS.from_epsg(27700).to_json()
BY_POSTCODE = Reading({"postcode": "postcode"}, "")


def _block(**columns: Any) -> Mapping[str, pa.Array]:
    return {name: pa.array(cells) for name, cells in columns.items()}


def _of_frame(frame: pd.DataFrame) -> Mapping[str, pa.Array]:
    return _block(x=frame["longitude"], y=frame["latitude"], category=frame["mode"])


def _reasons(tally: Tally) -> dict[str, int]:
    return {why: int(n) for why, n in zip(REASONS, tally.unplaced, strict=True) if n}


def _plain(tally: Tally) -> object:
    counts = {name: numbers.tolist() for name, numbers in sorted(tally.counts.items())}
    return tally.rows, tally.unplaced.tolist(), counts, tally.given, tally.fitting, tally.alike


@given(st.integers(1, 400), st.integers(0, 5), st.lists(st.integers(1, 97), max_size=6), st.booleans())
@settings(max_examples=25)
def test_blocks_and_their_order_change_nothing(count: int, seed: int, cuts: list[int], backwards: bool) -> None:
    frame = points(count, seed)
    ends = sorted({0, count, *(cut * count // 100 for cut in cuts)})
    blocks = [_of_frame(frame[begin:end]) for begin, end in pairwise(ends)]
    one = tally_blocks([_of_frame(frame)], DEGREES, GROUND)
    assert _plain(tally_blocks(blocks[::-1] if backwards else blocks, DEGREES, GROUND)) == _plain(one)
    assert one.rows == count == one.placed + int(one.unplaced.sum())


def test_a_point_on_a_border_is_in_the_lsoa_with_the_lowest_code() -> None:
    corner = [WEST + SIDE, SOUTH + SIDE]
    tally = tally_blocks([_block(x=[corner[0]], y=[corner[1]])], Reading({}, "EPSG:4326"), GROUND)
    assert tally.counts[""].tolist() == [1, *[0] * (len(CODES) - 1)]


@given(st.integers(0, ACROSS), st.floats(0, ACROSS), st.booleans())
def test_the_lowest_of_all_that_cover_a_point_is_chosen(step: int, along: float, across: bool) -> None:
    at = (WEST + SIDE * step, SOUTH + SIDE * along) if across else (WEST + SIDE * along, SOUTH + SIDE * step)
    covering = np.flatnonzero(shapely.intersects_xy(outlines(), *at))
    place = place_points(np.array([at]), outlines())
    assert place.tolist() == ([covering.min()] if len(covering) else [-1])


@pytest.mark.parametrize("crs", ["EPSG:27700", "EPSG:3857", "EPSG:4258"])
def test_any_system_gives_the_same(crs: str) -> None:
    frame = points(300)
    # Points on borders may move by the width of an atom on their way.
    frame = frame[~np.isclose((frame["longitude"] - WEST) / SIDE % 1, 0)]
    x, y = pyproj.Transformer.from_crs(4326, crs, always_xy=True).transform(frame["longitude"], frame["latitude"])
    moved = tally_blocks([_block(x=x, y=y, category=frame["mode"])], Reading({}, crs), GROUND)
    here = tally_blocks([_of_frame(frame)], DEGREES, GROUND)
    assert {n: c.tolist() for n, c in moved.counts.items()} == {n: c.tolist() for n, c in here.counts.items()}
    assert moved.unplaced.tolist() == here.unplaced.tolist()


def test_geoparquet_points_are_read_as_such() -> None:
    frame = points(50)
    shapes: list[bytes | None] = [
        shapely.to_wkb(shapely.Point(*at)) for at in frame[["longitude", "latitude"]].to_numpy()
    ]
    shapes += [None, shapely.to_wkb(shapely.LineString([(1, 52), (2, 53)])), b"no shape"]
    categories = [*frame["mode"], "Phone", "Phone", "Phone"]
    tally = tally_blocks([_block(shape=shapes, category=categories)], Reading({}, "OGC:CRS84"), GROUND)
    here = tally_blocks([_of_frame(frame)], DEGREES, GROUND)
    assert tally.placed == here.placed
    assert _reasons(tally)["neither coordinates nor a postcode"] == 1
    assert _reasons(tally)["coordinates that are not numbers, or only one of the two"] == 2


def test_every_row_that_is_not_counted_has_a_reason() -> None:
    outside, middle = WEST + SIDE * (ACROSS + 0.5), SOUTH + SIDE / 2
    rows = {
        "outside the area": (str(outside), str(middle)),
        "in the sea": (str(WEST + SIDE * (ACROSS + 2)), str(middle)),
        "coordinates 0, 0": ("0", "0"),
        "coordinates outside Great Britain": ("100", "10"),
        "coordinates that are not numbers, or only one of the two": ("1.0", ""),
        "neither coordinates nor a postcode": ("", " "),
    }
    block = _block(x=[x for x, _ in rows.values()], y=[y for _, y in rows.values()])
    tally = tally_blocks([block, _block(x=["nan", "1,5", "0x10"], y=["52", "52", "52"])], DEGREES, GROUND)
    expected = dict.fromkeys(rows, 1) | {"coordinates that are not numbers, or only one of the two": 4}
    assert _reasons(tally) == expected
    assert tally.placed == 0


def test_postcodes_in_any_spacing() -> None:
    cells = ["AB1 1AA", "ab11aa", " AB1  1AB", "AB9 9ZZ", "AB9 9ZY", "ZZ1 1ZZ", "", None, "AB1 1AAX", "AB1 1AA AB1 1AB"]
    tally = tally_blocks([_block(postcode=cells)], BY_POSTCODE, GROUND)
    assert tally.counts[""][[0, 5]].tolist() == [2, 1]
    assert _reasons(tally) == {
        "outside the area": 1,
        "postcode without a point": 1,
        "unknown postcode": 3,
        "neither coordinates nor a postcode": 2,
    }


def test_coordinates_come_first_and_the_postcode_where_they_cannot_be_used() -> None:
    block = _block(
        x=[WEST + SIDE * 1.5, None, 0.0, 100.0], y=[SOUTH + SIDE / 2, None, 0.0, 10.0], postcode=["AB1 1AA"] * 4
    )
    tally = tally_blocks([block], Reading({}, "EPSG:4326"), GROUND)
    assert tally.counts[""].tolist() == [3, 1, *[0] * (len(CODES) - 2)]


def test_categories_are_told_apart_by_their_words() -> None:
    inside = {"x": [WEST + SIDE / 2] * 8, "y": [SOUTH + SIDE / 2] * 8}
    words = _block(**inside, category=["A b", " A b", "A  b", "", None, "All", "1", "1"])
    tally = tally_blocks([words], DEGREES, GROUND)
    assert {name: int(counts.sum()) for name, counts in tally.counts.items()} == {
        "A b": 3,
        NOT_GIVEN: 2,
        CALLED_ALL: 1,
        "1": 2,
    }
    numbers = _block(**inside, category=pa.array([1.0, 1, 2, None, 2.5, 1, 1, 1], pa.float64()))
    tally.add(tally_blocks([numbers], DEGREES, GROUND))
    assert int(tally.counts["1"].sum()) == 7


@pytest.mark.parametrize("at_once", [60, 6])
def test_a_column_that_identifies_people_is_no_category(at_once: int) -> None:
    names = [f"Person {n}" for n in range(60)]
    blocks = [
        _block(x=[WEST + SIDE / 2] * at_once, y=[SOUTH + SIDE / 2] * at_once, category=names[n : n + at_once])
        for n in range(0, 60, at_once)
    ]
    with pytest.raises(CountError, match="more than 50 different values") as refused:
        tally_blocks(blocks, DEGREES, GROUND)
    assert "Person" not in str(refused.value)


def test_free_text_is_no_category() -> None:
    block = _block(x=[WEST + SIDE / 2], y=[SOUTH + SIDE / 2], category=["Rang about her hearing " * 9])
    with pytest.raises(CountError, match="free text") as refused:
        tally_blocks([block], DEGREES, GROUND)
    assert "hearing" not in str(refused.value)


def test_swapped_coordinates_and_other_systems_are_told_without_quoting_one() -> None:
    frame = points(50)
    swapped = tally_blocks([_block(x=frame["latitude"], y=frame["longitude"])], Reading({}, "EPSG:4326"), GROUND)
    with pytest.raises(CountError, match="with the two axes swapped") as refused:
        refuse_wrong_system(swapped, ["EPSG:4326"])
    assert "52.5" not in str(refused.value)
    metres = tally_blocks([_of_frame(frame)], Reading({}, "EPSG:27700"), GROUND)
    with pytest.raises(CountError, match="They look like longitude and latitude"):
        refuse_wrong_system(metres, ["EPSG:27700"])
    refuse_wrong_system(tally_blocks([_of_frame(frame)], DEGREES, GROUND), ["EPSG:4326"])


def test_a_decimal_comma_is_read_where_it_is_said() -> None:
    block = _block(x=[f"{WEST + SIDE / 2}".replace(".", ",")], y=[f"{SOUTH + SIDE / 2}".replace(".", ",")])
    assert tally_blocks([block], Reading({}, "EPSG:4326", ","), GROUND).placed == 1
    assert tally_blocks([block], Reading({}, "EPSG:4326"), GROUND).placed == 0


def _heads(*names: str, shapes: Mapping[str, str] | None = None, name: str = "rows.csv") -> Heads:
    return Heads(names, name, shapes or {})


@pytest.mark.parametrize(
    ("heads", "wanted", "columns", "crs"),
    [
        (_heads("Lat", "Lon"), RowColumns(), {"x": "Lon", "y": "Lat"}, "EPSG:4326"),
        (_heads("Easting", "Northing"), RowColumns(), {"x": "Easting", "y": "Northing"}, "EPSG:27700"),
        (_heads("X", "Y"), RowColumns(crs="EPSG:3857"), {"x": "X", "y": "Y"}, "EPSG:3857"),
        (_heads("Post code", "z"), RowColumns(), {"postcode": "Post code"}, ""),
        (_heads("a", "b"), RowColumns(postcode="A"), {"postcode": "a"}, ""),
        (_heads("pcd", "mode"), RowColumns(category="MODE"), {"category": "mode", "postcode": "pcd"}, ""),
        (_heads("lon", "lat"), RowColumns(x="lon", y="lat"), {"x": "lon", "y": "lat"}, "EPSG:4326"),
        (_heads("geometry", shapes={"geometry": "OGC:CRS84"}), RowColumns(), {"shape": "geometry"}, "EPSG:4326"),
        (_heads("geometry", shapes={"geometry": GRID_IN_WORDS}), RowColumns(), {"shape": "geometry"}, "EPSG:27700"),
        (_heads("X", "Y"), RowColumns(crs="27700"), {"x": "X", "y": "Y"}, "EPSG:27700"),
        (_heads("X", "Y"), RowColumns(crs="epsg:4326"), {"x": "X", "y": "Y"}, "EPSG:4326"),
    ],
)
def test_columns_are_recognised(heads: Heads, wanted: RowColumns, columns: dict[str, str], crs: str) -> None:
    reading = choose_columns(heads, wanted, postcodes=True)
    assert dict(reading.columns) == columns
    assert reading.crs == crs


@pytest.mark.parametrize(
    ("heads", "wanted", "said"),
    [
        (_heads("Ann Smith", "NR1 1AA"), RowColumns(), "nothing says where its rows are"),
        (_heads("x", "y"), RowColumns(), "--crs EPSG:27700"),
        (_heads("x", "y"), RowColumns(crs="EPSG:0"), "is not known"),
        (_heads("x", "y"), RowColumns(x="x", crs="EPSG:27700"), "x and y go together"),
        (_heads("lon", "lat"), RowColumns(category="mode"), "the column 'mode' for category is missing"),
        (_heads("postcode", "Postcode", "postcode"), RowColumns(), "more than once"),
    ],
)
def test_columns_that_are_not_clear_are_refused(heads: Heads, wanted: RowColumns, said: str) -> None:
    with pytest.raises(CountError, match=said) as refused:
        choose_columns(heads, wanted, postcodes=True)
    # A text without headers begins with a row of somebody.
    assert "Ann" not in str(refused.value)
    assert "NR1" not in str(refused.value)


def test_postcodes_need_a_list_to_look_them_up_in() -> None:
    with pytest.raises(CountError, match="There is no list of postcodes"):
        choose_columns(_heads("postcode"), RowColumns(), postcodes=False)
