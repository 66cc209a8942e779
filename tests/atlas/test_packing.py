"""What Python packs is what it unpacks, and what the browser's tests unpack."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.atlas.columns import pack_table, unpack_table
from pipeline.atlas.postcodes import pack_postcodes
from pipeline.errors import SchemaError
from tests.atlas import packed


def test_the_file_that_the_browser_reads_is_current():
    message = "tests/atlas/packed.json is out of date: python -m tests.atlas.packed"
    assert packed.PATH.read_text(encoding="utf-8") == packed.text(), message


def test_every_kind_of_column_comes_back():
    frame = packed.table()
    pd.testing.assert_frame_equal(unpack_table(pack_table(frame)), frame, check_dtype=False)


def test_equal_columns_are_kept_once():
    frame = pd.DataFrame({"a": np.random.default_rng(1).random(500)})
    once, twice = (len(pack_table(f)["packed"]) for f in (frame, frame.assign(b=frame["a"])))
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
def test_numbers_keep_every_bit(values):
    frame = pd.DataFrame({"x": pd.Series(values, dtype="float64")})
    back = unpack_table(pack_table(frame))["x"]
    np.testing.assert_array_equal(back.to_numpy(dtype="float64"), frame["x"].to_numpy())


@given(st.lists(st.integers(-(2**40), 2**40), min_size=1))
def test_whole_numbers_come_back(values):
    assert unpack_table(pack_table(pd.DataFrame({"x": values})))["x"].tolist() == values


@given(st.lists(st.one_of(st.none(), st.text(max_size=12)), min_size=1))
def test_text_comes_back(values):
    frame = pd.DataFrame({"x": pd.Series(values, dtype="str")})
    back = unpack_table(pack_table(frame))["x"]
    assert [None if pd.isna(v) else v for v in back] == [None if pd.isna(v) else v for v in frame["x"]]


@given(st.lists(st.from_regex(r"[A-Z][a-z]{0,3} [0-9]{3}[A-Z]", fullmatch=True), min_size=1, unique=True))
def test_names_that_count_come_back(values):
    frame = pd.DataFrame({"x": pd.Series(values, dtype="str")})
    assert unpack_table(pack_table(frame))["x"].tolist() == values


def test_rounding_is_only_where_it_is_asked_for():
    frame = pd.DataFrame({"a": [1 / 3], "b": [1 / 3]})
    back = unpack_table(pack_table(frame, {"a": 2}))
    assert back["a"].tolist() == [0.33]
    assert back["b"].tolist() == [1 / 3]


def test_what_no_number_is_is_refused_by_name():
    with pytest.raises(SchemaError, match="'x' holds an infinite number"):
        pack_table(pd.DataFrame({"x": [1.0, np.inf]}))
    with pytest.raises(SchemaError, match="'x' should hold text or numbers"):
        pack_table(pd.DataFrame({"x": [object()]}))


def test_postcodes_outside_the_page_are_left_out():
    frame = pd.DataFrame({"postcode": ["ZZ1 1AA", "ZZ1 1AB"], "lsoa21_code": ["E01900001", "E01999999"]})
    assert pack_postcodes(frame, packed.CODES, whole=True)["count"] == 1


def test_four_bytes_are_enough_where_only_the_order_counts():
    shares = np.random.default_rng(3).integers(1, 900, 2_000) / 1_700
    frame = pd.DataFrame({"x": shares})
    packed = pack_table(frame, {}, ["x"])
    assert len(packed["packed"]) < 0.7 * len(pack_table(frame)["packed"])
    pd.testing.assert_series_equal(unpack_table(packed)["x"].rank(), frame["x"].rank())
    near = pd.DataFrame({"x": [1.0, 1.0 + 1e-12, 0.1]})
    assert unpack_table(pack_table(near, {}, ["x"]))["x"].tolist() == near["x"].tolist()
