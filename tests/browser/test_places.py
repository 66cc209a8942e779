"""Support places, proposed sites and stories: as symbols on the map, in lists, on paper, and how fast."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from playwright.sync_api import Locator, Page

from pipeline import store
from pipeline.atlas.packing import pack_table
from tests.fixtures.pages import OpenPage, PageData, carried, carrying, open_tool, open_tools, open_view, violations
from tests.fixtures.projects import Demo

ALL_KINDS = "places=library,mobile_library,gp_practice,demo_initiative,sites,stories"
MANY = 10_000


@pytest.fixture(scope="module")
def places(demo: Demo) -> pd.DataFrame:
    return store.read_table(demo[0].processed("demo") / "support_places.parquet")


def rewritten(path: Path, folder: Path, change: Callable[[PageData], None]) -> Path:
    """A copy of a page whose data were changed."""
    data = carried(path)
    change(data)
    copy = folder / "changed.html"
    copy.write_text(carrying(path, data), encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def with_sites(demo: Demo, places: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the fictional area with two proposed sites."""

    def propose(data: PageData) -> None:
        where = places.iloc[:2]
        data["sites"] = {
            "model": "maximal covering",
            "reach": 5000.0,
            "unit": "metres",
            "counted_in": ["Public libraries"],
            "candidates": "240 neighbourhoods",
            "gap": 0.0,
            "people": 88_123.4,
            "already": 41_234.5,
            "way_saved": None,
            "sites": [
                {
                    "order": order,
                    "name": f"Site of {name}",
                    "lon": lon,
                    "lat": lat,
                    "newly_covered": 1234.5 / order,
                    "covered_alone": 1234.5,
                    "covered_together": 1234.5 * (1 if order == 1 else 1.5),
                }
                for order, (name, lon, lat) in enumerate(zip(where["name"], where["lon"], where["lat"], strict=True), 1)
            ],
            "curve": [{"sites": n, "covered": covered} for n, covered in enumerate((0.0, 1234.5, 1851.8))],
        }

    return rewritten(demo[0].page("demo"), tmp_path_factory.mktemp("sites"), propose)


def symbols(page: Page) -> list[str]:
    """What each symbol on the map says."""
    names: list[str] = page.evaluate(
        "[...document.querySelectorAll('.atlas-spot')].map((e) => e.getAttribute('aria-label'))"
    )
    return names


def choice(page: Page, title: str) -> Locator:
    return page.locator(".atlas-kind", has_text=title).get_by_role("checkbox")


def test_every_place_is_counted_once_on_the_whole_map(demo: Demo, open_page: OpenPage, places: pd.DataFrame) -> None:
    """Alone or in a cluster, all kinds that help now and stay where they are; no other kind before it is asked for."""
    page = open_page(demo[0].page("demo"))
    counted: dict[str, int] = {}
    for said in symbols(page):
        for part in said.split(": ")[-1].split(", ") if said[0].isdigit() else [f"1 {said.rsplit(', ', 1)[1]}"]:
            number, kind = part.split(" ", 1)
            kind = kind.replace("libraries", "library").removesuffix("s")
            counted[kind] = counted.get(kind, 0) + int(number)
    kinds = places["kind"].value_counts()
    assert counted == {"public library": kinds["library"], "local initiative": kinds["demo_initiative"]}
    open_tool(page, "Support places")
    for title, count in (("Public libraries", kinds["library"]), ("GP practices", kinds["gp_practice"])):
        assert f"{title} ({count})" in page.inner_text(".atlas-kinds")
    choice(page, "GP practices").check()
    assert any("GP practice" in said for said in symbols(page))
    assert page.evaluate("window.Atlas.state().places") == "library,gp_practice,demo_initiative"
    assert "GP practices could offer help" in page.locator(".atlas-legend").first.inner_text().replace("\n", " ")


def test_symbols_are_no_stops_of_the_tab_key_and_open_their_box(
    demo: Demo, open_page: OpenPage, places: pd.DataFrame
) -> None:
    surgery = places[places["kind"] == "gp_practice"].iloc[0]
    page = open_page(demo[0].page("demo"), f"#places=gp_practice&at=16/{surgery['lat']}/{surgery['lon']}")
    assert page.evaluate("[...document.querySelectorAll('.atlas-spot')].every((e) => e.tabIndex === -1)")
    page.get_by_role("button", name=f"{surgery['name']}, GP practice", exact=True).click()
    box = page.get_by_role("dialog", name=surgery["name"])
    assert "Could offer: somewhere to go" in box.inner_text()
    assert page.evaluate("document.activeElement.id") == "atlas-box-title"
    assert page.evaluate("window.Atlas.state().area") is None
    page.keyboard.press("Escape")
    assert box.is_hidden()
    assert page.evaluate("document.activeElement.classList.contains('atlas-spot')")


