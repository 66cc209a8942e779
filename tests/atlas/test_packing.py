"""What is packed comes back when it is read as the browser reads it."""

import base64
from collections.abc import Sequence
from random import Random

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from pipeline.atlas.packing import (
    build_topology,
    pack_areas,
    pack_boundaries,
    pack_geometry,
    pack_postcodes,
    pack_table,
)
from pipeline.atlas.packing.encoding import (
    LARGE,
    MEMORY_LEVELS,
    SAFE,
    USUAL,
    _as_text,
    _squeeze,
    compress,
    encode_varints,
    zigzag,
)
from pipeline.atlas.packing.place_names import pack_place_names
from pipeline.atlas.packing.table import PARTS_OF_A_BIT, _information, _Numbers
from pipeline.errors import SchemaError
from tests.fixtures import packed
from tests.fixtures.unpacking import (
    decode_varints,
    decompress,
    on_grid,
    read_frame,
    unpack_geometry,
    unpack_table,
    unzigzag,
)


def test_the_file_that_the_browser_reads_is_current() -> None:
    message = "tests/fixtures/packed.json is out of date: python -m tests.fixtures.packed"
    assert packed.PATH.read_text(encoding="utf-8") == packed.text(), message


def test_every_kind_of_column_comes_back() -> None:
    frame = packed.table()
    pd.testing.assert_frame_equal(unpack_table(pack_table(frame)), frame, check_dtype=False, check_like=True)


def test_a_column_that_follows_another_takes_few_bytes_and_comes_back() -> None:
    frame = packed.followed()
    header, _ = read_frame(decompress(pack_table(frame).packed))
    along = {name: column["values"]["along"] for name, column in header.items() if "values" in column}
    assert along["risk_score"] is None
    assert along["risk_rank"] == "risk_score"
    assert along["risk_decile"] in {"risk_score", "risk_rank"}
    assert along["of_town"] == "lsoa21_name"
    pd.testing.assert_frame_equal(unpack_table(pack_table(frame)), frame, check_dtype=False, check_like=True)
    alone = [len(pack_table(frame[[name]]).packed) for name in frame]
    assert len(pack_table(frame).packed) < 0.7 * sum(alone)


@given(st.binary(max_size=40))
def test_bytes_are_written_as_the_standard_library_writes_them(content: bytes) -> None:
    assert _as_text(content) == base64.b85encode(content).decode("ascii").translate(SAFE)


@given(st.lists(st.integers(0, 2**34), min_size=1, max_size=50), st.integers(1, 5), st.randoms(use_true_random=False))
def test_orders_that_are_compared_together_compare_as_each_alone(
    values: list[int], orders: int, random: Random
) -> None:
    numbers = _Numbers(np.array(values, dtype=np.int64))
    tried = [np.array(random.sample(range(len(values)), len(values)), dtype=np.int64) for _ in range(orders)]
    assert numbers.sizes_in(tried) == [_Numbers(numbers.values[order]).chosen.size for order in tried]
    in_order = [numbers.in_order(order) for order in tried]
    assert [stream.planes() for stream in in_order] == [
        _Numbers(numbers.values[order]).chosen.planes() for order in tried
    ]


@given(st.lists(st.integers(0, 2**20), min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_bytes_take_what_their_entropy_says_in_whatever_order(values: list[int], random: Random) -> None:
    numbers, mixed = (np.array(order, dtype=np.uint64) for order in (values, random.sample(values, len(values))))
    size = _information(numbers[np.newaxis], [3])
    assert _information(mixed[np.newaxis], [3]) == size
    planes = [(numbers >> np.uint64(8 * place)) & np.uint64(255) for place in range(3)]
    shares = [np.unique(plane, return_counts=True)[1] / len(values) for plane in planes]
    entropy = -sum(float((share * np.log2(share)).sum()) for share in shares) * len(values)
    assert size[0] / PARTS_OF_A_BIT == pytest.approx(entropy, abs=0.02)


@pytest.mark.parametrize("length", [LARGE - 1, LARGE])
def test_only_what_is_large_is_compressed_in_several_ways(length: int) -> None:
    content = " ".join(map(str, range(length))).encode()[:length]
    usual, smallest = (_as_text(_squeeze(content, level)) for level in (USUAL, min(MEMORY_LEVELS)))
    assert len(smallest) < len(usual)
    assert compress(content) == (usual if length < LARGE else smallest)
    assert decompress(compress(content)) == content


def test_equal_columns_are_kept_once() -> None:
    frame = pd.DataFrame({"a": np.random.default_rng(1).random(500)})
    once, twice = (len(pack_table(f).packed) for f in (frame, frame.assign(b=frame["a"])))
    assert twice - once < 60


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.floats(allow_nan=False, allow_infinity=False),
            st.integers(-(10**6), 10**6).map(lambda i: i / 1000),
        ),
        min_size=1,
    )
)
def test_numbers_keep_every_bit(values: Sequence[float | None]) -> None:
    frame = pd.DataFrame({"x": pd.Series([np.nan if value is None else value for value in values], dtype="float64")})
    back = unpack_table(pack_table(frame))["x"]
    np.testing.assert_array_equal(back.to_numpy(dtype="float64"), frame["x"].to_numpy())


