"""The page of an area that a leader opens."""

from pathlib import Path

from pipeline import store
from pipeline.atlas import Changes, PageInputs, ProgrammeTables, ProposedSites, Summary, SupportTables, draw
from pipeline.catalogue import say_fit, with_indicator_layers
from pipeline.errors import command
from pipeline.stages.outline import read_outline
from pipeline.stages.paths import ASSETS
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import (
    changes_tables,
    indicator_files,
    made_tables,
    plan_file,
    site_tables,
    summary_tables,
)
from pipeline.stages.stage import Job, Scope
from pipeline.stages.tables import mark_fiction, risk_table
from pipeline.store.changes import ChangesRecord
from pipeline.store.provenance import list_differences, merge_sources
from pipeline.store.records import (
    LocalRecord,
    NearestRecord,
    PlacesRecord,
    PlanRecord,
    ProgrammesRecord,
    RiskRecord,
    SitesRecord,
    SummaryRecord,
    TableRecord,
)
from pipeline.summarise.levels import LEVELS

LATE = ("pipeline.atlas.html",)
"""What is imported where it is used, see :func:`pipeline.stages.work.get_ready`."""

BESIDE: dict[str, type[TableRecord]] = {
    "postcodes": TableRecord,
    "towns": TableRecord,
    "land": TableRecord,
    "support_places": PlacesRecord,
    "nearest": NearestRecord,
    "sites": SitesRecord,
    "stories": LocalRecord,
}
"""The tables that a page shows beside ``risk.parquet``, where they exist, each with its record."""
OUTLINED = ("postcodes", "land")
"""Those of them that are read from the outline of the area."""
SITES_ARE_OLDER = "The proposed sites were chosen before the map was last scored."
PLAN_IS_OLDER = "The plan was chosen among earlier programmes."
CHANGES_ARE_OF_OTHERS = "What was compared last are not the scores of this map, so that it does not show what changed."


def run(job: Job) -> None:
    """``maps/<area>/atlas.html`` from ``risk.parquet`` and the tables beside it.

    Raises:
        DeclarationError: a layer cannot be drawn from these tables.
        PipelineError: the browser code is not built, or the page would load something from the network.
    """
    project, scope = job.step.project, job.step.scope
    area = project.area(scope.area)
    inputs = page_inputs(project, scope)
    if SITES_ARE_OLDER in inputs.notes:
        again = command("site", area.id)
        job.say(f"Note: the sites of {area.id} were chosen before it was last scored. Choose them again: {again}")
    if PLAN_IS_OLDER in inputs.notes:
        again = command("plan", area.id)
        job.say(f"Note: the plan of {area.id} was chosen among earlier programmes. Choose again: {again}")
    if CHANGES_ARE_OF_OTHERS in inputs.notes:
        again = command("compare", area.id, old="OLD", new="now")
        job.say(
            f"Note: what was compared last in {area.id} are not its scores of now, and the page leaves it out. Compare "
            f"again: {again}"
        )
    html = draw(inputs, ASSETS)
    page = project.page(area.id)
    store.write_text(job.output(page), html)
    job.say(f"{mark_fiction(area)}{area.title}: open {page} ({len(html.encode()) / 1e6:.2f} MB)")


