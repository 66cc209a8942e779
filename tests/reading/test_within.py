"""The outline that a point lies in is the one that a comparison of every point with every outline gives."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading import within
from pipeline.reading.within import NOWHERE, place_points

WHOLE = st.integers(0, 12)
POINTS = st.lists(st.tuples(WHOLE, WHOLE), max_size=12)
BOXES = st.lists(st.tuples(WHOLE, WHOLE, st.integers(1, 9), st.integers(1, 9)), max_size=6)


def brute(points: np.ndarray, outlines: np.ndarray) -> list[int]:
    """The first outline that a point intersects, pair by pair."""
    return [
        next((n for n, outline in enumerate(outlines) if shapely.intersects_xy(outline, *point)), NOWHERE)
        for point in points
    ]


@given(POINTS, BOXES)
def test_a_point_belongs_to_the_first_outline_that_it_lies_in_or_on(
    points: list[tuple[int, int]], boxes: list[tuple[int, int, int, int]]
) -> None:
    at = np.array(points, dtype="float64").reshape(-1, 2)
    outlines = np.array([shapely.box(x, y, x + across, y + up) for x, y, across, up in boxes], dtype=object)
    assert place_points(at, outlines).tolist() == brute(at, outlines)


@pytest.mark.parametrize("together", [1, 300, within.TOGETHER])
def test_outlines_of_all_sizes_and_forms_in_parts_of_any_size(monkeypatch: pytest.MonkeyPatch, together: int) -> None:
    monkeypatch.setattr(within, "TOGETHER", together)
    random = np.random.default_rng(11)
    middles = random.uniform(0, 1_000, (60, 2))
    outlines = shapely.buffer(shapely.points(middles), random.lognormal(3, 1, 60), quad_segs=2)
    outlines[7] = shapely.difference(outlines[7], shapely.buffer(outlines[7], -5))
    outlines[8] = shapely.Polygon()
    outlines[9] = shapely.MultiPolygon([shapely.box(0, 0, 5, 5), shapely.box(900, 900, 999, 999)])
    points = np.concatenate([random.uniform(-50, 1_050, (800, 2)), shapely.get_coordinates(outlines[:3])])
    places = place_points(points, outlines)
    assert not shapely.is_prepared(outlines).any()
    assert places.tolist() == brute(points, outlines)
    assert NOWHERE in places
    assert 9 in places


def test_without_points_or_outlines_there_are_no_places() -> None:
    assert place_points(np.zeros((0, 2)), np.array([shapely.box(0, 0, 1, 1)])).tolist() == []
    assert place_points(np.zeros((2, 2)), np.array([], dtype=object)).tolist() == [NOWHERE, NOWHERE]
    assert place_points(np.zeros((2, 2)), np.array([shapely.Polygon()])).tolist() == [NOWHERE, NOWHERE]
