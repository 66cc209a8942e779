"""Tables as parquet and CSV: types, what their fields say, and what reads them back."""

import io
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from pipeline import store, tables
from pipeline.store.records import TableRecord
from pipeline.store.tables import WGS84, as_arrow, as_csv
from pipeline.tables import Column, Table
from pipeline.tidy.boundaries import BOUNDARIES

TABLE = Table(
    "things",
    "Things",
    "Some.",
    (
        Column("code", "code", "place", "Code", "A code"),
        Column("tenth", "decile", "score", "Tenth", "A tenth", nullable=True),
        Column("share", "share", "population", "Share", "A part", of="things", nullable=True),
        Column("note", "text", "place", "Note", "A note", nullable=True),
    ),
    key="code",
)
FRAME = pd.DataFrame({"code": ["a", "b"], "tenth": [3.0, np.nan], "share": [1 / 3, np.nan], "note": [None, None]})


RECORD = TableRecord(built="2026-01-01T00:00:00Z", table="things", rows=2, sources=())


def said(path: Path, name: str) -> dict[str, str]:
    return {k.decode(): v.decode() for k, v in (pq.read_schema(path).field(name).metadata or {}).items()}


def test_fields_of_parquet_say_what_they_hold(tmp_path: Path) -> None:
    store.write_table(FRAME, tmp_path / "t.parquet", TABLE, RECORD)
    assert said(tmp_path / "t.parquet", "share") == {
        "title": "Share",
        "unit": "share, 0 to 1",
        "meaning": "A part",
        "quantity": "share",
        "group": "population",
        "share_of": "things",
    }
    assert said(tmp_path / "t.parquet", "code")["unit"] == ""
    assert store.read_record(tmp_path / "t.parquet", TableRecord) == RECORD


def test_whole_numbers_with_gaps_stay_whole_and_empty_columns_have_their_type(tmp_path: Path) -> None:
    store.write_table(FRAME, tmp_path / "t.parquet", TABLE, RECORD)
    types = {field.name: str(field.type) for field in pq.read_schema(tmp_path / "t.parquet")}
    assert types == {"code": "large_string", "tenth": "int64", "share": "double", "note": "large_string"}
    back = store.read_table(tmp_path / "t.parquet")
    assert back["tenth"].tolist() == pytest.approx([3.0, np.nan], nan_ok=True)
    assert back["note"].isna().all()


def test_a_csv_has_the_tables_columns_whole_numbers_without_decimals_and_no_formula(tmp_path: Path) -> None:
    frame = FRAME.assign(code=["=1+1", "Ælf"], more=1)
    store.write_csv(frame, tmp_path / "t.csv", TABLE)
    content = (tmp_path / "t.csv").read_bytes()
    assert content == "\ufeffcode,tenth,share,note\r\n'=1+1,3,0.333333,\r\nÆlf,,,\r\n".encode()


def test_an_empty_table_has_its_types(tmp_path: Path) -> None:
    store.write_table(store.empty(tables.NEAREST), tmp_path / "nearest.parquet", tables.NEAREST, RECORD)
    untyped = pd.DataFrame({name: [] for name in tables.NEAREST.names}, dtype=object)
    store.write_table(untyped, tmp_path / "untyped.parquet", tables.NEAREST, RECORD)
    for name in ("nearest", "untyped"):
        schema = pq.read_schema(tmp_path / f"{name}.parquet")
        assert str(schema.field("entry").type) == "large_string"
        assert str(schema.field("metres").type) == "double"


