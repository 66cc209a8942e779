"""What is drawn is what was published: vertices, borders, the area at every point, and the class of every area."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
import shapely

from pipeline import store
from pipeline.atlas.columns import unpack_table
from pipeline.atlas.layers import colour, expand
from pipeline.atlas.page import WHOLE_UNITS
from pipeline.catalogue import Index, read_layers
from pipeline.tables import DERIVED, risk_table
from tests.folders import ROOT

METRES_PER_DEGREE = 111_320
POINTS = 10_000


def built(area):
    """A page built from the official files, or the reason why there is none."""
    page, risk = ROOT / "maps" / area / "atlas.html", ROOT / "data" / "processed" / area / "risk.parquet"
    if not (page.exists() and risk.exists()):
        pytest.skip(f"maps/{area} is not built here: make data AREA={area}, make maps AREA={area}")
    return page, store.read_geotable(risk)


@pytest.fixture(params=["demo", "norfolk-and-waveney", "england"])
def published(request, demo):
    """A page and the table that it was drawn from."""
    if request.param == "demo":
        return demo[0].page("demo"), store.read_geotable(demo[0].processed("demo") / "risk.parquet")
    return built(request.param)


def metres(coordinates, latitude):
    """Longitude and latitude as metres on the ground about ``latitude``."""
    return np.asarray(coordinates) * METRES_PER_DEGREE * np.array([np.cos(np.radians(latitude)), 1.0])


def vanishing(polygon, latitude, quantisation):
    """Which vertices are of a ring narrower than the quantisation, of which nothing is left to draw."""
    found = []
    for part in shapely.get_parts(polygon):
        for ring in (part.exterior, *part.interiors):
            shape = shapely.Polygon(metres(ring.coords, latitude))
            found.append(np.full(len(ring.coords), 2 * shape.area / shape.length < 1.5 * quantisation))
    return np.concatenate(found)


def test_no_vertex_is_moved_by_more_than_is_said(published, open_page):
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
        tree = shapely.STRtree(shapely.points(shown))
        _, distance = tree.query_nearest(
            shapely.points(own[~vanishing(polygon, latitude, quantisation)]), return_distance=True, all_matches=False
        )
        assert distance.max() <= quantisation
        back = shapely.STRtree(shapely.points(own))
        _, distance = back.query_nearest(shapely.points(shown), return_distance=True, all_matches=False)
        assert distance.max() <= quantisation


def test_every_point_falls_into_the_same_area_as_in_shapely(published, open_page):
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


def test_neighbours_have_no_gap_or_overlap_that_was_not_published(published, open_page):
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


def filled(rings):
    """Rings filled even-odd."""
    shape = shapely.Polygon()
    for ring in rings:
        shape = shape.symmetric_difference(shapely.Polygon(ring))
    return shape


def test_every_area_has_the_class_that_the_pipeline_gives_it(published, open_page):
    path, risk = published
    page = open_page(path)
    look = read_layers(ROOT / "declared" / "layers.toml")
    area = risk.assign(population_65_plus=risk["population_65_to_74"] + risk["population_75_plus"])
    area["share_65_plus"] = area["population_65_plus"] / area["population_total"]
    assert {column.name for column in DERIVED} <= set(area.columns)
    index = Index.model_validate(carried(path)["index"] | {"components": components(path)})
    shown = unpack_table(carried(path)["table"])
    shown["population_65_plus"] = shown["population_65_to_74"] + shown["population_75_plus"]
    shown["share_65_plus"] = (shown["population_65_plus"] / shown["population_total"]).round(4)
    table = risk_table({c.name: c.title for c in index.components}, carried_kinds(path))
    table = replace(table, columns=(*table.columns, *DERIVED))
    for layer in expand(look.layers, index, carried(path)["nation"]["title"], table.columns, shown):
        coloured = colour(layer, look.palettes[layer.palette], shown)
        expected = coloured.of_area(shown)
        # A number at a bound may be rounded over it, to what the page shows beside the colour.
        near_a_bound = len(area) / (50 if table.column(layer.column).unit in WHOLE_UNITS else 2_000)
        assert (expected != coloured.of_area(area)).sum() <= near_a_bound, layer.id
        assert page.evaluate("id => window.Atlas.classes(id)", layer.id) == expected.tolist(), layer.id


def carried(path):
    """The data that a page carries."""
    return json.loads(re.search(r'id="atlas-data">(.*?)</script>', path.read_text(encoding="utf-8"), re.DOTALL)[1])


def carried_kinds(path):
    """The kinds of places that a page gives ways to: id to title."""
    support = carried(path)["support"] or {"kinds": []}
    return {kind["id"]: kind["title"] for kind in support["kinds"] if not kind["mobile"]}


def components(path):
    """The components of the index of a page, as an index file has them."""
    return [{k: v for k, v in part.items() if k != "column"} for part in carried(path)["index"]["components"]]
