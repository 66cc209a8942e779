"""The boundaries of an area with every source's columns."""

import geopandas as gpd
import pandas as pd

from pipeline import raw, store, tables
from pipeline.catalogue import Area
from pipeline.errors import JoinError, first
from pipeline.join.areas import codes_in_polygon, codes_of
from pipeline.stages.project import BASE, Project, Say, fictional, located
from pipeline.stages.tidy import join_all, read_tidied
from pipeline.store.provenance import now, provenance

BOUNDARIES = "lsoa21_boundaries"


def join_area(project: Project, name: str, say: Say) -> None:
    """The area's boundaries with every source's columns: ``joined.parquet``.

    Raises:
        MissingSourceError: a raw file is not there.
        JoinError: an LSOA of the area lacks its boundary or a row of a required source.
    """
    from pipeline.tidy import tidy_boundaries

    area, sources = project.area(name), project.sources()
    tidied = read_tidied(project, area.nation)
    geography = tidied[BASE].frame
    path = located(project, area, sources[BOUNDARIES])
    boundaries = tidy_boundaries(path)
    codes = codes_of(area, geography, project.root)
    if codes is None:
        codes = codes_in_polygon(area, boundaries.frame, project.root)
    lacking = sorted(set(codes) - set(boundaries.frame["lsoa21_code"]))
    if lacking:
        raise JoinError(
            f"{path}: {len(lacking):,} of the {len(codes):,} LSOAs of {area.id} have no boundary: {first(lacking)}\n"
            f"  Fetch the boundaries again: make data AREA={area.id}"
        )
    if area.expected_lsoas is not None and len(codes) != area.expected_lsoas:
        say(f"Note: {area.id} has {len(codes):,} LSOAs; declared/areas.toml expects {area.expected_lsoas:,}.")
    frame = boundaries.frame[boundaries.frame["lsoa21_code"].isin(codes)].reset_index(drop=True)
    joined = join_all(frame, tidied)
    repaired = sorted(set(boundaries.repaired) & set(codes))
    table = tables.JOINED
    result = gpd.GeoDataFrame(joined.frame[[*table.names, "geometry"]], geometry="geometry", crs=frame.crs)
    tables.validate(pd.DataFrame(result.drop(columns="geometry")), table, f"{area.id}, joined")
    metadata = {
        "built": now(),
        "area": area.id,
        "title": area.title,
        "fictional": area.fictional,
        "rows": len(result),
        "sources": [provenance(sources[BOUNDARIES], path, project.root), *(t.provenance for t in tidied.values())],
        "matched": [str(match) for match in joined.matches],
        "columns_from": joined.sources,
        "missing": {match.source: list(match.missing) for match in joined.matches if match.missing},
        "geometry_repaired": repaired,
    }
    store.write_table(result, project.processed(area.id) / "joined.parquet", metadata)
    _locate_all(project, area, result)
    say(f"{fictional(area)}{area.title}: {len(result):,} LSOAs in {result['lad_code'].nunique()} districts")
    for match in joined.matches:
        say(f"  matched {match}")
    if repaired:
        say(f"  repaired {len(repaired)} invalid published polygon(s): {first(repaired)}")


def _locate_all(project: Project, area: Area, areas: gpd.GeoDataFrame) -> None:
    """Postcodes and towns of the area, where their source is there: ``postcodes.parquet`` and ``towns.parquet``."""
    from pipeline.tidy import tidy_postcodes, tidy_towns

    readers = {"postcodes": (tidy_postcodes, tables.POSTCODES), "towns": (tidy_towns, tables.TOWNS)}
    for source in project.sources().values():
        if source.reads not in readers:
            continue
        output = project.processed(area.id) / f"{source.reads}.parquet"
        path = raw.locate(source.model_dump(), project.root, area.nation, area.id)
        if path is None:
            store.remove_table(output)
            continue
        read, table = readers[source.reads]
        frame = read(path, areas[["lsoa21_code", "geometry"]])
        origin = provenance(source, path, project.root)
        store.write_table(frame, output, {"built": now(), "table": table.name, "rows": len(frame), "sources": [origin]})
