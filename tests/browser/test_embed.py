"""The page inside a frame of another page: a sandbox gives it no storage, no address to write and no origin."""

import html
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Frame, Page, Route

from tests.fixtures.pages import OpenPage, open_tool
from tests.fixtures.projects import Demo

SITE = "http://intranet.invalid/"


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, demo: Demo, complaints: list[str]) -> Iterator[Page]:
    """A page of a site that has the demo's page beside it; nothing leaves the browser."""
    page = browser.new_page(viewport={"width": 900, "height": 600})

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def answer(route: Route) -> None:
        if route.request.url.endswith("map.html"):
            route.fulfill(path=demo[0].page("demo"), content_type="text/html")
        else:
            route.fulfill(
                body="<!doctype html><title>Intranet</title><link rel=icon href=data:,>", content_type="text/html"
            )

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.route("**/*", answer)
    page.goto(SITE)
    yield page
    page.close()


def framed(page: Page, attributes: str) -> Frame:
    page.evaluate(
        "(text) => { document.body.innerHTML = text; }",
        f'<iframe title="Map" {attributes} style="width: 800px; height: 500px; border: 0"></iframe>',
    )
    handle = page.wait_for_selector("iframe")
    frame = handle.content_frame() if handle else None
    assert frame is not None
    frame.wait_for_selector(".atlas canvas", timeout=60_000)
    frame.evaluate("window.Atlas.ready")
    return frame


def assert_fits(frame: Frame) -> None:
    """The map is drawn over most of the frame; what needs rights is not there."""
    assert frame.locator(".atlas-title h1").is_visible()
    box = frame.locator(".atlas-map").bounding_box()
    assert box is not None
    assert box["width"] > 780
    assert box["height"] > 330
    for left_out in (".atlas-finding", ".atlas-questions", ".atlas-lists", ".atlas-search", "header .atlas-bar-button"):
        assert not frame.locator(left_out).is_visible()
    assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_a_sandboxed_frame_shows_the_map_and_complains_of_nothing(page: Page, complaints: list[str]) -> None:
    frame = framed(page, f'sandbox="allow-scripts" src="{SITE}map.html#embed"')
    assert_fits(frame)
    assert frame.evaluate("location.hash") == "#embed"
    assert frame.evaluate("self.origin") == "null"
    assert not frame.locator(".atlas-complete").count()
    frame.locator(".atlas-map .leaflet-container").click(position={"x": 300, "y": 200})
    assert complaints == []


def test_a_page_written_into_a_frame_needs_no_address(page: Page, demo: Demo, complaints: list[str]) -> None:
    written = html.escape(demo[0].page("demo").read_text(encoding="utf-8"), quote=True)
    assert_fits(framed(page, f'sandbox="allow-scripts" srcdoc="{written}"'))
    assert complaints == []


def test_a_frame_of_the_same_site_links_to_the_complete_map(page: Page, complaints: list[str]) -> None:
    frame = framed(page, f'src="{SITE}map.html#embed&layer=imd_decile"')
    assert_fits(frame)
    assert frame.locator(".atlas-complete").get_attribute("href") == f"{SITE}map.html#layer=imd_decile"
    assert complaints == []


def test_a_saved_map_is_wide_enough_for_paper_whatever_the_window(
    demo: Demo, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(demo[0].page("demo"), viewport={"width": 700, "height": 700})
    open_tool(page, "Save")
    with page.expect_download() as download:
        page.get_by_role("button", name="Picture of the map (PNG)").click()
    saved = Path(download.value.path()).read_bytes()
    header = BytesIO(saved).read(24)
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(header[16:20], "big") >= 2_000
