"""The stages put together: what is fetched, tidied, joined, scored and drawn for an area.

Only this module and the command line know all stages; the stages do not know each other.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from pipeline import raw, schema, store
from pipeline.catalogue import (
    Area,
    Index,
    Source,
    Uncertainty,
    read_areas,
    read_index,
    read_layers,
    read_sources,
    read_uncertainty,
)
from pipeline.catalogue.areas import area_named
from pipeline.errors import EvidenceError, JoinError, MissingSourceError, PipelineError, first
from pipeline.join import Joined, Part, join
from pipeline.provenance import caution, now, provenance
from pipeline.select import codes_in_polygon, codes_of

if TYPE_CHECKING:
    from pipeline.evidence import Outcome

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

    def uncertainty(self) -> Uncertainty:
        """What is varied to learn how sure a rank is."""
        return read_uncertainty(self.declared / "uncertainty.toml")

    def national(self, nation: str) -> Path:
        """The tidy tables of a whole nation."""
        return self.root / "data" / "processed" / "national" / nation

    def processed(self, area: str) -> Path:
        """The tables of an area."""
        return self.root / "data" / "processed" / area

    def page(self, area: str) -> Path:
        """The map of an area."""
        return self.root / "maps" / area / "atlas.html"

    def method_page(self, area: str) -> Path:
        """The page on how the map of an area was made and how sure it is."""
        return self.root / "maps" / area / "method.html"


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
        if source.by_hand and mirror is None:
            say(f"  {source.id}: not to be fetched; put {source.file} in data/raw/{source.id}/ (optional)")
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
        "digital_propensity": tidy.tidy_digital_propensity,
        "population_estimates": tidy.tidy_population_estimates,
    }
    of_member = {
        "population_census": tidy.tidy_population_census,
        "disability": tidy.tidy_disability,
        "tenure": tidy.tidy_tenure,
        "household_deprivation": tidy.tidy_household_deprivation,
    }
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


def score_area(
    project: Project, name: str, index_name: str | None, output: Path | None, say: Say, *, uncertain: bool = True
) -> None:
    """Scores, ranks and deciles of an area: ``risk.parquet``, a CSV and ``datapackage.json``; or just ``output``.

    Only ``output`` may go without rank intervals and hot spots (``uncertain=False``): their columns are then empty.
    """
    from pipeline.risk import middles, risk

    area = project.area(name)
    index = project.index(index_name or area.index)
    path = project.processed(area.id) / "joined.parquet"
    joined, metadata = store.read_geotable(path), store.read_metadata(path)
    nation = store.read_table(project.national(area.nation) / "reference.parquet")
    drawn = uncertain or output is None
    result = risk(joined, nation, index, area.reference, project.uncertainty() if drawn else None)
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
        "uncertainty": result.varied,
        "hotspots": result.clusters,
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
    stay, worst = result.varied["worst_tenth_staying_in_90_percent_of_draws"], result.varied["worst_tenth"]
    say(f"  of the {worst:,} in the worst tenth, {stay:,} stay in 90% of {result.varied['draws']:,} plausible indices")
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


def explain_area(project: Project, name: str, say: Say) -> None:
    """The page on an area's method, ``maps/<area>/method.html``, and its figures, ``sensitivity.json``.

    Evidence that the score predicts something is shown where it has been written, by ``validate``: the area's own, else
    the nation's.
    """
    from pipeline.index.sensitivity import sensitivity
    from pipeline.method import method_page

    area, uncertainty = project.area(name), project.uncertainty()
    folder = project.processed(area.id)
    path = folder / "risk.parquet"
    metadata, frame = store.read_metadata(path), store.read_table(path)
    if "uncertainty" not in metadata:
        raise PipelineError(f"{path} was scored without rank intervals. Run: python -m pipeline score {area.id}")
    index = Index.model_validate(metadata["index"])
    joined = store.read_table(folder / "joined.parquet").set_index("lsoa21_code")
    nation = _reference(project, area.nation)
    found = sensitivity(index, joined if area.reference == "area" else nation, joined, uncertainty)
    store.write_json(
        folder / "sensitivity.json", {"built": now(), "area": area.id, "index": index.id, **found.as_json()}
    )
    evidence = next(
        (
            json.loads(file.read_text(encoding="utf-8"))
            for file in (folder / "evidence.json", project.national(area.nation) / "evidence.json")
            if file.exists()
        ),
        None,
    )
    page = project.method_page(area.id)
    html = method_page(frame.drop(columns=["geometry", "bbox"], errors="ignore"), metadata, index, found, evidence)
    store.write_text(page, html)
    say(f"{_fictional(area)}{area.title}: how sure the map is, in {page}")


def _fictional(area: Area) -> str:
    return "FICTIONAL DATA · " if area.fictional else ""


# --- evidence ---------------------------------------------------------------------------------------------------------

OUTCOME = "ons_dpi"
"""What scores are held against unless a file is given."""


@dataclass(frozen=True)
class Asked:
    """An outcome file and how to read it; without ``path``, the shipped source ``ons_dpi``."""

    path: Path | None = None
    column: str | None = None
    code_column: str | None = None
    higher_is_better: bool = False


def validate_area(project: Project, name: str, asked: Asked, draws: int, say: Say) -> None:
    """Hold the area's index, shipped ones and single indicators against an outcome: ``evidence.parquet`` and ``.json``.

    Raises:
        MissingSourceError: no outcome was given and the shipped one is not there.
        EvidenceError: the outcome cannot be put on this nation's LSOAs.
    """
    from pipeline.evidence import outcome_summary, validate_indices, validation_lines

    area = project.area(name)
    nation = _reference(project, area.nation)
    outcome, origin = _outcome(project, area, asked, nation.index)
    indices = _candidates(project, area.index)
    scores = _scores(indices, nation)
    joined = store.read_geotable(project.processed(area.id) / "joined.parquet")
    result = validate_indices(scores, outcome, nation, pd.Index(joined["lsoa21_code"]), draws=draws)
    fitted = [index.id for index in indices if index.fitted_to == outcome.name]
    frame = result.agreement
    schema.validate(frame, schema.EVIDENCE, f"evidence of {area.id}")
    metadata = {
        "built": now(),
        "area": area.id,
        "table": schema.EVIDENCE.name,
        "rows": len(frame),
        "sources": [origin, *store.read_metadata(_reference_path(project, area.nation))["sources"]],
        "outcome": outcome_summary(outcome),
        "in_sample": fitted,
        "draws": draws,
    }
    folder = project.processed(area.id)
    store.write_table(frame, folder / "evidence.parquet", metadata)
    tables = {"summary": result.summary, "calibration": result.calibration}
    content = {key: json.loads(table.round(6).to_json(orient="records")) for key, table in tables.items()}
    store.write_json(folder / "evidence.json", metadata | content)
    for line in validation_lines(result, outcome, area.index, fitted):
        say(line)
    say(f"{_fictional(area)}Every figure, by ICB and district: {folder / 'evidence.parquet'}")


def calibrate_index(
    project: Project,
    nation: str,
    index_name: str,
    asked: Asked,
    least: float,
    draws: int,
    output: Path | None,
    say: Say,
) -> None:
    """Fit an index's weights to an outcome, report how it does where it was not fitted, and write it to ``output``.

    The report goes into ``calibration.json`` beside the nation's tables.
    """
    from pipeline.evidence import calibrate, calibration_lines, calibration_summary, index_toml

    area = Area(id="whole-nation", title=nation, everything=True, fictional=nation == "demo")
    frame, template = _reference(project, nation), project.index(index_name)
    outcome, origin = _outcome(project, area, asked, frame.index)
    others = _scores([i for i in _candidates(project, template.id) if i.id != template.id], frame)
    result = calibrate(template, frame, outcome, others, least=least, draws=draws)
    for line in calibration_lines(result, outcome, least):
        say(line)
    summary = calibration_summary(result, outcome, least) | {"built": now(), "sources": [origin], "draws": draws}
    path = project.national(nation) / "calibration.json"
    store.write_json(path, summary)
    say(f"{_fictional(area)}The whole report: {path}")
    if output is None:
        return
    judged = {row["left_out"]: row for row in summary["out_of_sample"]}["ICB"]
    comments = [
        f"{template.title}.",
        "Change a weight, save, and run `make maps`: only scores and pages are made again.",
        "",
        f"The weights are percents of the whole, fitted to {outcome.name} ({len(outcome.values):,} areas) by",
        f"  python -m pipeline calibrate --index {index_name} --least {least:g} --output {output}",
        "No weight is negative and none is under the least, so that every indicator stays visible.",
        f"Rank correlation where the weights were not fitted (each ICB left out in turn): {judged['spearman']:.3f}",
        f"over all areas, {judged['median_within_icb']:.3f} in the middle one of the ICBs. See docs/method.md.",
    ]
    store.write_text(output, index_toml(result.index.model_copy(update={"id": output.stem}), comments))
    say(f"Wrote {output}")


def _reference_path(project: Project, nation: str) -> Path:
    return project.national(nation) / "reference.parquet"


def _reference(project: Project, nation: str) -> pd.DataFrame:
    path = _reference_path(project, nation)
    if not path.exists():
        raise MissingSourceError(
            f"{path} is not there yet. Run: make maps AREA=<area>, or python -m pipeline tidy {nation}"
        )
    return store.read_table(path).set_index("lsoa21_code")


def _candidates(project: Project, own: str) -> list[Index]:
    """The index asked for, and all that are shipped."""
    shipped = sorted(path.stem for path in (project.declared / "indices").glob("*.toml"))
    return [project.index(name) for name in dict.fromkeys([own, *shipped])]


def _scores(indices: Iterable[Index], nation: pd.DataFrame) -> pd.DataFrame:
    """A score for each index and for single indicators, over all LSOAs of the nation."""
    from pipeline.index import score

    alone = {
        "aged 75 and over alone": nation["share_75_plus"],
        "aged 65 and over alone": nation["share_65_to_74"] + nation["share_75_plus"],
        "IMD alone": nation["imd_score"],
    }
    return pd.DataFrame({index.id: score(index, nation).score for index in indices} | alone)


def _outcome(project: Project, area: Area, asked: Asked, nation: pd.Index) -> tuple["Outcome", dict[str, Any]]:
    """The outcome on this nation's LSOAs, and where it comes from."""
    from pipeline.evidence import find_code_column, match_outcome
    from pipeline.tidy.reading import numbers, read_csv

    changes = project.national(area.nation) / "lsoa11_lsoa21.parquet"
    lookup = store.read_table(changes) if changes.exists() else None
    if asked.path is None:
        shipped = project.national(area.nation) / f"{OUTCOME}.parquet"
        if not shipped.exists():
            source = project.sources()[OUTCOME]
            raise MissingSourceError(
                f"No --outcome was given, and {OUTCOME} ({source.title}) is not there. Put {source.file} in "
                f"{raw.raw_folder(project.root, area.nation) / OUTCOME} and run python -m pipeline tidy {area.nation}."
            )
        values = store.read_table(shipped).set_index("lsoa11_code")["digital_propensity"]
        origin = store.read_metadata(shipped)["sources"][0]
        return match_outcome(values, nation, lookup, higher_is_better=True, name=OUTCOME), origin
    name = str(asked.path)
    if not asked.path.is_file() or asked.column is None:
        raise EvidenceError(
            f"--outcome {name}: there is no such file."
            if not asked.path.is_file()
            else f"--outcome {name}: say with --column which of its columns is the outcome."
        )
    parquet = asked.path.suffix == ".parquet"
    frame = pd.read_parquet(asked.path) if parquet else read_csv(asked.path, name)
    if asked.column not in frame.columns:
        raise EvidenceError(f"{name}: there is no column '{asked.column}'. Columns found: {first(frame.columns)}")
    code = find_code_column(frame.drop(columns=asked.column), asked.code_column, name)
    frame = numbers(frame, [asked.column], name, suppressed=True, key=code)
    values = frame.set_index(frame[code].astype(str).str.strip())[asked.column]
    outcome = match_outcome(
        values, nation, lookup, higher_is_better=asked.higher_is_better, name=f"{asked.path.name}, {asked.column}"
    )
    return outcome, {
        "file": name,
        "sha256": hashlib.sha256(asked.path.read_bytes()).hexdigest(),
        "column": asked.column,
    }


# --- documentation ----------------------------------------------------------------------------------------------------


def write_dictionary(project: Project, say: Say) -> None:
    """``docs/data-dictionary.md`` from the schema of every table."""
    index = project.index("norfolk-waveney")
    risk = schema.risk_table({component.name: component.title for component in index.components})
    path = project.root / "docs" / "data-dictionary.md"
    store.write_text(path, schema.dictionary([risk, *schema.TABLES]))
    say(f"Wrote {path}")
