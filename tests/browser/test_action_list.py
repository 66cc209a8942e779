"""Where to act on the page: the list, its file and its paper against the pipeline's own, and by other weights."""

import json

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page

from pipeline import store
from pipeline.act.exclusion import score_exclusion
from pipeline.catalogue import Index, read_index
from pipeline.catalogue.places import read_places_declaration
from pipeline.catalogue.rates import read_helps
from pipeline.index import rank_scores, score
from pipeline.risk.drivers import find_drivers
from tests.fixtures.pages import OpenPage, ask, close_tools, open_tool
from tests.fixtures.projects import Demo
from tests.fixtures.weights import linked, other_weights, reweighted


@pytest.fixture
def areas(demo: Demo) -> pd.DataFrame:
    return store.read_table(demo[0].processed("demo") / "risk.parquet").set_index("lsoa21_code")


def index_of(demo: Demo) -> Index:
    return read_index(demo[0].declared / "indices" / "norfolk-waveney.toml")


def saved_list(page: Page) -> tuple[pd.DataFrame, str]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    return pd.read_csv(download.value.path(), encoding="utf-8-sig"), download.value.suggested_filename


def test_it_opens_from_its_question_and_holds_what_the_pipeline_lists(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo[0].page("demo"))
    ask(page, "Where to act?").get_by_role("button", name="All columns, print, CSV").click()
    assert page.evaluate("window.Atlas.state().show") == "act"
    saved, name = saved_list(page)
    expected = pd.read_csv(demo[0].processed("demo") / "priorities.csv", encoding="utf-8-sig")
    assert list(saved.columns) == list(expected.columns)
    assert saved["lsoa21_code"].tolist() == expected["lsoa21_code"].tolist()
    for column in expected.columns:
        if pd.api.types.is_numeric_dtype(expected[column]):
            # The page rounds what it shows: a distance to a metre, an estimate of people to ten.
            near = 5.51 if column.startswith("people_") else 0.51
            assert np.allclose(saved[column], expected[column], rtol=1e-3, atol=near, equal_nan=True), column
        else:
            assert saved[column].fillna("").tolist() == expected[column].fillna("").tolist(), column
    assert name.endswith("where-to-act-the-list.csv")
    assert page.locator(".atlas-act tbody tr").count() == len(expected)


def test_it_says_whom_it_reaches_and_misses(demo: Demo, open_page: OpenPage, areas: pd.DataFrame) -> None:
    page = open_page(demo[0].page("demo"), "#show=act")
    worst = areas[areas["on_list"]]
    share = worst["people_at_risk"].sum() / areas["people_at_risk"].sum()
    said = page.inner_text(".atlas-act-totals")
    assert f"{len(worst)} neighbourhoods hold" in said
    assert f"({round(100 * share)}%, an estimate): the list misses {100 - round(100 * share)}%" in said


def test_selects_and_conditions_narrow_it(demo: Demo, open_page: OpenPage, areas: pd.DataFrame) -> None:
    page = open_page(demo[0].page("demo"), "#show=act")
    page.get_by_label("How many").select_option("All areas")
    driver = areas["main_driver"].value_counts().index[0]
    page.locator("#atlas-act-driver").select_option(driver)
    wanted = areas[areas["main_driver"] == driver]
    saved, _ = saved_list(page)
    assert (
        saved["lsoa21_code"].tolist()
        == wanted.sort_values(["priority", "exclusion_rank"], kind="stable").index.tolist()
    )
    open_tool(page, "Choose areas")
    page.locator("#atlas-filter-where-to-act").select_option("Worst fifth")
    close_tools(page)
    saved, name = saved_list(page)
    both = wanted[wanted["exclusion_decile"] <= 2]
    assert sorted(saved["lsoa21_code"]) == sorted(both.index)
    assert "chosen" in name
    chosen = (areas["exclusion_decile"] <= 2).sum()
    assert f"Only from the {chosen} areas" in page.inner_text(".atlas-act")


def called(demo: Demo, title: str) -> str:
    """A driver as the page offers it: with what it means in short, where its declared sentence ends in that."""
    helps = read_helps(demo[0].declared / "help.toml")
    driver = next((helps.of(part.name) for part in index_of(demo).components if part.title == title), None)
    short = "" if driver is None else driver.sentence.partition(": ")[2]
    return f"{title} ({short})" if short else title


