"""Zip archives and workbooks: whole, holding what is read from them, and unpacking to no more than tables do."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import FetchError, RawFileError, first

MOST_MEMBERS = 10_000
FREE_MEMBER, MOST_TIMES_MEMBER = 20 << 20, 300
FREE_TOTAL, MOST_TIMES_TOTAL = 50 << 20, 100
"""A member may unpack to ``FREE_MEMBER`` bytes, all of them to ``FREE_TOTAL``; beyond, to so many times what they are
packed. Official tables reach 30 times."""
WORKBOOK = ("[Content_Types].xml", "xl/workbook.xml")
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
ROW, LONGEST_TAG = re.compile(rb"<(?:\w{1,8}:)?row[\s/>]"), 16
PIECE = 1 << 20


def refuse_broken_archive(path: Path, source: Source, name: str) -> None:
    """Refuse a zip archive that is damaged, would unpack without end, or lacks what is read from it.

    Raises:
        FetchError: what is wrong with it.
    """
    members = [] if source.member is None else source.member.split("!")
    where = name
    try:
        with _opened(path, source, name):
            pass
        for depth, where in enumerate(members[:-1], start=1):
            with raw.open_member(path, "!".join(members[:depth])) as inner, _opened(inner, source, where):
                pass
        if source.member is not None:
            raw.open_member(path, source.member).close()
    except (*raw.BROKEN_ARCHIVE, RawFileError, OSError) as error:
        raise FetchError(
            f"{source.id}: {name} is not the archive that was declared: {where} is damaged or lacks what is read "
            f"({error}). Fetch it again."
        ) from error


def refuse_broken_workbook(path: Path, source: Source, name: str) -> None:
    """Refuse a workbook that is damaged, cut short, or no workbook.

    Raises:
        FetchError: what is wrong with it.
    """
    try:
        with _opened(path, source, name) as archive:
            absent = [part for part in WORKBOOK if part not in archive.namelist()]
            if absent:
                raise FetchError(
                    f"{source.id}: {name} is not an Excel workbook: it lacks {first(absent)}. See {source.landing_page}"
                )
    except (*raw.BROKEN_ARCHIVE, OSError) as error:
        raise FetchError(
            f"{source.id}: {name} arrived damaged or cut short: it is not an Excel workbook ({error}). Fetch it again."
        ) from error


def longest_sheet(path: Path) -> int:
    """The rows of the longest sheet of a workbook, headers among them."""
    longest = 0
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if SHEET.fullmatch(name):
                with archive.open(name) as sheet:
                    longest = max(longest, _rows(sheet))
    return longest


def _rows(sheet: IO[bytes]) -> int:
    count, tail = 0, b""
    while piece := sheet.read(PIECE):
        text = tail + piece
        count += sum(match.end() > len(tail) for match in ROW.finditer(text))
        tail = text[-LONGEST_TAG:]
    return count


@contextmanager
def _opened(archive_file: Path | IO[bytes], source: Source, name: str) -> Iterator[zipfile.ZipFile]:
    """An archive whose members are all whole and none of which is larger than the archive can honestly hold."""
    with zipfile.ZipFile(archive_file) as archive:
        members = archive.infolist()
        _refuse_bomb(members, source, name)
        odd = [member.filename for member in members if _leads_out(member.filename)]
        names = [member.filename for member in members]
        twice = sorted({each for each in names if names.count(each) > 1}) if len(set(names)) < len(names) else []
        if odd or twice:
            raise FetchError(
                f"{source.id}: {name} is not the archive that was declared: it holds "
                f"{'paths out of it' if odd else 'names twice'}: {first(odd or twice, 5)}. See {source.landing_page}"
            )
        damaged = archive.testzip()
        if damaged is not None:
            raise FetchError(f"{source.id}: {name} arrived damaged: {damaged} in it cannot be read. Fetch it again.")
        yield archive


def _refuse_bomb(members: list[zipfile.ZipInfo], source: Source, name: str) -> None:
    packed, unpacked = sum(m.compress_size for m in members), sum(m.file_size for m in members)
    swollen = [m.filename for m in members if m.file_size > FREE_MEMBER + MOST_TIMES_MEMBER * m.compress_size]
    if len(members) > MOST_MEMBERS or swollen or unpacked > FREE_TOTAL + MOST_TIMES_TOTAL * packed:
        raise FetchError(
            f"{source.id}: refused: {name} is {packed:,} bytes packed and would unpack to {unpacked:,} in "
            f"{len(members):,} files{' (' + first(swollen, 3) + ')' if swollen else ''}, which no table does. "
            f"See {source.landing_page}"
        )


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name
