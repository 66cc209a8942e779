"""Indicators that an analyst adds: one declared file to one tidy table."""

from pipeline import store
from pipeline.catalogue import IndicatorFile, refuse_names
from pipeline.join import refuse_lsoas_lacking
from pipeline.places import Nation, tidy_indicators
from pipeline.raw import utc_now
from pipeline.stages.reads import (
    CHANGES,
    LOOKUP,
    indicator_file,
    indicator_table,
    population_source,
    present_sources,
    tidy_table,
)
from pipeline.stages.stage import Job
from pipeline.store.provenance import describe_local_file
from pipeline.store.records import LocalRecord, SourceUsed
from pipeline.tables import risk_table
from pipeline.tidy import joined_sources_table, source_columns


def run(job: Job) -> None:
    """The tidy table of a file of indicators, on LSOAs of 2021.

    Raises:
        DeclarationError: a name is taken, or the codes are of another year than is declared.
        RawFileError: the file cannot be read, lacks a column, or a code or a number cannot be used; by rows.
        MissingSourceError: the file, or the official lookup that codes of 2011 need, is missing.
    """
    project, scope = job.step.project, job.step.scope
    file = indicator_file(project, scope)
    taken = risk_table(joined_sources_table(project.sources().values()), {})
    refuse_names([file], {*source_columns(), *taken.names}, project.sources())
    path = project.root / file.file
    tidied = tidy_indicators(path, file, _nation(job))
    record = LocalRecord(
        built=utc_now(),
        table=file.id,
        rows=len(tidied.frame),
        sources=(_origin(job, file),),
        notes=tidied.notes,
    )
    output = job.output(indicator_table(project, scope.nation, file))
    store.write_table(tidied.frame, output, tidied.table, record)
    for note in tidied.notes:
        job.say(f"  {file.id}: {note}")


def _nation(job: Job) -> Nation:
    """The nation's LSOAs with their residents, and how their codes changed.

    Raises:
        JoinError: the residents, or the changes since 2011, lack LSOAs of the official lookup: then a file of
            indicators is not what is at fault.
    """
    project, nation = job.step.project, job.step.scope.nation
    path = tidy_table(project, nation, population_source(project, nation))
    residents = store.read_table(path)
    carriers, changes = {path: residents["lsoa21_code"]}, None
    if CHANGES in present_sources(project, nation):
        of_changes = tidy_table(project, nation, project.sources()[CHANGES])
        changes = store.read_table(of_changes)
        carriers[of_changes] = changes["lsoa21_code"]
    if LOOKUP in present_sources(project, nation):
        listed = store.read_table(tidy_table(project, nation, project.sources()[LOOKUP]))["lsoa21_code"]
        for table, codes in carriers.items():
            refuse_lsoas_lacking(codes, listed, store.read_sources(table)[0].file)
    return Nation(residents.set_index("lsoa21_code")["population_total"], changes)


def _origin(job: Job, file: IndicatorFile) -> SourceUsed:
    project = job.step.project
    title = file.columns[0].title if len(file.columns) == 1 else f"Indicators of {file.id}"
    origin = describe_local_file(file.id, title, file.source, project.root / file.file, project.root)
    return origin.model_copy(update={"licence": file.licence, "release": file.release or origin.release})
