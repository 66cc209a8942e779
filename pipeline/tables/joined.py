"""All tables of LSOAs joined: their columns in the order of the output contract."""

from collections.abc import Iterable
from dataclasses import replace

from pipeline.errors import SchemaError
from pipeline.tables.columns import GEOMETRY
from pipeline.tables.table import Column, Table

LEADING = (
    "lsoa21_code",
    "lsoa21_name",
    "lad_code",
    "lad_name",
    "ward_code",
    "ward_name",
    "sicbl_code",
    "sicbl_name",
    "icb_code",
    "icb_name",
    "ruc21_code",
    "ruc21_name",
    "population_total",
    "population_65_to_74",
    "population_75_plus",
    "share_65_to_74",
    "share_75_plus",
    "share_disabled",
    "imd_score",
    "imd_rank",
    "imd_decile",
    "income_deprivation",
    "adult_skills_deprivation",
    "broadband_deprivation",
    "rurality",
)
"""The columns of the output contract that come from the sources, in its order."""


FURTHER = (
    "residents_2021",
    "share_owned_outright",
    "share_social_rented",
    "share_private_rented",
    "households",
    "share_households_deprived",
    "employment_deprivation",
    "income_rank",
    "employment_rank",
    "education_rank",
    "health_rank",
    "crime_rank",
    "barriers_rank",
    "living_environment_rank",
    "transport_connectivity",
    "residents_per_household",
    "education_deprivation",
    "health_deprivation",
    "share_households_two_dimensions",
    "share_owned_or_social",
    "population_16_plus",
    "population_18_plus",
    "share_75_plus_msoa",
    "place_name",
    "former_district",
    "msoa21_code",
    "residents_imd",
)
"""Those that were added later, in the order in which files have them; new ones come last."""


def joined_table(tables: Iterable[Table], extra: Iterable[Column] = ()) -> Table:
    """All columns of ``tables`` and of ``extra`` on their LSOAs: those of the output contract first, in its order.

    Args:
        tables: tables of LSOAs.
        extra: more columns of LSOAs: those worked out when tables are joined, and indicators that an analyst adds.

    Raises:
        SchemaError: two tables, or a table and ``extra``, have different columns of one name.
    """
    columns: dict[str, Column] = {}
    for column in (*(column for table in tables for column in table.joined_columns), *extra):
        if columns.setdefault(column.name, column) != column:
            raise SchemaError(f"Two sources have a column '{column.name}' and mean different things by it. Rename one.")
    published = [name for name in (*LEADING, *FURTHER) if name in columns]
    return Table(
        "joined",
        "Every source on its LSOAs",
        "One row per LSOA with the columns of all sources, before scoring.",
        tuple(columns[name] for name in dict.fromkeys([*published, *columns])),
        key="lsoa21_code",
    )


def with_boundaries(table: Table) -> Table:
    """``table`` of LSOAs with their boundaries as its last column."""
    return replace(table, columns=(*table.columns, GEOMETRY))
