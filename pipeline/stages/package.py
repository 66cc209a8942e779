"""``datapackage.json``: what the files of an area are, column by column."""

from collections.abc import Mapping
from pathlib import Path

from pipeline import store, tables
from pipeline._version import __version__
from pipeline.stages.stage import Job
from pipeline.stages.tables import joined_table, mark_fiction, risk_table
from pipeline.store.records import RiskRecord
from pipeline.tidy.postcodes import POSTCODES
from pipeline.tidy.towns import TOWNS

FILES: Mapping[str, tables.Table] = {
    "priorities.csv": tables.PRIORITIES,
    "support_places.parquet": tables.SUPPORT_PLACES,
    "nearest.parquet": tables.NEAREST,
    "origins.parquet": tables.ORIGINS,
    "journeys.parquet": tables.JOURNEYS,
    "stories.parquet": tables.STORIES,
    "sites.parquet": tables.SITES,
    "sites.csv": tables.SITES,
    "sites.geojson": tables.SITES,
    "coverage.parquet": tables.COVERAGE,
    "coverage.csv": tables.COVERAGE,
    "evidence.parquet": tables.EVIDENCE,
    "postcodes.parquet": POSTCODES,
    "towns.parquet": TOWNS,
}
"""The tables that an area's folder may hold beside ``risk`` and ``joined``."""


def run(job: Job) -> None:
    """Describe the files that the area has."""
    project, scope = job.step.project, job.step.scope
    area, folder = project.area(scope.area), project.processed(scope.area)
    record = store.read_record(folder / "risk.parquet", RiskRecord)
    risk = risk_table(project, record)
    files = {
        "risk.parquet": risk,
        "risk.csv": risk,
        "joined.parquet": tables.with_boundaries(joined_table(project, scope.nation, scope.area)),
        **FILES,
    }
    there = {path.name for path in job.step.reads.files if path.exists()}
    resources = [store.Resource(folder / name, table) for name, table in files.items() if name in there]
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
    listed = {source.id: source for source in record.sources}
    for path in paths:
        if path.suffix == ".parquet":
            listed |= {source.id: source for source in store.read_sources(path)}
    return tuple(store.PackageSource(s.title, s.landing_page, s.licence) for s in listed.values())
