"""Sources from a mirror: a folder, such as a network drive, that holds the publishers' files under their names."""

import hashlib
import re
from pathlib import Path

from tqdm import tqdm

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import ChangedSourceError, FetchError, command
from pipeline.fetch.destination import Destination
from pipeline.fetch.files import (
    CHUNK,
    difference,
    keep,
    path_kind,
    put_in_place,
    refuse_broken_archive,
    refuse_web_page,
    sha256_of,
)

SUMS = "SHA256SUMS"
SUMS_LINE = re.compile(r"([0-9a-fA-F]{64})\s+\*?(?:\./)?(.+)")


def copy_source(source: Source, mirror: Path, destination: Destination, *, quiet: bool = False) -> raw.Receipt | None:
    """Copy ``source`` from ``mirror`` into ``data/raw``; ``None`` where the mirror lacks it.

    A file whose sha256 is not the declared one is used, reported on the console (``quiet`` or not) and noted in the
    receipt. A file that is already there with the same bytes is left alone.

    Raises:
        FetchError: there is no such folder, or a file in it cannot be read or is damaged.
        ChangedSourceError: the file is not the one that the mirror's SHA256SUMS lists.
    """
    if not mirror.is_dir():
        raise FetchError(
            f"{mirror}: there is no such folder. Is the drive connected?\n"
            f"  Then: {command('data', destination.area, mirror='<folder>')}"
        )
    origin = _found(source, mirror)
    if origin is None:
        return None
    try:
        return _copied(source, mirror, origin, destination.folder(source) / origin.name, quiet=quiet)
    except OSError as error:
        raise FetchError(f"{source.id}: {origin} cannot be copied ({error}).") from error


def _copied(source: Source, mirror: Path, origin: Path, path: Path, *, quiet: bool) -> raw.Receipt:
    sha = sha256_of(origin)
    _check_sums(mirror, origin, sha)
    refuse_web_page(origin, source)
    if path_kind(origin.name) == path_kind(source.file):
        refuse_broken_archive(origin, source)
    differs = difference(origin, source)
    if differs is not None:
        print(
            f"  {source.id}: {origin.name} is not the release that was checked ({source.release}); "
            "used, and noted in the outputs."
        )
    receipt = raw.Receipt(
        source=source.id,
        file=origin.name,
        address=str(origin),
        mode="mirror",
        fetched_at=raw.utc_now(),
        size=origin.stat().st_size,
        sha256=sha,
        declared_size=source.size,
        declared_sha256=source.sha256,
        accepted_difference=differs is not None,
    )
    kept = keep(path, receipt)
    if kept is not None:
        return kept
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    if _copy(origin, part, source.id, quiet=quiet) != sha:
        part.unlink()
        raise FetchError(f"{source.id}: {origin} changed while it was copied. Try again.")
    put_in_place(part, path, receipt)
    return receipt


def _found(source: Source, mirror: Path) -> Path | None:
    names = [source.file, *source.also_named, *raw.unzipped_names(source.file, source.member)]
    return next((mirror / name for name in names if (mirror / name).is_file()), None)


def _copy(origin: Path, part: Path, label: str, *, quiet: bool) -> str:
    """Copy a file, and return the sha256 of what was written."""
    digest = hashlib.sha256()
    bar = tqdm(total=origin.stat().st_size, unit="B", unit_scale=True, desc=label, disable=quiet or None)
    with bar, origin.open("rb") as source, part.open("wb") as target:
        while chunk := source.read(CHUNK):
            target.write(chunk)
            digest.update(chunk)
            bar.update(len(chunk))
    return digest.hexdigest()


def _check_sums(mirror: Path, origin: Path, sha: str) -> None:
    sums = mirror / SUMS
    if not sums.exists():
        return
    listed = _listed(sums)
    if listed.get(origin.name, sha) != sha:
        raise ChangedSourceError(
            f"{origin}: its bytes are not those that {SUMS} beside it lists.\n"
            f"  expected {listed[origin.name]}\n  got      {sha}\n"
            "  The copy is damaged or was replaced: copy it again from where the mirror got it, or correct SHA256SUMS."
        )


def _listed(sums: Path) -> dict[str, str]:
    """The sha256 of each file that a mirror lists."""
    try:
        lines = sums.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FetchError(f"{sums}: cannot be read ({error}). Write it again, or delete it.") from error
    listed = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        match = SUMS_LINE.fullmatch(line.strip())
        if match is None:
            raise FetchError(f"{sums}, line {number}: expected a sha256 and a file name, found '{line[:100]}'.")
        listed[match[2]] = match[1].lower()
    return listed
