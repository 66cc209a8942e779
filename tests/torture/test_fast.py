"""The fast part of the torture: one or a few cases of each kind; ``make torture`` tries many more."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.fixtures.folders import ROOT
from tests.fixtures.program import environment
from tests.torture import matrix

SECONDS = 800
"""A minute on two quiet processors; a busy machine takes its time."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(SECONDS + 60),
    pytest.mark.skipif(sys.platform == "win32", reason="Windows does not fork processes"),
]


def test_nothing_is_wrong_in_silence_and_everything_heals(tmp_path: Path) -> None:
    """All cases in one process of its own, which forks where this one has threads; what failed is in its words."""
    page = tmp_path / "verdicts.json"
    with subprocess.Popen(
        [sys.executable, "-m", "tests.torture", "--fast", "--workers", "2", "--json", str(page)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as harness:
        try:
            told, _ = harness.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            harness.terminate()
            told, _ = harness.communicate()
            pytest.fail(f"not done in {SECONDS} s:\n{told}")
    assert harness.returncode == 0, told
    tried = Counter(verdict["kind"] for verdict in json.loads(page.read_text(encoding="utf-8")))
    assert tried == Counter(case.kind for case in matrix.fast_cases()), told


def test_every_kind_but_those_that_wait_is_tried() -> None:
    every = {case.kind for case in matrix.every_case(matrix.FIXED_SEED)}
    assert {case.kind for case in matrix.fast_cases()} == every - matrix.TOO_SLOW
