"""What was done, where and when: programmes whose areas are compared with similar ones where nothing was done."""

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from pipeline.catalogue.reading import Declared, Name, Slug, Text, named, parse, read_toml, tables_of

LsoaCode = Annotated[str, StringConstraints(pattern=r"^E01\d{6}$")]


class Action(Declared):
    """Something that was done in some LSOAs.

    Attributes:
        title: a few words. ``programme``: what it belongs to, such as a grant or a contract.
        areas: LSOA 2021 codes. ``start``: the day on which it began.
        people_reached: people helped so far, counted. ``cost``: pounds so far. ``note``: what to keep in mind.
        measure: a column of ``risk.parquet`` that shows what it was to change, such as an indicator of yours; without
            it, the place in the order of risk is compared.
    """

    id: Slug
    title: Text
    programme: Text | None = None
    areas: tuple[LsoaCode, ...] = Field(min_length=1)
    start: date
    people_reached: int = Field(ge=0, le=10_000_000)
    cost: float | None = Field(default=None, ge=0, le=1e9, allow_inf_nan=False)
    note: Text | None = None
    measure: Name | None = None

    @model_validator(mode="after")
    def _each_area_once(self) -> "Action":
        twice = sorted({code for code in self.areas if self.areas.count(code) > 1})
        if twice:
            raise ValueError(f"areas: named twice: {', '.join(twice)}")
        return self


def read_actions(path: Path) -> tuple[Action, ...]:
    """The declared actions in the order of the file; none where there is no such file.

    Raises:
        DeclarationError: a fault in the file.
    """
    if not path.exists():
        return ()
    tables = tables_of(read_toml(path), path)
    return tuple(parse(Action, named("id", name, values, path), path, name) for name, values in tables.items())
