"""Rows of people or premises, counted by neighbourhood and category."""

from pipeline.tables.columns import LSOA_CODE
from pipeline.tables.table import Family, Table

EVERY_CATEGORY = "All"
"""The category of the total of an LSOA."""
_count = Family("indicators")

COUNTS = Table(
    "counts",
    "Counts of people or premises",
    "One row for each neighbourhood of the area and category, and one for all of its categories. The command count "
    "writes it into data/local/counts; small numbers, and those by which they could be worked out, are left out.",
    (
        _count("entry", "identifier", "Entry", "Neighbourhood and category", pattern=r".+"),
        LSOA_CODE,
        _count("category", "name", "Category", f"As the file has it; {EVERY_CATEGORY}: the total of the neighbourhood"),
        _count(
            "counted",
            "count",
            "Counted",
            "Rows of the files that lie in the neighbourhood; missing where left out to protect people",
            unit="rows",
            nullable=True,
        ),
        _count(
            "left_out",
            "flag",
            "Left out",
            "Whether the number is left out: it is small (1 to below smallest_shown of declared/counts.toml), or one "
            "that is small would follow from it",
        ),
    ),
    key="entry",
)
