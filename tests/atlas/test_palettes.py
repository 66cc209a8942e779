"""The colours of the declared layers can be told apart, by readers who see few colours too, on either page."""

import re
from itertools import combinations, pairwise

import numpy as np
import pytest

from pipeline.atlas.classes import spread
from pipeline.catalogue import Layer, read_layers
from pipeline.stages.paths import PAGE
from tests.fixtures.colours import SEEN, ciede2000, lab
from tests.fixtures.folders import DECLARED

LOOK = read_layers(DECLARED / "layers.toml")
APART = 8.0
"""ΔE2000 between neighbouring classes."""
APART_IN_FEW_COLOURS = 4.0
ORDERED = [layer for layer in LOOK.layers if layer.classes not in ("categories", "pairs")]


def colours_of(layer: Layer) -> list[str]:
    classes = {"decile": 10, "breaks": len(layer.breaks) + 1}.get(layer.classes, layer.class_count)
    return spread(LOOK.palettes[layer.palette].colours, classes)


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, -1.0, 2.0), (50.0, 0.0, 0.0), 2.3669),
        ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
    ],
)
def test_differences_are_those_of_the_published_test_data(
    one: tuple[float, ...], other: tuple[float, ...], difference: float
) -> None:
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(difference, abs=1e-4)


@pytest.mark.parametrize("layer", ORDERED, ids=lambda layer: str(layer.id))
def test_neighbouring_classes_can_be_told_apart(layer: Layer) -> None:
    colours = colours_of(layer)
    assert min(ciede2000(lab(a), lab(b)) for a, b in pairwise(colours)) >= APART


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("palette", sorted({layer.palette for layer in ORDERED}))
def test_colours_of_an_order_get_darker_all_the_way_whoever_looks(palette: str, seen: str) -> None:
    shades = [lab(colour, seen) for colour in LOOK.palettes[palette].colours]
    assert (np.diff([shade[0] for shade in shades]) < 0).all()


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("layer", ORDERED, ids=lambda layer: str(layer.id))
def test_neighbouring_classes_differ_in_few_colours_too(layer: Layer, seen: str) -> None:
    shades = [lab(colour, seen) for colour in colours_of(layer)]
    assert min(ciede2000(a, b) for a, b in pairwise(shades)) >= APART_IN_FEW_COLOURS


@pytest.mark.parametrize("layer", [x for x in LOOK.layers if x not in ORDERED], ids=lambda layer: str(layer.id))
def test_categories_can_all_be_told_apart(layer: Layer) -> None:
    colours = LOOK.palettes[layer.palette].colours
    assert min(ciede2000(lab(a), lab(b)) for a, b in combinations(colours, 2)) >= APART


def test_the_ground_of_either_page_is_none_of_ten_tenths() -> None:
    styles = "\n".join(path.read_text(encoding="utf-8") for path in sorted((PAGE / "src").rglob("*.css")))
    for name in ("sea", "land"):
        grounds = re.findall(rf"--atlas-{name}: (#[0-9a-f]{{6}});", styles)
        assert len(grounds) == 2
        for layer in (layer for layer in ORDERED if layer.palette == "risk"):
            assert min(ciede2000(lab(ground), lab(c)) for ground in grounds for c in colours_of(layer)) >= APART


@pytest.mark.parametrize("layer", LOOK.layers, ids=lambda layer: str(layer.id))
def test_the_heading_of_every_legend_has_a_unit(layer: Layer) -> None:
    assert layer.unit or layer.column.endswith("*")
