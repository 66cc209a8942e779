"""Larger areas: ``summary_<level>.parquet`` for every level that the nation's lookups and an analyst's groups give."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from pipeline import store, tables
from pipeline.catalogue import Area
from pipeline.catalogue.groups import Compared, Group
from pipeline.catalogue.kinds import Kinds
from pipeline.errors import JoinError, first
from pipeline.index import score
from pipeline.index.grouped import GroupDraws, draw_groups
from pipeline.raw import utc_now
from pipeline.risk.scores import FULL_SCALE
from pipeline.stages.handed_on import take_ranks
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import NAMED, REGISTERED, SUMMARY, present_sources, summary_levels
from pipeline.stages.stage import Job
from pipeline.stages.tables import TidyTable, mark_fiction, read_reference, read_tidied
from pipeline.store.provenance import describe_local_file, merge_sources
from pipeline.store.records import RiskRecord, SourceUsed, SummaryRecord
from pipeline.summarise.figures import Part, Scored, part_in_area, summarise
from pipeline.summarise.groups import Grouping, read_grouping
from pipeline.summarise.levels import LEVELS
from pipeline.summarise.practices import place_patients, units_of_networks, units_of_practices
from pipeline.summarise.units import Units, units_of_level
from pipeline.tidy.msoa_names import MSOA_NAMES

if TYPE_CHECKING:
    # Imported here because it is slow to import.
    from scipy.sparse import csr_array

LATE = ("scipy.sparse",)
"""What is imported where it is used, see :func:`pipeline.stages.work.get_ready`."""


class Level(NamedTuple):
    """The units of one level, their part in the area, and where they come from.

    Attributes:
        matched: how LSOAs were matched to units, in words.
        one_to_one: whether every LSOA is meant to belong to one of them.
        losses: people of units who could not be placed in an LSOA of the nation, by unit.
        notes: what an analyst should know about the file.
    """

    title: str
    units: Units
    part: Part
    sources: tuple[SourceUsed, ...]
    matched: str
    one_to_one: bool = True
    losses: Mapping[str, float] = MappingProxyType({})
    notes: tuple[str, ...] = ()


def run(job: Job) -> None:
    """``summary_<level>.parquet`` and ``.csv``: one row for each larger area with people in the area.

    Raises:
        JoinError: the lookup gives a larger area two names.
    """
    project, scope = job.step.project, job.step.scope
    area, folder = project.area(scope.area), project.processed(scope.area)
    record = store.read_record(folder / "risk.parquet", RiskRecord)
    take_ranks(project, area.id)
    scored = _read_scored(job, record)
    levels = [*_official_levels(job, scored), *_levels_in_part(job, scored)]
    drawn = _draw(project, record, scored, [level.part for level in levels])
    for level, draws in zip(levels, drawn, strict=True):
        frame = summarise(level.units, level.part, scored, draws)[tables.SUMMARY.names]
        tables.validate(frame, tables.SUMMARY, f"{area.id}, {level.title}")
        name = f"{SUMMARY}_{level.units.level}"
        described = _record(area, record, scored, level, draws)
        store.write_table(frame, job.output(folder / f"{name}.parquet"), tables.SUMMARY, described)
        store.write_csv(frame, job.output(folder / f"{name}.csv"), tables.SUMMARY)
    undeclared = sorted(path for path in folder.glob(f"{SUMMARY}_*") if path not in job.step.writes)
    if undeclared:
        job.withdraw(*undeclared)
        job.say(f"  removed, as no group of the name is declared any longer: {first(path.name for path in undeclared)}")
    job.say(f"{mark_fiction(area)}{area.title}: {_in_words(levels)}, in {folder}")
    for level in levels:
        missing = _missing(level.units, scored) if level.one_to_one else ()
        if missing:
            job.say(f"  {level.title}: {len(missing):,} LSOA(s) belong to none: {first(missing)}")
        for note in level.notes:
            job.say(f"  {level.title}: {note}")


def read_shares(job: Job, record: RiskRecord, level: str) -> pd.DataFrame | None:
    """Which part of each LSOA's people belongs to each unit of a level, by unit and LSOA of the area.

    Returns:
        ``unit_code``, ``lsoa21_code`` and ``share`` (0 to 1) of every pair; None for the levels of official lookups, to
        whose units LSOAs belong as a whole, and for a level that the area lacks.
    """
    if level in LEVELS:
        return None
    scored = _read_scored(job, record)
    made = next((one for one in _levels_in_part(job, scored) if one.units.level == level), None)
    if made is None:
        return None
    part, units, pairs = made.part, made.units, made.part.shares.tocoo()
    return pd.DataFrame(
        {
            "unit_code": units.names.index[part.rows].to_numpy()[pairs.row],
            "lsoa21_code": scored.frame.index.to_numpy()[pairs.col],
            "share": pairs.data,
        }
    )


def _read_scored(job: Job, record: RiskRecord) -> Scored:
    """The area as it was scored."""
    project, scope = job.step.project, job.step.scope
    path = project.processed(scope.area) / "risk.parquet"
    risk = store.read_without_shapes(path)
    kinds = Kinds(stands_out_above=record.kinds.stands_out_above, why=record.kinds.why, kinds=record.kinds.kinds)
    nation = read_reference(project, scope.nation)
    return Scored(risk.set_index("lsoa21_code"), nation, kinds, record.capacity.people)


def _levels_in_part(job: Job, scored: Scored) -> list[Level]:
    """The levels to whose units LSOAs may belong in part."""
    return [*_registered_levels(job, scored), *_declared_levels(job, scored)]


def _official_levels(job: Job, scored: Scored) -> list[Level]:
    """The levels that every LSOA has by the nation's lookups."""
    project, scope = job.step.project, job.step.scope
    names = next(iter(_tidied(job, NAMED).values()), None)
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


