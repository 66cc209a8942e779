"""The page in Firefox: it opens, draws, and answers the four questions without a word in the console."""

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest

from tests.fixtures import firefox
from tests.fixtures.firefox import Firefox
from tests.fixtures.projects import Demo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(firefox.executable() is None, reason="no Firefox: install firefox-esr, or name it in FIREFOX"),
]

COLOURS_DRAWN = """
    await window.Atlas.ready;
    await window.Atlas.settled();
    const drawn = new Set();
    for (const canvas of document.querySelectorAll(".leaflet-container canvas")) {
        if (!canvas.width || !canvas.height) continue;
        const copy = document.createElement("canvas");
        [copy.width, copy.height] = [canvas.width, canvas.height];
        const context = copy.getContext("2d", {willReadFrequently: true});
        context.drawImage(canvas, 0, 0);
        const {data} = context.getImageData(0, 0, copy.width, copy.height);
        for (let at = 0; at < data.length; at += 4) {
            if (data[at + 3] === 255) drawn.add(`rgb(${data[at]}, ${data[at + 1]}, ${data[at + 2]})`);
        }
    }
    const swatches = [...document.querySelectorAll(".atlas-legend:not(.atlas-legend-second) .atlas-swatch")];
    const colours = new Set(swatches.map((swatch) => getComputedStyle(swatch).backgroundColor));
    return [...colours].map((colour) => drawn.has(colour));
"""
"""Whether each colour of the legend is drawn somewhere."""


@pytest.fixture(scope="module")
def window(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with firefox.started(tmp_path_factory.mktemp("profile")) as window:
        window.resize(1280, 800)
        window.open(demo[0].page("demo").as_uri())
        window.evaluate("await window.Atlas.ready;")
        yield window


def named(name: str) -> str:
    return f"//button[normalize-space(.)='{name}']"


def test_it_draws_every_class_and_answers_the_four_questions(window: Firefox, risk: gpd.GeoDataFrame) -> None:
    drawn = window.evaluate(COLOURS_DRAWN)
    assert len(drawn) == 10
    assert all(drawn)
    worst = risk.sort_values("risk_rank").iloc[0]
    for question, first in (
        ("What kind?", None),
        ("Where is support missing?", None),
        ("Where to act?", None),
        ("Where is risk?", worst["place_name"]),
    ):
        window.click(f"//nav{named(question)}")
        window.evaluate("await window.Atlas.settled();")
        row = "//*[@aria-label='Neighbourhoods']/li[1]/button"
        assert window.text("//nav//button[@aria-pressed='true']") == question
        said = window.text(row)
        assert said
        assert first is None or first in said
    window.click(row)
    panel = window.text("//aside[contains(@class, 'atlas-panel')]")
    assert worst["lsoa21_code"] in panel
    window.click(f"//aside{named('Back to the list')}")
    window.click(f"//nav{named('Where to act?')}")
    window.type("//input[@id='atlas-plan-budget']", "£100,000")
    window.click(named("Show the plan"))
    assert "£100,000 pays for" in window.text("//section[contains(@class, 'atlas-plan')]")
    assert window.complaints() == []


def test_a_complaint_would_be_heard(window: Firefox, tmp_path: Path) -> None:
    """What a page throws, and what it writes to its console, is told."""
    folder = tmp_path / "page.html"
    folder.write_text("<!DOCTYPE html><script>console.error('written'); throw new Error('thrown')</script>")
    window.open(folder.as_uri())
    heard = window.complaints()
    assert any("written" in one for one in heard), heard
    assert any("thrown" in one for one in heard), heard
