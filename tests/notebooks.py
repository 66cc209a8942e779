"""Runs the notebooks on what was built, and prints what their cells show: ``make notebooks``."""

import ast
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.fixtures.folders import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def run_notebook(path: Path) -> dict[str, Any]:
    """Run the code cells of a notebook in order, in its folder, printing the value that each ends with; its names."""
    names: dict[str, Any] = {}
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    with contextlib.chdir(path.parent):
        for cell in cells:
            if cell["cell_type"] == "code":
                _run_cell("".join(cell["source"]), names)
    return names


def _run_cell(source: str, names: dict[str, Any]) -> None:
    code = ast.parse(source)
    last = code.body.pop() if code.body and isinstance(code.body[-1], ast.Expr) else None
    exec(compile(code, "cell", "exec"), names)
    if isinstance(last, ast.Expr):
        print(eval(compile(ast.Expression(last.value), "cell", "eval"), names), end="\n\n")


def main() -> int:
    """Run every notebook; what is missing is told without a traceback."""
    import pandas as pd

    from pipeline import PipelineError

    pd.set_option("display.width", 160, "display.max_columns", 20)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    os.environ.pop("PROCESSED", None)
    for path in NOTEBOOKS:
        print(f"{path.relative_to(ROOT).as_posix()}\n")
        try:
            run_notebook(path)
        except PipelineError as error:
            print(f"\nStopped: {error}\n", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
