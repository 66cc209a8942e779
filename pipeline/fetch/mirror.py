"""Sources from a mirror: a folder, such as a network drive, that holds the publishers' files under their names."""

import hashlib
import re
import stat
from pathlib import Path

from tqdm import tqdm

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import ChangedSourceError, FetchError, command
from pipeline.fetch.destination import Destination, bare, cannot_write, sweep
from pipeline.fetch.files import CHUNK, changed, difference, discard, keep, put_in_place, sha256_of
from pipeline.fetch.kinds import inspect, wrong_rows

SUMS = "SHA256SUMS"
SUMS_LINE = re.compile(r"([0-9a-fA-F]{64})\s+\*?(?:\./)?(.+)")


def copy_source(
    source: Source, mirror: Path, destination: Destination, *, accept: bool = False, quiet: bool = False
) -> raw.Receipt | None:
    """Copy ``source`` from ``mirror`` into ``data/raw``; ``None`` where the mirror lacks it.

    A file whose sha256 is not the declared one is used, reported on the console (``quiet`` or not) and noted in the
    receipt; one with another number of rows only with ``accept``. A file that is already there with the same bytes is
    left alone.

    Raises:
        FetchError: there is no such folder, or a file in it cannot be read, is damaged or is cut short.
        ChangedSourceError: the file is not the one that the mirror's SHA256SUMS lists, or has not the declared rows.
    """
    refuse_folder(mirror, destination)
    origin = _located(source, mirror)
    if origin is None:
        return None
    try:
        receipt = _checked(source, mirror, origin, destination, accept=accept)
    except OSError as error:
        raise FetchError(
            f"{source.id}: {origin} cannot be read ({error.strerror or error}). May you read it, and is the drive "
            "connected?"
        ) from error
    path = destination.path(source, origin.name)
    with destination.alone(source):
        try:
            return _placed(source, origin, path, receipt, quiet=quiet)
        except OSError as error:
            discard(_part_of(path))
            raise cannot_write(source, path, error) from error


def refuse_folder(mirror: Path, destination: Destination) -> None:
    """Refuse a mirror that is no folder, or where the files would be copied onto themselves.

    Raises:
        FetchError: what the mirror is instead.
    """
    again = f"  Then: {command('data', destination.area, mirror='<folder>')}"
    try:
        if not mirror.exists():
            raise FetchError(f"{mirror}: there is no such folder. Is the drive connected?\n{again}")
        if not mirror.is_dir():
            raise FetchError(f"{mirror}: this is a file. Name the folder that holds the publishers' files.\n{again}")
        kept = raw.raw_folder(destination.root, "england").resolve()
        if mirror.resolve().is_relative_to(kept):
            raise FetchError(
                f"{mirror}: the project keeps its raw files here; they would be copied onto themselves. Name the "
                f"folder that the publishers' files were saved in.\n{again}"
            )
        next(mirror.iterdir(), None)
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise FetchError(
            f"{mirror}: this folder cannot be read ({reason}). Is the drive connected?\n{again}"
        ) from error


def _checked(source: Source, mirror: Path, origin: Path, destination: Destination, *, accept: bool) -> raw.Receipt:
    """The receipt of a file of a mirror that is what it should be."""
    name, size = origin.name, origin.stat().st_size
    sha = sha256_of(origin)
    _check_sums(mirror, origin, sha)
    try:
        rows = wrong_rows(source, name, inspect(origin, source, name))
    except FetchError as error:
        raise FetchError(f"{error}\n  File: {origin}") from error
    if rows is not None and not accept:
        accepting = command("data", destination.area, mirror=str(mirror), accept=source.id)
        raise changed(source, str(origin), f"  {rows}: is it cut short?", accepting)
    differs = difference(origin, source)
    if differs is not None or rows is not None:
        print(
            f"  {source.id}: {name} is not the release that was checked ({source.release}); "
            "used, and noted in the outputs."
        )
    return raw.Receipt(
        source=source.id,
        file=name,
        address=str(origin),
        mode="mirror",
        fetched_at=raw.utc_now(),
        size=size,
        sha256=sha,
        declared_size=source.size,
        declared_sha256=source.sha256,
        accepted_difference=differs is not None or rows is not None,
    )


def _part_of(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def _placed(source: Source, origin: Path, path: Path, receipt: raw.Receipt, *, quiet: bool) -> raw.Receipt:
    """Copy a file that was checked to its place, unless it is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent)
    kept = keep(path, receipt)
    if kept is not None:
        return kept
    part = _part_of(path)
    if _copy(origin, part, source.id, quiet=quiet) != receipt.sha256:
        discard(part)
        raise FetchError(f"{source.id}: {origin} changed while it was copied. Try again.")
    put_in_place(part, path, receipt)
    return receipt


def _located(source: Source, mirror: Path) -> Path | None:
    """The file of a mirror that holds a source, under the first of its names.

    Raises:
        FetchError: it is a folder, a link that leads nowhere, a device, or must not be read.
    """
    declared = [source.file, *source.also_named, *raw.unzipped_names(source.file, source.member)]
    paths = [mirror / bare(source, name) for name in declared]
    origin = next((path for path in paths if path.exists() or path.is_symlink()), None)
    if origin is None:
        return None
    try:
        mode = origin.stat().st_mode
    except (OSError, RuntimeError) as error:
        what = "is a link that leads nowhere" if origin.is_symlink() else f"cannot be read ({error})"
        raise FetchError(f"{source.id}: {origin} {what}. Save the file itself in the folder.") from error
    if stat.S_ISDIR(mode):
        raise FetchError(f"{source.id}: {origin} is a folder; expected a file of this name. Was it unpacked?")
    if not stat.S_ISREG(mode):
        raise FetchError(f"{source.id}: {origin} is a device or a pipe; expected a file of this name.")
    return origin


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
    listed: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        match = SUMS_LINE.fullmatch(line.strip())
        if match is None:
            raise FetchError(f"{sums}, line {number}: expected a sha256 and a file name, found '{line[:100]}'.")
        if listed.setdefault(match[2], match[1].lower()) != match[1].lower():
            raise FetchError(f"{sums}, line {number}: {match[2]} is listed twice, with two different sums.")
    return listed
