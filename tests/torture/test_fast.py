"""The fast part of the torture: a few cases of each kind, each a test; ``make torture`` tries many more."""

import json
import subprocess
import sys

import pytest

from tests.fixtures.folders import ROOT
from tests.fixtures.program import environment
from tests.torture import matrix
from tests.torture.cases import Case

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform == "win32", reason="Windows does not fork processes"),
]
CASES = matrix.fast_cases()


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], dict[str, str]]:
    """What came of each case: all in one process of its own, which forks where this one has threads."""
    page = tmp_path_factory.mktemp("torture") / "verdicts.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture", "--fast", "--workers", "1", "--json", str(page)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert page.exists(), done.stdout + done.stderr
    read = json.loads(page.read_text(encoding="utf-8"))
    return {(verdict["kind"], verdict["name"]): verdict for verdict in read}


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_nothing_is_wrong_in_silence(verdicts: dict[tuple[str, str], dict[str, str]], case: Case) -> None:
    verdict = verdicts[case.kind, case.name]
    assert verdict["verdict"] in case.right, verdict["told"]


def test_every_kind_is_tried() -> None:
    assert {case.kind for case in CASES} == matrix.FAST.keys()
