"""The map of a page without scripts: an SVG inside the page, as coarse as paper bears."""

import html
import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from pipeline.space.unions import dissolve, unite

if TYPE_CHECKING:
    import geopandas as gpd

Geometries = npt.NDArray[np.object_]
MANY = 3_000
"""Above this many areas the map is of districts: areas would be smaller than a dot of ink."""
WIDTH = 1_000
"""Of the picture, in its units; on A4 a unit is a sixth of a millimetre."""
TALLEST = 1_300
LARGEST = 30_000
"""Characters that the shapes may take: a page of one area has a budget of 900 kB for everything."""
FINEST, COARSEST, STEP = 0.5, 64.0, 2**0.5
"""Units by which borders may move at first and at last, and times which they may move more at each step between."""
TOLERANCES = tuple(
    accumulate(range(round(2 * math.log2(COARSEST / FINEST))), lambda last, _: last * STEP, initial=FINEST)
)
"""Of all steps, until the shapes are small enough."""
ENOUGH = LARGEST // 4
"""Points of the shapes at the last step that is made beforehand: a point of a path takes nearly four characters, so
that a map of as few is seldom too large."""
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
        numbers: for each shape its class, from 0.
        colours: of the classes.
        title: the picture in a few words. ``description``: what it shows, in a sentence or two.
    """

    numbers: npt.NDArray[np.int64]
    colours: Sequence[str]
    title: str
    description: str


@dataclass(frozen=True, eq=False)
class Shapes:
    """What a map is drawn of.

    Attributes:
        areas: longitude and latitude; a coverage: neighbours share their borders.
        districts: the name of each area's district, drawn around all its areas; None where there is none.
    """

    areas: Geometries
    districts: Sequence[str | None]


@dataclass(frozen=True, eq=False)
class Paper:
    """Shapes as they lie on paper, whatever their colours will be.

    Attributes:
        width, height: of the picture, in its units. ``right``: where its shapes end.
        present: which of the areas have a geometry; all that follows is of these.
        centres: of the areas, in units of the picture, shape (areas, 2). ``sizes``: in their square.
        districts: the name of the district of each.
        steps: the shapes coarser and coarser, by the first of :data:`TOLERANCES` or all of them; each made, or read,
            when it is asked for.
    """

    width: int
    height: int
    right: float
    present: npt.NDArray[np.bool_]
    centres: npt.NDArray[np.float64]
    sizes: npt.NDArray[np.float64]
    districts: "pd.Series[str]"
    steps: Iterable[Geometries]

    @property
    def rows_of(self) -> Mapping[str, npt.NDArray[np.intp]]:
        """The areas of each district, by its name."""
        rows = self.districts.groupby(self.districts, sort=True).indices
        return {str(name): np.asarray(of_district) for name, of_district in rows.items()}

    def borders(self, shapes: Geometries) -> str:
        """The borders of the districts as a path, where the areas have these ``shapes``."""
        around = [unite(shapes[rows], MEETING) for rows in self.rows_of.values()]
        return _path(np.array(around, dtype=object))

    def centre(self, rows: npt.NDArray[np.intp]) -> tuple[float, float]:
        """The centre of areas together, in units of the picture."""
        x, y = np.average(self.centres[rows], axis=0, weights=self.sizes[rows] + 1e-9)
        return float(x), float(y)


@dataclass(frozen=True, eq=False)
class Drawing:
    """A map as paths: of each class, and under ``DISTRICTS`` the borders of districts, on ``paper``."""

    paths: dict[int, str]
    paper: Paper


def shapes_of_areas(areas: "gpd.GeoDataFrame") -> Shapes:
    """The areas themselves, however many; they have a geometry, and ``lad_name``."""
    districts = areas["lad_name"].astype("object").where(areas["lad_name"].notna(), None)
    return Shapes(areas.geometry.to_numpy(), districts.tolist())


def shapes_of_map(areas: "gpd.GeoDataFrame") -> Shapes:
    """What the map of risk shows: the areas, or where they are too many to be seen their districts.

    ``areas`` have a geometry, and ``lad_name``.
    """
    if len(areas) <= MANY:
        return shapes_of_areas(areas)
    named = areas["lad_name"].notna().to_numpy()
    united = dissolve(areas.geometry[named], areas["lad_name"][named].astype("object"))
    return Shapes(np.array(list(united.values()), dtype=object), [None] * len(united))


def lay_out(shapes: Shapes) -> Paper | None:
    """Shapes on paper, north up, each step of coarseness made when it is asked for; None without a geometry."""
    present = ~(shapely.is_missing(shapes.areas) | shapely.is_empty(shapes.areas))
    if not present.any():
        return None
    placed, (width, height) = _on_paper(shapes.areas[present])
    districts = pd.Series(np.array(shapes.districts, dtype=object))[present].reset_index(drop=True)
    return Paper(
        width,
        height,
        float(shapely.total_bounds(placed)[2]),
        present,
        shapely.get_coordinates(shapely.centroid(placed)),
        shapely.area(placed),
        districts,
        _coarser(placed),
    )


def _coarser(shapes: Geometries, made: int = 0) -> Iterator[Geometries]:
    """The shapes with fewer and fewer points, simplified together, so that neighbours still meet.

    Args:
        made: how many steps of :data:`TOLERANCES` are made already; the shapes are those of the last of these.
    """
    for tolerance in TOLERANCES[made:]:
        # Each time from what is left, which is less to go through than the borders as they were.
        shapes = np.asarray(shapely.coverage_simplify(shapes, tolerance), dtype=object)
        yield shapes


def made_beforehand(steps: Iterable[Geometries]) -> Iterator[Geometries]:
    """The first of the ``steps``, up to the one that has few enough points for most maps."""
    for shapes in steps:
        yield shapes
        if shapely.get_num_coordinates(shapes).sum() <= ENOUGH:
            return


def draw_paths(still: StillMap, paper: Paper | None) -> Drawing | None:
    """The map as paths, as coarse as it has to be; None where no area has a geometry."""
    if paper is None:
        return None
    numbers = still.numbers[paper.present]
    if isinstance(paper.steps, Sequence):
        paths = _finest_that_fits(paper, paper.steps, numbers)
    else:
        paths = _first_that_fits(paper, paper.steps, numbers)
    return None if paths is None else Drawing(paths, paper)


def _finest_that_fits(
    paper: Paper, steps: Sequence[Geometries], numbers: npt.NDArray[np.int64]
) -> dict[int, str] | None:
    """The map by the finest of the steps at which it is small enough, of which only some are tried.

    A coarser step of the same shapes has fewer points. Where none of these is coarse enough, more are made.
    """
    drawn: dict[int, dict[int, str] | None] = {}

    def fits(step: int) -> bool:
        drawn[step] = _draw(paper, steps[step], numbers, LARGEST)
        return drawn[step] is not None

    first = bisect_left(range(len(steps)), x=True, key=fits)
    if first < len(steps):
        return drawn[first]
    return _first_that_fits(paper, chain(steps[-1:], _coarser(steps[-1], len(steps))), numbers)


def _first_that_fits(
    paper: Paper, steps: Iterable[Geometries], numbers: npt.NDArray[np.int64]
) -> dict[int, str] | None:
    """The same by steps that are made one after the other; however coarse, the last of them."""
    coarsest: Geometries | None = None
    for coarsest in steps:
        drawn = _draw(paper, coarsest, numbers, LARGEST)
        if drawn is not None:
            return drawn
    return None if coarsest is None else _draw(paper, coarsest, numbers)


def draw_svg(still: StillMap, paper: Paper | None) -> str:
    """The map as an ``svg`` element, north up; empty where no area has a geometry."""
    drawing = draw_paths(still, paper)
    if drawing is None:
        return ""
    drawn, width, height = drawing.paths, drawing.paper.width, drawing.paper.height
    fills = "".join(
        f'<path fill="{still.colours[number]}" d="{path}"/>' for number, path in drawn.items() if number >= 0
    )
    return (
        f'<svg role="img" aria-labelledby="atlas-still-title atlas-still-text" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}"><title id="atlas-still-title">{html.escape(still.title)}</title>'
        f'<desc id="atlas-still-text">{html.escape(still.description)}</desc>'
        f'<g fill-rule="evenodd">{fills}</g><path class="atlas-still-districts" d="{drawn[DISTRICTS]}"/>'
        f"{_names(drawing.paper)}</svg>"
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


def _draw(
    paper: Paper, shapes: Geometries, numbers: npt.NDArray[np.int64], most: float = math.inf
) -> dict[int, str] | None:
    """The shapes of each class as one path, and under ``DISTRICTS`` the borders of districts.

    None as soon as they take more than ``most`` characters.
    """
    drawn, length = dict[int, str](), 0
    for number in np.unique(numbers).tolist():
        drawn[number] = _path(shapes[numbers == number])
        length += len(drawn[number])
        if length > most:
            return None
    drawn[DISTRICTS] = paper.borders(shapes)
    return None if length + len(drawn[DISTRICTS]) > most else drawn


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


def _names(paper: Paper) -> str:
    """The name of each district, where there are few of them."""
    rows_of = paper.rows_of
    if len(rows_of) > NAMED:
        return ""
    texts = []
    width = paper.right
    for name, rows in rows_of.items():
        x, y = paper.centre(rows)
        half = min(width / 2, LETTER * len(str(name)) / 2)
        x = min(max(x, half), width - half)
        texts.append(f'<text x="{x:.0f}" y="{y:.0f}">{html.escape(str(name))}</text>')
    return f'<g aria-hidden="true">{"".join(texts)}</g>'
