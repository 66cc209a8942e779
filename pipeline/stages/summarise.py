"""Larger areas: ``summary_<level>.parquet`` for every level that the nation's lookups and an analyst's groups give."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline import store, tables
from pipeline.catalogue import Area
from pipeline.catalogue.kinds import Kinds
from pipeline.errors import first
from pipeline.index import score
from pipeline.index.grouped import GroupDraws, draw_groups
from pipeline.raw import utc_now
from pipeline.risk.scores import FULL_SCALE
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import NAMED, SUMMARY, present_sources, summary_levels
from pipeline.stages.stage import Job
from pipeline.stages.tables import mark_fiction, read_reference, read_tidied
from pipeline.store.provenance import merge_sources
from pipeline.store.records import RiskRecord, SourceUsed, SummaryRecord
from pipeline.summarise.figures import Part, Scored, part_in_area, summarise
from pipeline.summarise.levels import LEVELS
from pipeline.summarise.units import Units, units_of_level
from pipeline.tidy.msoa_names import MSOA_NAMES

if TYPE_CHECKING:
    # Imported here because it is slow to import.
    from scipy.sparse import csr_array


class Level(NamedTuple):
    """The units of one level, their part in the area, and where they come from.

    ``one_to_one``: every LSOA is meant to belong to one of them; ``matched`` says how LSOAs were matched, in words.
    """

    title: str
    units: Units
    part: Part
    sources: tuple[SourceUsed, ...]
    matched: str
    one_to_one: bool = True
    notes: tuple[str, ...] = ()


def run(job: Job) -> None:
    """``summary_<level>.parquet`` and ``.csv``: one row for each larger area with people in the area.

    Raises:
        JoinError: the lookup gives a larger area two names.
    """
    project, scope = job.step.project, job.step.scope
    area, folder = project.area(scope.area), project.processed(scope.area)
    record = store.read_record(folder / "risk.parquet", RiskRecord)
    risk = store.read_table(folder / "risk.parquet").drop(columns=["geometry", "bbox"], errors="ignore")
    nation = read_reference(project, scope.nation)
    kinds = Kinds(stands_out_above=record.kinds.stands_out_above, why=record.kinds.why, kinds=record.kinds.kinds)
    scored = Scored(risk.set_index("lsoa21_code"), nation, kinds, record.capacity.people)
    levels = list(_official_levels(job, scored))
    drawn = _draw(project, record, scored, [level.part for level in levels])
    for level, draws in zip(levels, drawn, strict=True):
        frame = summarise(level.units, level.part, scored, draws)[tables.SUMMARY.names]
        tables.validate(frame, tables.SUMMARY, f"{area.id}, {level.title}")
        name = f"{SUMMARY}_{level.units.level}"
        described = _record(area, record, scored, level, draws)
        store.write_table(frame, job.output(folder / f"{name}.parquet"), tables.SUMMARY, described)
        store.write_csv(frame, job.output(folder / f"{name}.csv"), tables.SUMMARY)
    job.say(f"{mark_fiction(area)}{area.title}: {_in_words(levels)}, in {folder}")
    for level in levels:
        missing = _missing(level.units, scored) if level.one_to_one else ()
        if missing:
            job.say(f"  {level.title}: {len(missing):,} LSOA(s) belong to none: {first(missing)}")


def _official_levels(job: Job, scored: Scored) -> list[Level]:
    """The levels that every LSOA has by the nation's lookups."""
    project, scope = job.step.project, job.step.scope
    present = present_sources(project, scope.nation)
    named = [source for source in project.sources().values() if source.id in present and source.reads in NAMED]
    names = next(iter(read_tidied(project, scope.nation, named).values()), None)
    levels = []
    for level in summary_levels(project, scope):
        if level not in LEVELS:
            continue
        units = units_of_level(level, scored.nation, store.empty(MSOA_NAMES) if names is None else names.frame)
        if units is None:
            continue
        part = part_in_area(units, scored)
        matched = len(scored.frame) - len(_missing(units, scored))
        sources = (names.provenance,) if level == "msoa" and names is not None else ()
        text = f"one to one: {matched:,} of {len(scored.frame):,} LSOAs in {len(part.rows):,} units"
        levels.append(Level(LEVELS[level], units, part, sources, text))
    return levels


def _missing(units: Units, scored: Scored) -> tuple[str, ...]:
    """The LSOAs of the area that belong to no unit."""
    columns = scored.nation.index.get_indexer(scored.frame.index)
    held = np.bincount(units.people.indices, minlength=len(scored.nation))[columns]
    return tuple(sorted(scored.frame.index[held == 0]))


def _draw(project: Snapshot, record: RiskRecord, scored: Scored, parts: Sequence[Part]) -> list[GroupDraws | None]:
    """The units of each level by plausible index; None where the area was scored without them."""
    if record.uncertainty is None:
        return [None for _ in parts]
    ranked = bool(scored.frame["england_rank"].notna().all())
    weights = [part.weights for part in parts]
    in_nation = record.reference == "england"
    drawn = _draw_among(project, record, scored, weights, in_nation=in_nation)
    if not in_nation:
        # Scores are compared within the area, and the worst tenth is England's.
        worst = _draw_among(project, record, scored, weights, in_nation=True).worst if ranked else drawn.worst * np.nan
        drawn = replace(drawn, worst=worst)
    ends = np.cumsum([0, *(len(part.rows) for part in parts)])
    return [GroupDraws(drawn.score[:, a:b], drawn.worst[:, a:b]) for a, b in pairwise(ends)]


def _draw_among(
    project: Snapshot, record: RiskRecord, scored: Scored, weights: "Sequence[csr_array]", *, in_nation: bool
) -> GroupDraws:
    """The units of all levels by plausible index, compared within the nation or within the area alone."""
    from scipy.sparse import csr_array, vstack

    among, stacked = scored.nation if in_nation else scored.frame, csr_array(vstack(weights))
    columns = among.index.get_indexer(scored.frame.index)
    placed = csr_array((stacked.data, columns[stacked.indices], stacked.indptr), shape=(stacked.shape[0], len(among)))
    published = score(record.index, among).score.to_numpy(dtype="float64") * FULL_SCALE / record.index.scale
    loss = None if record.fit is None else record.fit.loss
    return draw_groups(record.index, among, published, placed, project.uncertainty(), loss)


def _record(area: Area, risk: RiskRecord, scored: Scored, level: Level, draws: GroupDraws | None) -> SummaryRecord:
    counted = scored.nation.reindex(scored.frame.index)
    with_denominators = "residents_imd" in counted.columns and bool(counted["residents_imd"].notna().all())
    return SummaryRecord(
        built=utc_now(),
        rows=len(level.part.rows),
        sources=merge_sources(risk.sources, level.sources),
        area=area.id,
        title=area.title,
        fictional=area.fictional,
        level=level.units.level,
        level_title=level.title,
        matched=level.matched,
        partition=level.units.partition,
        without_unit=_missing(level.units, scored) if level.one_to_one else (),
        compared=int(level.part.compared.sum()),
        draws=0 if draws is None else len(draws.score),
        imd_weighted_by="residents_imd" if with_denominators else "population_total",
        notes=level.notes,
    )


def _in_words(levels: Sequence[Level]) -> str:
    return ", ".join(f"{len(level.part.rows):,} {level.title}" for level in levels)
