import json

import pytest

from tests.folders import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_on_what_was_built(path, demo, monkeypatch):
    monkeypatch.setenv("PROCESSED", str(demo[0].root / "data" / "processed"))
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    names: dict[str, object] = {}
    for cell in cells:
        assert cell["outputs"] == [], "clear the outputs before committing"
        exec("".join(cell["source"]), names)
    assert names["worst"].iloc[0]["risk_score"] == names["risk"]["risk_score"].max()
    assert names["share"].between(0, 1).all()
