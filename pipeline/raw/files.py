"""Where raw files are: one folder for each source, one for each fictional nation, and members of archives."""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from pipeline.errors import RawFileError, first

BOUNDARIES_OF_ALL = "england"
LARGEST_SMALL = 1_000_000
"""Bytes of a receipt or a list of files: those of this program have a few thousand."""
BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What ``zipfile`` raises for an archive that is damaged, cut short, encrypted or compressed in an unknown way."""


def raw_folder(root: Path, nation: str) -> Path:
    """Where the raw files of a nation are: a fictional one has a separate folder."""
    folder = root / "data" / "raw"
    return folder if nation == "england" else folder / nation


def area_file(area_id: str) -> str:
    """The name of a raw file that holds one area only."""
    return f"{area_id}.geojson"


def candidates(source: Mapping[str, Any], area_id: str) -> list[str]:
    """The names that a raw file of ``source`` may have in its folder, the preferred one first."""
    names = [area_file(area_id), area_file(BOUNDARIES_OF_ALL)] if source.get("by_area") else []
    names += [source["file"], *source.get("also_named", ())]
    return [*names, *unzipped_names(source["file"], source.get("member"))]


def unzipped_names(file: str, member: str | None) -> list[str]:
    """The names that the one file read from an archive may have once unzipped."""
    if member is None:
        return []
    return [member_name(member), PurePosixPath(file).with_suffix(".csv").name]


def member_name(member: str) -> str:
    """The bare file name of an archive's member."""
    return PurePosixPath(member.rsplit("!", 1)[-1]).name


def stamp_path(root: Path, area_id: str) -> Path:
    """The file that lists the raw files an area is made from."""
    return root / "data" / "raw" / "areas" / f"{area_id}.json"


def read_small(path: Path) -> str:
    """The text of a small file that this program wrote, such as a receipt.

    Raises:
        OSError: it is missing, or cannot be read.
        ValueError: something else stands in its place, which might never end or never begin; it is far too large, or
            is not text.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("it is not a file")
    if status.st_size > LARGEST_SMALL:
        raise ValueError(f"it has {status.st_size:,} bytes")
    return path.read_text(encoding="utf-8")


def open_member(path: Path, member: str) -> BinaryIO:
    """``member`` of the archive ``path``; ``inner.zip!member.csv`` reaches into an archive within it.

    A file that is already unzipped is opened as it is.

    Raises:
        RawFileError: not an archive, a damaged one, or no such member; the members are listed.
    """
    if not zipfile.is_zipfile(path):
        if path.name == member_name(member) or path.suffix.lower() == ".csv":
            return path.open("rb")
        raise RawFileError(
            f"{path}: expected a zip archive with {member} inside; this is not a zip archive. Fetch it again."
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