@given(st.lists(st.integers(-(2**40), 2**40), min_size=1))
def test_whole_numbers_come_back(values: Sequence[int]) -> None:
    assert unpack_table(pack_table(pd.DataFrame({"x": values})))["x"].tolist() == values


@given(st.lists(st.one_of(st.none(), st.text(max_size=12)), min_size=1))
def test_text_comes_back(values: Sequence[str | None]) -> None:
    frame = pd.DataFrame({"x": pd.Series(np.array(values, dtype=object), dtype="str")})
    back = unpack_table(pack_table(frame))["x"]
    assert [None if pd.isna(v) else v for v in back] == [None if pd.isna(v) else v for v in frame["x"]]


@given(st.lists(st.from_regex(r"[A-Z][a-z]{0,3} [0-9]{3}[A-Z]", fullmatch=True), min_size=1, unique=True))
def test_names_that_count_come_back(values: Sequence[str]) -> None:
    frame = pd.DataFrame({"x": pd.Series(values, dtype="str")})
    assert unpack_table(pack_table(frame))["x"].tolist() == values


def test_rounding_is_only_where_it_is_asked_for() -> None:
    frame = pd.DataFrame({"a": [1 / 3], "b": [1 / 3]})
    back = unpack_table(pack_table(frame, {"a": 2}))
    assert back["a"].tolist() == [0.33]
    assert back["b"].tolist() == [1 / 3]


def test_what_no_number_is_is_refused_by_name() -> None:
    with pytest.raises(SchemaError, match="'x' holds an infinite number"):
        pack_table(pd.DataFrame({"x": [1.0, np.inf]}))
    with pytest.raises(SchemaError, match="'x' should hold text or numbers"):
        pack_table(pd.DataFrame({"x": [object()]}))


def test_postcodes_outside_the_page_are_left_out() -> None:
    frame = pd.DataFrame({"postcode": ["ZZ1 1AA", "ZZ1 1AB"], "lsoa21_code": ["E01900001", "E01999999"]})
    assert pack_postcodes(frame, packed.CODES, complete=True).count == 1


def test_percentiles_are_kept_as_parts_to_the_last_bit() -> None:
    parts = np.random.default_rng(5).integers(0, 67_511, 600)
    frame = pd.DataFrame({"x": 100 * (parts / 67_510)})
    packed_ = pack_table(frame)
    assert unpack_table(packed_)["x"].tolist() == frame["x"].tolist()
    assert len(packed_.packed) < 0.5 * len(pack_table(frame + 1e-9).packed)


def test_a_sector_has_all_areas_of_its_postcodes() -> None:
    frame = pd.DataFrame(
        {
            "postcode": ["ZZ1 1AA", "ZZ1 1AB", "ZZ1 1AC", "ZZ11 1AA"],
            "lsoa21_code": [packed.CODES[i] for i in (2, 0, 2, 1)],
        }
    )
    sectors = pack_postcodes(frame, packed.CODES, complete=False)
    header, body = read_frame(decompress(sectors.packed))
    streams = {name: body[at : at + length] for name, (at, length) in header["at"].items()}
    areas = np.cumsum(unzigzag(np.fromiter(decode_varints(streams["areas"]), dtype=np.uint64)))
    assert header["sectors"] == ["ZZ1 1", "ZZ11 1"]
    assert list(decode_varints(streams["counts"])) == [2, 1]
    assert areas.tolist() == [0, 2, 1]
    assert sectors.count == 2


