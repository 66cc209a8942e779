"""Columns that many tables have, and the ways to write down new ones."""

from pipeline.tables.table import Column

LSOA21 = r"[EW]01\d{6}"
LSOA11 = r"[EW]01\d{6}"


def code_column(name: str, title: str, pattern: str, description: str = "") -> Column:
    """A code: ``pattern`` is the whole of it."""
    return Column(name, "string", title, description or f"{title}, ONS nine-character code", pattern=pattern)


def name_column(name: str, title: str, description: str = "") -> Column:
    """A name, as its source has it."""
    return Column(name, "string", title, description or f"{title}, as published")


def count_column(name: str, title: str, description: str) -> Column:
    """A number of people."""
    return Column(name, "integer", title, description, unit="people", minimum=0)


def share_column(name: str, title: str, description: str) -> Column:
    """A share, 0 to 1."""
    return Column(name, "number", title, description, unit="share, 0 to 1", minimum=0, maximum=1)


def deprivation_rank(name: str, title: str, description: str) -> Column:
    """A published rank."""
    return Column(name, "integer", title, description, unit="rank, 1 = most deprived", minimum=1)


LSOA_CODE = code_column("lsoa21_code", "LSOA code", LSOA21, "Lower layer Super Output Area 2021, ONS code")
LSOA_NAME = name_column("lsoa21_name", "LSOA name", "Lower layer Super Output Area 2021, ONS name")
GEOMETRY = Column("geometry", "geometry", "Boundary", "Polygon or multipolygon, EPSG:4326 (longitude, latitude)")
