"""What changed between two runs of an area, or two releases: ``changes.parquet``, ``.csv``, ``.json`` and a page."""

import pandas as pd

from pipeline import store, tables
from pipeline.catalogue import Area
from pipeline.compare import Compared, compare_sides
from pipeline.compare.acting import ABOUT, CAN_SHOW, CANNOT_SHOW, Acted, compare_actions, list_unknown
from pipeline.compare.describing import (
    compare_people,
    count_runs,
    say_changes,
    summarise_indicators,
    summarise_moves,
    summarise_parts,
    summarise_tenth,
)
from pipeline.compare.parts import METHOD_KEYS
from pipeline.errors import CompareError, first
from pipeline.places import indicator_columns
from pipeline.raw import utc_now
from pipeline.reports.changes import compose_changes_page
from pipeline.stages.changes import declared_changes
from pipeline.stages.located import locate_run
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import indicator_files
from pipeline.stages.requests import CompareWanted
from pipeline.stages.runs import Taken, take_run
from pipeline.stages.stage import Job
from pipeline.stages.tables import mark_fiction
from pipeline.store.changes import ChangesRecord
from pipeline.store.provenance import merge_sources
from pipeline.tables import Column
from pipeline.tidy import source_columns

IRREGULAR, MOST_CHANGES = "irregular", 10
RELATIVE = (
    "Ranks are relative: an area's rank can worsen because others got better. Scores of two runs are not subtracted; "
    "what is compared are the values of indicators, and ranks with their uncertainty."
)


def run(job: Job) -> None:
    """Compare two sides, and say what changed and why.

    Raises:
        CompareError: what is named does not exist, or its figures do not mean the same.
        RecordError: a file was altered since it was made or kept.
        MissingSourceError: a source of a release, or the lookup of codes, is missing.
    """
    project, wanted = job.step.project, CompareWanted.model_validate(job.request)
    area = project.area(job.step.scope.area)
    if wanted.old == wanted.new:
        raise CompareError(f"Both sides are {wanted.old}: there is nothing to compare.")
    old, new = (take_run(project, area, locate_run(project, area, text)) for text in (wanted.old, wanted.new))
    columns = _columns(project, area)
    releases = old.side.kind == "release"
    compared = compare_sides(old.side, new.side, None if releases else project.uncertainty(), columns)
    acted = _compare_actions(project, old, new, columns)
    frame = compared.frame.set_index("lsoa21_code")
    frame["acted_on"], frame["similar_to"] = acted.acted_on.reindex(frame.index), acted.similar_to.reindex(frame.index)
    frame = frame.reset_index()[tables.CHANGES.names]
    tables.validate(frame, tables.CHANGES, f"changes of {area.id}")
    record = _record(area, (old, new), compared, acted, columns)
    if acted.actions:
        record = record.model_copy(update={"notes": (*record.notes, *list_unknown(project.actions(), new.side))})
    folder = project.processed(area.id)
    store.write_table(frame, job.output(folder / "changes.parquet"), tables.CHANGES, record)
    store.write_csv(frame, job.output(folder / "changes.csv"), tables.CHANGES)
    store.write_record(job.output(folder / "changes.json"), record)
    store.write_text(job.output(project.changes_page(area.id)), compose_changes_page(frame, record))
    for line in record.sentences:
        job.say(f"{mark_fiction(area)}{line}")
    for line in record.notes:
        job.say(f"  {line}")
    job.say(f"  in {folder / 'changes.csv'}, .parquet and .json; as a page: {project.changes_page(area.id)}")


def _columns(project: Snapshot, area: Area) -> dict[str, Column]:
    """The columns that indices and measures may name, by name."""
    added = [c for file in indicator_files(project, area.nation, area.id) for c in indicator_columns(file)]
    return {**source_columns(), **{column.name: column for column in added}}


def _compare_actions(project: Snapshot, old: Taken, new: Taken, columns: dict[str, Column]) -> Acted:
    """Actions go with runs: between two releases, kinds of exclusion and a place in the order of risk are lacking."""
    if old.side.kind == "run" and project.actions():
        return compare_actions(project.actions(), old.side, new.side, columns)
    empty = pd.Series(dtype="object")
    return Acted((), empty, empty)


