"""Districts of the United Kingdom, ultra-generalised: the land around an area, so that its map has a coast."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import RawFileError, first
from pipeline.reading import plain, read_shapes
from pipeline.reading.codes import codes_in
from pipeline.reading.coordinates import DEGREES, GRID
from pipeline.reading.projection import to_degrees, to_grid, transformer
from pipeline.reading.shapes import in_system
from pipeline.tables import Family, Table, validate
from pipeline.tables.columns import ons_code, published_name
from pipeline.tidy.registry import reader

if TYPE_CHECKING:
    import geopandas as gpd
    import shapely

Shapes = NDArray[np.object_]
Flags = NDArray[np.bool_]

CODE = r"[EWSN]\d{8}"
CODE_HEADER, NAME_HEADER = re.compile(r"(?i)(LAD|LTLA)\d\d_?(CD|CODE)"), re.compile(r"(?i)(LAD|LTLA)\d\d_?(NM|NAME)")
"""Columns of one year, as the Open Geography Portal has them, and as copies of it call them."""
UNITED_KINGDOM = (-9.0, 49.0, 2.5, 61.5)
"""West, south, east and north, in degrees."""

GENERALISED = 700.0
"""How far an ultra-generalised line may be from the same line of an LSOA, in metres: beyond it, there is other land."""
SMALLEST = 3_000_000.0
"""Square metres of what is left of a district beside an area: less is a trace of the generalised line."""
COVERED = 0.9
"""The share of a district from which on it is taken as wholly inside an area."""
REACH = 1.6
"""How far around an area land is kept: the longer side of its box, this often. Its map can show little beyond."""
FINEST, COARSEST = 250.0, 600.0
"""Metres of detail that is left out at least, and at most."""
SLACK = 0.05
"""Degrees added around the box of what can be seen, as its sides are bent."""
STEPS = 1_000.0
"""Details of the longer side of an area's box that a screen can show when all of it is in view."""

_district = Family("place", "lad_context")

DISTRICTS = Table(
    "districts",
    "Districts of the United Kingdom",
    "Outlines of local authority districts, generalised to 500 m and clipped to the coast.",
    (
        ons_code(_district, "lad_code", "District code", CODE),
        published_name(_district, "lad_name", "District"),
        _district("geometry", "geometry", "Outline", "Polygon or multipolygon, EPSG:4326", unit="degrees"),
    ),
    key="lad_code",
    geography="lad",
)

LAND = Table(
    "land",
    "Land around the area",
    "What of each district lies around the area, up to where its map ends; drawn beneath it.",
    DISTRICTS.columns,
    key="lad_code",
    geography="lad",
)


@reader("districts", DISTRICTS, "located", area_table=LAND)
def tidy_districts(path: Path) -> "gpd.GeoDataFrame":
    """The districts of the United Kingdom: ``lad_code``, ``lad_name`` and ``geometry`` in EPSG:4326.

    Raises:
        RawFileError: no column of codes or names, a code that is none or twice, or outlines that are no polygons or do
            not lie in the United Kingdom.
    """
    import geopandas as gpd

    frame = read_shapes(path)
    headers = list(map(str, frame.columns))
    code, name = (_header(headers, pattern, path) for pattern in (CODE_HEADER, NAME_HEADER))
    codes = codes_in(frame[code])
    wrong = codes[~codes.str.fullmatch(CODE)]
    if len(wrong):
        raise RawFileError(f"{path}: column {code} should hold codes of districts; it holds {first(wrong, 5)}.")
    twice = codes[codes.duplicated()]
    if len(twice):
        raise RawFileError(f"{path}: {len(twice):,} district(s) appear more than once: {first(twice)}")
    shapes = frame.geometry if frame.crs is not None and frame.crs.to_epsg() == 4326 else None
    shapes = in_system(frame, 4326, str(path)).geometry if shapes is None else shapes
    _refuse_odd_outlines(shapes, codes.tolist(), path)
    result = gpd.GeoDataFrame(
        {"lad_code": codes, "lad_name": [plain(text) for text in frame[name]]},
        geometry=shapes.force_2d().make_valid().to_numpy(),
        crs="EPSG:4326",
    )
    result = result.astype({"lad_name": "str"}).sort_values("lad_code", ignore_index=True)
    validate(result, DISTRICTS, str(path))
    return result


def _header(headers: list[str], pattern: re.Pattern[str], path: Path) -> str:
    there = [header for header in headers if pattern.fullmatch(header)]
    if len(there) != 1:
        wanted = "LAD24CD" if pattern is CODE_HEADER else "LAD24NM"
        raise RawFileError(
            f"{path}: expected one column such as {wanted}; there are {first(there or headers)}. Fetch the file again."
        )
    return there[0]


def _refuse_odd_outlines(shapes: "gpd.GeoSeries", codes: list[str], path: Path) -> None:
    box = shapes.bounds.to_numpy()
    west, south, east, north = UNITED_KINGDOM
    inside = (box[:, 0] >= west) & (box[:, 1] >= south) & (box[:, 2] <= east) & (box[:, 3] <= north)
    odd = ~inside | ~shapes.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy()
    if odd.any():
        named = [code for code, wrong in zip(codes, odd, strict=True) if wrong]
        raise RawFileError(
            f"{path}: {len(named):,} outline(s) are no polygons, or do not lie in the United Kingdom: "
            f"{first(named, 5)}. Fetch the file again."
        )


