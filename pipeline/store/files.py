"""Complete files or none: every output is written to a temporary file and put in place in one step."""

import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PATIENCE = (0.02, 0.06, 0.12, 0.3)
"""Seconds between tries to replace a file that the system refuses."""


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a temporary file beside ``path``, then put it in place in one step.

    A run that is killed leaves the file that was there before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        replace_file(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


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


def write_text(path: Path, text: str) -> None:
    """``text`` as UTF-8 with Unix line ends."""
    write_whole(path, lambda temporary: temporary.write_bytes(text.encode("utf-8")))


def write_bytes(path: Path, content: bytes) -> None:
    """``content`` unchanged."""
    write_whole(path, lambda temporary: temporary.write_bytes(content))


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """``value`` as indented JSON."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")
