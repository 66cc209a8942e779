"""Every state of the page against axe-core's rules, and the whole way through it by keyboard alone."""

import csv
import io

import pytest

from pipeline import store
from tests.folders import PAGE

AXE = PAGE / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

OPEN_ALL = "document.querySelectorAll('details').forEach((element) => { element.open = true; })"


def violations(page):
    """What axe-core finds, in one line each. Its code is run by the debugger, which no policy of the page stops."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


@pytest.fixture
def codes(demo):
    risk = store.read_table(demo[0].processed("demo") / "risk.parquet")
    return risk.sort_values("risk_rank")["lsoa21_code"].tolist()


STATES = {
    "as it opens": ("", None),
    "an area": ("#area={0}", None),
    "an area and one pinned": ("#area={0}&pinned={1}", OPEN_ALL),
    "the table of chosen areas": ("#show=table&filter=risk_decile%3C1", None),
    "where to act": ("#show=act", None),
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


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
@pytest.mark.parametrize("state", STATES)
def test_no_rule_is_broken(demo, open_page, codes, state, look):
    fragment, script = STATES[state]
    options = {"dark": {"color_scheme": "dark"}, "narrow": {"viewport": {"width": 320, "height": 640}}}.get(look, {})
    page = open_page(demo[0].page("demo"), fragment.format(*codes), **options)
    if script:
        page.evaluate(script)
    page.wait_for_timeout(50)
    assert violations(page) == []
    if look == "narrow":
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_whole_way_by_keyboard(demo, open_page):
    """Search a postcode, read the panel, choose areas, sort the table, save it: no pointer."""
    project = demo[0]
    postcodes = store.read_table(project.processed("demo") / "postcodes.parquet")
    risk = store.read_table(project.processed("demo") / "risk.parquet").set_index("lsoa21_code")
    wanted = postcodes.iloc[len(postcodes) // 2]
    page = open_page(project.page("demo"))
    press = page.keyboard.press

    def focus(selector, limit=80):
        """Tab on until the focus is there."""
        for _ in range(limit):
            if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
                return
            press("Tab")
        raise AssertionError(f"{selector} is not reached by {limit} presses of Tab")

    focus("#atlas-search")
    page.keyboard.type(wanted["postcode"].replace(" ", "").lower())
    press("ArrowDown")
    press("Enter")
    area = risk.loc[wanted["lsoa21_code"]]
    heading = page.evaluate("document.activeElement.textContent")
    assert area["ward_name"] in heading
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
    for _ in range(80):
        press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Table":
            break
    press("Enter")
    assert page.locator(".atlas-table tbody tr").count() == len(chosen)
    for _ in range(30):
        press("Tab")
        if page.evaluate("document.activeElement.closest('th') && document.activeElement.textContent") == "Residents":
            break
    press("Enter")
    assert page.locator("th[aria-sort=ascending]").inner_text() == "Residents"
    first = page.locator(".atlas-table tbody th").first.inner_text()
    assert first == chosen.sort_values("population_total").iloc[0]["lsoa21_name"]

    page.evaluate("document.activeElement.blur()")
    for _ in range(80):
        press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Save":
            break
    press("Enter")
    press("Tab")
    with page.expect_download() as download:
        press("Enter")
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        saved = list(csv.DictReader(io.StringIO(file.read())))
    assert sorted(row["lsoa21_code"] for row in saved) == sorted(chosen.index)


@pytest.mark.parametrize("state", ["as it opens", "an area and one pinned", "every section open"])
def test_every_control_can_be_reached_and_left(demo, open_page, codes, state):
    """Tab goes round the page: it is caught nowhere, and the element that has it is seen."""
    fragment, script = STATES[state]
    page = open_page(demo[0].page("demo"), fragment.format(*codes))
    if script:
        page.evaluate(script)
    page.evaluate("document.activeElement?.blur()")
    seen, hidden = [], []
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
