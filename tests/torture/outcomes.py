"""What a run left behind: bytes for healing, values for what an analyst would read."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from pipeline.store import output_hash
from tests.fixtures.unpacking import unpacked

SAID_BY_RECORDS = ("geometry_repaired", "left_out", "missing", "matched", "absent", "notes", "repaired", "imputed")
BUILT = ("data/processed", "maps")
PASSING = re.compile(r"(^|/)\.lock(\.txt)?$|(^|/)error\.txt$|(^|/)faults/|\.log$|\.new$")
"""Files that say something of a run and hold no value."""
DRAWN_BY_LOT = re.compile(rb"[0-9a-f]{32,64}")
"""Sums of files, and the identity of a map's element: they follow the bytes of a file and not its values."""
OF_LINES = ("place_id", "entry", "file_row", "site_id", "candidate", "candidate_id", "nearest_places", "number")
"""Columns that hold the number of a line in somebody's file."""
NEAR = 1e-6
"""Numbers that agree so far are the same, however the coordinates were written; degrees, that is a hand's breadth."""
MADE_BY = ("built", "program", "stage", "code", "inputs", "parameters", "sha256")


def sums(root: Path) -> dict[str, str]:
    """The sum of each file that the program made or fetched."""
    files = _files(root, ("data/raw", *BUILT))
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files}


def pictures_apart(content: bytes) -> bytes:
    """A page without what is drawn by lot."""
    return re.sub(rb"map_[0-9a-f]{32}", b"map_", content)


def _files(root: Path, folders: tuple[str, ...] = BUILT) -> list[tuple[str, Path]]:
    paths = [path for folder in folders for path in sorted((root / folder).rglob("*")) if path.is_file()]
    named = [(path.relative_to(root).as_posix(), path) for path in paths]
    return [(name, path) for name, path in named if not PASSING.search(name)]


def stable_sums(root: Path) -> dict[str, str]:
    """The sum of each file, of pages without what is drawn by lot."""
    return {name: hashlib.sha256(pictures_apart(path.read_bytes())).hexdigest() for name, path in _files(root)}


def differences(first: Path, second: Path, *, pages: bool = True, lines: bool = True) -> list[str]:
    """The outputs whose values differ between two projects: tables cell by cell, ``pages`` by their text.

    What only the second has is another area's. Without ``lines``, what is named by the number of a line in a file is
    not compared, and tables of Arrow only.
    """
    before, after = dict(_files(first)), dict(_files(second))
    names = [name for name in sorted(before) if _has_values(name)]
    names = [name for name in names if pages or not name.startswith("maps/")]
    names = [name for name in names if lines or name.endswith(".parquet")]
    return [name for name in names if _differ(before.get(name), after.get(name), () if lines else OF_LINES)]


def _has_values(name: str) -> bool:
    """Tidy tables count by what is made of them; records and the package tell of files, not of values."""
    inside = "/national/" not in name or name.endswith("/reference.parquet")
    return inside and not name.endswith((".meta.json", "datapackage.json")) and "/records/" not in name


def _differ(before: Path | None, after: Path | None, apart: tuple[str, ...] = ()) -> bool:
    if before is None or after is None:
        return True
    first, second = before.read_bytes(), after.read_bytes()
    if first == second:
        return False
    if before.suffix == ".parquet":
        one, other = (_in_order(pq.read_table(path), apart) for path in (before, after))
        return not _tables_agree(one, other)
    if before.suffix in (".json", ".geojson"):
        return not _agree(*(_content(json.loads(DRAWN_BY_LOT.sub(b"", text))) for text in (first, second)))
    return DRAWN_BY_LOT.sub(b"", unpacked(first)) != DRAWN_BY_LOT.sub(b"", unpacked(second))


def _content(value: Any) -> Any:
    """A JSON file without what says when, by what and from which files it was made."""
    return {key: part for key, part in value.items() if key not in MADE_BY} if isinstance(value, dict) else value


def _in_order(table: pa.Table, apart: tuple[str, ...]) -> pa.Table:
    """A table without some columns; those named by them have put its rows in order, so by all others then."""
    if not apart:
        return table
    table = table.drop_columns([name for name in apart if name in table.column_names])
    plain = [name for name in table.column_names if not pa.types.is_nested(table[name].type) and name != "geometry"]
    return table.sort_by([(name, "ascending") for name in plain])


def _tables_agree(first: pa.Table, second: pa.Table) -> bool:
    if first.column_names != second.column_names or first.num_rows != second.num_rows:
        return False
    return all(_columns_agree(name, first[name], second[name]) for name in first.column_names)


def _columns_agree(name: str, first: pa.ChunkedArray, second: pa.ChunkedArray) -> bool:
    if first.equals(second):
        return True
    if name == "geometry":
        return _shapes_agree(first.to_pylist(), second.to_pylist())
    return _agree(first.to_pylist(), second.to_pylist())


def _shapes_agree(first: list[bytes | None], second: list[bytes | None]) -> bool:
    """Whether shapes cover the same ground, whatever the order of their points."""
    if len(first) != len(second):
        return False
    one, other = (shapely.force_2d(shapely.from_wkb(shapes)) for shapes in (first, second))
    return bool((shapely.hausdorff_distance(one, other) < NEAR).all())


def _agree(first: Any, second: Any) -> bool:
    """Whether two values of JSON or Arrow agree, numbers to six digits."""
    if isinstance(first, float) and isinstance(second, float | int):
        return math.isclose(first, second, rel_tol=NEAR, abs_tol=NEAR) or (first != first and second != second)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(_agree, first, second))
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return first.keys() == second.keys() and all(_agree(first[key], second[key]) for key in first)
    return bool(first == second)


def recorded_sums(root: Path) -> str:
    """The text of every record of a step, which holds the sum of each file that the step read."""
    records = (root / "data/processed").rglob("records/*.json")
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in records)


def tidied_whole(root: Path) -> set[str]:
    """The tables of the nation that are as their records say, with these records.

    They are made before anything of an area is, from one file each or joined from these. Where an area is refused
    after that, they stay as they are: those of the new file, where their record is that of this table. What is made
    for an area is never among them.
    """
    whole: set[str] = set()
    for kind in ("tidy-*", "indicators-*", "nation"):
        for path in (root / "data/processed").rglob(f"records/{kind}.json"):
            try:
                outputs = json.loads(path.read_text(encoding="utf-8"))["outputs"]
                if all(output_hash(root / name) == digest for name, digest in outputs.items()):
                    whole |= {*outputs, path.relative_to(root).as_posix()}
            except (ValueError, KeyError, OSError):
                continue
    return whole


def remarks(root: Path) -> set[str]:
    """What the records of tables say of what was repaired, left out or is missing, each with the name of its key."""
    sentences: set[str] = set()
    for path in (root / "data/processed").rglob("*.meta.json"):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        for key, value in record.items():
            if key in SAID_BY_RECORDS:
                sentences |= _sentences(f"{path.name} {key}", value)
            elif key == "sources":
                for told in ("notes", "taken_from"):
                    said = {source.get("id", ""): source.get(told) for source in value if isinstance(source, dict)}
                    sentences |= _sentences(f"{path.name} {told}", said)
    return sentences


def _sentences(place: str, value: Any) -> set[str]:
    if isinstance(value, Mapping):
        parts = [_sentences(f"{place} {key}", part) for key, part in value.items()]
        return set().union(*parts)
    if isinstance(value, list):
        return set().union(*(_sentences(place, part) for part in value))
    text = f"{place}: {value}"
    return set() if DRAWN_BY_LOT.search(text.encode()) else {text}
