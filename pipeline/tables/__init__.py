"""Every table's columns: what they hold, where they belong and come from, unit, limits and meaning.

Validation, the data dictionary, the data package, the fields of parquet files and the page's columns come from here.
Nothing is inferred from a column's name or from a sentence about it.
"""

from pipeline.tables.classes import DOMAINS, RUC21_CODES, RUC21_NAMES
from pipeline.tables.columns import GEOMETRY, LSOA11, LSOA21
from pipeline.tables.describing import describe, described_columns, dictionary, field_metadata, plain_columns
from pipeline.tables.estimates import round_people, say_people
from pipeline.tables.joined import FURTHER, LEADING, joined_table, with_boundaries
from pipeline.tables.membership import is_among
from pipeline.tables.place_names import ENDING, PLACE_COLUMNS, PLACE_NAME, shared_names
from pipeline.tables.programmes import BUDGETS, MEMBER_OF, PLAN, PROGRAMME_AREAS, PROGRAMMES, STANDING
from pipeline.tables.quantities import GROUPS, QUANTITIES, Group, Nature, Quantity, Storage
from pipeline.tables.risk import (
    AGREEMENT,
    DERIVED,
    EVIDENCE,
    HOTSPOT,
    HOTSPOT_CATEGORIES,
    KIND,
    KIND_INDICATORS,
    KIND_TITLES,
    PRIORITIES,
    UNCERTAINTY,
    kind_columns,
    risk_table,
    score_columns,
)
from pipeline.tables.summary import SUMMARY
from pipeline.tables.support import (
    BEYOND_COLUMNS,
    COVERAGE,
    JOURNEYS,
    MEASURES,
    NEAREST,
    ORIGINS,
    SIDES,
    SITES,
    STORIES,
    SUPPORT_COLUMNS,
    SUPPORT_PLACES,
    capacity_columns,
    contribution_columns,
    driver_columns,
    nearest_columns,
)
from pipeline.tables.table import Column, Family, Table, validate

TABLES = (
    EVIDENCE,
    AGREEMENT,
    ORIGINS,
    SUPPORT_PLACES,
    JOURNEYS,
    NEAREST,
    PRIORITIES,
    SITES,
    COVERAGE,
    PROGRAMMES,
    PROGRAMME_AREAS,
    BUDGETS,
    PLAN,
    SUMMARY,
    STORIES,
)

__all__ = [
    "AGREEMENT",
    "BEYOND_COLUMNS",
    "BUDGETS",
    "COVERAGE",
    "DERIVED",
    "DOMAINS",
    "ENDING",
    "EVIDENCE",
    "FURTHER",
    "GEOMETRY",
    "GROUPS",
    "HOTSPOT",
    "HOTSPOT_CATEGORIES",
    "JOURNEYS",
    "KIND",
    "KIND_INDICATORS",
    "KIND_TITLES",
    "LEADING",
    "LSOA11",
    "LSOA21",
    "MEASURES",
    "MEMBER_OF",
    "NEAREST",
    "ORIGINS",
    "PLACE_COLUMNS",
    "PLACE_NAME",
    "PLAN",
    "PRIORITIES",
    "PROGRAMMES",
    "PROGRAMME_AREAS",
    "QUANTITIES",
    "RUC21_CODES",
    "RUC21_NAMES",
    "SIDES",
    "SITES",
    "STANDING",
    "STORIES",
    "SUMMARY",
    "SUPPORT_COLUMNS",
    "SUPPORT_PLACES",
    "TABLES",
    "UNCERTAINTY",
    "Column",
    "Family",
    "Group",
    "Nature",
    "Quantity",
    "Storage",
    "Table",
    "capacity_columns",
    "contribution_columns",
    "describe",
    "described_columns",
    "dictionary",
    "driver_columns",
    "field_metadata",
    "is_among",
    "joined_table",
    "kind_columns",
    "nearest_columns",
    "plain_columns",
    "risk_table",
    "round_people",
    "say_people",
    "score_columns",
    "shared_names",
    "validate",
    "with_boundaries",
]
