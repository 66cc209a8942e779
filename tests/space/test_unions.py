"""Areas together as one outline, also where their borders do not meet."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline.space import unions
from pipeline.space.unions import dissolve, dissolve_all, unite

SIDE = st.integers(0, 6)
BOXES = st.lists(st.tuples(SIDE, SIDE, st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=6)


@given(BOXES)
def test_the_outline_covers_each_area_once_however_they_lie(corners: list[tuple[int, int, int, int]]) -> None:
    shapes = np.array([shapely.box(x, y, x + wide, y + high) for x, y, wide, high in corners], dtype=object)
    together = unite(shapes)
    cells = {(x + i, y + j) for x, y, wide, high in corners for i in range(wide) for j in range(high)}
    assert shapely.is_valid(together)
    assert shapely.area(together) == pytest.approx(len(cells))


def test_an_area_that_crosses_itself_is_no_obstacle() -> None:
    shapes = np.array([shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]), shapely.box(2, 0, 3, 2)], dtype=object)
    assert shapely.area(unite(shapes)) == pytest.approx(4)


def test_borders_that_nearly_meet_are_one_where_a_grid_says_so() -> None:
    shapes = np.array([shapely.box(0, 0, 1, 2), shapely.box(1.001, 0, 2, 1), shapely.box(1, 1, 2, 2)], dtype=object)
    assert len(shapely.get_parts(unite(shapes, grid=0.01))) == 1
    assert shapely.get_num_interior_rings(unite(shapes, grid=0.01)) == 0


def test_nothing_has_an_empty_outline() -> None:
    assert shapely.is_empty(unite(np.array([], dtype=object)))


def test_areas_are_dissolved_by_unit_and_those_without_one_left_out() -> None:
    shapes = gpd.GeoSeries([shapely.box(x, 0, x + 1, 1) for x in range(4)], index=list("abcd"))
    units = pd.Series(["N", None, "S", "S"], index=list("abcd"), dtype="object")
    assert {code: shapely.area(shape) for code, shape in dissolve(shapes, units).items()} == {"N": 1, "S": 2}


def test_units_of_several_levels_are_those_of_each_and_the_same_members_are_united_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shapes = gpd.GeoSeries([shapely.box(west, 0, west + 1, 1) for west in range(4)], crs=4326)
    levels = {
        "ward": pd.Series(["a", "a", "b", None], dtype="str"),
        "district": pd.Series(["x"] * 4, dtype="str"),
        "board": pd.Series(["y"] * 4, dtype="str"),
    }
    apart = {level: dissolve(shapes, units) for level, units in levels.items()}
    united: list[int] = []

    def counted(parts: unions.Geometries) -> shapely.Geometry:
        united.append(len(parts))
        return unite(parts)

    monkeypatch.setattr(unions, "unite", counted)
    assert dissolve_all(shapes, levels) == apart
    assert sorted(united) == [1, 2, 4]
