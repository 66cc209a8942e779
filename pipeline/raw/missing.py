"""Which raw files an area needs that are not there, and the commands that get them."""

import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import DeclarationError
from pipeline.raw.files import locate, raw_folder


@dataclass(frozen=True)
class Missing:
    """A source that an area needs and that is not there."""

    source: str
    title: str
    file: str
    folder: str


def missing_sources(root: Path, area_id: str) -> list[Missing]:
    """The sources that an area needs and that are not in ``data/raw``.

    Raises:
        DeclarationError: a declared file is missing or no TOML.
        KeyError: the area is not declared.
    """
    area = _declared(root, "areas.toml")[area_id]
    nation = "demo" if area.get("fictional") else "england"
    sources = {key: {"id": key, **values} for key, values in _declared(root, "sources.toml").items()}
    there = {key for key, values in sources.items() if locate(values, root, nation, area_id) is not None}
    satisfied = there | {str(sources[key].get("instead_of")) for key in there}
    return [
        Missing(key, values["title"], values["file"], (raw_folder(root, nation) / key).relative_to(root).as_posix())
        for key, values in sources.items()
        if values.get("required", True) and not values.get("instead_of") and key not in satisfied
    ]


def missing_message(missing: Sequence[Missing], area_id: str) -> str:
    """What is missing and the commands that get it."""
    listed = "\n".join(f"  {m.source}: {m.title}\n    expected {m.folder}/{m.file}" for m in missing)
    return (
        f"{area_id}: {len(missing)} source(s) are not there yet:\n{listed}\n"
        f"Get them with\n  make data AREA={area_id}\n"
        f"or, from a folder that holds the publishers' files,\n  make data AREA={area_id} MIRROR=<folder>"
    )


def main(arguments: Sequence[str]) -> int:
    """Say what is missing for the area named in ``arguments``; 0 when nothing is."""
    try:
        problem = _problem(Path(), arguments)
    except DeclarationError as error:
        problem = str(error)
    if problem is not None:
        print(f"\nStopped: {problem}\n", file=sys.stderr)
    return 0 if problem is None else 1


def _problem(root: Path, arguments: Sequence[str]) -> str | None:
    areas = _declared(root, "areas.toml")
    if len(arguments) != 1:
        return f"expected the name of one area. Declared: {', '.join(areas)}."
    if arguments[0] not in areas:
        return f"there is no area '{arguments[0]}' in declared/areas.toml. Declared: {', '.join(areas)}."
    missing = missing_sources(root, arguments[0])
    return missing_message(missing, arguments[0]) if missing else None


def _declared(root: Path, name: str) -> dict[str, Any]:
    path = root / "declared" / name
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        raise DeclarationError(f"{path}: there is no such file. Is this the project folder?") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DeclarationError(f"{path}: this is not valid TOML: {error}") from error