def test_a_cluster_comes_closer_until_it_falls_apart(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo[0].page("demo"), "#places=library,gp_practice", reduced_motion="reduce")
    zoom = page.evaluate("window.Atlas.state().view.zoom")
    before = page.locator(".atlas-spot[aria-label*='places: ']").first.get_attribute("aria-label")
    page.locator(".atlas-spot[aria-label*='places: ']").first.dispatch_event("click")
    page.evaluate("window.Atlas.settled()")
    assert page.evaluate("window.Atlas.state().view.zoom") > zoom
    assert before not in symbols(page)
    assert len(symbols(page)) >= 2


def test_the_list_leads_to_the_place_and_its_neighbourhood_by_keyboard(
    demo: Demo, open_page: OpenPage, places: pd.DataFrame
) -> None:
    page = open_page(demo[0].page("demo"))
    open_tools(page).get_by_role("button", name="Places", exact=True).press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Support places"
    surgery = places[places["kind"] == "gp_practice"].iloc[0]
    page.get_by_label("Name or postcode").fill(surgery["postcode"].replace(" ", "").lower())
    page.locator("#atlas-places-kind").select_option("gp_practice")
    rows = page.locator(".atlas-places tbody th button")
    same = places[(places["kind"] == "gp_practice") & (places["postcode"] == surgery["postcode"])]
    assert sorted(rows.all_inner_texts()) == sorted(same["name"])
    page.get_by_role("button", name=surgery["name"], exact=True).focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("dialog", name=surgery["name"])
    assert "Could offer help, does not as a rule." in box.inner_text()
    assert surgery["postcode"] in box.inner_text()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == surgery["name"]
    page.keyboard.press("Enter")
    box.get_by_role("button", name="Show its neighbourhood").press("Enter")
    risk = store.read_geotable(demo[0].processed("demo") / "risk.parquet").to_crs(27700)
    point = shapely.Point(surgery["easting"], surgery["northing"])
    assert page.evaluate("window.Atlas.state().area") in set(risk[risk.distance(point) < 5]["lsoa21_code"])


def test_the_list_holds_what_the_table_holds(demo: Demo, open_page: OpenPage, places: pd.DataFrame) -> None:
    page = open_page(demo[0].page("demo"), "#show=places")
    shown = []
    for offer in ("devices", "skills", "somewhere to go"):
        page.locator("#atlas-places-offer").select_option(offer)
        names = []
        while True:
            names += page.locator(".atlas-places tbody th").all_inner_texts()
            following = page.locator(".atlas-places").get_by_role("button", name="Next")
            if following.is_hidden() or following.is_disabled():
                break
            following.click()
        shown.append(len(names))
        offered = places["offers"].fillna("").str.split("; ").map(lambda offers, offer=offer: offer in offers)
        assert sorted(names) == sorted(places[offered]["name"])
    assert all(shown)


def test_one_view_at_a_time_and_links_to_each(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo[0].page("demo"), "#show=places&places=none")
    assert symbols(page) == []
    assert page.locator(".atlas-places").is_visible()
    open_view(page, "Table")
    assert page.locator(".atlas-places").is_hidden()
    assert "show=table" in page.evaluate("location.hash")
    assert "places=none" in page.evaluate("location.hash")


def test_proposed_sites_are_numbered_told_and_listed(open_page: OpenPage, with_sites: Path) -> None:
    page = open_page(with_sites, "#show=places")
    page.get_by_role("button", name="Proposed sites", exact=True).click()
    told = page.inner_text(".atlas-sites")
    assert "Two sites chosen among 240 neighbourhoods would bring about 1,900 more people at risk within 5 km" in told
    assert "About 41,200 of 88,100 are within reach of public libraries already." in told
    assert "By this calculation no other two would bring more (proven)." in told
    assert "estimates, not counts" in told
    assert sum("proposed site" in said for said in symbols(page)) == 2
    page.locator(".atlas-sites tbody button").nth(1).click()
    assert "About 620 more people at risk within 5 km than with the sites before it." in page.inner_text(".atlas-box")


