"""What a reader sees first: few controls, whole rows, a map; and the finding, which is always there and always true."""

import re
from typing import Any
from urllib.parse import quote

import geopandas as gpd
import pandas as pd
import pytest
from playwright.sync_api import Page

from pipeline.catalogue import Index, read_index
from pipeline.index import rank_scores, score
from pipeline.tables.estimates import say_people
from tests.fixtures.pages import NewPage, OpenPage, ask, close_tools, open_tool, open_view
from tests.fixtures.projects import Demo
from tests.fixtures.weights import linked, other_weights, reweighted

MOST_CONTROLS = 9
LEAST_ROWS = {(1280, 720): 6, (1440, 900): 6, (390, 844): 4}
LEAST_MAP = 250
"""Height of a map that is of use on a phone, in pixels."""

CONTROLS = """() => {
    const all = "a[href], button, input, select, textarea, summary, [tabindex]";
    // A row is what the list holds, a link in a sentence is part of it, the map is what the page is about, and a key
    // that is higher than its room is a stop only to be scrolled.
    const apart = ".atlas-row-list *, .atlas-sentence-link, .atlas-skip, .leaflet-container, .atlas-legend";
    const seen = (element) => {
        const box = element.getBoundingClientRect();
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        const column = element.closest(".atlas-body")?.getBoundingClientRect();
        return box.width > 0 && element.checkVisibility({visibilityProperty: true})
            && x > 0 && y > 0 && x < innerWidth && y < innerHeight
            && (!column || (y > column.top && y < column.bottom));
    };
    return [...document.querySelectorAll(`:is(${all})`)]
        .filter((element) => element.tabIndex >= 0 && !element.disabled && !element.matches(apart) && seen(element))
        .map((element) => element.getAttribute("aria-label") ?? (element.textContent || element.id));
}"""

WHOLE_ROWS = """() => {
    const body = document.querySelector(".atlas-body").getBoundingClientRect();
    const bottom = Math.min(body.bottom, innerHeight);
    return [...document.querySelectorAll(".atlas-body .atlas-list-row")].filter((row) => {
        const box = row.getBoundingClientRect();
        return box.height > 0 && box.top >= body.top && box.bottom <= bottom + 0.5;
    }).length;
}"""

SYMBOLS_FOLLOW = """() => {
    const search = document.querySelector("#atlas-search");
    const follows = (spot) => search.compareDocumentPosition(spot) & Node.DOCUMENT_POSITION_FOLLOWING;
    return [...document.querySelectorAll(".atlas-spot")].every((spot) => spot.tabIndex < 0 && follows(spot));
}"""


@pytest.fixture
def index(demo: Demo) -> Index:
    return read_index(demo[0].declared / "indices" / "norfolk-waveney.toml")


