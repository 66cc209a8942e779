"""Complete files or none: every output is written to a temporary file and put in place in one step."""

import json
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

PATIENCE = (0.02, 0.06, 0.12, 0.3)
"""Seconds between tries to replace a file that the system refuses."""
TEMPORARY = re.compile(r"\..+\.[0-9a-f]{8}\.new|\..+\.(json|parquet|csv|html|geojson|md|toml)\.[a-z0-9_]{2,16}\.\w+")
"""The names of temporary files, of this version of the program and of earlier ones."""
SET_ASIDE = ".set-aside"
"""What is added to the name of a folder that stands where a file of the program belongs."""


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a temporary file beside ``path``, then put it in place in one step.

    A run that is killed leaves the file that was there before. The file can be read by whom the umask allows.

    Raises:
        OSError: naming ``path``, whatever file the system named: the disk is full, the folder write-protected.
    """
    temporary = temporary_beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fill(temporary, write)
        replace_file(temporary, path)
    except OSError as error:
        remove_quietly(temporary)
        raise about(error, path, temporary) from error
    except BaseException:
        remove_quietly(temporary)
        raise


def fill(temporary: Path, write: Callable[[Path], object]) -> None:
    """Make a new file and let ``write`` fill it, down to the disk."""
    # Made here, and with the rights of any new file, so that no library decides them.
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    write(temporary)
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())


def temporary_beside(path: Path) -> Path:
    """A new name beside ``path`` that the next run recognises as left behind, should this one be killed."""
    # A name has at most 255 bytes on most systems.
    kept = path.name.encode()[:200].decode(errors="ignore")
    return path.with_name(f".{kept}.{secrets.token_hex(4)}.new")


def about(error: OSError, path: Path, *stand_ins: Path) -> OSError:
    """The same error about ``path``, where it names none or one of the files that stand in for it."""
    named = error.filename2 or error.filename
    if named is not None and os.fspath(named) not in {os.fspath(each) for each in stand_ins}:
        return error
    if error.errno is None:
        return OSError(None, str(error), os.fspath(path))
    return OSError(error.errno, error.strerror or str(error), os.fspath(path))


def remove_quietly(path: Path) -> None:
    """Remove a file of no further use, where that is possible."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def replace_file(new: Path, path: Path) -> None:
    """Replace ``path`` by ``new`` in one step.

    Windows refuses this while another program has ``path`` open. A virus scanner or an indexer soon lets go of it, so
    this tries a few times within half a second.

    Raises:
        PermissionError: it stays refused: the file is open in another program, or the folder not to be written to.
    """
    for wait in PATIENCE:
        try:
            new.replace(path)
        except PermissionError:
            time.sleep(wait)
        else:
            return
    new.replace(path)


def make_way(path: Path) -> Path | None:
    """Move away a folder that stands where the file ``path`` belongs; the new name where it holds anything."""
    if path.is_symlink() or not path.is_dir():
        return None
    try:
        path.rmdir()
    except OSError:
        number = 0
        while (aside := path.with_name(f"{path.name}{SET_ASIDE}{number or ''}")).exists():
            number += 1
        path.rename(aside)
        return aside
    return None


def sweep(folders: Iterable[Path]) -> list[Path]:
    """Remove the temporary files that killed runs left under ``folders``; what was removed.

    Only for whoever holds the lock of the project: another run would lose what it is writing.
    """
    swept = []
    for top in folders:
        for folder, _, names in os.walk(top):
            for path in (Path(folder) / name for name in names if TEMPORARY.fullmatch(name)):
                remove_quietly(path)
                swept.append(path)
    return swept


def write_text(path: Path, text: str) -> None:
    """``text`` as UTF-8 with Unix line ends."""
    write_whole(path, lambda temporary: temporary.write_bytes(text.encode("utf-8")))


def write_bytes(path: Path, content: bytes) -> None:
    """``content`` unchanged."""
    write_whole(path, lambda temporary: temporary.write_bytes(content))


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """``value`` as indented JSON."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")
