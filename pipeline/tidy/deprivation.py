"""English Indices of Deprivation 2025: File 7 (scores, ranks, deciles) and File 8 (underlying indicators)."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.errors import RawFileError
from pipeline.reading.correlation import correlation
from pipeline.tables import DOMAINS, Family, Table
from pipeline.tables.columns import AREA_NAME, LSOA_CODE
from pipeline.tidy.plausible import FEWEST, order_faults
from pipeline.tidy.reading import Given, read_given
from pipeline.tidy.registry import Noted, reader

CODE, NAME = "LSOA code (2021)", "LSOA name (2021)"
RANK = "Rank (where 1 is most deprived)"


_OTHERS = {
    "children": "Income Deprivation Affecting Children Index (IDACI) Score (rate)",
    "older": "Income Deprivation Affecting Older People (IDAOPI) Score (rate)",
    "skills_rank": f"Adult Skills Sub-domain {RANK}",
}
"""Columns by which others are checked, where the file has them."""

RESIDENTS, DENOMINATOR = "residents_imd", "Total population: mid 2022"

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
        _domain(
            "education_deprivation",
            "score",
            "Education and skills deprivation",
            "Education, Skills and Training domain score: children's attainment and adults' skills; higher = more "
            "deprived",
            worse="high",
            detail=True,
        ),
        _domain(
            "health_deprivation",
            "standardised score",
            "Health deprivation",
            "Health Deprivation and Disability domain score: early death and poor physical and mental health, age and "
            "sex taken into account; mean 0 over England, higher = more deprived",
            worse="high",
            detail=True,
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
        _domain(
            "residents_imd",
            "people",
            "Residents by the Indices of Deprivation",
            "Residents in mid-2022, by which the Indices of Deprivation weight averages of larger areas; missing where "
            "the file came without its population denominators",
            nullable=True,
            detail=True,
        ),
        AREA_NAME,
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
        AREA_NAME,
    ),
    key="lsoa21_code",
)


@reader("deprivation", DEPRIVATION)
def tidy_deprivation(path: Path) -> Noted:
    """IMD score, rank and decile, the scores used as indicators, the seven domain ranks and residents, from File 7.

    Raises:
        RawFileError: a column is missing, a value is not a number, or a code is none or appears twice.
        SchemaError: a value is out of its range.
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
        "education_deprivation": "Education, Skills and Training Score",
        "health_deprivation": "Health Deprivation and Disability Score",
        **{f"{name}_rank": f"{title} {RANK}" for name, title in DOMAINS.items()},
    }
    ordinal = [name for name in columns if name.endswith(("_rank", "_decile"))]
    measures = [name for name in columns if name not in ordinal and name != "lsoa21_code"]
    given = read_given(path, columns, perhaps={AREA_NAME.name: NAME, RESIDENTS: DENOMINATOR, **_OTHERS})
    given = given.only_england().once()
    given = given.with_counts(*ordinal).with_numbers(*measures)
    _refuse_other_columns(given)
    if RESIDENTS in given.titles:
        return given.with_counts(RESIDENTS).tidied(DEPRIVATION)
    absent = pd.Series(None, index=given.frame.index, dtype="float64")
    return replace(given, frame=given.frame.assign(**{RESIDENTS: absent})).tidied(DEPRIVATION)


def _refuse_other_columns(given: Given) -> None:
    """Refuse columns that were exchanged or moved, as other columns of the file show.

    Children and older people in income deprivation are parts of the income score, so that it goes with both more
    closely than the employment score does; and adult skills have a rank of their own.

    Raises:
        RawFileError: the columns, or the LSOAs.
    """
    if len(given.frame) < FEWEST:
        return
    columns = [given.numbers_in(column) for column in ("children", "older") if column in given.titles]
    parts = [column.rank().to_numpy("float64") for column in columns]
    of_domains = (given.frame[f"{name}_deprivation"] for name in ("income", "employment"))
    income, employment = (column.rank().to_numpy("float64") for column in of_domains)
    if len(parts) == 2 and all(correlation(part, income) < correlation(part, employment) for part in parts):
        raise RawFileError(
            f"{given.name}: the columns of income and employment deprivation are exchanged: "
            f"'{given.titles['children']}' and '{given.titles['older']}' go with the second more closely than with the "
            "first. Fetch the file again."
        )
    if "skills_rank" in given.titles:
        skills = "adult_skills_deprivation"
        compared = given.frame[["lsoa21_code", skills]].assign(adult_skills_rank=given.numbers_in("skills_rank"))
        faults = list(order_faults(compared.dropna(), skills, "adult_skills_rank"))
        if faults:
            raise RawFileError(f"{given.name}: {faults[0]}")


@reader("underlying_indicators", UNDERLYING_INDICATORS)
def tidy_underlying_indicators(path: Path) -> Noted:
    """Broadband and transport connectivity from the Barriers sheet of File 8.

    Raises:
        RawFileError: the file or the sheet cannot be read, a column is missing, a value is not a number, or a code is
            none or appears twice.
        SchemaError: a value is out of its range.
    """
    columns = {
        "lsoa21_code": CODE,
        "broadband_deprivation": "Digital Connectivity (Broadband download and upload speeds)",
        "transport_connectivity": "Connectivity Score",
    }
    given = read_given(path, columns, sheet="Barriers Domain", perhaps={AREA_NAME.name: NAME}).only_england().once()
    return given.with_numbers("broadband_deprivation", "transport_connectivity").tidied(UNDERLYING_INDICATORS)
