"""What is drawn is what was published: vertices, borders, the area at every point, and the class of every area."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from pipeline import Project, store
from pipeline.atlas.classes import colour
from pipeline.atlas.layers import expand
from pipeline.catalogue import Index, read_layers
from pipeline.catalogue.indices import Component
from pipeline.store.records import RiskRecord
from pipeline.tables import DERIVED, MEMBER_OF, STANDING, risk_table
from pipeline.tables.programmes import NOT_LISTED
from tests.fixtures.folders import DECLARED
from tests.fixtures.joined import JOINED
from tests.fixtures.pages import OpenPage, PageWithTable, built_page, carried
from tests.fixtures.projects import REAL
from tests.fixtures.unpacking import classes_of, unpack_table

METRES_PER_DEGREE = 111_320
POINTS = 10_000


@pytest.fixture(params=["demo", pytest.param(REAL, marks=pytest.mark.real), "england"])
def published(request: pytest.FixtureRequest) -> PageWithTable:
    """A page and the table that it was drawn from."""
    return built_page(request.param, request)


def metres(
    coordinates: NDArray[np.float64] | shapely.coords.CoordinateSequence, latitude: float
) -> NDArray[np.float64]:
    """Longitude and latitude as metres on the ground about ``latitude``."""
    placed: NDArray[np.float64] = (
        np.asarray(coordinates) * METRES_PER_DEGREE * np.array([np.cos(np.radians(latitude)), 1.0])
    )
    return placed


def vanishing(
    polygon: shapely.MultiPolygon | shapely.Polygon, latitude: float, quantisation: float
) -> NDArray[np.bool_]:
    """Which vertices are of a ring narrower than the quantisation, of which nothing is left to draw."""
    found = []
    for part in shapely.get_parts(polygon):
        for ring in (part.exterior, *part.interiors):
            shape = shapely.Polygon(metres(ring.coords, latitude))
            found.append(np.full(len(ring.coords), 2 * shape.area / shape.length < 1.5 * quantisation))
    return np.concatenate(found)


def test_no_vertex_is_moved_by_more_than_is_said(published: PageWithTable, open_page: OpenPage) -> None:
    path, risk = published
    page = open_page(path)
    quantisation = carried(path)["quantisation_metres"]
    random = np.random.default_rng(2)
    rows = risk.iloc[np.sort(random.choice(len(risk), min(len(risk), 300), replace=False))]
    drawn = page.evaluate("codes => codes.map((code) => window.Atlas.vertices(code))", rows["lsoa21_code"].tolist())
    for polygon, rings in zip(rows.geometry, drawn, strict=True):
        latitude = polygon.centroid.y
        own = metres(shapely.get_coordinates(polygon), latitude)
        shown = metres(np.concatenate([np.array(ring) for ring in rings]), latitude)
        tree = shapely.STRtree([shapely.Point(place) for place in shown])
        _, distance = tree.query_nearest(
            shapely.points(own[~vanishing(polygon, latitude, quantisation)]), return_distance=True, all_matches=False
        )
        assert distance.max() <= quantisation
        back = shapely.STRtree([shapely.Point(place) for place in own])
        _, distance = back.query_nearest(shapely.points(shown), return_distance=True, all_matches=False)
        assert distance.max() <= quantisation


def test_every_point_falls_into_the_same_area_as_in_shapely(published: PageWithTable, open_page: OpenPage) -> None:
    path, risk = published
    page = open_page(path)
    quantisation = carried(path)["quantisation_metres"]
    random = np.random.default_rng(1)
    west, south, east, north = risk.total_bounds
    points = random.uniform((west, south), (east, north), (POINTS, 2))
    # Half of them where people live: beside vertices of areas, as small areas lie in towns.
    vertices = shapely.get_coordinates(risk.geometry.to_numpy())
    points[: POINTS // 2] = vertices[random.integers(0, len(vertices), POINTS // 2)] + random.normal(
        0, 0.002, (POINTS // 2, 2)
    )
    geometry = shapely.points(points)
    tree = shapely.STRtree(risk.geometry.to_numpy())
    of_point, of_area = tree.query(geometry, predicate="within")
    expected = dict(zip(of_point.tolist(), risk["lsoa21_code"].iloc[of_area], strict=True))
    borders = shapely.STRtree(risk.geometry.boundary.to_numpy())
    near = set(borders.query(geometry, predicate="dwithin", distance=1.5 * quantisation / 60_000)[0].tolist())
    answers = page.evaluate("points => points.map(([x, y]) => window.Atlas.areaAt(x, y))", points.tolist())
    sure = [number for number in range(POINTS) if number not in near]
    assert len(sure) > 0.8 * POINTS
    assert [number for number in sure if answers[number] != expected.get(number)] == []


def test_neighbours_have_no_gap_or_overlap_that_was_not_published(
    published: PageWithTable, open_page: OpenPage
) -> None:
    """The areas that are drawn, put together, cover no more and no less than those published, border by border."""
    path, risk = published
    page = open_page(path)
    centre = risk.geometry.iloc[len(risk) // 2].centroid
    near = risk.iloc[np.argsort(shapely.distance(risk.geometry.to_numpy(), centre))[:150]]
    rings = page.evaluate("codes => codes.map((code) => window.Atlas.vertices(code))", near["lsoa21_code"].tolist())
    drawn = np.array([filled(rings_) for rings_ in rings])
    own = near.geometry.to_numpy()
    assert shapely.is_valid(drawn).all() or not shapely.is_valid(own).all()
    union = shapely.union_all(drawn)
    sum_of_parts, whole = shapely.area(drawn).sum(), shapely.area(union)
    published_sum, published_whole = shapely.area(own).sum(), shapely.area(shapely.union_all(own))
    assert sum_of_parts - whole == pytest.approx(published_sum - published_whole, abs=1e-6 * whole)
    holes = sum(len(part.interiors) for part in shapely.get_parts(union))
    published_holes = sum(len(part.interiors) for part in shapely.get_parts(shapely.union_all(own)))
    assert holes <= published_holes


def filled(
    rings: Sequence[Sequence[Sequence[float]]],
) -> BaseGeometry:
    """Rings filled even-odd."""
    shape: BaseGeometry = shapely.Polygon()
    for ring in rings:
        shape = shape.symmetric_difference(shapely.Polygon(ring))
    return shape


def test_every_area_has_the_class_that_the_pipeline_gives_it(published: PageWithTable, open_page: OpenPage) -> None:
    path, risk = published
    page = open_page(path)
    look = read_layers(DECLARED / "layers.toml")
    area = risk.assign(population_65_plus=risk["population_65_to_74"] + risk["population_75_plus"])
    area["share_65_plus"] = area["population_65_plus"] / area["population_total"]
    assert {column.name for column in DERIVED} <= set(area.columns)
    area[STANDING.name] = standing(path, area["lsoa21_code"])
    index = carried_index(path)
    shown = unpack_table(carried(path)["table"])
    shown["population_65_plus"] = shown["population_65_to_74"] + shown["population_75_plus"]
    shown["share_65_plus"] = (shown["population_65_plus"] / shown["population_total"]).round(4)
    groups = store.read_record(
        Project(path.parents[2]).processed(path.parent.name) / "risk.parquet", RiskRecord
    ).priority_groups
    table = risk_table(JOINED, {c.name: c.title for c in index.components}, carried_kinds(path), groups=groups.titles)
    table = replace(table, columns=(*table.columns, *DERIVED, STANDING, MEMBER_OF))
    for layer in expand(look.layers, index, carried(path)["nation"]["title"], table.columns, shown):
        coloured = colour(layer, look.palettes[layer.palette], shown)
        expected = classes_of(coloured, shown)
        # A number at a bound may be rounded over it, to what the page shows beside the colour.
        nature = table.column(layer.column).nature
        rounded = nature.storage == "number" and nature.kept == 0
        near_a_bound = len(area) / (50 if rounded else 2_000)
        assert (expected != classes_of(coloured, area)).sum() <= near_a_bound, layer.id
        assert page.evaluate("id => window.Atlas.classes(id)", layer.id) == expected.tolist(), layer.id


def standing(path: Path, codes: pd.Series) -> list[str]:
    """Whether each area is in a programme, as the table beside the page has it."""
    processed = Project(path.parents[2]).processed(path.parent.name)
    listed = store.read_table(processed / "programme_areas.parquet").set_index("lsoa21_code")["standing"]
    found: list[str] = listed.reindex(codes).fillna(NOT_LISTED).tolist()
    return found


def carried_kinds(path: Path) -> dict[str, str]:
    """The kinds of places that a page gives ways to: id to title."""
    support = carried(path)["support"] or {"kinds": []}
    return {kind["id"]: kind["title"] for kind in support["kinds"] if not kind["mobile"]}


def carried_index(path: Path) -> Index:
    """The index of a page as an index file has it: without what the page knows of it besides."""
    told = carried(path)["index"]
    components = [
        {key: value for key, value in component.items() if key in Component.model_fields}
        for component in told["components"]
    ]
    return Index.model_validate(
        {key: value for key, value in told.items() if key in Index.model_fields} | {"components": components}
    )
