"""Which raw file is read where several lie: the one taken last, as the area's list of files and the receipts say."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.declarations import Declaration, read_toml, tables_of
from pipeline.errors import RawFileError, command
from pipeline.raw.files import area_file, candidates, raw_folder, read_small, stamp_path
from pipeline.raw.receipts import Receipt, read_receipt

Values = Mapping[str, Any]
"""A declared source as ``declared/sources.toml`` has it, with its ``id``."""


@dataclass(frozen=True)
class Choice:
    """The raw file of a source that is read, and others of the same source that lie beside it and are not."""

    path: Path
    receipt: Receipt | None
    beside: tuple[Path, ...] = ()


def declared_tables(root: Path, name: str) -> dict[str, Declaration]:
    """A declared file as TOML, without any check of what it says.

    Raises:
        DeclarationError: it is missing, not TOML, or not made of tables.
    """
    path = root / "declared" / name
    return tables_of(read_toml(path), path)


def read_stamp(root: Path, area_id: str) -> dict[str, str]:
    """The name of the file of each source that an area was fetched with, by source; empty where it was not fetched.

    Raises:
        RawFileError: the list cannot be read, with the command that writes it again.
    """
    path = stamp_path(root, area_id)
    try:
        listed = json.loads(read_small(path))
        return {str(source): str(entry["file"]) for source, entry in listed.items()}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError, OSError) as error:
        raise RawFileError(
            f"{path}: this list of the files that {area_id} was fetched with cannot be read ({error}). Delete it and "
            f"run: {command('data', area_id)}"
        ) from error


def locate(source: Values, root: Path, nation: str, area_id: str) -> Path | None:
    """The raw file of a declared source (its values, with ``id``) for an area; ``None`` where there is none."""
    choice = choose(source, root, nation, area_id)
    return None if choice is None else choice.path


def choose(source: Values, root: Path, nation: str, area_id: str) -> Choice | None:
    """The raw file of ``source`` that is read for an area, ``None`` where there is none.

    Where several lie in the folder, it is the one that the list of the area names (for a file that all areas of the
    nation share, the lists of all of them); else the one whose receipt is the latest; else the preferred name.

    Raises:
        RawFileError: a receipt cannot be read, or is that of another file.
    """
    folder = raw_folder(root, nation) / source["id"]
    names = dict.fromkeys(candidates(source, area_id))
    there = {name: _receipt(source, folder / name) for name in names if (folder / name).is_file()}
    if not there:
        return None
    name = next(iter(there)) if len(there) == 1 else _taken_last(source, there, root, nation, area_id)
    # Beside the file of one area, those that other areas use are in order.
    beside = [] if name == area_file(area_id) else [other for other in there if other != name]
    return Choice(folder / name, there[name], tuple(folder / other for other in beside))


def _receipt(source: Values, path: Path) -> Receipt | None:
    receipt = read_receipt(path)
    if receipt is not None and receipt.source != source["id"]:
        raise RawFileError(
            f"{path}: the receipt beside it is that of the source {receipt.source}, not of {source['id']}. Put the "
            f"file into its place under data/raw, or delete it with its receipt, and run: {command('data', '<area>')}"
        )
    return receipt


def _taken_last(source: Values, there: Mapping[str, Receipt | None], root: Path, nation: str, area_id: str) -> str:
    named = [read_stamp(root, area_id).get(source["id"], "")]
    if named[0] not in there:
        named = [name for name in _named_by_lists(source["id"], root, nation) if name in there]
    if len(set(named)) == 1:
        return named[0]
    among = named or list(there)
    # The order of candidates is that of preference, which decides between files taken at the same time.
    order = [name for name in there if name in among]
    return max(order, key=lambda name: receipt.fetched_at if (receipt := there[name]) else "")


def _named_by_lists(source_id: str, root: Path, nation: str) -> list[str]:
    """The names that the lists of the areas of a nation give the file of a source; files of one area are left out."""
    stamps = _stamps(root, nation)
    return [stamp[source_id] for area, stamp in stamps if stamp.get(source_id, area_file(area)) != area_file(area)]


def _stamps(root: Path, nation: str) -> list[tuple[str, dict[str, str]]]:
    folder = stamp_path(root, "any").parent
    there = sorted(path.stem for path in folder.glob("*.json")) if folder.is_dir() else []
    if not there:
        return []
    areas = declared_tables(root, "areas.toml")
    return [(area, read_stamp(root, area)) for area in there if area in areas and _nation(areas[area]) == nation]


def _nation(area: object) -> str:
    return "demo" if isinstance(area, dict) and area.get("fictional") else "england"


def present(sources: Iterable[Values], root: Path, nation: str, area_id: str) -> dict[str, Choice]:
    """The raw file of each source that is there, by id, in the order of ``sources``.

    Of a source and its alternatives, only one counts: that which was taken last, and without a list
    or receipts that say so, the source itself. It is the same for every area of a nation.

    Raises:
        RawFileError: a receipt or a list of files cannot be read, or belongs to another file.
    """
    listed = list(sources)
    there = {s["id"]: choice for s in listed if (choice := choose(s, root, nation, area_id)) is not None}
    for alternatives in _alternatives(listed).values():
        rivals = [name for name in alternatives if name in there]
        used = _in_use(rivals, there, root, nation) if len(rivals) > 1 else None
        there = {name: choice for name, choice in there.items() if used in (None, name) or name not in rivals}
    return there


def _alternatives(sources: Iterable[Values]) -> dict[str, list[str]]:
    """For each source that has alternatives: its id, then theirs."""
    groups: dict[str, list[str]] = {}
    for source in sources:
        if source.get("instead_of"):
            groups.setdefault(source["instead_of"], [source["instead_of"]]).append(source["id"])
    return groups


def _in_use(rivals: list[str], there: Mapping[str, Choice], root: Path, nation: str) -> str:
    # Nobody chose what a fictional country is made with, so a file put there by hand takes the place of what was made.
    named = [name for _, stamp in _stamps(root, nation) for name in rivals if name in stamp]
    if nation == "england" and len(set(named)) == 1:
        return named[0]
    times = {name: receipt.fetched_at for name in rivals if (receipt := there[name].receipt) is not None}
    if len(times) < len(rivals):
        return rivals[0]
    return max(rivals, key=lambda name: times[name])


def list_unread(root: Path, area_id: str, nation: str = "") -> list[str]:
    """A sentence for each raw file that lies beside one that is read instead, with what to do.

    ``nation``: of an area that is not declared.

    Raises:
        DeclarationError, KeyError: as for :func:`pipeline.raw.missing_sources`.
        RawFileError: a receipt or a list of files cannot be read, or belongs to another file.
    """
    nation = nation or _nation(declared_tables(root, "areas.toml")[area_id])
    sources = [{"id": key, **values} for key, values in declared_tables(root, "sources.toml").items()]
    read = present(sources, root, nation, area_id)
    lines = [line for name, choice in read.items() for line in _beside(name, choice, root)]
    for preferred, group in _alternatives(sources).items():
        other = next((choose(s, root, nation, area_id) for s in sources if s["id"] == preferred), None)
        used = next((name for name in group[1:] if name in read), None)
        if other is not None and used is not None:
            lines.append(
                f"{preferred}: {_shown(other.path, root)} is not read, as {used} was taken in its place"
                f"{_taken(read[used].receipt)}. To use it, run {command('data', area_id, mirror='<folder>')} with a "
                f"folder that holds it, or take away {_shown(read[used].path, root)}."
            )
    return lines


def _beside(name: str, choice: Choice, root: Path) -> Iterator[str]:
    for other in choice.beside:
        by_hand = "" if read_receipt(other) else ", which was put there by hand,"
        yield (
            f"{name}: {_shown(other, root)}{by_hand} is not read: {choice.path.name} is"
            f"{_taken(choice.receipt)}. Take away the one that should not be used."
        )


def _taken(receipt: Receipt | None) -> str:
    return "" if receipt is None else f" (taken last, {receipt.mode}, {receipt.fetched_at})"


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
