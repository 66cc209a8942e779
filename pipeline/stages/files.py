"""What colleagues open in other tools: the workbook, the GeoPackage with its styles, and the table without shapes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pydantic import JsonValue

from pipeline import store, tables
from pipeline._version import __version__
from pipeline.atlas import PageInputs, ProgrammeTables, Shown, as_shown
from pipeline.atlas.geopackage import Larger, Mapped, map_layers
from pipeline.catalogue import Area, with_indicator_layers
from pipeline.raw import utc_now
from pipeline.reports.workbook import AUTHOR, GivenTable, WorkbookInputs, compose_workbook, workbook_bytes
from pipeline.space.unions import outlined
from pipeline.stages.machine import give_back_unused
from pipeline.stages.map import limits_of_data, read_programmes
from pipeline.stages.outline import read_larger
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import FLAT, geopackage, indicator_files, summary_tables, workbook
from pipeline.stages.stage import Job, Scope
from pipeline.stages.tables import mark_fiction, risk_table
from pipeline.store.provenance import list_differences, merge_sources
from pipeline.store.records import AreaRecord, PlacesRecord, RiskRecord, SourceUsed, SummaryRecord

LATE = ("pyogrio",)
"""What is imported where it is used, see :func:`pipeline.stages.work.get_ready`."""


@dataclass(frozen=True, eq=False)
class Given:
    """What the files are made from: the area, its scores with and as readers see them, and the tables beside them."""

    area: Area
    page: PageInputs
    shown: Shown
    programmes: ProgrammeTables
    places: pd.DataFrame
    larger: Sequence[Larger]
    groups: pd.DataFrame
    built: str

    @property
    def record(self) -> RiskRecord:
        """The record of ``risk.parquet``."""
        return self.page.record

    @property
    def title(self) -> str:
        """The area's title, marked where it is fictional."""
        return f"{mark_fiction(self.area)}{self.area.title}"


def run(job: Job) -> None:
    """``<area>.xlsx``, ``<area>.gpkg`` and ``risk_flat.parquet``.

    Raises:
        DeclarationError: a layer cannot be drawn from these tables.
    """
    project, scope = job.step.project, job.step.scope
    given = _read(project, scope)
    book, shapes = job.output(workbook(project, scope)), job.output(geopackage(project, scope))
    # Boundaries are let go before the workbook is made, which takes as much memory.
    _write_with_shapes(given, job)
    give_back_unused()
    store.write_bytes(book, workbook_bytes(compose_workbook(_for_workbook(given))))
    sizes = ", ".join(f"{path.name} ({path.stat().st_size / 1e6:.1f} MB)" for path in (book, shapes))
    job.say(f"{given.title}: {sizes} and {FLAT}.parquet for other tools, in {project.processed(scope.area)}")


def _read(project: Snapshot, scope: Scope) -> Given:
    folder = project.processed(scope.area)
    record = store.read_record(folder / "risk.parquet", RiskRecord)
    places = store.read_record(folder / "support_places.parquet", PlacesRecord)
    summaries = _summaries(project, scope)
    sources = merge_sources(record.sources, places.sources, *(made.sources for made, _ in summaries))
    programmes = read_programmes(project, scope)
    page = PageInputs(
        areas=store.read_without_shapes(folder / "risk.parquet"),
        table=risk_table(project, record),
        record=record,
        look=with_indicator_layers(project.look(), indicator_files(project, scope.nation, scope.area)),
        helps=project.helps(),
        notes=[*list_differences(sources), *limits_of_data(project, record)],
        sources=sources,
        programmes=programmes,
    )
    return Given(
        project.area(scope.area),
        page,
        as_shown(page),
        programmes,
        store.read_table(folder / "support_places.parquet"),
        [Larger(made.level, made.level_title, frame) for made, frame in summaries],
        store.read_table(folder / "priority_groups.parquet"),
        utc_now(),
    )


def _summaries(project: Snapshot, scope: Scope) -> list[tuple[SummaryRecord, pd.DataFrame]]:
    """The tables of the levels of larger areas that the area has, the highest mean risk first."""
    summaries = []
    for path in summary_tables(project, scope).values():
        frame = store.read_table(path).sort_values(["unit_rank", "unit_code"], kind="stable", ignore_index=True)
        summaries.append((store.read_record(path, SummaryRecord), frame))
    return summaries