def test_stories_are_printed_only_when_asked_for(demo: Demo, open_page: OpenPage) -> None:
    stories = store.read_table(demo[0].processed("demo") / "stories.parquet")
    page = open_page(demo[0].page("demo"), "#places=stories")
    open_tool(page, "Support places")
    on_map = page.locator("canvas.atlas-story")
    assert on_map.is_visible()
    page.emulate_media(media="print")
    assert on_map.is_hidden()
    assert "Stories" not in page.inner_text(".atlas-legend-symbols")
    page.emulate_media(media="screen")
    page.get_by_label("Print stories too").check()
    page.emulate_media(media="print")
    assert on_map.is_visible()
    page.emulate_media(media="screen")
    open_view(page, "Places")
    page.get_by_role("button", name="Stories", exact=True).click()
    assert set(stories["quote"]) == set(
        page.locator(".atlas-places-part:visible tbody td:nth-child(2)").all_inner_texts()
    )


def show_sites(page: Page) -> None:
    page.get_by_role("button", name="Proposed sites", exact=True).click()
    page.evaluate("document.querySelector('.atlas-places .atlas-more').open = true")


def open_box(page: Page) -> None:
    """That of the first symbol, closer and closer while it stands for several."""
    box = page.locator(".atlas-box")
    while box.is_hidden():
        page.locator(".atlas-spot").first.press("Enter")
        page.wait_for_timeout(300)
        page.evaluate("window.Atlas.settled()")


Steps = Callable[[Page], object]
STATES: dict[str, tuple[str, Steps, str]] = {
    "the choice of symbols": (
        f"#{ALL_KINDS}",
        lambda page: open_tool(page, "Support places"),
        ".atlas-tools, .atlas-map",
    ),
    "the list of places": ("#show=places", lambda page: None, ".atlas-places"),
    "proposed sites": (f"#show=places&{ALL_KINDS}", show_sites, ".atlas-middle"),
    "stories": (
        "#show=places",
        lambda page: page.get_by_role("button", name="Stories", exact=True).click(),
        ".atlas-places",
    ),
    "a box": ("#places=stories", open_box, ".atlas-map"),
}
"""A link, what is done then, and where the page differs by it from what the rules are tried on elsewhere."""


@pytest.mark.parametrize("state", STATES)
def test_no_rule_is_broken(open_page: OpenPage, with_sites: Path, state: str) -> None:
    """In light by every rule; in the dark by those of colour, as it asks for other colours and nothing else."""
    fragment, steps, part = STATES[state]
    page = open_page(with_sites, fragment)
    steps(page)
    page.wait_for_timeout(50)
    assert violations(page, within=part) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(50)
    assert violations(page, "color-contrast", within=part) == [], "in the dark"


@pytest.mark.parametrize("state", STATES)
def test_no_rule_is_broken_on_a_page_that_opens_narrow(open_page: OpenPage, with_sites: Path, state: str) -> None:
    fragment, steps, part = STATES[state]
    page = open_page(with_sites, fragment, viewport={"width": 320, "height": 640})
    steps(page)
    page.wait_for_timeout(50)
    assert violations(page, within=part) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_ten_thousand_places_never_become_ten_thousand_elements(
    demo: Demo, open_page: OpenPage, tmp_path: Path
) -> None:
    """How smoothly they are dragged is measured by ``make bench``; what that rests on is held here."""

    def crowd(data: PageData) -> None:
        rng = np.random.default_rng(7)
        towns = pd.DataFrame(data["towns"], columns=["name", "lon", "lat", "population"]).iloc[
            rng.integers(0, len(data["towns"]), MANY)
        ]
        kinds = np.array(["library", "gp_practice", "demo_initiative"])[rng.integers(0, 3, MANY)]
        frame = pd.DataFrame(
            {
                "name": [f"Place {n}" for n in range(MANY)],
                "kind": kinds,
                "offers": "skills",
                "opening": None,
                "postcode": None,
                "lon": towns["lon"].to_numpy() + rng.normal(0, 0.15, MANY),
                "lat": towns["lat"].to_numpy() + rng.normal(0, 0.1, MANY),
            }
        )
        data["support"]["places"] = pack_table(frame, {"lon": 5, "lat": 5}).model_dump()
        for kind in data["support"]["kinds"]:
            kind["offers_now"] = True

    path = rewritten(demo[0].page("demo"), tmp_path, crowd)
    page = open_page(path)
    page.wait_for_selector(".atlas-spot")
    counts = []
    for _ in range(4):
        counts.append(page.locator(".atlas-spot").count())
        page.locator(".leaflet-control-zoom-in").dispatch_event("click")
        page.wait_for_timeout(400)
    assert min(counts) > 0
    assert max(counts) <= 500