def sized(width: int, height: int) -> dict[str, Any]:
    return {"viewport": {"width": width, "height": height}}


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900)])
def test_a_lead_sees_nine_controls_at_most(demo: Demo, open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page(demo[0].page("demo"), **sized(*size))
    controls = page.evaluate(CONTROLS)
    assert {"Tools", "Where is risk?", "What kind?", "Where is support missing?", "Where to act?"} <= set(controls)
    assert len(controls) <= MOST_CONTROLS, controls


@pytest.mark.parametrize("size", LEAST_ROWS)
def test_whole_rows_are_seen_beside_or_below_the_map(demo: Demo, open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page(demo[0].page("demo"), **sized(*size))
    assert page.evaluate(WHOLE_ROWS) >= LEAST_ROWS[size]
    assert page.locator(".leaflet-container").evaluate("map => map.clientHeight") >= LEAST_MAP


def test_symbols_come_after_the_search(demo: Demo, open_page: OpenPage) -> None:
    """Tab comes to the search first, past a link to the table; a symbol is no stop, and is read after the search."""
    page = open_page(demo[0].page("demo"))
    page.locator(".atlas-spot").first.wait_for(state="attached")
    stops = []
    for _ in range(3):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
    assert stops == ["Skip to the table of areas", "atlas-search", "Tools"]
    assert page.evaluate(SYMBOLS_FOLLOW)


AT_FIRST = """
const marks = performance.mark.bind(performance);
performance.mark = (name, ...more) => {
    if (name === "atlas-first-drawn") {
        const text = (selector) => document.querySelector(selector)?.innerText ?? "";
        const areas = document.querySelector("canvas.atlas-areas");
        const pixels = areas.getContext("2d").getImageData(0, 0, areas.width, areas.height).data;
        const colours = new Map();
        for (let at = 0; at < pixels.length; at += 4) {
            const colour = pixels.subarray(at, at + 3).join();
            if (pixels[at + 3] === 255) colours.set(colour, (colours.get(colour) ?? 0) + 1);
        }
        const map = areas.closest(".leaflet-container").getBoundingClientRect();
        window.atFirst = {
            title: text(".atlas-title"),
            finding: text(".atlas-finding"),
            questions: [...document.querySelectorAll(".atlas-questions button")].map((one) => one.innerText),
            legend: [...document.querySelectorAll(".atlas-legend li")].filter((one) => one.offsetHeight > 0).length,
            colours: colours.size,
            coloured: [...colours.values()].reduce((sum, count) => sum + count, 0) / (map.width * map.height),
            list: document.querySelectorAll(".atlas-list-row").length,
        };
    }
    return marks(name, ...more);
};
window.shift = 0;
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
"""Keeps what the page shows when it says that it is drawn, and how far what is there moves later on."""


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_what_is_drawn_first_answers_and_stays_where_it_is(
    demo: Demo, new_page: NewPage, size: tuple[int, int]
) -> None:
    page = new_page(**sized(*size))
    page.add_init_script(AT_FIRST)
    page.goto(demo[0].page("demo").as_uri())
    page.evaluate("window.Atlas.ready")
    page.evaluate("window.Atlas.settled()")
    first = page.evaluate("window.atFirst")
    assert first["title"].startswith("Digital-exclusion risk in ")
    assert finding(page).keys() == {""} or all(title in first["finding"] for title in finding(page))
    assert all(text in first["finding"] for text in finding(page).values())
    assert len(first["questions"]) == 4
    assert first["colours"] >= 10
    assert first["coloured"] > 0.1
    assert first["legend"] > 0 or page.locator("details.atlas-legend").get_attribute("open") is None
    assert first["list"] == 0
    assert page.locator(".atlas-list-row").count() > 0
    assert page.evaluate("window.shift") < 0.02
    page.close()


def finding(page: Page) -> dict[str, str]:
    """The sentences under each heading, or where it is folded the one that is left, with nothing as its heading."""
    block = page.locator("details.atlas-finding")
    assert block.is_visible()
    if block.get_attribute("open") is None:
        return {"": block.locator("> summary").inner_text().removeprefix("The finding:").strip()}
    parts = block.locator("dl > div").all()
    return {part.locator("dt").inner_text(): part.locator("dd").inner_text() for part in parts}


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_the_finding_never_disappears(
    demo: Demo, open_page: OpenPage, index: Index, risk: gpd.GeoDataFrame, size: tuple[int, int]
) -> None:
    page = open_page(demo[0].page("demo"), **sized(*size))
    first = finding(page)
    assert re.search(r"^\d+ of .* neighbourhoods", next(iter(first.values())))
    for asked in ("What kind?", "Where is support missing?", "Where to act?", "Where is risk?"):
        rows = ask(page, asked).get_by_role("list", name="Neighbourhoods").get_by_role("button")
        assert finding(page) == first
        rows.first.click()
        assert page.locator(".atlas-panel").is_visible()
        assert finding(page) == first
        page.locator(".atlas-panel").get_by_role("button", name="Back to the list").click()
    open_view(page, "Table")
    close_tools(page)
    assert finding(page) == first
    page.goto(f"{page.url.split('#')[0]}#weights={linked(index, other_weights(index))}&filter=risk_decile%3C3")
    page.evaluate("window.Atlas.ready")
    changed = finding(page)
    assert changed != first
    assert all(changed.values())


def expect_finding(page: Page, chosen: pd.DataFrame) -> None:
    """Hold the finding's figures against the areas that a filter leaves."""
    said = finding(page)
    worst = int((chosen["england_decile"] == 1).sum())
    counted = re.search(r"^(None|All|\d+) of .*?(\d+) (?:chosen )?neighbourhoods", said["Where is risk"])
    assert counted is not None, said
    assert counted[1] == {0: "None", len(chosen): "All"}.get(worst, str(worst))
    assert counted[2] == str(len(chosen))
    people = [chosen[f"people_{name}"].sum() for name in ("at_risk", "at_risk_low", "at_risk_high")]
    for figure in people:
        assert re.search(rf"bout {say_people(figure)}\b", said["How many people"]), figure
    shares = re.findall(r"(\d+)% live", said["What kind"])
    kinds = chosen.groupby("kind")["people_at_risk"].sum().sort_values(ascending=False)
    assert [int(share) for share in shares] == [int(100 * share + 0.5) for share in kinds[kinds > 0] / kinds.sum()]
    listed = int(chosen["on_list"].sum())
    assert said["Where to act first"].startswith(f"{listed or 'None'} of ")
    if listed:
        reached = say_people(chosen.loc[chosen["on_list"], "people_at_risk"].sum())
        assert f"with about {reached} people at risk" in said["Where to act first"]


def test_its_figures_follow_the_conditions(demo: Demo, open_page: OpenPage, risk: gpd.GeoDataFrame) -> None:
    page = open_page(demo[0].page("demo"))
    expect_finding(page, risk)
    conditions = open_tool(page, "Choose areas")
    tenths = conditions.get_by_label("Risk", exact=True)
    districts = conditions.get_by_label("District", exact=True)
    tenths.select_option("Most at-risk fifth")
    expect_finding(page, risk[risk["risk_decile"] <= 2])
    for name in sorted(risk["lad_name"].unique()):
        districts.select_option(name)
        inside = risk["lad_name"] == name
        tenths.select_option("Most at-risk half")
        expect_finding(page, risk[inside & (risk["risk_decile"] <= 5)])
        tenths.select_option("All")
        expect_finding(page, risk[inside])
    conditions.get_by_role("button", name="Clear all").click()
    expect_finding(page, risk)


def test_it_follows_changed_weights(demo: Demo, open_page: OpenPage, risk: gpd.GeoDataFrame, index: Index) -> None:
    """Among the areas of a district, those of the nation's worst tenth by the weights that a reader set."""
    weights = other_weights(index)
    areas = pd.DataFrame(risk.drop(columns="geometry")).set_index("lsoa21_code")
    ranks = rank_scores(score(reweighted(index, weights), areas).score, index.ties)
    district = areas["lad_name"].value_counts().index[0]
    code = areas.loc[areas["lad_name"] == district, "lad_code"].iloc[0]
    inside = areas["lad_name"] == district
    # The fictional country is all on the map.
    worst = int(((ranks <= len(areas) / 10) & inside).sum())
    published = int(((areas["england_decile"] == 1) & inside).sum())
    assert worst != published
    page = open_page(demo[0].page("demo"), f"#weights={linked(index, weights)}&filter={quote(f'lad_code={code}')}")
    said = finding(page)["Where is risk"]
    assert said.startswith(f"{worst} of {district}’s {inside.sum()} neighbourhoods"), said
    assert "changed weights" in said
