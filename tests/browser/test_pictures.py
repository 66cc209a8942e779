"""The page's main states look as they were committed: colours, and where things stand."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from tests.fixtures.pages import OpenPage
from tests.fixtures.projects import Demo
from tests.pictures import (
    FOLDER,
    RENEW,
    STATES,
    TOLERATED,
    cells,
    committed,
    fonts_are_the_same,
    share_of_others,
    taken,
)

MOST_BYTES = 60_000
MOST_BYTES_TOGETHER = 300_000


@pytest.mark.parametrize("name", STATES)
def test_a_state_looks_as_it_was_committed(demo: Demo, open_page: OpenPage, name: str) -> None:
    state = STATES[name]
    page = open_page(demo[0].page("demo"), **state.options)
    if not fonts_are_the_same(page):
        pytest.skip("the pictures were taken in DejaVu Sans, which is not this system's sans-serif")
    now = cells(taken(page, state), state.width, state.height)
    before = cells(committed(name), state.width, state.height)
    share = share_of_others(now, before)
    assert share <= TOLERATED, f"{share:.1%} of {name} look otherwise. {RENEW}"


def test_pictures_are_few_and_small() -> None:
    sizes = {path.stem: path.stat().st_size for path in FOLDER.glob("*.png")}
    assert set(sizes) == set(STATES)
    assert max(sizes.values()) < MOST_BYTES
    assert sum(sizes.values()) < MOST_BYTES_TOGETHER


def shifted(image: Image.Image) -> Image.Image:
    """All that is below the header a row of text lower."""
    moved = image.copy()
    moved.paste(image.crop((0, 60, image.width, image.height - 10)), (0, 70))
    return moved


def in_another_colour(image: Image.Image) -> Image.Image:
    """One class of the ramp, the third, in the colour of the fifth."""
    colours = np.asarray(image).copy()
    third, fifth = (142, 37, 104), (205, 68, 72)
    alike = np.abs(colours.astype(int) - third).max(axis=2) <= 16
    assert alike.mean() > 0.005
    colours[alike] = fifth
    return Image.fromarray(colours)


@pytest.mark.parametrize("change", [shifted, in_another_colour])
def test_another_layout_and_another_colour_are_seen(change: Callable[[Image.Image], Image.Image]) -> None:
    state = STATES["first-sight"]
    image = committed("first-sight").convert("RGB")
    size = (state.width, state.height)
    assert share_of_others(cells(image, *size), cells(change(image), *size)) > 2 * TOLERATED
