"""Whether an index counts each column the way that its meaning demands."""

from pipeline.catalogue import Index
from pipeline.catalogue.indices import End, refuse_directions
from pipeline.errors import DeclarationError, did_you_mean
from pipeline.stages.project import Snapshot
from pipeline.tidy import joined_sources_table, source_columns


def worse_ends(project: Snapshot) -> dict[str, End | None]:
    """Which end of a column of the sources, or of an analyst's indicator, means more risk; ``None`` where neither."""
    worse: dict[str, End | None] = {name: column.worse for name, column in source_columns().items()}
    for column in (column for file in project.indicators() for column in file.columns):
        worse[column.id] = None if column.worse == "neither" else column.worse
    return worse


def check_meaning(project: Snapshot, index: Index) -> tuple[str, ...]:
    """A line for each indicator that counts against its column's meaning on purpose.

    The schema says which end of a column of the sources means more risk, ``declared/indicators.toml`` says it of an
    analyst's indicators.

    Raises:
        DeclarationError: the index names a column that no table has, or counts one the wrong way round.
    """
    worse = worse_ends(project)
    there = {*worse, *joined_sources_table(project.sources().values()).names}
    faults = [
        f"  component '{component.name}', indicator '{indicator.column}': there is no such column."
        f"{did_you_mean(indicator.column, there)}"
        for component in index.components
        for indicator in component.indicators
        if indicator.column not in there
    ]
    if faults:
        described = "docs/data-dictionary.md and declared/indicators.toml name the columns that there are."
        raise DeclarationError(
            "\n".join([f"The index '{index.id}': {len(faults)} fault(s)", *faults, f"  {described}"])
        )
    return refuse_directions(index, worse)
