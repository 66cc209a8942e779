"""Published rates by age from which people at risk are estimated, and what usually helps for each driver."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pipeline.catalogue.kinds import KindId
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
    """One thing that usually helps, who says so, and where.

    ``kinds`` are the kinds of exclusion that it suits; empty where it suits any.
    """

    what: Text
    source: Text
    page: Address
    kinds: tuple[KindId, ...] = ()

    def suits(self, kinds: Collection[str]) -> bool:
        """Whether it is meant for one of these kinds above all."""
        return bool(set(self.kinds) & set(kinds))


class Driver(Declared):
    """What a component of an index means when it drives an area's risk.

    ``side`` is ``infrastructure`` for what cables and distance explain, ``people`` for what skills, money and health
    explain. ``sentence`` completes "Risk here is above the country's most of all because ...".
    """

    component: Name
    side: Literal["infrastructure", "people"]
    sentence: Text
    helps: tuple[Help, ...] = Field(min_length=1)


class KindHelp(Declared):
    """What usually helps where a kind of exclusion stands out, whatever drives the risk."""

    kind: KindId
    helps: tuple[Help, ...] = Field(min_length=1)


Points = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class Similar(Declared):
    """What counts as a similar place, and how much more than there is worth a word.

    ``neighbours`` is how many places of the same rural-urban class are compared with, the nearest by the shares of
    residents aged 65 to 74 and 75 and over. Less than ``least_points`` beyond their mean is not said.
    """

    neighbours: int = Field(default=100, ge=5, le=1000)
    least_points: Points = 1.0


class Helps(Declared):
    """What ``help.toml`` declares.

    Infrastructure, or people, is named where its components add at least ``named_from`` points to the score against the
    nation's mean; both are where the smaller of the two adds at least ``both_from`` of what the larger does.
    """

    named_from: Points = 2.0
    both_from: Share = 0.5
    similar: Similar = Similar()
    drivers: tuple[Driver, ...] = Field(min_length=1)
    kinds: tuple[KindHelp, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> "Helps":
        components, kinds = [driver.component for driver in self.drivers], [str(entry.kind) for entry in self.kinds]
        for names in (components, kinds):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"declared twice: {', '.join(twice)}")
        return self

    def of(self, component: str) -> Driver | None:
        """What is declared for a component, if anything."""
        return next((driver for driver in self.drivers if driver.component == component), None)

    def suggest(self, component: str | None, kinds: Sequence[str]) -> Help | None:
        """The one thing to suggest where ``component`` and these ``kinds`` of exclusion stand out, if any is declared.

        The first that is declared for the component and suits one of the kinds; else the first for the component that
        suits any kind; else the first for the kinds; else the first for the component.
        """
        driver = None if component is None else self.of(component)
        declared = () if driver is None else driver.helps
        of_kinds = [entry.helps[0] for kind in kinds for entry in self.kinds if entry.kind == kind]
        fitting = [one for one in declared if one.suits(kinds)] + [one for one in declared if not one.kinds]
        return next(iter([*fitting, *of_kinds, *declared]), None)


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
