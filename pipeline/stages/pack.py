"""One archive of an area to hand on: ``maps/<area>/<area>.zip``."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipeline import store
from pipeline.atlas import draw
from pipeline.catalogue import Area
from pipeline.raw import zip_bytes
from pipeline.reports import compose_front_door
from pipeline.stages.briefing import read_inputs
from pipeline.stages.front import PAGES, RECORD, describe_front, list_briefings
from pipeline.stages.map import page_inputs
from pipeline.stages.paths import ASSETS
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import LOCAL_AGREEMENT, beside, read_front
from pipeline.stages.requests import PackWanted
from pipeline.stages.stage import Scope
from pipeline.stages.tables import mark_fiction

DATA = "data/"
"""The folder of the tables in the archive."""
COMPRESSED = (".parquet", ".xlsx", ".pptx", ".pdf")
"""Files that are compressed already, by their endings."""


def pack(project: Snapshot, area: Area, wanted: PackWanted) -> str:
    """Put what was built for an area into an archive, and say what is in it.

    Stories, the self-assessment, and outcomes that ``validate`` was not asked to publish are left out unless they are
    wanted; the map is then drawn without the stories.
    """
    scope = Scope(area.nation, area=area.id)
    folder, maps = project.processed(area.id), project.page(area.id).parent
    inputs = read_inputs(project, scope)
    there = [p for p in read_front(project, scope).files if p.exists() and not p.name.endswith(RECORD)]
    told, assessed = area.stories_file is not None, area.self_assessment_file is not None
    unasked = {"stories": not wanted.stories, "self": not wanted.self_assessment}
    private = _private_outcomes(folder, there)
    kept = [path for path in there if not any(path.name.startswith(n) for n, out in unasked.items() if out)]
    tables = [path for path in kept if path.parent == folder] + (private if wanted.outcomes else [])
    pages = [maps / name for name in PAGES if maps / name in kept]
    briefings = list_briefings(project, scope, inputs)
    left_out = [
        *(["What people said (stories) was left out of this archive."] if told and unasked["stories"] else []),
        *(["The team's self-assessment was left out."] if assessed and unasked["self"] else []),
        *(
            ["Comparisons with outcomes that are not published were left out."]
            if private and not wanted.outcomes
            else []
        ),
    ]
    records = [beside(path) for path in tables if beside(path).exists()]
    files: dict[str, bytes] = {path.name: path.read_bytes() for path in pages}
    files |= {file.href: (maps / file.href).read_bytes() for briefing in briefings for file in briefing.files}
    files |= {DATA + path.name: path.read_bytes() for path in [*tables, *records]}
    files[DATA + "datapackage.json"] = _described(files[DATA + "datapackage.json"], files)
    if told and not wanted.stories:
        files["atlas.html"] = draw(replace(page_inputs(project, scope), stories=None), ASSETS).encode()
    door = describe_front(inputs, pages, briefings, sorted(tables), DATA, left_out)
    files["index.html"] = compose_front_door(door).encode()
    target = wanted.output or maps / f"{area.id}.zip"
    made = datetime.fromisoformat(inputs.record.built)
    moment = (made.year, made.month, made.day, made.hour, made.minute, made.second)
    archive = zip_bytes({f"{area.id}/{name}": files[name] for name in sorted(files)}, moment, COMPRESSED)
    store.write_bytes(target, archive)
    line = f"{mark_fiction(area)}{area.title}: {len(files)} files in {target} ({len(archive) / 1e6:.1f} MB)."
    return " ".join([line, *left_out])


def _private_outcomes(folder: Path, public: list[Path]) -> list[Path]:
    """Comparisons with outcomes that may not be shown unasked."""
    there = [*folder.glob("evidence*.parquet"), *folder.glob("evidence*.json"), *folder.glob(f"{LOCAL_AGREEMENT}.*")]
    return sorted(path for path in there if path not in public and not path.name.endswith(RECORD))


def _described(package: bytes, files: Mapping[str, bytes]) -> bytes:
    """The data package of the files that are in the archive."""
    described = json.loads(package)
    described["resources"] = [part for part in described["resources"] if DATA + part["path"] in files]
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()
