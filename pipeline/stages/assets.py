"""The browser code and styles of the page, built from ``page/`` where this is a checkout."""

import subprocess
import sys
from typing import TYPE_CHECKING

from pipeline.errors import PipelineError
from pipeline.stages.paths import ASSETS, PAGE

if TYPE_CHECKING:
    from pipeline.stages.stage import Job


def run(job: "Job") -> None:
    """Build the browser code with the Node.js of this environment.

    Raises:
        PipelineError: Node.js is not installed, or the build fails; with its output.
    """
    target = job.output(ASSETS / "atlas.js").resolve().parent
    done = subprocess.run(
        [sys.executable, PAGE / "build_assets.py", target],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise PipelineError(f"{PAGE}: the browser code cannot be built.\n{done.stderr.strip()}")
    job.say("Built the browser code")
