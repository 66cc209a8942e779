"""Measures the page of an area in a real browser, beside a plain folium page of the same areas."""

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
from playwright.sync_api import Browser, CDPSession, Error, Page, sync_playwright

from tests.fixtures.browsers import ARGUMENTS, executable
from tests.fixtures.pages import carried

VIEWPORT = {"width": 1440, "height": 900}
LEAFLET = Path("page/node_modules/leaflet/dist")
LARGE = 10_000
"""Areas from which on fewer loads are timed, and the plain page only on request."""
PLAIN_LIMIT = 900.0
"""Seconds after which a plain page is given up."""
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
    notes: list[str] = field(default_factory=list)


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


def open_page(browser: Browser, path: Path, mark: str, limit: float) -> tuple[Page, float]:
    """The page and the milliseconds from navigation to the mark."""
    page = browser.new_page(viewport=VIEWPORT)  # type: ignore[arg-type]
    page.set_default_timeout(limit * 1000)
    page.goto(path.resolve().as_uri(), wait_until="commit")
    begun = time.monotonic()
    while (reached := float(page.evaluate(MARKED, mark))) < 0:
        if time.monotonic() - begun > limit:
            raise TimeoutError(f"not drawn in {limit:.0f} s")
        time.sleep(0.1)
    page.evaluate(PROBE)
    page.evaluate("probe.still()")
    return page, reached


def first_drawn(browser: Browser, path: Path, mark: str, times: int, limit: float) -> float:
    """Milliseconds, the median of some loads."""
    taken = []
    for _ in range(times):
        page, milliseconds = open_page(browser, path, mark, limit)
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
    page, _ = open_page(browser, path, "atlas-ready", 120)
    session = page.context.new_cdp_session(page)
    measured.zoom = page.evaluate(ZOOM)
    measured.switch = page.evaluate(SWITCH)
    measured.level = page.evaluate(LEVEL)
    measured.weigh = page.evaluate(WEIGH)
    measured.pan = pan(browser, page, 4)
    measured.heap = heap(session)
    page.close()
    return measured


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
    mark = "requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('plain-drawn')))"
    path.write_text(html.replace("</html>", f"<script>{mark}</script></html>"), encoding="utf-8")


def measure_plain(browser: Browser, area: str, columns: list[str], folder: Path, loads: int) -> Measured:
    """The page that folium makes of the same areas."""
    areas = gpd.read_parquet(Path("data/processed") / area / "risk.parquet")
    for column in areas.columns.drop("geometry"):
        if not isinstance(areas[column].dtype, (gpd.array.GeometryDtype,)):
            areas[column] = areas[column].astype(object).where(areas[column].notna(), None)
    path = folder / f"{area}.html"
    write_plain(areas, [c for c in columns if c in areas.columns], path)
    count = len(areas)
    del areas
    measured = Measured(path.stat().st_size / 1e6)
    begun = time.monotonic()
    try:
        measured.first_drawn = first_drawn(browser, path, "plain-drawn", loads, PLAIN_LIMIT)
        page, _ = open_page(browser, path, "plain-drawn", PLAIN_LIMIT)
        drawn = page.locator("path.leaflet-interactive").count()
        if drawn != count:
            measured.notes.append(f"drew {drawn} of {count} areas")
        session = page.context.new_cdp_session(page)
        measured.heap = heap(session)
        if loads > 1:
            measured.zoom = page.evaluate(ZOOM)
            measured.pan = pan(browser, page, 4)
        page.close()
    except (Error, TimeoutError) as error:
        measured.notes.append(f"given up after {time.monotonic() - begun:.0f} s: {str(error).splitlines()[0]}")
    return measured


def show(atlas: Measured, plain: Measured | None, targets: Targets, with_postcodes: bool) -> None:
    """Prints everything beside its target."""

    def line(name: str, of: str, target: float | None, decimals: int = 0) -> None:
        value = getattr(atlas, of)
        other = getattr(plain, of) if plain else None
        write(name, value, other, value / other if value is not None and other else None, target, value, decimals)

    def write(
        name: str,
        value: float | None,
        other: float | None,
        ratio: float | None,
        target: float | None,
        judged: float | None,
        decimals: int,
    ) -> None:
        numbers = ((value, 9, decimals), (other, 9, decimals), (ratio, 8, 3), (target, 8, decimals))
        texts = "".join(f"{'–' if n is None else f'{n:.{places}f}':>{width}}" for n, width, places in numbers)
        met = "" if target is None or judged is None else "  met" if judged <= target else "  NOT met"
        print(f"{name:<26}{texts}{met}", flush=True)

    print(f"{'page':<26}{'atlas':>9}{'plain':>9}{'ratio':>8}{'target':>8}")
    line("size, MB", "megabytes", targets.megabytes_with_postcodes if with_postcodes else targets.megabytes, 2)
    line("first drawn, ms", "first_drawn", None)
    if plain and plain.first_drawn and atlas.first_drawn:
        share = atlas.first_drawn / plain.first_drawn
        write("  as a share of plain", None, None, share, targets.share_of_plain, share, 2)
    line("longest task panning, ms", "pan", targets.pan)
    line("slowest layer switch, ms", "switch", targets.switch)
    line("slowest larger areas, ms", "level", targets.level)
    line("slowest zoom, ms", "zoom", targets.zoom)
    line("heap at the end, MB", "heap", targets.heap, 1)
    for note in plain.notes if plain else []:
        print(f"plain page: {note}")


def measure(area: str, plain: bool | None = None, page: Path | None = None) -> None:
    """Measures and prints. ``plain``: whether the plain page too; by default only for small areas."""
    path = page or Path("maps") / area / "atlas.html"
    data = carried(path)
    nation = data["table"]["rows"] >= LARGE
    columns = [column["name"] for column in data["columns"]]
    loads = 3 if nation else 5
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        atlas = measure_atlas(browser, path, loads)
        wanted = not nation if plain is None else plain
        beside = measure_plain(browser, area, columns, Path(folder), 1 if nation else loads) if wanted else None
        browser.close()
    show(atlas, beside, NATION if nation else SMALL_AREA, bool(data.get("postcodes")))
    if beside is None:
        print("The plain page was left out; --plain measures it (minutes, and more than 1 GB of memory).")