def land_around(
    districts: "gpd.GeoDataFrame", areas: "gpd.GeoDataFrame", areas_on_grid: Shapes | None = None
) -> "gpd.GeoDataFrame":
    """Table ``land``: what of each district lies around ``areas``, and a little beneath their edge.

    Outlines of districts are far coarser than those of areas. So land begins where a district is farther from the areas
    than its line may be wrong, which leaves no fringe beside their coast, and from there reaches back beneath them,
    which leaves no gap beside their border.

    Args:
        districts: table ``districts``. ``areas``: polygons in EPSG:4326; ``areas_on_grid``: the same on the National
            Grid, where they were made already.
    """
    import geopandas as gpd
    import shapely

    inner = _Coarse(to_grid(areas.geometry.to_numpy()) if areas_on_grid is None else areas_on_grid)
    west, south, east, north = inner.extent()
    side = max(east - west, north - south)
    view = shapely.box(west - REACH * side, south - REACH * side, east + REACH * side, north + REACH * side)
    districts = districts[_in_view(districts.geometry.to_numpy(), shapely.bounds(view))]
    shapes = np.asarray(shapely.make_valid(to_grid(districts.geometry.to_numpy())))
    outside = shapely.intersection(_outside(shapes, inner), view)
    near = shapely.buffer(shapely.union_all(outside), 2 * GENERALISED, quad_segs=2)
    detail = min(COARSEST, max(FINEST, side / STEPS))
    parts = shapely.intersection(shapes, near) if not shapely.is_empty(near) else outside
    kept = np.array([_polygons_of(part) for part in np.asarray(shapely.intersection(parts, view))], dtype=object)
    kept = np.asarray(shapely.coverage_simplify(shapely.set_precision(kept, 1.0), detail))
    there = ~shapely.is_empty(kept)
    geometry = to_degrees(kept[there])
    named = districts.loc[there, ["lad_code", "lad_name"]]
    return gpd.GeoDataFrame(named, geometry=geometry, crs="EPSG:4326").reset_index(drop=True)


def _in_view(shapes: Shapes, view: NDArray[np.float64]) -> Flags:
    """Which shapes in degrees may reach into a box on the National Grid."""
    import shapely

    low_x, low_y, high_x, high_y = map(float, view)
    onto_degrees = transformer(GRID, DEGREES)
    west, south, east, north = onto_degrees.transform_bounds(low_x, low_y, high_x, high_y, densify_pts=50)
    if not np.isfinite([west, south, east, north]).all():
        return np.ones(len(shapes), dtype=bool)
    left, bottom, right, top = shapely.bounds(shapes).T
    reaching: Flags = (left <= east + SLACK) & (right >= west - SLACK)
    reaching &= (bottom <= north + SLACK) & (top >= south - SLACK)
    return reaching


class _Coarse:
    """Outlines of areas on the National Grid without detail that is not seen, which is left out of no more than needed.

    To leave it out of all areas of a nation takes longer than all the rest.
    """

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self._coarse = np.full(len(shapes), None, dtype=object)

    def __getitem__(self, places: NDArray[np.int64]) -> Shapes:
        """The outlines at ``places``, without detail."""
        import shapely

        new = places[[self._coarse[place] is None for place in places]]
        self._coarse[new] = shapely.simplify(shapely.make_valid(self.shapes[new]), FINEST / 4)
        return np.asarray(self._coarse[places])

    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east and north of all outlines without detail, each of which lies within the box of its own."""
        import shapely

        bounds = shapely.bounds(self.shapes)
        ends = []
        for side, sign in enumerate((1, 1, -1, -1)):
            outward = sign * bounds[:, side]
            first = sign * shapely.bounds(self[np.array([outward.argmin()])])[0, side]
            beyond = np.flatnonzero(outward <= first)
            ends.append(float(sign * (sign * shapely.bounds(self[beyond])[:, side]).min()))
        west, south, east, north = ends
        return west, south, east, north


def _outside(districts: Shapes, areas: _Coarse) -> Shapes:
    """What of each district is no part of the areas: all, a part, or nothing."""
    import shapely

    tree = shapely.STRtree(areas.shapes)
    inside = np.zeros(len(districts))
    points = shapely.STRtree(shapely.point_on_surface(areas.shapes))
    district, area = points.query(districts, predicate="contains")
    np.add.at(inside, district, shapely.area(areas.shapes[area]))
    result = districts.copy()
    result[inside >= COVERED * shapely.area(districts)] = shapely.Polygon()
    left = np.flatnonzero(~shapely.is_empty(result))
    within = shapely.box(*(shapely.bounds(districts[left]) + GENERALISED * np.array([-1, -1, 1, 1])).T)
    district, area = tree.query(within)
    for number in np.unique(left[district]):
        close = areas[np.sort(area[left[district] == number])]
        close = close[shapely.dwithin(close, districts[number], GENERALISED)]
        if not len(close):
            continue
        taken = shapely.union_all(shapely.buffer(close, GENERALISED, quad_segs=2))
        parts = shapely.get_parts(shapely.difference(districts[number], taken))
        result[number] = shapely.union_all(parts[shapely.area(parts) >= SMALLEST])
    return result


def _polygons_of(shape: "shapely.Geometry") -> "shapely.Geometry":
    """The polygons among the parts of a shape, as one."""
    import shapely

    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.union_all(parts) if len(parts) != 1 else parts[0]
