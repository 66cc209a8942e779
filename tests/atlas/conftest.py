"""A real browser for the tests of the page."""

import pytest

from pipeline import store

WATCH = """() => {
    window.reports = [];
    document.addEventListener("securitypolicyviolation", (event) => window.reports.push(event.violatedDirective));
}"""


@pytest.fixture
def open_page(browser):
    """Opens a file; at the end nothing must have been asked of the network or complained of."""
    faults, pages = [], []

    def opener(path, fragment="", **options):
        page = browser.new_page(**({"viewport": {"width": 1280, "height": 800}} | options))
        pages.append(page)
        page.on(
            "request", lambda r: faults.append(r.url) if not r.url.startswith(("file:", "data:", "blob:")) else None
        )
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
def risk(demo):
    return store.read_geotable(demo[0].processed("demo") / "risk.parquet")
