"""The notebooks run on the demonstration area, and what they end with is right."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.projects import Demo
from tests.notebooks import NOTEBOOKS, run_notebook

Names = Mapping[str, Any]


def _explored(names: Names) -> None:
    assert names["worst"].iloc[0]["risk_score"] == names["risk"]["risk_score"].max()
    assert names["share"].between(0, 1).all()


def _changed(names: Names) -> None:
    assert names["after"].rank.sort_values().tolist() == names["before"].rank.sort_values().tolist()
    assert (names["moved"] != 0).any()
    assert len(names["entering"]) == len(names["leaving"])
    assert all(-1 <= kept <= 1 for kept in names["kept"].values())


def _held(names: Names) -> None:
    assert all(-1 <= agreement <= 1 for agreement in names["agreement"].values())
    low, high = names["interval"]
    assert -1 <= low <= high <= 1


def _opened(names: Names) -> None:
    assert "estimate" in names["fields"]["people_at_risk"]
    assert names["districts"]["unit_rank"].is_monotonic_increasing


def _called(names: Names) -> None:
    assert "no_such_table" in names["refused"]
    assert len(names["risk"]) == names["record"]["rows"]


ENDS: Mapping[str, Callable[[Names], None]] = {
    "1-explore": _explored,
    "2-change-the-index": _changed,
    "3-evidence": _held,
    "4-outputs-in-other-tools": _opened,
    "5-python": _called,
}


def test_each_notebook_is_tried() -> None:
    assert [path.stem for path in NOTEBOOKS] == list(ENDS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_on_what_was_built(path: Path, demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert all(cell["outputs"] == [] for cell in cells if cell["cell_type"] == "code"), "clear before committing"
    monkeypatch.setenv("PROCESSED", str((demo[0].root / "data" / "processed").resolve()))
    ENDS[path.stem](run_notebook(path))
