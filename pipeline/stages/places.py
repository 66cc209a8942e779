"""Support places of an area, the points distances are measured from, journeys and stories."""

from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from pipeline import store, tables
from pipeline.catalogue import Area
from pipeline.catalogue.places import PlaceKind, Places
from pipeline.errors import DeclarationError, MissingSourceError, RawFileError, command, first
from pipeline.join.positions import centroids_in_outlines, place_centroids
from pipeline.places import (
    Located,
    PeoplePoints,
    build_origins,
    describe_journeys,
    find_median_postcodes,
    locate,
    merge_same_places,
    of_kind,
    place_stories,
    read_journeys,
    read_places,
    read_stories,
    refuse_unusable,
    settle_by_postcodes,
)
from pipeline.places.locating import MEDIAN_POSTCODE, WEIGHTED
from pipeline.raw import utc_now
from pipeline.reading.projection import lon_lat, to_grid
from pipeline.stages.reads import (
    BOUNDARIES,
    CENTROIDS,
    LOOKUP,
    PLACED,
    POSTCODES,
    beside,
    made_tables,
    present_sources,
    tidy_table,
)
from pipeline.stages.stage import Job
from pipeline.stages.tables import mark_fiction
from pipeline.store.provenance import describe_local_file
from pipeline.store.records import LocalRecord, OriginsRecord, PlacesRecord, SourceUsed, TableRecord
from pipeline.tidy import (
    assign_postcodes,
    boundaries_within,
    box_on_grid,
    boxes_of,
    boxes_on_grid,
    find_postcodes,
    read_postcodes_in,
)

LATE = ("scipy.spatial",)
"""What is imported where it is used, see :func:`pipeline.stages.work.get_ready`."""

LIBRARY = "library"
KINDS_OF_SOURCES = {"libraries": ("library", "mobile_library"), "gp_practices": ("gp_practice",)}
"""The kinds that the reader of a source distinguishes."""


@dataclass
class _Reported:
    """Places as reported in their files, the file of each kind, and their sources."""

    frames: list[pd.DataFrame] = field(default_factory=list)
    sources: list[SourceUsed] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    absent: list[PlaceKind] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Placed:
    """Places with their points, and a line for each kind of those that were changed or merged."""

    located: Located
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Origins:
    """The points that people set out from, their sources, and the centroids that were left out, in words."""

    frame: pd.DataFrame
    sources: list[SourceUsed]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class _Local:
    """A table from a local file of the area, its source, and notes on it."""

    table: tables.Table
    frame: pd.DataFrame
    source: SourceUsed
    notes: list[str]


@dataclass(frozen=True)
class _Area:
    """The area's LSOAs with their shapes, its postcodes and towns where there are any, and its declaration."""

    area: Area
    declared: Places
    frame: gpd.GeoDataFrame
    postcodes: pd.DataFrame | None
    towns: pd.DataFrame | None

    @property
    def margin(self) -> float:
        """How far outside the area people may live who use a place that still counts for it, metres."""
        return self.declared.access.farthest_outside + max(self.declared.access.reach.values())


def run(job: Job) -> None:
    """``support_places.parquet`` and ``origins.parquet``; ``journeys.parquet`` and ``stories.parquet`` where declared.

    Raises:
        MissingSourceError: a declared local file is missing.
        RawFileError: a file cannot be used, for example stories that could identify someone.
    """
    project, scope = job.step.project, job.step.scope
    folder = project.processed(scope.area)
    made, area = made_tables(project, scope), project.area(scope.area)
    here = _Area(
        area,
        project.places(),
        # Stories may name a place by any of its names.
        store.read_geotable(folder / "joined.parquet", None if area.stories_file else ["lsoa21_code", "geometry"]),
        store.read_table(folder / "postcodes.parquet") if "postcodes" in made else None,
        store.read_table(folder / "towns.parquet") if "towns" in made else None,
    )
    origins = _origins(job, here)
    points = origins.frame
    reported = _report(job, here)
    placed = _locate(job, here, reported)
    located = placed.located
    notes = [*reported.notes, *placed.lines, *_notes(here, located, reported)]
    local = [table for table in (_journeys(job, here, located.frame), _stories(job, here, points)) if table is not None]
    outside = len(points) - len(here.frame)
    weighted, median = (int((points["located_by"] == what).sum()) for what in (WEIGHTED, MEDIAN_POSTCODE))
    counts = {kind: int((located.frame["kind"] == kind).sum()) for kind in reported.kinds}
    built = utc_now()
    of_origins = OriginsRecord(
        built=built,
        table=tables.ORIGINS.name,
        rows=len(points),
        sources=tuple(origins.sources),
        outside=outside,
        population_weighted=weighted,
        median_postcodes=median,
        left_out=origins.left_out,
    )
    of_places = PlacesRecord(
        built=built,
        table=tables.SUPPORT_PLACES.name,
        rows=len(located.frame),
        sources=tuple(reported.sources),
        kinds=tuple(reported.kinds),
        absent=tuple(kind.id for kind in reported.absent),
        left_out=tuple(notes),
        counts=counts,
    )
    _write(job, tables.ORIGINS, points, of_origins)
    for given in local:
        record = LocalRecord(
            built=built,
            table=given.table.name,
            rows=len(given.frame),
            sources=(given.source,),
            notes=tuple(given.notes),
        )
        _write(job, given.table, given.frame, record)
    _write(job, tables.SUPPORT_PLACES, located.frame, of_places)
    _tell(job, here, reported, located.frame, counts)
    job.say(
        f"  distances from {weighted:,} population-weighted centroids, {median:,} median postcodes and "
        f"{len(points) - weighted - median:,} points inside neighbourhoods"
    )
    if not here.area.everything and not outside:
        job.say(
            "  people just outside the area are not counted among users of its places, as there are no points for them"
        )
    for line in [*origins.left_out, *notes, *(line for table in local for line in table.notes)]:
        job.say(f"  {line}")


