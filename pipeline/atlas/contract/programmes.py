"""Programmes, what budgets reach, and what they may cost."""

from typing import Literal

from pipeline.atlas.contract.base import Carried, Count


class Programme(Carried):
    """Neighbourhoods on the list that touch and are of one kind."""

    order: int
    """Counted from 1; the largest unmet need first."""
    name: str
    """After its places and the nearest town."""
    kind: str | None
    """The kind of exclusion; ``null`` where kinds are not told apart."""
    people: float
    """People at risk in its neighbourhoods; with decimals, as programmes are chosen by it."""
    helped: float
    """People whom it works with in a year."""
    areas: tuple[int, ...]
    """Its neighbourhoods, as rows of the table."""
    main_driver: str | None
    """What drives the risk of most of its people: the title of a component."""
    host: str | None
    """The nearest support place."""
    host_kind: str | None
    """What kind of place that is."""
    host_metres: float | None
    """From the mean point of its people, in a straight line."""
    what_helps: str | None
    """What usually helps with the main driver."""
    help_source: str | None
    """Who says so."""
    cost_low: float
    """Pounds in a year, all prices low."""
    cost: float
    """Central prices; with pence, as programmes are chosen by it."""
    cost_high: float
    """All prices high."""


class TooSmall(Carried):
    """An area on the list that is too small for a programme alone."""

    area: int
    """As a row of the table."""
    nearest: int | None
    """The ``order`` of the nearest programme; ``null`` where there is none."""
    metres: float | None
    """To the mean point of its people."""


class BudgetPoint(Carried):
    """The best choice of programmes, and sites, for a sum."""

    budget: float
    """Pounds in a year."""
    chosen: Count
    """How many."""
    people: float
    """People at risk whom they reach."""
    cost_low: float
    """Pounds in a year, all prices low."""
    cost: float
    """Central prices."""
    cost_high: float
    """All prices high."""


class PriceInfo(Carried):
    """An assumed price and who says so."""

    value: float
    """In pounds."""
    year: int
    """Of the prices."""
    source: str
    """Who says so; "assumption, no source" where nobody does."""
    page: str | None
    """The web address where they say it."""


class CostInfo(Carried):
    """One thing that a programme pays for."""

    what: str
    """In words."""
    per: Literal["programme", "person"]
    """Paid once, or for each person helped who needs it."""
    share: float
    """The share of the people helped who need it, where no kind says otherwise."""
    share_by_kind: dict[str, float]
    """The same by kind of exclusion."""
    low: PriceInfo
    """The lowest price."""
    central: PriceInfo
    """The price that plans are made by."""
    high: PriceInfo
    """The highest price."""
    note: str
    """What else is published; may be empty."""


class PlannedThing(Carried):
    """A programme or site of a plan."""

    sort: Literal["programme", "site"]
    """What it is."""
    name: str
    """As in its table or file."""
    programme: int | None
    """The ``order`` of the programme; ``null`` for a site."""
    people: float
    """People at risk whom it reaches and none before it does."""
    cost_low: float
    """Pounds in a year, all prices low."""
    cost: float
    """Central prices."""
    cost_high: float
    """All prices high."""


class PlanInfo(Carried):
    """What somebody asked for: the best use of a budget."""

    budget: float
    """Pounds in a year."""
    people: float
    """People at risk whom it reaches."""
    cost_low: float
    """Of all together, all prices low."""
    cost: float
    """Central prices."""
    cost_high: float
    """All prices high."""
    gap: float
    """How many more the best possible plan could reach, as a share; 0: none reaches more."""
    candidates: Count
    """How many candidate sites there were to choose from, beside the programmes."""
    chosen: tuple[PlannedThing, ...]
    """The one that reaches most people first."""
    curve: tuple[BudgetPoint, ...]
    """What smaller and larger budgets reach."""


class ProgrammesInfo(Carried):
    """Programmes of the area, and what money reaches."""

    programmes: tuple[Programme, ...]
    """In order."""
    too_small: tuple[TooSmall, ...]
    """Areas on the list that are in none."""
    least_people: float
    """People at risk that a programme has at least,"""
    most_people: float
    """and at most."""
    reach_metres: float
    """How far its neighbourhoods may lie from its centre."""
    helped_share: float
    """The share of the people at risk whom a programme works with in a year: a decision."""
    costs: tuple[CostInfo, ...]
    """What outline costs are made of."""
    curve: tuple[BudgetPoint, ...]
    """What the declared budgets reach."""
    plan: PlanInfo | None
    """``null`` where nobody asked for one."""
