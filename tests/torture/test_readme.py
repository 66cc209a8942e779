"""What the page on the torture names is there: tests, modules, and kinds that a run prints."""

import re
from pathlib import Path

import pytest

from tests.fixtures.folders import ROOT
from tests.torture import matrix

PAGE = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")


def test_every_test_that_is_named_is_there() -> None:
    named = set(re.findall(r"tests/[\w/]+\.py", PAGE))
    assert named
    assert sorted(name for name in named if not (ROOT / name).is_file()) == []


def test_every_module_that_is_named_is_there() -> None:
    named = set(re.findall(r"`(\w+\.py)`", PAGE))
    assert named
    assert sorted(name for name in named if not (ROOT / "tests/torture" / name).is_file()) == []


@pytest.mark.slow
def test_a_draw_has_a_thousand_cases_and_every_kind() -> None:
    every, drawn = matrix.by_kind(1), matrix.drawn_cases(1)
    assert len(drawn) >= 1_000
    assert {case.kind for case in drawn} == every.keys()
