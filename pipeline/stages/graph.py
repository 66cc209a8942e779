"""The way from official files to pages: every stage declared once.

What is built, in which order, what is stale and why, and the picture in ``docs/architecture.md`` come from
:data:`STAGES`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue

from pipeline.catalogue import Area
from pipeline.catalogue.indices import refuse_other_outcomes
from pipeline.errors import MissingSourceError, command
from pipeline.raw import missing_message, missing_sources, read_receipt
from pipeline.stages import reads
from pipeline.stages.located import compared_files
from pipeline.stages.paths import PAGE
from pipeline.stages.project import Snapshot
from pipeline.stages.requests import OutcomeWanted
from pipeline.stages.stage import Scope, Stage, Step
from pipeline.stages.vintages import refuse_mixed_years
from pipeline.store import ABSENT, content_hash, output_hash, read_step_record

ROOM = "pipeline.stages"

ASSETS = Stage("assets", "checkout", reads.read_assets, reads.write_assets, f"{ROOM}.assets", "build the browser code")
TIDY = Stage(
    "tidy", "source", reads.read_tidy, reads.write_tidy, f"{ROOM}.tidy", "read each raw file into one tidy table"
)
INDICATORS = Stage(
    "indicators",
    "local file",
    reads.read_indicators,
    reads.write_indicators,
    f"{ROOM}.indicators",
    "read the indicators that an analyst adds",
)
NATION = Stage(
    "nation", "nation", reads.read_nation, reads.write_nation, f"{ROOM}.nation", "join tidy tables for every LSOA"
)
JOIN = Stage(
    "join",
    "area",
    reads.read_join,
    reads.write_join,
    f"{ROOM}.join",
    "join tidy tables onto boundaries",
    after=NATION.name,
)
OUTLINE = Stage(
    "outline",
    "area",
    reads.read_outline,
    reads.write_outline,
    f"{ROOM}.outline",
    "make ready what maps draw of boundaries",
)
PLACES = Stage(
    "places", "area", reads.read_places, reads.write_places, f"{ROOM}.places", "locate support places and stories"
)
SCORE = Stage(
    "score", "area", reads.read_score, reads.write_score, f"{ROOM}.score", "score risk, support and where to act"
)
PROGRAMMES = Stage(
    "programmes",
    "area",
    reads.read_programmes,
    reads.write_programmes,
    f"{ROOM}.programmes",
    "bundle areas to act in into programmes",
)
SUMMARISE = Stage(
    "summarise",
    "area",
    reads.read_summarise,
    reads.write_summarise,
    f"{ROOM}.summarise",
    "sum up wards, districts and other larger areas",
)
MAP = Stage("map", "area", reads.read_map, reads.write_map, f"{ROOM}.map", "draw the page that a leader opens")
SENSITIVITY = Stage(
    "sensitivity",
    "area",
    reads.read_sensitivity,
    reads.write_sensitivity,
    f"{ROOM}.sensitivity",
    "work out which choices and indicators move ranks",
)
METHOD = Stage(
    "method",
    "area",
    reads.read_method,
    reads.write_method,
    f"{ROOM}.method",
    "explain the scores and how sure they are",
)
FILES = Stage(
    "files",
    "area",
    reads.read_files,
    reads.write_files,
    f"{ROOM}.files",
    "write the workbook, the GeoPackage and the table without shapes",
)
BRIEFING = Stage(
    "briefing",
    "area",
    reads.read_briefing,
    reads.write_briefing,
    f"{ROOM}.briefing",
    "write the briefing on two sides, and slides",
)
ASSESS = Stage(
    "assess",
    "area",
    reads.read_assess,
    reads.write_assess,
    f"{ROOM}.assess",
    "show a team's self-assessment beside the map",
)
PACKAGE = Stage(
    "package", "area", reads.read_package, reads.write_package, f"{ROOM}.package", "describe every file for other tools"
)

FRONT = Stage(
    "front", "area", reads.read_front, reads.write_front, f"{ROOM}.front", "list all that was made, with what opens it"
)

STAGES = (
    ASSETS,
    TIDY,
    INDICATORS,
    NATION,
    JOIN,
    OUTLINE,
    PLACES,
    SCORE,
    PROGRAMMES,
    SUMMARISE,
    MAP,
    SENSITIVITY,
    METHOD,
    ASSESS,
    FILES,
    BRIEFING,
    PACKAGE,
    FRONT,
)
"""Those that ``maps`` builds, ordered so that each follows the stages it reads from."""

SITE = Stage("site", "area", reads.read_site, reads.write_site, f"{ROOM}.site", "propose sites for new support places")
VALIDATE = Stage(
    "validate", "area", reads.read_validate, reads.write_validate, f"{ROOM}.validate", "compare indices with outcomes"
)
CALIBRATE = Stage(
    "calibrate",
    "nation",
    reads.read_calibrate,
    reads.write_calibrate,
    f"{ROOM}.calibrate",
    "fit an index to an outcome",
)

PLAN = Stage("plan", "area", reads.read_plan, reads.write_plan, f"{ROOM}.plan", "choose programmes for a budget")

UNIT_BRIEFINGS = Stage(
    reads.UNIT_BRIEFINGS,
    "area",
    reads.read_unit_briefings,
    reads.write_unit_briefings,
    f"{ROOM}.unit_briefings",
    "write briefings on districts, wards, practices and other parts of the area",
)

COMPARE = Stage(
    "compare", "area", reads.read_compare, reads.write_compare, f"{ROOM}.compare", "compare two runs of an area"
)

ASKED_FOR = (SITE, PLAN, VALIDATE, CALIBRATE, COMPARE, UNIT_BRIEFINGS)
"""Stages that run only on request."""


def area_steps(project: Snapshot, areas: Iterable[Area], until: str | None = None) -> list[Step]:
    """Every step that the areas need, up to the stage ``until``, each after those whose outputs it reads."""
    wanted = list(areas)
    nations = list(dict.fromkeys(area.nation for area in wanted))
    stages = STAGES[: next((n for n, stage in enumerate(STAGES, 1) if stage.name == until), len(STAGES))]
    steps = []
    for stage in stages:
        if stage.scope == "checkout":
            scopes: Iterable[Scope] = [Scope("")] if until in (None, MAP.name, stage.name) and PAGE.is_dir() else []
        elif stage.scope == "source":
            scopes = _source_scopes(project, wanted, nations)
        elif stage.scope == "local file":
            scopes = [Scope(n, file.id) for n in nations for file in reads.indicator_files(project, n)]
        elif stage.scope == "nation":
            scopes = [Scope(nation) for nation in nations]
        else:
            scopes = [Scope(area.nation, area=area.id) for area in wanted]
        steps += [stage.at(project, scope) for scope in scopes]
    return steps


def _source_scopes(project: Snapshot, areas: Iterable[Area], nations: Iterable[str]) -> Iterator[Scope]:
    """One for each source that is present, and one for each area with a separate file of boundaries."""
    sources = project.sources()
    boundaries = sources[reads.BOUNDARIES]
    shared = set()
    for area in areas:
        table = reads.tidy_table(project, area.nation, boundaries, area.id)
        if table == project.national(area.nation) / f"{boundaries.id}.parquet":
            shared.add(area.nation)
        else:
            yield Scope(area.nation, boundaries.id, area.id)
    for nation in nations:
        for source in reads.present_sources(project, nation):
            if source != boundaries.id or nation in shared:
                yield Scope(nation, source)


def check_sources(project: Snapshot, areas: Sequence[Area]) -> None:
    """Refuse, all at once and before anything runs, areas that lack raw files.

    Raises:
        MissingSourceError: what is missing for which area, and the commands that fetch it.
        RawFileError: two lookups are of different years.
        DeclarationError: the support places or the outcomes cannot be used as they are declared.
    """
    faults = []
    # A key that is misspelt may be why a source seems to be missing.
    project.sources()
    for area in areas:
        missing = missing_sources(project.root, area.id, area.nation)
        if missing:
            faults.append(missing_message(missing, area.id))
    if faults:
        raise MissingSourceError("\n".join(faults))
    for area in areas:
        refuse_mixed_years(project, area)
        refuse_other_outcomes(project.index(area.index), project.outcomes())
    project.places()
    project.outcomes()


def nation_steps(project: Snapshot, nation: str) -> list[Step]:
    """The steps that make a nation's tables, without any area.

    Raises:
        MissingSourceError: a source of the nation is missing, with the commands that fetch it.
    """
    project.sources()
    areas = sorted((a for a in project.areas().values() if a.nation == nation), key=lambda area: not area.everything)
    for area in areas[:1]:
        missing = [lacking for lacking in missing_sources(project.root, area.id) if lacking.source != reads.BOUNDARIES]
        if missing:
            raise MissingSourceError(missing_message(missing, area.id))
    scopes = [Scope(nation, source) for source in reads.present_sources(project, nation) if source != reads.BOUNDARIES]
    files = [Scope(nation, file.id) for file in reads.indicator_files(project, nation)]
    tidied = [*(TIDY.at(project, scope) for scope in scopes), *(INDICATORS.at(project, scope) for scope in files)]
    return [*tidied, NATION.at(project, Scope(nation))]


def with_files(step: Step, files: Iterable[Path | None]) -> Step:
    """``step`` that also reads the files named on the command line."""
    named = [path for path in files if path is not None]
    return replace(step, reads=replace(step.reads, files=(*step.reads.files, *named)))


def list_changed_by_hand(steps: Iterable[Step]) -> list[str]:
    """A sentence for each raw file of ``steps`` that is not as it was fetched, with how to get that back."""
    lines, built = [], list(steps)
    for step in (step for step in built if step.stage is TIDY and step.reads.files):
        path, record = step.reads.files[0], read_step_record(step.record_path)
        receipt = read_receipt(path)
        read = None if record is None else record.inputs.get(step.project.name_of(path))
        if receipt is not None and read not in (None, ABSENT, receipt.sha256):
            areas = [s.scope.area for s in built if s.scope.area and s.scope.nation == step.scope.nation]
            again = command("data", step.scope.area or next(iter(areas), "<area>"))
            lines.append(
                f"{step.scope.source}: {step.project.name_of(path)} was changed by hand since it was fetched "
                f"({receipt.mode}, {receipt.fetched_at}). It is used as it is, and the outputs say so. To get the "
                f"published file back: {again}"
            )
    return lines


def step_asked_for(project: Snapshot, stage: Stage, area: str, request: Mapping[str, JsonValue]) -> Step:
    """The step of a stage that runs on request, for an area or nation, with the files that the request names."""
    outcome = OutcomeWanted.model_validate(request.get("outcome") or {})
    source = outcome.identity if stage in (VALIDATE, CALIBRATE) else ""
    scope = Scope(project.area(area).nation, source, area) if stage.scope == "area" else Scope(area, source)
    named = [outcome.path, request.get("candidates")]
    files = [project.local_file(name) for name in named if isinstance(name, str | Path)]
    if stage is COMPARE:
        sides = tuple(str(request[side]) for side in ("old", "new"))
        files += compared_files(project, project.area(area), sides)
    # Candidates may also be a kind of places, which is no file.
    return with_files(
        stage.at(project, scope), [part for path in files if path.exists() for part in reads.parts_of(path)]
    )


def unit_briefings_step(project: Snapshot, area: Area, name: str, files: Sequence[Path]) -> Step:
    """The step that writes ``files``, the briefings on units of an area; ``name`` tells it apart from others."""
    step = UNIT_BRIEFINGS.at(project, Scope(area.nation, name, area.id))
    return replace(step, writes=tuple(files))


class AskedFor(NamedTuple):
    """A step that ran on request: what was asked for, and why it has to run again; empty where it need not.

    ``gone`` are the files that the request named and that are no longer there.
    """

    step: Step
    request: Mapping[str, JsonValue]
    reasons: list[str]
    gone: list[str]


def list_asked_for(project: Snapshot, area: Area) -> list[AskedFor]:
    """What was asked for in an area, of which outputs were altered, or files that the request named have changed."""
    return [asked for stage in (SITE, PLAN, VALIDATE) for asked in _asked_for(project, area, stage)]


def list_lost(project: Snapshot, area: Area) -> list[str]:
    """A sentence for each record of what was asked for in an area that was altered: what was made is not used then."""
    folder = project.records(area.nation, area.id)
    return [
        f"{project.name_of(path)} was altered and cannot be read, so its outputs are not used. Ask for them again: "
        f"{command(stage.name, area.id)}"
        for stage in (SITE, PLAN, VALIDATE)
        for path in sorted(folder.glob(f"{stage.name}*.json"))
        if read_step_record(path) is None
    ]


def _asked_for(project: Snapshot, area: Area, stage: Stage) -> Iterator[AskedFor]:
    folder = project.records(area.nation, area.id)
    for path in sorted(folder.glob(f"{stage.name}*.json")):
        record = read_step_record(path)
        if record is None:
            continue
        step = step_asked_for(project, stage, area.id, record.request)
        if step.record_path != path:
            continue
        always = set(stage.at(project, step.scope).reads.files)
        now = {project.name_of(file): content_hash(file) for file in step.reads.files if file not in always}
        before = {name: old for name, old in record.inputs.items() if name not in map(project.name_of, always)}
        outputs = {name: output_hash(project.root / name) for name in record.outputs}
        altered = ["its outputs were deleted or altered"] if outputs != record.outputs else []
        gone = [name for name, old in before.items() if old != ABSENT and name not in now]
        changed = [f"{name} changed" for name, old in before.items() if name in now and now[name] != old]
        yield AskedFor(step, record.request, [*altered, *changed], gone)


def belongs_to_graph(project: Snapshot, paths: Iterable[Path]) -> bool:
    """Whether any of ``paths``, however it is written, is a file that a stage reads or writes for a declared area."""
    areas = list(project.areas().values())
    steps = area_steps(project, areas)
    for area in areas:
        scope = Scope(area.nation, area=area.id)
        steps += [stage.at(project, scope) for stage in ASKED_FOR if stage.scope == "area"]
        steps += [asked.step for asked in list_asked_for(project, area)]
        steps += [
            replace(UNIT_BRIEFINGS.at(project, scope), writes=tuple(project.root / name for name in record.outputs))
            for record in reads.unit_briefing_records(project, scope).values()
        ]
        steps.append(CALIBRATE.at(project, Scope(area.nation)))
    files = {file for step in steps for file in (*step.reads.files, *step.writes, step.record_path)}
    places = {_place(file) for file in files}
    same = {_inode(file) for file in files} - {None}
    return any(_place(path) in places or _inode(path) in same for path in paths)


def _place(path: Path) -> str:
    """The path without links and detours; many systems take names in capitals for the same."""
    return str(path.resolve()).casefold()


def _inode(path: Path) -> tuple[int, int] | None:
    """What tells a file on the disk apart from others, whichever of its names is used; ``None`` where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
