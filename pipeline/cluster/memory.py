"""Memory that is freed is kept for what comes next, on workers too."""

import ctypes
import os
from functools import cache

TRIMMED = "MALLOC_TRIM_THRESHOLD_"
"""What dask sets for its workers: at the first byte above it, the C library gives freed memory back to the system."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
LARGEST = 32 * 2**20
"""Bytes of an array up to which the C library keeps its memory of its own accord: its highest setting."""


@cache
def keep_freed() -> bool:
    """Let the C library do as it does outside dask; whether that was necessary.

    dask has its workers give every freed array back at once, and the system clear the pages of the next: of 34,000
    areas a draw then takes four times as long. Other C libraries know no such setting.
    """
    if TRIMMED not in os.environ:
        return False
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(set_option(M_MMAP_THRESHOLD, LARGEST)) and bool(set_option(M_TRIM_THRESHOLD, 2 * LARGEST))
