"""Briefings on units that were asked for earlier: each build makes them again where what they read has changed."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue, ValidationError

from pipeline.catalogue import Area
from pipeline.errors import command, first
from pipeline.stages import reads
from pipeline.stages.graph import SUMMARISE, unit_briefings_step
from pipeline.stages.project import Snapshot
from pipeline.stages.requests import BriefingsWanted
from pipeline.stages.stage import Scope, Step


class BriefingsAskedFor(NamedTuple):
    """A step that writes briefings on units, and the request that it meets."""

    step: Step
    request: Mapping[str, JsonValue]


def list_unit_briefings(project: Snapshot, area: Area) -> list[BriefingsAskedFor]:
    """The briefings on units of an area that were asked for; of a level, those on the units that it has now.

    A step writes what its last run wrote, too: what it does not write again is removed.
    """
    scope, listed = Scope(area.nation, area=area.id), []
    for path, record in reads.unit_briefing_records(project, scope).items():
        request, now = _as_of_now(project, scope, record.request)
        files = dict.fromkeys([*now, *(project.root / name for name in record.outputs)])
        name = path.stem.removeprefix(f"{reads.UNIT_BRIEFINGS}-")
        listed.append(BriefingsAskedFor(unit_briefings_step(project, area, name, tuple(files)), request))
    return listed


def _as_of_now(
    project: Snapshot, scope: Scope, request: Mapping[str, JsonValue]
) -> tuple[Mapping[str, JsonValue], list[Path]]:
    """A request for all units of a level with those that there are now, any other as it was; and the files it names."""
    try:
        wanted = BriefingsWanted.model_validate(request)
    except ValidationError:
        # Of another version: the step will say so.
        return request, []
    tables = reads.summary_tables(project, scope)
    made = len(reads.asked_for(project, scope, SUMMARISE.name, tables.values())) == len(tables)
    # A level may have gone, and tables that are damaged have to be made first.
    if made and wanted.every in tables:
        from pipeline.stages.unit_briefings import choose_units

        wanted = choose_units(project, scope, None, wanted.every)
    files = [path for unit in wanted.units for path in reads.unit_files(project, scope.area, unit.file)]
    return wanted.model_dump(mode="json"), files


def list_unrecorded(project: Snapshot, area: Area) -> Iterator[str]:
    """A sentence where there are briefings on units of which no record says how they were made: none keeps them new."""
    scope = Scope(area.nation, area=area.id)
    recorded = {name for record in reads.unit_briefing_records(project, scope).values() for name in record.outputs}
    folder = reads.unit_files(project, area.id, "")[0].parent
    there = sorted(path for path in folder.glob("*") if path.suffix in (".pdf", ".html"))
    unrecorded = [path.name for path in there if project.name_of(path) not in recorded]
    if unrecorded:
        yield (
            f"{folder}: no record says how {first(unrecorded)} was made, so that it may be out of date. Ask for it "
            f"again ({command('briefing', area.id, of='<name>')}), or remove it."
        )
