"""Errors written for an analyst: what was expected, what was read, where, and what to do next."""

import difflib
import errno
import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
"""The folder that the program runs from: that of a checkout has a Makefile, that of an installed program does not."""

IN_USE = (
    "Is it open in another program, such as Excel? Close it and run the same command again. Otherwise the file or its "
    "folder is write-protected."
)
"""Advice where the system refuses to read or replace a file: Windows does so for one that is open elsewhere."""


class PipelineError(Exception):
    """A problem that the person running the pipeline can act on; shown without a traceback."""


class MachineError(PipelineError):
    """The machine refuses something: the disk is full, a folder write-protected, the memory used up."""


class DeclarationError(PipelineError):
    """A file under ``declared/`` says something that cannot be used."""


class MissingSourceError(PipelineError):
    """A raw file that an area needs is missing."""


class FetchError(PipelineError):
    """A source could not be fetched complete."""


class ChangedSourceError(FetchError):
    """The bytes that arrived are not the declared ones."""


class RawFileError(PipelineError):
    """A raw file does not have the layout or the values that its publisher documents."""


class RecordError(PipelineError):
    """The record beside an output is missing, or does not describe it."""


class SchemaError(PipelineError):
    """A table does not match its schema."""


class JoinError(PipelineError):
    """Tables that should describe the same areas do not."""


class ScoringError(PipelineError):
    """An index cannot be computed from the data available."""


class EvidenceError(PipelineError):
    """An outcome cannot be compared with a score, or weights cannot be fitted to it."""


class CompareError(PipelineError):
    """Two runs cannot be compared: their figures do not mean the same."""


class ClusterError(PipelineError):
    """Work cannot be done on other machines: no scheduler, no worker, other versions, or no safe connection."""


class CountError(PipelineError):
    """Rows cannot be counted; what is said of them never quotes one."""


def command(name: str, area: str = "", **options: str) -> str:
    """What to type for a command of the program, for messages.

    ``make data AREA=x MIRROR=<folder>`` in a checkout where there is make, ``digital-exclusion data x --mirror
    <folder>`` where the program was installed; in a checkout without make, as on Windows, ``python -m pipeline ...``.
    """
    in_checkout = (CHECKOUT / "Makefile").is_file()
    if in_checkout and shutil.which("make"):
        given = {"AREA": area, **{key.upper(): value for key, value in options.items()}}
        return " ".join(["make", name, *(f"{key}={value}" for key, value in given.items() if value)])
    sides = [options.pop(side) for side in ("old", "new") if name == "compare" and side in options]
    words = [name, *sides, f"--area {area}" if sides else area, *(f"--{k} {value}" for k, value in options.items())]
    program = "python -m pipeline" if in_checkout else "digital-exclusion"
    return " ".join([program, *(word for word in words if word)])


NO_MEMORY = (
    "There is not enough memory for this. Close other programs, or take a machine or a limit (ulimit -v) with more, "
    "and run the same command again."
)
_AGAIN = "and run the same command again"
_ADVICE = {
    errno.EACCES: IN_USE,
    errno.EPERM: IN_USE,
    errno.ENOSPC: f"Is the disk full? Free some space {_AGAIN}.",
    errno.EFBIG: f"Raise the limit for the size of files (ulimit -f), or use another disk, {_AGAIN}.",
    errno.EROFS: f"Is the folder write-protected? Work in one that can be written to, {_AGAIN}.",
    errno.EMFILE: f"Raise the limit for open files (ulimit -n) {_AGAIN}.",
    errno.ENFILE: f"Close other programs {_AGAIN}.",
    errno.EISDIR: f"A folder stands where a file should be: move it away {_AGAIN}.",
    errno.ENOTDIR: f"A file stands where a folder should be: move it away {_AGAIN}.",
    errno.EEXIST: f"A file, or a link to nowhere, stands where a folder should be: move it away {_AGAIN}.",
    errno.ENOTEMPTY: f"Move away what is in this folder {_AGAIN}.",
    errno.ELOOP: "These links lead round in a circle: put the file or folder itself there.",
    errno.ENAMETOOLONG: "Choose a shorter name, or a folder further up.",
    errno.ENOENT: f"Was it moved or deleted, or is its drive disconnected? Put it back {_AGAIN}.",
}
_OTHERWISE = "Is the disk full, is its drive connected, or is the folder write-protected?"
_NO_MEMORY = re.compile(r"can't start new thread|failed to map segment|cannot allocate memory|unable to allocate", re.I)
_NUMBER = re.compile(r"\[?errno (\d+)", re.I)


def refused_by_machine(error: BaseException, path: object = None) -> str | None:
    """What the machine refused, with the file and what to do, in one line; ``None`` where this is another error.

    Args:
        path: the file that it was about, where the error names none, or only a temporary one.
    """
    if isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError | ImportError | OSError) and _NO_MEMORY.search(str(error))
    ):
        return NO_MEMORY
    if not isinstance(error, OSError):
        return None
    where = path or error.filename2 or error.filename
    number = error.errno if error.errno is not None else _number_in(str(error))
    reason = error.strerror or " ".join(str(error).split())[:200] or type(error).__name__
    said = f"{reason.rstrip('.')}. {_ADVICE.get(number or 0, _OTHERWISE)}"
    return f"{where}: {said}" if where else said


def _number_in(text: str) -> int | None:
    """The number of a system error that a library gives in words only."""
    match = _NUMBER.search(text)
    return int(match[1]) if match else None


def first(items: Iterable[object], limit: int = 20) -> str:
    """The first ``limit`` items as one line, with the count of what is left out."""
    listed = [str(item) for item in items]
    shown = ", ".join(listed[:limit])
    return shown if len(listed) <= limit else f"{shown} … and {len(listed) - limit:,} more"


def shown(text: str, limit: int = 80) -> str:
    """A text of somebody else's in quotation marks, on one line and in short, its control characters made visible."""
    short = text if len(text) <= limit else f"{text[:limit]}…"
    plain = "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in short)
    return f"'{plain}'"


def no_such_area(name: str, areas: Iterable[str], path: Path) -> str:
    """The message that no area is called ``name``; ``areas`` are those that ``path`` declares."""
    listed = list(areas)
    return f"There is no area {shown(name)} in {path}.{did_you_mean(name, listed)} Declared: {first(listed)}."


def did_you_mean(name: str, among: Iterable[str]) -> str:
    """The question whether one of a few names was meant, with a space before it; empty where none is like ``name``."""
    by_form = {_bare(other): other for other in among}
    alike = difflib.get_close_matches(_bare(name[:200]), list(by_form), n=1, cutoff=0.7)
    return f" Did you mean '{by_form[alike[0]]}'?" if alike else ""


def _bare(name: str) -> str:
    """A name without what people write differently: capitals, spaces, hyphens and underscores."""
    return "".join(c for c in name.casefold() if c not in " -_")
