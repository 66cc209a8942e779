"""Maps for paper: names keep clear of each other, and the map of a unit shows it with what lies around."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import islice
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline.atlas import still, still_map
from pipeline.atlas.contract import LayerInfo, LegendClass
from pipeline.atlas.paper_map import LETTER, LINE, PaperMap, _free, _lines, _overlap, draw_area, draw_unit
from pipeline.atlas.still_map import Shapes, StillMap, draw_paths, lay_out, made_beforehand, shapes_of_map
from pipeline.space.unions import unite

SVG = "{http://www.w3.org/2000/svg}"
SIDE = 6


def layer() -> LayerInfo:
    classes = tuple(LegendClass(label=str(n), colour=f"#0000{n:02d}") for n in range(1, 11))
    return LayerInfo(
        id="risk_decile", column="risk_decile", title="Risk", sentence="Tenths.", group="overall", unit="tenth",
        worse="low", missing="No data", column_by=None, pair=None, kind="range", classes=classes, bounds=(),
        bounds_by=(), descending=False,
    )  # fmt: skip


@pytest.fixture
def areas() -> gpd.GeoDataFrame:
    """A grid of squares; the left half is one district."""
    x, y = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    shapes = shapely.box(x.ravel() / 50, 52 + y.ravel() / 50, (x.ravel() + 1) / 50, 52 + (y.ravel() + 1) / 50)
    lads = np.where(x.ravel() < SIDE // 2, "Saint Cadoc & the Wolds", "<b>Fens</b>")
    deciles = 1 + np.arange(SIDE * SIDE) % 10
    return gpd.GeoDataFrame({"risk_decile": deciles, "lad_name": lads}, geometry=list(shapes), crs=4326)


def drawn_of(areas: gpd.GeoDataFrame) -> PaperMap | None:
    return draw_area(pd.DataFrame(areas.drop(columns="geometry")), "Fens", layer(), lay_out(shapes_of_map(areas)))


def test_a_map_of_an_area_stands_alone(areas: gpd.GeoDataFrame) -> None:
    drawn = drawn_of(areas)
    assert drawn is not None
    root = ET.fromstring(drawn.svg)
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert texts == ["<b>Fens</b>", "Saint Cadoc", "& the Wolds"]
    fills = {path.get("fill") for path in root.iter(f"{SVG}path")}
    assert {colour for _, colour in drawn.key} <= fills
    assert drawn.ratio == pytest.approx(int(root.get("height", "")) / int(root.get("width", "")))
    assert "36 neighbourhoods" in drawn.alt
    assert "url(" not in drawn.svg
    assert drawn_of(areas.assign(geometry=None).set_geometry("geometry")) is None


def test_a_map_of_a_unit_shows_it_strongly_and_what_lies_around_pale(areas: gpd.GeoDataFrame) -> None:
    inside = np.zeros(len(areas), dtype=bool)
    inside[[0, 1, SIDE, SIDE + 1]] = True
    drawn = draw_unit(areas, inside, "Quay", layer())
    assert drawn is not None
    opacities = [float(path.get("fill-opacity", "1")) for path in ET.fromstring(drawn.svg).iter(f"{SVG}path")]
    assert min(opacities) < 0.5 < max(opacities)
    assert "4 neighbourhoods, of which 1 are in the most at-risk tenth" in drawn.alt
    whole = drawn_of(areas)
    assert whole is not None
    # What is farther than the margin is not drawn.
    assert len(re.findall("<path", drawn.svg)) < 2 * len(re.findall("<path", whole.svg))
    assert draw_unit(areas, np.zeros(len(areas), dtype=bool), "Nowhere", layer()) is None


def test_a_unit_of_many_neighbourhoods_is_drawn_as_one_of_few(
    areas: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = np.arange(len(areas)) < len(areas) // 2
    few = draw_unit(areas, inside, "Quay", layer())
    monkeypatch.setattr(still, "MANY", 3)
    monkeypatch.setattr(still_map, "MANY", 3)
    assert draw_unit(areas, inside, "Quay", layer()) == few


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 700), st.integers(1, 25)), max_size=12))
def test_names_never_overlap_and_never_leave_the_picture(given_: list[tuple[float, float, int]]) -> None:
    taken: list[tuple[float, float, float, float]] = []
    for x, y, letters in given_:
        place = _free(x, y, ["x" * letters], taken, (1000, 700))
        if place is None:
            continue
        assert not any(_overlap(place, other) for other in taken)
        assert place[0] >= 0
        assert place[1] >= 0
        assert place[2] <= 1000
        assert place[3] <= 700
        taken.append(place)


def test_long_names_take_two_lines() -> None:
    assert _lines("Norwich") == ["Norwich"]
    assert _lines("King's Lynn and West Norfolk") == ["King's Lynn and", "West Norfolk"]
    assert _lines("Llanfairpwllgwyngyll") == ["Llanfairpwllgwyngyll"]
    assert _free(0, 0, ["x" * 100], [], (1000, 700)) is None
    assert LETTER * 25 < 1000 > LINE


def test_shapes_that_do_not_meet_are_joined_all_the_same() -> None:
    squares = shapely.box([0, 10], [0, 0], [10.001, 20], [10, 10])
    assert shapely.area(unite(squares)) == pytest.approx(200, abs=0.1)
    described = StillMap(np.array([0, 0]), ["#000000"], "a", "b")
    drawn = draw_paths(described, lay_out(Shapes(np.asarray(squares), [None, None])))
    assert drawn is not None
    assert set(drawn.paths) == {0, -1}
    assert draw_paths(described, lay_out(Shapes(np.array([None, None]), [None, None]))) is None


def test_what_is_too_large_at_its_coarsest_is_drawn_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(still_map, "LARGEST", 1)
    squares = np.asarray(shapely.box([0, 10], [0, 0], [10, 20], [10, 10]))
    drawn = draw_paths(StillMap(np.array([0, 1]), ["#000000"] * 2, "a", "b"), lay_out(Shapes(squares, ["A", "B"])))
    assert drawn is not None
    assert all(drawn.paths[key] for key in (0, 1, -1))


@pytest.fixture(scope="module")
def cells() -> Shapes:
    """Two dozen areas of ten districts, with borders that bend."""
    random = np.random.default_rng(3)
    points = shapely.MultiPoint(random.random((24, 2)))
    areas = np.array(list(shapely.voronoi_polygons(points, extend_to=shapely.box(0, 0, 1, 1)).geoms), dtype=object)
    bent = shapely.transform(
        shapely.segmentize(areas, 0.03), lambda at: at + 0.004 * np.sin(at[:, ::-1] * 190) * np.cos(at * 410)
    )
    return Shapes(bent, [f"District {number % 10}" for number in range(len(bent))])


@pytest.mark.parametrize("largest", [1, 3_200, 4_500, 7_000, 100_000])
@pytest.mark.parametrize("made", [1, 4, len(still_map.TOLERANCES)])
def test_few_steps_are_tried_and_the_same_map_comes_of_it(
    monkeypatch: pytest.MonkeyPatch, cells: Shapes, largest: int, made: int
) -> None:
    monkeypatch.setattr(still_map, "LARGEST", largest)
    drawn = StillMap(np.arange(len(cells.areas)) % 7, ["#000000"] * 7, "a", "b")
    one_by_one, paper = draw_paths(drawn, lay_out(cells)), lay_out(cells)
    assert one_by_one is not None
    assert paper is not None
    steps, tried = list(islice(paper.steps, made)), list[int]()
    draw = still_map._draw

    def counted(*given: Any) -> dict[int, str] | None:
        tried.append(1)
        return draw(*given)

    monkeypatch.setattr(still_map, "_draw", counted)
    searched = draw_paths(drawn, replace(paper, steps=steps))
    assert searched is not None
    assert searched.paths == one_by_one.paths
    if made == len(still_map.TOLERANCES):
        assert len(tried) <= 6


def test_steps_are_made_beforehand_until_they_are_small(monkeypatch: pytest.MonkeyPatch, cells: Shapes) -> None:
    monkeypatch.setattr(still_map, "ENOUGH", 700)
    paper = lay_out(cells)
    assert paper is not None
    every = list(paper.steps)
    points = [int(shapely.get_num_coordinates(shapes).sum()) for shapes in every]
    made = list(made_beforehand(every))
    assert 1 < len(made) < len(every)
    assert len(made) == 1 + next(step for step, count in enumerate(points) if count <= still_map.ENOUGH)
    assert len(every) == len(still_map.TOLERANCES)
