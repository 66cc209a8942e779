"""Pages that explain: how an area was scored and how sure it is."""

from pipeline.reports.front_door import Download, Front, compose_front_door
from pipeline.reports.method import Beside, compose_method_page
from pipeline.reports.programmes import ProgrammeReport
from pipeline.reports.sensitivity import record_sensitivity

__all__ = [
    "Beside",
    "Download",
    "Front",
    "ProgrammeReport",
    "compose_front_door",
    "compose_method_page",
    "record_sensitivity",
]
