"""Two runs in one project folder meet."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.stages.lock import only_run
from tests.fixtures.folders import ROOT

HOLD = """
import sys, time
from pathlib import Path
from pipeline.stages.lock import only_run
with only_run(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_second_run_is_told_who_is_at_work_and_goes_on_once_that_ends(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(PipelineError, match=rf"Another run is working in .*process {other.pid}, since 20"),
            only_run(tmp_path),
        ):
            pass
        other.kill()
    deadline = time.monotonic() + 10
    while True:
        try:
            with only_run(tmp_path):
                break
        except PipelineError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_one_process_may_run_again(tmp_path: Path) -> None:
    for _ in range(2):
        with only_run(tmp_path):
            pass
