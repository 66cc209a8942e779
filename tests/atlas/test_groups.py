"""Layers of a group of columns: one for each column that belongs to it."""

import pandas as pd
import pytest

from pipeline.atlas.layers import expand
from pipeline.catalogue import read_index, read_layers
from pipeline.catalogue.layers import Layer
from pipeline.errors import DeclarationError
from pipeline.tables import risk_table
from tests.fixtures.folders import DECLARED
from tests.fixtures.joined import JOINED

INDEX = read_index(DECLARED / "indices" / "norfolk-waveney.toml")
LAYER = next(layer for layer in read_layers(DECLARED / "layers.toml").layers if layer.column == "components:*")
COLUMNS = risk_table(
    JOINED, {c.name: c.title for c in INDEX.components}, {"library": "library"}, groups={"core20": "Core20"}
).columns


def drawn(column: str) -> list[Layer]:

    return expand([LAYER.model_copy(update={"column": column})], INDEX, "England", COLUMNS, pd.DataFrame())


def test_components_are_a_layer_each_with_their_reasons() -> None:
    layers = drawn("components:*")
    assert [layer.column for layer in layers] == [f"component_{c.name}" for c in INDEX.components]
    assert layers[0].title == INDEX.components[0].title
    assert INDEX.components[0].why in layers[0].sentence


def test_columns_of_another_group_are_a_layer_each_with_their_meaning() -> None:
    layers = drawn("access:*")
    assert [layer.id for layer in layers] == ["nearest_library_metres", "nearest_library_minutes", "nearest_library_m"]
    assert "a straight line" in layers[0].sentence


def test_a_priority_group_has_the_categories_of_its_column() -> None:
    layer = next(layer for layer in read_layers(DECLARED / "layers.toml").layers if layer.id == "group_risk")
    shown = [column for column in COLUMNS if column.storage != "boolean"]
    frame = pd.DataFrame({"group_risk_core20": ["Neither"]})
    (drawn_layer,) = expand([layer], INDEX, "England", shown, frame)
    assert drawn_layer.title == "Core20 and digital risk"
    assert drawn_layer.categories[0] == "Core20 and high risk"
    assert expand([layer], INDEX, "England", shown, frame.iloc[:0]) == []


@pytest.mark.parametrize("column", ["component_*", "nearest_*", "nothing:*", "access*"])
def test_what_is_no_group_is_refused_with_the_groups_that_there_are(column: str) -> None:
    with pytest.raises(DeclarationError, match="components, score, certainty"):
        drawn(column)