def test_fewer_bytes_are_enough_where_only_the_order_counts() -> None:
    shares = np.random.default_rng(3).integers(1, 900, 2_000) / 1_700
    frame = pd.DataFrame({"x": shares})
    assert len(pack_table(frame, ordered={"x": 4}).packed) < 0.5 * len(pack_table(frame).packed)


@given(
    st.lists(st.one_of(st.none(), st.floats(-0.001, 0.001), st.floats(-1e4, 1e4)), min_size=1),
    st.integers(0, 4),
)
def test_order_ties_and_what_is_shown_are_kept(values: Sequence[float | None], shown: int) -> None:
    given_ = pd.Series([np.nan if value is None else value for value in values], dtype="float64")
    back = unpack_table(pack_table(pd.DataFrame({"x": given_}), ordered={"x": shown}))["x"]
    assert back.rank().equals(given_.rank())
    np.testing.assert_array_equal(back.round(shown), given_.round(shown))


def test_numbers_too_large_to_be_told_apart_keep_every_bit() -> None:
    large = pd.DataFrame({"x": [2.0**40 + 1 / 3, 0.1, np.nan]})
    np.testing.assert_array_equal(unpack_table(pack_table(large, ordered={"x": 4}))["x"], large["x"])


@given(st.lists(st.integers(0, 2**64 - 1)))
def test_varints_come_back(values: Sequence[int]) -> None:
    assert list(decode_varints(encode_varints(np.array(values, dtype=np.uint64)))) == values


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_zigzag_comes_back_and_keeps_small_numbers_small(values: Sequence[int]) -> None:
    coded = zigzag(np.array(values, dtype=np.int64))
    assert unzigzag(coded).tolist() == values
    assert all(int(code) <= 2 * abs(value) for code, value in zip(coded, values, strict=True))


def test_what_is_no_whole_number_from_zero_is_refused() -> None:
    with pytest.raises(TypeError, match="whole numbers, not float64"):
        encode_varints([0.5])
    with pytest.raises(ValueError, match="not negative"):
        encode_varints([-1])


CELLS = st.lists(st.lists(st.sampled_from("abc."), min_size=4, max_size=4), min_size=4, max_size=4)


@given(CELLS)
def test_areas_put_together_again_from_shared_arcs_are_the_same_areas(cells: Sequence[Sequence[str]]) -> None:
    """Areas of grid cells: with holes, in several parts, touching at corners, or without any cell at all."""
    boxes: dict[str, list[BaseGeometry]] = {name: [] for name in "abc"}
    for row, line in enumerate(cells):
        for column, name in enumerate(line):
            if name != ".":
                west, south = 1 + 0.01 * column, 52 + 0.01 * row
                boxes[name].append(shapely.box(west, south, west + 0.01, south + 0.01))
    areas = [shapely.set_precision(shapely.union_all(parts), 0.01) if parts else None for parts in boxes.values()]
    geometry = pack_geometry(build_topology(areas, 1.0))
    for area, back in zip(areas, unpack_geometry(geometry), strict=True):
        if area is None:
            assert back.is_empty
        else:
            assert shapely.equals(on_grid(area, geometry), back)


@given(CELLS)
def test_areas_in_two_parts_are_the_same_areas(cells: Sequence[Sequence[str]]) -> None:
    """What comes first and what comes after it, put together: each vertex where it was, in its place."""
    boxes = [
        shapely.box(1 + 0.01 * column, 52 + 0.01 * row, 1.01 + 0.01 * column, 52.01 + 0.01 * row)
        for row, line in enumerate(cells)
        for column, name in enumerate(line)
        if name == "a"
    ]
    area = shapely.segmentize(shapely.union_all(boxes), 0.0007) if boxes else None
    topology = build_topology([area], 1.0)
    (once,), (twice,) = unpack_geometry(pack_geometry(topology)), unpack_geometry(pack_boundaries(topology))
    assert shapely.equals_exact(once, twice)


