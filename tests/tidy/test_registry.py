"""A new source is one module and one entry: found, tidied, checked, joined and described."""

import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
import pytest

from pipeline import tidy
from pipeline.catalogue import read_sources
from pipeline.catalogue.sources import Source
from pipeline.errors import DeclarationError, SchemaError
from pipeline.join import Part, join
from pipeline.tables import FURTHER, LEADING, PLACE_COLUMNS, dictionary, joined_table
from pipeline.tidy import joined_sources_table, reader_of, readers, registry, source_tables, tidy_source
from tests.fixtures.folders import DECLARED

MODULE = '''
"""Mobile signal."""

from pipeline.tables import Family, Table
from pipeline.tables.columns import LSOA_CODE
from pipeline.tidy.reading import read_given
from pipeline.tidy.registry import reader

_signal = Family("connectivity", "signal_2026")
SIGNAL = Table(
    "signal",
    "Mobile signal",
    "Homes with a signal.",
    (LSOA_CODE, _signal("share_with_signal", "share", "With a signal", "Homes with a signal", of="homes")),
    key="lsoa21_code",
)


@reader("signal", SIGNAL)
def tidy_signal(path):
    """Homes with a signal."""
    given = read_given(path, {"lsoa21_code": "LSOA", "share_with_signal": "Signal"}).only_england().once()
    return given.with_numbers("share_with_signal").tidied(SIGNAL)
'''
ENTRY = """
[signal_2026]
title = "Mobile signal"
publisher = "A regulator"
licence = "Open Government Licence v3.0"
attribution = "A regulator"
landing_page = "https://example.org/"
address = "https://example.org/signal.csv"
release = "2026"
accessed = "2026-11-27"
geography = "lsoa21"
format = "file"
file = "signal.csv"
reads = "signal"
"""


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Source]]:
    """The declared sources with a new one, whose module lies in a folder of its own."""
    (tmp_path / "signal_2026.py").write_text(textwrap.dedent(MODULE), encoding="utf-8")
    monkeypatch.setattr(registry, "_readers", dict(readers()))
    monkeypatch.setattr(registry, "_discover", registry._discover.__wrapped__)
    monkeypatch.setattr(tidy, "__path__", [*tidy.__path__, str(tmp_path)])
    declared = tmp_path / "sources.toml"
    declared.write_text((DECLARED / "sources.toml").read_text(encoding="utf-8") + ENTRY, encoding="utf-8")
    yield read_sources(declared)
    sys.modules.pop("pipeline.tidy.signal_2026", None)


def test_a_new_source_is_one_module_and_one_entry(sources: Mapping[str, Source], tmp_path: Path) -> None:
    raw_file = tmp_path / "signal.csv"
    raw_file.write_text("LSOA,Signal\nE01900002,0.5\nE01900001,0.25\n", encoding="utf-8")
    source = sources["signal_2026"]
    tidied = tidy_source(source, raw_file)
    assert tidied.frame["share_with_signal"].tolist() == [0.25, 0.5]
    areas = pd.DataFrame({"lsoa21_code": ["E01900001", "E01900002"]})
    joined = join(areas, [Part(tidied.table, tidied.frame, source.id)])
    assert joined.sources == {"share_with_signal": "signal_2026"}
    table = joined_sources_table(sources.values())
    assert table.names[-1] == "share_with_signal"
    assert "| `share_with_signal` |" in dictionary([*source_tables(sources.values()), table])
    raw_file.write_text("LSOA,Signal\nE01900002,50\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="share_with_signal"):
        tidy_source(source, raw_file)


def test_every_declared_source_has_a_reader() -> None:
    declared = read_sources(DECLARED / "sources.toml").values()
    assert {reader_of(source).reads for source in declared} == set(readers())
    unknown = next(iter(declared)).model_copy(update={"reads": "omens"})
    with pytest.raises(DeclarationError, match="reads 'omens' is nothing that can be read. Expected one of: "):
        reader_of(unknown)


def test_joined_columns_stand_in_the_order_of_the_output_contract() -> None:
    table = joined_sources_table(read_sources(DECLARED / "sources.toml").values(), PLACE_COLUMNS)
    assert tuple(table.names) == (*LEADING, *FURTHER)


def test_one_name_with_two_meanings_is_refused() -> None:
    by = readers()["disability"].table
    other = next(c for c in readers()["population_census"].table.columns if c.name == "share_75_plus")
    renamed = type(other)(**{**vars(other), "name": "share_disabled"})
    with pytest.raises(SchemaError, match="'share_disabled' and mean different things"):
        joined_table([by], [renamed])


def test_an_archive_needs_its_member(tmp_path: Path) -> None:
    source = read_sources(DECLARED / "sources.toml")["census2021_tenure"].model_copy(update={"member": None})
    with pytest.raises(DeclarationError, match="census2021_tenure lacks the key member"):
        tidy_source(source, tmp_path / "t.zip")
