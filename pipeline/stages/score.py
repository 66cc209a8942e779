"""Scores, ranks, and where to act: ``risk.parquet``."""

from dataclasses import dataclass, replace
from typing import Literal

import geopandas as gpd
import pandas as pd

from pipeline import store, tables
from pipeline.act.priorities import Assessment, Assumptions, assess_area, describe_coverage, list_priorities
from pipeline.act.support import Support
from pipeline.catalogue import Area, say_fit
from pipeline.catalogue.kinds import BOTH, NEITHER
from pipeline.catalogue.priority_groups import PriorityGroups
from pipeline.errors import DeclarationError, PipelineError, did_you_mean, first
from pipeline.index.drawing import Drawing
from pipeline.join import Comparison
from pipeline.raw import utc_now
from pipeline.risk.boards import compare_boards, find_parts
from pipeline.risk.kinds import KindScores, score_kinds
from pipeline.risk.people import sum_people
from pipeline.risk.priority_groups import GroupMarks, mark_groups, tabulate_groups
from pipeline.risk.scores import Risk, score_risk, summarise_nation
from pipeline.stages.chosen import Chosen, choose_index, compare_with_nation
from pipeline.stages.directions import check_meaning, worse_ends
from pipeline.stages.drawing import drawing_in
from pipeline.stages.graph import belongs_to_graph
from pipeline.stages.handed_on import hand_on_ranks
from pipeline.stages.project import NATIONS, Snapshot
from pipeline.stages.requests import IndexTrial
from pipeline.stages.stage import Job
from pipeline.stages.tables import joined_table, mark_fiction, risk_table
from pipeline.store.provenance import list_differences, merge_sources
from pipeline.store.records import (
    BoardSummary,
    CapacityRecord,
    IndicatorWeight,
    JoinedRecord,
    KindsRecord,
    KindUsed,
    ListRecord,
    LocalRecord,
    NearestRecord,
    OriginsRecord,
    OriginsUsed,
    PeopleHere,
    PlacesRecord,
    PriorityGroupsRecord,
    RiskRecord,
    SourceUsed,
    TableRecord,
    rows_of,
)
from pipeline.tidy import joined_sources_table

LATE = ("scipy.spatial",)
"""What is imported where it is used, see :func:`pipeline.stages.work.get_ready`."""


@dataclass(frozen=True)
class _Scored:
    """An area with its scores, the kinds of its nation, what capacity adds to them, and their sources."""

    area: Area
    comparison: Comparison
    risk: Risk
    kinds: KindScores
    groups: tuple[PriorityGroups, GroupMarks]
    assessment: Assessment
    support: Support | None
    assumptions: Assumptions
    fit_notes: tuple[str, ...]
    group_notes: tuple[str, ...]


