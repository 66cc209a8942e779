"""What each stage reads and writes at a scope: files by path, declared files by the part that is used."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, JsonValue

from pipeline.catalogue import Area, DeclaredOutcome, IndicatorFile, Source
from pipeline.catalogue.areas import DEFINITIONS
from pipeline.errors import MissingSourceError, command
from pipeline.raw import area_file, read_receipt, receipt_path
from pipeline.stages.paths import ASSET_NAMES, ASSETS, PACKAGE, PAGE
from pipeline.stages.project import ANY_AREA, Snapshot
from pipeline.stages.stage import Reads, Scope
from pipeline.store import StepRecord, is_whole, read_step_record
from pipeline.summarise.levels import LEVELS

BOUNDARIES, LOOKUP, CENTROIDS, POSTCODES = "lsoa21_boundaries", "lsoa21_icb", "lsoa21_centroids", "code_point_open"
OUTCOME, CHANGES = "ons_dpi", "lsoa11_lsoa21"
"""The outcome that scores are compared with by default, and how codes of 2011 became those of 2021."""
ONLINE_SHARE, DISTRICT_NUTS3 = "ons_online_share", "lad22_nuts3"
"""Where paper was sent first, and the NUTS 3 area of each district."""
LOCATED = {"postcodes": "postcodes.parquet", "towns": "towns.parquet", "districts": "land.parquet"}
"""Tables without LSOA codes, by the reader of their source, and the name of the table of an area."""
NAMED = ("msoa_names",)
"""Readers of tables of names that people know."""
PLACED = ("libraries", "gp_practices")
POPULATION = ("population_estimates", "population_census")
"""Readers of residents by age, the preferred one first."""
JOINED_BY = "lsoa21"
"""The geography of the sources that are joined onto LSOAs by code."""
PLACED_BY_AREA = (
    "journeys_file",
    "journeys_columns",
    "journeys_decimal",
    "stories_file",
    "stories_columns",
    "stories_allowed",
)
"""What an area declares of the files that are read with its places."""
ASSESSED_BY_AREA = {"self_assessment_file", "self_assessment_columns", "self_assessment_date"}
"""What an area declares of its self-assessment."""
BRIEFED_LAYERS = ("risk_decile", "kind")
"""The columns of the layers whose classes and colours a briefing has."""
UNIT_BRIEFINGS = "briefings"
"""The stage that writes briefings on units; its records are called after it."""
OUTCOMES_FILE = "declared/outcomes.toml"
IDENTITY = {"id", "title", "fictional"}


IN_PARTS = (".shp", ".tab", ".mif", ".gml")
"""Endings of vector files of which one dataset is several files of the same name."""


def parts_of(path: Path) -> tuple[Path, ...]:
    """A file and those that belong to it: the parts of a shapefile, the files in a folder that is one dataset."""
    if path.is_dir():
        return (path, *sorted(part for part in path.rglob("*") if part.is_file()))
    if path.suffix.lower() not in IN_PARTS or not path.parent.is_dir():
        return (path,)
    parts = (part for part in path.parent.iterdir() if part.stem.lower() == path.stem.lower() and part != path)
    return (path, *sorted(part for part in parts if part.is_file()))


def _local(project: Snapshot, file: str | None) -> tuple[Path, ...]:
    return () if file is None else parts_of(project.local_file(file))


def beside(path: Path) -> Path:
    """The path of the record of a table."""
    return path.with_name(f"{path.name}.meta.json")


def with_records(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Tables, each followed by its record."""
    return tuple(file for path in paths for file in (path, beside(path)))


def present_sources(project: Snapshot, nation: str) -> dict[str, Path]:
    """The raw file of each present source, by id; of a source and its alternatives, the one that is in use."""
    return project.raw_files(nation)


def tidy_table(project: Snapshot, nation: str, source: Source, area: str = "") -> Path:
    """The path of a tidy table: with the nation, or with the area where the raw file is for that area only."""
    path = project.raw_file(source, nation, area) if area and source.by_area else None
    if path is not None and path.name == area_file(area):
        return project.processed(area) / "boundaries.parquet"
    return project.national(nation) / f"{source.id}.parquet"


def joined_sources(project: Snapshot, nation: str) -> list[Source]:
    """The present sources that are joined onto LSOAs by code, and the lookup of former codes."""
    present = present_sources(project, nation)
    return [
        source
        for source in project.sources().values()
        if source.id in present and source.geography == JOINED_BY and source.id not in (BOUNDARIES, CENTROIDS)
    ]


def lsoas_declared(project: Snapshot, nation: str) -> int | None:
    """How many LSOAs a real nation has, as the rows of its lookup say.

    ``None`` where that is not declared, or another lookup than the declared one was accepted by name.
    """
    source, path = project.sources().get(LOOKUP), present_sources(project, nation).get(LOOKUP)
    if source is None or path is None or nation != "england":
        return None
    receipt = read_receipt(path)
    return None if receipt is not None and receipt.accepted_difference else source.rows_of(path.name)


