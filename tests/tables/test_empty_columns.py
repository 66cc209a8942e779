"""A column may be empty throughout: every table is checked, written and read with any of its nullable columns empty."""

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from shapely.geometry import box

from pipeline import store, tables
from pipeline.catalogue import read_sources
from pipeline.store.records import TableRecord
from pipeline.store.tables import ARROW_TYPES
from pipeline.tables import Column, Table, joined_table
from pipeline.tidy.registry import joined_sources_table, source_tables
from tests.fixtures.folders import DECLARED

SOURCES = list(read_sources(DECLARED / "sources.toml").values())
JOINED = joined_sources_table(SOURCES, tables.PLACE_COLUMNS)
RISK = tables.risk_table(JOINED, {"age": "Age"}, {"library": "library"})
ALL = {t.name: t for t in (*source_tables(SOURCES), JOINED, RISK, *tables.TABLES, joined_table([JOINED]))}
LIKELY = (
    "E05000001",
    "U00001",
    "E06000001",
    "E07000001",
    "E38000001",
    "E54000001",
    "E02000001",
    "E01000001",
    "2027-09-30",
    "x",
    "E92000001",
    "AA1 1AA",
    "UKH15",
    "E01000001>E01000002",
    "E01000001>x>1",
    "E01000001>x",
)
"""A value for each form that a column may demand."""
RECORD = TableRecord(built="2026-01-01T00:00:00Z", table="t", rows=1, sources=())
pytestmark = pytest.mark.broad
NOTHING = {"None": None, "NaN": float("nan"), "NA": pd.NA}


def example(column: Column) -> object:
    """A value that ``column`` may hold."""
    if column.storage == "geometry":
        return box(1, 52, 1.1, 52.1)
    if column.storage == "boolean":
        return True
    if column.storage in ("integer", "number"):
        low = column.minimum if column.minimum is not None else 1
        return int(low) if column.storage == "integer" else float(low)
    if column.categories:
        return column.categories[0]
    if column.pattern is None:
        return "x"
    return next(value for value in LIKELY if re.fullmatch(column.pattern, value))


def row(table: Table) -> pd.DataFrame:
    frame = pd.DataFrame({column.name: [example(column)] for column in table.columns})
    if "geometry" in frame:
        frame = gpd.GeoDataFrame(frame, geometry="geometry", crs=4326)
    return frame


@pytest.mark.parametrize("nothing", NOTHING.values(), ids=NOTHING)
@pytest.mark.parametrize("table", ALL.values(), ids=lambda table: table.name)
def test_nullable_columns_may_be_empty_throughout(table: Table, nothing: object, tmp_path: Path) -> None:
    nullable = [column for column in table.columns if column.nullable and column.storage != "geometry"]
    frame = row(table)
    for column in nullable:
        frame[column.name] = pd.Series([nothing], dtype=object)
    typed = frame.copy()
    for column in nullable:
        if column.storage == "string":
            typed[column.name] = pd.Series([nothing], dtype="str")
        elif column.storage in ("integer", "number"):
            typed[column.name] = pd.Series([np.nan], dtype="float64")
    for number, each in enumerate((frame, typed)):
        tables.validate(each, table, "here")
        path = tmp_path / f"{number}.parquet"
        store.write_table(each, path, table, RECORD)
        schema = pq.read_schema(path)
        for column in nullable:
            assert schema.field(column.name).type == ARROW_TYPES[column.storage], column.name
        back = store.read_geotable(path) if "geometry" in each else store.read_table(path)
        assert back[[column.name for column in nullable]].isna().all(axis=None)
        store.write_csv(back, tmp_path / f"{number}.csv", table)
        if "geometry" not in each:
            tables.validate(back[table.names], table, "here")
