"""Styles for QGIS: every area in the class, and the colour, that it has on the page."""

import sqlite3
from contextlib import closing
from xml.etree import ElementTree as Xml

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.atlas.classes import colour
from pipeline.atlas.contract import LayerInfo
from pipeline.atlas.qgis import NO_DATA, Dot, Outline, Rule, layer_style, style
from pipeline.catalogue import Layer, Palette
from tests.fixtures.hostile import HOSTILE

TEN = tuple(f"#0000{shade:02x}" for shade in range(0, 200, 20))
PALETTE = Palette(colours=TEN, source="Ours")
NINE = Palette(colours=TEN[:9], source="Ours")


def layer(**more: object) -> Layer:
    given_ = {"id": "a", "title": "A", "sentence": "A.", "group": "overall", "palette": "p", "worse": "high"}
    return Layer.model_validate(given_ | {"column": "x"} | more)


def rules_of(qml: str) -> list[tuple[str, str, str]]:
    """Filter, label and colour of each rule."""
    top = Xml.fromstring(qml)
    fills = {symbol.get("name"): symbol.find("layer/Option/Option[@name='color']") for symbol in top.iter("symbol")}
    found = []
    for rule in top.iter("rule"):
        fill = fills[rule.get("symbol")]
        assert fill is not None
        red, green, blue, _ = (int(part) for part in str(fill.get("value")).split(","))
        found.append((str(rule.get("filter")), str(rule.get("label")), f"#{red:02x}{green:02x}{blue:02x}"))
    return found


def drawn_in(qml: str, table: pd.DataFrame) -> list[list[tuple[str, str]]]:
    """For each row, the label and the colour of every rule that holds: filters are SQL too."""
    with closing(sqlite3.connect(":memory:")) as database:
        table.to_sql("areas", database, index=False)
        drawn: list[list[tuple[str, str]]] = [[] for _ in range(len(table))]
        for holds, label, shade in rules_of(qml):
            for (row,) in database.execute(f"SELECT rowid FROM areas WHERE {holds}"):
                drawn[row - 1].append((label, shade))
    return drawn


def on_the_page(info: LayerInfo, table: pd.DataFrame) -> list[list[tuple[str, str]]]:
    """The same by the page's rule: the number of bounds below a value is its class."""
    classes = info.classes[::-1] if info.descending else info.classes
    shown = []
    for row in table.itertuples():
        values = [getattr(row, info.column), *([getattr(row, info.column_by)] if info.column_by else [])]
        if any(pd.isna(value) for value in values):
            shown.append([(info.missing, NO_DATA)])
            continue
        if info.kind == "categories":
            number = [c.label for c in classes].index(values[0])
        else:
            number = int((np.array(info.bounds) < values[0]).sum())
        if info.kind == "pairs":
            number += 3 * int((np.array(info.bounds_by) < values[1]).sum())
        shown.append([(classes[number].label, classes[number].colour)])
    return shown


numbers = st.lists(
    st.one_of(st.none(), st.floats(-5, 5), st.sampled_from([0.1, 0.5, 0.9, 1.0])), min_size=2, max_size=30
)


@given(numbers, st.sampled_from(["high", "low", "neither"]))
def test_numbers_on_a_bound_belong_to_the_class_below_it(values: list[float | None], worse: str) -> None:
    table = pd.DataFrame({"x": pd.Series(values, dtype="float64")})
    info = colour(layer(classes="breaks", breaks=(0.1, 0.5, 0.9), worse=worse), PALETTE, table)
    assert drawn_in(layer_style(info), table) == on_the_page(info, table)


@given(numbers)
def test_classes_of_equal_numbers_are_those_of_the_page(values: list[float | None]) -> None:
    table = pd.DataFrame({"x": pd.Series(values, dtype="float64")})
    info = colour(layer(classes="quantiles"), PALETTE, table)
    assert drawn_in(layer_style(info), table) == on_the_page(info, table)


def test_tenths_have_the_colours_of_the_page_the_worst_first() -> None:
    table = pd.DataFrame({"x": [*range(1, 11), None]})
    info = colour(layer(classes="decile", worse="low", ends=("1 – worst", "10 – best")), PALETTE, table)
    qml = layer_style(info)
    assert drawn_in(qml, table) == on_the_page(info, table)
    assert [label for _, label, _ in rules_of(qml)][:2] == ["1 – worst", "2"]
    assert rules_of(qml)[0][2] == TEN[-1]


def test_names_in_quotes_are_told_apart() -> None:
    names = ("O'Neil", 'The "Arms"', "Both")
    table = pd.DataFrame({"x": [*names, None]})
    info = colour(layer(classes="categories", categories=names, worse="neither"), PALETTE, table)
    assert drawn_in(layer_style(info), table) == on_the_page(info, table)


def test_pairs_have_nine_classes() -> None:
    table = pd.DataFrame([(a, b) for a in range(6) for b in range(6)], columns=["x", "y"], dtype="float64")
    table.loc[len(table)] = [None, 1.0]
    info = colour(layer(classes="pairs", column_by="y", pair=("X", "Y")), NINE, table)
    drawn = drawn_in(layer_style(info), table)
    assert drawn == on_the_page(info, table)
    assert len({label for rules in drawn for label, _ in rules}) == 10


def test_hostile_labels_and_titles_stay_text() -> None:
    for text in HOSTILE:
        qml = style(
            [Rule(text, "", Outline("#102030", 0.5)), Rule(text, "", Dot("#102030", 2, hollow=True))], {"a": text}
        )
        top = Xml.fromstring(qml)
        assert {rule.get("label") for rule in top.iter("rule")} == {"".join(c for c in text if c.isprintable())}
        assert [alias.get("field") for alias in top.iter("alias")] == ["a"]