def test_geometry_is_geoparquet_in_groups_with_a_bounding_box_that_is_described(tmp_path: Path) -> None:
    count, path = 8_200, tmp_path / "g.parquet"
    codes = [f"E01{number:06d}" for number in range(count)]
    squares = [box(x, 52, x + 0.5, 53) for x in np.linspace(-2, 1, count)]
    frame = gpd.GeoDataFrame(
        {"lsoa21_code": codes, "lsoa21_name": codes, "repaired": False}, geometry=squares, crs=4326
    )
    store.write_table(frame, path, BOUNDARIES, RECORD)
    file = pq.ParquetFile(path)
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [8_192, 8]
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    geo = json.loads(file.schema_arrow.metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"]["geometry"]["covering"]["bbox"]["xmax"] == ["bbox", "xmax"]
    assert said(path, "geometry")["title"] == "Boundary"
    assert said(path, "bbox")["title"] == "Bounding box"
    assert store.read_geotable(path).equals(frame)
    assert 0 < len(gpd.read_parquet(path, bbox=(0.9, 52, 1.0, 53))) < count


def test_a_shape_is_written_alike_however_it_was_drawn(tmp_path: Path) -> None:
    ring = [(0.0, 51.0), (0.1, 51.0), (0.1, 51.1), (0.0, 51.1), (0.0, 51.0)]
    turned = [*ring[2:], *ring[1:3]]
    written = []
    for number, points in enumerate((ring, ring[::-1], turned)):
        path = tmp_path / f"{number}.geojson"
        store.write_geojson(gpd.GeoDataFrame({"name": ["Wold"]}, geometry=[shapely.Polygon(points)], crs=4326), path)
        written.append(path.read_bytes())
    assert written[0] == written[1] == written[2]
    (outer,) = json.loads(written[0])["features"][0]["geometry"]["coordinates"]
    assert shapely.LinearRing(outer).is_ccw


CELLS = st.one_of(
    st.none(), st.sampled_from(["a,b", '"', 'x"y', "\r", "line\nend", " ", "", "None", "é"]), st.text(max_size=4)
)
NUMBERS = st.one_of(
    st.floats(), st.integers(-(10**12), 10**12).map(float), st.integers(0, 300).map(lambda n: n / 10**6)
)
COUNTS = st.one_of(st.none(), st.integers(-(2**53), 2**53))
ROWS = st.tuples(NUMBERS, CELLS, st.booleans(), COUNTS, st.one_of(st.none(), st.booleans()))


@given(st.lists(ROWS, max_size=6), st.booleans())
def test_csv_is_what_pandas_writes(rows: list[tuple[object, ...]], objects: bool) -> None:
    names = ["number", 'text, "quoted"', "yes", "count", "perhaps"]
    frame = pd.DataFrame(rows, columns=names).astype({"number": "float64", "yes": "bool", "perhaps": "boolean"})
    frame["count"] = frame["count"].astype("Int64")
    frame[names[1]] = frame[names[1]].astype("object" if objects else "str")
    assert as_csv(frame) == frame.to_csv(index=False, lineterminator="\r\n")


@pytest.mark.parametrize("values", [[1, "a"], [pd.Timestamp("2026-01-01")], [b"a"], [2**64 - 1], ["only"], [None]])
def test_what_arrow_writes_in_another_way_is_left_to_pandas(values: list[object]) -> None:
    frame = pd.DataFrame({"odd": values})
    assert as_csv(frame) == frame.to_csv(index=False, lineterminator="\r\n")
    beside = frame.assign(more=1.5)
    assert as_csv(beside) == beside.to_csv(index=False, lineterminator="\r\n")


CODES = Table(
    "codes",
    "Codes",
    "Some.",
    (
        Column("code", "code", "place", "Code", "A code"),
        Column("district", "code", "place", "District", "A district"),
        Column("rank", "order", "score", "Rank", "A rank"),
        Column("share", "share", "population", "Share", "A part", of="things", nullable=True),
    ),
    key="code",
)


def many_codes(rows: int = 6_000) -> pd.DataFrame:
    numbers = np.arange(rows)
    return pd.DataFrame(
        {
            "code": [f"Z01{n:06d}" for n in numbers],
            "district": [f"Z07{n // 100:06d}" for n in numbers],
            "rank": (numbers * 7_919) % rows,
            "share": np.where(numbers % 50 == 3, np.nan, np.sqrt(numbers / rows)),
        }
    ).astype({"code": "str", "district": "str"})


def encodings_of(path: Path) -> dict[str, set[str]]:
    group = pq.ParquetFile(path).metadata.row_group(0)
    columns = [group.column(place) for place in range(group.num_columns)]
    return {column.path_in_schema: set(column.encodings) for column in columns}


def test_only_values_that_come_again_are_numbered_and_the_file_is_smaller(tmp_path: Path) -> None:
    frame = many_codes()
    store.write_table(frame, tmp_path / "t.parquet", CODES, RECORD)
    numbered = {
        name for name, encodings in encodings_of(tmp_path / "t.parquet").items() if "RLE_DICTIONARY" in encodings
    }
    assert numbered == {"district"}
    pd.testing.assert_frame_equal(store.read_table(tmp_path / "t.parquet"), frame)
    written = pq.read_table(tmp_path / "t.parquet")
    pq.write_table(written, tmp_path / "numbered.parquet", compression="zstd")
    assert (tmp_path / "t.parquet").stat().st_size < (tmp_path / "numbered.parquet").stat().st_size


@pytest.mark.parametrize("rows", [0, 1, 6_000])
def test_a_packed_table_has_the_same_values(tmp_path: Path, rows: int) -> None:
    frame = many_codes(rows) if rows else many_codes(1).iloc[:0]
    for packed in (False, True):
        store.write_table(frame, tmp_path / f"{packed}.parquet", CODES, RECORD, packed=packed)
    plain, small = (pq.read_table(tmp_path / f"{packed}.parquet") for packed in (False, True))
    assert small.equals(plain)
    assert small.schema.equals(plain.schema, check_metadata=True)
    assert ("DELTA_BINARY_PACKED" in encodings_of(tmp_path / "True.parquet")["rank"]) == (rows > 0)


def shapes_of(kind: str) -> list[shapely.Geometry | None]:
    one, two = box(0, 50, 1, 51), box(2, 52, 3, 53)
    shapes: dict[str, list[shapely.Geometry | None]] = {
        "polygons": [one, two],
        "several kinds": [one, shapely.MultiPolygon([one, two])],
        "with heights": [one, shapely.force_3d(two, 5.0)],
        "one missing": [one, None],
        "one empty": [shapely.Polygon(), one],
        "none": [],
        "points": [shapely.Point(0.1, 50.2)],
    }
    return shapes[kind]


@pytest.mark.parametrize("crs", [4326, 27700, None])
@pytest.mark.parametrize(
    "kind", ["polygons", "several kinds", "with heights", "one missing", "one empty", "none", "points"]
)
def test_shapes_are_stated_as_the_writer_of_parquet_states_them(kind: str, crs: int | None) -> None:
    shapes = shapes_of(kind)
    frame = gpd.GeoDataFrame(
        {"code": pd.Series([f"a{n}" for n in range(len(shapes))], dtype="str"), "geometry": shapes}, crs=crs
    )
    made = as_arrow(frame)
    if crs == 4326:
        frame = frame.set_crs(pyproj.CRS.from_wkt(WGS84), allow_override=True)
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False, schema_version="1.1.0", write_covering_bbox=True)
    expected = pq.read_table(pa.BufferReader(buffer.getbuffer()))
    assert made.equals(expected)
    assert made.schema.equals(expected.schema, check_metadata=True)
    assert made.schema.metadata == expected.schema.metadata
