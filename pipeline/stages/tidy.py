"""Raw national tables to tidy parquet, and all of them joined on every LSOA of a nation."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import raw, store, tables
from pipeline.catalogue import Area, Source
from pipeline.errors import MissingSourceError, PipelineError
from pipeline.join.tables import Joined, Part, join
from pipeline.stages.project import BASE, Project, Say, fictional
from pipeline.store.provenance import now, provenance

LOCATED = ("postcodes", "towns")
"""What is read with the area's boundaries: it belongs to no LSOA by code."""
PLACED = ("centroids", "libraries", "gp_practices")
"""What is read with the area's support places."""


@dataclass(frozen=True)
class Tidied:
    """A tidy table with its schema and where it came from."""

    source: Source
    table: tables.Table
    frame: pd.DataFrame
    provenance: dict[str, Any]

    def part(self) -> Part:
        """As a table to join."""
        return Part(self.table, self.frame, self.source.id, self.source.required)


def tidy_source(source: Source, path: Path) -> tuple[tables.Table, pd.DataFrame, list[str]]:
    """Read the raw file of a national source; the notes go into the metadata of everything made from it."""
    from pipeline import tidy

    with_year = {"health_geography": tidy.tidy_health_geography, "wards": tidy.tidy_wards}
    of_path = {
        "deprivation": tidy.tidy_deprivation,
        "underlying_indicators": tidy.tidy_underlying_indicators,
        "rurality": tidy.tidy_rurality,
        "lsoa_changes": tidy.tidy_lsoa_changes,
        "digital_propensity": tidy.tidy_digital_propensity,
        "population_estimates": tidy.tidy_population_estimates,
    }
    of_member = {
        "population_census": tidy.tidy_population_census,
        "disability": tidy.tidy_disability,
        "tenure": tidy.tidy_tenure,
        "household_deprivation": tidy.tidy_household_deprivation,
    }
    by_name = {table.name: table for table in tables.TABLES}
    name = "population" if source.reads.startswith("population") else source.reads
    if source.reads in with_year:
        frame, year = with_year[source.reads](path)
        return by_name[name], frame, [f"codes and names of {year}"]
    if source.reads in of_path:
        frame = of_path[source.reads](path)
    elif source.reads in of_member:
        with raw.open_member(path, str(source.member)) as file:
            frame = of_member[source.reads](file, f"{path}!{source.member}")
    else:
        raise PipelineError(
            f"declared/sources.toml: {source.id}.reads '{source.reads}' is nothing that can be read here."
        )
    return by_name[name], frame, [source.release] if name == "population" else []


def tidy_nation(project: Project, nation: str, say: Say) -> None:
    """Raw national tables to tidy parquet, and all of them joined on every LSOA of the nation."""
    area = Area(id="whole-nation", title=nation, everything=True, fictional=nation == "demo")
    tidied = _tidy_all(project, area)
    folder = project.national(nation)
    for tidy in tidied.values():
        metadata = {"built": now(), "table": tidy.table.name, "rows": len(tidy.frame), "sources": [tidy.provenance]}
        store.write_table(tidy.frame, folder / f"{tidy.source.id}.parquet", metadata)
    joined = join_all(tidied[BASE].frame, tidied)
    metadata = {
        "built": now(),
        "table": "joined",
        "rows": len(joined.frame),
        "sources": [t.provenance for t in tidied.values()],
        "matched": [str(match) for match in joined.matches],
    }
    store.write_table(joined.frame, folder / "reference.parquet", metadata)
    say(f"{fictional(area)}{len(joined.frame):,} LSOAs of the nation, {len(tidied)} sources")


def _tidy_all(project: Project, area: Area) -> dict[str, Tidied]:
    """Every national source that is there: an alternative only where what it stands instead of is not."""
    tidied: dict[str, Tidied] = {}
    for source in project.sources().values():
        if source.by_area or source.reads in (*LOCATED, *PLACED) or source.instead_of in tidied:
            continue
        path = raw.locate(source.model_dump(), project.root, area.nation, area.id)
        if path is None:
            continue
        table, frame, notes = tidy_source(source, path)
        tidied[source.id] = Tidied(source, table, frame, provenance(source, path, project.root, notes))
    alternatives = {s.instead_of: s.id for s in project.sources().values() if s.instead_of}
    lacking = [
        s
        for s in project.sources().values()
        if s.required and not s.by_area and not {s.id, alternatives.get(s.id), s.instead_of} & set(tidied)
    ]
    if lacking:
        raise MissingSourceError(f"data/raw lacks {', '.join(s.id for s in lacking)}. Run: make data AREA={area.id}")
    return tidied


def join_all(areas: pd.DataFrame, tidied: Mapping[str, Tidied]) -> Joined:
    """Every tidy table of LSOAs joined onto ``areas``."""
    from pipeline.tidy import add_household_size

    parts = [t.part() for t in tidied.values() if t.table.key == "lsoa21_code"]
    joined = join(areas, parts, former=_former(tidied))
    return replace(joined, frame=add_household_size(joined.frame))


def _former(tidied: Mapping[str, Tidied]) -> dict[str, str]:
    """LSOAs of 2011 that no longer exist, and what became of them."""
    changes = next((t.frame for t in tidied.values() if t.table.name == "lsoa_changes"), None)
    if changes is None:
        return {}
    gone = changes[~changes["lsoa11_code"].isin(changes["lsoa21_code"])]
    return dict(gone.groupby("lsoa11_code")["lsoa21_code"].agg(" + ".join))


def read_tidied(project: Project, nation: str) -> dict[str, Tidied]:
    """What :func:`tidy_nation` wrote, by source."""
    sources, by_name = project.sources(), {table.name: table for table in tables.TABLES}
    tidied = {}
    for path in sorted(project.national(nation).glob("*.parquet")):
        if path.stem in sources:
            metadata = store.read_metadata(path)
            tidied[path.stem] = Tidied(
                sources[path.stem], by_name[metadata["table"]], store.read_table(path), metadata["sources"][0]
            )
    order = list(sources)
    return dict(sorted(tidied.items(), key=lambda item: order.index(item[0])))