def _write_with_shapes(given: Given, job: Job) -> None:
    """The table without shapes, which has the centroid of each area, and the GeoPackage."""
    project, scope = job.step.project, job.step.scope
    areas = store.read_geotable(project.processed(scope.area) / "risk.parquet", ["lsoa21_code"])
    _write_flat(given, shapely.centroid(areas.geometry.to_numpy()), job)
    programmes = outlined(given.programmes.programmes, areas.set_index("lsoa21_code").geometry)
    mapped = Mapped(given.page, given.shown, areas, given.larger, read_larger(project, scope), given.places, programmes)
    store.write_geopackage(map_layers(mapped), job.output(geopackage(project, scope)), _about(given))


def _write_flat(given: Given, centroids: npt.NDArray[np.object_], job: Job) -> None:
    flat, sources = tables.flat_table(given.page.table), given.record.sources
    frame = given.page.areas.copy(deep=False)
    for column, values in zip(tables.CENTROID, (shapely.get_x(centroids), shapely.get_y(centroids)), strict=True):
        frame[column.name] = values.round(column.nature.kept)
    record = AreaRecord(
        built=given.built,
        table=flat.name,
        rows=len(frame),
        sources=sources,
        area=given.area.id,
        title=given.area.title,
        fictional=given.area.fictional,
    )
    about = {
        "title": f"{mark_fiction(given.area)}{flat.title}: {given.area.title}",
        "description": flat.description,
        "source": "; ".join(source.title for source in sources),
        "attribution": "; ".join(_attributions(sources)),
        "licence": "; ".join(_licences(sources)),
        "made_by": f"{AUTHOR} {__version__}",
        "language": "en-GB",
    }
    path = job.output(job.step.project.processed(given.area.id) / f"{FLAT}.parquet")
    store.write_flat_table(frame[flat.names], path, flat, record, about)


def _licences(sources: Iterable[SourceUsed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source.licence for source in sources))


def _attributions(sources: Iterable[SourceUsed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source.attribution for source in sources if source.attribution))


def _for_workbook(given: Given) -> WorkbookInputs:
    membership = given.shown.table[[tables.STANDING.name, tables.MEMBER_OF.name]]
    risk = given.page.areas.copy(deep=False)
    for name, values in membership.items():
        risk[name] = values.to_numpy()
    sheets = [
        GivenTable.of_neighbourhoods(given.page.table, risk, given.record, (tables.STANDING, tables.MEMBER_OF)),
        *(
            GivenTable.of(
                tables.SUMMARY, one.frame, one.title, f"{one.title} of {given.area.title}, highest risk first"
            )
            for one in given.larger
        ),
        *([GivenTable.of(tables.PRIORITY_GROUPS, given.groups, "Priority groups")] if len(given.groups) else []),
        GivenTable.of(tables.PROGRAMMES, given.programmes.programmes),
        GivenTable.of(tables.PROGRAMME_AREAS, given.programmes.areas, "Programme areas"),
        GivenTable.of(tables.BUDGETS, given.programmes.budgets, "What money reaches"),
    ]
    return WorkbookInputs(given.record, sheets, given.page.sources, given.page.notes, given.built, __version__)


def _about(given: Given) -> store.GeoPackage:
    """What the GeoPackage says about itself."""
    sources = given.page.sources
    listed: list[JsonValue] = [
        {
            "title": source.title,
            "publisher": source.publisher,
            "release": source.release,
            "licence": source.licence,
            "attribution": source.attribution,
            "path": source.landing_page,
        }
        for source in sources
    ]
    about: Mapping[str, JsonValue] = {
        "title": f"{mark_fiction(given.area)}Digital-exclusion risk, {given.area.title}",
        "made_by": f"{AUTHOR} {__version__}",
        "built": given.built,
        "language": "en-GB",
        "sources": listed,
    }
    return store.GeoPackage(given.built, about, _attributions(sources), _licences(sources))
