"""Every state of the page against axe-core's rules, and the whole way through it by keyboard alone."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from pipeline import store
from tests.fixtures.pages import (
    OPEN_ALL,
    OpenPage,
    ask,
    ask_for_plan,
    open_every_tool,
    open_layers,
    open_tools,
    open_view,
    violations,
)
from tests.fixtures.projects import Demo

LAYOUT = ("color-contrast", "target-size", "scrollable-region-focusable")
"""The rules whose findings depend on how wide the page is; the others read the same elements at every width."""
WITHOUT_COLOUR = LAYOUT[1:]
LISTS = ".atlas-questions, .atlas-body, .atlas-map"
MIDDLE = ".atlas-middle"
TOOLS = ".atlas-flyout"


@pytest.fixture
def codes(demo: Demo) -> list[str]:
    risk = store.read_table(demo[0].processed("demo") / "risk.parquet")
    ordered = risk.sort_values("risk_rank")
    return [*ordered["lsoa21_code"][:4], ordered["lad_code"].iloc[0]]


def leave(page: Page) -> None:
    """As the link has it."""


def asking(question: str) -> Callable[[Page], object]:
    return lambda page: ask(page, question)


def open_first_programme(page: Page) -> None:
    ask(page, "Where to act?").get_by_role("list", name="Programmes").get_by_role("button").first.click()


def open_notes(page: Page) -> None:
    open_tools(page).get_by_role("button", name="About and sources").click()


def open_everything(page: Page) -> None:
    page.evaluate(OPEN_ALL)


@dataclass(frozen=True)
class State:
    """What a reader comes to by a link, ``steps``, or both; ``part`` is where it differs from the page as it opens."""

    part: str
    link: str = ""
    steps: Callable[[Page], object] = leave


WEIGHTS = "weights=30,0,10,5,20,5,2,2,1,1"
STATES = {
    "as it opens": State("html"),
    "what kind": State(LISTS, steps=asking("What kind?")),
    "where is support missing": State(LISTS, steps=asking("Where is support missing?")),
    "where to act": State(LISTS, steps=asking("Where to act?")),
    "a programme": State(LISTS, steps=open_first_programme),
    "a plan": State(LISTS, steps=lambda page: ask_for_plan(page, "£100,000")),
    "an area": State(".atlas-body", "#area={0}"),
    "an area and one pinned": State(".atlas-body", "#area={0}&pinned={1}", open_everything),
    "tools": State(TOOLS, steps=open_tools),
    "every tool": State(TOOLS, steps=open_every_tool),
    "more layers": State(".atlas-map", steps=open_layers),
    "wards on the map": State(LISTS, "#level=ward&by=worst", open_layers),
    "down in a district": State(LISTS, "#level=ward&filter=lad_code%3D{4}"),
    "practices": State(MIDDLE, "#level=practice&show=levels"),
    "wards and districts": State(MIDDLE, steps=lambda page: open_view(page, "Wards and districts")),
    "the table of chosen areas": State(MIDDLE, "#show=table&filter=risk_decile%3C1"),
    "the list of where to act": State(MIDDLE, "#show=act"),
    "programmes": State(MIDDLE, "#show=programmes&layer=programme_standing", open_everything),
    "where to act by changed weights, an area": State("html", f"#show=act&{WEIGHTS};england&area={{1}}"),
    "nothing chosen": State("html", "#show=table&filter=risk_decile%3C1%3Bshare_75_plus%3E0.9"),
    "two layers": State(".atlas-map", "#beside=imd_decile&divide=0.4"),
    "two values at once": State(LISTS, "#layer=risk_by_deprivation&area={3}"),
    "changed weights": State(f"{TOOLS}, .atlas-body", f"#{WEIGHTS};selection&area={{2}}", open_every_tool),
    "the notes": State("dialog", steps=open_notes),
    "suggestions": State("header", steps=lambda page: page.get_by_label("Find a place").press_sequentially("a")),
}
TOGETHER = (
    ("as it opens", "what kind", "where is support missing", "where to act", "a programme", "a plan", "the notes"),
    ("an area", "an area and one pinned"),
    ("two values at once",),
    ("tools", "every tool"),
    ("more layers", "wards on the map"),
    ("down in a district", "suggestions"),
    ("two layers",),
    ("practices",),
    ("wards and districts",),
    ("the table of chosen areas", "nothing chosen", "the list of where to act"),
    ("programmes",),
    ("where to act by changed weights, an area", "changed weights"),
)
"""States that one page comes to one after another: none but the last leaves anything that the next would not have."""
ZOOMED = ("as it opens", "a plan", "an area", "every tool", "the list of where to act", "more layers")
ZOOM = ((640, 400), (320, 200))
"""A browser that zooms to 200 or 400% gives a page a half or a quarter of the window."""
NARROW = (320, 640)
OPENED_NARROW = (
    "as it opens",
    "where to act",
    "a plan",
    "an area and one pinned",
    "every tool",
    "more layers",
    "the table of chosen areas",
    "two layers",
    "the notes",
)
FORCED = ("as it opens", "what kind", "an area", "tools", "the table of chosen areas")


def come_to(page: Page, state: State) -> None:
    state.steps(page)
    page.wait_for_timeout(50)


FILL_AS_PAINTED = """() => {
    const all = [...document.querySelectorAll("body *")].filter((element) => element.style);
    const painted = all.map((element) => getComputedStyle(element).color);
    for (const [number, element] of all.entries()) element.style.webkitTextFillColor = painted[number];
}"""
"""Chromium says of letters that they are filled by the page's own colour where it paints the reader's."""


@pytest.mark.parametrize("names", TOGETHER, ids=lambda names: names[0])
def test_no_rule_is_broken(demo: Demo, open_page: OpenPage, codes: Sequence[str], names: Sequence[str]) -> None:
    """In light by every rule; in the dark, zoomed, narrow, and in a reader's colours by those that may differ there.

    One page for all, as to open it and come to the state takes longer than to look at it.
    """
    page = open_page(demo[0].page("demo"), STATES[names[0]].link.format(*codes))
    broken: dict[str, list[str]] = {}
    for name in names:
        if name != names[0]:
            follow(page, STATES[name].link.format(*codes))
        come_to(page, STATES[name])
        broken |= {f"{name} {look}": rules for look, rules in looked_at(page, name).items() if rules}
    assert broken == {}


def test_every_state_is_come_to() -> None:
    assert sorted(name for names in TOGETHER for name in names) == sorted(STATES)


def follow(page: Page, link: str) -> None:
    """Another link in the same page, in the window that it opened in and without what lies over it."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.evaluate(FOLLOW, link)


