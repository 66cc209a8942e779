"""Support places of an area, the points distances are measured from, journeys and stories."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from pipeline import raw, store, tables
from pipeline.catalogue import Area
from pipeline.catalogue.places import PlaceKind, Places
from pipeline.errors import DeclarationError, MissingSourceError, first
from pipeline.places.locating import GRID, Located, locate, origins, to_degrees
from pipeline.places.reading import of_kind, read_journeys, read_places
from pipeline.places.stories import place_stories, read_stories
from pipeline.stages.join import BOUNDARIES
from pipeline.stages.project import Project, Say, fictional, reference
from pipeline.store.provenance import local_provenance, now, provenance

CENTROIDS, POSTCODES = "lsoa21_centroids", "code_point_open"
KINDS_OF_SOURCES = {"libraries": ("library", "mobile_library"), "gp_practices": ("gp_practice",)}
"""The kinds that the reader of a source tells apart."""
SHORTEST_LONGEST, LONGEST_MIDDLE = 1.0, 240.0
"""Journeys whose longest takes less than this, or whose middle takes more, are hardly in minutes."""


@dataclass
class _Reported:
    """Places as their files report them, and where they come from."""

    frames: list[pd.DataFrame] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    absent: list[PlaceKind] = field(default_factory=list)


def place_area(project: Project, name: str, say: Say) -> None:
    """``support_places.parquet`` and ``origins.parquet``; ``journeys.parquet`` and ``stories.parquet`` where declared.

    Raises:
        MissingSourceError: a local file that is declared is not there.
        RawFileError: a file cannot be used, stories that could identify someone among them.
    """
    area, declared = project.area(name), project.places()
    folder = project.processed(area.id)
    # What cannot be used must not leave what it was to replace: somebody may have withdrawn a story.
    for own in ("journeys", "stories"):
        store.remove_table(folder / f"{own}.parquet")
    areas = store.read_geotable(folder / "joined.parquet")
    points, source = _origins(project, area, areas, declared)
    reported = _report(project, area, declared)
    located = _locate(project, area, areas, declared, reported)
    notes = _notes(located, reported, declared, project, area)
    journeys = _journeys(project, area, set(areas["lsoa21_code"]), located.frame, declared)
    stories = _stories(project, area, areas, points, folder)
    outside = len(points) - len(areas)
    weighted = int((points["located_by"] == "population-weighted centroid").sum())
    metadata: dict[str, Any] = {
        "kinds": reported.kinds,
        "absent": [kind.id for kind in reported.absent],
        "left_out": notes,
        "counts": {kind: int((located.frame["kind"] == kind).sum()) for kind in reported.kinds},
    }
    write(points, folder, tables.ORIGINS, source, {"outside": outside, "population_weighted": weighted})
    for local, table in ((journeys, tables.JOURNEYS), (stories, tables.STORIES)):
        if local is not None:
            write(local.frame, folder, table, [local.source], {"notes": local.notes})
    # Last, as it is what make looks for.
    write(located.frame, folder, tables.SUPPORT_PLACES, reported.sources, metadata)
    counts = [f"{metadata['counts'][k.id]:,} {k.plural}" for k in declared.kinds if k.id in reported.kinds]
    say(f"{fictional(area)}{area.title}: {', '.join(counts) or 'no list of support places is at hand'}")
    for kind in reported.absent:
        say(f"  {kind.plural}: the list is not in data/raw. Get it with: make data AREA={area.id}")
    if len(located.frame) and not (located.frame["capacity"] * located.frame["counts"]).any():
        say("  no place adds to capacity: all have a capacity of 0, or counts = false")
    inside = len(points) - weighted
    say(f"  distances from {weighted:,} population-weighted centroids and {inside:,} points inside neighbourhoods")
    if not area.everything and not outside:
        say("  people just outside the area are not counted among those who may come to its places: no points for them")
    told = [line for local in (journeys, stories) if local is not None for line in local.notes]
    for line in [*notes, *told]:
        say(f"  {line}")


def write(
    frame: pd.DataFrame, folder: Path, table: tables.Table, sources: list[dict[str, Any]], more: dict[str, Any]
) -> None:
    """A table under its schema's name, with its metadata; one without rows is written as it is."""
    metadata = {"built": now(), "table": table.name, "rows": len(frame), "sources": sources, **more}
    if len(frame):
        tables.validate(frame, table, table.name)
    store.write_table(frame, folder / f"{table.name}.parquet", metadata)


