"""The stages put together: what is fetched, tidied, joined, scored and drawn for an area.

Only this module and the command line know all stages; the stages do not know each other.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from pipeline import raw, schema, store
from pipeline.catalogue import Area, Index, Source, read_areas, read_index, read_layers, read_sources
from pipeline.catalogue.areas import area_named
from pipeline.errors import JoinError, MissingSourceError, PipelineError, first
from pipeline.join import Joined, Part, join
from pipeline.provenance import caution, now, provenance
from pipeline.select import codes_in_polygon, codes_of

Say = Callable[[str], None]
BASE = "lsoa21_icb"
BOUNDARIES = "lsoa21_boundaries"
LOCATED = ("postcodes", "towns")
"""What is read with the area's boundaries: it belongs to no LSOA by code."""
NATIONS = {"england": "England", "demo": "the fictional country"}


@dataclass(frozen=True)
class Project:
    """A project folder: where what is declared, raw, processed and drawn lies."""

    root: Path

    @property
    def declared(self) -> Path:
        """What an analyst edits."""
        return self.root / "declared"

    def sources(self) -> dict[str, Source]:
        """The declared sources by id."""
        return read_sources(self.declared / "sources.toml")

    def area(self, name: str) -> Area:
        """The declared area called ``name``."""
        path = self.declared / "areas.toml"
        return area_named(read_areas(path), name, path)

    def index(self, name: str) -> Index:
        """The index called ``name``, or in the file ``name``."""
        path = Path(name) if name.endswith(".toml") else self.declared / "indices" / f"{name}.toml"
        return read_index(path)

    def national(self, nation: str) -> Path:
        """The tidy tables of a whole nation."""
        return self.root / "data" / "processed" / "national" / nation

    def processed(self, area: str) -> Path:
        """The tables of an area."""
        return self.root / "data" / "processed" / area

    def page(self, area: str) -> Path:
        """The map of an area."""
        return self.root / "maps" / area / "atlas.html"


# --- data -------------------------------------------------------------------------------------------------------------


def fetch_area(project: Project, name: str, mirror: Path | None, accept: Sequence[str], quiet: bool, say: Say) -> None:
    """Fetch an area's sources: national tables whole, boundaries of the area only.

    Raises:
        FetchError: a source could not be had whole.
        MissingSourceError: the mirror lacks a source that the area needs.
    """
    from pipeline.fetch import copy_source, fetch_source, unpack_source

    area, sources = project.area(name), project.sources()
    if area.fictional:
        make_demo(project, 600, say)
        return
    unknown = sorted(set(accept) - set(sources))
    if unknown:
        raise PipelineError(f"ACCEPT names no source: {', '.join(unknown)}. Sources: {', '.join(sources)}.")
    receipts: dict[str, raw.Receipt] = {}
    absent: list[Source] = []
    for source in sorted(sources.values(), key=lambda s: s.by_area):
        if source.instead_of in receipts:
            continue
        receipt: raw.Receipt | None
        if source.format == "package":
            receipt = unpack_source(source, project.root, nation=area.nation)
        elif mirror is not None:
            receipt = copy_source(source, mirror, project.root, nation=area.nation, area_id=area.id, quiet=quiet)
        else:
            receipt = fetch_source(
                source,
                project.root,
                nation=area.nation,
                area_id=area.id,
                codes=_wanted_codes(project, area, source),
                accept=source.id in accept,
                quiet=quiet,
            )
        if receipt is None:
            absent.append(source)
        else:
            receipts[source.id] = receipt
            say(f"  {source.id}: {receipt.file}, {receipt.size:,} bytes")
    _refuse_gaps(area, mirror, sources, set(receipts), absent, say)
    _write_stamps(project, area, receipts.values())
    say(f"{area.title}: {len(receipts)} sources are in data/raw. Next: make maps AREA={area.id}")


def _wanted_codes(project: Project, area: Area, source: Source) -> list[str] | None:
    if not source.by_area or area.everything:
        return None
    lookup = _located(project, area, project.sources()[BASE])
    from pipeline.tidy import tidy_health_geography

    return codes_of(area, tidy_health_geography(lookup)[0], project.root)


