"""The front door of an area: ``maps/<area>/index.html``."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline import store
from pipeline._version import __version__
from pipeline.reports import Download, Front, compose_front_door
from pipeline.stages.stage import Job
from pipeline.stages.tables import mark_fiction
from pipeline.store.records import RiskRecord

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
DATA_TITLES = {"datapackage.json": "Description of every file", "xlsx": "Workbook", "gpkg": "GeoPackage"}


def run(job: Job) -> None:
    """List what was made, with sizes and what opens it."""
    project, scope = job.step.project, job.step.scope
    area = project.area(scope.area)
    folder, maps = project.processed(area.id), project.page(area.id).parent
    record = store.read_record(folder / "risk.parquet", RiskRecord)
    there = {path for path in job.step.reads.files if path.exists()}
    pages = [maps / name for name in PAGES if maps / name in there]
    tables = sorted(path for path in there if path.parent == folder and not path.name.endswith(RECORD))
    html = compose_front_door(describe_front(record, pages, tables, f"../../data/processed/{area.id}/"))
    store.write_text(job.output(project.front_door(area.id)), html)
    job.say(f"{mark_fiction(area)}{area.title}: all that was made, in {project.front_door(area.id)}")


def describe_front(
    record: RiskRecord, pages: Sequence[Path], tables: Sequence[Path], data: str, left_out: Sequence[str] = ()
) -> Front:
    """What the front door shows of files that are there.

    Args:
        record: of ``risk.parquet``.
        pages: the files beside the front door. ``tables``: those in the folder whose address from it is ``data``, one
            of which is ``datapackage.json``.
        left_out: what is not handed on, in sentences.
    """
    package = next(path for path in tables if path.name == "datapackage.json")
    package_said = json.loads(package.read_text(encoding="utf-8"))
    described = {part["path"]: part for part in package_said["resources"]}
    return Front(
        title=record.title,
        fictional=record.fictional,
        made=record.built,
        program=f"Digital exclusion by neighbourhood, version {__version__}",
        finding="",
        pages=[Download(*PAGES[path.name], path.name, path.stat().st_size) for path in pages],
        tables=[_describe(path, described, data) for path in tables],
        sources=[_cite(source) for source in package_said["sources"]],
        left_out=left_out,
    )


def _cite(source: Mapping[str, str]) -> str:
    parts = [source["title"], source.get("attribution", ""), source["licence"]]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _describe(path: Path, described: Mapping[str, Mapping[str, Any]], data: str) -> Download:
    part = described.get(path.name, {})
    title = part.get("title") or DATA_TITLES.get(path.name) or DATA_TITLES.get(path.suffix[1:], path.name)
    return Download(str(title), str(part.get("description", "")), data + path.name, path.stat().st_size)
