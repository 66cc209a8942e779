"""Where raw files lie, what is known of each, and which are missing.

Standard library only, so that ``python3 -m pipeline.raw AREA`` can say what is missing before anything is installed.
"""

import hashlib
import io
import json
import sys
import tomllib
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from pipeline.errors import DeclarationError, RawFileError, first

BOUNDARIES_OF_ALL = "england"
BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What ``zipfile`` raises for an archive that is damaged, cut short, encrypted or packed in an unknown way."""


@dataclass(frozen=True)
class Receipt:
    """What is known of a raw file: where it came from, when, and whether it is what was declared.

    ``mode`` is ``network``, ``mirror``, ``package`` (an installed Python package) or ``made`` (fictional data).
    ``accepted_difference`` is true when the bytes are not those declared and were taken all the same.
    """

    source: str
    file: str
    address: str
    mode: str
    fetched_at: str
    size: int
    sha256: str
    declared_size: int | None = None
    declared_sha256: str | None = None
    accepted_difference: bool = False
    rows: int | None = None
    area: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As the content of a receipt file."""
        return asdict(self)


def receipt_path(file: Path) -> Path:
    """Where the receipt of a raw file stands."""
    return file.with_name(file.name + ".receipt.json")


def read_receipt(file: Path) -> Receipt | None:
    """The receipt of a raw file; ``None`` where there is none, as for a file placed by hand."""
    path = receipt_path(file)
    if not path.exists():
        return None
    try:
        return Receipt(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise RawFileError(
            f"{path}: this receipt cannot be read ({error}). Delete it and fetch the source again."
        ) from error


def made_receipt(source: str, file: str, content: bytes, area: str) -> Receipt:
    """The receipt of a raw file that was made here, for a fictional area."""
    return Receipt(
        source=source,
        file=file,
        address="made by pipeline/demo: fictional data",
        mode="made",
        fetched_at=utc_now(),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        area=area,
    )


def utc_now() -> str:
    """The time in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def raw_folder(root: Path, nation: str) -> Path:
    """Where the raw files of a nation lie: a fictional one has its own folder."""
    folder = root / "data" / "raw"
    return folder if nation == "england" else folder / nation


def area_file(area_id: str) -> str:
    """The name of a raw file that holds one area only."""
    return f"{area_id}.geojson"


def candidates(source: Mapping[str, Any], area_id: str) -> list[str]:
    """The names under which a raw file of ``source`` may lie in its folder, the preferred first."""
    names = [area_file(area_id), area_file(BOUNDARIES_OF_ALL)] if source.get("by_area") else []
    names += [source["file"], *source.get("also_named", ())]
    return [*names, *unzipped_names(source["file"], source.get("member"))]


def unzipped_names(file: str, member: str | None) -> list[str]:
    """The names under which the one file read from an archive may lie unzipped."""
    if member is None:
        return []
    return [member_name(member), PurePosixPath(file).with_suffix(".csv").name]


def member_name(member: str) -> str:
    """The bare file name of an archive's member."""
    return PurePosixPath(member.rsplit("!", 1)[-1]).name


def stamp_path(root: Path, area_id: str) -> Path:
    """Where it stands which raw files an area is made from."""
    return root / "data" / "raw" / "areas" / f"{area_id}.json"


def read_stamp(root: Path, area_id: str) -> dict[str, dict[str, str]] | None:
    """The file and sha256 of each source an area is made from, by source; ``None`` before its data was fetched.

    Raises:
        RawFileError: the stamp cannot be read.
    """
    path = stamp_path(root, area_id)
    if not path.exists():
        return None
    try:
        stamp = json.loads(path.read_text(encoding="utf-8"))
        return {source: {"file": used["file"], "sha256": used["sha256"]} for source, used in stamp.items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RawFileError(
            f"{path}: this list of the files used cannot be read ({error}). Delete it and run: make data AREA={area_id}"
        ) from error


def locate(source: Mapping[str, Any], root: Path, nation: str, area_id: str) -> Path | None:
    """The raw file of a declared source (its values, with ``id``) for an area; ``None`` where there is none."""
    folder = raw_folder(root, nation) / source["id"]
    return next((folder / name for name in candidates(source, area_id) if (folder / name).is_file()), None)


def open_member(path: Path, member: str) -> BinaryIO:
    """``member`` of the archive ``path``; ``inner.zip!member.csv`` reaches into an archive within it.

    A file that was unzipped already is opened as it is.

    Raises:
        RawFileError: no archive, a damaged one, or no such member; those found are listed.
    """
    if not zipfile.is_zipfile(path):
        if path.name == member_name(member) or path.suffix.lower() == ".csv":
            return path.open("rb")
        raise RawFileError(
            f"{path}: expected a zip archive with {member} inside; this is no zip archive. Fetch it again."
        )
    content: BinaryIO = path.open("rb")
    where = str(path)
    for part in member.split("!"):
        try:
            with content, zipfile.ZipFile(content) as archive:
                if part not in archive.namelist():
                    raise RawFileError(f"{where}: expected {part} inside; found {first(archive.namelist())}")
                content = io.BytesIO(archive.read(part))
        except BROKEN_ARCHIVE as error:
            raise RawFileError(f"{where}: this archive is damaged at {part} ({error}). Fetch it again.") from error
        where = f"{where}!{part}"
    return content


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
