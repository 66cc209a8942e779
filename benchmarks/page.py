"""Pages in a real browser: what is drawn when, how smoothly they move, and what memory they take."""

import json
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
from playwright.sync_api import Browser, CDPSession, Page

from benchmarks.measuring import CHECKOUT

VIEWPORT = {"width": 1440, "height": 900}
LEAFLET = CHECKOUT / "page" / "node_modules" / "leaflet" / "dist"
COLOURS = ("#352310", "#572f21", "#833d38", "#b34745", "#d95f4b", "#e2824f", "#e89f54", "#edbd5a", "#f5dd79", "#fcf8bf")


@dataclass(frozen=True)
class Targets:
    """What the page of an area should stay under."""

    share_of_plain: float
    megabytes: float
    megabytes_with_postcodes: float
    heap: float
    switch: float
    pan: float = 50
    zoom: float = 500
    weigh: float = 250
    level: float = 500


SMALL_AREA = Targets(share_of_plain=0.6, megabytes=0.9, megabytes_with_postcodes=0.9, heap=12, switch=40)
NATION = Targets(share_of_plain=1 / 30, megabytes=7, megabytes_with_postcodes=7, heap=60, switch=250)


@dataclass
class Measured:
    """Milliseconds and megabytes; None: not measured."""

    megabytes: float
    first_drawn: float | None = None
    pan: float | None = None
    switch: float | None = None
    level: float | None = None
    weigh: float | None = None
    zoom: float | None = None
    heap: float | None = None


PROBE = """
window.probe = {
  map: () => Object.values(window).find((value) => value instanceof L.Map),
  busy() {
    const map = this.map();
    return map.getContainer().hasAttribute("data-drawing") || Boolean(map._animatingZoom);
  },
  // Resolves when a frame was painted; says whether all was drawn before it.
  frame() {
    return new Promise((done) => {
      requestAnimationFrame(() => {
        const drawn = !this.busy();
        setTimeout(() => done(drawn), 0);
      });
    });
  },
  async still() {
    while (!await this.frame());
  },
  // Animations begin a frame after what sets them off.
  async timed(action, frames = 0) {
    for (let frame = 0; frame < 3; frame++) await this.still();
    const begun = performance.now();
    action();
    for (let frame = 0; frame < frames; frame++) await this.frame();
    await this.still();
    return performance.now() - begun;
  },
};
"""

MARKED = "mark => performance.getEntriesByName(mark)[0]?.startTime ?? -1"
"""Milliseconds from navigation to a mark; -1 before it is reached."""

SWITCH = """async () => {
  const times = [];
  for (const input of document.querySelectorAll('.atlas-layers input[type=radio]')) {
    if (!input.checked && !input.value.startsWith('larger-')) times.push(await probe.timed(() => input.click()));
  }
  document.querySelector('.atlas-layers input[type=radio]').click();
  await probe.still();
  return Math.max(...times);
}"""

LEVEL = """async () => {
  const times = [];
  for (const input of document.querySelectorAll('.atlas-layers input[value^=larger-]')) {
    times.push(await probe.timed(() => input.click()));
  }
  document.querySelector('.atlas-layers input[type=radio]').click();
  await probe.still();
  return Math.max(...times);
}"""
"""The map by larger areas, of which each level has other borders."""

PLAIN_SWITCH = """async () => {
  const boxes = [...document.querySelectorAll('.leaflet-control-layers-overlays input[type=checkbox]')];
  const times = [];
  let shown = boxes[0];
  for (const box of boxes.slice(1)) {
    const hidden = shown;
    times.push(await probe.timed(() => { hidden.click(); box.click(); }));
    shown = box;
  }
  return Math.max(...times);
}"""

WEIGH = """async () => {
  const slider = document.querySelector(".atlas-what-if input[type=range]");
  const times = [];
  for (const value of [slider.max, slider.min]) {
    times.push(await probe.timed(() => {
      slider.value = value;
      slider.dispatchEvent(new Event("input"));
    }, 2));
  }
  return Math.max(...times);
}"""

ZOOM = """async () => {
  const times = [];
  const press = (way) => probe.timed(() => document.querySelector(`.leaflet-control-zoom-${way}`).click(), 2);
  for (const way of ["in", "in", "in", "in", "in", "in", "out", "out", "out", "out", "out", "out"]) {
    times.push(await press(way));
  }
  return Math.max(...times);
}"""


def open_page(browser: Browser, path: Path, mark: str, limit: float) -> Page:
    """The page once it has reached the mark and draws no more, with the probe in it."""
    page, _ = reach_mark(browser, path, mark, limit)
    page.evaluate(PROBE)
    page.evaluate("probe.still()")
    return page


def reach_mark(browser: Browser, path: Path, mark: str, limit: float) -> tuple[Page, float]:
    """The page and the milliseconds from navigation to the mark.

    Raises:
        TimeoutError: it does not reach the mark within ``limit`` seconds.
    """
    page = browser.new_page(viewport=VIEWPORT)  # type: ignore[arg-type]
    page.set_default_timeout(limit * 1000)
    page.goto(path.resolve().as_uri(), wait_until="commit")
    begun = time.monotonic()
    while (reached := float(page.evaluate(MARKED, mark))) < 0:
        if time.monotonic() - begun > limit:
            raise TimeoutError(f"not drawn in {limit:.0f} s")
        time.sleep(0.1)
    return page, reached


def first_drawn(browser: Browser, path: Path, mark: str, times: int, limit: float) -> float:
    """Milliseconds, the median of some loads."""
    taken = []
    for _ in range(times):
        page, milliseconds = reach_mark(browser, path, mark, limit)
        taken.append(milliseconds)
        page.close()
    return statistics.median(taken)