def test_the_main_driver_is_one_condition(demo: Demo, open_page: OpenPage, areas: pd.DataFrame) -> None:
    page = open_page(demo[0].page("demo"))
    open_tool(page, "Choose areas")
    shown = page.locator("#atlas-filter-main-driver option").all_inner_texts()
    assert shown[0] == "Any"
    assert sorted(shown[1:]) == sorted(called(demo, title) for title in areas["main_driver"].dropna().unique())
    title = areas["main_driver"].value_counts().index[-1]
    page.locator("#atlas-filter-main-driver").select_option(title)
    count = (areas["main_driver"] == title).sum()
    assert page.inner_text(".atlas-totals").startswith(f"{count} of 240 areas")
    assert "main_driver" in page.evaluate("location.hash")


def test_an_area_opens_from_it_with_its_support(demo: Demo, open_page: OpenPage, areas: pd.DataFrame) -> None:
    page = open_page(demo[0].page("demo"), "#show=act")
    first = areas.sort_values("priority", kind="stable").iloc[0]
    page.locator(".atlas-act-area").first.click()
    panel = page.inner_text(".atlas-panel")
    assert f"1st of {areas['on_list'].sum()} on the list of high risk and little support" in panel
    assert f"{first['list_probability']:.0%} of the ways to calculate them" in panel
    assert "Nearest support" in panel
    place = page.locator(".atlas-near-name").first
    place.click()
    assert place.locator("bdi").inner_text() in page.inner_text(".atlas-box")


def test_other_weights_give_what_the_pipeline_would(demo: Demo, open_page: OpenPage, areas: pd.DataFrame) -> None:
    index = index_of(demo)
    helps = read_helps(demo[0].declared / "help.toml")
    weights = other_weights(index)
    changed = reweighted(index, weights)
    scored = score(changed, areas)
    page = open_page(demo[0].page("demo"), f"#show=act&weights={linked(index, weights)}")
    assert "By changed weights: this is not the published list" in page.inner_text(".atlas-act")
    page.get_by_label("How many").select_option("All areas")
    saved, name = saved_list(page)
    saved = saved.set_index("lsoa21_code")
    assert "weights-changed" in name
    codes = saved.index
    assert saved["risk_rank"].tolist() == rank_scores(scored.score, index.ties).reindex(codes).tolist()
    how = read_places_declaration(demo[0].declared / "places.toml").exclusion
    expected = score_exclusion(scored.score, areas["capacity_score"].reindex(scored.score.index), how).reindex(codes)
    assert saved["exclusion_rank"].tolist() == expected["exclusion_rank"].tolist()
    assert saved["exclusion_decile"].tolist() == expected["exclusion_decile"].tolist()
    assert saved["exclusion_worst_decile_probability"].isna().all()
    assert saved["list_probability"].isna().all()
    high = rank_scores(scored.score, index.ties).reindex(codes) <= 0.2 * len(codes)
    listed = high & areas["little_support"].reindex(codes)
    assert saved.index[saved["priority"].notna()].tolist() == saved.index[: listed.sum()].tolist()
    assert set(saved.index[saved["priority"].notna()]) == set(codes[listed])
    need = (areas["people_at_risk"] * areas["lack_of_support"]).reindex(saved.index[: listed.sum()])
    assert need.diff().dropna().max() <= 1
    assert saved["worst_decile_probability"].isna().all()
    means = json.loads((demo[0].processed("demo") / "risk.parquet.meta.json").read_text())["nation"]["means"]
    found = find_drivers(areas, means, changed, helps).frame.reindex(codes)
    titles = {component.name: component.title for component in index.components}
    assert saved["main_driver"].fillna("").tolist() == found["main_driver"].map(titles).fillna("").tolist()
    assert saved["points_to"].fillna("").tolist() == found["points_to"].fillna("").tolist()


def test_it_prints_alone(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo[0].page("demo"), "#show=act")
    page.evaluate("window.print = () => {}")
    page.get_by_role("button", name="Print this list").click()
    page.emulate_media(media="print")
    assert page.locator(".atlas-act table").is_visible()
    assert page.locator(".atlas-act-paper").is_visible()
    assert "The risk is of the place, not of the person" in page.inner_text(".atlas-act-paper")
    assert "Fictional data" in page.inner_text("header")
    for hidden in (".atlas-map", ".atlas-finding", ".atlas-questions", ".atlas-list", ".atlas-act-choices"):
        assert page.locator(hidden).is_hidden(), hidden
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".atlas-map").is_visible()


@pytest.mark.parametrize("width", [320, 760, 1440])
def test_rows_are_cards_where_columns_have_no_room(demo: Demo, open_page: OpenPage, width: int) -> None:
    page = open_page(demo[0].page("demo"), "#show=act", viewport={"width": width, "height": 900})
    cards = page.locator(".atlas-act-label").first.is_visible()
    assert cards == (width < 1000)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # A table for those who listen, whatever it looks like.
    assert page.get_by_role("columnheader", name="Rank by risk alone").count() == 1
    assert page.locator(".atlas-act").get_by_role("rowheader").count() > 5
