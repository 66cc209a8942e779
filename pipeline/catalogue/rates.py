"""Published rates and totals from which people at risk are estimated, and what usually helps for each driver."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pipeline.catalogue.kinds import KindId
from pipeline.catalogue.reading import Address, Declared, Name, Text, parse, read_toml

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Rate = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]


class Cited(Declared):
    """What was measured, who published it, and for when; ``year`` is the period that it describes."""

    measure: Text
    source: Text
    year: int = Field(ge=2010, le=2100)
    page: Address
    accessed_as: Text
    note: str = ""


class Figure(Cited):
    """A published figure, ``value`` as a share between 0 and 1, and its source."""

    value: Rate


class Total(Cited):
    """A published figure that estimates add up to: of all adults of the nation, or of those of some ``bands``.

    ``low`` and ``high`` are its 95% interval, as published or as reckoned from the size of the survey.
    """

    value: Rate
    low: Rate
    high: Rate
    bands: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> "Total":
        if not self.low <= self.value <= self.high:
            raise ValueError(f"value ({self.value:g}) is not between low ({self.low:g}) and high ({self.high:g})")
        return self


class Band(Declared):
    """An age band: residents in ``column``, or all residents less those of the other bands where it is absent.

    ``disabled`` is the share of its adults who are disabled, in the nation. ``children`` is that of the children who
    are in the band as well.
    """

    id: Name
    title: Text
    column: Name | None = None
    disabled: Figure
    children: Figure | None = None

    @model_validator(mode="after")
    def _children_in_the_rest(self) -> "Band":
        if (self.column is None) != (self.children is not None):
            raise ValueError("the band without column, and only that one, needs children: it holds them as well")
        return self


class BandRate(Declared):
    """The rate of an age band: of ``all`` its adults, or apart for those who are ``disabled`` and ``not_disabled``."""

    band: Name
    all: Figure | None = None
    disabled: Figure | None = None
    not_disabled: Figure | None = None

    @model_validator(mode="after")
    def _one_or_two(self) -> "BandRate":
        apart = self.disabled is not None and self.not_disabled is not None
        if (self.all is None) != apart or (self.disabled is None) != (self.not_disabled is None):
            raise ValueError("give either all, or both disabled and not_disabled")
        return self

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Those that are given."""
        return tuple(figure for figure in (self.all, self.disabled, self.not_disabled) if figure is not None)


class Adults(Declared):
    """Who is an adult: residents in ``column`` where the nation's data have it, else ``share`` of the band without one.

    ``from_age`` is the youngest age that counts.
    """

    from_age: int = Field(ge=10, le=30)
    column: Name
    share: Figure


class Measure(Declared):
    """One way to be excluded, as a survey measures it: who are counted, how often by age, and how many in all.

    ``means`` completes "people who ...". ``surveyed`` are the totals of the year in which a survey has figures of
    areas as well: by them the estimates are compared with that survey.
    """

    title: Text
    means: Text
    adults: Adults
    rates: tuple[BandRate, ...] = Field(min_length=1)
    totals: tuple[Total, ...] = Field(min_length=1)
    surveyed: tuple[Total, ...] = ()

    @model_validator(mode="after")
    def _totals_apart(self) -> "Measure":
        for totals in filter(None, (self.totals, self.surveyed)):
            groups = [frozenset(total.bands) for total in totals]
            if groups.count(frozenset()) != 1:
                raise ValueError("expected one total of all adults (without bands)")
            by_age = [group for group in groups if group]
            if any(a & b for at, a in enumerate(by_age) for b in by_age[:at]):
                raise ValueError("two totals share an age band: give each band in one of them")
        return self

    @property
    def overall(self) -> Total:
        """The total of all adults."""
        return next(total for total in self.totals if not total.bands)


class Measures(Declared):
    """Those that are estimated; both have columns in ``risk.parquet``."""

    not_online: Measure
    without_skills: Measure

    @property
    def named(self) -> tuple[tuple[str, Measure], ...]:
        """Each with its name."""
        return (("not_online", self.not_online), ("without_skills", self.without_skills))


class Shape(Declared):
    """Places differ by more than ages and disability: the odds of every adult are multiplied by exp(strength × excess).

    The excess is the area's risk score less what its ages and disability alone would give, both in standard deviations
    over the adults of the nation. A ``strength`` of 0 leaves the rates as they are.
    """

    strength: float = Field(ge=0, le=3, allow_inf_nan=False)
    why: Text


class Spread(Declared):
    """How far estimates are from the truth, as standard deviations of their logarithm.

    ``neighbourhoods`` of an LSOA, ``places`` of a sum over as many LSOAs as ``lsoas_of_place``.
    """

    neighbourhoods: float = Field(ge=0, le=2, allow_inf_nan=False)
    places: float = Field(ge=0, le=2, allow_inf_nan=False)
    lsoas_of_place: int = Field(ge=1, le=10_000)
    why: Text

    @model_validator(mode="after")
    def _in_order(self) -> "Spread":
        if self.places > self.neighbourhoods:
            raise ValueError(f"places ({self.places:g}) is above neighbourhoods ({self.neighbourhoods:g})")
        return self

    def over(self, lsoas: float) -> float:
        """The spread of a sum over so many LSOAs, which may be parts of some.

        Errors of places are alike within one and independent between them; what an LSOA has beyond that is its own.
        """
        apart = self.neighbourhoods**2 - self.places**2
        return float((self.places**2 / max(lsoas / self.lsoas_of_place, 1) + apart / max(lsoas, 1)) ** 0.5)


class Rates(Declared):
    """What ``rates.toml`` declares.

    ``people_at_risk`` counts those who are not online in full, and ``part`` of those who are online without skills.
    ``disabled`` is the column with the share of an area's residents who are disabled.
    """

    title: Text
    part: Share = 0.5
    total: Name = "population_total"
    disabled: Name = "share_disabled"
    shape: Shape
    spread: Spread
    bands: tuple[Band, ...] = Field(min_length=1)
    measures: Measures

    @model_validator(mode="after")
    def _bands_agree(self) -> "Rates":
        if sum(band.column is None for band in self.bands) != 1:
            raise ValueError("expected one band without column: the residents who are in no other")
        names = [band.id for band in self.bands]
        columns = [band.column for band in self.bands if band.column]
        if len(set(names)) < len(names) or len(set(columns)) < len(columns):
            raise ValueError("each band and column may appear only once")
        for name, measure in self.measures.named:
            rated = [rate.band for rate in measure.rates]
            if sorted(rated) != sorted(names):
                raise ValueError(f"measures.{name}: expected one rate for each of the bands {', '.join(names)}")
            unknown = {band for total in (*measure.totals, *measure.surveyed) for band in total.bands} - set(names)
            if unknown:
                raise ValueError(f"measures.{name}: no such band: {', '.join(sorted(unknown))}")
        return self

    @property
    def figures(self) -> tuple[Figure | Total, ...]:
        """Every published figure that estimates are made of, each once."""
        figures: list[Figure | Total] = []
        for _, measure in self.measures.named:
            figures += [*measure.totals, *(figure for rate in measure.rates for figure in rate.figures)]
            figures.append(measure.adults.share)
        for band in self.bands:
            figures += [figure for figure in (band.disabled, band.children) if figure is not None]
        return tuple(figures)


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
