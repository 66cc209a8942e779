"""``datapackage.json``: what the files of an area are, column by column."""

from collections.abc import Mapping
from pathlib import Path

from pipeline import store, tables
from pipeline._version import __version__
from pipeline.stages.reads import (
    AGREEMENT,
    FLAT,
    SUMMARY,
    geopackage,
    published_evidence,
    summary_levels,
    workbook,
)
from pipeline.stages.stage import Job
from pipeline.stages.tables import joined_table, mark_fiction, risk_table
from pipeline.store.provenance import LICENCE_OF_OWNER, merge_sources
from pipeline.store.records import RiskRecord
from pipeline.tidy.districts import LAND
from pipeline.tidy.postcodes import POSTCODES
from pipeline.tidy.towns import TOWNS

FILES: Mapping[str, tables.Table] = {
    "priorities.csv": tables.PRIORITIES,
    "priority_groups.parquet": tables.PRIORITY_GROUPS,
    "priority_groups.csv": tables.PRIORITY_GROUPS,
    "support_places.parquet": tables.SUPPORT_PLACES,
    "nearest.parquet": tables.NEAREST,
    "origins.parquet": tables.ORIGINS,
    "journeys.parquet": tables.JOURNEYS,
    "stories.parquet": tables.STORIES,
    "self_assessment.parquet": tables.SELF_ASSESSMENT,
    "self_assessment.csv": tables.SELF_ASSESSMENT,
    "sites.parquet": tables.SITES,
    "sites.csv": tables.SITES,
    "sites.geojson": tables.SITES,
    "coverage.parquet": tables.COVERAGE,
    "coverage.csv": tables.COVERAGE,
    "programmes.parquet": tables.PROGRAMMES,
    "programmes.csv": tables.PROGRAMMES,
    "programmes.geojson": tables.PROGRAMMES,
    "programme_areas.parquet": tables.PROGRAMME_AREAS,
    "programme_areas.csv": tables.PROGRAMME_AREAS,
    "budgets.parquet": tables.BUDGETS,
    "budgets.csv": tables.BUDGETS,
    "changes.parquet": tables.CHANGES,
    "changes.csv": tables.CHANGES,
    "plan.csv": tables.PLAN,
    "plan.geojson": tables.PLAN,
    "postcodes.parquet": POSTCODES,
    "towns.parquet": TOWNS,
    "land.parquet": LAND,
}
"""The tables that an area's folder may hold beside ``risk`` and ``joined``."""
WORKBOOK = (
    "Workbook",
    "For a spreadsheet: neighbourhoods, larger areas, programmes and what money reaches, one table a sheet, notes, "
    "sources and a dictionary; estimates rounded.",
)
GEOPACKAGE = (
    "GeoPackage",
    "For a geographic information system: neighbourhoods, larger areas, support places and programmes as layers in "
    "EPSG:4326, with the colours and the classes of the page inside.",
)


def run(job: Job) -> None:
    """Describe the files that the area has."""
    project, scope = job.step.project, job.step.scope
    area, folder = project.area(scope.area), project.processed(scope.area)
    record = store.read_record(folder / "risk.parquet", RiskRecord)
    risk = risk_table(project, record)
    files = {
        "risk.parquet": risk,
        "risk.csv": risk,
        f"{FLAT}.parquet": tables.flat_table(risk),
        "joined.parquet": tables.with_boundaries(joined_table(project, scope.nation, scope.area)),
        **FILES,
    }
    others = {f"{name}.parquet": tables.EVIDENCE for name in published_evidence(project, scope)}
    others |= {f"{AGREEMENT}.parquet": tables.AGREEMENT}
    summaries = [f"{SUMMARY}_{level}" for level in summary_levels(project, scope)]
    others |= {f"{name}{ending}": tables.SUMMARY for name in summaries for ending in (".parquet", ".csv")}
    there = {path.name for path in job.step.reads.files if path.exists()}
    resources = [store.Resource(folder / name, table) for name, table in (files | others).items() if name in there]
    documents = {workbook(project, scope): WORKBOOK, geopackage(project, scope): GEOPACKAGE}
    resources += [store.Resource(path, None, said) for path, said in documents.items() if path.name in there]
    about = store.PackageAbout(
        name=area.id,
        title=f"{mark_fiction(area)}Digital-exclusion risk, {area.title}",
        description="Digital-exclusion risk by neighbourhood (LSOA 2021), and where to act first.",
        version=__version__,
        created=record.built,
        sources=_sources(record, [resource.path for resource in resources]),
    )
    store.write_json(job.output(folder / "datapackage.json"), store.data_package(about, resources))


def _sources(record: RiskRecord, paths: list[Path]) -> tuple[store.PackageSource, ...]:
    """Every source of the files, each once."""
    listed = merge_sources(record.sources, *(store.read_sources(p) for p in paths if p.suffix == ".parquet"))
    named = [store.PackageSource(s.title, s.landing_page, s.licence, s.attribution) for s in listed]
    outcomes = [o for p in paths if p.suffix == ".parquet" for o in store.read_outcome_files(p)]
    return (*named, *(store.PackageSource(f"{o.file}, {o.column}", o.file, LICENCE_OF_OWNER) for o in outcomes))
