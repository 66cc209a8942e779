"""Support places, people at risk, sites, stories, and what helps."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from pipeline.atlas.contract.base import Carried, Count
from pipeline.atlas.contract.packed import PackedTable

Unit = TypeAliasType("Unit", Literal["metres", "minutes"])


class PlaceKind(Carried):
    """A kind of support place, as ``declared/places.toml`` has it."""

    id: str
    """As it appears in the names of columns."""
    title: str
    """In the singular: "public library"."""
    plural: str
    """In the plural: "Public libraries"."""
    origin: str
    """Who published the list."""
    why: str
    """What such a place offers."""
    counts: bool
    """Whether it adds to capacity."""
    offers_now: bool
    """False: it could offer help with going online, but as a rule does not."""
    mobile: bool
    """Shown at its base, never counted: it stops elsewhere."""


class SupportInfo(Carried):
    """Places that offer or could offer help, and the nearest of each kind to every area."""

    unit: Unit
    """The unit of distance: metres in a straight line, or minutes by an analyst's journeys."""
    listed: Count
    """How many places of each kind are listed for an area."""
    kinds: tuple[PlaceKind, ...]
    """In the order of their file."""
    places: PackedTable
    """A row for each place: ``name``, ``kind`` (an id of ``kinds``), ``offers`` (separated by "; "), ``opening``,
    ``postcode``, ``lon``, ``lat``."""
    nearest: PackedTable
    """A row for each area and, for each kind and each number ``n`` from 1 to ``listed``, ``<kind>_<n>`` (a row of
    ``places``) and ``<kind>_<n>_cost`` (in ``unit``); no value where there are fewer. A page of many areas lists one of
    each kind, whose distance is in the page's table (``nearest_<kind>_<unit>``)."""


class ExclusionInfo(Carried):
    """High risk and low capacity as one score: r^w × (100 − capacity)^(1 − w), or w × r + (1 − w) × (100 − capacity).

    r is the percentile of the risk score among the map's areas, 100 × (N + 1 − rank) / N, equal scores sharing the mean
    of their ranks; w is ``risk_weight``.
    """

    formula: Literal["geometric", "arithmetic"]
    """The first needs both to be high, the second either."""
    risk_weight: float
    """The share of the weight that risk has."""


class ListInfo(Carried):
    """The bounds of the list of where to act, as ``[where_to_act]`` of ``declared/places.toml`` has them.

    With other weights the page lists the areas whose risk rank is at most ``risk_share`` × N and whose support is
    little (``little_support``), the largest people at risk × ``lack_of_support`` first.
    """

    by_support: bool
    """False where the page knows of no support places: the list then asks for high risk alone."""
    risk_share: float
    """High is the risk of this share of the areas, 0 to 1."""
    support_share: float
    """Little is the support of this share of the areas, those with the least within reach."""
    near: float
    """In ``unit``: support is never little where help is nearer."""
    far: float
    """In ``unit``: support is little where help is farther."""
    unit: Unit
    """Of ``near`` and ``far``."""
    least_probability: float
    """Areas that meet the bounds in a smaller share of plausible choices are left off."""
    unsure: Count
    """How many were."""


class HelpingThing(Carried):
    """One measure that usually helps."""

    what: str
    """In a sentence."""
    source: str
    """Who says so."""
    page: str
    """The web address where they say it."""
    kinds: tuple[str, ...]
    """The ids of the kinds of exclusion that it suits; none where it suits any."""


class KindInfo(Carried):
    """A kind of exclusion."""

    id: str
    """As ``declared/kinds.toml`` names it."""
    title: str
    """As readers see it, and the value of the column ``kind`` where it stands out alone."""
    sentence: str
    """Who lives where it stands out."""
    column: str
    """The column with its score: the percentile over the nation, 0 to 100."""
    helps: tuple[HelpingThing, ...]
    """What usually helps there, whatever drives the risk."""


