"""Pages that explain: how an area was scored and how sure it is."""

from pipeline.reports.method import method_page

__all__ = ["method_page"]
