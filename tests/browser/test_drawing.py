"""What is drawn, pixel by pixel, in a real browser."""

import base64
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pytest
import shapely
from playwright.sync_api import Page

from tests.fixtures.pages import OpenPage, PageData, carried, close_tools, open_tool
from tests.fixtures.projects import Demo

COLOURS_ONLY = """
.atlas-start, .atlas-layers, .atlas-lines, .atlas-names, .atlas-outlines, .atlas-swipe, .atlas-legend, .atlas-hover,
.leaflet-control-container {
  visibility: hidden;
}"""

PIXELS = """async ([image, points]) => {
  const picture = new Image();
  picture.src = `data:image/png;base64,${image}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.width;
  canvas.height = picture.height;
  const context = canvas.getContext("2d", {willReadFrequently: true});
  context.drawImage(picture, 0, 0);
  return points.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)]);
}"""

PLACES = """points => {
  const map = Object.values(window).find((value) => value instanceof L.Map);
  const frame = map.getContainer().getBoundingClientRect();
  return points.map(([lon, lat]) => {
    const {x, y} = map.latLngToContainerPoint([lat, lon]);
    const at = [Math.round(frame.left + x), Math.round(frame.top + y)];
    const clear = x > 3 && y > 3 && x < frame.width - 3 && y < frame.height - 3
      && map.getContainer().contains(document.elementFromPoint(...at));
    return clear ? at : null;
  });
}"""

VIEW = """([lon, lat, zoom]) => {
  const map = Object.values(window).find((value) => value instanceof L.Map);
  map.setView([lat, lon], zoom, {animate: false});
}"""

Layers = dict[str, PageData]


