"""Sheets of publishers' workbooks as frames."""

from pathlib import Path

import pandas as pd

from pipeline.errors import RawFileError, first


def read_sheet(path: Path, ending: str, header_row: int = 1) -> pd.DataFrame:
    """The sheet of a workbook whose name ends with ``ending``; row ``header_row`` (from 1) holds the headers.

    Raises:
        RawFileError: not a workbook, or not exactly one such sheet; the sheets are listed.
    """
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
    except (python_calamine.CalamineError, OSError) as error:
        raise RawFileError(f"{path}: cannot be read as an Excel workbook: {error}") from error
    names = [name for name in workbook.sheet_names if name.strip().casefold().endswith(ending.casefold())]
    if len(names) != 1:
        raise RawFileError(
            f"{path}: expected one sheet whose name ends with '{ending}'. Sheets found: {first(workbook.sheet_names)}"
        )
    rows = workbook.get_sheet_by_name(names[0]).to_python(skip_empty_area=False)
    if len(rows) <= header_row:
        raise RawFileError(
            f"{path}, sheet '{names[0]}': expected headers in row {header_row} and rows below; found {len(rows)}."
        )
    headers = [str(cell).strip() for cell in rows[header_row - 1]]
    frame = pd.DataFrame(rows[header_row:], columns=headers)
    return frame.loc[:, [bool(header) for header in headers]]
