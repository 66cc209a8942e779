from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import numpy as np
import shapely

from pipeline.reading.coordinates import DEGREES, GRID
from pipeline.reading.projection import to_degrees, to_grid, transformer


def test_shapes_are_moved_to_the_last_bit_as_geopandas_moves_them() -> None:
    shapes = np.array([shapely.box(1.0, 52.0, 1.1, 52.1), shapely.Point(-5.7, 50.1).buffer(0.1)], dtype=object)
    grid = to_grid(shapes)
    expected = gpd.GeoSeries(shapes, crs=DEGREES).to_crs(GRID)
    assert shapely.to_wkb(grid).tolist() == shapely.to_wkb(expected.to_numpy()).tolist()
    back = expected.to_crs(DEGREES)
    assert shapely.to_wkb(to_degrees(grid)).tolist() == shapely.to_wkb(back.to_numpy()).tolist()
    assert to_grid(np.array([], dtype=object)).tolist() == []


def test_threads_share_a_way() -> None:
    points = np.random.default_rng(5).uniform((400_000, 100_000), (600_000, 400_000), (8, 5_000, 2))
    expected = [np.column_stack(transformer(GRID, DEGREES).transform(*some.T)) for some in points]
    with ThreadPoolExecutor(4) as pool:
        moved = list(pool.map(lambda some: np.column_stack(transformer(GRID, DEGREES).transform(*some.T)), points))
    assert all(np.array_equal(one, other) for one, other in zip(moved, expected, strict=True))


def test_a_way_is_looked_up_once() -> None:
    assert transformer(DEGREES, GRID) is transformer(DEGREES, GRID)
    assert transformer(DEGREES, GRID) is not transformer(GRID, DEGREES)
