"""The boundaries of an area with every source's columns, the postcodes and towns in it, and the land around it."""

from collections.abc import Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pipeline import store, tables
from pipeline.catalogue import Area
from pipeline.errors import JoinError, command, first
from pipeline.join import codes_in_polygon, codes_of
from pipeline.join.agreement import refuse_other_boundaries, refuse_other_lsoas
from pipeline.join.place_names import former_districts, name_places
from pipeline.join.positions import refuse_misplaced_outlines
from pipeline.places import refuse_gaps
from pipeline.raw import utc_now
from pipeline.reading.codes import msoa_names
from pipeline.reading.projection import to_grid
from pipeline.stages.reads import BOUNDARIES, LOCATED, LOOKUP, NAMED, lsoas_declared, present_sources, tidy_table
from pipeline.stages.stage import Job
from pipeline.stages.tables import (
    TidyTable,
    indicator_sources,
    join_tables,
    joined_parts,
    joined_table,
    mark_fiction,
    read_indicators,
    read_joined_sources,
    read_tidied,
)
from pipeline.store.records import JoinedRecord, TableRecord
from pipeline.tidy import (
    assign_postcodes,
    boundaries_within,
    box_on_grid,
    boxes_of,
    land_around,
    read_postcodes_in,
    towns_near,
)
from pipeline.tidy.districts import LAND
from pipeline.tidy.msoa_names import MSOA_NAMES
from pipeline.tidy.outlines import refuse_shared_ground
from pipeline.tidy.postcodes import POSTCODES, refuse_postcodes_elsewhere
from pipeline.tidy.towns import TOWNS

Shapes = NDArray[np.object_]


def run(job: Job) -> None:
    """``joined.parquet``, and ``postcodes``, ``towns`` and ``land.parquet`` where their source is present.

    Raises:
        JoinError: an LSOA of the area lacks its boundary or a row of a required source, or the tables contradict each
            other or the boundaries.
        RawFileError: postcodes do not fall in the area's LSOAs.
        DeclarationError: the definition of the area names something that is not in the lookup or the boundaries.
    """
    made = _join(job, job.step.project.area(job.step.scope.area))
    # Of what is joined, the outlines alone are needed further: a nation's columns would lie beside its postcodes.
    _locate(job, made.areas, made.on_grid)
    for line in made.lines:
        job.say(line)


class _Made(NamedTuple):
    """The LSOAs of an area with their outlines, the same on the National Grid, and lines on how they were joined."""

    areas: gpd.GeoDataFrame
    on_grid: Shapes
    lines: tuple[str, ...]


def _join(job: Job, area: Area) -> _Made:
    """``joined.parquet``."""
    project, scope = job.step.project, job.step.scope
    tidied = read_joined_sources(project, scope.nation)
    path = tidy_table(project, scope.nation, project.sources()[BOUNDARIES], area.id)
    boxes = boxes_of(path)
    boundaries = _boundaries(job, area, tidied[LOOKUP].frame, boxes)
    on_grid = to_grid(boundaries.geometry.to_numpy())
    codes = list(boundaries["lsoa21_code"])
    if area.expected_lsoas is not None and len(codes) != area.expected_lsoas:
        job.say(f"Note: {area.id} has {len(codes):,} LSOAs; declared/areas.toml expects {area.expected_lsoas:,}.")
    indicators = read_indicators(project, scope.nation, area.id)
    for added in indicators:
        refuse_gaps(added, area, codes)
    joined = join_tables(boundaries.drop(columns="repaired"), tidied, indicators)
    refuse_other_lsoas(joined_parts(tidied), LOOKUP, lsoas_declared(project, scope.nation))
    _check_outlines(job, tidied[LOOKUP], boundaries, boxes)
    table = tables.with_boundaries(joined_table(project, scope.nation, area.id))
    names = _read_names(job)
    frame = _with_names(joined.frame, on_grid, tidied, None if names is None else names.frame)
    result = gpd.GeoDataFrame(frame[table.names], geometry="geometry", crs=boundaries.crs)
    tables.validate(result, table, f"{area.id}, joined")
    repaired = list(boundaries.loc[boundaries["repaired"], "lsoa21_code"])
    record = JoinedRecord(
        built=utc_now(),
        area=area.id,
        title=area.title,
        fictional=area.fictional,
        rows=len(result),
        sources=(
            *store.read_sources(path),
            *(table.provenance for table in tidied.values()),
            *(() if names is None else (names.provenance,)),
            *indicator_sources(project, scope.nation, area.id),
        ),
        matched=tuple(str(match) for match in joined.matches),
        columns_from=joined.sources,
        missing={match.source: match.missing for match in joined.matches if match.missing},
        geometry_repaired=tuple(repaired),
    )
    store.write_table(result, job.output(project.processed(area.id) / "joined.parquet"), table, record)
    lines = [
        f"{mark_fiction(area)}{area.title}: {len(result):,} LSOAs in {result['lad_code'].nunique()} districts",
        *(f"  matched {match}" for match in joined.matches),
    ]
    if repaired:
        lines.append(f"  repaired {len(repaired)} invalid published polygon(s): {first(repaired)}")
    return _Made(result[["lsoa21_code", "geometry"]].copy(), on_grid, tuple(lines))


def _read_names(job: Job) -> TidyTable | None:
    """The names of MSOAs that people know, where the nation has them."""
    project, nation = job.step.project, job.step.scope.nation
    present = present_sources(project, nation)
    sources = [s for s in project.sources().values() if s.id in present and s.reads in NAMED]
    return next(iter(read_tidied(project, nation, sources).values()), None)