def population_source(project: Snapshot, nation: str) -> Source:
    """The source that residents are taken from, in the area as in the nation.

    Raises:
        MissingSourceError: there is none.
    """
    for source in _by_reader(project, nation, POPULATION):
        return source
    raise MissingSourceError(f"There are no residents by age in data/raw. Run: {command('data', '<area>')}")


def indicator_files(project: Snapshot, nation: str, area: str = "") -> list[IndicatorFile]:
    """The files of added indicators that are for an area, or for any area of a nation."""
    areas = [a for a in project.areas().values() if a.nation == nation and area in ("", a.id)]
    return [file for file in project.indicators() if any(file.is_for(a) for a in areas)]


def indicator_table(project: Snapshot, nation: str, file: IndicatorFile) -> Path:
    """The path of the tidy table of a file of indicators."""
    return project.national(nation) / f"{file.id}.parquet"


def _indicator_tables(project: Snapshot, nation: str, area: str = "") -> tuple[Path, ...]:
    return with_records(indicator_table(project, nation, file) for file in indicator_files(project, nation, area))


def _indicators_declared(project: Snapshot, nation: str, area: str = "") -> JsonValue:
    return [_dump(file) for file in indicator_files(project, nation, area)]


def read_indicators(project: Snapshot, scope: Scope) -> Reads:
    """A file of indicators, its declaration, the LSOAs, and the residents by which codes of 2011 are carried over."""
    file = indicator_file(project, scope)
    sources = _by_reader(project, scope.nation, (*POPULATION, "lsoa_changes"))
    sources += [source for source in joined_sources(project, scope.nation) if source.id == LOOKUP]
    files = (project.local_file(file.file), *_tidied(project, scope.nation, sources))
    return Reads(files, {"declared/indicators.toml": _dump(file)})


