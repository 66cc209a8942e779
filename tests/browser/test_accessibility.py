"""Every state of the page against axe-core's rules, and the whole way through it by keyboard alone."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import pytest

from pipeline import store
from tests.fixtures.pages import OpenPage, violations
from tests.fixtures.projects import Demo

OPEN_ALL = "document.querySelectorAll('details').forEach((element) => { element.open = true; })"


@pytest.fixture
def codes(demo: Demo) -> list[str]:
    risk = store.read_table(demo[0].processed("demo") / "risk.parquet")
    return risk.sort_values("risk_rank")["lsoa21_code"].tolist()


STATES = {
    "as it opens": ("", None),
    "an area": ("#area={0}", None),
    "an area and one pinned": ("#area={0}&pinned={1}", OPEN_ALL),
    "the table of chosen areas": ("#show=table&filter=risk_decile%3C1", None),
    "where to act": ("#show=act", None),
    "programmes": ("#show=programmes&layer=programme_standing", OPEN_ALL),
    "where to act by changed weights, an area": ("#show=act&weights=30,0,10,5,20,5,2,2;england&area={1}", OPEN_ALL),
    "nothing chosen": ("#show=table&filter=risk_decile%3C1%3Bshare_75_plus%3E0.9", OPEN_ALL),
    "two layers": ("#beside=imd_decile&divide=0.4", None),
    "two values at once": ("#layer=risk_by_deprivation&area={3}", None),
    "changed weights": ("#weights=30,0,10,5,20,5,2,2;selection&area={2}", OPEN_ALL),
    "every section open": ("", OPEN_ALL),
    "the notes": (
        "",
        "[...document.querySelectorAll('button')].find((b) => b.textContent.startsWith('About')).click()",
    ),
    "suggestions": (
        "",
        "(() => { const box = document.querySelector('#atlas-search'); box.focus(); box.value = 'a';"
        " box.dispatchEvent(new Event('input')); })()",
    ),
}

LOOKS: dict[str, dict[str, Any]] = {"wide": {}, "narrow": {"viewport": {"width": 320, "height": 640}}}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", STATES)
def test_no_rule_is_broken(demo: Demo, open_page: OpenPage, codes: Sequence[str], state: str, look: str) -> None:
    """In light by every rule; in the dark other colours are all that differs."""
    fragment, script = STATES[state]
    page = open_page(demo[0].page("demo"), fragment.format(*codes), **LOOKS[look])
    if script:
        page.evaluate(script)
    page.wait_for_timeout(50)
    assert violations(page) == []
    if look == "narrow":
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    else:
        page.emulate_media(color_scheme="dark")
        page.wait_for_timeout(50)
        assert violations(page, "color-contrast") == []


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

    page.evaluate("document.activeElement.blur()")
    focus(".atlas-filter > summary")
    press("Enter")
    focus("#atlas-filter-risk")
    press("ArrowDown")
    chosen = risk[risk["risk_decile"] == 1]
    assert f"{len(chosen)} of 240 areas" in page.inner_text(".atlas-totals")

    page.evaluate("document.activeElement.blur()")
    tab_to("Table")
    press("Enter")
    assert page.locator(".atlas-table tbody tr").count() == len(chosen)
    tab_to("Residents", "document.activeElement.closest('th') && document.activeElement.textContent", 30)
    press("Enter")
    assert page.locator("th[aria-sort=ascending]").inner_text() == "Residents"
    first = page.locator(".atlas-table tbody th").first.inner_text()
    assert first == chosen.sort_values("population_total").iloc[0]["lsoa21_name"]

    page.evaluate("document.activeElement.blur()")
    tab_to("Save")
    press("Enter")
    press("Tab")
    with page.expect_download() as download:
        press("Enter")
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        saved = list(csv.DictReader(io.StringIO(file.read())))
    assert sorted(row["lsoa21_code"] for row in saved) == sorted(chosen.index)


@pytest.mark.parametrize("state", ["as it opens", "an area and one pinned", "every section open"])
def test_every_control_can_be_reached_and_left(
    demo: Demo, open_page: OpenPage, codes: Sequence[str], state: str
) -> None:
    """Tab goes round the page: it is caught nowhere, and the element that has it is seen."""
    fragment, script = STATES[state]
    page = open_page(demo[0].page("demo"), fragment.format(*codes))
    if script:
        page.evaluate(script)
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
