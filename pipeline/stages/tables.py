"""Tidy tables as a stage reads them back, each with its source and record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from pipeline import store
from pipeline.catalogue import Area, Source
from pipeline.join import Joined, Part, join
from pipeline.places import TidyIndicators, indicator_columns, indicator_table_of
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import indicator_files, indicator_table, joined_sources, reference_table, tidy_table
from pipeline.store.records import LocalRecord, RiskRecord, SourceUsed
from pipeline.tables import PLACE_COLUMNS, Table, is_among
from pipeline.tables import risk_table as make_risk_table
from pipeline.tidy import add_derived, joined_sources_table, reader_of

CENSUS = ("population_census", "disability", "tenure", "household_deprivation")
"""Readers of tables of the census."""


@dataclass(frozen=True)
class TidyTable:
    """The tidy table of a source, and where it came from."""

    source: Source
    table: Table
    frame: pd.DataFrame
    provenance: SourceUsed

    def part(self) -> Part:
        """The table as a part to join."""
        of_census = self.source.reads in CENSUS
        return Part(
            self.table, self.frame, self.source.id, self.source.required, self.provenance.file, of_census=of_census
        )


def read_tidied(project: Snapshot, nation: str, sources: Iterable[Source]) -> dict[str, TidyTable]:
    """The tidy tables of sources by id, in the order given."""
    tables = {}
    for source in sources:
        path = tidy_table(project, nation, source)
        origin = store.read_sources(path)[0]
        tables[source.id] = TidyTable(source, reader_of(source).table, store.read_table(path), origin)
    return tables


def read_joined_sources(project: Snapshot, nation: str) -> dict[str, TidyTable]:
    """The tidy tables that are joined onto LSOAs, and the lookup of former codes."""
    return read_tidied(project, nation, joined_sources(project, nation))


def read_reference(project: Snapshot, nation: str) -> pd.DataFrame:
    """All LSOAs of a nation with every source's columns, by code."""
    return store.read_table(reference_table(project, nation)).set_index("lsoa21_code")


def join_tables(areas: pd.DataFrame, tables: Mapping[str, TidyTable], indicators: Iterable[TidyIndicators]) -> Joined:
    """Every table with columns by LSOA joined onto ``areas``, and the columns that are worked out from them."""
    parts = joined_parts(tables)
    parts += [Part(added.table, added.frame, added.declared.id, required=False) for added in indicators]
    joined = join(areas, parts, former=lambda: _former_codes(tables))
    return replace(joined, frame=add_derived(joined.frame, (table.frame for table in tables.values())))


def joined_parts(tables: Mapping[str, TidyTable]) -> list[Part]:
    """The tables with columns by LSOA, as parts to join."""
    return [table.part() for table in tables.values() if reader_of(table.source).scope == "joined"]


def _former_codes(tables: Mapping[str, TidyTable]) -> dict[str, str]:
    """LSOAs of 2011 that no longer exist, and what became of them."""
    changes = next((t.frame for t in tables.values() if t.table.name == "lsoa_changes"), None)
    if changes is None:
        return {}
    gone = changes[~is_among(changes["lsoa11_code"], changes["lsoa21_code"])]
    return dict(gone.groupby("lsoa11_code")["lsoa21_code"].agg(" + ".join))


def mark_fiction(area: Area) -> str:
    """The start of every line about a fictional area."""
    return "FICTIONAL DATA · " if area.fictional else ""


def read_indicators(project: Snapshot, nation: str, area: str = "") -> list[TidyIndicators]:
    """The tidy tables of added indicators that are for an area, or for any area of a nation."""
    return [
        TidyIndicators(
            file,
            indicator_table_of(file),
            store.read_table(indicator_table(project, nation, file)),
            store.read_record(indicator_table(project, nation, file), LocalRecord).notes,
        )
        for file in indicator_files(project, nation, area)
    ]


def indicator_sources(project: Snapshot, nation: str, area: str = "") -> list[SourceUsed]:
    """The sources of added indicators that are for an area, or for any area of a nation."""
    paths = [indicator_table(project, nation, file) for file in indicator_files(project, nation, area)]
    return [source for path in paths for source in store.read_sources(path)]


def joined_table(project: Snapshot, nation: str, area: str = "") -> Table:
    """The table ``joined``: columns of present sources, names of an area's places, and indicators that are for it."""
    files = indicator_files(project, nation, area)
    named = PLACE_COLUMNS if area else ()
    return joined_sources_table(
        joined_sources(project, nation), [*named, *(column for file in files for column in indicator_columns(file))]
    )


def risk_table(project: Snapshot, record: RiskRecord) -> Table:
    """The table ``risk``, as described by the record of a ``risk.parquet``."""
    nation = project.area(record.area).nation
    kinds = {kind.id: kind.title for kind in record.capacity.kinds if not kind.mobile}
    titles = {component.name: component.title for component in record.index.components}
    indicators = {
        **record.index.indicators,
        **{f"score_{kind.id}": kind.index.columns for kind in record.kinds.kinds},
        **{f"in_group_{group.id}": (group.column,) for group in record.priority_groups.groups},
    }
    joined = joined_table(project, nation, record.area)
    stands_out: dict[str, str] = {kind.id: kind.title for kind in record.kinds.kinds}
    return make_risk_table(joined, titles, kinds, indicators, stands_out, record.priority_groups.titles)
