"""The scores of an area compared with an outcome."""

from collections.abc import Sequence

import pandas as pd

from pipeline import store, tables
from pipeline.catalogue import Area, Index, say_fit
from pipeline.evidence import describe_validation, record_validation, summarise_outcome, validate_indices
from pipeline.index import score
from pipeline.raw import utc_now
from pipeline.stages.outcomes import list_indices, read_outcome, score_candidates
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import evidence_name, is_public, reference_table
from pipeline.stages.requests import ValidationWanted
from pipeline.stages.stage import Job
from pipeline.stages.survey import compare_people
from pipeline.stages.tables import mark_fiction, read_reference
from pipeline.store.records import EvidenceRecord, ReferenceRecord, SourceUsed


def run(job: Job) -> None:
    """Compare the area's index, shipped ones and single indicators with an outcome: ``evidence.parquet`` and ``.json``.

    Those of an outcome that an analyst supplied have its name and the column's: ``evidence-<file>-<column>-<hash>``.

    Raises:
        MissingSourceError: no outcome was given and the shipped one is missing.
        EvidenceError: the outcome cannot be matched to this nation's LSOAs.
    """
    project, wanted = job.step.project, ValidationWanted.model_validate(job.request)
    area = project.area(job.step.scope.area)
    folder = project.processed(area.id)
    nation = read_reference(project, area.nation)
    outcome, origin = read_outcome(project, area.nation, wanted.outcome, nation.index, job.say)
    indices = list_indices(project, area.index)
    joined = store.read_table(folder / "joined.parquet")
    result = validate_indices(
        score_candidates(indices, nation), outcome, nation, pd.Index(joined["lsoa21_code"]), draws=wanted.draws
    )
    fitted = [index.id for index in indices if index.fitted_to and index.fitted_to.outcome == outcome.name]
    frame = result.agreement
    tables.validate(frame, tables.EVIDENCE, f"evidence of {area.id}")
    national = store.read_record(reference_table(project, area.nation), ReferenceRecord)
    record = EvidenceRecord(
        built=utc_now(),
        area=area.id,
        rows=len(frame),
        sources=(origin, *_used(project, area, indices, national)),
        outcome=summarise_outcome(outcome),
        in_sample=tuple(fitted),
        draws=wanted.draws,
        weights_changed=tuple(index.id for index in indices if index.weights_changed),
        published=is_public(job.request),
    )
    name = evidence_name(job.step.scope.source)
    store.write_table(frame, job.output(folder / f"{name}.parquet"), tables.EVIDENCE, record)
    store.write_record(job.output(folder / f"{name}.json"), record_validation(record, result))
    for line in describe_validation(result, outcome, area.index, fitted):
        job.say(line)
    if wanted.outcome.path is None:
        for line in compare_people(project, area.nation, nation, score(project.index(area.index), nation).score):
            job.say(line)
    for line in (line for index in indices for line in say_fit(index)):
        job.say(f"Note: {line}")
    if not record.published:
        job.say("Pages and the data package do not show this outcome. To show it: validate with --publish.")
    job.say(f"{mark_fiction(area)}Every figure, by ICB and district: {folder / f'{name}.parquet'}")


def _used(project: Snapshot, area: Area, indices: Sequence[Index], national: ReferenceRecord) -> list[SourceUsed]:
    """The sources of the nation's table but files of indicators that are for other areas and in none of the indices."""
    columns = {column for index in indices for column in index.columns}
    others = {
        file.id
        for file in project.indicators()
        if not file.is_for(area) and not columns & {column.id for column in file.columns}
    }
    return [source for source in national.sources if source.id not in others]
