"""The classes of a layer, their bounds and their colours."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.atlas.classes import colour, quantiles
from pipeline.atlas.contract.layers import LayerInfo
from pipeline.catalogue import Layer, Palette
from pipeline.errors import DeclarationError
from tests.fixtures.unpacking import NO_DATA, classes_of

FIVE = Palette(colours=("#000001", "#000002", "#000003", "#000004", "#000005"), source="made up")
WHOLE = st.integers(-1_000_000, 1_000_000).map(float)
QUARTERS = st.integers(-4_000_000, 4_000_000).map(lambda number: number / 4)
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False) | st.integers(-9, 9).map(float)


def layer(**more: object) -> Layer:
    given = {"id": "a", "column": "x", "title": "X", "sentence": "X.", "group": "context", "palette": "five"}
    return Layer.model_validate({**given, "classes": "quantiles", "worse": "high", **more})


def declared(**more: object) -> LayerInfo:
    return colour(layer(**more), FIVE, TABLE)


TABLE = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0, 5.0, np.nan], "name": ["a", "b", "a", "b", "a", None]})


@pytest.mark.filterwarnings("ignore:Not enough unique values")
@given(st.lists(NUMBERS, min_size=1, max_size=60).map(np.array), st.integers(2, 9))
def test_quantiles_are_those_of_mapclassify_to_the_last_bit(values: NDArray[np.float64], count: int) -> None:
    # It brings scikit-learn and matplotlib, which no other test needs: a second for each worker.
    import mapclassify

    np.testing.assert_array_equal(quantiles(values, count), mapclassify.Quantiles(values, k=count).bins)


@given(st.lists(WHOLE, min_size=20, max_size=60, unique=True).map(np.array), st.integers(2, 5))
def test_quantiles_hold_equally_many(values: NDArray[np.float64], count: int) -> None:
    sizes = np.bincount(np.searchsorted(quantiles(values, count), values, side="left"), minlength=count)
    assert sizes.max() - sizes.min() <= 1


def test_the_worst_class_stands_first_and_is_strongest() -> None:
    high, low = declared(worse="high"), declared(worse="low")
    assert high.classes[0].label.startswith("over")
    assert low.classes[0].label.startswith("up to")
    assert high.classes[0].colour == low.classes[0].colour == "#000005"
    assert classes_of(high, TABLE).tolist() == [4, 3, 2, 1, 0, NO_DATA]
    assert classes_of(low, TABLE).tolist() == [0, 1, 2, 3, 4, NO_DATA]


def test_jenks_breaks_lie_in_the_gaps() -> None:
    values = pd.DataFrame({"x": [1.0, 1.1, 1.2, 50.0, 50.1, 99.0, 99.5]})
    shown = colour(layer(classes="jenks", class_count=3), FIVE, values)
    assert shown.bounds == (1.2, 50.1)


def test_a_column_of_one_value_has_one_class() -> None:
    shown = colour(layer(), FIVE, pd.DataFrame({"x": [2.0, 2.0]}))
    assert [entry.label for entry in shown.classes] == ["all: 2"]
    assert colour(layer(), FIVE, pd.DataFrame({"x": [np.nan]})).classes[0].label == "no values"


def test_what_cannot_be_drawn_is_refused_by_name() -> None:
    with pytest.raises(DeclarationError, match=r"layers\.a\.column 'y' is no column"):
        declared(column="y")
    with pytest.raises(DeclarationError, match="lacks value.*: b"):
        declared(column="name", classes="categories", categories=("a",))
    with pytest.raises(DeclarationError, match="has 10 classes, palette 'five' has 5 colours"):
        declared(classes="decile")
    with pytest.raises(DeclarationError, match="needs nine colours; palette 'five' has 5"):
        declared(classes="pairs", column_by="x", pair=("X", "X"))


def test_bounds_are_multiples_where_a_layer_says_so() -> None:
    table = pd.DataFrame({"x": [12.0, 118.2, 121.9, 131.0, 148.7, 164.9, 207.0, 254.4, 311.0, 402.0]})
    shown = colour(layer(classes="quantiles", class_count=4, round_to=10), FIVE, table)
    assert shown.bounds == (120.0, 160.0, 240.0)
    assert {entry.label for entry in shown.classes} >= {"up to 120", "over 240"}
    # Where no multiple lies among the values, the bounds stay as they are.
    few = colour(layer(classes="quantiles", class_count=4, round_to=1000), FIVE, table)
    assert few.bounds == colour(layer(classes="quantiles", class_count=4), FIVE, table).bounds
