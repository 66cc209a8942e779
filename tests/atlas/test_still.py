"""The map of a page without its scripts."""

import re
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from pipeline.atlas.still_map import LARGEST, Shapes, StillMap, draw_svg, lay_out

COLOURS = ["#102030", "#405060"]


def still(shapes: Sequence[BaseGeometry | None], numbers: Sequence[int], districts: Sequence[str | None]) -> str:
    paper = lay_out(Shapes(np.array(shapes, dtype=object), districts))
    return draw_svg(StillMap(np.array(numbers), COLOURS, "A <map>", "Two & more."), paper)


def drawn(svg: str, colour: str) -> BaseGeometry:
    """What is filled with a colour, read as SVG's even-odd rule says."""
    (path,) = re.findall(rf'<path fill="{colour}" d="([^"]*)"', svg)
    filled: BaseGeometry = shapely.Polygon()
    for start, steps in re.findall(r"M([\d -]+)l([\d -]+)z", path):
        numbers = [int(number) for number in re.findall(r"-?\d+", start + " " + steps)]
        points = np.cumsum(np.array(numbers).reshape(-1, 2), axis=0)
        filled = filled.symmetric_difference(shapely.Polygon(points))
    return filled


def test_each_area_is_drawn_where_it_is_in_the_colour_of_its_class() -> None:
    west, east = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1).difference(shapely.box(1.4, 0.4, 1.6, 0.6))
    svg = still([west, east, None, shapely.Polygon()], [0, 1, 0, 1], ["A", "A", None, "B"])
    dark, light = (drawn(svg, colour) for colour in COLOURS)
    assert dark.bounds == (0, 0, 500, 500)
    assert light.area / dark.area == 0.96
    assert not light.contains(shapely.Point(750, 250))
    assert dark.intersection(light).area == 0


def test_north_is_up() -> None:
    svg = still([shapely.box(0, 0, 1, 1), shapely.box(0, 1, 1, 2)], [0, 1], [None, None])
    assert drawn(svg, COLOURS[1]).bounds[3] <= drawn(svg, COLOURS[0]).bounds[1]


def test_it_says_what_it_shows_and_nothing_in_it_is_markup() -> None:
    svg = still([shapely.box(0, 0, 1, 1)], [0], ["<b>"])
    assert svg.startswith('<svg role="img" aria-labelledby="atlas-still-title atlas-still-text"')
    assert "A &lt;map&gt;" in svg
    assert "Two &amp; more." in svg
    assert "<b>" not in svg


def test_names_stay_inside_the_map_and_many_would_hide_it() -> None:
    shapes = [shapely.box(i, 0, i + 1, 3) for i in range(13)]
    svg = still(shapes[:2], [0, 1], ["A district of a long name", "B"])
    ((x, name), *_) = re.findall(r'<text x="(\d+)"[^>]*>([^<]*)', svg)
    assert int(x) >= 6 * len(name)
    assert "<text" not in still(shapes, [0] * 13, [f"District {i}" for i in range(13)])


def test_borders_are_coarser_where_they_would_take_too_much_room() -> None:
    turn = np.linspace(0, 2 * np.pi, 60_000, endpoint=False)
    rough = 1 + 0.05 * np.random.default_rng(1).random(len(turn))
    svg = still([shapely.Polygon(np.column_stack([rough * np.cos(turn), rough * np.sin(turn)]))], [0], [None])
    assert 500 < len(svg) < LARGEST + 1_000


def test_areas_without_geometry_make_no_map() -> None:
    assert still([None, shapely.Polygon()], [0, 1], ["A", None]) == ""