def _origins(
    project: Project, area: Area, areas: gpd.GeoDataFrame, declared: Places
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Points of the area's LSOAs and of those from which people may come to its places."""
    from pipeline.tidy import tidy_boundaries, tidy_centroids

    sources = project.sources()
    used = []
    path = raw.locate(sources[CENTROIDS].model_dump(), project.root, area.nation, area.id)
    centroids = None
    if path is not None:
        centroids = tidy_centroids(path)
        used.append(provenance(sources[CENTROIDS], path, project.root))
    shapes = areas[["lsoa21_code", "geometry"]]
    known = set(reference(project, area.nation).index)
    outside = known - set(shapes["lsoa21_code"])
    if outside and (centroids is None or not outside <= set(centroids["lsoa21_code"])):
        boundaries = raw.locate(sources[BOUNDARIES].model_dump(), project.root, area.nation, area.id)
        if boundaries is not None:
            more = tidy_boundaries(boundaries).frame
            shapes = pd.concat([shapes, _around(more, shapes, declared)[["lsoa21_code", "geometry"]]])
            used.append(provenance(sources[BOUNDARIES], boundaries, project.root))
    own, weighted = origins(gpd.GeoDataFrame(shapes, crs=areas.crs), centroids)
    frame = pd.DataFrame({"lsoa21_code": shapes["lsoa21_code"].to_numpy(), "easting": own[:, 0], "northing": own[:, 1]})
    frame["located_by"] = pd.Series(weighted).map({True: "population-weighted centroid", False: "point inside"})
    if centroids is not None:
        others = centroids[~centroids["lsoa21_code"].isin(frame["lsoa21_code"])]
        frame = pd.concat([frame, others.assign(located_by="population-weighted centroid")], ignore_index=True)
    frame["in_area"] = frame["lsoa21_code"].isin(areas["lsoa21_code"])
    near = frame["in_area"] | _near(frame, frame[frame["in_area"]], declared)
    kept = frame[near & frame["lsoa21_code"].isin(known)]
    return kept.sort_values("lsoa21_code", ignore_index=True)[tables.ORIGINS.names], used


def _margin(declared: Places) -> float:
    """How far from the area someone may live who comes to a place that still belongs to it, metres."""
    return declared.access.farthest_outside + max(declared.access.reach.values())


def _around(boundaries: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, declared: Places) -> gpd.GeoDataFrame:
    box = areas.to_crs(GRID).total_bounds
    margin = _margin(declared)
    west, south = to_degrees(box[0] - margin, box[1] - margin)
    east, north = to_degrees(box[2] + margin, box[3] + margin)
    near = boundaries.cx[west:east, south:north]
    return near[~near["lsoa21_code"].isin(areas["lsoa21_code"])]


def _near(points: pd.DataFrame, areas: pd.DataFrame, declared: Places) -> "pd.Series[bool]":
    margin = _margin(declared)
    inside = pd.Series(True, index=points.index)
    for axis in ("easting", "northing"):
        inside &= points[axis].between(areas[axis].min() - margin, areas[axis].max() + margin)
    return inside


def _report(project: Project, area: Area, declared: Places) -> _Reported:
    from pipeline.tidy import tidy_gp_practices, tidy_libraries

    readers = {"libraries": tidy_libraries, "gp_practices": tidy_gp_practices}
    sources, tidied = project.sources(), {}
    reported = _Reported()
    _refuse_unknown_areas(project, declared)
    for kind in declared.kinds:
        if not kind.is_for(area):
            continue
        if kind.source is None:
            path = project.root / str(kind.file)
            if not path.is_file():
                raise MissingSourceError(
                    f"declared/places.toml: kinds.{kind.id}.file '{kind.file}' is not there. Put it there, correct its "
                    "name, or take the kind out."
                )
            reported.frames.append(read_places(path, kind))
            reported.sources.append(local_provenance(kind.id, kind.plural, kind.origin, path, project.root))
            reported.kinds.append(kind.id)
            continue
        source = sources.get(kind.source)
        if source is None or source.reads not in readers:
            raise MissingSourceError(
                f"declared/places.toml: kinds.{kind.id}.source '{kind.source}' is no list of places in "
                f"declared/sources.toml. These are: {', '.join(s.id for s in sources.values() if s.reads in readers)}."
            )
        found = raw.locate(source.model_dump(), project.root, area.nation, area.id)
        if found is None:
            reported.absent.append(kind)
            continue
        if source.id not in tidied:
            tidied[source.id] = readers[source.reads](found)
            reported.sources.append(provenance(source, found, project.root))
        if kind.id not in KINDS_OF_SOURCES[source.reads]:
            raise DeclarationError(
                f"declared/places.toml: kinds.{kind.id} takes its places from '{source.id}', which has those of "
                f"{', '.join(KINDS_OF_SOURCES[source.reads])}. Keep one of these names; title and plural are yours."
            )
        reported.frames.append(of_kind(tidied[source.id], kind))
        reported.kinds.append(kind.id)
    return reported


def _refuse_unknown_areas(project: Project, declared: Places) -> None:
    known = project.area_names()
    for kind in declared.kinds:
        unknown = [name for name in kind.areas if name not in known]
        if unknown:
            raise DeclarationError(
                f"declared/places.toml: kinds.{kind.id}.areas names {', '.join(unknown)}, which declared/areas.toml "
                f"does not have. It has {', '.join(known)}."
            )


def _locate(project: Project, area: Area, areas: gpd.GeoDataFrame, declared: Places, reported: _Reported) -> Located:
    from pipeline.tidy import read_postcodes

    if not reported.frames:
        return Located(store.empty(tables.SUPPORT_PLACES), pd.DataFrame(columns=["kind", "row", "name", "reason"]))
    source = project.sources()[POSTCODES]
    path = raw.locate(source.model_dump(), project.root, area.nation, area.id)
    frame = pd.concat(reported.frames, ignore_index=True)
    postcodes = None
    if path is not None and frame[["x", "y"]].isna().any(axis=None):
        postcodes = read_postcodes(path)
        reported.sources.append(provenance(source, path, project.root))
    return locate(frame, areas.geometry, postcodes, declared.access.farthest_outside)


def _notes(located: Located, reported: _Reported, declared: Places, project: Project, area: Area) -> list[str]:
    """Rows left out by reason. Of national lists, places elsewhere in the country are no fault and are not named."""
    national = {kind.id for kind in declared.kinds if kind.source is not None}
    refused = located.refused
    if refused.empty:
        return []
    postcode = pd.concat(reported.frames).set_index(["kind", "row"])["postcode"].fillna("").astype(str)
    letters = postcode.reindex(pd.MultiIndex.from_frame(refused[["kind", "row"]])).str.extract(r"^\s*([A-Za-z]+)")[0]
    here = _postcode_areas(project, area)
    elsewhere = refused["reason"].str.contains("outside the area") | ~letters.str.upper().isin(here).to_numpy()
    named = refused[~(refused["kind"].isin(national) & elsewhere)]
    return Located(located.frame, named).notes()


def _postcode_areas(project: Project, area: Area) -> set[str]:
    """The letters that postcodes of the area begin with."""
    path = project.processed(area.id) / "postcodes.parquet"
    return set(store.read_table(path)["postcode"].str.extract(r"^([A-Z]+)")[0]) if path.exists() else set()


def _local(project: Project, area: Area, key: str, file: str) -> Path:
    path = project.root / file
    if not path.is_file():
        raise MissingSourceError(f"declared/areas.toml: {area.id}.{key} '{file}' is not there.")
    return path


@dataclass(frozen=True)
class _Local:
    """A table from a file of the area's own, where it came from, and what to say of it."""

    frame: pd.DataFrame
    source: dict[str, Any]
    notes: list[str]


def _journeys(project: Project, area: Area, known: set[str], places: pd.DataFrame, declared: Places) -> _Local | None:
    if area.journeys_file is None:
        return None
    path = _local(project, area, "journeys_file", area.journeys_file)
    frame = read_journeys(path)
    origin = local_provenance("journeys", "Journeys to support places", "given by the analyst", path, project.root)
    return _Local(frame, origin, _journeys_told(frame, known, places, declared))


def _journeys_told(frame: pd.DataFrame, known: set[str], places: pd.DataFrame, declared: Places) -> list[str]:
    """How much of a matrix of journeys serves, and what in it looks wrong."""
    ids = set(places["place_id"])
    used = frame[frame["origin"].isin(known) & frame["destination"].isin(ids)]
    unknown = sorted(set(frame["destination"]) - ids)
    said = [
        f"journeys: {len(used):,} of {len(frame):,} rows go from this area to its support places; "
        f"{len(known) - used['origin'].nunique():,} of {len(known):,} neighbourhoods have none, and "
        f"{len(ids) - used['destination'].nunique():,} of {len(ids):,} places are never reached"
    ]
    if unknown:
        said.append(f"journeys: {len(unknown):,} destination(s) are no place_id of this area: {first(unknown, 8)}")
    if len(used) and (used["minutes"].max() < SHORTEST_LONGEST or used["minutes"].median() > LONGEST_MIDDLE):
        said.append(
            f"journeys: minutes range from {used['minutes'].min():g} to {used['minutes'].max():g}. Are they minutes?"
        )
    by_row = {k.id for k in declared.kinds if k.columns is not None and k.columns.id is None}
    loose = sorted(set(used["destination"].map(dict(zip(places["place_id"], places["kind"], strict=True)))) & by_row)
    if loose:
        said.append(
            f"journeys: places of {', '.join(loose)} are numbered by their rows, so a row added above sends their "
            "journeys elsewhere. Give them a column of their own (columns.id in declared/places.toml)."
        )
    return said


def _stories(
    project: Project, area: Area, areas: gpd.GeoDataFrame, points: pd.DataFrame, folder: Path
) -> _Local | None:
    if area.stories_file is None:
        return None
    path = _local(project, area, "stories_file", area.stories_file)
    own = points[points["in_area"]]
    lon, lat = to_degrees(own["easting"].to_numpy(), own["northing"].to_numpy())
    at = pd.DataFrame({"lon": lon, "lat": lat}, index=own["lsoa21_code"])
    known = folder / "postcodes.parquet"
    postcodes = store.read_table(known) if known.exists() else None
    placed = place_stories(read_stories(path), pd.DataFrame(areas.drop(columns="geometry")), at, postcodes)
    origin = local_provenance("stories", "Human stories", "collected with consent", path, project.root)
    notes = [f"{len(placed.frame):,} stories, shown with consent"]
    if placed.refused:
        notes.append(f"stories left out: {first(placed.refused, 8)}")
    return _Local(placed.frame, origin, notes)
