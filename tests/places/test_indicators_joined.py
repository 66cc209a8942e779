"""An indicator costs one file and one table: it is joined, described, scored and drawn like any other column."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from pipeline import raw
from pipeline.atlas.classes import colour
from pipeline.atlas.layers import expand
from pipeline.catalogue import read_areas, read_index, read_indicators, read_layers, refuse_names, with_indicator_layers
from pipeline.catalogue.sources import Source
from pipeline.demo import demo_files
from pipeline.index import score
from pipeline.join import Part, join
from pipeline.places import Nation, indicator_columns, refuse_gaps, tidy_indicators
from pipeline.tables import dictionary, risk_table, validate
from pipeline.tidy import add_derived, joined_sources_table, reader_of, tidy_source
from pipeline.tidy.registry import Tidied
from tests.fixtures.folders import DECLARED
from tests.fixtures.joined import SOURCES

DECLARATION = """
[smart_meters]
file = "data/local/smart_meters.csv"
code_column = "LSOA"
value_column = "Homes with one"
title = "Smart meters"
meaning = "Homes with a smart meter"
quantity = "share"
of = "homes"
written_as = "percent"
worse = "low"
source = "An example"
licence = "None"
areas = ["demo"]
"""


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> dict[Source, Tidied]:
    """The sources of the fictional country that are joined by LSOA, by the source's id, tidied."""
    folder, tidied = tmp_path_factory.mktemp("raw"), {}
    files = {source: (name, content) for source, name, content in demo_files(60)}
    for source in SOURCES:
        if source.id in files and reader_of(source).scope == "joined":
            name, content = files[source.id]
            (folder / name).write_bytes(content)
            tidied[source] = tidy_source(source, raw.locate(source.model_dump(), folder, "", "") or folder / name)
    return tidied


def test_one_file_and_one_table_make_a_column(nation: Mapping[Source, Tidied], tmp_path: Path) -> None:
    (tmp_path / "indicators.toml").write_text(DECLARATION, encoding="utf-8")
    (file,) = files = read_indicators(tmp_path / "indicators.toml")
    codes = next(t.frame for source, t in nation.items() if source.id == "lsoa21_icb")["lsoa21_code"]
    (tmp_path / "smart_meters.csv").write_text(
        "\n".join(["LSOA;Homes with one", *(f"{code};{n}%" for n, code in enumerate(codes))]), encoding="utf-8"
    )
    residents = next(t.frame for source, t in nation.items() if source.id == "census2021_age")
    people = residents.set_index("lsoa21_code")["population_total"]
    tidied = tidy_indicators(tmp_path / "smart_meters.csv", file, Nation(people))
    area = read_areas(DECLARED / "areas.toml")["demo"]
    refuse_gaps(tidied, area, codes)

    parts = [Part(t.table, t.frame, source.id, source.required) for source, t in nation.items()]
    joined = join(pd.DataFrame({"lsoa21_code": codes}), [*parts, Part(tidied.table, tidied.frame, file.id)])
    table = joined_sources_table(nation, indicator_columns(file))
    refuse_names(files, joined_sources_table(nation).names, [source.id for source in SOURCES])
    frame = add_derived(joined.frame, [t.frame for t in nation.values()])[table.names]
    validate(frame, table, "joined")
    assert table.names[-1] == "smart_meters"
    assert joined.sources["smart_meters"] == "smart_meters"

    index = read_index(DECLARED / "indices" / "norfolk-waveney.toml")
    added = index.components[0].indicators[0].model_copy(update={"column": "smart_meters", "direction": -1})
    broadened = index.components[0].model_copy(update={"indicators": (added,)})
    scores = score(index.model_copy(update={"components": (broadened,)}), frame.set_index("lsoa21_code"))
    assert scores.score.idxmax() == codes.iloc[0]

    risk = risk_table(table, {"age": "Age"})
    assert risk.names[-2:] == ["smart_meters", "geometry"]
    assert "| `smart_meters` |" in dictionary([risk])
    look = with_indicator_layers(read_layers(DECLARED / "layers.toml"), files)
    layers = [layer for layer in look.layers if layer.column == "smart_meters"]
    (layer,) = expand(layers, index, "England", risk.columns, frame)
    drawn = colour(layer, look.palettes[layer.palette], frame)
    assert drawn.title == "Smart meters"
    assert len(drawn.classes) == 5
    assert all("%" in drawn_class.label for drawn_class in drawn.classes)
    assert expand(layers, index, "England", risk.columns, frame.drop(columns="smart_meters")) == []