def _write(job: Job, table: tables.Table, frame: pd.DataFrame, record: TableRecord) -> None:
    """A table under its name; one without rows is written too."""
    if len(frame):
        tables.validate(frame, table, table.name)
    path = job.step.project.processed(job.step.scope.area) / f"{table.name}.parquet"
    store.write_table(frame, job.output(path), table, record)


def _tell(job: Job, here: _Area, reported: _Reported, places: pd.DataFrame, counts: dict[str, int]) -> None:
    listed = [f"{k.plural}: {counts[k.id]:,}" for k in here.declared.kinds if k.id in reported.kinds]
    job.say(
        f"{mark_fiction(here.area)}{here.area.title}: {'; '.join(listed) or 'no list of support places is available'}"
    )
    for kind in reported.absent:
        job.say(f"  {kind.plural}: the list is not in data/raw. Fetch it with: {command('data', here.area.id)}")
    for line in _unlike_libraries(here, places):
        job.say(f"  {line}")
    if len(places) and not (places["capacity"] * places["counts"]).any():
        job.say("  no place adds to capacity: all have a capacity of 0, or counts = false")


def _unlike_libraries(here: _Area, places: pd.DataFrame) -> list[str]:
    """What places of an analyst's files whose hours are not given add, beside public libraries."""
    libraries = int((places["kind"] == LIBRARY).sum())
    supply = (places["capacity"] * places["counts"]).groupby(places["kind"]).sum()
    return [
        f"{kind.plural}: they add as much as {supply[kind.id]:,.1f} libraries, beside {libraries:,} public libraries; "
        "give their hours in a column (hours, or from, to and every) if they are not staffed as libraries are"
        for kind in here.declared.kinds
        if kind.file is not None and supply.get(kind.id, 0) > 0 and not (kind.columns and kind.columns.gives_hours)
    ]


def _tidied(job: Job, identity: str) -> Path | None:
    """The tidy table of a source; ``None`` where the source is missing."""
    project, nation = job.step.project, job.step.scope.nation
    if identity not in present_sources(project, nation):
        return None
    return tidy_table(project, nation, project.sources()[identity])


def _origins(job: Job, here: _Area) -> _Origins:
    """Points of the area's LSOAs and of those whose people may use its places."""
    project, nation = job.step.project, job.step.scope.nation
    sources: list[SourceUsed] = []
    path, centroids = _tidied(job, CENTROIDS), None
    left_out: tuple[str, ...] = ()
    boundaries = tidy_table(project, nation, project.sources()[BOUNDARIES], here.area.id)
    if path is not None:
        of_centroids = store.read_sources(path)
        sources += of_centroids
        centroids, left_out = _usable_centroids(store.read_table(path), boundaries, here, of_centroids[0].file)
    lsoas = pd.Index(
        store.read_table(tidy_table(project, nation, project.sources()[LOOKUP]), ["lsoa21_code"])["lsoa21_code"]
    )
    outside = lsoas.difference(pd.Index(here.frame["lsoa21_code"]))
    around = None
    if len(outside) and (centroids is None or len(outside.difference(pd.Index(centroids["lsoa21_code"])))):
        around = boundaries_within(boundaries, _box_around(here))[["lsoa21_code", "geometry"]]
        sources += store.read_sources(boundaries)
    shapes = here.frame[["lsoa21_code", "geometry"]]
    postcodes, of_postcodes = _median_postcodes(job, here, centroids, around)
    given = PeoplePoints(centroids, postcodes)
    return _Origins(build_origins(shapes, around, given, lsoas, here.margin), [*sources, *of_postcodes], left_out)


