"""Larger areas on the map, and what changed: every number is the tables', and the keyboard comes everywhere."""

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page

from pipeline.atlas.contract import ChangedArea, ChangesInfo
from pipeline.summarise.levels import LEVELS
from tests.fixtures.pages import OpenPage, carried, carrying, open_view, violations
from tests.fixtures.projects import Demo

ROWS = """() => [...document.querySelectorAll(".atlas-levels tbody tr")].map(
    (row) => [...row.children].map((cell) => cell.textContent))"""
CONDITIONS = re.compile(r"filter=([^&]*)")


def said(value: float, low: float, high: float, *, shares: bool) -> str:
    """A number with its range as the page writes it."""

    def one(number: float) -> str:
        if not shares:
            return f"{round(number + 1e-9, 1):.1f}"
        return "under 1%" if 0 < number < 0.005 else f"{int(100 * round(number, 3) + 0.5 + 1e-9)}%"

    return f"{one(value)} ({one(low)} to {one(high)})"


def summary(demo: Demo, level: str) -> pd.DataFrame:
    return pd.read_parquet(demo[0].processed("demo") / f"summary_{level}.parquet")


def figures(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Mean risk and share in the worst tenth of each unit, as the page writes them."""
    share = "share_people_worst_tenth"
    return sorted(
        (
            said(row["risk_score"], row["risk_score_p05"], row["risk_score_p95"], shares=False),
            said(row[share], row[f"{share}_low"], row[f"{share}_high"], shares=True),
        )
        for row in table.to_dict("records")
    )


def test_every_level_has_the_numbers_of_its_table(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo[0].page("demo"), "#level=ward&show=levels")
    for level in LEVELS:
        page.locator("#atlas-level").select_option(level)
        rows = page.evaluate(ROWS)
        assert sorted((mean, share) for _, _, _, _, _, share, mean, *_ in rows) == figures(summary(demo, level)), level


def test_practices_are_listed_with_what_of_them_is_covered(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo[0].page("demo"), "#level=practice&show=levels")
    table = summary(demo, "practice")
    told = {
        f"{row['unit_name']}{row['unit_code']}": (
            f"{row['share_covered'] * 100:.0f}%",
            said(row["risk_score"], row["risk_score_p05"], row["risk_score_p95"], shares=False),
        )
        for row in table.to_dict("records")
    }
    assert {name: (covered, mean) for name, _, covered, mean, _ in page.evaluate(ROWS)} == told


def test_a_ward_has_one_colour_which_is_that_of_its_number(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo[0].page("demo"), "#level=ward")
    classes = pd.Series(page.evaluate("window.Atlas.classes('larger-ward')"))
    wards = demo[0].risk("demo")["ward_code"].reset_index(drop=True)
    first = classes.groupby(wards).first()
    assert (classes == wards.map(first)).all()
    mean = summary(demo, "ward").set_index("unit_code")["risk_score"].round(1)
    labels = page.locator(".atlas-legend .atlas-legend-label").all_inner_texts()
    # Classes that no ward has are left out of the legend.
    bounds = [tuple(map(float, label.split(" to "))) for label in labels]
    for ward, number in zip(first.index.astype("str"), first, strict=True):
        place = sorted(set(classes)).index(number)
        assert bounds[place][0] <= mean[ward] <= bounds[place][1]


def down_by_keyboard(page: Page) -> None:
    page.locator(".atlas-lists .atlas-row-list button").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_the_keyboard_goes_down_into_a_ward_and_up_again(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo[0].page("demo"), "#level=ward")
    second = page.locator(".atlas-lists .atlas-row-title").nth(1).inner_text()
    down_by_keyboard(page)
    way = page.get_by_role("navigation", name="Where the map is")
    assert way.locator("[aria-current]").inner_text() == second
    assert page.evaluate("document.activeElement.tagName") == "H2"
    (conditions,) = CONDITIONS.findall(page.evaluate("location.hash"))
    assert conditions.startswith("ward_code")
    assert second in page.locator("[role=status]").last.inner_text()
    again = open_page(demo[0].page("demo"), page.evaluate("location.hash"))
    assert again.get_by_role("navigation", name="Where the map is").inner_text() == way.inner_text()
    way.get_by_role("button").first.focus()
    page.keyboard.press("Enter")
    assert way.locator("[aria-current]").inner_text().startswith("All of ")
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "location"
    assert "level=ward" in page.evaluate("location.hash")
    assert not CONDITIONS.findall(page.evaluate("location.hash"))


def test_other_weights_leave_no_range(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo[0].page("demo"), "#level=ward&show=levels&weights=30,0,10,5,20,5,2,2,1,1;england")
    assert not any("(" in mean for _, _, _, _, _, _, mean, *_ in page.evaluate(ROWS))
    assert "no range is known" in (page.locator(".atlas-legend").first.text_content() or "")


@pytest.fixture
def with_changes(demo: Demo, tmp_path: Path) -> Path:
    """The page of the fictional area with a comparison in which its first area entered the worst tenth."""
    entered = ChangedArea(
        row=0,
        crossed="Entered",
        moved=True,
        rank_old=40.5,
        rank_new=3,
        reason="Indicator values",
        indicator="Adult skills",
        value_old="12%",
        value_new="31%",
    )
    left = entered.model_copy(update={"row": 1, "crossed": "Left", "moved": False, "indicator": None})
    info = ChangesInfo(
        old="“before” (kept 2026-05-01)",
        new="now (built 2026-11-27)",
        releases=False,
        of="the fictional country’s worst tenth",
        ranked_among=240,
        sentences=("1 of 240 neighbourhoods moved by more than its uncertainty.",),
        notes=("Ranks are relative.",),
        areas=(entered, left),
        others=0,
    )
    data = carried(demo[0].page("demo")) | {"changes": info.model_dump()}
    path = tmp_path / "atlas.html"
    path.write_text(carrying(demo[0].page("demo"), data), encoding="utf-8")
    return path


def test_what_changed_is_told_and_outlined(with_changes: Path, open_page: OpenPage) -> None:
    page = open_page(with_changes)
    open_view(page, "What changed")
    view = page.get_by_role("region", name="What changed")
    assert "1 of 240 neighbourhoods moved" in view.inner_text()
    first, second = (row.locator("td").all_inner_texts() for row in view.locator("tbody tr").all())
    assert first == ["Entered", "yes", "Adult skills: 12% before, 31% after", "40.5", "3"]
    assert second[1] == "no: no evidence of a change"
    assert violations(page, within=".atlas-middle") == []
    view.get_by_role("button", name="Outline the 1 that entered").click()
    assert (
        "1 neighbourhood that entered the fictional country’s worst tenth" in page.get_by_role("note").last.inner_text()
    )
    assert "show=changes" in page.evaluate("location.hash")


def test_without_a_comparison_the_page_has_no_such_view(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(demo[0].page("demo"), "#show=changes")
    assert page.get_by_role("region", name="What changed").count() == 0
