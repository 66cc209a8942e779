"""The briefing in a real browser: the words of the page, two sides on paper, and no rule of accessibility broken."""

import io
from pathlib import Path

import numpy as np
from pypdf import PdfReader

from pipeline.reports.briefing import make_page
from pipeline.reports.briefing.finding import Subject, find
from pipeline.stages.briefing import read_briefed
from pipeline.stages.reads import briefing_files
from pipeline.stages.stage import Scope
from tests.fixtures.briefings import make_briefing
from tests.fixtures.pages import NewPage, OpenPage, violations
from tests.fixtures.projects import Demo

SAID = """() => Object.fromEntries([...document.querySelectorAll("details.atlas-finding dl > div")].map(
    (block) => [block.querySelector("dt").textContent, block.querySelector("dd").textContent]))"""


def test_it_says_what_the_page_says_of_the_area_and_of_a_district(demo: Demo, open_page: OpenPage) -> None:
    inputs = read_briefed(demo[0].snapshot(), Scope("demo", area="demo")).inputs
    page = open_page(demo[0].page("demo"))
    for code, name in [("", inputs.record.title), *inputs.summaries["lad"][["unit_code", "unit_name"]].to_numpy()]:
        if code:
            page.goto(f"{page.url.split('#')[0]}#filter=lad_code%3D{code}")
            page.evaluate("window.Atlas.ready")
        here = np.flatnonzero((inputs.frame["lad_code"] == code) | (code == ""))
        said = find(Subject(inputs, name, here, everything=not code))
        assert {topic.title: topic.text for topic in said} == page.evaluate(SAID)


def test_the_page_prints_on_two_sides_and_breaks_no_rule(demo: Demo, new_page: NewPage, tmp_path: Path) -> None:
    built, invented = briefing_files(demo[0].snapshot(), "demo")[1], tmp_path / "briefing.html"
    invented.write_text(make_page(make_briefing()), encoding="utf-8")
    page = new_page(viewport={"width": 1000, "height": 800})
    page.goto(built.as_uri())
    assert len(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages) == 2
    page.goto(invented.as_uri())
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 320, "height": 640})
    assert violations(page, "color-contrast") == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.close()
