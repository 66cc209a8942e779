"""What the machine has for steps: cores, memory to begin with, and giving back what a step no longer needs.

What the libraries below Python lack of memory ends the program without a word.
"""

import ctypes
import gc
import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

from pipeline.errors import NO_MEMORY, MachineError

LEAST = 100_000_000
"""Bytes without which no step comes to its end; those of a large area need far more, and say so themselves."""

MUCH = 600_000_000
"""Bytes that the program holds from which on it gives back what it does not use, which takes a moment."""

GROWN = 150_000_000
"""Bytes by which the program has grown in a step, from which on it looks for more to let go."""

MOST_AT_ONCE = 4
"""Steps that run at a time at most, unless told otherwise: there are hardly ever more that wait for nothing."""

PLACES_OPTION, MOST_PLACES = -8, 2
"""``M_ARENA_MAX`` of the C library of Linux, and to what it is set."""

COLLECTED_AFTER = (500_000, 20, 50)
"""Objects made before Python looks for cycles among them: tables and pages take millions, and hardly any of a cycle."""


def cores() -> int:
    """How many steps run at a time, unless told otherwise."""
    return min(MOST_AT_ONCE, os.cpu_count() or 1)


def refuse_too_little_memory(left: int | None = None) -> None:
    """Refuse to begin where a limit (``ulimit -v``) leaves less memory than any step takes.

    Args:
        left: bytes that may still be taken; by default, as the system says. Where it says nothing, all is in order.

    Raises:
        MachineError: there is too little.
    """
    left = memory_left() if left is None else left
    if left is not None and left < LEAST:
        raise MachineError(f"{max(left, 0) // 1_000_000} MB of memory are left, and a step takes more. {NO_MEMORY}")


def memory_left() -> int | None:
    """The bytes that this process may still take under its limit; ``None`` where it has none, or none is told."""
    if sys.platform == "win32":
        return None
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return None
    taken = _told(0)
    return None if taken is None else limit - taken


def give_back_unused(much: int = MUCH) -> None:
    """Let the system have what a step has freed, where the program holds ``much``.

    Arrow and the C library keep what was freed for later: of all England a gigabyte, beside what the next
    step takes.
    Where the system says nothing of memory, or its C library cannot give any back, nothing happens.
    """
    if held() < much:
        return
    arrow = sys.modules.get("pyarrow")
    if arrow is not None:
        arrow.default_memory_pool().release_unused()
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, AttributeError):
        return


def give_back_after(before: int) -> None:
    """Let the system have what a step has freed; where it has grown much since ``before`` (bytes), look for more.

    Tables that are referred to by objects which refer to each other are let go only where Python looks for such, which
    takes longer than most steps of a small area.
    """
    grown = held() - before >= GROWN
    if grown:
        gc.collect()
    give_back_unused(0 if grown else MUCH)


def held() -> int:
    """The bytes of memory that this process has; 0 where the system does not say."""
    return _told(1) or 0


def _told(place: int) -> int | None:
    """Bytes of this process that Linux tells: 0 those it has asked for, 1 those it has; ``None`` elsewhere."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[place])
    except (OSError, ValueError, IndexError):
        return None
    import resource

    return pages * resource.getpagesize()


def set_up_memory() -> None:
    """Let Python look for objects that only refer to each other less often than it does by default, and share room.

    The C library of Linux gives every few threads a place of their own to take memory from, and each keeps what is
    freed in it: of all England a seventh of what the program holds. Where it is another library nothing changes.
    """
    gc.set_threshold(*COLLECTED_AFTER)
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(PLACES_OPTION, MOST_PLACES)


@cache
def leave_modules_alone() -> None:
    """Never look for such objects among what modules hold, which stays as long as the program.

    In a notebook or a script of somebody else, nothing happens.
    """
    if gc.get_threshold() == COLLECTED_AFTER:
        gc.freeze()
