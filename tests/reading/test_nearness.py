"""Points in and near outlines are those that every distance, measured one by one, gives."""

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

from pipeline.reading.coordinates import DEGREES, GRID
from pipeline.reading.nearness import lie_near

METRES = 4_000.0


@pytest.mark.parametrize("system", [DEGREES, GRID])
def test_points_near_outlines_are_those_at_no_greater_distance(system: str) -> None:
    random = np.random.default_rng(7)
    middles = random.uniform((400_000, 200_000), (600_000, 350_000), (40, 2))
    shapes = shapely.buffer(shapely.points(middles), random.uniform(300, 12_000, 40), quad_segs=3)
    outlines = gpd.GeoSeries(shapes, crs=GRID).to_crs(system)
    points = random.uniform((380_000, 180_000), (620_000, 370_000), (500, 2))
    on_grid = outlines.to_crs(GRID).to_numpy()
    apart = shapely.distance(np.asarray(shapely.points(points))[:, None], on_grid).min(axis=1)
    assert lie_near(points, outlines, METRES).tolist() == (apart <= METRES).tolist()
    assert 0 < np.count_nonzero(apart == 0) < np.count_nonzero(apart <= METRES) < len(points)
    assert lie_near(points, outlines, 0.0).tolist() == (apart == 0).tolist()


def test_a_side_along_a_parallel_is_bent_on_the_grid() -> None:
    """200 km along 52° N: on the grid, the corners of the box lie 800 m north of the middle of the side."""
    outline = gpd.GeoSeries([shapely.segmentize(shapely.box(-3.5, 52.0, -0.5, 52.1), 0.05)], crs=DEGREES)
    to_grid = pyproj.Transformer.from_crs(DEGREES, GRID, always_xy=True)
    points = np.array([to_grid.transform(-2.0, 52.0 + north) for north in (0.001, -0.02)])
    assert lie_near(points, outline, 0.0).tolist() == [True, False]


def test_no_points_are_near_nothing() -> None:
    outline = gpd.GeoSeries([shapely.box(1.0, 52.0, 1.1, 52.1)], crs=DEGREES)
    assert lie_near(np.zeros((0, 2)), outline, METRES).tolist() == []
