"""Numbers that one process writes and another reads, for as long as a step runs."""

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ClusterError
from pipeline.store.files import remove_quietly, replace_file, temporary_beside

Numbers = NDArray[Any]


def write_pieces(path: Path, pieces: Sequence[Numbers]) -> tuple[int, ...]:
    """Arrays one behind the other in a file that appears once it is complete; a checksum of each.

    The file may be written twice, with the same content. Its folder is not made: where it is gone, so is the step.

    Raises:
        ClusterError: the folder is missing.
        OSError: the disk is full, or the folder write-protected.
    """
    if not path.parent.is_dir():
        raise ClusterError(f"{path.parent}: there is no such folder here. {_same_drive()}")
    temporary, sums = temporary_beside(path), []
    try:
        with temporary.open("wb") as file:
            for piece in pieces:
                content = np.ascontiguousarray(piece).tobytes()
                sums.append(zlib.crc32(content))
                file.write(content)
        replace_file(temporary, path)
    except BaseException:
        remove_quietly(temporary)
        raise
    return tuple(sums)


def read_piece(path: Path, offset: int, shape: tuple[int, int], kind: str, checksum: int) -> Numbers:
    """An array that :func:`write_pieces` wrote, ``offset`` bytes from the beginning of its file.

    Raises:
        ClusterError: the file is missing, is cut short, or holds something else.
    """
    wanted = np.dtype(kind)
    try:
        with path.open("rb") as file:
            file.seek(offset)
            content = file.read(shape[0] * shape[1] * wanted.itemsize)
    except OSError as error:
        raise ClusterError(f"{path}: cannot be read here ({error.strerror}). {_same_drive()}") from error
    if zlib.crc32(content) != checksum:
        raise ClusterError(f"{path}: it is cut short, or another file than was written. {_same_drive()}")
    return np.frombuffer(content, dtype=wanted).reshape(shape)


def _same_drive() -> str:
    return (
        "Workers need the same project folder, on a drive that all of them can read and write: is it connected, and "
        "is there room on it? Run the same command again."
    )