def run(job: Job) -> None:
    """``risk.parquet`` and ``risk.csv``, ``nearest.parquet``, ``priorities.csv``, and ``priority_groups`` as both.

    Raises:
        DeclarationError: the index counts a column against its meaning, or names one that there is not.
        ScoringError: the index cannot be computed from the area's columns.
    """
    project = job.step.project
    area = project.area(job.step.scope.area)
    folder = project.processed(area.id)
    chosen = choose_index(project, area, area.index, project.uncertainty())
    with drawing_in(job.staging / "draws", project.scheduler, job.say) as drawing:
        scored = _score(project, chosen, drawing)
    hand_on_ranks(project, area.id)
    for line in (*chosen.notes, *say_fit(chosen.index), *scored.fit_notes):
        job.say(f"  {line}")
    record = _record(project, scored)
    frame = _assemble(project, scored, record)
    worst = list_priorities(
        pd.DataFrame(frame.drop(columns="geometry")).set_index("lsoa21_code"),
        scored.assessment,
        scored.support,
        scored.comparison.index,
        scored.assumptions.helps,
        project.kinds(),
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
    _write_groups(job, scored, frame, record)
    store.write_csv(frame, job.output(folder / "risk.csv"), table)
    store.write_table(frame, job.output(folder / "risk.parquet"), table, record)
    _tell(job, scored)


def try_index(project: Snapshot, area: Area, trial: IndexTrial) -> str:
    """Score an area by another index. The table goes to ``trial.output``; returns a line for the console.

    Raises:
        DeclarationError: the index counts a column against its meaning, or names one that there is not.
        ScoringError: the index cannot be computed from the area's columns.
    """
    named = area.index if trial.index is None else trial.index
    chosen = choose_index(project, area, named, project.uncertainty() if trial.uncertain else None)
    with drawing_in(project.staging / f"trial-{area.id}", None, lambda _: None) as drawing:
        scored = _score(project, chosen, drawing)
    record = _record(project, scored)
    frame = _assemble(project, scored, record)
    store.write_table(frame, trial.output, risk_table(project, record), record)
    return f"{mark_fiction(area)}{area.title} by '{chosen.index.id}': {len(frame):,} LSOAs in {trial.output}"


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


def _score(project: Snapshot, chosen: Chosen, drawing: Drawing) -> _Scored:
    area, uncertainty = chosen.area, chosen.uncertainty
    joined = store.read_geotable(project.processed(area.id) / "joined.parquet")
    comparison, fit_notes = compare_with_nation(project, chosen, joined)
    risk = score_risk(comparison, joined.set_index("lsoa21_code").geometry, uncertainty, drawing)
    kinds = _score_kinds(project, comparison)
    support = read_support(project, area, comparison.nation)
    groups, group_notes = _groups_here(project, area)
    marks = mark_groups(comparison.area, comparison.nation, _tenths(risk), groups, worse_ends(project))
    places = project.places()
    assumptions = Assumptions(places.exclusion, project.rates(), project.helps(), places.where_to_act)
    assessment = assess_area(comparison, risk, assumptions, support, uncertainty)
    # The ranks of every draw take more memory than all tables, and nothing else asks for them.
    risk = replace(risk, draws=None)
    return _Scored(
        area, comparison, risk, kinds, (groups, marks), assessment, support, assumptions, fit_notes, group_notes
    )


def _tenths(risk: Risk) -> tuple[pd.Series, Literal["nation", "area"]]:
    """The tenth of each area in the nation, or within the area where the nation cannot be scored."""
    national = risk.frame["england_decile"]
    return (national, "nation") if national.notna().any() else (risk.frame["risk_decile"], "area")


def _groups_here(project: Snapshot, area: Area) -> tuple[PriorityGroups, tuple[str, ...]]:
    """The priority groups whose columns the area has, and a line for each other one that is for it.

    Raises:
        DeclarationError: a group names a column that no table has.
    """
    declared = project.priority_groups().of_area(area)
    here = set(joined_table(project, area.nation, area.id).names)
    elsewhere = {*worse_ends(project), *joined_sources_table(project.sources().values()).names}
    faults = [
        f"  groups.{group.id}.column: there is no column '{group.column}'.{did_you_mean(group.column, elsewhere)}"
        for group in declared.groups
        if group.column not in here | elsewhere
    ]
    if faults:
        described = "docs/data-dictionary.md and declared/indicators.toml name the columns that there are."
        path = project.declared / "priority-groups.toml"
        raise DeclarationError("\n".join([f"{path}: {len(faults)} fault(s)", *faults, f"  {described}"]))
    lacking = [group for group in declared.groups if group.column not in here]
    kept = tuple(group for group in declared.groups if group.column in here)
    return declared.model_copy(update={"groups": kept}), tuple(
        f"priority group {group.title} is left out: {area.title} has no '{group.column}'" for group in lacking
    )


def _score_kinds(project: Snapshot, comparison: Comparison) -> KindScores:
    """The kinds of every LSOA of the nation.

    Raises:
        DeclarationError: a kind counts a column against its meaning, or names one that there is not.
    """
    declared = project.kinds()
    for kind in declared.kinds:
        try:
            check_meaning(project, kind.index)
        except DeclarationError as error:
            raise DeclarationError(f"{project.declared / 'kinds.toml'}: {error}") from error
    return score_kinds(comparison.nation, declared)


def _assemble(project: Snapshot, scored: _Scored, record: RiskRecord) -> gpd.GeoDataFrame:
    table = risk_table(project, record)
    kinds = scored.kinds.frame.reindex(scored.risk.frame.index)
    beside = [kinds, scored.assessment.frame, scored.groups[1].frame]
    frame = scored.risk.frame.join(beside, validate="one_to_one").reset_index()[table.names]
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
        nation=summarise_nation(comparison.nation, risk.national, NATIONS[area.nation], _compare_boards(scored)),
        parts=find_parts(comparison.nation, risk.frame.index),
        uncertainty=risk.uncertainty,
        hotspots=risk.hotspots,
        fit=comparison.fit,
        without_fit=" ".join(scored.fit_notes) or None,
        kinds=_describe_kinds(project, scored),
        priority_groups=_describe_groups(scored),
        capacity=_describe_capacity(project, scored),
        rows_in=len(comparison.area),
        notes=(*list_differences(sources), *say_fit(comparison.index), *scored.fit_notes),
    )


