"""The page on how an area's map was made and how sure it is: ``maps/<area>/method.html``."""

from pipeline.method.page import method_page

__all__ = ["method_page"]
