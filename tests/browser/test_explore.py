"""Searching, choosing, comparing, re-weighting and saving on the page."""

import json
from pathlib import Path
from urllib.parse import quote

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from playwright.sync_api import Locator, Page

from pipeline import store
from pipeline.catalogue import Index, read_index
from pipeline.index import rank_scores, score
from pipeline.tables import round_people
from pipeline.tables.programmes import IN_PROGRAMME, NOT_LISTED
from tests.fixtures.pages import OpenPage, open_layers, open_tool, open_tools, open_view
from tests.fixtures.projects import Demo
from tests.fixtures.weights import linked, other_weights, reweighted


@pytest.fixture
def page(demo: Demo, open_page: OpenPage) -> Page:
    return open_page(demo[0].page("demo"))


@pytest.fixture
def index(demo: Demo) -> Index:
    return read_index(demo[0].declared / "indices" / "norfolk-waveney.toml")


@pytest.fixture
def towns(demo: Demo) -> pd.DataFrame:
    return store.read_table(demo[0].processed("demo") / "towns.parquet")


@pytest.fixture
def postcodes(demo: Demo) -> pd.DataFrame:
    return store.read_table(demo[0].processed("demo") / "postcodes.parquet")


def search(page: Page, text: str) -> Locator:
    page.get_by_label("Find a place").fill(text)
    return page.locator("#atlas-suggestions li")


def test_postcodes_lead_to_their_area(page: Page, postcodes: pd.DataFrame) -> None:
    page.wait_for_timeout(100)
    for _, row in postcodes.sample(10, random_state=1).iterrows():
        assert row["postcode"] in search(page, row["postcode"].lower()).first.inner_text()
        page.keyboard.press("Enter")
        assert page.evaluate("window.Atlas.state().area") == row["lsoa21_code"]


def test_an_outward_code_leads_to_its_areas(page: Page, postcodes: pd.DataFrame) -> None:
    page.wait_for_timeout(100)
    outward = postcodes["postcode"].iloc[0].split()[0]
    areas = postcodes.loc[postcodes["postcode"].str.split().str[0] == outward, "lsoa21_code"].nunique()
    assert f"{areas} areas" in search(page, outward).first.inner_text()


def test_what_is_no_postcode_is_said_to_be_none(page: Page) -> None:
    page.wait_for_timeout(100)
    assert "No such postcode" in search(page, "AB1 2CD").first.inner_text()
    assert "No place found" in search(page, "qqqqq").first.inner_text()


def test_towns_are_found(page: Page, towns: pd.DataFrame) -> None:
    option = search(page, towns["name"].iloc[0]).first
    assert "Town in" in option.inner_text()
    option.click()
    assert page.evaluate("window.Atlas.state().view.zoom") > 8


def test_conditions_choose_the_same_areas_as_pandas(page: Page, risk: gpd.GeoDataFrame) -> None:
    open_tool(page, "Choose areas").get_by_text("By any number").click()
    page.get_by_label("Risk", exact=True).select_option("Most at-risk fifth")
    page.locator("#atlas-filter-rural-or-urban").select_option("All rural")
    page.locator("#atlas-filter-number").select_option("share_75_plus")
    page.locator("#atlas-filter-value").fill("12")
    page.get_by_role("button", name="Add").click()
    chosen = risk[
        (risk["risk_decile"] <= 2) & ~risk["ruc21_name"].str.startswith("Urban") & (risk["share_75_plus"] >= 0.12)
    ]
    assert 0 < len(chosen) < len(risk)
    older = chosen["population_65_to_74"].sum() + chosen["population_75_plus"].sum()
    totals = f"{len(chosen)} of 240 areas · {chosen['population_total'].sum():,} people · {older:,} aged 65 and over"
    assert page.inner_text(".atlas-totals") == totals
    open_view(page, "Table")
    listed = page.locator(".atlas-table tbody th").all_inner_texts()
    assert sorted(listed) == sorted(chosen["place_name"])
    assert page.inner_text(".atlas-table-totals") == totals
    fragment = page.evaluate("location.hash")
    assert "filter=" in fragment
    open_tools(page).get_by_role("button", name="Clear all").click()
    assert "All 240 areas" in page.inner_text(".atlas-totals")


