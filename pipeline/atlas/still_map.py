"""The map of a page without scripts: an SVG inside the page, as coarse as paper bears."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from pipeline.space.unions import unite

Geometries = npt.NDArray[np.object_]
WIDTH = 1_000
"""Of the picture, in its units; on A4 a unit is a sixth of a millimetre."""
TALLEST = 1_300
LARGEST = 30_000
"""Characters that the shapes may take: a page of one area has a budget of 900 kB for everything."""
FINEST = 0.5
"""Units by which borders may move at first; then by more, step by step, until the shapes are small enough."""
STEP = 2**0.5
COARSEST = 64.0
MEETING = 0.01
"""Units within which borders that somebody drew meet."""
LETTER = 13
"""Units that a letter of a name is wide at most, on the average."""
NAMED = 12
"""On a map of more districts than this their names would hide it."""


@dataclass(frozen=True, eq=False)
class StillMap:
    """What is drawn.

    Attributes:
        shapes: areas, longitude and latitude; a coverage: neighbours share their borders.
        numbers: for each shape its class, from 0.
        colours: of the classes.
        districts: the name of each shape's district, drawn around all its shapes; None where there is none.
        title: the picture in a few words. ``description``: what it shows, in a sentence or two.
    """

    shapes: Geometries
    numbers: npt.NDArray[np.int64]
    colours: Sequence[str]
    districts: Sequence[str | None]
    title: str
    description: str


@dataclass(frozen=True, eq=False)
class Drawing:
    """A map as paths.

    Attributes:
        width, height: of the picture, in its units.
        paths: of each class, and under ``DISTRICTS`` the borders of districts.
        shapes: those that have a geometry, in units of the picture. ``districts``: the name of each one's district.
    """

    width: int
    height: int
    paths: dict[int, str]
    shapes: Geometries
    districts: "pd.Series[str]"


def draw_paths(still: StillMap) -> Drawing | None:
    """The map as paths, north up, as coarse as it has to be; None where no area has a geometry."""
    present = ~(shapely.is_missing(still.shapes) | shapely.is_empty(still.shapes))
    if not present.any():
        return None
    shapes, (width, height) = _on_paper(still.shapes[present])
    numbers = still.numbers[present]
    districts = pd.Series(np.array(still.districts, dtype=object))[present].reset_index(drop=True)
    tolerance = FINEST
    # Each time from what is left, which is less to go through than the borders as they were.
    coarse = _simplify(shapes, tolerance)
    drawn = _draw(coarse, numbers, districts)
    while sum(map(len, drawn.values())) > LARGEST and tolerance < COARSEST:
        tolerance *= STEP
        coarse = _simplify(coarse, tolerance)
        drawn = _draw(coarse, numbers, districts)
    return Drawing(width, height, drawn, shapes, districts)


def draw_svg(still: StillMap) -> str:
    """The map as an ``svg`` element, north up; empty where no area has a geometry."""
    drawing = draw_paths(still)
    if drawing is None:
        return ""
    drawn, width, height = drawing.paths, drawing.width, drawing.height
    fills = "".join(
        f'<path fill="{still.colours[number]}" d="{path}"/>' for number, path in drawn.items() if number >= 0
    )
    return (
        f'<svg role="img" aria-labelledby="atlas-still-title atlas-still-text" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}"><title id="atlas-still-title">{html.escape(still.title)}</title>'
        f'<desc id="atlas-still-text">{html.escape(still.description)}</desc>'
        f'<g fill-rule="evenodd">{fills}</g><path class="atlas-still-districts" d="{drawn[DISTRICTS]}"/>'
        f"{_names(drawing.shapes, drawing.districts)}</svg>"
    )


LEAST_NUMBERS = 4
"""Numbers that the steps of a ring with an area take at least: two steps, each across and down."""
DISTRICTS = -1
"""The key of the borders of districts among the shapes of classes."""


def _on_paper(shapes: Geometries) -> tuple[Geometries, tuple[int, int]]:
    """The shapes in units of the picture, y downwards, and its width and height."""
    west, south, east, north = shapely.total_bounds(shapes)
    narrowing = float(np.cos(np.radians((south + north) / 2)))
    scale = min(WIDTH / max((east - west) * narrowing, 1e-9), TALLEST / max(north - south, 1e-9))

    def place(degrees: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        x, y = degrees[:, 0], degrees[:, 1]
        return np.column_stack([(x - west) * narrowing * scale, (north - y) * scale])

    size = int(np.ceil((east - west) * narrowing * scale)), int(np.ceil((north - south) * scale))
    return shapely.transform(shapes, place), (max(1, size[0]), max(1, size[1]))


def _simplify(shapes: Geometries, tolerance: float) -> Geometries:
    """Shapes with fewer points, simplified together, so that neighbours still meet."""
    return np.asarray(shapely.coverage_simplify(shapes, tolerance), dtype=object)


def _draw(coarse: Geometries, numbers: npt.NDArray[np.int64], districts: "pd.Series[str]") -> dict[int, str]:
    """The shapes of each class as one path, and under ``DISTRICTS`` the borders of districts."""
    drawn = {int(number): _path(coarse[numbers == number]) for number in np.unique(numbers)}
    around = [unite(coarse[rows], MEETING) for rows in districts.groupby(districts, sort=True).indices.values()]
    return drawn | {DISTRICTS: _path(np.array(around, dtype=object))}


def _path(shapes: Geometries) -> str:
    """The rings as SVG writes them, in whole units and steps from point to point; rings of no area are left out."""
    parts = shapely.get_parts(unite(shapes, MEETING))
    rings = shapely.get_rings(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
    places, ring = shapely.get_coordinates(rings, return_index=True)
    # A ring ends where it begins: without its last point.
    kept = np.flatnonzero(ring[:-1] == ring[1:])
    points, ring = np.rint(places[kept]).astype(np.int64), ring[kept]
    steps = np.diff(points, axis=0)
    moves = (ring[1:] == ring[:-1]) & (steps != 0).any(axis=1)
    written = list(map(str, steps[moves].ravel().tolist()))
    ends = 2 * np.cumsum(np.bincount(ring[1:][moves], minlength=len(rings)))
    starts = points[np.searchsorted(ring, np.arange(len(rings)))].tolist()
    path, begin = list[str](), 0
    for (x, y), end in zip(starts, ends.tolist(), strict=True):
        if end - begin >= LEAST_NUMBERS:
            # A minus sign parts two numbers as a blank does.
            path.append(f"M{x} {y}l{' '.join(written[begin:end]).replace(' -', '-')}z")
        begin = end
    return "".join(path)


def _names(shapes: Geometries, districts: "pd.Series[str]") -> str:
    """The name of each district, where there are few of them."""
    rows_of = districts.groupby(districts, sort=True).indices
    if len(rows_of) > NAMED:
        return ""
    texts = []
    width = float(shapely.total_bounds(shapes)[2])
    for name, rows in rows_of.items():
        x, y = np.average(
            shapely.get_coordinates(shapely.centroid(shapes[rows])), axis=0, weights=shapely.area(shapes[rows]) + 1e-9
        )
        half = min(width / 2, LETTER * len(str(name)) / 2)
        x = min(max(x, half), width - half)
        texts.append(f'<text x="{x:.0f}" y="{y:.0f}">{html.escape(str(name))}</text>')
    return f'<g aria-hidden="true">{"".join(texts)}</g>'
