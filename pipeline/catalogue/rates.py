"""Published rates by age from which people at risk are estimated, and what usually helps for each driver."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pipeline.catalogue.reading import Address, Declared, Name, Text, parse, read_toml

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Figure(Declared):
    """A published figure, ``value`` as a share from 0 to 1, and its source; ``year`` is the period it describes."""

    value: Share
    measure: Text
    source: Text
    year: int = Field(ge=2010, le=2100)
    page: Address
    accessed_as: Text
    note: str = ""


class Band(Declared):
    """An age band: residents in ``column``, or all residents less those of the other bands where it is absent.

    ``low`` and ``high`` are two published rates of different meaning, not the ends of a confidence interval.
    ``adults`` is the share of the band's residents that the rates apply to.
    """

    id: Name
    title: Text
    column: Name | None = None
    low: Figure
    high: Figure
    adults: Figure | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Band":
        if self.low.value > self.high.value:
            raise ValueError(f"low ({self.low.value:g}) is above high ({self.high.value:g})")
        return self


class Scaling(Declared):
    """Deprivation makes people more likely to be offline than their age alone suggests.

    A rate is multiplied by (the area's ``column`` / the nation's mean) to the power ``elasticity``, then all rates by
    one factor so that the nation's total stays as published. An ``elasticity`` of 0 leaves the rates alone.
    """

    column: Name
    elasticity: float = Field(ge=0, le=2, allow_inf_nan=False)
    why: Text


class Rates(Declared):
    """What ``rates.toml`` declares; ``people_at_risk`` lies ``middle`` of the way from low to high.

    ``low_means`` and ``high_means`` say in words what the people counted do or lack.
    """

    title: Text
    low_means: Text = "do not use the internet"
    high_means: Text = "lack essential digital skills"
    middle: Share = 0.5
    total: Name = "population_total"
    scaling: Scaling | None = None
    bands: tuple[Band, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_rest(self) -> "Rates":
        if sum(band.column is None for band in self.bands) > 1:
            raise ValueError("only one band may be the remainder (without column)")
        names = [band.id for band in self.bands]
        columns = [band.column for band in self.bands if band.column]
        if len(set(names)) < len(names) or len(set(columns)) < len(columns):
            raise ValueError("each band and column may appear only once")
        return self


class Help(Declared):
    """One thing that usually helps, who says so, and where."""

    what: Text
    source: Text
    page: Address


class Driver(Declared):
    """What a component of an index means when it drives an area's risk.

    ``side`` is ``infrastructure`` for what cables and distance explain, ``people`` for what skills, money and health
    explain. ``sentence`` completes "Risk here is above the country's most of all because ...".
    """

    component: Name
    side: Literal["infrastructure", "people"]
    sentence: Text
    helps: tuple[Help, ...] = Field(min_length=1)


class Helps(Declared):
    """What ``help.toml`` declares.

    An area points to infrastructure or to people where one side exceeds the nation's mean by more than ``both_within``
    points beyond the other, else to both.
    """

    both_within: float = Field(default=10.0, ge=0, le=100, allow_inf_nan=False)
    drivers: tuple[Driver, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> "Helps":
        names = [driver.component for driver in self.drivers]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"declared twice: {', '.join(twice)}")
        return self

    def of(self, component: str) -> Driver | None:
        """What is declared for a component, if anything."""
        return next((driver for driver in self.drivers if driver.component == component), None)


def read_rates(path: Path) -> Rates:
    """What ``path`` declares.

    Raises:
        DeclarationError: a fault in the file.
    """
    return parse(Rates, read_toml(path), path, "")


def read_helps(path: Path) -> Helps:
    """What ``path`` declares.

    Raises:
        DeclarationError: a fault in the file.
    """
    return parse(Helps, read_toml(path), path, "")
