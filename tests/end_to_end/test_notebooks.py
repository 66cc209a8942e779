import json
from pathlib import Path

import pytest

from tests.fixtures.projects import Demo
from tests.notebooks import NOTEBOOKS, run_notebook


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_on_what_was_built(path: Path, demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert all(cell["outputs"] == [] for cell in cells if cell["cell_type"] == "code"), "clear before committing"
    monkeypatch.setenv("PROCESSED", str((demo[0].root / "data" / "processed").resolve()))
    names = run_notebook(path)
    assert names["worst"].iloc[0]["risk_score"] == names["risk"]["risk_score"].max()
    assert names["share"].between(0, 1).all()