def _refuse_gaps(
    area: Area, mirror: Path | None, sources: Mapping[str, Source], got: set[str], absent: Iterable[Source], say: Say
) -> None:
    alternatives = {s.instead_of: s.id for s in sources.values() if s.instead_of}
    lacking = []
    for source in absent:
        instead = alternatives.get(source.id) or source.instead_of
        if instead in got:
            say(f"  {source.id}: not in {mirror}; {instead} is used instead")
        elif source.required:
            lacking.append(source)
        else:
            say(f"  {source.id}: not in {mirror} (optional)")
    if lacking:
        listed = "\n".join(f"  {s.id}: {s.title}; expected a file {s.file}" for s in lacking)
        raise MissingSourceError(f"{mirror} does not hold {len(lacking)} source(s) that {area.id} needs:\n{listed}")


def _write_stamps(project: Project, area: Area, receipts: Iterable[raw.Receipt]) -> None:
    """Record what an area and its nation are made from; a stamp is touched only when something changed."""
    by_area = {source.id for source in project.sources().values() if source.by_area}
    used = {r.source: {"file": r.file, "sha256": r.sha256} for r in receipts}
    national = {source: file for source, file in used.items() if source not in by_area}
    for path, files in (
        (project.root / "data" / "raw" / "national" / f"{area.nation}.json", national),
        (project.root / "data" / "raw" / "areas" / f"{area.id}.json", used),
    ):
        if not path.exists() or json.loads(path.read_text(encoding="utf-8")) != files:
            store.write_json(path, files)


def make_demo(project: Project, areas: int, say: Say) -> None:
    """Write the fictional country's raw files, in the publishers' formats."""
    from pipeline.demo import demo_files

    area, receipts = project.area("demo"), []
    say(f"Making FICTIONAL DATA: {area.title}, {areas:,} areas that exist nowhere.")
    for source, file, content in demo_files(areas=areas):
        path = raw.raw_folder(project.root, area.nation) / source / file
        receipt = raw.made_receipt(source, file, content, area.id)
        kept = raw.read_receipt(path)
        if kept is None or kept.sha256 != receipt.sha256 or not path.exists():
            store.write_bytes(path, content)
            store.write_json(raw.receipt_path(path), receipt.as_json())
        receipts.append(receipt)
    _write_stamps(project, area, receipts)


def _located(project: Project, area: Area, source: Source) -> Path:
    path = raw.locate(source.model_dump(), project.root, area.nation, area.id)
    if path is None:
        raise MissingSourceError(raw.missing_message(raw.missing_sources(project.root, area.id), area.id))
    return path


# --- tidy -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tidied:
    """A tidy table with its schema and where it came from."""

    source: Source
    table: schema.Table
    frame: pd.DataFrame
    provenance: dict[str, Any]

    def part(self) -> Part:
        """As a table to join."""
        return Part(self.table, self.frame, self.source.id, self.source.required)


def tidy_source(source: Source, path: Path) -> tuple[schema.Table, pd.DataFrame, list[str]]:
    """Read the raw file of a national source; the notes go into the metadata of everything made from it."""
    from pipeline import tidy

    with_year = {"health_geography": tidy.tidy_health_geography, "wards": tidy.tidy_wards}
    of_path = {
        "deprivation": tidy.tidy_deprivation,
        "underlying_indicators": tidy.tidy_underlying_indicators,
        "rurality": tidy.tidy_rurality,
        "lsoa_changes": tidy.tidy_lsoa_changes,
        "population_estimates": tidy.tidy_population_estimates,
    }
    of_member = {"population_census": tidy.tidy_population_census, "disability": tidy.tidy_disability}
    tables = {table.name: table for table in schema.TABLES}
    name = "population" if source.reads.startswith("population") else source.reads
    if source.reads in with_year:
        frame, year = with_year[source.reads](path)
        return tables[name], frame, [f"codes and names of {year}"]
    if source.reads in of_path:
        frame = of_path[source.reads](path)
    elif source.reads in of_member:
        with raw.open_member(path, str(source.member)) as file:
            frame = of_member[source.reads](file, f"{path}!{source.member}")
    else:
        raise PipelineError(
            f"declared/sources.toml: {source.id}.reads '{source.reads}' is nothing that can be read here."
        )
    return tables[name], frame, [source.release] if name == "population" else []


