"""What the documentation takes from the schema."""

from pipeline import store, tables
from pipeline.stages.project import Project, Say


def data_dictionary(project: Project) -> str:
    """The data dictionary of every table, for the default index and the declared kinds of places."""
    index = project.index("norfolk-waveney")
    kinds = {kind.id: kind.title for kind in project.places().kinds if not kind.mobile}
    risk = tables.risk_table({component.name: component.title for component in index.components}, kinds)
    return tables.dictionary([risk, *tables.TABLES])


def write_dictionary(project: Project, say: Say) -> None:
    """``docs/data-dictionary.md`` from the schema of every table."""
    path = project.root / "docs" / "data-dictionary.md"
    store.write_text(path, data_dictionary(project))
    say(f"Wrote {path}")
