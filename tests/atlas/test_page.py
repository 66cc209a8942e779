"""The page in a real browser."""

import json
import re

import numpy as np
import pandas as pd
import pytest
import shapely
from playwright.sync_api import sync_playwright

from pipeline import schema, store
from pipeline.atlas import draw
from pipeline.catalogue import Index, read_layers
from tests.browser_setup import executable
from tests.places import ASSETS

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run"
)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS.split())
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser):
    """Opens a file; at the end nothing must have been asked of the network or complained of."""
    faults, pages = [], []

    def opener(path, **options):
        page = browser.new_page(**({"viewport": {"width": 1280, "height": 800}} | options))
        pages.append(page)
        page.on(
            "request", lambda r: faults.append(r.url) if not r.url.startswith(("file:", "data:", "blob:")) else None
        )
        page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path.as_uri())
        page.wait_for_function("performance.getEntriesByName('atlas-first-drawn').length > 0")
        return page

    yield opener
    for page in pages:
        page.close()
    assert faults == []


@pytest.fixture
def risk(demo):
    return store.read_geotable(demo[0].processed("demo") / "risk.parquet")


def test_it_says_where_what_and_that_it_is_fiction(demo, open_page):
    page = open_page(demo[0].page("demo"))
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert "Fictional data" in page.title()
    text = page.inner_text("body")
    for part in ("Saltmarsh and the Wolds", "Fictional data", "most at risk", "240"):
        assert part in text


def test_every_declared_layer_can_be_chosen(demo, open_page):
    page = open_page(demo[0].page("demo"))
    names = page.locator("input[type=radio]").count()
    assert names == 12
    for number in range(names):
        page.locator("input[type=radio]").nth(number).check()
    page.get_by_label("Rural or urban").check()
    assert "Smaller rural" in page.inner_text("body")


def test_a_point_falls_into_the_same_area_as_in_shapely(demo, open_page, risk):
    page = open_page(demo[0].page("demo"))
    random = np.random.default_rng(1)
    west, south, east, north = risk.total_bounds
    points = random.uniform((west, south), (east, north), (2_000, 2))
    metre = 1 / 60_000
    sure = shapely.distance(shapely.union_all(risk.geometry.boundary.to_numpy()), shapely.points(points)) > 2 * metre
    answers = page.evaluate("points => points.map(([x, y]) => window.Atlas.areaAt(x, y))", points.tolist())
    tree = shapely.STRtree(risk.geometry.to_numpy())
    of_point, of_area = tree.query(shapely.points(points), predicate="within")
    expected = dict(zip(of_point.tolist(), risk["lsoa21_code"].iloc[of_area], strict=True))
    wrong = [number for number in np.flatnonzero(sure) if answers[number] != expected.get(number)]
    assert sure.sum() > 1_500
    assert wrong == []


def test_selecting_an_area_shows_its_numbers(demo, open_page, risk):
    page = open_page(demo[0].page("demo"))
    row = risk.sort_values("risk_rank").iloc[0]
    page.evaluate("code => window.Atlas.select(code)", row["lsoa21_code"])
    text = page.inner_text("body")
    assert f"{row['ward_name']}, {row['lad_name']}" in text
    assert row["lsoa21_code"] in text
    assert re.search(r"1st of 240 · most at-risk tenth", text)
    assert f"{row['population_total']:,}" in text


def test_the_table_reaches_areas_by_keyboard(demo, open_page):
    page = open_page(demo[0].page("demo"))
    page.get_by_role("button", name="Table", exact=True).click()
    table = page.get_by_role("table")
    assert table.count() >= 1
    assert table.first.locator("tbody tr").count() >= 100


def test_names_that_look_like_code_stay_text(demo, open_page, risk, tmp_path):
    project = demo[0]
    metadata = store.read_metadata(project.processed("demo") / "risk.parquet")
    index = Index.model_validate(metadata["index"])
    names = [
        "</script><script>window.broken=1</script>",
        '"><img src=x onerror="window.broken=1">',
        "\u202egnp.exe 🦆" + "x" * 300,
    ]
    hostile = risk.copy()
    for column in ("lsoa21_name", "ward_name", "lad_name"):
        hostile[column] = pd.Series([names[n % 3] for n in range(len(hostile))])
    palettes, layers = read_layers(project.declared / "layers.toml")
    table = schema.risk_table({c.name: c.title for c in index.components})
    metadata["title"] = "</title><script>window.broken=1</script>{{ 7*7 }}"
    path = tmp_path / "hostile.html"
    path.write_text(draw(hostile, table, metadata, index, layers, palettes, ["<b>note</b>"], ASSETS), encoding="utf-8")
    page = open_page(path)
    for code, name in zip(hostile["lsoa21_code"].iloc[:3], names, strict=True):
        page.evaluate("code => window.Atlas.select(code)", code)
        assert name[:20] in page.inner_text("body")
    assert page.evaluate("window.broken") is None
    assert "{{ 7*7 }}" in page.title()


def test_areas_without_a_value_are_named_in_the_legend(demo, open_page, risk, tmp_path):
    project = demo[0]
    metadata = store.read_metadata(project.processed("demo") / "risk.parquet")
    index = Index.model_validate(metadata["index"])
    gaps = risk.copy()
    gaps["imd_decile"] = gaps["imd_decile"].astype("Float64")
    gaps.loc[:4, "imd_decile"] = pd.NA
    palettes, layers = read_layers(project.declared / "layers.toml")
    table = schema.risk_table({c.name: c.title for c in index.components})
    path = tmp_path / "gaps.html"
    path.write_text(draw(gaps, table, metadata, index, layers, palettes, [], ASSETS), encoding="utf-8")
    page = open_page(path)
    page.get_by_label("Deprivation (IMD 2025)").check()
    assert "no data" in page.inner_text("body").lower()


def test_it_works_on_a_narrow_screen(demo, open_page):
    page = open_page(demo[0].page("demo"), viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_page_carries_the_policy_and_the_sources(demo):
    html = demo[0].page("demo").read_text(encoding="utf-8")
    assert "connect-src &#x27;none&#x27;" in html or "connect-src 'none'" in html
    data = json.loads(re.search(r'id="atlas-data">(.*?)</script>', html, re.DOTALL)[1])
    assert {"title", "licence", "attribution", "release", "publisher"} <= set(data["sources"][0])
    assert data["reference"] == "england"