def _record(
    area: Area, sides: tuple[Taken, Taken], compared: Compared, acted: Acted, columns: dict[str, Column]
) -> ChangesRecord:
    old, new = sides
    frame, same_rates = compared.frame, old.rates == new.rates and bool(old.rates)
    came, went = count_runs(frame)
    nation = None if old.side.reference == "area" else summarise_tenth(frame, "england")
    sums = [frame[f"people_at_risk_{end}"] for end in ("old", "new")]
    totals = [float(values.sum()) if same_rates and values.notna().any() else None for values in sums]
    record = ChangesRecord(
        built=utc_now(),
        rows=len(frame),
        sources=merge_sources(old.sources, new.sources),
        area=area.id,
        title=area.title,
        fictional=area.fictional,
        reference=new.side.reference,
        old=old.about,
        new=new.about,
        ranked_among=len(new.side.compared),
        exact=compared.parts.exact,
        came=came,
        went=went,
        redrawn={str(name): int(count) for name, count in frame["redrawn"].dropna().value_counts().items()},
        test=summarise_moves(compared, columns),
        parts=summarise_parts(compared, columns),
        indicators=summarise_indicators(compared, columns),
        england=nation,
        of_area=summarise_tenth(frame, "area"),
        people=compare_people(old.people, new.people) if same_rates else None,
        people_at_risk_old=totals[0],
        people_at_risk_new=totals[1],
        actions=acted.actions,
        about_actions=(ABOUT, *CAN_SHOW, *CANNOT_SHOW) if acted.actions else (),
        sentences=(),
        notes=tuple(_notes(old, new, frame, same_rates=same_rates)),
    )
    return record.model_copy(update={"sentences": say_changes(record)})


def _index_changes(old: Taken, new: Taken) -> list[str]:
    """What differs between the declared indices of two runs, in words."""
    before, after = (taken.side.index for taken in (old, new))
    if before.id != after.id:
        return [f"Scored by “{before.title}” before, and by “{after.title}” after."]
    file = f"{after.id}.toml"
    keys = set(METHOD_KEYS) | {"components"}
    ends = ({file: index.model_dump(mode="json", include=keys)} for index in (before, after))
    changes = list(declared_changes(*ends))
    return [f"Changed in the index: {first(changes, MOST_CHANGES)}."] if changes else []


def _notes(old: Taken, new: Taken, frame: pd.DataFrame, *, same_rates: bool) -> list[str]:
    notes = [RELATIVE, *_index_changes(old, new)]
    if old.side.kind == "run":
        before = {source.id: source for source in old.sources}
        both = [(before[source.id], source) for source in new.sources if source.id in before]
        released = [later.id for earlier, later in both if earlier.release != later.release]
        other = [later.id for earlier, later in both if later.id not in released and earlier.sha256 != later.sha256]
        notes += [f"Of another release than before: {', '.join(released)}."] if released else []
        notes += [f"Read from another file of the same release: {', '.join(other)}."] if other else []
    if old.about.program != new.about.program and old.side.kind == "run":
        notes.append(
            f"The runs were made by versions {old.about.program} and {new.about.program} of the program. Both were "
            "ranked again by this one; what that changed is the part of the program."
        )
    if old.people and new.people and not same_rates:
        notes.append("People at risk are not compared: the runs estimate them by other rates (declared/rates.toml).")
    redrawn = int((frame["redrawn"] == IRREGULAR).sum())
    if redrawn:
        notes.append(
            f"{redrawn:,} LSOAs were redrawn irregularly since 2011: their earlier values are a best fit, and are "
            "flagged in the column redrawn."
        )
    if old.side.kind == "release":
        notes.append(
            "The makers of the Indices change indicators and methods from one release to the next, and publish no "
            "error. So a move is compared with the usual movement, and what moved it is a domain, not what happened "
            "in it."
        )
    return notes
