"""The two sides of a comparison, read and checked: runs, an index over what is built now, or published releases."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import pandas as pd

from pipeline import store
from pipeline.catalogue import Area, fit_of, index_for
from pipeline.catalogue.rates import Rates
from pipeline.compare.releases import Release, carry_release, release_side
from pipeline.compare.sides import Side
from pipeline.errors import CompareError, RecordError, command
from pipeline.index import rank_scores, score
from pipeline.places.carrying import Lookup
from pipeline.stages.located import OF_2011, RELEASE_INDEX, Run
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import CHANGES, population_source, tidy_table
from pipeline.store.changes import SideCompared
from pipeline.store.kept import KeptRecord, hash_file, read_kept
from pipeline.store.records import PeopleHere, ReferenceRecord, RiskRecord, SourceUsed

DROPPED = ("geometry", "bbox")
NO_OUTLINES = pd.Series(dtype="object")


@dataclass(frozen=True)
class Taken:
    """A side that was read, what is said of it, and what it was made from.

    ``people`` are estimates by measure and ``rates`` the hash of what they were made by; both empty where there are
    none.
    """

    side: Side
    about: SideCompared
    sources: tuple[SourceUsed, ...]
    people: Mapping[str, PeopleHere]
    rates: str = ""


def describe_built(run: Run) -> KeptRecord:
    """What is said of scores that the program built, checked by the hashes in the records beside them.

    Raises:
        RecordError: a file was altered, or the scores were made from another table of the nation.
    """
    record = store.read_record(run.risk, RiskRecord)
    nation = store.read_record(run.reference, ReferenceRecord)
    for path, digest in ((run.risk, record.sha256), (run.reference, nation.sha256)):
        if hash_file(path) != digest:
            raise RecordError(f"{path} was altered since it was made. Build it again: {command('maps', record.area)}")
    made_from = next((digest for name, digest in record.inputs.items() if name.endswith(f"/{run.reference.name}")), "")
    if made_from and made_from != store.content_hash(run.reference):
        raise RecordError(
            f"{run.risk} was scored from another table of the nation than {run.reference} is now. Build the area "
            f"again: {command('maps', record.area)}"
        )
    varied = record.uncertainty
    return KeptRecord(
        kept=record.built,
        area=record.area,
        title=record.title,
        fictional=record.fictional,
        nation="demo" if record.fictional else "england",
        built=record.built,
        program=record.program,
        index=record.index,
        reference=record.reference,
        loss=None if record.fit is None else record.fit.loss,
        people=record.capacity.people_here,
        rates=_hash_rates(record.capacity.people),
        worst_tenth=None if varied is None else varied.worst_tenth,
        staying=None if varied is None else varied.worst_tenth_staying_in_90_percent_of_draws,
        sources=record.sources,
    )


def _hash_rates(rates: Rates) -> str:
    return sha256(rates.model_dump_json().encode()).hexdigest()


def take_run(project: Snapshot, area: Area, run: Run) -> Taken:
    """A run, an index over what is built now, or a release, as a side.

    Raises:
        RecordError: a file was altered, or does not belong to the others.
        CompareError: the run is of another area, or a release cannot be carried over to the LSOAs of 2021.
        ScoringError: the index cannot be computed from the area's columns.
    """
    if run.kind == "release":
        return _take_release(project, area, run)
    record = read_kept(run.risk.parent) if run.kind == "kept" else describe_built(run)
    if record.area != area.id:
        raise CompareError(
            f"{run.title} is a run of {record.area}, and the comparison is of {area.id}. Name its area: --area "
            f"{record.area}"
        )
    areas, nation = _by_code(store.read_table(run.risk)), _by_code(store.read_table(run.reference))
    if run.kind == "index":
        return _score_by(project, area, run, (areas, nation), record)
    within = record.reference == "area"
    side = Side(
        title=_title(run, record),
        date=record.built,
        kind="run",
        area=record.area,
        reference=record.reference,
        index=record.index,
        loss=record.loss,
        areas=areas.assign(rank=areas["risk_rank" if within else "england_rank"], area_rank=areas["risk_rank"]),
        compared=areas if within else nation,
        redrawn=NO_OUTLINES,
    )
    return Taken(side, _about(side, record.program, record.sources), record.sources, record.people, record.rates)


def _title(run: Run, record: KeptRecord) -> str:
    if run.kind == "now":
        return f"now (built {record.built[:10]})"
    if run.kind != "kept":
        return f"{run.title} (built {record.built[:10]})"
    day, folder = record.kept[:10], run.risk.parent.name
    if record.name:
        return f"“{record.name}” (kept {day})"
    return f"the run kept on {day}" + ("" if folder == day else f" ({folder})")


def _by_code(frame: pd.DataFrame) -> pd.DataFrame:
    plain = frame.drop(columns=[name for name in DROPPED if name in frame])
    return plain.set_index("lsoa21_code").sort_index()


def _about(side: Side, program: str, sources: tuple[SourceUsed, ...]) -> SideCompared:
    return SideCompared(
        title=side.title,
        date=side.date,
        kind=side.kind,
        index=side.index.id,
        index_title=side.index.title,
        program=program,
        lsoas=len(side.areas),
        releases={source.id: source.release for source in sources},
    )


def _score_by(
    project: Snapshot, area: Area, run: Run, tables: tuple[pd.DataFrame, pd.DataFrame], record: KeptRecord
) -> Taken:
    """The area as it is built now, scored by another index."""
    areas, nation = tables
    index, _ = index_for(project.index(run.name), area, project.indicators())
    fit, _ = fit_of(index, project.fit(run.name), area.nation)
    compared = areas if record.reference == "area" else nation
    scores = score(index, compared)
    side = Side(
        title=run.title,
        date=record.built,
        kind="run",
        area=area.id,
        reference=record.reference,
        index=index,
        loss=None if fit is None else fit.loss,
        areas=areas.assign(
            rank=scores.rank.reindex(areas.index),
            area_rank=rank_scores(scores.score.reindex(areas.index), index.ties),
            people_at_risk=float("nan"),
        ),
        compared=compared,
        redrawn=NO_OUTLINES,
    )
    return Taken(side, _about(side, record.program, record.sources), record.sources, {})


def _take_release(project: Snapshot, area: Area, run: Run) -> Taken:
    """A release of the Indices of Deprivation, on the LSOAs of 2021."""
    declared, index = project.sources(), project.index(RELEASE_INDEX)
    joined = _by_code(store.read_table(run.risk))
    frame, sources = store.read_table(run.reference), list(store.read_sources(run.reference))
    year = run.name.removeprefix("iod")
    if run.name not in OF_2011:
        release = Release(run.title, year, frame.set_index("lsoa21_code"))
        side = release_side(release, release.frame, index, joined)
        return Taken(side, _about(side, "", tuple(sources)), tuple(sources), {})
    release = Release(run.title, year, frame.set_index("lsoa11_code").rename(columns={"residents_2015": "residents"}))
    changes = tidy_table(project, area.nation, declared[CHANGES])
    people = store.read_table(tidy_table(project, area.nation, population_source(project, area.nation)))
    lookup = Lookup.of(store.read_table(changes), people.set_index("lsoa21_code")["population_total"])
    carried, redrawn = carry_release(release, lookup, ("imd_score", *index.columns))
    sources += store.read_sources(changes)
    side = release_side(release, carried, index, joined, redrawn)
    return Taken(side, _about(side, "", tuple(sources)), tuple(sources), {})
