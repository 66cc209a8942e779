"""English Indices of Deprivation 2025: File 7 (scores, ranks, deciles) and File 8 (underlying indicators)."""

from pathlib import Path

import pandas as pd

from pipeline.tables import DOMAINS, Family, Table, validate
from pipeline.tables.columns import LSOA_CODE
from pipeline.tidy.reading import numbers, only_england, pick, read_columns
from pipeline.tidy.registry import reader
from pipeline.tidy.workbooks import read_sheet

CODE = "LSOA code (2021)"
RANK = "Rank (where 1 is most deprived)"


_domain = Family("deprivation", "iod2025_file7")
_underlying = Family("connectivity", "iod2025_file8")

DEPRIVATION = Table(
    "deprivation",
    "English Indices of Deprivation 2025",
    "Published scores, ranks and deciles; a higher score means more deprived.",
    (
        LSOA_CODE,
        _domain(
            "imd_score",
            "score",
            "IMD score",
            "Index of Multiple Deprivation 2025 score; higher = more deprived",
            worse="high",
        ),
        _domain(
            "imd_rank",
            "rank",
            "IMD rank",
            "Index of Multiple Deprivation 2025 rank in England",
            unit="rank, 1 = most deprived",
            worse="low",
        ),
        _domain(
            "imd_decile",
            "decile",
            "IMD decile",
            "Index of Multiple Deprivation 2025 decile in England; 1 = most deprived tenth",
            unit="decile, 1 = most deprived",
            worse="low",
        ),
        _domain(
            "income_deprivation",
            "share",
            "Income deprivation",
            "Share of people in income-deprived households (Income score)",
            of="people",
            worse="high",
        ),
        _domain(
            "employment_deprivation",
            "share",
            "Employment deprivation",
            "Share of working-age people involuntarily out of work (Employment score)",
            of="working-age people",
            worse="high",
            detail=True,
        ),
        _domain(
            "adult_skills_deprivation",
            "share",
            "Adult skills deprivation",
            "Adult Skills sub-domain score: working-age adults with no or low qualifications or little English",
            of="working-age adults",
            worse="high",
        ),
        *(
            _domain(
                f"{domain}_rank",
                "rank",
                f"{title} rank",
                f"{title} domain rank in England",
                unit="rank, 1 = most deprived",
                worse="low",
                detail=True,
            )
            for domain, title in DOMAINS.items()
        ),
    ),
    key="lsoa21_code",
)

UNDERLYING_INDICATORS = Table(
    "underlying_indicators",
    "English Indices of Deprivation 2025, underlying indicators",
    "Indicators behind the Barriers domain.",
    (
        LSOA_CODE,
        _underlying(
            "broadband_deprivation",
            "standardised score",
            "Broadband deprivation",
            "Broadband download and upload speeds, standardised by the publisher; higher = slower. Not Mbit/s",
            worse="high",
        ),
        _underlying(
            "transport_connectivity",
            "score",
            "Transport connectivity",
            "Connectivity score: how well the place is connected by transport; higher = better",
            worse="low",
            detail=True,
        ),
    ),
    key="lsoa21_code",
)


@reader("deprivation", DEPRIVATION)
def tidy_deprivation(path: Path) -> pd.DataFrame:
    """IMD score, rank and decile, the scores used as indicators, and the seven domain ranks, from File 7.

    Raises:
        RawFileError: a column is missing, or a value is not a number.
        SchemaError: a value is out of its range, or a code appears twice.
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
    frame = read_columns(path, columns, str(path))
    ordinal = [name for name in columns if name.endswith(("_rank", "_decile"))]
    frame = numbers(frame, ordinal, str(path), integers=True)
    frame = numbers(frame, [name for name in columns if name not in ordinal and name != "lsoa21_code"], str(path))
    frame = only_england(frame)[DEPRIVATION.names]
    validate(frame, DEPRIVATION, str(path))
    return frame


@reader("underlying_indicators", UNDERLYING_INDICATORS)
def tidy_underlying_indicators(path: Path) -> pd.DataFrame:
    """Broadband and transport connectivity from the Barriers sheet of File 8.

    Raises:
        RawFileError: the workbook or the sheet cannot be read, a column is missing, or a value is not a number.
        SchemaError: a value is out of its range, or a code appears twice.
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