FOLLOW = """(link) => new Promise((done) => {
    document.querySelector("dialog[open]")?.close();
    for (const element of document.querySelectorAll("[style]")) element.style.webkitTextFillColor = "";
    const target = new URL(location.href);
    target.hash = link;
    if (target.href === location.href) return setTimeout(done, 50);
    addEventListener("hashchange", () => setTimeout(done, 50), {once: true});
    location.hash = target.hash;
})"""


def looked_at(page: Page, name: str) -> dict[str, list[str]]:
    """The rules that are broken in a state, by how the page is looked at."""
    part = STATES[name].part
    broken = {"in light": violations(page, within=part)}
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(50)
    broken["in the dark"] = violations(page, "color-contrast", within=part)
    page.emulate_media(color_scheme="light")
    for size in (*(ZOOM if name in ZOOMED else ()), NARROW):
        resize(page, size)
        broken[f"at {size}"] = violations(page, *(LAYOUT if size == NARROW else WITHOUT_COLOUR), within=part)
    if name in FORCED:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.emulate_media(forced_colors="active")
        page.wait_for_timeout(50)
        page.evaluate(FILL_AS_PAINTED)
        broken["in colours that a reader forces"] = violations(page, "color-contrast", within=part)
    return broken


def resize(page: Page, size: tuple[int, int]) -> None:
    """Give the page another size; it must fit into the width."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("name", OPENED_NARROW)
def test_no_rule_is_broken_on_a_page_that_opens_narrow(
    demo: Demo, open_page: OpenPage, codes: Sequence[str], name: str
) -> None:
    """Some parts are folded there that a wide page opens."""
    state = STATES[name]
    size = {"width": NARROW[0], "height": NARROW[1]}
    page = open_page(demo[0].page("demo"), state.link.format(*codes), viewport=size)
    come_to(page, state)
    assert violations(page, *LAYOUT, within=state.part) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


def test_the_whole_way_by_keyboard(demo: Demo, open_page: OpenPage) -> None:
    """Search a postcode, read the panel, choose areas, sort the table, save it: no pointer."""
    project = demo[0]
    postcodes = store.read_table(project.processed("demo") / "postcodes.parquet")
    risk = store.read_table(project.processed("demo") / "risk.parquet").set_index("lsoa21_code")
    wanted = postcodes.iloc[len(postcodes) // 2]
    page = open_page(project.page("demo"))
    press = page.keyboard.press

    def focus(selector: str, limit: int = 80) -> None:
        """Tab on until the focus is there."""
        for _ in range(limit):
            if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
                return
            press("Tab")
        raise AssertionError(f"{selector} is not reached by {limit} presses of Tab")

    def tab_to(text: str, script: str = "document.activeElement.textContent", limit: int = 80) -> None:
        """Tab on until the script gives this text."""
        for _ in range(limit):
            press("Tab")
            if page.evaluate(script) == text:
                return
        raise AssertionError(f"{text} is not reached by {limit} presses of Tab")

    focus("#atlas-search")
    page.keyboard.type(wanted["postcode"].replace(" ", "").lower())
    press("ArrowDown")
    press("Enter")
    area = risk.loc[wanted["lsoa21_code"]]
    heading = page.evaluate("document.activeElement.textContent")
    assert area["place_name"] in heading
    assert wanted["lsoa21_code"] in page.inner_text(".atlas-panel")
    assert page.evaluate("window.Atlas.state().area") == wanted["lsoa21_code"]
    press("Escape")
    assert page.evaluate("window.Atlas.state().area") is None

    def to_tools() -> None:
        """From the top of the page into what is behind Tools."""
        page.evaluate("document.activeElement.blur()")
        focus("[aria-controls=atlas-tools]")
        press("Enter")
        assert page.evaluate("document.activeElement.textContent") == "Tools"

    to_tools()
    focus(".atlas-filter > summary")
    press("Enter")
    focus("#atlas-filter-risk")
    press("ArrowDown")
    chosen = risk[risk["risk_decile"] == 1]
    assert f"{len(chosen)} of 240 areas" in page.inner_text(".atlas-totals")

    press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Tools"
    press("Enter")
    tab_to("Table")
    press("Enter")
    assert page.locator(".atlas-table tbody tr").count() == len(chosen)
    tab_to("Residents", "document.activeElement.closest('th') && document.activeElement.textContent", 30)
    press("Enter")
    assert page.locator("th[aria-sort=ascending]").inner_text() == "Residents"
    first = page.locator(".atlas-table tbody th").first.inner_text()
    assert first == chosen.sort_values("population_total").iloc[0]["place_name"]

    to_tools()
    tab_to("Save")
    press("Enter")
    press("Tab")
    with page.expect_download() as download:
        press("Enter")
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        saved = list(csv.DictReader(io.StringIO(file.read())))
    assert sorted(row["LSOA code"] for row in saved) == sorted(chosen.index)


@pytest.mark.parametrize("name", ["as it opens", "a plan", "an area and one pinned", "every tool"])
def test_every_control_can_be_reached_and_left(
    demo: Demo, open_page: OpenPage, codes: Sequence[str], name: str
) -> None:
    """Tab goes round the page: it is caught nowhere, and the element that has it is seen."""
    state = STATES[name]
    page = open_page(demo[0].page("demo"), state.link.format(*codes))
    come_to(page, state)
    page.evaluate("document.activeElement?.blur()")
    seen: list[str] = []
    hidden: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        where = page.evaluate("""() => {
            const element = document.activeElement;
            if (!element || element === document.body) return null;
            element.dataset.seen ??= String(Math.random());
            const box = element.getBoundingClientRect();
            return [element.dataset.seen, box.width > 0 && box.height > 0, element.outerHTML.slice(0, 120)];
        }""")
        if where is None or (seen and where[0] == seen[0]):
            break
        assert where[0] not in seen, f"the focus goes back to {where[2]}"
        seen.append(where[0])
        if not where[1]:
            hidden.append(where[2])
    else:
        raise AssertionError("Tab never leaves the page")
    assert hidden == []
    assert len(seen) > 10