def test_a_link_brings_everything_back(demo: Demo, open_page: OpenPage, index: Index, risk: gpd.GeoDataFrame) -> None:
    codes = risk.sort_values("risk_rank")["lsoa21_code"].tolist()
    layer = f"component_{index.components[0].name}"
    # A weight of 0 leaves a component out, and is kept.
    weights = [0.0, *other_weights(index)[1:]]
    fragment = (
        f"#layer={layer}&area={codes[0]}&show=table&filter=risk_decile%3C2&pinned={codes[1]}"
        f"&beside=imd_decile&divide=0.30&weights={quote(','.join(f'{weight:g}' for weight in weights))}%3Bengland"
    )
    page = open_page(demo[0].page("demo"), fragment)
    state = page.evaluate("window.Atlas.state()")
    assert state | {"view": None} == {
        "layer": layer,
        "level": None,
        "by": "mean",
        "area": codes[0],
        "view": None,
        "show": "table",
        "filter": "risk_decile<2",
        "pinned": codes[1],
        "beside": "imd_decile",
        "divide": 0.3,
        "whatIf": linked(index, weights),
        "places": None,
        "budget": None,
    }
    other = open_page(demo[0].page("demo"), page.evaluate("location.hash"))
    again = other.evaluate("window.Atlas.state()")
    assert again | {"view": None} == state | {"view": None}
    assert again["view"] == pytest.approx(state["view"], abs=0.01)


