"""The way from official files to pages: every stage declared once.

What is built, in which order, what is stale and why, and the picture in ``docs/architecture.md`` come from
:data:`STAGES`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.catalogue import Area
from pipeline.errors import MissingSourceError
from pipeline.raw import missing_message, missing_sources
from pipeline.stages import reads
from pipeline.stages.paths import PAGE
from pipeline.stages.project import Snapshot
from pipeline.stages.stage import Scope, Stage, Step
from pipeline.stages.vintages import refuse_mixed_years
from pipeline.store import StepRecord, content_hash, read_step_record

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
JOIN = Stage("join", "area", reads.read_join, reads.write_join, f"{ROOM}.join", "join tidy tables onto boundaries")
PLACES = Stage(
    "places", "area", reads.read_places, reads.write_places, f"{ROOM}.places", "locate support places and stories"
)
SCORE = Stage(
    "score", "area", reads.read_score, reads.write_score, f"{ROOM}.score", "score risk, support and where to act"
)
MAP = Stage("map", "area", reads.read_map, reads.write_map, f"{ROOM}.map", "draw the page that a leader opens")
METHOD = Stage(
    "method",
    "area",
    reads.read_method,
    reads.write_method,
    f"{ROOM}.method",
    "explain the scores and how sure they are",
)
PACKAGE = Stage(
    "package", "area", reads.read_package, reads.write_package, f"{ROOM}.package", "describe every file for other tools"
)

STAGES = (ASSETS, TIDY, INDICATORS, NATION, JOIN, PLACES, SCORE, MAP, METHOD, PACKAGE)
"""Those that ``maps`` builds, ordered so that each follows the stages it reads from."""

SITE = Stage("site", "area", reads.read_site, reads.write_site, f"{ROOM}.site", "propose sites for new support places")
VALIDATE = Stage(
    "validate", "area", reads.read_validate, reads.write_validate, f"{ROOM}.validate", "compare scores with an outcome"
)
CALIBRATE = Stage(
    "calibrate",
    "nation",
    reads.read_calibrate,
    reads.write_calibrate,
    f"{ROOM}.calibrate",
    "fit an index to an outcome",
)

ASKED_FOR = (SITE, VALIDATE, CALIBRATE)
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
        DeclarationError: the support places cannot be used as they are declared.
    """
    faults = []
    for area in areas:
        missing = missing_sources(project.root, area.id)
        if missing:
            faults.append(missing_message(missing, area.id))
    if faults:
        raise MissingSourceError("\n".join(faults))
    for area in areas:
        refuse_mixed_years(project, area)
    project.places()


def nation_steps(project: Snapshot, nation: str) -> list[Step]:
    """The steps that make a nation's tables, without any area."""
    scopes = [Scope(nation, source) for source in reads.present_sources(project, nation) if source != reads.BOUNDARIES]
    files = [Scope(nation, file.id) for file in reads.indicator_files(project, nation)]
    tidied = [*(TIDY.at(project, scope) for scope in scopes), *(INDICATORS.at(project, scope) for scope in files)]
    return [*tidied, NATION.at(project, Scope(nation))]


def with_files(step: Step, files: Iterable[Path | None]) -> Step:
    """``step`` that also reads the files named on the command line."""
    named = [path for path in files if path is not None]
    return replace(step, reads=replace(step.reads, files=(*step.reads.files, *named)))


def damaged(project: Snapshot, area: Area) -> list[tuple[Step, StepRecord]]:
    """The steps on request whose outputs were changed since they were made, with their requests."""
    damaged_steps = []
    for stage in (stage for stage in ASKED_FOR if stage.scope == "area"):
        step = stage.at(project, Scope(area.nation, area=area.id))
        record = read_step_record(step.record_path)
        if record is not None and any(content_hash(project.root / n) != h for n, h in record.outputs.items()):
            damaged_steps.append((step, record))
    return damaged_steps
