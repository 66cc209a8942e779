"""The scores of an area compared with outcomes: one in detail, and every index with all that are declared."""

from collections.abc import Sequence

import pandas as pd

from pipeline import raw, store, tables
from pipeline.catalogue import Area, Index, say_fit
from pipeline.errors import EvidenceError, MissingSourceError
from pipeline.evidence import (
    Draws,
    compare_outcomes,
    describe_agreement,
    describe_validation,
    outcomes_fitted_to,
    record_agreement,
    record_validation,
    summarise_compared,
    summarise_outcome,
    tabulate_agreement,
    validate_indices,
)
from pipeline.index import score
from pipeline.raw import utc_now
from pipeline.stages.outcomes import Taken, list_indices, read_outcome, score_candidates, score_indices, take_outcomes
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import (
    AGREEMENT,
    LOCAL_AGREEMENT,
    OUTCOME,
    evidence_name,
    is_public,
    local_outcomes,
    outcomes_present,
    present_sources,
    reference_table,
)
from pipeline.stages.requests import ValidationWanted, refuse_without_file
from pipeline.stages.stage import Job
from pipeline.stages.survey import compare_people
from pipeline.stages.tables import mark_fiction, read_reference
from pipeline.store.provenance import merge_sources
from pipeline.store.records import AgreementRecord, EvidenceRecord, OutcomeFile, ReferenceRecord, SourceUsed


def run(job: Job) -> None:
    """Compare the area's index and the shipped ones with outcomes.

    Where none is named, the shipped outcome gives ``evidence.parquet`` and ``.json``, with single indicators, ICBs,
    districts and deciles, and all that are declared give the table ``agreement.parquet`` and ``.json``: those of an
    analyst's files only with ``--publish``, and always ``agreement-local``. The files of one that is named on the
    command line have its name and the column's: ``evidence-<file>-<column>-<hash>``.

    Raises:
        MissingSourceError: no outcome was given and none is present.
        EvidenceError: an outcome cannot be matched to this nation's LSOAs.
    """
    project, wanted = job.step.project, ValidationWanted.model_validate(job.request)
    area = project.area(job.step.scope.area)
    nation = read_reference(project, area.nation)
    indices = list_indices(project, area.index)
    if wanted.outcome.path is None:
        refuse_without_file(wanted.outcome, ("column", "code_column", "sheet", "layer"), "--outcome with a file")
        if OUTCOME not in present_sources(project, area.nation) and not outcomes_present(project, area.nation):
            raise _none_present(project, area)
    if wanted.outcome.path is not None or OUTCOME in present_sources(project, area.nation):
        _compare_one(job, area, nation, indices)
    if wanted.outcome.path is None and outcomes_present(project, area.nation):
        _compare_all(job, area, nation, indices)
    if wanted.outcome.path is None:
        for line in compare_people(project, area.nation, nation, score(project.index(area.index), nation).score):
            job.say(line)
    for line in (line for index in indices for line in say_fit(index)):
        job.say(f"Note: {line}")


def _none_present(project: Snapshot, area: Area) -> MissingSourceError:
    source = project.sources()[OUTCOME]
    return MissingSourceError(
        f"No --outcome was given, and {OUTCOME} ({source.title}) is missing, and so is every other outcome of "
        f"declared/outcomes.toml. Put {source.file} in {raw.raw_folder(project.root, area.nation) / OUTCOME} and run "
        "this again."
    )


