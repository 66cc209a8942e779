"""The street map: nothing is asked for until a reader asks, and then only its server."""

import base64
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from pipeline import store
from pipeline.atlas import PageInputs, draw
from pipeline.stages.map import page_inputs
from pipeline.stages.stage import Scope
from tests.fixtures.folders import ASSETS
from tests.fixtures.pages import close_tools, open_tool, open_tools
from tests.fixtures.projects import Demo

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

PageAt = Callable[..., Page]


def serve(answer: Callable[[BaseHTTPRequestHandler], None]) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def send(handler: BaseHTTPRequestHandler, status: int, content: bytes, kind: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Access-Control-Allow-Origin", "*")
    handler.end_headers()
    handler.wfile.write(content)


class MapServer:
    """A server of map pictures on loopback that answers with a status, and what was asked of it."""

    def __init__(self) -> None:
        self.status, self.asked = 200, list[str]()
        self.server = serve(self._answer)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append(handler.path)
        send(handler, self.status, PICTURE, "image/png")


@pytest.fixture(scope="module")
def map_server() -> Iterator[MapServer]:
    started = MapServer()
    yield started
    started.server.shutdown()
    started.server.server_close()


@pytest.fixture
def tiles(map_server: MapServer) -> MapServer:
    """The server, which answers each question and was asked none."""
    map_server.status, map_server.asked = 200, []
    return map_server


@pytest.fixture(scope="module")
def inputs(demo: Demo) -> PageInputs:
    """What the demo's page is drawn from."""
    return page_inputs(demo[0].snapshot(), Scope("demo", area="demo"))


@pytest.fixture(scope="module")
def drawn(inputs: PageInputs, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Draws the demo's page with the street map at an address, or with none; once for each address."""

    @cache
    def at(address: str) -> Path:
        declared = inputs.look.street_map
        assert declared is not None
        streets = declared.model_copy(update={"address": address, "attribution": "Invented streets"})
        look = replace(inputs.look, street_map=streets if address else None)
        path = tmp_path_factory.mktemp("drawn") / "page.html"
        store.write_text(path, draw(replace(inputs, look=look), ASSETS))
        return path

    return at


@pytest.fixture
def page_at(drawn: Callable[[str], Path], browser: Browser) -> Iterator[PageAt]:
    """The demo's page with the street map at an address, or with none; from a website, or from a file."""
    pages: list[Page] = []
    shown: list[Path] = []
    site = serve(lambda handler: send(handler, 200, shown[-1].read_bytes(), "text/html"))

    def at(address: str, *, from_file: bool = False) -> Page:
        shown.append(drawn(address))
        page = browser.new_context().new_page()
        pages.append(page)
        page.goto(shown[-1].as_uri() if from_file else f"http://127.0.0.1:{site.server_port}/page.html")
        page.evaluate("window.Atlas.ready")
        return page

    yield at
    for page in pages:
        page.context.close()
    site.shutdown()
    site.server_close()


def tiles_of(tiles: MapServer) -> str:
    return f"{tiles.origin}/{{z}}/{{x}}/{{y}}.png"


def show(page: Page) -> None:
    open_tool(page, "Street map")
    with page.expect_navigation():
        page.get_by_role("button", name="Show the street map").click()
    page.evaluate("window.Atlas.ready")
    open_tool(page, "Street map")


def test_streets_are_shown_only_when_asked_for(page_at: PageAt, tiles: MapServer) -> None:
    asked = tiles.asked
    page = page_at(tiles_of(tiles))
    page.wait_for_timeout(300)
    assert asked == []
    assert "needs the internet" in (page.locator(".atlas-tools").text_content() or "")
    show(page)
    page.wait_for_timeout(500)
    assert asked
    assert all(path.endswith(".png") for path in asked)
    assert "Invented streets" in page.inner_text("body")
    open_tool(page, "Street map")
    with page.expect_navigation():
        page.get_by_role("button", name="Remove the street map").click()
    page.evaluate("window.Atlas.ready")
    count = len(asked)
    page.wait_for_timeout(300)
    assert len(asked) == count


def test_the_wish_is_of_one_page_in_one_tab(page_at: PageAt, tiles: MapServer) -> None:
    asked = tiles.asked
    page = page_at(tiles_of(tiles))
    show(page)
    page.wait_for_timeout(300)
    link = page.url
    assert "street" not in link
    for other in (page, page.context.new_page()):
        other.goto("about:blank")
        count = len(asked)
        other.goto(link)
        other.evaluate("window.Atlas.ready")
        other.wait_for_timeout(300)
        assert len(asked) == count
        assert other.evaluate("window.name") == ""


@pytest.mark.parametrize("status", [403, 429])
def test_a_refusal_is_said_even_where_it_comes_as_a_picture(page_at: PageAt, tiles: MapServer, status: int) -> None:
    tiles.status = status
    page = page_at(tiles_of(tiles))
    show(page)
    page.get_by_text("refuses to show its street map here").first.wait_for()
    assert page.locator("img.leaflet-tile:visible").count() == 0


def test_it_is_not_offered_on_a_page_from_a_file(page_at: PageAt, tiles: MapServer) -> None:
    page = page_at(tiles_of(tiles), from_file=True)
    open_tool(page, "Street map")
    assert "opened from a file" in page.inner_text(".atlas-tools")
    assert page.get_by_role("button", name="Show the street map").count() == 0
    assert tiles.asked == []


def test_the_policy_stops_any_other_picture(page_at: PageAt, tiles: MapServer) -> None:
    page = page_at("https://streets.invalid/{z}/{x}/{y}.png")
    blocked = page.evaluate(
        """(address) => new Promise((done) => {
            document.addEventListener("securitypolicyviolation", (event) => done(event.violatedDirective));
            new Image().src = address;
        })""",
        f"{tiles.origin}/leak.png",
    )
    assert blocked == "img-src"
    assert tiles.asked == []


def test_a_server_that_is_not_reached_is_said(page_at: PageAt) -> None:
    page = page_at("http://127.0.0.1:9/{z}/{x}/{y}.png")
    show(page)
    page.get_by_text("could not be reached").first.wait_for()


def test_a_server_that_does_not_answer_is_said(page_at: PageAt) -> None:
    waiting = threading.Event()

    def wait(_: BaseHTTPRequestHandler) -> None:
        waiting.wait(20)

    server = serve(wait)
    page = page_at(f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}.png")
    # The patience of the page, shortened.
    page.add_init_script(
        "const later = setTimeout; setTimeout = (run, wait, ...all) => later(run, wait === 20000 ? 50 : wait, ...all);"
    )
    open_tool(page, "Street map")
    with page.expect_navigation(wait_until="commit"):
        page.get_by_role("button", name="Show the street map").click()
    open_tool(page, "Street map")
    page.get_by_text("has not answered for 20 seconds").first.wait_for()
    assert "some streets are missing" in page.inner_text(".atlas-streets-credit")
    waiting.set()
    server.shutdown()
    server.server_close()


def test_being_offline_is_said(page_at: PageAt, tiles: MapServer) -> None:
    page = page_at(tiles_of(tiles))
    show(page)
    page.context.set_offline(True)
    close_tools(page)
    page.get_by_role("button", name="Zoom in").click()
    open_tool(page, "Street map")
    page.get_by_text("this computer seems to be offline").first.wait_for()
    assert page.locator(".atlas-legend").first.is_visible()


def test_being_offline_is_said_before_it_is_asked_for(page_at: PageAt, tiles: MapServer) -> None:
    page = page_at(tiles_of(tiles))
    page.add_init_script("Object.defineProperty(navigator, 'onLine', {get: () => false});")
    page.reload()
    page.evaluate("window.Atlas.ready")
    open_tool(page, "Street map")
    assert page.get_by_text("seems to be offline now").is_visible()
    assert tiles.asked == []


def test_without_one_declared_there_is_no_button(page_at: PageAt) -> None:
    tools = open_tools(page_at(""))
    assert tools.get_by_text("Try other weights", exact=True).is_visible()
    assert tools.get_by_text("Street map", exact=True).count() == 0
