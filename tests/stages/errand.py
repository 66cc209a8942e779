"""A stage whose work depends on the name of its scope, for steps that are done in other processes."""

import logging
import os
import time
import warnings
from pathlib import Path

from pipeline.errors import SchemaError
from pipeline.stages.project import Snapshot
from pipeline.stages.stage import Job, Reads, Scope, Stage


def run(job: Job) -> None:
    """Write the number of the process, or do what the name of the scope says."""
    name = job.step.scope.source
    if name == "refuse":
        raise SchemaError("column residents: expected numbers, found 'many' in row 7")
    if name == "die":
        os._exit(3)
    if name == "deny":
        raise PermissionError(13, "Permission denied", str(job.output(job.step.writes[0])))
    if name == "break":
        raise KeyError("nobody foresaw this")
    if name == "warn":
        warnings.warn("a library warns", FutureWarning, stacklevel=1)
        logging.getLogger("some.library").warning("a library logs %s", "something")
    if name == "slow":
        time.sleep(3)
    job.output(job.step.writes[0]).write_text(f"{name} {os.getpid()}", encoding="utf-8")
    job.say(f"{name} is done")


def _reads(_project: Snapshot, _scope: Scope) -> Reads:
    return Reads()


def _writes(project: Snapshot, scope: Scope) -> tuple[Path, ...]:
    return (project.root / "data" / f"{scope.source}.txt",)


ERRAND = Stage("errand", "source", _reads, _writes, "tests.stages.errand", "")