def _median_postcodes(
    job: Job, here: _Area, centroids: pd.DataFrame | None, around: gpd.GeoDataFrame | None
) -> tuple[pd.DataFrame | None, list[SourceUsed]]:
    """The median postcodes of LSOAs in and around the area that have no centroid, and the source of the postcodes."""
    path = _tidied(job, POSTCODES)
    if path is None or here.postcodes is None:
        return None, []
    served = set() if centroids is None else set(centroids["lsoa21_code"])
    parts = [here.postcodes[~here.postcodes["lsoa21_code"].isin(served)]]
    beyond = None if around is None else around[~around["lsoa21_code"].isin({*served, *here.frame["lsoa21_code"]})]
    if beyond is not None and len(beyond):
        parts.append(assign_postcodes(read_postcodes_in(path, box_on_grid(tuple(beyond.total_bounds))), beyond))
    postcodes = pd.concat(parts, ignore_index=True)
    return (find_median_postcodes(postcodes), [*store.read_sources(path)]) if len(postcodes) else (None, [])


def _usable_centroids(
    centroids: pd.DataFrame, boundaries: Path, here: _Area, where: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The centroids that lie where their neighbourhoods do, and a line for each of the others."""
    inside = centroids_in_outlines(centroids, here.frame[["lsoa21_code", "geometry"]], where)
    near = place_centroids(inside.frame, boxes_on_grid(boxes_of(boundaries)), where)
    return near.frame, (*inside.left_out, *near.left_out)


def _box_around(here: _Area) -> tuple[float, float, float, float]:
    """The bounding box of the area with its margin, EPSG:4326."""
    west, south, east, north = shapely.total_bounds(to_grid(here.frame.geometry.to_numpy()))
    return (
        *lon_lat(west - here.margin, south - here.margin),
        *lon_lat(east + here.margin, north + here.margin),
    )


def _report(job: Job, here: _Area) -> _Reported:
    root, sources = job.step.project.root, job.step.project.sources()
    reported, read = _Reported(), dict[str, pd.DataFrame]()
    for kind in here.declared.kinds:
        if not kind.is_for(here.area):
            continue
        if kind.source is None:
            path = root / str(kind.file)
            if not path.is_file():
                raise MissingSourceError(
                    f"declared/places.toml: kinds.{kind.id}.file '{kind.file}' is missing. Put it there, correct its "
                    "name, or remove the kind."
                )
            given = read_places(path, kind)
            reported.frames.append(given.frame)
            reported.notes += [f"{kind.id}: {note}" for note in given.notes]
            reported.sources.append(describe_local_file(kind.id, kind.plural, kind.origin, path, root))
            reported.kinds.append(kind.id)
            reported.files[kind.id] = str(kind.file)
            continue
        source = sources.get(kind.source)
        if source is None or source.reads not in PLACED:
            raise MissingSourceError(
                f"declared/places.toml: kinds.{kind.id}.source '{kind.source}' is not a list of places in "
                f"declared/sources.toml. These are: {', '.join(s.id for s in sources.values() if s.reads in PLACED)}."
            )
        if kind.id not in KINDS_OF_SOURCES[source.reads]:
            raise DeclarationError(
                f"declared/places.toml: kinds.{kind.id} takes its places from '{source.id}', which has those of "
                f"{', '.join(KINDS_OF_SOURCES[source.reads])}. Keep one of these names; title and plural are yours."
            )
        table = _tidied(job, source.id)
        if table is None:
            reported.absent.append(kind)
            continue
        if source.id not in read:
            read[source.id] = store.read_table(table)
            reported.sources += store.read_sources(table)
        reported.frames.append(of_kind(read[source.id], kind))
        reported.kinds.append(kind.id)
        reported.files[kind.id] = store.read_sources(table)[0].file
    return reported


def _locate(job: Job, here: _Area, reported: _Reported) -> _Placed:
    """Places with their points, each once: those of several lists, or far from their postcodes, are named."""
    if not reported.frames:
        empty = pd.DataFrame(columns=["kind", "row", "name", "reason"])
        return _Placed(Located(store.empty(tables.SUPPORT_PLACES), empty))
    frame = pd.concat(reported.frames, ignore_index=True)
    path, postcodes = _tidied(job, POSTCODES), None
    wanted = frame["postcode"].fillna("")
    if path is not None and (wanted != "").any():
        postcodes = find_postcodes(path, wanted)
        reported.sources += store.read_sources(path)
    titles = {kind.id: kind.plural for kind in here.declared.kinds}
    settled = settle_by_postcodes(frame, postcodes, reported.files, titles)
    located = locate(settled.frame, here.frame.geometry, postcodes, here.declared.access.farthest_outside)
    refuse_unusable(located, frame, _files_that_matter(here, located, reported))
    merged = merge_same_places(located.frame, [kind for kind in here.declared.kinds if kind.id in reported.kinds])
    return _Placed(Located(merged.frame, located.refused), (*settled.lines, *merged.lines))


def _files_that_matter(here: _Area, located: Located, reported: _Reported) -> dict[str, tuple[str, ...]]:
    """The kinds by file. A national list may have no place near an area, unless the area is the nation."""
    national = {kind.id for kind in here.declared.kinds if kind.source is not None}
    outside = set(located.refused.loc[located.refused["reason"].str.contains("outside the area"), "kind"])
    by_file: dict[str, list[str]] = {}
    for kind, file in reported.files.items():
        by_file.setdefault(file, []).append(kind)
    return {
        file: tuple(kinds)
        for file, kinds in by_file.items()
        if here.area.everything or not (national & outside & set(kinds))
    }


def _notes(here: _Area, located: Located, reported: _Reported) -> list[str]:
    """Rows left out, by reason. In national lists, places elsewhere in the country are not faults and are not named."""
    national = {kind.id for kind in here.declared.kinds if kind.source is not None}
    refused = located.refused
    if refused.empty:
        return []
    postcode = pd.concat(reported.frames).set_index(["kind", "row"])["postcode"].fillna("").astype(str)
    letters = postcode.reindex(pd.MultiIndex.from_frame(refused[["kind", "row"]])).str.extract(r"^\s*([A-Za-z]+)")[0]
    # Districts first: a nation has a million and a half postcodes in three thousand of them.
    districts = pd.Series(dtype="str") if here.postcodes is None else here.postcodes["postcode"].str[:-4]
    nearby = set(districts.drop_duplicates().str.extract(r"^([A-Z]+)")[0])
    elsewhere = refused["reason"].str.contains("outside the area") | ~letters.str.upper().isin(nearby).to_numpy()
    named = refused[~(refused["kind"].isin(national) & elsewhere)]
    return Located(located.frame, named).notes()


def _local_file(job: Job, area: Area, key: str, file: str) -> Path:
    path = job.step.project.root / file
    if not path.is_file():
        raise MissingSourceError(
            f"declared/areas.toml: {area.id}.{key} '{file}' is missing. Put it there, or correct its name."
        )
    return path


def _journeys(job: Job, here: _Area, places: pd.DataFrame) -> _Local | None:
    if here.area.journeys_file is None:
        return None
    path = _local_file(job, here.area, "journeys_file", here.area.journeys_file)
    frame, read = read_journeys(path, here.area.journeys_columns, here.area.journeys_decimal or ".")
    if not (frame["origin"].isin(here.frame["lsoa21_code"]) & frame["destination"].isin(places["place_id"])).any():
        raise RawFileError(
            f"{path}: none of its {len(frame):,} journeys goes from an LSOA of {here.area.title} to one of its support "
            f"places. Destinations are given by place_id, such as {first(sorted(places['place_id']), 3)}; the file has "
            f"{first(sorted(set(frame['destination'])), 3)}."
        )
    root = job.step.project.root
    origin = describe_local_file("journeys", "Journeys to support places", "given by the analyst", path, root)
    notes = [
        *(f"journeys: {note}" for note in read),
        *describe_journeys(frame, set(here.frame["lsoa21_code"]), places, here.declared),
    ]
    return _Local(tables.JOURNEYS, frame, origin, notes)


def _stories(job: Job, here: _Area, points: pd.DataFrame) -> _Local | None:
    if here.area.stories_file is None:
        return None
    path = _local_file(job, here.area, "stories_file", here.area.stories_file)
    inside = points[points["in_area"]]
    lon, lat = lon_lat(inside["easting"].to_numpy(), inside["northing"].to_numpy())
    at = pd.DataFrame({"lon": lon, "lat": lat}, index=inside["lsoa21_code"])
    areas = pd.DataFrame(here.frame.drop(columns="geometry"))
    try:
        reported = read_stories(path, here.area.stories_columns, here.area.stories_allowed)
    except RawFileError:
        # Somebody may have withdrawn a story: earlier ones must not stay in use either.
        earlier = job.step.project.processed(here.area.id) / "stories.parquet"
        job.withdraw(earlier, beside(earlier))
        raise
    placed = place_stories(reported.frame, areas, at, here.postcodes, here.towns)
    if placed.refused and placed.frame.empty:
        raise RawFileError(
            f"{path}: none of its {len(placed.refused):,} stories can be placed in {here.area.title}: "
            f"{first(placed.refused, 5)}. Correct their places, or take stories_file out of the area's table."
        )
    origin = describe_local_file("stories", "Human stories", "collected with consent", path, job.step.project.root)
    notes = [f"{len(placed.frame):,} stories, shown with consent", *(f"stories: {line}" for line in reported.notes)]
    if placed.refused:
        notes.append(f"stories left out: {first(placed.refused, 8)}")
    return _Local(tables.STORIES, placed.frame, origin, notes)
