"""What other code may import: it is there, light, and does what its examples say."""

import doctest
import importlib
import subprocess
import sys
from types import ModuleType

import pytest

import pipeline
from pipeline import store
from tests.fixtures.folders import ROOT

HEAVY = {"pandas", "numpy", "geopandas", "pydantic", "scipy", "shapely", "pyarrow", "folium", "httpx"}
DOCUMENTED = ["pipeline", "pipeline.index.engine", "pipeline.stages.api"]


@pytest.mark.parametrize("module", [pipeline, store], ids=lambda module: module.__name__)
def test_every_public_name_can_be_had(module: ModuleType) -> None:
    assert sorted(set(module.__all__)) == sorted(module.__all__)
    for name in module.__all__:
        assert getattr(module, name) is not None, name


@pytest.mark.parametrize("module", [pipeline, store], ids=lambda module: module.__name__)
def test_no_other_name_can(module: ModuleType) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing_of_this_name'"):
        _ = module.nothing_of_this_name


def test_importing_it_is_light() -> None:
    code = "import sys, pipeline; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert not HEAVY & set(done.stdout.split())


def test_a_step_without_shapes_imports_no_library_of_them() -> None:
    code = (
        "import sys, pipeline.stages.nation, pipeline.stages.tidy, pipeline.tidy.registry as tidy;"
        "tidy.readers(); print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert not {"geopandas", "shapely", "pyproj", "pyogrio", "scipy", "openpyxl"} & set(done.stdout.split())


@pytest.mark.parametrize("name", DOCUMENTED)
def test_examples_give_what_they_say(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert found.attempted > 0
    assert found.failed == 0
