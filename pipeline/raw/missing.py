"""Which raw files an area needs that are missing, and the commands that fetch them."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.declarations import Declaration, file_name_fault
from pipeline.errors import DeclarationError, RawFileError, command, did_you_mean, no_such_area
from pipeline.raw.choice import declared_tables, present
from pipeline.raw.files import raw_folder

KEYS = frozenset(
    (
        *("title", "publisher", "licence", "attribution", "landing_page", "address", "release", "accessed"),
        *("geography", "format", "file", "also_named", "member", "reads", "size", "sha256", "size_limit", "rows"),
        *("headers", "columns", "hosts", "other_files", "key_field", "fields", "by_area", "required", "instead_of"),
        "by_hand",
    )
)
"""What a source may declare, as the catalogue has it: one that is misspelt can make a source seem to be missing."""


@dataclass(frozen=True)
class Missing:
    """A source that an area needs and that is missing."""

    source: str
    title: str
    file: str
    folder: str


def missing_sources(root: Path, area_id: str, nation: str = "") -> list[Missing]:
    """The sources that an area needs and that are not in ``data/raw``.

    ``nation``: of an area that is not declared.

    Raises:
        DeclarationError: a declared file is missing or not TOML.
        RawFileError: a receipt or a list of files cannot be read, or belongs to another file.
        KeyError: the area is not declared.
    """
    if not nation:
        nation = "demo" if declared_tables(root, "areas.toml")[area_id].get("fictional") else "england"
    listed = declared_tables(root, "sources.toml")
    sources = {key: {"id": key, **_checked(root, key, values)} for key, values in listed.items()}
    there = set(present(sources.values(), root, nation, area_id))
    satisfied = there | {str(sources[key].get("instead_of")) for key in there}
    return [
        Missing(
            key,
            str(values["title"]),
            str(values["file"]),
            (raw_folder(root, nation) / key).relative_to(root).as_posix(),
        )
        for key, values in sources.items()
        if values.get("required", True) and not values.get("instead_of") and key not in satisfied
    ]


def missing_message(missing: Sequence[Missing], area_id: str) -> str:
    """What is missing and the commands that fetch it."""
    listed = "\n".join(f"  {m.source}: {m.title}\n    expected {m.folder}/{m.file}" for m in missing)
    return (
        f"{area_id}: {len(missing)} source(s) are missing:\n{listed}\n"
        f"Fetch them with\n  {command('data', area_id)}\n"
        f"or, from a folder that holds the publishers' files,\n  {command('data', area_id, mirror='<folder>')}"
    )


def main(arguments: Sequence[str]) -> int:
    """List what is missing for the area named in ``arguments``; 0 when nothing is.

    After ``--declared`` it is enough that the area is declared. An empty name, which make passes where no area was
    named, is in order.
    """
    only_declared = list(arguments[:1]) == ["--declared"]
    try:
        problem = _problem(Path(), arguments[only_declared:], only_declared=only_declared)
    except (DeclarationError, RawFileError) as error:
        problem = str(error)
    if problem is not None:
        print(f"\nStopped: {problem}\n", file=sys.stderr)
    return 0 if problem is None else 1


def _problem(root: Path, arguments: Sequence[str], *, only_declared: bool) -> str | None:
    areas = declared_tables(root, "areas.toml")
    if len(arguments) != 1:
        return f"expected the name of one area. Declared: {', '.join(areas)}."
    name = arguments[0]
    if name and name not in areas:
        return no_such_area(name, areas, Path("declared/areas.toml"))
    if not name or only_declared:
        return None
    missing = [] if areas[name].get("fictional") else missing_sources(root, name)
    return missing_message(missing, name) if missing else None


def _checked(root: Path, key: str, source: Declaration) -> Declaration:
    """A source whose files are where they can be looked for; the catalogue checks the rest of it."""
    path, also = root / "declared" / "sources.toml", source.get("also_named", [])
    files = [source.get("file"), *(also if isinstance(also, list) else [also])]
    faults = [
        f"  {key}.{name}: this key is missing or is not text"
        for name in ("title", "file")
        if not isinstance(source.get(name), str)
    ]
    if fault := file_name_fault(key):
        faults.append(f"  [{key:.40}]: its files are in a folder of this name, and it cannot be one: {fault}")
    for file in files:
        fault = file_name_fault(file) if isinstance(file, str) else "it is not text"
        if fault:
            faults.append(f"  {key}: {file!r:.80} is not the bare name of a file: {fault}")
    unknown = sorted(source.keys() - KEYS)
    faults.extend(f"  {key}.{name:.60}: unknown key.{did_you_mean(name, KEYS)}" for name in unknown)
    for name, kind, expected in (
        ("member", str, "text"),
        ("instead_of", str, "text"),
        ("required", bool, "true or false"),
        ("by_area", bool, "true or false"),
    ):
        if not isinstance(source.get(name, kind()), kind):
            faults.append(f"  {key}.{name}: expected {expected}")
    if faults:
        raise DeclarationError("\n".join([f"{path}: {len(faults)} fault(s)", *faults]))
    return source
