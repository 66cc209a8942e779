"""The registry of columns: every column says what it is, and what follows from that holds everywhere."""

from dataclasses import replace
from typing import get_args

import pytest

from pipeline import tables
from pipeline.catalogue import read_sources
from pipeline.catalogue.sql import RESERVED
from pipeline.errors import SchemaError
from pipeline.tables import Column
from pipeline.tables.table import Table
from pipeline.tidy import joined_sources_table, source_tables
from pipeline.tidy.population import POPULATION
from tests.fixtures.folders import DECLARED
from tests.fixtures.joined import JOINED, SOURCES

LOCAL = {"journeys", "self_assessment", "stories"}
"""Sources that an analyst gives with an area."""
RISK = tables.risk_table(JOINED, {"age": "Age"}, {"library": "Public library"}, {"age": ["share_75_plus"]})
ALL = [RISK, *source_tables(SOURCES), JOINED, *tables.TABLES]
COLUMNS = [(table, column) for table in ALL for column in (*tables.described_columns(table), *tables.DERIVED)]


def test_every_quantity_and_every_group_is_described() -> None:
    assert set(tables.QUANTITIES) == set(get_args(tables.Quantity))
    assert set(tables.GROUPS) == set(get_args(tables.Group))


def test_no_column_is_called_by_a_reserved_word() -> None:
    assert {column.name for _, column in COLUMNS} & RESERVED == set()


def test_every_source_is_declared() -> None:
    declared = set(read_sources(DECLARED / "sources.toml")) | LOCAL
    assert {column.source for _, column in COLUMNS if column.source} <= declared


def test_every_origin_is_a_column() -> None:
    by_name = {table.name: set(table.names) for table in ALL}
    for table, column in COLUMNS:
        for origin in (*column.derived_from, *filter(None, [column.copy_of])):
            other, _, name = origin.rpartition(".")
            assert name in by_name[other or table.name] | by_name["risk"], (table.name, column.name, origin)


def test_every_column_of_risk_says_where_it_comes_from() -> None:
    for column in RISK.columns:
        assert bool(column.source) != bool(column.derived_from), column.name


def test_the_details_are_what_follows_the_leading_columns() -> None:
    shown = [c.name for c in JOINED.columns if not c.detail]
    assert shown == [*tables.LEADING, "place_name", "former_district"]


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_a_table_has_its_key_and_each_column_once(table: Table) -> None:
    assert table.key in table.names
    assert len(set(table.names)) == len(table.names)
    assert not table.column(table.key).nullable


def test_what_is_said_of_a_column_is_plain() -> None:
    assert [column.name for _, column in COLUMNS if not column.title] == []
    meanings = {f"{table.name}.{column.name}": column.meaning for table, column in COLUMNS}
    plain = [text and not text.endswith(".") and "middle" not in text.lower() for text in meanings.values()]
    assert [meaning for meaning, good in zip(meanings.items(), plain, strict=True) if not good] == []


def test_unit_and_limits_follow_from_the_quantity_unless_a_column_gives_others() -> None:
    column = Column("x", "decile", "score", "X", "A tenth")
    assert (column.storage, column.unit, column.minimum, column.maximum) == ("integer", "decile", 1, 10)
    other = Column("x", "decile", "score", "X", "A tenth", unit="tenth of this area", maximum=5)
    assert (other.unit, other.minimum, other.maximum) == ("tenth of this area", 1, 5)
    assert replace(other, name="y").maximum == 5


def test_a_share_says_what_it_is_a_share_of_and_is_shown_as_a_percentage() -> None:
    share = Column("x", "share", "population", "X", "A part", of="households")
    assert share.shown_unit == "% of households"
    assert (share.minimum, share.maximum, share.nature.decimals) == (0, 1, 1)
    with pytest.raises(ValueError, match="what it is a share of"):
        Column("x", "share", "population", "X", "A part")
    with pytest.raises(ValueError, match="what it is a share of"):
        Column("x", "score", "population", "X", "A place", of="households")


def test_names_and_units_of_ways_are_the_same_however_ways_are_measured() -> None:
    ways = {column.name: column.unit for column in tables.nearest_columns({"library": "library"})}
    assert ways == {
        "nearest_library_metres": "metres",
        "nearest_library_minutes": "minutes",
        "nearest_library_m": "metres",
    }


def test_an_indicator_of_an_analyst_joins_the_sources_and_the_risk() -> None:
    own = Column("smart_meters", "share", "indicators", "Smart meters", "Homes with one", of="homes", detail=True)
    joined = joined_sources_table(SOURCES, [*tables.PLACE_COLUMNS, own])
    assert joined.names == [*JOINED.names, "smart_meters"]
    risk = tables.risk_table(joined, {"age": "Age"})
    assert risk.names[-2:] == ["smart_meters", "geometry"]
    with pytest.raises(SchemaError, match="a column 'imd_score' and mean different things"):
        joined_sources_table(SOURCES, [replace(own, name="imd_score")])


def test_some_tables_alone_can_be_joined() -> None:
    joined = tables.joined_table([POPULATION])
    assert joined.names == [column.name for column in POPULATION.joined_columns]


def test_a_geometry_brings_its_bounding_box_to_parquet_and_stays_out_of_csv() -> None:
    assert [c.name for c in tables.described_columns(RISK)] == [*RISK.names, "bbox"]
    assert [c.name for c in tables.plain_columns(RISK)] == RISK.names[:-1]
    assert tables.described_columns(tables.NEAREST) == tables.NEAREST.columns


def test_the_dictionary_says_what_a_column_is() -> None:
    text = tables.dictionary([RISK])
    row = next(line for line in text.splitlines() if line.startswith("| `share_75_plus`"))
    assert "| share | Residents | share, 0 to 1, of residents | 0 to 1 | `mye2024` |" in row
    assert "| `component_age` | number | score | Components of the index |" in text
    assert "← `share_75_plus`" in text
    for quantity in tables.QUANTITIES:
        assert f"| {quantity} |" in text
