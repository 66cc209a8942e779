"""Fractal lines by midpoint displacement, and smooth random fields."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEEPEST = 0.28
"""The most that a midpoint may move, as a share of its segment: a line that turns more would cross itself."""


def wiggle(line: Floats, finest: float, strength: float, random: np.random.Generator) -> Floats:
    """An open line through ``line`` whose segments are halved until none is longer than ``finest``.

    ``strength`` is the sideways shift of a midpoint as a share of its segment (one standard deviation).
    """
    while True:
        along = np.diff(line, axis=0)
        long = np.hypot(along[:, 0], along[:, 1]) > finest
        if not long.any():
            return line
        shift = np.clip(random.normal(0, strength, len(along)), -STEEPEST, STEEPEST)
        middle = (line[:-1] + line[1:]) / 2 + across(along) * shift[:, None]
        line = np.insert(line, np.flatnonzero(long) + 1, middle[long], axis=0)


def across(along: Floats) -> Floats:
    """The vectors ``along`` turned left by a quarter."""
    return np.column_stack([-along[:, 1], along[:, 0]])


def displace(shape: tuple[int, int], strength: float, random: np.random.Generator) -> Floats:
    """Sideways shifts for ``shape[0]`` lines of ``2 ** n + 1`` points, as shares of their length; 0 at both ends."""
    lines, points = shape
    offset = np.zeros(shape)
    spacing, size = points - 1, strength
    while spacing > 1:
        half = spacing // 2
        middle = np.arange(half, points - 1, spacing)
        between = (offset[:, middle - half] + offset[:, middle + half]) / 2
        offset[:, middle] = between + random.normal(0, size, (lines, len(middle)))
        spacing, size = half, size * 0.55
    return offset


def smooth_field(
    places: Floats, shortest: float, longest: float, random: np.random.Generator, waves: int = 32
) -> Floats:
    """A smooth random value at each place, about standard normal; wavelengths in the unit of ``places``."""
    turn = random.uniform(0, 2 * np.pi, waves)
    length = np.exp(random.uniform(np.log(shortest), np.log(longest), waves))
    phase = random.uniform(0, 2 * np.pi, waves)
    total = np.zeros(len(places))
    for angle, wavelength, start in zip(turn, length, phase, strict=True):
        total += np.cos((places @ [np.cos(angle), np.sin(angle)]) * 2 * np.pi / wavelength + start)
    return np.asarray(total * np.sqrt(2 / waves))