def read_saved(page: Page, table: Path) -> pd.DataFrame:
    """A table saved by the page, with the names of its columns that the page's dictionary gives for its headings."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Dictionary (CSV)").click()
    dictionary = pd.read_csv(download.value.path(), encoding="utf-8-sig").set_index("Heading")
    assert dictionary.index.is_unique
    assert dictionary["Meaning"].notna().all()
    return (
        pd.read_csv(table, encoding="utf-8-sig").rename(columns=dictionary["Column"].to_dict()).set_index("lsoa21_code")
    )


def test_changed_weights_rank_as_the_pipeline_does(
    demo: Demo, open_page: OpenPage, index: Index, risk: gpd.GeoDataFrame
) -> None:
    weights = other_weights(index)
    areas = pd.DataFrame(risk.drop(columns="geometry")).set_index("lsoa21_code")
    expected = rank_scores(score(reweighted(index, weights), areas).score, index.ties)
    page = open_page(demo[0].page("demo"), f"#weights={linked(index, weights)}")
    assert "not the published index" in page.inner_text("body")
    open_tool(page, "Save")
    with page.expect_download() as download:
        page.get_by_role("button", name="Table (CSV)").click()
    saved = read_saved(page, download.value.path())
    assert saved["risk_rank"].tolist() == expected.reindex(saved.index).tolist()
    assert "weights-changed" in download.value.suggested_filename
    page.get_by_role("button", name="Put back the published weights").click()
    assert page.locator(".atlas-what-if-banner").is_hidden()


def test_the_saved_index_file_scores_the_same(
    demo: Demo, open_page: OpenPage, index: Index, risk: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    weights = other_weights(index)
    page = open_page(demo[0].page("demo"), f"#weights={linked(index, weights)}")
    open_tool(page, "Try other weights")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as an index file").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    saved = read_index(path)
    assert [component.weight for component in saved.components] == weights
    areas = pd.DataFrame(risk.drop(columns="geometry")).set_index("lsoa21_code")
    assert score(saved, areas).score.equals(score(reweighted(index, weights), areas).score)


def test_the_saved_areas_are_the_published_ones(demo: Demo, open_page: OpenPage, risk: gpd.GeoDataFrame) -> None:
    page = open_page(demo[0].page("demo"), "#filter=risk_decile%3C1")
    open_tool(page, "Save")
    with page.expect_download() as download:
        page.get_by_role("button", name="Areas (GeoJSON)").click()
    with download.value.path().open(encoding="utf-8") as file:
        collection = json.load(file)
    assert collection["about"]["fictional"] is True
    chosen = risk[risk["risk_decile"] == 1].set_index("lsoa21_code")
    assert {feature["id"] for feature in collection["features"]} == set(chosen.index)
    for feature in collection["features"]:
        shape, own = shapely.geometry.shape(feature["geometry"]), chosen.geometry[feature["id"]]
        assert shape.is_valid
        assert shapely.area(shapely.symmetric_difference(shape, own)) < 0.01 * own.area


def test_every_saved_area_is_a_valid_polygon(page: Page, risk: gpd.GeoDataFrame) -> None:
    open_tool(page, "Save")
    with page.expect_download() as download:
        page.get_by_role("button", name="Areas (GeoJSON)").click()
    with download.value.path().open(encoding="utf-8") as file:
        features = json.load(file)["features"]
    assert [feature["id"] for feature in features] == risk["lsoa21_code"].tolist()
    for feature in features:
        shape = shapely.geometry.shape(feature["geometry"])
        assert shape.is_valid, feature["id"]
        for polygon in shapely.get_parts(shape):
            assert polygon.area > 0
            assert polygon.exterior.is_ccw
            assert not any(hole.is_ccw for hole in polygon.interiors)
            shell = shapely.Polygon(polygon.exterior)
            assert all(shell.covers(hole) for hole in polygon.interiors)


def test_the_saved_table_is_the_published_one(demo: Demo, page: Page) -> None:
    open_tool(page, "Save")
    with page.expect_download() as download:
        page.get_by_role("button", name="Table (CSV)").click()
    saved = read_saved(page, download.value.path())
    published = pd.read_csv(demo[0].processed("demo") / "risk.csv", encoding="utf-8-sig").set_index("lsoa21_code")
    assert saved.index.tolist() == published.index.tolist()
    assert len(saved.columns) > 40
    both = saved.columns.intersection(published.columns)
    # Added up on the page, or from the table of programmes.
    assert set(saved.columns.difference(both)) == {
        *("population_65_plus", "share_65_plus", "programme_standing", "programme_name")
    }
    older = published["population_65_to_74"] + published["population_75_plus"]
    assert saved["population_65_plus"].tolist() == older.tolist()
    assert np.allclose(saved["share_65_plus"], older / published["population_total"], atol=1e-3)
    listed = store.read_table(demo[0].processed("demo") / "programme_areas.parquet").set_index("lsoa21_code")
    standing = listed["standing"].reindex(saved.index).fillna(NOT_LISTED)
    assert saved["programme_standing"].tolist() == standing.tolist()
    member_of = listed["programme_name"].where(listed["standing"] == IN_PROGRAMME).reindex(saved.index)
    assert saved["programme_name"].fillna("").tolist() == member_of.fillna("").tolist()
    for name in both:
        if name.startswith("people_") or name in ("unmet_need", "unmet_need_expected"):
            # Estimates leave the page to tens or hundreds, of whole people.
            told = saved[name].dropna()
            assert told.tolist() == told.map(round_people).tolist(), name
            step = np.where(published[name] < 1000, 10, 100)
            assert (saved[name].isna() == published[name].isna()).all(), name
            assert ((saved[name] - published[name]).abs() <= step / 2 + 0.51)[saved[name].notna()].all(), name
        elif pd.api.types.is_numeric_dtype(published[name]):
            # The page rounds what it shows.
            near = np.isclose(saved[name], published[name], rtol=1e-3, atol=0.51, equal_nan=True)
            assert near.all(), name
        else:
            assert saved[name].fillna("").tolist() == published[name].fillna("").tolist(), name


def test_a_narrow_map_is_printed_with_its_legend(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo[0].page("demo"), viewport={"width": 390, "height": 844})
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    boxes = [page.locator(part).first.bounding_box() for part in (".leaflet-container", ".atlas-legend", ".atlas-foot")]
    container, legend, foot = boxes
    assert container is not None
    assert legend is not None
    assert foot is not None
    assert container["height"] > 200
    assert legend["height"] > 200
    assert container["y"] + container["height"] <= legend["y"] + 1
    assert legend["y"] + legend["height"] <= foot["y"] + 1


def test_the_whole_map_stands_beside_the_legend(demo: Demo, open_page: OpenPage, risk: gpd.GeoDataFrame) -> None:
    code = risk["lsoa21_code"].iloc[0]
    page = open_page(demo[0].page("demo"), f"#area={code}", viewport={"width": 1280, "height": 720})
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_timeout(400)
    page.get_by_role("button", name="Whole map").click()
    page.wait_for_timeout(100)
    legend = page.locator(".atlas-legend").first.bounding_box()
    frame = page.locator(".atlas-map").bounding_box()
    assert legend is not None
    assert frame is not None
    west = page.evaluate(
        """([lat, lon]) => {
            const map = Object.values(window).find((value) => value instanceof L.Map);
            return map.latLngToContainerPoint([lat, lon]).x;
        }""",
        [float(risk.total_bounds[1]), float(risk.total_bounds[0])],
    )
    assert frame["x"] + west >= legend["x"] + legend["width"]


def test_the_picture_is_a_picture_of_the_map(page: Page) -> None:
    open_tool(page, "Save")
    with page.expect_download() as download:
        page.get_by_role("button", name="Picture of the map (PNG)").click()
    with download.value.path().open("rb") as file:
        content = file.read()
    assert content.startswith(b"\x89PNG")
    assert len(content) > 30_000


def test_a_second_layer_lies_beside_the_first(page: Page) -> None:
    open_tool(page, "Compare two layers")
    page.get_by_label("Compare with").select_option("Deprivation (IMD 2025)")
    assert page.get_by_label("Where the two layers meet").is_visible()
    assert page.evaluate("window.Atlas.state().beside") == "imd_decile"


def test_two_values_at_once_are_told_in_words(page: Page, risk: gpd.GeoDataFrame) -> None:
    open_layers(page).get_by_label("Risk and deprivation", exact=True).check()
    worst = risk[
        (risk["risk_score"] > risk["risk_score"].quantile(2 / 3))
        & (risk["imd_score"] > risk["imd_score"].quantile(2 / 3))
    ]
    page.get_by_text("The nine colours in words").click()
    entry = page.locator(".atlas-legend li").first.inner_text()
    assert "Risk: highest third, Deprivation: highest third" in entry
    assert entry.strip().endswith(str(len(worst)))
