"""English Indices of Deprivation 2025: File 7 (scores, ranks, deciles) and File 8 (underlying indicators)."""

from pathlib import Path

import pandas as pd
import python_calamine

from pipeline.errors import RawFileError, first
from pipeline.tables import DEPRIVATION, DOMAINS, UNDERLYING_INDICATORS, validate
from pipeline.tidy.reading import numbers, only_england, pick, read_csv

CODE = "LSOA code (2021)"
RANK = "Rank (where 1 is most deprived)"


def tidy_deprivation(path: Path) -> pd.DataFrame:
    """IMD score, rank and decile, the scores used as indicators, and the seven domain ranks, from File 7.

    Raises:
        RawFileError: a column is missing, or a value is no number.
        SchemaError: a value is out of its range, or a code stands twice.
    """
    imd = "Index of Multiple Deprivation (IMD)"
    columns = {
        "lsoa21_code": CODE,
        "imd_score": f"{imd} Score",
        "imd_rank": f"{imd} {RANK}",
        "imd_decile": f"{imd} Decile (where 1 is most deprived 10% of LSOAs)",
        "income_deprivation": "Income Score (rate)",
        "employment_deprivation": "Employment Score (rate)",
        "adult_skills_deprivation": "Adult Skills Sub-domain Score",
        **{f"{name}_rank": f"{title} {RANK}" for name, title in DOMAINS.items()},
    }
    frame = pick(read_csv(path, str(path)), columns, str(path))
    whole = [name for name in columns if name.endswith(("_rank", "_decile"))]
    frame = numbers(frame, whole, str(path), whole=True)
    frame = numbers(frame, [name for name in columns if name not in whole and name != "lsoa21_code"], str(path))
    frame = only_england(frame)[DEPRIVATION.names]
    validate(frame, DEPRIVATION, str(path))
    return frame


def tidy_underlying_indicators(path: Path) -> pd.DataFrame:
    """Broadband and transport connectivity from the Barriers sheet of File 8.

    Raises:
        RawFileError: the workbook or the sheet cannot be read, a column is missing, or a value is no number.
        SchemaError: a value is out of its range, or a code stands twice.
    """
    frame = read_sheet(path, "Barriers Domain")
    columns = {
        "lsoa21_code": CODE,
        "broadband_deprivation": "Digital Connectivity (Broadband download and upload speeds)",
        "transport_connectivity": "Connectivity Score",
    }
    frame = pick(frame, columns, f"{path}, sheet 'Barriers Domain'")
    frame = numbers(frame, ["broadband_deprivation", "transport_connectivity"], str(path))
    frame = only_england(frame)[UNDERLYING_INDICATORS.names]
    validate(frame, UNDERLYING_INDICATORS, str(path))
    return frame


def read_sheet(path: Path, ending: str, header_row: int = 1) -> pd.DataFrame:
    """The sheet of a workbook whose name ends with ``ending``; row ``header_row`` (from 1) holds the headers.

    Raises:
        RawFileError: no workbook, or not just one such sheet; the sheets found are listed.
    """
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
