"""All tidy tables joined on every LSOA of a nation: the table that areas are compared with."""

from pipeline import store
from pipeline.join.agreement import refuse_disagreement
from pipeline.raw import utc_now
from pipeline.stages.reads import LOOKUP, lsoas_declared, reference_table
from pipeline.stages.stage import Job
from pipeline.stages.tables import (
    indicator_sources,
    join_tables,
    joined_parts,
    joined_table,
    read_indicators,
    read_joined_sources,
)
from pipeline.store.records import ReferenceRecord


def run(job: Job) -> None:
    """``reference.parquet``: one row for each LSOA with the columns of all sources.

    Raises:
        JoinError: a source lacks LSOAs of the nation, has another vintage, or contradicts another one.
    """
    project, nation = job.step.project, job.step.scope.nation
    tidied = read_joined_sources(project, nation)
    indicators = read_indicators(project, nation)
    joined = join_tables(tidied[LOOKUP].frame, tidied, indicators)
    refuse_disagreement(joined_parts(tidied), LOOKUP, lsoas_declared(project, nation))
    record = ReferenceRecord(
        built=utc_now(),
        table="joined",
        rows=len(joined.frame),
        sources=(
            *(table.provenance for table in tidied.values()),
            *indicator_sources(project, nation),
        ),
        matched=tuple(str(match) for match in joined.matches),
    )
    store.write_table(joined.frame, job.output(reference_table(project, nation)), joined_table(project, nation), record)
    fiction = "FICTIONAL DATA · " if nation == "demo" else ""
    job.say(f"{fiction}{len(joined.frame):,} LSOAs of the nation, {len(tidied)} sources")
