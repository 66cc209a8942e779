"""Larger areas that an analyst brings: which file says what belongs to what, and which of them are compared."""

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from pipeline.catalogue.areas import Area
from pipeline.catalogue.indicators import FILE_TYPES, Vintage
from pipeline.catalogue.reading import Declared, FilePath, Name, Slug, Text, named, parse, read_toml, tables_of
from pipeline.errors import DeclarationError

Matching = Literal["one to one", "best fit", "shares", "people"]
"""How LSOAs belong to groups: each to one, each to the one that fits best, in shares, or as counted people."""
PRACTICES = "practices"
"""The table of ``groups.toml`` on GP practices and primary care networks."""
TAKEN = (PRACTICES, "practice", "pcn", "ward", "msoa", "lad", "sicbl", "icb")
"""Names that no group can have: there are larger areas of these names."""


class Compared(Declared):
    """Which units are compared with each other.

    Attributes:
        least_covered: the share of its people who must live in the area for a unit to be ranked, 0 to 1.
        least_people: units with a smaller share are listed without a rank if they have so many people in the area.
    """

    least_covered: float = Field(default=0.5, ge=0, le=1, allow_inf_nan=False)
    least_people: float = Field(default=100, ge=0, allow_inf_nan=False)


class Group(Compared):
    """A grouping of LSOAs from a file: one row for each pair of a unit and an LSOA.

    Attributes:
        file: CSV, workbook or parquet, relative to the project folder; by custom in ``data/local/``.
        sheet: of a workbook, where it has several. ``decimal``: what separates the decimals of its numbers.
        unit_column: the header of the unit's code or name. ``name_column``: of its name, where that is another column.
        code_column: the header of the LSOA codes. ``vintage``: the year of the codes.
        matching: how LSOAs belong to units. ``weight_column``: the header of the share or the people.
        written_as: ``percent``: the file writes shares as 0 to 100.
        source: who drew it up. ``licence``: the terms of use. ``release``: its date or edition.
        areas: the areas it is for; if left out, all real ones.
    """

    id: Name
    title: Text
    file: FilePath
    sheet: Text | None = None
    decimal: Literal[".", ","] = "."
    unit_column: Text
    name_column: Text | None = None
    code_column: Text
    weight_column: Text | None = None
    matching: Matching
    written_as: Literal["share", "percent"] = "share"
    vintage: Vintage = "lsoa21"
    source: Text
    licence: Text
    release: str = ""
    areas: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> "Group":
        if not self.file.lower().endswith(FILE_TYPES):
            raise ValueError(f"file should be one of {', '.join(FILE_TYPES)}")
        weighted = self.matching in ("shares", "people")
        if weighted and self.weight_column is None:
            raise ValueError(f'matching = "{self.matching}" needs weight_column, the header of the numbers')
        if not weighted and self.weight_column is not None:
            raise ValueError('weight_column goes with matching = "shares" or "people"')
        if self.written_as == "percent" and self.matching != "shares":
            raise ValueError('written_as = "percent" goes with matching = "shares"')
        headers = [self.unit_column, self.code_column, *filter(None, (self.name_column, self.weight_column))]
        twice = sorted({header for header in headers if headers.count(header) > 1})
        if twice:
            raise ValueError(f"the column(s) {', '.join(twice)} of the file are named twice")
        return self

    def is_for(self, area: Area) -> bool:
        """Whether it is for ``area``: local files are real, so without ``areas`` they are not for a fictional one."""
        return area.id in self.areas if self.areas else not area.fictional


class Groups(Declared):
    """What ``groups.toml`` declares: how practices and networks are compared, and the groupings from files."""

    practices: Compared = Compared()
    groups: tuple[Group, ...] = ()

    def of(self, area: Area) -> tuple[Group, ...]:
        """The groupings that are for ``area``."""
        return tuple(group for group in self.groups if group.is_for(area))


def read_groups(path: Path) -> Groups:
    """What ``path`` declares; nothing where there is no such file.

    Raises:
        DeclarationError: a fault in the file, or a grouping with the name of an official level.
    """
    if not path.exists():
        return Groups()
    tables = tables_of(read_toml(path), path)
    practices = parse(Compared, tables.pop(PRACTICES, {}), path, PRACTICES)
    taken = [name for name in tables if name in TAKEN]
    if taken:
        raise DeclarationError(
            f"{path}: {', '.join(taken)}: there are larger areas of this name already. Choose another."
        )
    groups = tuple(parse(Group, named("id", name, values, path), path, name) for name, values in tables.items())
    return Groups(practices=practices, groups=groups)