class KindsInfo(Carried):
    """The two kinds of exclusion, and when one is said to stand out."""

    stands_out_above: float
    """A kind stands out where its score is above this."""
    why: str
    """Why there."""
    kinds: tuple[KindInfo, KindInfo]
    """In the order of ``declared/kinds.toml``."""


class HelpInfo(Carried):
    """What usually helps where a component drives the risk."""

    component: str
    """The name of the component."""
    side: Literal["infrastructure", "people"]
    """Whether it reflects cables and distance, or skills, money and health."""
    sentence: str
    """Completes "Risk here is above the average most of all because ..."."""
    helps: Annotated[tuple[HelpingThing, ...], Field(min_length=1)]
    """Each with who says so."""


class PeopleMeasure(Carried):
    """One of the two measures of being shut out."""

    column: str
    """The column with its estimate; with "_low" and "_high" added, the 95% interval."""
    title: str
    """Its name: "Not online"."""
    means: str
    """What the people counted do or lack: "have no internet at home"."""
    adults_from: int
    """The youngest age that counts as adult."""
    share: float
    """The published total that its estimates add up to, as a share of the nation's adults, 0 to 1."""
    year: int
    """The year of that total."""
    source: str
    """Who published that total."""


class PeopleSource(Carried):
    """A published figure that the estimate is made from."""

    measure: str
    """What was measured, and among whom."""
    source: str
    """Who published it."""
    year: int
    """The year or period it describes."""
    page: str
    """The web address where it is published."""
    value: float
    """The share of those people, 0 to 1."""


class PeopleInfo(Carried):
    """What the estimate of people at risk is made of."""

    title: str
    """What is estimated."""
    low: str
    """What people counted in the low figure do or lack: "do not use the internet"."""
    high: str
    """What people counted in the high figure do or lack."""
    part: float
    """The share of those who are online without skills that counts among the people at risk, 0 to 1."""
    scaled: bool
    """Whether the rates were shaped by the risk score."""
    measures: tuple[PeopleMeasure, ...]
    """The low one, then the high one."""
    sources: tuple[PeopleSource, ...]
    """The rates and totals."""


class Site(Carried):
    """A proposed site."""

    order: int
    """Counted from 1; the one that brings most people within reach first."""
    name: str
    """The name of the candidate."""
    lon: float
    """In degrees, to the nearest metre."""
    lat: float
    """In degrees, to the nearest metre."""
    newly_covered: float
    """People at risk that it brings within reach, beyond the sites before it."""
    covered_alone: float
    """The same if it were the only new site."""
    covered_together: float
    """The same for it and the sites before it together."""


class CurvePoint(Carried):
    """The best plan with a given number of sites."""

    sites: Count
    """How many sites."""
    covered: float
    """People at risk newly within reach."""


class SitesInfo(Carried):
    """Sites proposed for new places."""

    model: Literal["maximal covering", "p-median"]
    """Chosen for the people they bring within reach, or for the travel they save."""
    reach: float
    """How far a place serves, in ``unit``."""
    unit: Unit
    """Of ``reach``."""
    counted_in: tuple[str, ...]
    """Titles, in the plural, of the kinds of existing places that were counted."""
    candidates: str
    """What the sites were chosen from, in words."""
    gap: float
    """How much better the best possible plan could be, as a share; 0: none is better."""
    people: float
    """People at risk in the area."""
    already: float
    """Those within reach of existing places."""
    way_saved: float | None
    """Of a p-median: kilometres or minutes saved by all sites together, times people."""
    sites: tuple[Site, ...]
    """In order."""
    curve: tuple[CurvePoint, ...]
    """From no site to all of them."""


class Story(Carried):
    """What somebody said, shown with consent."""

    place: str
    """Where, in words."""
    quote: str
    """What was said."""
    theme: str
    """What it is about."""
    source: str
    """Who collected it."""
    lon: float
    """Degrees."""
    lat: float
    """Degrees."""
    area: int | None
    """The area it belongs to, as a row of the table; ``null`` for a larger place."""
