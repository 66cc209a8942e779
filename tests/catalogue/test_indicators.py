"""What can be declared of an indicator, and what an area and its map take from it."""

from pathlib import Path

import pytest

from pipeline.catalogue import read_index, read_layers
from pipeline.catalogue.areas import Area
from pipeline.catalogue.indicators import (
    IndicatorFile,
    index_for,
    read_indicators,
    refuse_names,
    with_indicator_layers,
)
from pipeline.catalogue.indices import Index
from pipeline.catalogue.sql import RESERVED
from pipeline.errors import DeclarationError
from tests.fixtures.databases import select
from tests.fixtures.folders import DECLARED

ONE = """
[no_car]
file = "data/local/no_car.csv"
code_column = "LSOA"
value_column = "No car"
title = "No car or van"
meaning = "Households without a car or van"
quantity = "share"
of = "households"
worse = "high"
source = "Census 2021"
licence = "Open Government Licence v3.0"
"""
SEVERAL = """
[survey]
file = "data/local/survey.csv"
code_column = "LSOA"
source = "A survey"
licence = "None"
areas = ["here"]
columns.asked = { value_column = "a", title = "Asked", meaning = "Asked", quantity = "people", worse = "high" }
columns.helped = { value_column = "b", title = "Helped", meaning = "Helped", quantity = "people", worse = "low" }
"""
HERE = Area(id="here", title="Here", everything=True)
THERE = Area(id="there", title="There", everything=True)
DEMO = Area(id="demo", title="Demo", everything=True, fictional=True)


def read(tmp_path: Path, text: str) -> tuple[IndicatorFile, ...]:
    path = tmp_path / "indicators.toml"
    path.write_text(text, encoding="utf-8")
    return read_indicators(path)


def test_a_table_is_one_indicator_or_a_file_of_several(tmp_path: Path) -> None:
    files = read(tmp_path, ONE + SEVERAL)
    assert [[column.id for column in file.columns] for file in files] == [["no_car"], ["asked", "helped"]]
    assert read_indicators(tmp_path / "absent.toml") == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('of = "households"\n', "", "no_car: of goes with"),
        ("worse =", "wrose =", "no_car.wrose: unknown key. Did you mean .worse."),
        ("no_car.csv", "no_car.pdf", "file should be one of .csv"),
        ('quantity = "share"', 'quantity = "percent"', "no_car.quantity"),
        ('"No car"\n', '"LSOA"\n', "named twice"),
        ('worse = "high"', 'worse = "high"\nminimum = 1\nmaximum = 0', "minimum .1. is above maximum"),
        ("[no_car]", "[No-Car]", "No-Car: a name is of small letters"),
        ('"share"\nof = "households"', '"rank"\nvintage = "lsoa11"', "ranks and deciles of LSOAs of 2011"),
        ('"share"\nof = "households"', '"amount"\nunit = "£"\nvintage = "lsoa11"', "say with carried_as"),
    ],
)
def test_faults_are_named_with_their_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        read(tmp_path, ONE.replace(old, new))


def test_an_indicator_stands_once(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="no_car are declared twice"):
        read(tmp_path, ONE + SEVERAL.replace("columns.asked", "columns.no_car"))


@pytest.mark.parametrize("name", ["imd_score", "geometry", "component_cars", "order", "sources_id"])
def test_a_name_that_is_taken_is_refused(tmp_path: Path, name: str) -> None:
    files = read(tmp_path, ONE.replace("[no_car]", f"[{name}]"))
    with pytest.raises(DeclarationError, match=f"choose other names\n  {name}: "):
        refuse_names(files, {"imd_score"}, {"sources_id"})
    refuse_names(read(tmp_path, ONE), {"imd_score"}, {"sources_id"})


def test_words_of_duckdb_are_among_the_reserved() -> None:
    # DuckDB reserves the words of PostgreSQL, and some more.
    words = select("select keyword_name from duckdb_keywords() where keyword_category in ('reserved', 'type_function')")
    assert {word for (word,) in words} <= RESERVED


def test_local_files_are_for_real_areas_unless_they_say_otherwise(tmp_path: Path) -> None:
    files = read(tmp_path, ONE + SEVERAL)
    assert [file.id for file in files if file.is_for(HERE)] == ["no_car", "survey"]
    assert [file.id for file in files if file.is_for(THERE)] == ["no_car"]
    assert not any(file.is_for(DEMO) for file in files)


def with_car(index: Index, column: str = "no_car") -> Index:
    first, *others = index.components
    added = first.indicators[0].model_copy(update={"column": column, "weight": 5.0})
    first = first.model_copy(update={"indicators": (*first.indicators, added)})
    return index.model_copy(update={"components": (first, *others)})


@pytest.fixture
def index() -> Index:
    return read_index(DECLARED / "indices" / "norfolk-waveney.toml")


def test_a_fictional_area_goes_without_and_says_so(tmp_path: Path, index: Index) -> None:
    files = read(tmp_path, ONE)
    changed, notes = index_for(with_car(index), DEMO, files)
    assert changed.components == index.components
    assert [(item.title, item.weight) for item in changed.absent] == [("No car or van", 5)]
    assert notes == ("without No car or van: demo is fictional and has no such data",)
    assert index_for(with_car(index), HERE, files) == (with_car(index), ())


def test_a_component_without_indicators_goes_too(tmp_path: Path, index: Index) -> None:
    first, *others = index.components
    alone = first.model_copy(update={"indicators": with_car(index).components[0].indicators[-1:]})
    changed, _ = index_for(index.model_copy(update={"components": (alone, *others)}), DEMO, read(tmp_path, ONE))
    assert changed.components == tuple(others)
    only = index.model_copy(update={"components": (alone,)})
    with pytest.raises(DeclarationError, match="has no indicator that demo has"):
        index_for(only, DEMO, read(tmp_path, ONE))


def test_a_real_area_is_not_scored_without(tmp_path: Path, index: Index) -> None:
    with pytest.raises(DeclarationError, match="of there uses 'asked' .for here.. Add there to areas"):
        index_for(with_car(index, "asked"), THERE, read(tmp_path, SEVERAL))


def test_each_indicator_is_drawn_once(tmp_path: Path) -> None:
    look = read_layers(DECLARED / "layers.toml")
    files = read(tmp_path, ONE + SEVERAL)
    more = with_indicator_layers(look, files)
    added = {layer.id: layer for layer in more.layers if layer not in look.layers}
    assert list(added) == ["no_car", "asked", "helped"]
    assert (added["no_car"].group, added["no_car"].unit) == ("indicators", "% of households")
    assert [layer for layer in more.layers if layer.id not in added] == look.layers
    assert with_indicator_layers(more, files) == more
    with pytest.raises(DeclarationError, match="no_car.palette names 'pink'"):
        with_indicator_layers(look, read(tmp_path, ONE + 'palette = "pink"'))