def _registered_levels(job: Job, scored: Scored) -> Iterator[Level]:
    """GP practices and primary care networks, where their sources are present."""
    project, scope = job.step.project, job.step.scope
    wanted = [level for level in summary_levels(project, scope) if level in REGISTERED]
    if not wanted:
        return
    tidied = _tidied(job, {reads for level in wanted for reads in REGISTERED[level]} | {"lsoa_changes"})
    residents, changes = scored.nation["population_total"], tidied.get("lsoa_changes")
    patients = place_patients(tidied["patients"].frame, residents, None if changes is None else changes.frame)
    for level in wanted:
        if level == "practice":
            made, title = units_of_practices(patients, residents), "GP practices"
        else:
            made = units_of_networks(patients, tidied["pcn_membership"].frame, residents)
            title = "Primary care networks"
        sources = tuple(tidied[reads].provenance for reads in REGISTERED[level])
        yield _compared(made, scored, project.groups().practices, title, sources)


def _declared_levels(job: Job, scored: Scored) -> Iterator[Level]:
    """The groups that an analyst brings for the area."""
    project, scope = job.step.project, job.step.scope
    groups = project.groups().of(project.area(scope.area))
    if not groups:
        return
    changes = _tidied(job, {"lsoa_changes"}).get("lsoa_changes")
    for group in groups:
        path = project.local_file(group.file)
        frame = None if changes is None else changes.frame
        made = read_grouping(path, group, scored.nation["population_total"], frame)
        origin = describe_local_file(group.id, group.title, group.source, path, project.root)
        origin = origin.model_copy(update={"licence": group.licence, "release": group.release or origin.release})
        yield _compared(made, scored, group, group.title, (origin,))


def _compared(made: Grouping, scored: Scored, compared: Compared, title: str, sources: tuple[SourceUsed, ...]) -> Level:
    """Units that may lie in the area in part: those with few of their people there are not ranked, or left out.

    Raises:
        JoinError: none has people in the area.
    """
    part = part_in_area(made.units, scored, compared.least_covered, compared.least_people)
    if not len(part.rows):
        raise JoinError(f"{title}: no unit has people in the area. Is it the right file for it?")
    matching = getattr(compared, "matching", "people")
    matched = f"{matching}: {part.people.nnz:,} pairs of {len(part.rows):,} units and LSOAs of the area"
    one_to_one = matching in ("one to one", "best fit")
    notes = (*made.notes, *_left_out(made.units, part)) if isinstance(compared, Group) else made.notes
    return Level(title, made.units, part, sources, matched, one_to_one, made.losses, notes)


def _left_out(units: Units, part: Part) -> list[str]:
    """The units of an analyst that are not listed, as too few of their people live in the area; a note, or nothing."""
    missing = units.names.index[np.setdiff1d(np.flatnonzero(units.total > 0), part.rows)]
    return [f"not listed, as too few of their people live in the area: {first(missing)}"] if len(missing) else []


def _tidied(job: Job, readers: Collection[str]) -> dict[str, TidyTable]:
    """The tidy tables of the present sources that have these readers, by reader."""
    project, nation = job.step.project, job.step.scope.nation
    present = present_sources(project, nation)
    sources = [s for s in project.sources().values() if s.id in present and s.reads in readers]
    return {table.source.reads: table for table in read_tidied(project, nation, sources).values()}


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
        losses=dict(level.losses),
        notes=level.notes,
    )


def _in_words(levels: Sequence[Level]) -> str:
    return "larger areas: " + ", ".join(f"{level.title} {len(level.part.rows):,}" for level in levels)
