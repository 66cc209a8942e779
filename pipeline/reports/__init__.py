"""Pages that explain: how an area was scored and how sure it is."""

from pipeline.reports.method import Beside, compose_method_page
from pipeline.reports.programmes import ProgrammeReport
from pipeline.reports.sensitivity import record_sensitivity

__all__ = ["Beside", "ProgrammeReport", "compose_method_page", "record_sensitivity"]
