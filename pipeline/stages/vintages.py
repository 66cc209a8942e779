"""Lookups of one year: places are in the ward and the district of the same map as in the Integrated Care Board."""

import re
from collections.abc import Mapping
from pathlib import Path

from pipeline.catalogue import Area, Source
from pipeline.errors import RawFileError, command
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import LOOKUP

WARDS = "lsoa21_ward"
YEAR = re.compile(rb"\b(?:SICBL|WD)(\d\d)CD\b")
START = 4_096


def refuse_mixed_years(project: Snapshot, area: Area) -> None:
    """Refuse the lookup of one year beside wards of another: codes of districts change, and both would be shown.

    Years belong together where they are the same, or where they are the two that are declared (the newest lookup of
    Integrated Care Boards with the newest wards).

    Raises:
        RawFileError: the two files, their years, and how to get two that belong together.
    """
    sources = project.sources()
    if not {LOOKUP, WARDS} <= set(sources):
        return
    files = {name: project.raw_file(sources[name], area.nation) for name in (LOOKUP, WARDS)}
    years = {name: _year_of(path) for name, path in files.items()}
    if None in years.values() or years[LOOKUP] == years[WARDS] or _declared_years(sources) == years:
        return
    raise RawFileError(
        f"{files[LOOKUP]} is of 20{years[LOOKUP]}, {files[WARDS]} of 20{years[WARDS]}: their districts differ, and an "
        "area would be shown with both.\n"
        f"  Get both of one year: {command('data', area.id)}\n"
        f"  or from a folder that holds the two files of one year, and no other of them: "
        f"{command('data', area.id, mirror='<folder>')}\n"
        f"  A file of another year that is left in data/raw/{LOOKUP} or data/raw/{WARDS} can be deleted."
    )


def _declared_years(sources: Mapping[str, Source]) -> dict[str, str | None]:
    """The years of the releases that are declared."""
    return {name: _year_in(" ".join(sources[name].fields).encode()) for name in (LOOKUP, WARDS)}


def _year_of(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            return _year_in(file.read(START).replace(b"\0", b""))
    except OSError:
        return None


def _year_in(headers: bytes) -> str | None:
    """The year in the names of columns; ``None`` where there is none, which the reader of the file reports."""
    years = {year.decode() for year in YEAR.findall(headers)}
    return years.pop() if len(years) == 1 else None
