"""A run kept for later comparisons: ``data/kept/<area>/<date>``."""

import re
from collections.abc import Callable
from pathlib import Path

from pipeline.catalogue import Area
from pipeline.errors import PipelineError, command, shown
from pipeline.raw import utc_now
from pipeline.stages.located import KEPT, NOW, REFERENCE, RELEASES, RISK, locate_run
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import beside
from pipeline.stages.runs import describe_built
from pipeline.stages.tables import mark_fiction
from pipeline.store.kept import keep_run, list_kept

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST = 60


def keep_built(project: Snapshot, area: Area, name: str | None, say: Callable[[str], None]) -> Path:
    """Keep an area as it is built; returns the folder.

    Raises:
        PipelineError: the name cannot be used.
        RecordError: a file was altered, or the scores belong to another table of the nation.
    """
    folder = project.kept(area.id)
    kept = list_kept(folder)
    _refuse_name(project, name, {record.name for record in kept.values()} | set(kept))
    built = locate_run(project, area, NOW)
    record = describe_built(built).model_copy(
        update={"kept": utc_now(), "name": name, "uncertainty": project.uncertainty().model_dump(mode="json")}
    )
    day = record.kept[:10]
    number, target = 1, folder / day
    while target.exists():
        number += 1
        target = folder / f"{day}-{number}"
    files = {file.name: file for path in (built.risk, built.reference) for file in (path, beside(path))}
    keep_run(target, files, record)
    called = f" as “{name}”" if name else ""
    say(
        f"{mark_fiction(area)}{area.title}, built {record.built[:10]} by “{record.index.title}”, is kept{called} in "
        f"{target} ({', '.join((RISK, REFERENCE, KEPT))}). To compare a later run with it: "
        f"{command('compare', area.id, old=name or target.name, new=NOW)}"
    )
    return target


def _refuse_name(project: Snapshot, name: str | None, taken: set[str | None]) -> None:
    if name is None:
        return
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        raise PipelineError(
            f"--as {shown(name)}: a name is of small letters a to z, digits and single hyphens, such as before-tablets."
        )
    if name in taken:
        raise PipelineError(f"--as {name}: a run of that name or date is kept already. Choose another.")
    others = {NOW: "what is built now", **dict.fromkeys(RELEASES, "a release")}
    others |= dict.fromkeys(project.shipped_indices(), "an index")
    if name in others:
        raise PipelineError(f"--as {name}: this is the name of {others[name]}. Choose another.")
    if re.fullmatch(r"\d{4}-\d\d-\d\d(-\d+)?", name):
        raise PipelineError(f"--as {name}: a date is given by itself. Choose a name, or leave it out.")
