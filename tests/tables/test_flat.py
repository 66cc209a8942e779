"""The table without shapes, and the columns that a colleague needs."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import store, tables
from pipeline.store.records import AreaRecord
from pipeline.tables import joined_table
from pipeline.tidy import source_tables

RISK = tables.risk_table(
    joined_table([table for table in source_tables([]) if table.key == "lsoa21_code"]),
    {"age": "Age", "health": "Health"},
    {"library": "public library"},
)


def test_nothing_is_nested_and_the_centroid_stands_for_the_boundary() -> None:
    flat = tables.flat_table(RISK)
    assert {column.storage for column in flat.columns} <= {"string", "integer", "number", "boolean"}
    assert flat.names[-2:] == ["centroid_lon", "centroid_lat"]
    assert set(RISK.names) - set(flat.names) == {"geometry"}
    assert flat.key == "lsoa21_code"


def test_a_colleague_sees_each_column_once_and_distances_as_they_were_measured() -> None:
    for measured, other in (("metres", "minutes"), ("minutes", "metres")):
        names = [column.name for column in tables.colleague_columns(RISK, measured)]  # type: ignore[arg-type]
        assert len(names) == len(set(names))
        assert f"nearest_library_{measured}" in names
        assert f"nearest_library_{other}" not in names
        assert "nearest_library_m" not in names
        assert names.index("risk_score") < names.index("component_age")
        assert not [name for name in names if name.startswith("contribution_")]


def test_a_flat_file_has_plain_types_and_says_what_it_is(tmp_path: Path) -> None:
    place = tables.Family("place")
    columns = (
        place("code", "code", "Code", "A code"),
        place("people", "people", "People", "How many", nullable=True),
        place("share", "share", "Share", "A share", of="people", nullable=True),
    )
    table = tables.Table("flat", "Flat", "A table", columns, key="code")
    frame = pd.DataFrame({"code": ["a", "b"], "people": [1.0, None], "share": [0.5, None]})
    record = AreaRecord(
        built="2026-11-27T00:00:00Z", table="flat", rows=2, sources=(), area="a", title="A", fictional=False
    )
    store.write_flat_table(frame, tmp_path / "flat.parquet", table, record, {"title": "A title", "licence": "Ours"})
    schema = pq.read_schema(tmp_path / "flat.parquet")
    assert [field.type for field in schema] == [pa.string(), pa.int64(), pa.float64()]
    assert schema.metadata == {b"title": b"A title", b"licence": b"Ours"}
    assert schema.field("share").metadata[b"title"] == b"Share"
    assert schema.field("people").metadata[b"unit"] == b"people"
    file = pq.ParquetFile(tmp_path / "flat.parquet")
    assert file.metadata.row_group(0).column(0).compression == "SNAPPY"
    assert store.read_table(tmp_path / "flat.parquet")["code"].tolist() == ["a", "b"]