def write_indicators(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """The tidy table of a file of indicators."""
    return with_records([indicator_table(project, scope.nation, indicator_file(project, scope))])


def indicator_file(project: Snapshot, scope: Scope) -> IndicatorFile:
    """The declared file of indicators that ``scope`` names."""
    return next(file for file in project.indicators() if file.id == scope.source)


def _dump(model: BaseModel, keys: set[str] | None = None) -> JsonValue:
    dumped: JsonValue = model.model_dump(mode="json", include=keys)
    return dumped


def _tidied(project: Snapshot, nation: str, sources: Iterable[Source], area: str = "") -> tuple[Path, ...]:
    return with_records(tidy_table(project, nation, source, area) for source in sources)


def _by_reader(project: Snapshot, nation: str, readers: Iterable[str]) -> list[Source]:
    present = present_sources(project, nation)
    return [source for source in project.sources().values() if source.id in present and source.reads in readers]


def _area_tables(project: Snapshot, scope: Scope, *names: str) -> tuple[Path, ...]:
    return with_records(project.processed(scope.area) / f"{name}.parquet" for name in names)


def read_assets(_project: Snapshot, _scope: Scope) -> Reads:
    """The source of the browser code and styles, and what builds them."""
    code = sorted(path for path in (PAGE / "src").rglob("*") if path.is_file())
    build = ("build.mjs", "bundle.mjs", "leaflet.mjs", "build_assets.py", "package.json", "package-lock.json")
    return Reads((*code, *(PAGE / name for name in build)))


def write_assets(_project: Snapshot, _scope: Scope) -> tuple[Path, ...]:
    """The browser code and styles that a page contains."""
    return tuple(ASSETS / name for name in ASSET_NAMES)


def read_tidy(project: Snapshot, scope: Scope) -> Reads:
    """The raw file of a source with its receipt, and the declaration of the source."""
    source = project.sources()[scope.source]
    path = project.raw_file(source, scope.nation, scope.area or ANY_AREA)
    files = () if path is None else (path, receipt_path(path))
    return Reads(files, {"declared/sources.toml": _dump(source)})


def write_tidy(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """A source's tidy table."""
    return with_records([tidy_table(project, scope.nation, project.sources()[scope.source], scope.area)])


def read_nation(project: Snapshot, scope: Scope) -> Reads:
    """Every tidy table that is joined onto LSOAs."""
    sources = joined_sources(project, scope.nation)
    required: dict[str, JsonValue] = {source.id: source.required for source in sources}
    required["LSOAs"] = lsoas_declared(project, scope.nation)
    return Reads(
        (*_tidied(project, scope.nation, sources), *_indicator_tables(project, scope.nation)),
        {
            "declared/sources.toml": required,
            "declared/indicators.toml": _indicators_declared(project, scope.nation),
        },
    )


def write_nation(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """All LSOAs of the nation with every source's columns."""
    return with_records([reference_table(project, scope.nation)])


def reference_table(project: Snapshot, nation: str) -> Path:
    """All LSOAs of a nation with every source's columns."""
    return project.national(nation) / "reference.parquet"


def read_join(project: Snapshot, scope: Scope) -> Reads:
    """Boundaries, every tidy table, postcodes, towns, districts, names of MSOAs, and how the area is defined."""
    area = project.area(scope.area)
    boundaries = project.sources()[BOUNDARIES]
    files = (
        *_tidied(project, scope.nation, [boundaries], scope.area),
        *_tidied(project, scope.nation, joined_sources(project, scope.nation)),
        *_tidied(project, scope.nation, _by_reader(project, scope.nation, (*LOCATED, *NAMED))),
        *_indicator_tables(project, scope.nation, area.id),
        *(path for file in (area.lsoa_file, area.polygon_file) for path in _local(project, file)),
    )
    return Reads(
        files,
        {
            "declared/areas.toml": _dump(
                area, {*IDENTITY, *DEFINITIONS, "expected_lsoas", "lsoa_column", "polygon_layer"}
            ),
            "declared/sources.toml": {"LSOAs": lsoas_declared(project, scope.nation)},
            "declared/indicators.toml": _indicators_declared(project, scope.nation, area.id),
        },
    )


def write_join(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """The area's LSOAs with every source's columns, its postcodes and towns, and the land around it."""
    return _area_tables(project, scope, "joined", "postcodes", "towns", "land")


def read_outline(project: Snapshot, scope: Scope) -> Reads:
    """The area's boundaries with the codes of larger areas, its postcodes, and the land around it."""
    return Reads(
        _area_tables(project, scope, "joined", "postcodes", "land"),
        {"declared/areas.toml": _dump(project.area(scope.area), IDENTITY)},
    )


def write_outline(project: Snapshot, scope: Scope) -> tuple[Path, Path, Path]:
    """What the page, pictures on paper and the GeoPackage draw of boundaries: for later steps, and not for users."""
    folder = project.drawn(scope.area)
    return folder / "page.json", folder / "paper.parquet", folder / "larger.parquet"


def read_places(project: Snapshot, scope: Scope) -> Reads:
    """The area's LSOAs, points and boundaries around it, lists of places, journeys and stories."""
    area, declared = project.area(scope.area), project.places()
    kinds = [kind for kind in declared.kinds if kind.is_for(area)]
    listed = [*(kind.file for kind in kinds), area.journeys_file, area.stories_file]
    sources = [project.sources()[LOOKUP], *_by_reader(project, scope.nation, (*PLACED, "centroids", "postcodes"))]
    files = (
        *_area_tables(project, scope, "joined", "postcodes", "towns"),
        *_tidied(project, scope.nation, [project.sources()[BOUNDARIES]], scope.area),
        *_tidied(project, scope.nation, sources),
        *(path for file in listed for path in _local(project, file)),
    )
    access = declared.access
    return Reads(
        files,
        {
            "declared/areas.toml": _dump(area, {*IDENTITY, "everything", *PLACED_BY_AREA}),
            "declared/places.toml": {
                "kinds": [_dump(kind) for kind in kinds],
                "access": {"farthest_outside": access.farthest_outside, "reach": _dump(access, {"reach"})},
            },
        },
    )


def write_places(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """Support places, the points distances are measured from, journeys and stories."""
    return _area_tables(project, scope, "support_places", "origins", "journeys", "stories")


def index_file(area: Area) -> str:
    """The declared file of an area's index."""
    return f"declared/indices/{area.index}.toml"


def read_score(project: Snapshot, scope: Scope) -> Reads:
    """The area's and the nation's columns, support places, the index, and how people and exclusion are estimated."""
    area = project.area(scope.area)
    files = (
        *_area_tables(project, scope, "joined", "support_places", "origins", "journeys"),
        *with_records([reference_table(project, scope.nation)]),
        *_indicator_tables(project, scope.nation, area.id),
    )
    return Reads(
        files,
        {
            index_file(area): _dump(project.index(area.index)),
            f"declared/indices/fits/{area.index}.toml": _dump_fit(project, area.index),
            "declared/uncertainty.toml": _dump(project.uncertainty()),
            "declared/areas.toml": _dump(area, {*IDENTITY, "reference", "index"}),
            "declared/indicators.toml": [_dump(file) for file in project.indicators()],
            "declared/rates.toml": _dump(project.rates()),
            "declared/kinds.toml": _dump(project.kinds()),
            "declared/help.toml": _dump(project.helps()),
            "declared/places.toml": _dump(project.places()),
            "declared/priority-groups.toml": _dump(project.priority_groups().of_area(area)),
        },
    )


def _dump_fit(project: Snapshot, index: str) -> JsonValue:
    fit = project.fit(index)
    return None if fit is None else _dump(fit)


def write_score(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """Scores, ranks and where to act."""
    folder = project.processed(scope.area)
    csv = tuple(folder / f"{name}.csv" for name in ("risk", "priorities", "priority_groups"))
    return (*_area_tables(project, scope, "risk", "nearest", "priority_groups"), *csv)


def read_programmes(project: Snapshot, scope: Scope) -> Reads:
    """Scores and the list, support places and towns near, how areas are bundled, what helps and what it may cost."""
    return Reads(
        _area_tables(project, scope, "risk", "origins", "support_places", "towns"),
        {
            "declared/areas.toml": _dump(project.area(scope.area), IDENTITY),
            "declared/places.toml": _dump(project.places().programmes),
            "declared/help.toml": _dump(project.helps()),
            "declared/kinds.toml": _dump(project.kinds()),
            "declared/costs.toml": _dump(project.costs()),
        },
    )


def write_programmes(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """Programmes, the areas on the list with theirs, and what budgets reach."""
    folder, names = project.processed(scope.area), ("programmes", "programme_areas", "budgets")
    csv = tuple(folder / f"{name}.csv" for name in names)
    return (*_area_tables(project, scope, *names), *csv, folder / "programmes.geojson")


SUMMARY = "summary"
"""How the names of the tables of larger areas begin; their level follows."""
REGISTERED = {"practice": ("patients",), "pcn": ("patients", "pcn_membership")}
"""Levels of registered patients, and the readers of the sources that each needs."""


def summary_levels(project: Snapshot, scope: Scope) -> tuple[str, ...]:
    """The levels of larger areas that are summarised for an area, as its declaration and the present sources say."""
    present = present_sources(project, scope.nation)
    readers = {source.reads for source in project.sources().values() if source.id in present}
    official = (level for level in LEVELS if level != "ward" or "wards" in readers)
    practices = [level for level, needed in REGISTERED.items() if set(needed) <= readers]
    return (*official, *practices, *(group.id for group in project.groups().of(project.area(scope.area))))


def summaries_declared(project: Snapshot, scope: Scope) -> JsonValue:
    """The part of ``declared/groups.toml`` that says which tables of larger areas an area has."""
    return [group.id for group in project.groups().of(project.area(scope.area))]


def read_summarise(project: Snapshot, scope: Scope) -> Reads:
    """Scores and what they were made by, every LSOA of the nation, names of MSOAs, patients, groups and what varies."""
    area, groups = project.area(scope.area), project.groups().of(project.area(scope.area))
    readers = (*NAMED, *(reads for needed in REGISTERED.values() for reads in needed), "lsoa_changes")
    files = (
        *_area_tables(project, scope, "risk"),
        *with_records([reference_table(project, scope.nation)]),
        *_tidied(project, scope.nation, _by_reader(project, scope.nation, tuple(dict.fromkeys(readers)))),
        *(path for group in groups for path in _local(project, group.file)),
    )
    return Reads(
        files,
        {
            "declared/areas.toml": _dump(area, IDENTITY),
            "declared/uncertainty.toml": _dump(project.uncertainty()),
            "declared/groups.toml": {
                "practices": _dump(project.groups().practices),
                "groups": [_dump(group) for group in groups],
            },
        },
    )


def summary_tables(project: Snapshot, scope: Scope) -> dict[str, Path]:
    """The table of each level of larger areas that the area has; a level that no lookup gives a unit of has none."""
    folder = project.processed(scope.area)
    paths = {level: folder / f"{SUMMARY}_{level}.parquet" for level in summary_levels(project, scope)}
    return {level: path for level, path in paths.items() if path.is_file()}


def write_summarise(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """One table for each level of larger areas; of a level whose source has gone, none is left."""
    levels = dict.fromkeys((*LEVELS, *REGISTERED, *summary_levels(project, scope)))
    names, folder = [f"{SUMMARY}_{level}" for level in levels], project.processed(scope.area)
    return (*_area_tables(project, scope, *names), *(folder / f"{name}.csv" for name in names))


def read_plan(project: Snapshot, scope: Scope) -> Reads:
    """Programmes, scores, and, for candidate sites, the places that serve people already."""
    files = (
        *_area_tables(project, scope, "risk", "programmes", "support_places", "origins", "journeys"),
        *_tidied(project, scope.nation, _by_reader(project, scope.nation, ["postcodes"])),
        reference_table(project, scope.nation),
    )
    return Reads(
        files,
        {
            "declared/areas.toml": _dump(project.area(scope.area), IDENTITY),
            "declared/places.toml": _dump(project.places()),
        },
    )


def write_plan(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """The plan with its record, as a table, and on the map."""
    return tuple(project.processed(scope.area) / f"plan.{ending}" for ending in ("json", "csv", "geojson"))


def asked_for(project: Snapshot, scope: Scope, stage: str, files: Iterable[Path]) -> tuple[Path, ...]:
    """The outputs of a stage that runs only on request, where they exist and are unchanged."""
    record = project.records(scope.nation, scope.area) / f"{stage}.json"
    return tuple(path for path in files if is_whole(path, project.name_of(path), record))


def site_tables(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """Proposed sites with their records, where they exist and are unchanged."""
    return asked_for(project, scope, "site", _area_tables(project, scope, "sites", "coverage"))


def plan_file(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """The plan for a budget, where somebody asked for one and it is unchanged."""
    return asked_for(project, scope, "plan", [project.processed(scope.area) / "plan.json"])


def changes_tables(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """What changed between two runs with its record, where somebody compared them and it is unchanged."""
    return asked_for(project, scope, "compare", _area_tables(project, scope, "changes"))


def made_tables(project: Snapshot, scope: Scope) -> tuple[str, ...]:
    """The tables that a page shows beside ``risk`` and that this run makes for an area, as its declaration says.

    A table of that name that is left from another declaration, or from a source that has gone, is not among them.
    """
    area, present = project.area(scope.area), present_sources(project, scope.nation)
    sources = [source for source in project.sources().values() if source.id in present]
    located = [LOCATED[source.reads].removesuffix(".parquet") for source in sources if source.reads in LOCATED]
    local = {"journeys": area.journeys_file, "stories": area.stories_file}
    return (*located, "support_places", "nearest", *(name for name, file in local.items() if file is not None))


AGREEMENT, LOCAL_AGREEMENT = "agreement", "agreement-local"
"""The table of all indices and outcomes, and of those that are an analyst's files, which are not passed on unasked."""


def agreement_files(project: Snapshot, scope: Scope, ending: str) -> tuple[Path, ...]:
    """The table of all indices and outcomes that may be shown (``.json`` or ``.parquet``), where there is one."""
    folder = project.processed(scope.area)
    return asked_for(project, scope, "validate", [folder / f"{AGREEMENT}{ending}"])


def evidence_name(outcome: str) -> str:
    """The name, without its ending, of the files that compare scores with an outcome; the shipped one has no id."""
    return f"evidence-{outcome}" if outcome else "evidence"


def published_evidence(project: Snapshot, scope: Scope) -> tuple[str, ...]:
    """The names of the comparisons with outcomes that pages and the data package may show, without endings.

    These are the shipped outcome, and those that ``validate --publish`` was asked for; each as its step made it.
    """
    folder, names = project.records(scope.nation, scope.area), []
    for path in sorted(folder.glob("validate*.json"), key=lambda path: path.stem):
        record, name = read_step_record(path), evidence_name(path.stem.removeprefix("validate").removeprefix("-"))
        table = project.processed(scope.area) / f"{name}.json"
        if record is not None and is_public(record.request) and is_whole(table, project.name_of(table), path):
            names.append(name)
    return tuple(names)


def is_public(request: Mapping[str, JsonValue]) -> bool:
    """Whether what a request for a comparison gives may be shown on pages that are passed on."""
    outcome = request.get("outcome")
    shipped = not isinstance(outcome, dict) or outcome.get("path") is None
    return shipped or request.get("publish") is True


def evidence_files(project: Snapshot, scope: Scope, ending: str) -> tuple[Path, ...]:
    """The files of a kind (``.json`` or ``.parquet``) with the comparisons that may be shown."""
    return tuple(project.processed(scope.area) / f"{name}{ending}" for name in published_evidence(project, scope))


def read_map(project: Snapshot, scope: Scope) -> Reads:
    """Everything that a page shows, its layers and its browser code."""
    files = (
        *_area_tables(project, scope, "risk", "nearest", "support_places", "towns", "stories"),
        *_area_tables(project, scope, "programmes", "programme_areas", "budgets"),
        *write_outline(project, scope)[:2],
        *(beside(project.processed(scope.area) / f"{name}.parquet") for name in ("postcodes", "land")),
        *_area_tables(project, scope, *(f"{SUMMARY}_{level}" for level in summary_levels(project, scope))),
        *site_tables(project, scope),
        *plan_file(project, scope),
        *changes_tables(project, scope),
        *write_assets(project, scope),
    )
    look = project.look()
    return Reads(
        files,
        {
            "declared/areas.toml": _dump(project.area(scope.area), IDENTITY),
            "declared/help.toml": _dump(project.helps()),
            "declared/layers.toml": {
                "palettes": {name: _dump(palette) for name, palette in look.palettes.items()},
                "layers": [_dump(layer) for layer in look.layers],
                "street_map": _dump(look.street_map) if look.street_map else None,
            },
            "declared/indicators.toml": _indicators_declared(project, scope.nation, scope.area),
            "declared/places.toml": [_dump(kind, {"id", "plural"}) for kind in project.places().kinds],
            "declared/groups.toml": summaries_declared(project, scope),
        },
    )


def write_map(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """The page that a leader opens."""
    return (project.page(scope.area),)


def read_sensitivity(project: Snapshot, scope: Scope) -> Reads:
    """The columns that scores are made from, the index, and what is varied: no score, so it need not wait for one."""
    area = project.area(scope.area)
    files = (
        *_area_tables(project, scope, "joined"),
        *with_records([reference_table(project, scope.nation)]),
        *_indicator_tables(project, scope.nation, area.id),
    )
    return Reads(
        files,
        {
            index_file(area): _dump(project.index(area.index)),
            f"declared/indices/fits/{area.index}.toml": _dump_fit(project, area.index),
            "declared/uncertainty.toml": _dump(project.uncertainty()),
            "declared/areas.toml": _dump(area, {"id", "fictional", "reference", "index"}),
            "declared/indicators.toml": [_dump(file) for file in project.indicators()],
        },
    )


def write_sensitivity(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """What the ranks of an area depend on."""
    return (project.processed(scope.area) / "sensitivity.json",)


def read_method(project: Snapshot, scope: Scope) -> Reads:
    """Scores, what their ranks depend on, and the outcomes they were compared with."""
    files = (
        *_area_tables(project, scope, "risk", "programmes", "budgets", "priority_groups"),
        *write_sensitivity(project, scope),
        reference_table(project, scope.nation),
        *evidence_files(project, scope, ".json"),
        *agreement_files(project, scope, ".json"),
        PACKAGE / "reports" / "style.css",
    )
    area = project.area(scope.area)
    compared = bool(agreement_files(project, scope, ".json"))
    return Reads(
        (*files, *(outcome_tables(project, scope.nation) if compared else ())),
        {
            "declared/areas.toml": _dump(area, IDENTITY | {"index"}),
            "declared/indicators.toml": _indicators_declared(project, scope.nation, scope.area),
            index_file(area): _dump(project.index(area.index)),
        }
        | ({OUTCOMES_FILE: outcomes_declared(project)} if compared else {}),
    )


def write_method(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """The page on how an area was scored and how sure it is."""
    return (project.method_page(scope.area),)


FLAT = "risk_flat"
"""The table without shapes."""


def workbook(project: Snapshot, scope: Scope) -> Path:
    """The workbook of an area."""
    return project.processed(scope.area) / f"{scope.area}.xlsx"


def geopackage(project: Snapshot, scope: Scope) -> Path:
    """The GeoPackage of an area."""
    return project.processed(scope.area) / f"{scope.area}.gpkg"


def read_files(project: Snapshot, scope: Scope) -> Reads:
    """Scores, programmes, larger areas, support places, outlines, and the layers of the page."""
    look = project.look()
    beside = ("support_places", "programmes", "programme_areas", "budgets", "priority_groups")
    summaries = [f"{SUMMARY}_{level}" for level in summary_levels(project, scope)]
    return Reads(
        (*_area_tables(project, scope, "risk", *beside, *summaries), write_outline(project, scope)[2]),
        {
            "declared/areas.toml": _dump(project.area(scope.area), IDENTITY),
            "declared/groups.toml": summaries_declared(project, scope),
            "declared/help.toml": _dump(project.helps()),
            "declared/layers.toml": {
                "palettes": {name: _dump(palette) for name, palette in look.palettes.items()},
                "layers": [_dump(layer) for layer in look.layers],
            },
            "declared/indicators.toml": _indicators_declared(project, scope.nation, scope.area),
            "declared/places.toml": [_dump(kind, {"id", "plural"}) for kind in project.places().kinds],
        },
    )


def write_files(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """The workbook, the GeoPackage and the table without shapes."""
    return (
        *_area_tables(project, scope, FLAT),
        workbook(project, scope),
        geopackage(project, scope),
    )


def read_briefing(project: Snapshot, scope: Scope) -> Reads:
    """Scores, larger areas, programmes and what budgets reach, how the map looks, and the forms of a briefing."""
    levels = [f"{SUMMARY}_{level}" for level in summary_levels(project, scope)]
    reports = PACKAGE / "reports"
    files = (
        *_area_tables(project, scope, "risk", *levels, "programmes", "programme_areas", "budgets", "priority_groups"),
        write_outline(project, scope)[1],
        *(reports / "briefing" / name for name in ("briefing.typ", "briefing.css")),
        reports / "style.css",
    )
    look = project.look()
    layers = [layer for layer in look.layers if layer.column in BRIEFED_LAYERS]
    return Reads(
        files,
        {
            "declared/areas.toml": _dump(project.area(scope.area), IDENTITY),
            "declared/layers.toml": {
                "palettes": {layer.palette: _dump(look.palettes[layer.palette]) for layer in layers},
                "layers": [_dump(layer) for layer in layers],
            },
            "declared/places.toml": [_dump(kind, {"id", "plural"}) for kind in project.places().kinds],
            "declared/groups.toml": summaries_declared(project, scope),
        },
    )


def briefing_files(project: Snapshot, area: str) -> tuple[Path, Path, Path]:
    """The briefing on an area: PDF, HTML and slides."""
    folder = project.page(area).parent
    return folder / "briefing.pdf", folder / "briefing.html", folder / "slides.pptx"


def write_briefing(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """The briefing on an area."""
    return briefing_files(project, scope.area)


def read_unit_briefings(project: Snapshot, scope: Scope) -> Reads:
    """What the briefing on the area is made from, and what says who belongs to which unit."""
    area, units = read_briefing(project, scope), read_summarise(project, scope)
    return Reads(tuple(dict.fromkeys((*area.files, *units.files))), {**area.declared, **units.declared})


def write_unit_briefings(_project: Snapshot, _scope: Scope) -> tuple[Path, ...]:
    """Two files for each unit that is asked for: none before that."""
    return ()


def unit_files(project: Snapshot, area: str, file: str) -> tuple[Path, Path]:
    """The PDF and the page of a unit's briefing; ``file`` is their name without its ending."""
    folder = project.page(area).parent / "briefings"
    return folder / f"{file}.pdf", folder / f"{file}.html"


def unit_briefing_records(project: Snapshot, scope: Scope) -> dict[Path, StepRecord]:
    """The records, by path, of the briefings on units that were asked for, the one of most files first.

    One of which every file is made by another, too, is left out: a district's, where all districts were asked for.
    """
    paths = sorted(project.records(scope.nation, scope.area).glob(f"{UNIT_BRIEFINGS}-*.json"))
    present = {path: record for path in paths if (record := read_step_record(path)) is not None}
    kept: dict[Path, StepRecord] = {}
    for path in sorted(present, key=lambda path: -len(present[path].outputs)):
        outputs = present[path].outputs.keys()
        if not any(outputs <= other.outputs.keys() for other in kept.values()):
            kept[path] = present[path]
    return kept


def read_assess(project: Snapshot, scope: Scope) -> Reads:
    """Scores, the answers of the team, and the themes that they are about; nothing where none are declared."""
    area = project.area(scope.area)
    if area.self_assessment_file is None:
        return Reads()
    files = (
        *_area_tables(project, scope, "risk"),
        *_local(project, area.self_assessment_file),
        PACKAGE / "reports" / "style.css",
    )
    return Reads(
        files,
        {
            "declared/areas.toml": _dump(area, IDENTITY | ASSESSED_BY_AREA),
            "declared/themes.toml": _dump(project.themes()),
            "declared/layers.toml": [layer.id for layer in project.look().layers],
        },
    )


def write_assess(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """The page with the self-assessment, and its answers."""
    csv = project.processed(scope.area) / "self_assessment.csv"
    return (*_area_tables(project, scope, "self_assessment"), csv, project.assessment_page(scope.area))


def read_package(project: Snapshot, scope: Scope) -> Reads:
    """Every table of the area that others may use."""
    files = (
        *write_join(project, scope),
        *write_score(project, scope),
        *write_places(project, scope),
        *write_programmes(project, scope),
        *write_summarise(project, scope),
        *write_files(project, scope),
        *(path for path in write_assess(project, scope) if path.suffix != ".html"),
        *asked_for(project, scope, "site", write_site(project, scope)),
        *asked_for(project, scope, "plan", write_plan(project, scope)),
        *with_records(evidence_files(project, scope, ".parquet")),
        *with_records(agreement_files(project, scope, ".parquet")),
        *asked_for(project, scope, "compare", write_compare(project, scope)[:-1]),
    )
    return Reads(
        files,
        {
            "declared/areas.toml": _dump(project.area(scope.area), IDENTITY),
            "declared/indicators.toml": _indicators_declared(project, scope.nation, scope.area),
            "declared/groups.toml": summaries_declared(project, scope),
        },
    )


def write_package(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """The description of every file of the area."""
    return (project.processed(scope.area) / "datapackage.json",)


def read_front(project: Snapshot, scope: Scope) -> Reads:
    """Everything that was made for the area and may be handed on."""
    pages: tuple[Path, ...] = (
        *write_map(project, scope),
        *write_briefing(project, scope),
        project.method_page(scope.area),
        *write_assess(project, scope),
    )
    pages += asked_for(project, scope, "compare", [project.changes_page(scope.area)])
    briefing = read_briefing(project, scope)
    tables = (*read_package(project, scope).files, *write_package(project, scope))
    on_units = unit_briefing_records(project, scope)
    pages += tuple(project.root / name for record in on_units.values() for name in record.outputs)
    said = (path for path in briefing.files if path.parent != project.drawn(scope.area))
    return Reads(tuple(dict.fromkeys((*pages, *on_units, *tables, *said))), briefing.declared)


def write_front(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """The page that leads to all that was made."""
    return (project.front_door(scope.area),)


def read_site(project: Snapshot, scope: Scope) -> Reads:
    """Scores, support places, and how access to them is measured."""
    files = (
        *_area_tables(project, scope, "risk", "support_places", "origins", "journeys"),
        *_tidied(project, scope.nation, _by_reader(project, scope.nation, ["postcodes"])),
        reference_table(project, scope.nation),
    )
    return Reads(files, {"declared/places.toml": _dump(project.places())})


def write_site(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """Proposed sites and what each number of them covers."""
    folder = project.processed(scope.area)
    tables = _area_tables(project, scope, "sites", "coverage")
    return (*tables, folder / "sites.csv", folder / "coverage.csv", folder / "sites.geojson")


def read_compare(project: Snapshot, scope: Scope) -> Reads:
    """The area's joined columns, how ranks vary, what was done, and the index of releases; the rest is asked for."""
    area = project.area(scope.area)
    files = (
        *_area_tables(project, scope, "risk", "joined"),
        *with_records([reference_table(project, scope.nation)]),
        PACKAGE / "reports" / "style.css",
    )
    return Reads(
        files,
        _indices_declared(project)
        | {
            "declared/areas.toml": _dump(area, IDENTITY),
            "declared/uncertainty.toml": _dump(project.uncertainty()),
            "declared/indicators.toml": _indicators_declared(project, scope.nation, scope.area),
            "declared/actions.toml": [_dump(action) for action in project.actions()],
        },
    )


def write_compare(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """What changed between two runs, as tables, for pages, and as a page of its own."""
    folder = project.processed(scope.area)
    tables = _area_tables(project, scope, "changes")
    return (*tables, folder / "changes.csv", folder / "changes.json", project.changes_page(scope.area))


def _outcome_tables(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """How codes changed, and the shipped outcome unless the step is for another."""
    readers = ("lsoa_changes",) if scope.source else ("digital_propensity", "lsoa_changes")
    return _tidied(project, scope.nation, _by_reader(project, scope.nation, readers))


def sources_of_outcome(outcome: DeclaredOutcome) -> tuple[str, ...]:
    """The sources that a declared outcome needs: its own, and those that it is matched through."""
    needed = [] if outcome.source is None else [outcome.source]
    if outcome.level == "lsoa11":
        needed.append(CHANGES)
    if outcome.level == "nuts3" and outcome.lookup is None:
        needed += [DISTRICT_NUTS3, CHANGES]
    if outcome.only is not None:
        needed += [ONLINE_SHARE, CHANGES]
    return tuple(dict.fromkeys(needed))


def local_outcomes(project: Snapshot, nation: str) -> list[DeclaredOutcome]:
    """The outcomes of a nation that are files of an analyst."""
    return [o for o in project.outcomes().values() if o.file is not None and o.nation == nation]


def outcome_tables(project: Snapshot, nation: str) -> tuple[Path, ...]:
    """What all declared outcomes of a nation are made from: tidy tables with their records, and an analyst's files."""
    needed = {CHANGES, *(source for o in project.outcomes().values() for source in sources_of_outcome(o))}
    present = present_sources(project, nation)
    tables = [source for source in project.sources().values() if source.id in needed and source.id in present]
    files = [name for o in local_outcomes(project, nation) for name in (o.file, o.lookup)]
    return (*_tidied(project, nation, tables), *(path for name in files for path in _local(project, name)))


def outcomes_present(project: Snapshot, nation: str) -> list[DeclaredOutcome]:
    """The declared outcomes of a nation whose sources are present, and those of an analyst's files."""
    present, local = present_sources(project, nation), {o.id for o in local_outcomes(project, nation)}
    return [
        outcome
        for outcome in project.outcomes().values()
        if outcome.id in local or (outcome.file is None and set(sources_of_outcome(outcome)) <= set(present))
    ]


def outcomes_declared(project: Snapshot) -> JsonValue:
    """What is declared of all outcomes."""
    return [_dump(outcome) for outcome in project.outcomes().values()]


def _indices_declared(project: Snapshot) -> dict[str, JsonValue]:
    return {f"declared/indices/{name}.toml": _dump(project.index(name)) for name in project.shipped_indices()}


def read_validate(project: Snapshot, scope: Scope) -> Reads:
    """The nation's columns, the area's LSOAs, every declared outcome (or the one asked for), all indices and rates."""
    outcomes = _outcome_tables(project, scope) if scope.source else outcome_tables(project, scope.nation)
    files = (
        *with_records([reference_table(project, scope.nation)]),
        *outcomes,
        *_area_tables(project, scope, "joined"),
    )
    area = project.area(scope.area)
    return Reads(
        files,
        _indices_declared(project)
        | {
            "declared/areas.toml": _dump(area, IDENTITY | {"index"}),
            "declared/indicators.toml": [_dump(file) for file in project.indicators()],
            "declared/rates.toml": _dump(project.rates()),
        }
        | ({} if scope.source else {OUTCOMES_FILE: outcomes_declared(project)}),
    )


def write_validate(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """The comparison with the outcome asked for; else with the shipped one, and the table of all that are declared."""
    names = [evidence_name(scope.source)]
    if not scope.source:
        names = names if OUTCOME in present_sources(project, scope.nation) else []
        names += [AGREEMENT] if outcomes_present(project, scope.nation) else []
        names += [LOCAL_AGREEMENT] if local_outcomes(project, scope.nation) else []
    folder = project.processed(scope.area)
    return tuple(path for name in names for path in (*_area_tables(project, scope, name), folder / f"{name}.json"))


def read_calibrate(project: Snapshot, scope: Scope) -> Reads:
    """The nation's columns, every declared outcome (or the one asked for) and every index."""
    outcomes = _outcome_tables(project, scope) if scope.source else outcome_tables(project, scope.nation)
    files = (*with_records([reference_table(project, scope.nation)]), *outcomes)
    declared = {} if scope.source else {OUTCOMES_FILE: outcomes_declared(project)}
    return Reads(files, _indices_declared(project) | declared)


def write_calibrate(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    """How well fitted weights do on areas they were not fitted to."""
    name = f"calibration-{scope.source}" if scope.source else "calibration"
    return (project.national(scope.nation) / f"{name}.json",)
