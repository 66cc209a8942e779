"""The front door of an area: ``maps/<area>/index.html``."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pipeline import store
from pipeline._version import __version__
from pipeline.reports import Download, File, Front, UnitBriefing, compose_front_door
from pipeline.reports.briefing import LEVEL_WORDS, BriefingInputs, say_finding
from pipeline.reports.words import day_in_words
from pipeline.stages.briefing import read_inputs
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import SUMMARY, unit_briefing_records, unit_files
from pipeline.stages.requests import BriefingsWanted
from pipeline.stages.stage import Job, Scope
from pipeline.stages.tables import mark_fiction
from pipeline.store.records import SummaryRecord

PAGES: Mapping[str, tuple[str, str]] = {
    "atlas.html": ("Map", "Where the risk is, of which kind, where support is missing, and where to act first."),
    "briefing.pdf": ("Briefing (PDF)", "Two sides of A4 for a meeting."),
    "briefing.html": ("Briefing (web page)", "The same two sides, for a browser or a screen reader."),
    "slides.pptx": ("Slides", "Five slides with charts that can be edited."),
    "changes.html": ("Changes", "What changed between two runs, and why."),
    "self-assessment.html": ("Self-assessment", "Where the team says it is, where it wants to be, and its plan."),
    "method.html": ("Method", "How the scores were made, how sure they are, and what they were compared with."),
}
"""What an area's folder of maps may hold, in the order shown: a title, and what it is for."""
RECORD = ".meta.json"
"""The ending of the record beside a table."""
PACKAGE: Mapping[str, str] = {
    "title": "Description of every file",
    "description": "What each file and column is, with units, sources and licences (Data Package 2.0).",
}
FIRST = (".xlsx", ".gpkg", "risk.", "risk_flat.", "priorities.", "programmes.", "summary_")
"""How the names of the files begin, or end, that are listed first."""


def run(job: Job) -> None:
    """List what was made, with sizes and what opens it."""
    project, scope = job.step.project, job.step.scope
    area = project.area(scope.area)
    folder, maps = project.processed(area.id), project.page(area.id).parent
    there = {path for path in job.step.reads.files if path.exists()}
    pages = [maps / name for name in PAGES if maps / name in there]
    tables = sorted(path for path in there if path.parent == folder and not path.name.endswith(RECORD))
    inputs = read_inputs(project, scope)
    briefings = list_briefings(project, scope, inputs)
    html = compose_front_door(describe_front(inputs, pages, briefings, tables, f"../../data/processed/{area.id}/"))
    store.write_text(job.output(project.front_door(area.id)), html)
    job.say(f"{mark_fiction(area)}{area.title}: all that was made, in {project.front_door(area.id)}")


def list_briefings(project: Snapshot, scope: Scope, inputs: BriefingInputs) -> list[UnitBriefing]:
    """The briefings on units that were asked for and are there, by level and name, each once."""
    maps, listed = project.page(scope.area).parent, dict[str, UnitBriefing]()
    for record in unit_briefing_records(project, scope).values():
        for named in BriefingsWanted.model_validate(record.request).units:
            paths = [path for path in unit_files(project, scope.area, named.file) if path.exists()]
            summary = inputs.summaries.get(named.level)
            names = None if summary is None else summary.set_index("unit_code")["unit_name"]
            if paths and names is not None and named.code in names.index:
                files = [File(path.relative_to(maps).as_posix(), path.stat().st_size) for path in paths]
                level = LEVEL_WORDS.get(named.level, (named.level,))[0]
                listed[named.file] = UnitBriefing(
                    str(names[named.code]), level, day_in_words(date.fromisoformat(record.built[:10])), files
                )
    return sorted(listed.values(), key=lambda briefing: (briefing.level, briefing.name))


def describe_front(
    inputs: BriefingInputs,
    pages: Sequence[Path],
    briefings: Sequence[UnitBriefing],
    tables: Sequence[Path],
    data: str,
    left_out: Sequence[str] = (),
) -> Front:
    """What the front door shows of files that are there.

    Args:
        inputs: what the briefing on the area is made from: the front door has its finding.
        pages: the files beside the front door. ``briefings``: those on units of the area.
        tables: those in the folder whose address from it is ``data``, one of which is ``datapackage.json``.
        left_out: what is not handed on, in sentences.
    """
    package = next(path for path in tables if path.name == "datapackage.json")
    said = json.loads(package.read_text(encoding="utf-8"))
    described = {part["path"]: part for part in said["resources"]}
    alike: dict[str, list[Path]] = {}
    for path in sorted(tables, key=_standing):
        alike.setdefault(path.stem if path.suffix not in (".xlsx", ".gpkg") else path.name, []).append(path)
    return Front(
        title=inputs.record.title,
        fictional=inputs.record.fictional,
        made=inputs.record.built,
        program=f"Digital exclusion by neighbourhood, version {__version__}",
        finding=[topic.text for topic in say_finding(inputs)],
        pages=[Download(*PAGES[path.name], (File(path.name, path.stat().st_size),)) for path in pages],
        briefings=briefings,
        tables=[_describe(paths, described, data) for paths in alike.values()],
        sources=[_cite(source) for source in said["sources"]],
        left_out=left_out,
    )


def _standing(path: Path) -> tuple[int, str]:
    """Where a file stands in the list: what most people want first, then by name."""
    begins = (n for n, part in enumerate(FIRST) if path.name.startswith(part) or path.suffix == part)
    return next(begins, len(FIRST)), path.name


def _cite(source: Mapping[str, str]) -> str:
    parts = [source["title"], source.get("attribution", ""), source["licence"]]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _describe(paths: Sequence[Path], described: Mapping[str, Mapping[str, Any]], data: str) -> Download:
    """One table, in all its forms, by what the data package says of it."""
    part = next((described[path.name] for path in paths if path.name in described), PACKAGE)
    title = str(part["title"])
    if paths[0].stem.startswith(f"{SUMMARY}_"):
        tables = [path for path in paths if path.suffix == ".parquet"]
        title = f"{title}: {store.read_record(tables[0], SummaryRecord).level_title}" if tables else title
    about = str(part["description"]).partition(". ")[0].rstrip(".") + "."
    return Download(title, about, [File(data + path.name, path.stat().st_size) for path in paths])
