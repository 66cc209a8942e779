"""Pages that explain: how an area was scored and how sure it is."""

from pipeline.reports.method import compose_method_page
from pipeline.reports.sensitivity import record_sensitivity

__all__ = ["compose_method_page", "record_sensitivity"]
