"""A real browser for the tests of the page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from playwright.sync_api import Browser, Page, Request

from pipeline import store
from tests.fixtures.pages import OpenPage
from tests.fixtures.projects import Demo

WATCH = """() => {
    window.reports = [];
    document.addEventListener("securitypolicyviolation", (event) => window.reports.push(event.violatedDirective));
}"""


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens a file; at the end nothing must have been asked of the network or complained of."""
    faults: list[str] = []
    pages: list[Page] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            faults.append(request.url)

    def opener(path: Path, fragment: str = "", **options: Any) -> Page:
        page = browser.new_page(**({"viewport": {"width": 1280, "height": 800}} | options))
        pages.append(page)
        page.on("request", note)
        page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path.as_uri() + fragment)
        page.evaluate("window.Atlas.ready")
        page.evaluate(WATCH)
        return page

    yield opener
    for page in pages:
        if not page.is_closed():
            faults.extend(page.evaluate("window.reports ?? []"))
            page.close()
    assert faults == []


@pytest.fixture
def risk(demo: Demo) -> gpd.GeoDataFrame:
    return store.read_geotable(demo[0].processed("demo") / "risk.parquet")