def tidy_nation(project: Project, nation: str, say: Say) -> None:
    """Raw national tables to tidy parquet, and all of them joined on every LSOA of the nation."""
    area = Area(id="whole-nation", title=nation, everything=True, fictional=nation == "demo")
    tidied = _tidy_all(project, area)
    folder = project.national(nation)
    for tidy in tidied.values():
        metadata = {"built": now(), "table": tidy.table.name, "rows": len(tidy.frame), "sources": [tidy.provenance]}
        store.write_table(tidy.frame, folder / f"{tidy.source.id}.parquet", metadata)
    joined = _join_all(tidied[BASE].frame, tidied)
    metadata = {
        "built": now(),
        "table": "joined",
        "rows": len(joined.frame),
        "sources": [t.provenance for t in tidied.values()],
        "matched": [str(match) for match in joined.matches],
    }
    store.write_table(joined.frame, folder / "reference.parquet", metadata)
    say(f"{_fictional(area)}{len(joined.frame):,} LSOAs of the nation, {len(tidied)} sources")


def _tidy_all(project: Project, area: Area) -> dict[str, Tidied]:
    """Every national source that is there: an alternative only where what it stands instead of is not."""
    tidied: dict[str, Tidied] = {}
    for source in project.sources().values():
        if source.by_area or source.reads in LOCATED or source.instead_of in tidied:
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


def _join_all(areas: pd.DataFrame, tidied: Mapping[str, Tidied]) -> Joined:
    parts = [t.part() for t in tidied.values() if t.table.key == "lsoa21_code"]
    return join(areas, parts, former=_former(tidied))


def _former(tidied: Mapping[str, Tidied]) -> dict[str, str]:
    """LSOAs of 2011 that no longer exist, and what became of them."""
    changes = next((t.frame for t in tidied.values() if t.table.name == "lsoa_changes"), None)
    if changes is None:
        return {}
    gone = changes[~changes["lsoa11_code"].isin(changes["lsoa21_code"])]
    return dict(gone.groupby("lsoa11_code")["lsoa21_code"].agg(" + ".join))


# --- join -------------------------------------------------------------------------------------------------------------


def join_area(project: Project, name: str, say: Say) -> None:
    """The area's boundaries with every source's columns: ``joined.parquet``.

    Raises:
        MissingSourceError: a raw file is not there.
        JoinError: an LSOA of the area lacks its boundary or a row of a required source.
    """
    from pipeline.tidy import tidy_boundaries

    area, sources = project.area(name), project.sources()
    tidied = _read_tidied(project, area.nation)
    geography = tidied[BASE].frame
    path = _located(project, area, sources[BOUNDARIES])
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
    joined = _join_all(frame, tidied)
    repaired = sorted(set(boundaries.repaired) & set(codes))
    table = schema.JOINED
    result = gpd.GeoDataFrame(joined.frame[[*table.names, "geometry"]], geometry="geometry", crs=frame.crs)
    schema.validate(pd.DataFrame(result.drop(columns="geometry")), table, f"{area.id}, joined")
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
    say(f"{_fictional(area)}{area.title}: {len(result):,} LSOAs in {result['lad_code'].nunique()} districts")
    for match in joined.matches:
        say(f"  matched {match}")
    if repaired:
        say(f"  repaired {len(repaired)} invalid published polygon(s): {first(repaired)}")


def _locate_all(project: Project, area: Area, areas: gpd.GeoDataFrame) -> None:
    """Postcodes and towns of the area, where their source is there: ``postcodes.parquet`` and ``towns.parquet``."""
    from pipeline.tidy import tidy_postcodes, tidy_towns

    readers = {"postcodes": (tidy_postcodes, schema.POSTCODES), "towns": (tidy_towns, schema.TOWNS)}
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


def _read_tidied(project: Project, nation: str) -> dict[str, Tidied]:
    sources, tables = project.sources(), {table.name: table for table in schema.TABLES}
    tidied = {}
    for path in sorted(project.national(nation).glob("*.parquet")):
        if path.stem in sources:
            metadata = store.read_metadata(path)
            tidied[path.stem] = Tidied(
                sources[path.stem], tables[metadata["table"]], store.read_table(path), metadata["sources"][0]
            )
    order = list(sources)
    return dict(sorted(tidied.items(), key=lambda item: order.index(item[0])))


