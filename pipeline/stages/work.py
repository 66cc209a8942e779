"""The work of a step, in this process or in another of this machine."""

import warnings
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib import import_module

from pipeline.stages.faults import Overheard, overhear
from pipeline.stages.machine import (
    give_back_after,
    held,
    leave_modules_alone,
    refuse_too_little_memory,
    set_up_memory,
)
from pipeline.stages.stage import Job

__all__ = ["WITHOUT_SOCKS", "Done", "carry_out", "carry_out_apart", "get_ready", "import_needed"]

WITHOUT_SOCKS = "SOCKS support in urllib3"
"""How a library warns that comes with Folium, and that nothing here asks for the network."""


@dataclass(frozen=True)
class Done:
    """What a step has to say once its outputs are written, and what libraries said meanwhile in another process."""

    lines: tuple[str, ...]
    overheard: Overheard = field(default_factory=Overheard)


def carry_out(job: Job) -> Done:
    """Write the outputs of a step into its staging folder.

    Raises:
        PipelineError: what the stage refuses.
    """
    before = held()
    try:
        refuse_too_little_memory()
        module = import_module(job.step.stage.run)
        leave_modules_alone()
        module.run(job)
    finally:
        give_back_after(before)
    return Done(tuple(job.lines))


def get_ready(stage: str) -> None:
    """Import what a stage needs, in a process that does nothing else."""
    set_up_memory()
    import_needed(stage)


def import_needed(stage: str) -> None:
    """Import what a stage needs, so that its step begins at once; what is wrong with it shows when it runs.

    Beside its module that are the modules which it names as ``LATE``: those that are imported where they are used.
    """
    with suppress(Exception):
        for late in getattr(import_module(stage), "LATE", ()):
            import_module(late)


def carry_out_apart(job: Job) -> Done:
    """The same in a process that does nothing else: what libraries say there is brought along, to be said here."""
    set_up_memory()
    warnings.filterwarnings("ignore", message=WITHOUT_SOCKS)
    with overhear() as heard:
        done = carry_out(job)
    return replace(done, overheard=heard())