def test_the_first_picture_has_the_ends_of_borders_and_the_furthest_vertices() -> None:
    topology = build_topology(packed.WAVES, 1.0)
    geometry = pack_boundaries(topology)
    first, all_of_it = (unpack_geometry(geometry, at_first=at_first) for at_first in (True, False))
    assert shapely.get_num_coordinates(first).sum() < 0.6 * shapely.get_num_coordinates(all_of_it).sum()
    assert shapely.total_bounds(first).tolist() == shapely.total_bounds(all_of_it).tolist()
    pixel = np.ptp(topology.arc_x) / 1000
    assert shapely.hausdorff_distance(first[:2], all_of_it[:2]).max() <= 2 * pixel


def test_no_area_at_all_in_two_parts() -> None:
    geometry = pack_boundaries(build_topology([None], 1.0))
    assert unpack_geometry(geometry)[0].is_empty


def test_the_table_of_the_areas_in_two_parts_is_the_same_table() -> None:
    frame = packed.table()
    areas = pack_areas(frame, {}, {}, packed.FIRST)
    pd.testing.assert_frame_equal(unpack_table(areas), unpack_table(pack_table(frame)), check_like=True)
    header, content = read_frame(decompress(areas.packed))
    assert header["lad_name"]["values"] == ["Old Fenmouth", "Wetland"]
    assert header["ward_name"]["values"] == []
    assert header["ward_name"]["codes"]["at"][0] >= len(content) > header["risk_rank"]["values"]["at"][0]


def test_many_rows_of_the_first_picture_keep_their_order() -> None:
    rank = np.array([pow(7, row, 10_007) for row in range(10_006)])
    frame = pd.DataFrame({"risk_rank": rank, "risk_decile": (rank - 1) * 10 // 10_006 + 1})
    for first, along in ((set(), "risk_rank"), ({"risk_decile"}, None)):
        header, _ = read_frame(decompress(pack_areas(frame, {}, {}, first).packed))
        assert header["risk_decile"]["values"]["along"] == along


def test_a_border_that_two_areas_share_is_stored_once() -> None:
    west, east = shapely.box(1, 52, 1.1, 52.1), shapely.box(1.1, 52, 1.2, 52.1)
    assert pack_geometry(build_topology([west, east], 1.0)).arcs == 3


PLACES = pd.DataFrame(
    {
        "lsoa21_name": [f"Great Wold {n // 3 + 1:03}{'ABC'[n % 3]}" for n in range(12)],
        "ward_name": ["Quay", "North Quay", "Old Town"] * 4,
        "lad_name": "Great Wold",
        "place_name": [
            f"{name}{end}"
            for name in ("Old Quay & Town Park", "North, Great a", "=2 Wold", "Quay")
            for end in (", north side", " (B)", ", centre")
        ],
    }
).astype("str")


def test_names_of_places_are_kept_as_one_for_each_msoa_in_words_of_its_wards() -> None:
    written = pack_place_names(PLACES)
    assert written is not None
    assert written[0].names.split("\n") == ["2 0 & 3 Park", "1, 4 =a", "==2 5", "0"]
    assert written[0].endings == (", north side", " (*)", ", centre")
    pd.testing.assert_frame_equal(unpack_table(pack_table(PLACES)), PLACES, check_dtype=False)


def test_names_that_do_not_follow_their_msoa_are_kept_as_they_are() -> None:
    frame = PLACES.assign(place_name=[*PLACES["place_name"][:-1], "Elsewhere"])
    assert pack_place_names(frame) is None
    assert pack_place_names(frame.drop(columns="ward_name")) is None
    pd.testing.assert_frame_equal(unpack_table(pack_table(frame)), frame, check_dtype=False)


NAMES = st.text("ab1= ,&()AQ\n", min_size=1, max_size=10)


@given(st.lists(st.tuples(NAMES, NAMES, st.integers(1, 3), st.sampled_from("AB"), NAMES), min_size=1, max_size=8))
def test_names_of_places_come_back(rows: list[tuple[str, str, int, str, str]]) -> None:
    frame = pd.DataFrame(
        {
            "lsoa21_name": [f"Wold 00{number}{letter}" for _, _, number, letter, _ in rows],
            "ward_name": [ward for _, ward, *_ in rows],
            "lad_name": [district for *_, district in rows],
            "place_name": [f"{name} ({letter})" for name, _, _, letter, _ in rows],
        }
    )
    assert unpack_table(pack_table(frame))["place_name"].tolist() == frame["place_name"].tolist()
