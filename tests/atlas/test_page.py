"""The page in a real browser."""

import json
import re

import pandas as pd

from pipeline import store, tables
from pipeline.atlas import Extras, draw
from pipeline.catalogue import Index, read_layers
from tests.folders import ASSETS


def test_it_says_where_what_and_that_it_is_fiction(demo, open_page):
    page = open_page(demo[0].page("demo"))
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert "Fictional data" in page.title()
    text = page.inner_text("body")
    for part in ("Saltmarsh and the Wolds", "Fictional data", "most at risk", "240"):
        assert part in text


def test_every_declared_layer_can_be_chosen(demo, open_page):
    page = open_page(demo[0].page("demo"))
    layers = page.locator("input[type=radio][name=atlas-layer]")
    declared = json.loads(
        re.search(r'"layers":(\[.*?\]),"first_layer"', demo[0].page("demo").read_text(encoding="utf-8"))[1]
    )
    assert layers.count() == len(declared)
    for number in range(len(declared)):
        layers.nth(number).check()
    page.get_by_role("radio", name="Rural or urban").check()
    assert "Smaller rural" in page.inner_text("body")


def test_selecting_an_area_shows_its_numbers(demo, open_page, risk):
    page = open_page(demo[0].page("demo"))
    row = risk.sort_values("risk_rank").iloc[0]
    page.evaluate("code => window.Atlas.select(code)", row["lsoa21_code"])
    text = page.inner_text("body")
    assert f"{row['ward_name']}, {row['lad_name']}" in text
    assert row["lsoa21_code"] in text
    assert re.search(r"1st of 240 · most at-risk tenth", text)
    assert f"{row['population_total']:,}" in text


def own_table(metadata, index):
    kinds = {kind["id"]: kind["title"] for kind in metadata["capacity"]["kinds"] if not kind["mobile"]}
    return tables.risk_table({c.name: c.title for c in index.components}, kinds)


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
    look = read_layers(project.declared / "layers.toml")
    folder = project.processed("demo")
    places, stories = (store.read_table(folder / f"{name}.parquet") for name in ("support_places", "stories"))
    for column in ("name", "offers", "opening", "postcode"):
        places[column] = [names[n % 3] for n in range(len(places))]
    for column in ("place", "quote", "theme", "source"):
        stories[column] = [names[n % 3] for n in range(len(stories))]
    extras = Extras(project.helps(), places, store.read_table(folder / "nearest.parquet"), stories=stories)
    metadata["title"] = "</title><script>window.broken=1</script>{{ 7*7 }}"
    path = tmp_path / "hostile.html"
    path.write_text(
        draw(hostile, own_table(metadata, index), metadata, index, look, ["<b>note</b>"], ASSETS, extras),
        encoding="utf-8",
    )
    page = open_page(path)
    for code, name in zip(hostile["lsoa21_code"].iloc[:3], names, strict=True):
        page.evaluate("code => window.Atlas.select(code)", code)
        assert name[:20] in page.inner_text("body")
    for view in ("Places", "Where to act"):
        page.get_by_role("button", name=view, exact=True).click()
        assert names[0][:20] in page.inner_text("body")
    assert page.evaluate("window.broken") is None
    assert "{{ 7*7 }}" in page.title()


def test_areas_without_a_value_are_named_in_the_legend(demo, open_page, risk, tmp_path):
    project = demo[0]
    metadata = store.read_metadata(project.processed("demo") / "risk.parquet")
    index = Index.model_validate(metadata["index"])
    gaps = risk.copy()
    gaps["imd_decile"] = gaps["imd_decile"].astype("Float64")
    gaps.loc[:4, "imd_decile"] = pd.NA
    look = read_layers(project.declared / "layers.toml")
    path = tmp_path / "gaps.html"
    extras = Extras(project.helps())
    html = draw(gaps, own_table(metadata, index), metadata, index, look, [], ASSETS, extras)
    path.write_text(html, encoding="utf-8")
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
