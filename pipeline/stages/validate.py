"""The scores of an area compared with an outcome."""

import pandas as pd

from pipeline import store, tables
from pipeline.evidence import describe_validation, record_validation, summarise_outcome, validate_indices
from pipeline.raw import utc_now
from pipeline.stages.outcomes import list_indices, read_outcome, score_candidates
from pipeline.stages.reads import reference_table
from pipeline.stages.requests import ValidationWanted
from pipeline.stages.stage import Job
from pipeline.stages.tables import mark_fiction, read_reference
from pipeline.store.records import EvidenceRecord, ReferenceRecord


def run(job: Job) -> None:
    """Compare the area's index, shipped ones and single indicators with an outcome: ``evidence.parquet`` and ``.json``.

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
    fitted = [index.id for index in indices if index.fitted_to == outcome.name]
    frame = result.agreement
    tables.validate(frame, tables.EVIDENCE, f"evidence of {area.id}")
    national = store.read_record(reference_table(project, area.nation), ReferenceRecord)
    record = EvidenceRecord(
        built=utc_now(),
        area=area.id,
        rows=len(frame),
        sources=(origin, *national.sources),
        outcome=summarise_outcome(outcome),
        in_sample=tuple(fitted),
        draws=wanted.draws,
    )
    store.write_table(frame, job.output(folder / "evidence.parquet"), tables.EVIDENCE, record)
    store.write_record(job.output(folder / "evidence.json"), record_validation(record, result))
    for line in describe_validation(result, outcome, area.index, fitted):
        job.say(line)
    job.say(f"{mark_fiction(area)}Every figure, by ICB and district: {folder / 'evidence.parquet'}")
