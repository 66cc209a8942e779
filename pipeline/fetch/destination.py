"""Where fetched files go, and for which area; one fetch of a source at a time, and what a killed one left is swept."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import FetchError

PATIENCE = 3_600.0
"""Seconds to wait for another run that fetches the same source."""
LEFTOVERS = ("*.part", "*.part.version", ".*.part")


@dataclass(frozen=True)
class Destination:
    """The raw files of an area and its nation.

    Attributes:
        root: the project folder.
        area: the id of the area that is fetched for; messages name it.
        nation: ``england``, or ``demo`` for the fictional country.
    """

    root: Path
    area: str
    nation: str = "england"

    def folder(self, source: Source) -> Path:
        """Where the files of ``source`` are."""
        return raw.raw_folder(self.root, self.nation) / source.id

    def path(self, source: Source, name: str) -> Path:
        """Where a file of ``source`` with this name is.

        Raises:
            FetchError: the name is a path, which would lead out of the folder.
        """
        return self.folder(source) / bare(source, name)

    @contextmanager
    def alone(self, source: Source) -> Iterator[None]:
        """Lock the files of ``source``: another run that wants to fetch them waits, and says so.

        Raises:
            FetchError: the folder cannot be written to, or the other run does not end.
        """
        path = raw.raw_folder(self.root, self.nation) / ".locks" / f"{source.id}.lock"
        lock = FileLock(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                print(f"  {source.id}: another run is fetching it; waiting for it.", file=sys.stderr, flush=True)
                lock.acquire(timeout=PATIENCE)
        except Timeout:
            raise FetchError(
                f"{source.id}: another run has been fetching it for an hour. End it, and run this again."
            ) from None
        except OSError as error:
            raise cannot_write(source, path.parent, error) from error
        try:
            yield
        finally:
            lock.release()


def bare(source: Source, name: str) -> str:
    """A declared file name, which must not lead out of its folder.

    Raises:
        FetchError: it is a path.
    """
    if name in ("", ".", "..") or any(sign in name for sign in "/\\:\0"):
        raise FetchError(
            f"{source.id}: '{name}' is a path; file and also_named in declared/sources.toml are bare names of files."
        )
    return name


def cannot_write(source: Source, path: Path, error: OSError) -> FetchError:
    """The error that a file of ``source`` cannot be written."""
    return FetchError(
        f"{source.id}: {path} cannot be written ({error.strerror or error}). Is the disk full, or the folder "
        "write-protected? What was there before is unchanged; make room and run the same command again."
    )


def sweep(folder: Path, keep: Path | None = None) -> None:
    """Remove what killed runs left in a folder, but for the part ``keep``, which can be gone on with."""
    kept = set() if keep is None else {keep, keep.with_name(keep.name + ".version")}
    for pattern in LEFTOVERS:
        for path in folder.glob(pattern):
            if path not in kept:
                path.unlink(missing_ok=True)
