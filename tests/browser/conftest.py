"""A real browser for the tests of the page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request

from pipeline import store
from tests.fixtures.pages import NewPage, OpenPage
from tests.fixtures.projects import Demo

WATCH = """() => {
    window.reports = [];
    document.addEventListener("securitypolicyviolation", (event) => window.reports.push(event.violatedDirective));
}"""


@pytest.fixture(scope="session")
def new_page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> NewPage:
    """Opens an empty page as playwright's ``new_page`` does, in half of the processor's time.

    Pages that are opened with the same options share a context, in which a page of nothing stays open: beside it no
    page needs a process of its own. They share no more than windows of one reader do; what a page keeps for itself
    (``sessionStorage``) is still of each page.
    """
    nothing = tmp_path_factory.mktemp("nothing") / "nothing.html"
    nothing.write_text("<!DOCTYPE html><title>Nothing</title>", encoding="utf-8")
    contexts: dict[str, BrowserContext] = {}

    def opener(**options: Any) -> Page:
        name = repr(sorted(options.items()))
        if name not in contexts:
            contexts[name] = browser.new_context(**options)
            contexts[name].new_page().goto(nothing.as_uri())
        return contexts[name].new_page()

    return opener


@pytest.fixture
def open_page(new_page: NewPage) -> Iterator[OpenPage]:
    """Opens a file; at the end nothing must have been asked of the network or complained of."""
    faults: list[str] = []
    pages: list[Page] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            faults.append(request.url)

    def opener(path: Path, fragment: str = "", **options: Any) -> Page:
        page = new_page(**({"viewport": {"width": 1280, "height": 800}} | options))
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