def rgb(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


@pytest.fixture
def layers(demo: Demo) -> Layers:
    return {layer["id"]: layer for layer in carried(demo[0].page("demo"))["layers"]}


@pytest.fixture
def page(demo: Demo, open_page: OpenPage) -> Page:
    page = open_page(demo[0].page("demo"), fragment="#places=none")
    page.evaluate("document.querySelector('#atlas-stripes').click()")
    page.add_style_tag(content=COLOURS_ONLY)
    return page


class Seen:
    """The middles of areas that are on the screen with room around them, and what colour they have there."""

    def __init__(self, page: Page, risk: gpd.GeoDataFrame, margin: int = 3) -> None:
        page.evaluate("window.Atlas.settled()")
        middles = [shapely.maximum_inscribed_circle(area) for area in risk.geometry]
        points = [list(shapely.get_point(circle, 0).coords[0]) for circle in middles]
        edges = [list(shapely.get_point(circle, 1).coords[0]) for circle in middles]
        places, edges = page.evaluate(PLACES, points), page.evaluate(PLACES, edges)
        self.rows = [
            row
            for row, (place, edge) in enumerate(zip(places, edges, strict=True))
            if place and edge and np.hypot(*np.subtract(place, edge)) > margin
        ]
        self.places = [places[row] for row in self.rows]
        image = base64.b64encode(page.screenshot()).decode()
        scratch = page.context.new_page()
        self.colours = scratch.evaluate(PIXELS, [image, self.places])
        scratch.close()


def expected(page: Page, layer: PageData, rows: Sequence[int]) -> list[list[int]]:
    classes = page.evaluate("id => window.Atlas.classes(id)", layer["id"])
    return [rgb(layer["classes"][classes[row]]["colour"]) for row in rows]


def middle(risk: gpd.GeoDataFrame) -> tuple[float, float]:
    west, south, east, north = risk.total_bounds
    return (west + east) / 2, (south + north) / 2


def test_each_area_has_the_colour_of_its_decile_at_every_zoom(
    page: Page,
    risk: gpd.GeoDataFrame,
    layers: Layers,
) -> None:
    lon, lat = middle(risk)
    zoom = page.evaluate("Atlas.state().view.zoom")
    ramp = [rgb(entry["colour"]) for entry in layers["risk_decile"]["classes"]]
    for closer in (0, 1, 2.5):
        page.evaluate(VIEW, [lon, lat, zoom + closer])
        seen = Seen(page, risk)
        assert len(seen.rows) >= (50 if closer == 0 else 8)
        assert seen.colours == [ramp[int(risk["risk_decile"].iloc[row]) - 1] for row in seen.rows]


def test_the_picture_follows_zooming_by_button_and_dragging(
    page: Page,
    risk: gpd.GeoDataFrame,
    layers: Layers,
) -> None:
    for way in ("in", "in", "out"):
        page.locator(f".leaflet-control-zoom-{way}").dispatch_event("click")
        page.wait_for_timeout(100)
        page.evaluate("window.Atlas.settled()")
    before = page.evaluate("Atlas.state().view")
    page.mouse.move(800, 400)
    page.mouse.down()
    page.mouse.move(500, 300, steps=8)
    page.mouse.move(300, 250, steps=8)
    page.mouse.up()
    seen = Seen(page, risk)
    assert page.evaluate("Atlas.state().view") != before
    assert len(seen.rows) >= 8
    assert seen.colours == expected(page, layers["risk_decile"], seen.rows)


def test_another_layer_recolours_the_same_areas(
    page: Page,
    risk: gpd.GeoDataFrame,
    layers: Layers,
) -> None:
    for name in ("component_age", "ruc21_name"):
        page.evaluate("id => Atlas.setLayer(id)", name)
        seen = Seen(page, risk)
        assert len(seen.rows) >= 50
        assert seen.colours == expected(page, layers[name], seen.rows)


def test_two_layers_meet_at_the_divider_also_while_the_map_moves(
    page: Page,
    risk: gpd.GeoDataFrame,
    layers: Layers,
) -> None:
    number = list(layers).index("component_age")
    open_tool(page, "Compare two layers")
    page.locator("#atlas-with").select_option(str(number))
    close_tools(page)
    frame = page.locator(".leaflet-container").bounding_box()
    lon, lat = middle(risk)
    assert frame is not None
    zoom = page.evaluate("Atlas.state().view.zoom")
    for share, closer in ((0.5, 0), (0.35, 0), (0.65, 1.3)):
        page.locator("#atlas-divide").evaluate(
            "(range, to) => { range.value = 100 * to; range.dispatchEvent(new Event('input', {bubbles: true})); }",
            share,
        )
        page.evaluate(VIEW, [lon, lat, zoom + closer])
        seen = Seen(page, risk)
        divider = frame["x"] + share * frame["width"]
        left = expected(page, layers["risk_decile"], seen.rows)
        right = expected(page, layers["component_age"], seen.rows)
        clear = [n for n, (x, _) in enumerate(seen.places) if abs(x - divider) > 2]
        sides = {seen.places[n][0] < divider for n in clear}
        assert sides == {True, False}
        assert [seen.colours[n] for n in clear] == [(left if seen.places[n][0] < divider else right)[n] for n in clear]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_areas_left_out_are_paler_and_the_others_are_not(
    demo: Demo,
    open_page: OpenPage,
    risk: gpd.GeoDataFrame,
    layers: Layers,
    scheme: str,
) -> None:
    page = open_page(demo[0].page("demo"), fragment="#places=none&filter=risk_decile%3C3", color_scheme=scheme)
    page.evaluate("document.querySelector('#atlas-stripes').click()")
    page.add_style_tag(content=COLOURS_ONLY)
    ground = rgb(page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--atlas-sea')").strip())
    seen = Seen(page, risk)
    whole = expected(page, layers["risk_decile"], seen.rows)
    inside = [risk["risk_decile"].iloc[row] <= 3 for row in seen.rows]
    assert 0 < sum(inside) < len(inside)
    for colour, full, chosen in zip(seen.colours, whole, inside, strict=True):
        if chosen:
            assert colour == full
        else:
            distance = np.linalg.norm(np.subtract(colour, ground))
            assert distance < 0.4 * np.linalg.norm(np.subtract(full, ground))
