"""Scores, ranks, and where to act: ``risk.parquet``."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from pipeline import store, tables
from pipeline.act.priorities import Assessment, Assumptions, assess_area, describe_coverage, list_priorities
from pipeline.act.support import Support
from pipeline.catalogue import Area, Index, Uncertainty, index_for, say_fit
from pipeline.errors import PipelineError
from pipeline.join import Comparison
from pipeline.places import refuse_partial
from pipeline.raw import utc_now
from pipeline.risk.scores import Risk, score_risk, summarise_nation
from pipeline.stages.directions import check_meaning
from pipeline.stages.graph import belongs_to_graph
from pipeline.stages.project import NATIONS, Snapshot
from pipeline.stages.requests import IndexTrial
from pipeline.stages.stage import Job
from pipeline.stages.tables import mark_fiction, read_indicators, read_reference, risk_table
from pipeline.store.provenance import list_differences, merge_sources
from pipeline.store.records import (
    CapacityRecord,
    IndicatorWeight,
    JoinedRecord,
    KindUsed,
    ListRecord,
    LocalRecord,
    NearestRecord,
    OriginsRecord,
    OriginsUsed,
    PlacesRecord,
    RiskRecord,
    SourceUsed,
    TableRecord,
    rows_of,
)


@dataclass(frozen=True)
class _Scored:
    """An area with its scores, what capacity adds to them, and their sources."""

    area: Area
    comparison: Comparison
    risk: Risk
    assessment: Assessment
    support: Support | None
    assumptions: Assumptions


def run(job: Job) -> None:
    """``risk.parquet`` and ``risk.csv``, ``nearest.parquet`` and ``priorities.csv``.

    Raises:
        DeclarationError: the index counts a column against its meaning, or names one that there is not.
        ScoringError: the index cannot be computed from the area's columns.
    """
    project = job.step.project
    area = project.area(job.step.scope.area)
    folder = project.processed(area.id)
    declared = project.index(area.index)
    against = check_meaning(project, declared)
    index, without = index_for(declared, area, project.indicators())
    for line in (*without, *against, *say_fit(index)):
        job.say(f"  {line}")
    scored = _score(project, area, index, project.uncertainty())
    record = _record(project, scored)
    frame = _assemble(project, scored, record)
    worst = list_priorities(
        pd.DataFrame(frame.drop(columns="geometry")).set_index("lsoa21_code"),
        scored.assessment,
        scored.support,
        scored.comparison.index,
        scored.assumptions.helps,
    )
    table, nearest = risk_table(project, record), scored.assessment.nearest
    if len(nearest):
        tables.validate(nearest, tables.NEAREST, "nearest")
    of_nearest = NearestRecord(
        built=record.built,
        table="nearest",
        rows=len(nearest),
        sources=record.sources,
        measure=scored.assessment.measure,
    )
    store.write_table(nearest, job.output(folder / "nearest.parquet"), tables.NEAREST, of_nearest)
    store.write_csv(worst, job.output(folder / "priorities.csv"), tables.PRIORITIES)
    store.write_csv(frame, job.output(folder / "risk.csv"), table)
    store.write_table(frame, job.output(folder / "risk.parquet"), table, record)
    _tell(job, scored)


def try_index(project: Snapshot, area: Area, trial: IndexTrial) -> str:
    """Score an area by another index. The table goes to ``trial.output``; returns a line for the console.

    Raises:
        DeclarationError: the index counts a column against its meaning, or names one that there is not.
        ScoringError: the index cannot be computed from the area's columns.
    """
    declared = project.index(area.index if trial.index is None else trial.index)
    check_meaning(project, declared)
    index, _ = index_for(declared, area, project.indicators())
    scored = _score(project, area, index, project.uncertainty() if trial.uncertain else None)
    record = _record(project, scored)
    frame = _assemble(project, scored, record)
    store.write_table(frame, trial.output, risk_table(project, record), record)
    return f"{mark_fiction(area)}{area.title} by '{index.id}': {len(frame):,} LSOAs in {trial.output}"


def check_trial(project: Snapshot, area: Area, trial: IndexTrial) -> None:
    """Refuse a place for the table of a trial that is no file for a table, or where it would replace another.

    Raises:
        PipelineError: why, and what to give instead.
    """
    path = trial.output
    instead = f"Give a file of its own, such as {area.id}-trial.parquet."
    if path.is_dir() or path.suffix.lower() != ".parquet":
        raise PipelineError(f"--output {path}: the scores go into one file that ends in .parquet. {instead}")
    if belongs_to_graph(project, [path, store.record_path(path)]):
        raise PipelineError(
            f"--output {path}: this file, or the record beside it, belongs to what is built for the areas, which a "
            f"trial leaves alone. {instead} To use the index for the area from now on, name it in declared/areas.toml."
        )


def read_support(project: Snapshot, area: Area, nation: pd.DataFrame) -> Support | None:
    """The area's support places and origins; ``None`` where no list of places counts.

    Args:
        nation: every LSOA of the nation by code, with its rural-urban class.
    """
    folder, declared = project.processed(area.id), project.places()
    there = store.read_record(folder / "support_places.parquet", PlacesRecord).kinds
    kinds = tuple(kind for kind in declared.kinds if kind.id in there)
    if not any(kind.counts for kind in kinds):
        return None
    places = store.read_table(folder / "support_places.parquet")
    return Support(
        places=places[tables.is_among(places["kind"], [kind.id for kind in kinds])].reset_index(drop=True),
        origins=store.read_table(folder / "origins.parquet"),
        kinds=kinds,
        access=declared.access,
        classes=nation["ruc21_code"],
        journeys=store.read_table(folder / "journeys.parquet") if area.journeys_file is not None else None,
    )


def _score(project: Snapshot, area: Area, index: Index, uncertainty: Uncertainty | None) -> _Scored:
    joined = store.read_geotable(project.processed(area.id) / "joined.parquet")
    nation = read_reference(project, area.nation)
    refuse_partial(index, area, read_indicators(project, area.nation, area.id), list(nation.index))
    comparison = Comparison.of_joined(joined, nation, index, area.reference)
    risk = score_risk(comparison, joined.set_index("lsoa21_code").geometry, uncertainty)
    support = read_support(project, area, nation)
    places = project.places()
    assumptions = Assumptions(places.exclusion, project.rates(), project.helps(), places.where_to_act)
    assessment = assess_area(comparison, risk, assumptions, support, uncertainty)
    return _Scored(area, comparison, risk, assessment, support, assumptions)


def _assemble(project: Snapshot, scored: _Scored, record: RiskRecord) -> gpd.GeoDataFrame:
    table = risk_table(project, record)
    frame = scored.risk.frame.join(scored.assessment.frame, validate="one_to_one").reset_index()[table.names]
    frame = frame.sort_values("lsoa21_code", ignore_index=True)
    tables.validate(frame, table, f"risk by index '{record.index.id}'")
    return frame


def _support_sources(project: Snapshot, area: Area) -> list[SourceUsed]:
    """Where places, points and journeys come from."""
    models: dict[str, type[TableRecord]] = {"support_places": PlacesRecord, "origins": OriginsRecord}
    if area.journeys_file is not None:
        models["journeys"] = LocalRecord
    folder = project.processed(area.id)
    return [
        source
        for name, model in models.items()
        for source in store.read_record(folder / f"{name}.parquet", model).sources
    ]


def _record(project: Snapshot, scored: _Scored) -> RiskRecord:
    area, comparison, risk = scored.area, scored.comparison, scored.risk
    folder = project.processed(area.id)
    joined = store.read_record(folder / "joined.parquet", JoinedRecord)
    sources = merge_sources(joined.sources, _support_sources(project, area))
    return RiskRecord(
        built=utc_now(),
        rows=len(risk.frame),
        sources=sources,
        area=area.id,
        title=area.title,
        fictional=area.fictional,
        matched=joined.matched,
        columns_from=joined.columns_from,
        missing=joined.missing,
        geometry_repaired=joined.geometry_repaired,
        reference=area.reference,
        reference_lsoas=len(comparison.compared_with),
        index=comparison.index,
        weights=rows_of(risk.scores.weights, IndicatorWeight),
        imputed=risk.scores.imputed,
        indicators_missing=risk.scores.missing,
        nation=summarise_nation(comparison.nation, risk.national, NATIONS[area.nation]),
        uncertainty=risk.uncertainty,
        hotspots=risk.hotspots,
        capacity=_describe_capacity(project, scored),
        rows_in=len(comparison.area),
        notes=(*list_differences(sources), *say_fit(comparison.index)),
    )


def _describe_capacity(project: Snapshot, scored: _Scored) -> CapacityRecord:
    """How capacity and exclusion were worked out, for the record and the page."""
    declared, assessment, support = project.places(), scored.assessment, scored.support
    folder = project.processed(scored.area.id)
    places = store.read_record(folder / "support_places.parquet", PlacesRecord)
    points = store.read_record(folder / "origins.parquet", OriginsRecord)
    straight = assessment.measure == "straight line"
    reach = declared.access.reach if straight else declared.access.reach_minutes
    return CapacityRecord(
        kinds=tuple(KindUsed.model_validate(kind) for kind in (support.kinds if support else ())),
        absent_kinds=places.absent,
        places=places.counts,
        left_out=places.left_out,
        measure=assessment.measure,
        listed=declared.access.nearest,
        reach={str(name): value for name, value in reach.items()},
        origins=OriginsUsed.model_validate(points),
        exclusion=declared.exclusion if support else None,
        exclusion_uncertainty=assessment.uncertainty,
        contributions_exact=assessment.contributions_exact,
        people=scored.assumptions.rates,
        where_to_act=ListRecord(
            bounds=scored.assumptions.bounds,
            by_support=support is not None,
            areas=int(assessment.frame["on_list"].sum()),
            unsure=assessment.unsure,
        ),
        people_at_risk_listed=round(assessment.coverage.inside, 1),
        people_at_risk_elsewhere=round(assessment.coverage.missed, 1),
    )


def _tell(job: Job, scored: _Scored) -> None:
    area, index, varied = scored.area, scored.comparison.index, scored.risk.uncertainty
    path = job.step.project.processed(area.id) / "risk.parquet"
    compared = "this area alone" if area.reference == "area" else NATIONS[area.nation]
    job.say(f"{mark_fiction(area)}{area.title}: scored by '{index.id}', compared with {compared}, in {path}")
    if varied is not None:
        stay, worst = varied.worst_tenth_staying_in_90_percent_of_draws, varied.worst_tenth
        job.say(f"  of the {worst:,} in the worst tenth, {stay:,} stay in 90% of {varied.draws:,} plausible indices")
    job.say(describe_coverage(scored.assessment, scored.support))
    unhelped = [c.title for c in index.components if scored.assumptions.helps.of(c.name) is None]
    if unhelped:
        job.say(f"  declared/help.toml says nothing about what helps with {', '.join(unhelped)}")
    for item in index.absent:
        job.say(f"  not in the available open data: {item.title} ({item.why})")