def heap(session: CDPSession) -> float:
    """Megabytes of live objects and of the array buffers they hold."""
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    usage = session.send("Runtime.getHeapUsage")
    return float(usage["usedSize"] + usage.get("backingStorageSize", 0)) / 1e6


@contextmanager
def longest_task(browser: Browser, page: Page) -> Iterator[list[float]]:
    """Puts the milliseconds of the longest task of the page's main thread into the list."""
    found: list[float] = []
    browser.start_tracing(page=page, categories=["toplevel", "__metadata"])
    yield found
    events: list[dict[str, Any]] = json.loads(browser.stop_tracing())["traceEvents"]
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = (e for e in events if (e["pid"], e["tid"]) in threads and e["name"].endswith("RunTask"))
    found.append(max((event.get("dur", 0) for event in tasks), default=0) / 1000)


def drag(page: Page) -> None:
    """Up, down and aside, further than a screen holds in reserve."""
    x, y = 900, 450
    for across, down in ((-420, 0), (420, 0), (0, 320), (0, -320), (-300, -200)):
        page.mouse.move(x, y)
        page.mouse.down()
        for step in range(1, 25):
            page.mouse.move(x + across * step / 24, y + down * step / 24)
        page.mouse.up()
        page.evaluate("probe.still()")


def pan(browser: Browser, page: Page, zooms: int) -> float:
    """Milliseconds of the longest task while the map is dragged, at some zooms from the widest on.

    At each zoom the median of three rounds counts, for a task is long, too, when the machine does something else.
    """
    longest = 0.0
    for zoom in range(zooms):
        if zoom:
            page.evaluate("probe.timed(() => probe.map().setZoom(probe.map().getZoom() + 1.6, {animate: false}))")
        rounds: list[float] = []
        for _ in range(3):
            with longest_task(browser, page) as found:
                drag(page)
            rounds.extend(found)
        longest = max(longest, statistics.median(rounds))
    return longest


def measure_atlas(browser: Browser, path: Path, loads: int) -> Measured:
    """The page itself."""
    measured = Measured(path.stat().st_size / 1e6)
    measured.first_drawn = first_drawn(browser, path, "atlas-first-drawn", loads, 120)
    page = open_page(browser, path, "atlas-ready", 120)
    session = page.context.new_cdp_session(page)
    measured.zoom = page.evaluate(ZOOM)
    measured.switch = page.evaluate(SWITCH)
    measured.level = page.evaluate(LEVEL)
    measured.weigh = page.evaluate(WEIGH)
    measured.pan = pan(browser, page, 4)
    measured.heap = heap(session)
    page.close()
    return measured


DRAWN = "requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('plain-drawn')))"
"""Sets a mark once what the page has made so far is on the screen."""


def write_plain(areas: gpd.GeoDataFrame, columns: list[str], path: Path) -> None:
    """One ``folium.GeoJson`` layer, coloured by decile, with a tooltip of all columns; Leaflet is inside the page."""

    def style(feature: dict[str, Any]) -> dict[str, Any]:
        decile = feature["properties"]["risk_decile"]
        colour = COLOURS[int(decile) - 1] if decile is not None else "#bcc6cc"
        return {"fillColor": colour, "color": "#ffffff", "weight": 0.5, "fillOpacity": 1}

    west, south, east, north = areas.total_bounds
    page = folium.Map(tiles=None)
    page.default_js = [("leaflet", (LEAFLET / "leaflet.js").resolve().as_uri())]
    page.default_css = [("leaflet_css", (LEAFLET / "leaflet.css").resolve().as_uri())]
    tooltip = folium.GeoJsonTooltip(fields=columns)
    folium.GeoJson(areas[[*columns, "geometry"]], style_function=style, tooltip=tooltip).add_to(page)
    page.fit_bounds([[south, west], [north, east]])
    html = page.get_root().render()
    path.write_text(html.replace("</html>", f"<script>{DRAWN}</script></html>"), encoding="utf-8")


def without_network(plain: Path, page: Path) -> None:
    """A copy of what the plain way wrote that loads Leaflet from here and nothing else, and says when it has drawn."""
    html = re.sub(
        r'<(script|link)[^>]*(?:src|href)="https?://[^>]*>(</script>)?', "", plain.read_text(encoding="utf-8")
    )
    style, code = ((LEAFLET / name).resolve().as_uri() for name in ("leaflet.css", "leaflet.js"))
    loaded = f'<head><link rel="stylesheet" href="{style}"><script src="{code}"></script>'
    page.write_text(
        html.replace("<head>", loaded, 1).replace("</html>", f"<script>{DRAWN}</script></html>"), encoding="utf-8"
    )


def measure_plain(browser: Browser, path: Path, loads: int) -> Measured:
    """The page of the plain way, as :func:`without_network` copies it."""
    measured = Measured(path.stat().st_size / 1e6)
    measured.first_drawn = first_drawn(browser, path, "plain-drawn", loads, 120)
    page = open_page(browser, path, "plain-drawn", 120)
    session = page.context.new_cdp_session(page)
    measured.zoom = page.evaluate(ZOOM)
    measured.switch = page.evaluate(PLAIN_SWITCH)
    measured.pan = pan(browser, page, 4)
    measured.heap = heap(session)
    page.close()
    return measured


def measure_floor(browser: Browser, path: Path, loads: int) -> Measured:
    """A page of polygons and nothing else, as :mod:`benchmarks.floor` writes it."""
    return Measured(path.stat().st_size / 1e6, first_drawn(browser, path, "floor-drawn", loads, 120))