def page_inputs(project: Snapshot, scope: Scope) -> PageInputs:
    """What the page is made from: the tables of the area and their records."""
    folder = project.processed(scope.area)
    record = store.read_record(folder / "risk.parquet", RiskRecord)
    placed = not all(kind.mobile for kind in record.capacity.kinds)
    made = {*made_tables(project, scope), *(["sites"] if site_tables(project, scope) else [])}
    shown = [name for name in BESIDE if name in made and (placed or name not in ("support_places", "nearest"))]
    beside = {name: store.read_table(folder / f"{name}.parquet") for name in shown if name not in OUTLINED}
    changes = _read_changes(project, scope)
    of_others = changes is not None and not _are_shown(changes.record, record)
    sites = _proposed_sites(folder) if "sites" in beside else None
    sources = merge_sources(
        record.sources,
        *(store.read_record(folder / f"{name}.parquet", BESIDE[name]).sources for name in shown),
        *(store.read_record(path, SummaryRecord).sources for path in summary_tables(project, scope).values()),
        *(() if changes is None or of_others else [changes.record.sources]),
    )
    programmes = read_programmes(project, scope)
    plan = programmes.plan
    old_plan = plan is not None and plan.made_from != store.content_hash(folder / "programmes.parquet")
    older = sites is not None and sites.search.scored != store.content_hash(folder / "risk.parquet")
    return PageInputs(
        areas=store.read_without_shapes(folder / "risk.parquet"),
        table=risk_table(project, record),
        record=record,
        look=with_indicator_layers(project.look(), indicator_files(project, scope.nation, scope.area)),
        helps=project.helps(),
        notes=[
            *list_differences(sources),
            *limits_of_data(project, record),
            *([SITES_ARE_OLDER] if older else []),
            *([PLAN_IS_OLDER] if old_plan else []),
            *([CHANGES_ARE_OF_OTHERS] if of_others else []),
        ],
        sources=sources,
        support=SupportTables(beside["support_places"], beside["nearest"]) if placed else None,
        sites=sites,
        stories=beside.get("stories"),
        outline=read_outline(project, scope),
        towns=beside.get("towns"),
        programmes=programmes,
        summaries=_read_summaries(project, scope),
        changes=None if of_others else changes,
    )


def read_programmes(project: Snapshot, scope: Scope) -> ProgrammeTables:
    """Programmes of the area, what budgets reach, and the plan that somebody asked for, if any."""
    folder = project.processed(scope.area)
    made = store.read_record(folder / "programmes.parquet", ProgrammesRecord)
    plan = store.read_record(folder / "plan.json", PlanRecord) if plan_file(project, scope) else None
    return ProgrammeTables(
        store.read_table(folder / "programmes.parquet"),
        store.read_table(folder / "programme_areas.parquet"),
        store.read_table(folder / "budgets.parquet"),
        made,
        plan,
    )


def _read_summaries(project: Snapshot, scope: Scope) -> dict[str, Summary]:
    """The larger areas of each level that the area has."""
    return {
        level: Summary(store.read_table(path), store.read_record(path, SummaryRecord).level_title, level in LEVELS)
        for level, path in summary_tables(project, scope).items()
    }


def _read_changes(project: Snapshot, scope: Scope) -> Changes | None:
    """What somebody compared last, whatever it was."""
    if not changes_tables(project, scope):
        return None
    path = project.processed(scope.area) / "changes.parquet"
    return Changes(store.read_table(path), store.read_record(path, ChangesRecord))


def _are_shown(changes: ChangesRecord, risk: RiskRecord) -> bool:
    """Whether a comparison may be shown: its later side are the scores on the map, or it is of two releases."""
    new = changes.new
    return new.kind == "release" or (new.date == risk.built and new.index == risk.index.id)


def _proposed_sites(folder: Path) -> ProposedSites:
    search = store.read_record(folder / "sites.parquet", SitesRecord).sought
    return ProposedSites(
        store.read_table(folder / "sites.parquet"), store.read_table(folder / "coverage.parquet"), search
    )


def limits_of_data(project: Snapshot, record: RiskRecord) -> list[str]:
    """What these data do not show, in plain sentences."""
    capacity = record.capacity
    absent = [kind.plural for kind in project.places().kinds if kind.id in capacity.absent_kinds]
    inside = capacity.origins.rows - capacity.origins.population_weighted - capacity.origins.median_postcodes
    lines = [
        *say_fit(record.index),
        *(f"Not in these data: {a.title}. {a.why}." for a in record.index.absent),
        *(f"Not in these data: {plural}. Their list was not available." for plural in absent),
    ]
    if capacity.kinds and inside:
        lines.append(
            f"Distances to support places start from a point inside the neighbourhood in {inside:,} cases, as "
            "no data on where its people live were available."
        )
    if capacity.kinds and capacity.origins.median_postcodes:
        lines.append(
            f"Distances to support places start from the neighbourhood's median postcode in "
            f"{capacity.origins.median_postcodes:,} cases, as no population-weighted centroids were available; a "
            "postcode counts once, however many people have it."
        )
    if capacity.kinds and capacity.measure == "straight line":
        lines.append(
            "Distances to support places are straight lines, not journeys; they take no account of rivers and roads."
        )
    return lines
