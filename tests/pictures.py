"""Pictures of the page's main states as they were committed, to hold each build against.

``python -m tests.pictures`` builds the fictional area and takes them again: look at them before they are committed.
"""

import io
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from benchmarks.browsers import ARGUMENTS, executable
from tests.fixtures.folders import ROOT
from tests.fixtures.pages import ask, ask_for_plan
from tests.fixtures.projects import build_demo

FOLDER = ROOT / "tests" / "browser" / "pictures"
RENEW = "If the page was meant to look so, look at it and renew them: python -m tests.pictures"

KEPT = 2
"""Pixels of the page to one of a committed picture, each way."""
CELL = 8
"""Pixels of the page to one cell that is compared: letters blur, colours and edges of boxes stay."""
COLOURS = 160
"""Of a committed picture: more than the page's own, and few enough for a small file."""
DIFFERENT = 24
"""A cell is another one from so much of 255 in red, green or blue."""
TOLERATED = 0.004
"""Share of cells that may be others: letters drawn a little otherwise, colours that the small file rounds."""
OF_THE_DAY = ".atlas-title p { visibility: hidden; }"
"""The line that says when the page was built is of no picture."""

PROBE = """() => {
    const probe = document.createElement("span");
    probe.style.cssText = "position: absolute; white-space: nowrap; font: 400 100px var(--atlas-font)";
    probe.textContent = "Where is risk? 0123456789";
    document.body.append(probe);
    const {width} = probe.getBoundingClientRect();
    probe.remove();
    return width;
}"""
PROBE_WIDTH = 1367.7
"""Of the probe in DejaVu Sans, in which the pictures were taken."""

Picture = NDArray[np.float64]


@dataclass(frozen=True)
class State:
    width: int
    height: int
    steps: Callable[[Page], object]

    @property
    def options(self) -> dict[str, Any]:
        """Of playwright's ``new_page``: the window, and a map that comes to rest at once."""
        return {"viewport": {"width": self.width, "height": self.height}, "reduced_motion": "reduce"}


def leave(page: Page) -> None:
    """As it opens."""


def open_first(page: Page) -> None:
    ask(page, "Where is risk?").get_by_role("list", name="Neighbourhoods").get_by_role("button").first.click()


STATES = {
    "first-sight": State(1280, 720, leave),
    "kind": State(1280, 720, lambda page: ask(page, "What kind?")),
    "plan": State(1280, 720, lambda page: ask_for_plan(page, "100,000")),
    "area": State(1280, 720, open_first),
    "phone": State(390, 844, leave),
}


def taken(page: Page, state: State) -> Image.Image:
    """A page that was opened in the state's size, as it looks after the state's steps."""
    page.add_style_tag(content=OF_THE_DAY)
    state.steps(page)
    page.mouse.move(2, 2)
    page.wait_for_timeout(400)
    page.evaluate("window.Atlas.settled()")
    shot = page.screenshot(animations="disabled", caret="hide")
    return Image.open(io.BytesIO(shot)).convert("RGB")


def cells(image: Image.Image, width: int, height: int) -> Picture:
    """Mean colours of the cells of a picture of a page so wide and high, at whatever scale the picture is."""
    across, down, side = width // CELL, height // CELL, CELL * image.width // width
    # Whatever is left over at the right and the bottom is of no cell.
    part = image.convert("RGB").crop((0, 0, across * side, down * side))
    small = part.resize((across, down), Image.Resampling.BOX)
    return np.asarray(small, dtype="float64")


def share_of_others(one: Picture, other: Picture) -> float:
    """Share of the cells that are not alike."""
    return float((np.abs(one - other).max(axis=2) > DIFFERENT).mean())


def committed(name: str) -> Image.Image:
    return Image.open(FOLDER / f"{name}.png")


def fonts_are_the_same(page: Page) -> bool:
    width: float = page.evaluate(PROBE)
    return abs(width - PROBE_WIDTH) < 2


def keep(image: Image.Image, path: Path) -> None:
    small = image.resize((image.width // KEPT, image.height // KEPT), Image.Resampling.BOX)
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder) / "project"
        build_demo(root)
        browser = playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        for name, state in STATES.items():
            page = browser.new_page(**state.options)
            page.goto((root / "maps" / "demo" / "atlas.html").as_uri())
            page.evaluate("window.Atlas.ready")
            if not fonts_are_the_same(page):
                print("The pictures are taken in DejaVu Sans, which is not this system's sans-serif.", file=sys.stderr)
                return 1
            keep(taken(page, state), FOLDER / f"{name}.png")
            page.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
