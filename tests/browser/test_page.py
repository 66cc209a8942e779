"""The page in a real browser."""

import re
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from pipeline.atlas import draw
from pipeline.atlas.inputs import PageInputs
from pipeline.stages.map import page_inputs
from pipeline.stages.stage import Scope
from tests.fixtures.folders import ASSETS
from tests.fixtures.pages import OpenPage, carried, open_layers, open_view
from tests.fixtures.projects import Demo


def test_it_says_where_what_and_that_it_is_fiction(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo[0].page("demo"))
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert "Fictional data" in page.title()
    text = page.inner_text("body")
    for part in ("Saltmarsh and the Wolds", "Fictional data", "most at risk", "240"):
        assert part in text


def test_every_declared_layer_can_be_chosen(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo[0].page("demo"))
    layers = open_layers(page).get_by_role("radio")
    carries = carried(demo[0].page("demo"))
    # Of a level with one place a map would say nothing.
    levels = [level for level in carries["larger"]["levels"] if level["of_areas"] and level["units"] > 1]
    assert layers.count() == len(carries["layers"]) + len(levels)
    for number in range(layers.count()):
        layers.nth(number).check()
    page.get_by_role("radio", name="Rural or urban").check()
    assert "Smaller rural" in page.inner_text("body")


def test_selecting_an_area_shows_its_numbers(demo: Demo, open_page: OpenPage, risk: gpd.GeoDataFrame) -> None:
    page = open_page(demo[0].page("demo"))
    row = risk.sort_values("risk_rank").iloc[0]
    page.evaluate("code => window.Atlas.select(code)", row["lsoa21_code"])
    text = page.inner_text("body")
    assert f"{row['place_name']}, {row['lad_name']}" in text
    assert row["lsoa21_code"] in text
    assert re.search(r"1st of 240 · most at-risk tenth", text)
    assert f"{row['population_total']:,}" in text


@pytest.fixture
def inputs(demo: Demo) -> PageInputs:
    return page_inputs(demo[0].snapshot(), Scope("demo", area="demo"))


def write(inputs: PageInputs, path: Path) -> Path:
    path.write_text(draw(inputs, ASSETS), encoding="utf-8")
    return path


def test_names_that_look_like_code_stay_text(inputs: PageInputs, open_page: OpenPage, tmp_path: Path) -> None:
    names = [
        "</script><script>window.broken=1</script>",
        '"><img src=x onerror="window.broken=1">',
        "\u202egnp.exe 🦆" + "x" * 300,
    ]

    def hostile(table: pd.DataFrame | None, *columns: str) -> pd.DataFrame:
        assert table is not None
        return table.assign(**{column: [names[n % 3] for n in range(len(table))] for column in columns})

    title = "</title><script>window.broken=1</script>{{ 7*7 }}"
    areas = hostile(inputs.areas, "lsoa21_name", "place_name", "ward_name", "lad_name")
    assert inputs.support is not None
    changed = replace(
        inputs,
        areas=areas,
        record=inputs.record.model_copy(update={"title": title}),
        notes=["<b>note</b>"],
        support=replace(inputs.support, places=hostile(inputs.support.places, "name", "offers", "opening", "postcode")),
        stories=hostile(inputs.stories, "place", "quote", "theme", "source"),
        # MSOAs go by the names of their areas, which are others here.
        summaries={
            level: replace(summary, frame=hostile(summary.frame, "unit_name"))
            for level, summary in inputs.summaries.items()
            if level != "msoa"
        },
    )
    page = open_page(write(changed, tmp_path / "hostile.html"))
    for code, name in zip(areas["lsoa21_code"].iloc[:3], names, strict=True):
        page.evaluate("code => window.Atlas.select(code)", code)
        assert name[:20] in page.inner_text("body")
    for view in ("Places", "Where to act"):
        open_view(page, view)
        assert names[0][:20] in page.inner_text("body")
    assert page.evaluate("window.broken") is None
    assert "{{ 7*7 }}" in page.title()


def test_areas_without_a_value_are_named_in_the_legend(inputs: PageInputs, open_page: OpenPage, tmp_path: Path) -> None:
    gaps = inputs.areas.astype({"imd_decile": "Float64"})
    gaps.loc[:4, "imd_decile"] = pd.NA
    page = open_page(write(replace(inputs, areas=gaps), tmp_path / "gaps.html"))
    open_layers(page).get_by_label("Deprivation (IMD 2025)").check()
    assert "no data" in page.inner_text("body").lower()


def test_it_works_on_a_narrow_screen(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo[0].page("demo"), viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
