"""Squares in rows, for the tests."""

import numpy as np
import shapely


def grid(rows, columns):
    """Unit squares, row after row."""
    return np.array([shapely.box(x, y, x + 1, y + 1) for y in range(rows) for x in range(columns)], dtype=object)
