"""The workbook of an area, for colleagues who read tables in a spreadsheet."""

from pipeline.reports.workbook.contents import AUTHOR, GivenTable, WorkbookInputs, compose_workbook
from pipeline.reports.workbook.writing import workbook_bytes

__all__ = ["AUTHOR", "GivenTable", "WorkbookInputs", "compose_workbook", "workbook_bytes"]
