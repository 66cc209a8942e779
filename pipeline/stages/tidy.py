"""One raw file to one tidy table."""

from pipeline import store
from pipeline.raw import utc_now
from pipeline.stages.reads import tidy_table
from pipeline.stages.stage import Job
from pipeline.store.provenance import describe_source
from pipeline.store.records import TableRecord
from pipeline.tidy import tidy_source


def run(job: Job) -> None:
    """The tidy table of a source.

    Raises:
        RawFileError: the raw file does not have the layout or the values that its publisher documents.
        SchemaError: the table does not match its schema.
    """
    project, scope = job.step.project, job.step.scope
    source = project.sources()[scope.source]
    path = job.step.reads.files[0]
    tidied = tidy_source(source, path)
    output = job.output(tidy_table(project, scope.nation, source, scope.area))
    record = TableRecord(
        built=utc_now(),
        table=tidied.table.name,
        rows=len(tidied.frame),
        sources=(describe_source(source, path, project.root, tidied.notes),),
    )
    store.write_table(tidied.frame, output, tidied.table, record, rows_together=tidied.rows_together, packed=True)