def _with_names(
    joined: pd.DataFrame, on_grid: Shapes, tidied: Mapping[str, TidyTable], msoas: pd.DataFrame | None
) -> pd.DataFrame:
    """``joined``, whose outlines are ``on_grid``, with what each place is called and the district of old it lies in."""
    lookup = tidied[LOOKUP].frame
    # All LSOAs of the districts, so that a place has the same name on every page.
    near = lookup[tables.is_among(lookup["lad_code"], joined["lad_code"])][["lsoa21_code", "lsoa21_name", "lad_code"]]
    wards = next((table.frame for table in tidied.values() if table.table.name == "wards"), None)
    ward = pd.Series(dtype="object") if wards is None else wards.set_index("lsoa21_code")["ward_name"]
    near = near.assign(ward_name=near["lsoa21_code"].map(ward))
    of_msoa = (store.empty(MSOA_NAMES) if msoas is None else msoas).set_index("msoa21_name")
    common = dict(zip(of_msoa.index.astype("str"), of_msoa["msoa21_common_name"].astype("str"), strict=True))
    middle = shapely.get_coordinates(shapely.centroid(on_grid))
    points = pd.DataFrame(middle, columns=["easting", "northing"]).set_index(joined["lsoa21_code"])
    names = name_places(near, common, points)
    changes = next((table.frame for table in tidied.values() if table.table.name == "lsoa_changes"), None)
    former = pd.Series(dtype="object") if changes is None else former_districts(near, changes)
    return joined.assign(
        place_name=joined["lsoa21_code"].map(names).astype("str"),
        msoa21_code=msoa_names(joined["lsoa21_name"]).map(of_msoa["msoa21_code"]).astype("object").astype("str"),
        former_district=joined["lsoa21_code"].map(former).astype("object").astype("str"),
    )


def _boundaries(job: Job, area: Area, lookup: pd.DataFrame, boxes: pd.DataFrame) -> gpd.GeoDataFrame:
    """The boundaries of the area's LSOAs, sorted by code; ``boxes``: those around all that there are."""
    project, nation = job.step.project, job.step.scope.nation
    source = project.sources()[BOUNDARIES]
    path = tidy_table(project, nation, source, area.id)
    codes = codes_of(area, lookup, project.root)
    if codes is None:
        boundaries = boundaries_within(path)
        _refuse_lacking(job, area, sorted(lookup["lsoa21_code"]), boundaries)
        codes = codes_in_polygon(area, boundaries, project.root)
        boundaries = boundaries[tables.is_among(boundaries["lsoa21_code"], codes)].reset_index(drop=True)
    else:
        boundaries = boundaries_within(path, codes=codes, boxes=boxes)
    _refuse_lacking(job, area, codes, boundaries)
    return boundaries


def _refuse_lacking(job: Job, area: Area, codes: list[str], boundaries: gpd.GeoDataFrame) -> None:
    """Refuse boundaries that lack LSOAs of the area; of an area with a polygon, any LSOA of the nation may be one."""
    lacking = sorted(set(codes) - set(boundaries["lsoa21_code"]))
    if lacking:
        project = job.step.project
        raw_file = project.raw_file(project.sources()[BOUNDARIES], job.step.scope.nation, area.id)
        those = f"of the {len(codes):,} LSOAs " + ("that there are" if area.polygon_file else f"of {area.id}")
        raise JoinError(
            f"{raw_file}: {len(lacking):,} {those} have no boundary: "
            f"{first(lacking)}\n  Fetch the boundaries again: {command('data', area.id)}"
        )


def _check_outlines(job: Job, lookup: TidyTable, boundaries: gpd.GeoDataFrame, boxes: pd.DataFrame) -> None:
    """Refuse boundaries that are not those of the nation's LSOAs; some areas have a file of their own.

    ``boxes`` are those around all outlines of the file.
    """
    project, scope = job.step.project, job.step.scope
    source = project.sources()[BOUNDARIES]
    path = tidy_table(project, scope.nation, source, scope.area)
    where = store.read_sources(path)[0].file
    if path.parent == project.national(scope.nation):
        refuse_other_boundaries(boxes["lsoa21_code"], where, lookup.part())
    refuse_misplaced_outlines(boxes, lookup.frame, where)
    refuse_shared_ground(boundaries["lsoa21_code"], boundaries.geometry.to_numpy(), where)


def _locate(job: Job, areas: gpd.GeoDataFrame, on_grid: Shapes) -> None:
    """The area's postcodes and towns, and the land around it, where the nation has tables of them.

    Args:
        areas: ``lsoa21_code`` and ``geometry``. ``on_grid``: their outlines on the National Grid.
    """
    project, scope = job.step.project, job.step.scope
    present = present_sources(project, scope.nation)
    for source in project.sources().values():
        if source.id not in present or source.reads not in LOCATED:
            continue
        path = tidy_table(project, scope.nation, source)
        if source.reads == "postcodes":
            frame = assign_postcodes(read_postcodes_in(path, box_on_grid(tuple(areas.total_bounds))), areas)
            without = refuse_postcodes_elsewhere(frame, areas["lsoa21_code"], store.read_sources(path)[0].file)
            if without is not None:
                job.say(f"Note: {without}")
            table = POSTCODES
        elif source.reads == "towns":
            frame, table = towns_near(store.read_table(path), areas), TOWNS
        else:
            frame, table = land_around(store.read_geotable(path), areas, on_grid), LAND
        sources = store.read_sources(path)
        record = TableRecord(built=utc_now(), table=table.name, rows=len(frame), sources=sources)
        store.write_table(frame, job.output(project.processed(scope.area) / LOCATED[source.reads]), table, record)
