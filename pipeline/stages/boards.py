"""Areas that nobody has to declare: every Integrated Care Board of a nation, by its code."""

import re
from collections.abc import Mapping

from pipeline.catalogue import Area
from pipeline.stages.project import Folders, Snapshot
from pipeline.stages.reads import LOOKUP, tidy_table

PREFIX = "icb-"
"""How the names of areas begin that are made for an ICB."""
_AROUND = re.compile(r"^NHS\s+|\s+(Integrated Care Board|ICB)(\s+\(fictional\))?$", re.IGNORECASE)


def list_boards(project: Snapshot, nation: str) -> list[Area]:
    """An area for each ICB of a nation, by name: the declared one where it is just that ICB, else one that is made.

    Those that are made are called ``icb-`` and the name, and have the index that areas have by default. None where the
    lookup from LSOAs to ICBs was not read yet.
    """
    path = tidy_table(project, nation, project.sources()[LOOKUP])
    if not path.is_file():
        return []
    import pandas as pd

    columns = ["icb_code", "icb_name", "sicbl_code"]
    listed = pd.read_parquet(path, columns=columns).drop_duplicates().sort_values(["icb_name", "icb_code"])
    parts = {str(code): frozenset(rows["sicbl_code"]) for code, rows in listed.groupby("icb_code")}
    declared = [area for area in project.areas().values() if area.nation == nation]
    boards: dict[str, Area] = {}
    for code, name in listed[["icb_code", "icb_name"]].drop_duplicates("icb_code").itertuples(index=False):
        same = next((area for area in declared if _is_board(area, code, parts)), None)
        area = same or _made(str(code), str(name), nation, boards)
        boards[area.id] = area
    return list(boards.values())


def _is_board(area: Area, code: str, parts: Mapping[str, frozenset[str]]) -> bool:
    """Whether a declared area is just the ICB of a code; ``parts`` are the Sub-ICB locations of each."""
    everything = area.everything and len(parts) == 1
    return everything or area.icb == (code,) or (bool(area.sicbl) and frozenset(area.sicbl) == parts[code])


def _made(code: str, name: str, nation: str, others: Mapping[str, Area]) -> Area:
    title = _AROUND.sub("", name).strip() or code
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:48].strip("-")
    identity = f"{PREFIX}{slug or code.lower()}"
    if identity in others:
        identity = f"{PREFIX}{code.lower()}"
    return Area(id=identity, title=title, icb=(code,), fictional=nation == "demo")


def board_called(project: Folders, name: str) -> Area | None:
    """The area that is made for an ICB, by its name; ``None`` where there is none."""
    if not name.startswith(PREFIX):
        return None
    snapshot = project if isinstance(project, Snapshot) else project.snapshot()
    made = (area for nation in ("england", "demo") for area in list_boards(snapshot, nation))
    return next((area for area in made if area.id == name), None)