def _compare_one(job: Job, area: Area, nation: pd.DataFrame, indices: Sequence[Index]) -> None:
    """The outcome asked for, or the shipped one, in detail."""
    project, wanted = job.step.project, ValidationWanted.model_validate(job.request)
    folder = project.processed(area.id)
    outcome, origin = read_outcome(project, area.nation, wanted.outcome, nation.index, job.say)
    joined = store.read_table(folder / "joined.parquet")
    result = validate_indices(
        score_candidates(indices, nation), outcome, nation, pd.Index(joined["lsoa21_code"]), draws=wanted.draws
    )
    fitted = [index.id for index in indices if outcome.name in outcomes_fitted_to(index)]
    frame = result.agreement
    tables.validate(frame, tables.EVIDENCE, f"evidence of {area.id}")
    record = EvidenceRecord(
        built=utc_now(),
        area=area.id,
        rows=len(frame),
        sources=(origin, *_used(project, area, indices)),
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
    if not record.published:
        job.say("Pages and the data package do not show this outcome. To show it: validate with --publish.")
    job.say(f"{mark_fiction(area)}Every figure, by ICB and district: {folder / f'{name}.parquet'}")


def _compare_all(job: Job, area: Area, nation: pd.DataFrame, indices: Sequence[Index]) -> None:
    """Every index with every declared outcome."""
    project, wanted = job.step.project, ValidationWanted.model_validate(job.request)
    folder = project.processed(area.id)
    taken = take_outcomes(project, area.nation, nation, job.say)
    if not taken:
        raise EvidenceError("None of the outcomes of declared/outcomes.toml can be compared; see what is said above.")
    joined = store.read_table(folder / "joined.parquet")
    compared = compare_outcomes(
        score_indices(indices, nation),
        [each.outcome for each in taken],
        nation,
        pd.Index(joined["lsoa21_code"]),
        Draws(wanted.draws),
    )
    agreement = tabulate_agreement(compared, [each.declared for each in taken], indices)[tables.AGREEMENT.names]
    job.say("")
    for line in describe_agreement(agreement, [each.declared for each in taken]):
        job.say(line)
    used = _used(project, area, indices)
    shown = [each for each in taken if wanted.publish or not each.is_local]
    parts = {AGREEMENT: shown}
    if local_outcomes(project, area.nation):
        parts[LOCAL_AGREEMENT] = [each for each in taken if each.is_local]
    for name, part in parts.items():
        frame = agreement[agreement["outcome"].isin([each.declared.id for each in part])].reset_index(drop=True)
        if frame.empty:
            raise EvidenceError(
                "All outcomes that can be compared are files of yours. Publish them too (--publish), or give a source "
                "of declared/outcomes.toml."
            )
        tables.validate(frame, tables.AGREEMENT, f"{name} of {area.id}")
        record = AgreementRecord(
            built=utc_now(),
            area=area.id,
            table=name,
            rows=len(frame),
            sources=_merged(part, used),
            outcomes=tuple(summarise_compared(each.declared, each.outcome) for each in part),
            draws=wanted.draws,
            weights_changed=tuple(index.id for index in indices if index.weights_changed),
            absent={index.id: len(index.absent) for index in indices if index.absent},
            published=name == AGREEMENT,
        )
        store.write_table(frame, job.output(folder / f"{name}.parquet"), tables.AGREEMENT, record)
        store.write_record(job.output(folder / f"{name}.json"), record_agreement(record, frame))
    if len(shown) < len(taken):
        job.say("Pages and the data package do not show outcomes of yours. To show them: validate with --publish.")
    job.say(f"{mark_fiction(area)}All indices and all outcomes: {folder / f'{AGREEMENT}.parquet'}")


def _merged(taken: Sequence[Taken], used: Sequence[SourceUsed]) -> tuple[SourceUsed | OutcomeFile, ...]:
    """The files and sources of outcomes, and those of the scores, each once."""
    files = [each for outcome in taken for each in outcome.sources if isinstance(each, OutcomeFile)]
    sources = [each for outcome in taken for each in outcome.sources if isinstance(each, SourceUsed)]
    return (*dict.fromkeys(files), *merge_sources(sources, used))


def _used(project: Snapshot, area: Area, indices: Sequence[Index]) -> list[SourceUsed]:
    """The sources of the nation's table but files of indicators that are for other areas and in none of the indices."""
    national = store.read_record(reference_table(project, area.nation), ReferenceRecord)
    columns = {column for index in indices for column in index.columns}
    others = {
        file.id
        for file in project.indicators()
        if not file.is_for(area) and not columns & {column.id for column in file.columns}
    }
    return [source for source in national.sources if source.id not in others]
