"""Work in parts: in this process, in several of this machine, or on the workers of a dask scheduler, by one way.

Only this room talks to a scheduler. What runs there is our own functions, one part of the work each; it may run twice
with the same result.
"""

from pipeline.cluster.crews import Alone, Crew, Processes, refuse_beginning_again
from pipeline.cluster.facts import differences, facts
from pipeline.cluster.scheduler import OnScheduler, SchedulerWanted, TlsFiles, refuse_unencrypted
from pipeline.cluster.tasks import Outcome, run_tasks

__all__ = [
    "Alone",
    "Crew",
    "OnScheduler",
    "Outcome",
    "Processes",
    "SchedulerWanted",
    "TlsFiles",
    "differences",
    "facts",
    "refuse_beginning_again",
    "refuse_unencrypted",
    "run_tasks",
]