def _compare_boards(scored: _Scored) -> tuple[BoardSummary, ...] | None:
    """The ICBs of the nation, with people at risk as they are estimated for all its areas."""
    people, risk = scored.assessment.people.frame["people_at_risk"], scored.risk
    return compare_boards(scored.comparison.nation, risk.national_decile, people, risk.boards_drawn)


def _describe_kinds(project: Snapshot, scored: _Scored) -> KindsRecord:
    """How the kinds of exclusion were told apart, and how often each stands out, for the record and the page."""
    declared, codes = project.kinds(), scored.risk.frame.index
    kinds = scored.kinds.frame["kind"].reindex(codes)
    there = {name: tuple(sorted(codes.intersection(list(empty)))) for name, empty in scored.kinds.not_scored.items()}
    return KindsRecord(
        stands_out_above=declared.stands_out_above,
        why=declared.why,
        kinds=declared.kinds,
        counts={title: int((kinds == title).sum()) for title in (*declared.titles.values(), BOTH, NEITHER)},
        not_scored={name: empty for name, empty in there.items() if empty},
    )


def _describe_groups(scored: _Scored) -> PriorityGroupsRecord:
    declared, marks = scored.groups
    return PriorityGroupsRecord(
        risk_tenths=declared.risk_tenths,
        against=marks.against,
        groups=declared.groups,
        bounds=marks.bounds,
        notes=scored.group_notes,
    )


def _write_groups(job: Job, scored: _Scored, frame: pd.DataFrame, record: RiskRecord) -> None:
    """``priority_groups.parquet`` and ``.csv``, without rows where no group is declared for the area."""
    folder, table = job.step.project.processed(scored.area.id), tables.PRIORITY_GROUPS
    declared, marks = scored.groups
    tenth = "england_decile" if marks.against == "nation" else "risk_decile"
    matrix = store.empty(table)
    if declared.groups:
        matrix = tabulate_groups(frame, tenth, declared, scored.assumptions.rates)
        tables.validate(matrix, table, "priority_groups")
    of_matrix = TableRecord(built=record.built, table=table.name, rows=len(matrix), sources=record.sources)
    store.write_table(matrix, job.output(folder / f"{table.name}.parquet"), table, of_matrix)
    store.write_csv(matrix, job.output(folder / f"{table.name}.csv"), table)


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
        adults_counted=assessment.people.adults_counted,
        people_here={name: _sum_people(scored, name) for name, _ in scored.assumptions.rates.measures.named},
        people_shaped_over=assessment.people.shaped_over,
        people_at_risk_listed=round(assessment.coverage.inside, 1),
        people_at_risk_elsewhere=round(assessment.coverage.missed, 1),
    )


def _sum_people(scored: _Scored, measure: str) -> PeopleHere:
    people, low, high = sum_people(scored.assessment.frame, measure, scored.assumptions.rates)
    return PeopleHere(people=round(people, 1), low=round(low, 1), high=round(high, 1))


def _tell(job: Job, scored: _Scored) -> None:
    area, index, varied = scored.area, scored.comparison.index, scored.risk.uncertainty
    path = job.step.project.processed(area.id) / "risk.parquet"
    compared = "this area alone" if area.reference == "area" else NATIONS[area.nation]
    job.say(f"{mark_fiction(area)}{area.title}: scored by '{index.id}', compared with {compared}, in {path}")
    if varied is not None:
        stay, worst = varied.worst_tenth_staying_in_90_percent_of_draws, varied.worst_tenth
        job.say(f"  of the {worst:,} in the worst tenth, {stay:,} stay in 90% of {varied.draws:,} plausible indices")
    job.say(describe_coverage(scored.assessment, scored.support))
    for line in (*_tell_kinds(scored.kinds, scored.risk.frame.index), *scored.group_notes):
        job.say(f"  {line}")
    unhelped = [c.title for c in index.components if scored.assumptions.helps.of(c.name) is None]
    if unhelped:
        job.say(f"  declared/help.toml says nothing about what helps with {', '.join(unhelped)}")
    for item in index.absent:
        job.say(f"  not in the available open data: {item.title} ({item.why})")


def _tell_kinds(kinds: KindScores, codes: pd.Index) -> list[str]:
    """How often each kind of exclusion stands out, and where none could be said."""
    named = kinds.frame["kind"].reindex(codes)
    counts = named.value_counts()
    lines = ["what kind: " + ", ".join(f"{title} {count:,}" for title, count in counts.items())] if len(counts) else []
    unsaid = sorted(named.index[named.isna()])
    if unsaid:
        columns = ", ".join(kinds.not_scored) or "their code in the reference table"
        lines.append(f"what kind is not said of {len(unsaid):,} area(s), which lack {columns}: {first(unsaid)}")
    return lines
