"""A lead's five questions, asked by clicks and by the keyboard alone: each answer on the page is the tables'."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from pipeline import Project, store
from pipeline.act.plan import choose, options_of
from pipeline.tables.estimates import say_people
from tests.fixtures.pages import OpenPage, carried
from tests.fixtures.projects import REAL

BUDGET = 100_000
FARTHEST = 250
"""More stops of the Tab key than the page has."""
LOOKS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1280, "height": 720}},
    "phone": {"viewport": {"width": 390, "height": 844}},
}


@dataclass(frozen=True)
class Answers:
    """What a lead takes away; names and figures as the page writes them."""

    worst: str
    driver: str
    robust: str
    likely_right: str | None
    people: str
    least_support: str
    nearest_place: str
    nearest_distance: str
    programmes: frozenset[str]
    reached: str


Press = Callable[[Locator], None]


def click(target: Locator) -> None:
    target.click()


def press(target: Locator) -> None:
    """Tab on until the target has the focus, and press Enter."""
    keyboard = target.page.keyboard
    for _ in range(FARTHEST):
        if target.evaluate("element => element === document.activeElement"):
            keyboard.press("Enter")
            return
        keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by {FARTHEST} presses of Tab")


WAYS: dict[str, Press] = {"clicks": click, "keyboard": press}


def found(pattern: str, text: str) -> re.Match[str]:
    match = re.search(pattern, text)
    assert match is not None, f"{pattern} is not in: {text}"
    return match


def first_row(page: Page) -> Locator:
    return (
        page.get_by_role("region", name="The list beside the map")
        .get_by_role("list", name="Neighbourhoods")
        .get_by_role("button")
        .first
    )


def question(page: Page, asked: str) -> Locator:
    return page.get_by_role("navigation", name="Four questions").get_by_role("button", name=asked, exact=True)


def how_many_people(page: Page, go: Press) -> str:
    """The finding says it, folded on a phone."""
    finding = page.locator("details.atlas-finding")
    if finding.get_attribute("open") is None:
        go(finding.locator("> summary"))
    said = finding.locator("div", has=page.locator("dt", has_text="How many people")).locator("dd").inner_text()
    return found(r"^About ([\d,]+) people", said)[1]


def the_worst(page: Page, go: Press) -> tuple[str, str, str, str | None]:
    """The first row of the first list, and in its panel what drives its risk and how sure that is."""
    go(question(page, "Where is risk?"))
    row = first_row(page)
    name = row.locator(".atlas-row-title").inner_text()
    go(row)
    panel = page.locator(".atlas-panel")
    assert name in panel.get_by_role("heading", level=2).inner_text()
    driver = found(r" from (.+)", panel.locator(".atlas-why").inner_text())[1]
    said = panel.inner_text()
    robust = found(r"(?i)in the most at-risk tenth in (\d+%) of", said)[1]
    right = re.search(r"about (\d+%) were truly in the worst tenth", said)
    go(panel.get_by_role("button", name="Back to the list"))
    return name, driver, robust, right and right[1]


def least_support(page: Page, go: Press) -> tuple[str, str, str]:
    go(question(page, "Where is support missing?"))
    row = first_row(page)
    figure = row.locator(".atlas-row-figure")
    place = found(r"^to (.+)$", figure.locator("span").inner_text())[1]
    return row.locator(".atlas-row-title").inner_text(), place, figure.locator("strong").inner_text()


def the_plan(page: Page, go: Press, budget: str) -> tuple[frozenset[str], str]:
    go(question(page, "Where to act?"))
    plan = page.get_by_role("region", name="A plan for a budget")
    field = plan.get_by_role("textbox")
    go(field)
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(budget)
    page.keyboard.press("Enter")
    said = found(r"pays for (\d+) programmes?, which reach(?:es)? about ([\d,]+) people", plan.inner_text())
    names = plan.locator("ol").get_by_role("button").all_inner_texts()
    assert len(names) == int(said[1])
    return frozenset(names), said[2]


def walk(page: Page, go: Press) -> Answers:
    worst, driver, robust, likely_right = the_worst(page, go)
    people = how_many_people(page, go)
    least, place, distance = least_support(page, go)
    programmes, reached = the_plan(page, go, f"{BUDGET:,}")
    return Answers(worst, driver, robust, likely_right, people, least, place, distance, programmes, reached)


def expected(project: Project, area: str) -> Answers:
    """The answers of the tables that the pipeline wrote."""
    folder = project.processed(area)
    risk = store.read_table(folder / "risk.parquet").set_index("lsoa21_code", drop=False)
    worst = risk.sort_values("risk_rank", kind="stable").iloc[0]
    least = risk.sort_values(["capacity_score", "people_at_risk"], ascending=[True, False], kind="stable").iloc[0]
    kinds = carried(project.page(area))["support"]["kinds"]
    now = [kind["id"] for kind in kinds if kind["offers_now"] and not kind["mobile"]]
    ways = store.read_table(folder / "nearest.parquet")
    ways = ways[(ways["lsoa21_code"] == least["lsoa21_code"]) & ways["kind"].isin(now)]
    nearest = ways.sort_values("distance", kind="stable").iloc[0]
    places = store.read_table(folder / "support_places.parquet").set_index("place_id")
    programmes = store.read_table(folder / "programmes.parquet")
    (plan,) = choose(options_of(programmes, risk["people_at_risk"]), [BUDGET], seconds=20)
    right = worst["chance_worst_tenth"]
    return Answers(
        worst=worst["place_name"],
        driver=worst["main_driver"],
        robust=f"{worst['worst_decile_probability']:.0%}",
        likely_right=None if right != right else f"{right:.0%}",
        people=say_people(risk["people_at_risk"].sum()),
        least_support=least["place_name"],
        nearest_place=places.loc[nearest["place_id"], "name"],
        nearest_distance=f"{nearest['metres'] / 1000:.1f} km",
        programmes=frozenset(programmes["name"].iloc[plan.chosen]),
        reached=say_people(plan.value),
    )


def assert_answers(project: Project, area: str, page: Page, go: Press) -> None:
    answers, wanted = walk(page, go), expected(project, area)
    assert answers.driver.startswith(wanted.driver)
    assert replace(answers, driver=wanted.driver) == wanted


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("way", WAYS)
def test_the_page_answers_them_as_the_tables_do(
    demo: tuple[Project, list[str]], open_page: OpenPage, way: str, look: str
) -> None:
    project = demo[0]
    page = open_page(project.page("demo"), **LOOKS[look])
    assert_answers(project, "demo", page, WAYS[way])


def test_the_page_of_a_real_area_does_too(real: tuple[Project, list[str]], open_page: OpenPage) -> None:
    project = real[0]
    page = open_page(project.page(REAL), **LOOKS["wide"])
    assert_answers(project, REAL, page, click)


def test_another_budget_gives_the_plan_of_the_pipeline(demo: tuple[Project, list[str]], open_page: OpenPage) -> None:
    """One that does not pay for everything there is."""
    folder: Path = demo[0].processed("demo")
    programmes = store.read_table(folder / "programmes.parquet")
    risk = store.read_table(folder / "risk.parquet").set_index("lsoa21_code")
    page = open_page(demo[0].page("demo"))
    everything = programmes["cost"].sum()
    for share in (0.35, 0.7, 0.95):
        budget = round(share * everything)
        (plan,) = choose(options_of(programmes, risk["people_at_risk"]), [budget], seconds=5)
        assert 0 < len(plan.chosen) < len(programmes)
        chosen = frozenset(programmes["name"].iloc[plan.chosen])
        assert the_plan(page, click, str(budget)) == (chosen, say_people(plan.value))