# --- score ------------------------------------------------------------------------------------------------------------


def score_area(project: Project, name: str, index_name: str | None, output: Path | None, say: Say) -> None:
    """Scores, ranks and deciles of an area: ``risk.parquet``, a CSV and ``datapackage.json``; or just ``output``."""
    from pipeline.risk import middles, risk

    area = project.area(name)
    index = project.index(index_name or area.index)
    path = project.processed(area.id) / "joined.parquet"
    joined, metadata = store.read_geotable(path), store.read_metadata(path)
    nation = store.read_table(project.national(area.nation) / "reference.parquet")
    result = risk(joined, nation, index, area.reference)
    frame, table, scores = result.frame, result.table, result.scores
    metadata |= {
        "built": now(),
        "table": table.name,
        "reference": area.reference,
        "reference_lsoas": len(joined) if area.reference == "area" else len(nation),
        "index": index.model_dump(exclude_defaults=True),
        "weights": scores.weights.round(6).to_dict(orient="records"),
        "imputed": {column: list(codes) for column, codes in scores.imputed.items()},
        "indicators_missing": {column: list(codes) for column, codes in scores.missing.items()},
        "nation": {
            "title": NATIONS[area.nation],
            "areas": len(nation),
            **middles(nation, result.national),
        },
        "rows_in": len(joined),
        "rows": len(frame),
    }
    if output is not None:
        store.write_table(frame, output, metadata)
        say(f"{_fictional(area)}{area.title} by '{index.id}': {len(frame):,} LSOAs in {output}")
        return
    folder = project.processed(area.id)
    store.write_table(frame, folder / "risk.parquet", metadata)
    store.write_csv(frame, folder / "risk.csv")
    resources = {"risk.parquet": table, "risk.csv": table}
    title = f"{_fictional(area)}Digital-exclusion risk, {area.title}"
    store.write_json(folder / "datapackage.json", store.data_package(area.id, title, metadata, resources))
    say(
        f"{_fictional(area)}{area.title}: scored by '{index.id}' against {area.reference}, in {folder / 'risk.parquet'}"
    )
    for item in index.absent:
        say(f"  not in the open data at hand: {item.title} ({item.why})")


# --- map --------------------------------------------------------------------------------------------------------------


def draw_area(project: Project, name: str, assets: Path, say: Say) -> None:
    """The page of an area, ``maps/<area>/atlas.html``, from ``risk.parquet`` and its metadata."""
    from pipeline.atlas import draw

    area = project.area(name)
    path = project.processed(area.id) / "risk.parquet"
    metadata = store.read_metadata(path)
    index = Index.model_validate(metadata["index"])
    table = schema.risk_table({component.name: component.title for component in index.components})
    look = read_layers(project.declared / "layers.toml")
    notes = [*caution(metadata["sources"]), *(f"Not in these data: {a.title}. {a.why}." for a in index.absent)]
    context = {}
    for kind in LOCATED:
        extra = project.processed(area.id) / f"{kind}.parquet"
        if extra.exists():
            context[kind] = store.read_table(extra)
            metadata["sources"] += store.read_metadata(extra)["sources"]
    html = draw(store.read_geotable(path), table, metadata, index, look, notes, assets, **context)
    page = project.page(area.id)
    store.write_text(page, html)
    say(f"{_fictional(area)}{area.title}: open {page} ({len(html.encode()) / 1e6:.2f} MB)")


def _fictional(area: Area) -> str:
    return "FICTIONAL DATA · " if area.fictional else ""


# --- documentation ----------------------------------------------------------------------------------------------------


def write_dictionary(project: Project, say: Say) -> None:
    """``docs/data-dictionary.md`` from the schema of every table."""
    index = project.index("norfolk-waveney")
    risk = schema.risk_table({component.name: component.title for component in index.components})
    path = project.root / "docs" / "data-dictionary.md"
    store.write_text(path, schema.dictionary([risk, *schema.TABLES]))
    say(f"Wrote {path}")
