"""The street map: nothing is asked for until a reader asks, and then only its server."""

import base64
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from pipeline import Project, store
from pipeline.atlas import draw
from pipeline.stages.map import page_inputs
from pipeline.stages.stage import Scope
from tests.fixtures.folders import ASSETS
from tests.fixtures.projects import Demo

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

Tiles = tuple[ThreadingHTTPServer, list[str]]
PageAt = Callable[[str], Page]


@pytest.fixture
def tiles() -> Iterator[Tiles]:
    """A server of map pictures on loopback, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(PICTURE)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server, asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def page_at(demo: Demo, browser: Browser, tmp_path: Path) -> Iterator[PageAt]:
    """The demo's page with the street map at an address, or with none."""
    pages: list[Page] = []

    def at(address: str) -> Page:
        declared = (demo[0].declared / "layers.toml").read_text(encoding="utf-8")
        start, end = declared.index("[street_map]"), declared.index("# Colours run from")
        own = f'[street_map]\naddress = "{address}"\nattribution = "Invented streets"\n\n' if address else ""
        project = Project(tmp_path)
        store.write_text(project.declared / "layers.toml", declared[:start] + own + declared[end:])
        for name in ("areas.toml", "sources.toml", "places.toml", "rates.toml", "help.toml"):
            store.write_bytes(project.declared / name, (demo[0].declared / name).read_bytes())
        shutil.copytree(demo[0].processed("demo"), project.processed("demo"), dirs_exist_ok=True)
        shutil.copytree(demo[0].root / "data/raw", tmp_path / "data/raw", dirs_exist_ok=True)
        html = draw(page_inputs(project.snapshot(), Scope("demo", area="demo")), ASSETS)
        store.write_text(project.page("demo"), html)
        page = browser.new_page()
        pages.append(page)
        page.goto(project.page("demo").as_uri())
        page.evaluate("window.Atlas.ready")
        return page

    yield at
    for page in pages:
        page.close()


def test_streets_are_shown_only_when_asked_for(page_at: PageAt, tiles: Tiles) -> None:
    server, asked = tiles
    page = page_at(f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}.png")
    page.wait_for_timeout(300)
    assert asked == []
    page.get_by_text("Street map", exact=True).click()
    assert "needs the internet" in page.inner_text(".atlas-tools")
    with page.expect_navigation():
        page.get_by_role("button", name="Show the street map").click()
    page.evaluate("window.Atlas.ready")
    page.wait_for_timeout(500)
    assert asked
    assert all(path.endswith(".png") for path in asked)
    assert "Invented streets" in page.inner_text("body")
    page.get_by_text("Street map", exact=True).click()
    with page.expect_navigation():
        page.get_by_role("button", name="Remove the street map").click()
    page.evaluate("window.Atlas.ready")
    count = len(asked)
    page.wait_for_timeout(300)
    assert len(asked) == count


def test_the_policy_stops_any_other_picture(page_at: PageAt, tiles: Tiles) -> None:
    server, asked = tiles
    page = page_at("https://streets.invalid/{z}/{x}/{y}.png")
    blocked = page.evaluate(
        """(address) => new Promise((done) => {
            document.addEventListener("securitypolicyviolation", (event) => done(event.violatedDirective));
            new Image().src = address;
        })""",
        f"http://127.0.0.1:{server.server_port}/leak.png",
    )
    assert blocked == "img-src"
    assert asked == []


def test_a_server_that_is_not_reached_is_said(page_at: PageAt) -> None:
    page = page_at("http://127.0.0.1:9/{z}/{x}/{y}.png")
    page.get_by_text("Street map", exact=True).click()
    with page.expect_navigation():
        page.get_by_role("button", name="Show the street map").click()
    page.evaluate("window.Atlas.ready")
    page.get_by_text("Street map", exact=True).click()
    page.get_by_text("could not be reached").first.wait_for()


def test_without_one_declared_there_is_no_button(page_at: PageAt) -> None:
    page = page_at("")
    assert page.get_by_text("Street map", exact=True).count() == 0
