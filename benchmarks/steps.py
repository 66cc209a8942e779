"""Every step of an area, one after the other: seconds, peak memory, bytes read and written.

``python -m benchmarks.steps ROOT AREA`` prints them as JSON. Each step is run whether it is stale or not.
"""

import json
import os
import sys
import time
from pathlib import Path

from benchmarks.measuring import bytes_of
from pipeline import Project
from pipeline.stages.graph import area_steps, check_sources
from pipeline.stages.lock import only_run
from pipeline.stages.runner import Runner


def measure_steps(root: Path, area_name: str) -> list[dict[str, float | str]]:
    """A row for each step: ``step``, ``stage``, ``seconds``, ``processor`` (seconds), and bytes as the others."""
    project = Project(root).snapshot()
    area, rows = project.area(area_name), list[dict[str, float | str]]()
    runner = Runner(lambda _: None)
    with only_run(project.root):
        check_sources(project, [area])
        for step in area_steps(project, [area]):
            forget_peak()
            begun, used = time.perf_counter(), processor_seconds()
            runner.execute(step)
            rows.append(
                {
                    "step": step.name,
                    "stage": step.stage.name,
                    "seconds": time.perf_counter() - begun,
                    "processor": processor_seconds() - used,
                    "memory": peak(),
                    "read": bytes_of(step.reads.files),
                    "written": bytes_of(step.writes),
                }
            )
    return rows


def processor_seconds() -> float:
    """Seconds of processors of this process and of those that it started and waited for."""
    return time.process_time() + sum(os.times()[2:4])


def forget_peak() -> None:
    """Let the system count the peak of memory from now on; where it cannot, the peak stays that of the run so far."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def peak() -> int:
    """The most bytes that this process had since :func:`forget_peak`."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return 1024 * int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


if __name__ == "__main__":
    print(json.dumps(measure_steps(Path(sys.argv[1]), sys.argv[2])))
