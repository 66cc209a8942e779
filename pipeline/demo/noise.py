"""Fractal lines by midpoint displacement."""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


def wiggle(corners: Points, rounds: int, strength: float, random: np.random.Generator) -> Points:
    """A closed line through ``corners``, each of its segments halved ``rounds`` times.

    ``strength`` is the sideways shift of a midpoint as a share of its segment (one standard deviation).
    """
    points = corners
    for _ in range(rounds):
        following = np.roll(points, -1, axis=0)
        along = following - points
        shift = np.clip(random.normal(0, strength, len(points)), -0.3, 0.3)
        middle = (points + following) / 2 + np.column_stack([-along[:, 1], along[:, 0]]) * shift[:, None]
        points = np.stack([points, middle], axis=1).reshape(-1, 2)
    return points
