"""Assumed prices of what a programme is made of, each with its source, from which outline costs are worked out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pipeline.catalogue.reading import Address, Declared, Name, Text, parse, read_toml

NO_SOURCE = "assumption, no source"
"""What the source of a price says where none was read."""
MOST_POUNDS = 1e9
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Pounds = Annotated[float, Field(ge=0, le=MOST_POUNDS, allow_inf_nan=False)]
Level = Literal["low", "central", "high"]
LEVELS: tuple[Level, ...] = ("low", "central", "high")


class Price(Declared):
    """Pounds of a ``year``, who says so and where; a price without a page has the source :data:`NO_SOURCE`."""

    value: Pounds
    year: int = Field(ge=2000, le=2100)
    source: Text
    page: Address | None = None

    @model_validator(mode="after")
    def _with_a_page(self) -> "Price":
        if self.page is None and self.source != NO_SOURCE:
            raise ValueError(f'give the page that says so, or source = "{NO_SOURCE}"')
        return self


class CostItem(Declared):
    """One thing that a programme pays for: once for each ``programme``, or for each ``person`` whom it helps.

    ``share`` of the people helped need it, or those of ``share_by_kind`` for a kind of exclusion.
    """

    id: Name
    what: Text
    per: Literal["programme", "person"]
    share: Share = 1.0
    share_by_kind: Mapping[str, Share] = Field(default_factory=dict)
    low: Price
    central: Price
    high: Price
    note: str = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> "CostItem":
        if not self.low.value <= self.central.value <= self.high.value:
            raise ValueError(
                f"low ({self.low.value:g}), central ({self.central.value:g}) and high ({self.high.value:g}) must rise"
            )
        if self.per == "programme" and (self.share != 1.0 or self.share_by_kind):
            raise ValueError('share and share_by_kind go with per = "person"')
        return self

    def share_for(self, kind: str | None) -> float:
        """The share of the people helped who need it in a programme of a kind."""
        return self.share_by_kind.get(kind or "", self.share)

    def price(self, level: Level) -> float:
        """Pounds for each programme or person."""
        return {"low": self.low, "central": self.central, "high": self.high}[level].value


class Costs(Declared):
    """What ``costs.toml`` declares.

    ``helped_share`` of the people at risk of its neighbourhoods are helped by a programme in a year; ``budgets`` are
    the sums, in pounds, for which the page shows how many people programmes reach.
    """

    title: Text
    helped_share: float = Field(gt=0, le=1, allow_inf_nan=False)
    budgets: tuple[Annotated[float, Field(gt=0, le=MOST_POUNDS, allow_inf_nan=False)], ...] = Field(
        min_length=1, max_length=20
    )
    items: tuple[CostItem, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> "Costs":
        names = [item.id for item in self.items]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"declared twice: {', '.join(twice)}")
        if list(self.budgets) != sorted(set(self.budgets)):
            raise ValueError("budgets must rise, each given once")
        if not sum(item.price("central") for item in self.items) > 0:
            raise ValueError("every item is free: a programme that costs nothing needs no budget")
        return self

    def cost_of(self, people: float, kind: str | None, level: Level = "central") -> float:
        """Pounds that a programme for ``people`` at risk costs in a year, by all prices of one level."""
        helped = people * self.helped_share
        return sum(
            item.price(level) * (1.0 if item.per == "programme" else helped * item.share_for(kind))
            for item in self.items
        )


def read_costs(path: Path) -> Costs:
    """What ``path`` declares.

    Raises:
        DeclarationError: a fault in the file.
    """
    return parse(Costs, read_toml(path), path, "")
