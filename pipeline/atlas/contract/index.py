"""The index, with every default filled in."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from pipeline.atlas.contract.base import Carried
from pipeline.catalogue import indices

Normalisation = TypeAliasType("Normalisation", indices.Normalisation)
Aggregation = TypeAliasType("Aggregation", indices.Aggregation)


class Indicator(Carried):
    """One column that a component is made from."""

    column: str
    """A column of the table."""
    direction: Literal[1, -1]
    """1: a higher value means more risk; -1: less."""
    weight: float
    """Within its component."""
    why: str
    """What it represents."""
    normalisation: Normalisation
    """How its values become comparable; the default of the index where the indicator declares none."""
    against_meaning: str | None
    """Why it counts the other way round than its column's meaning asks for; null where it does not."""


class Component(Carried):
    """A named group of indicators, aggregated before the components are."""

    name: str
    """Short name, as columns have it."""
    title: str
    """As readers see it."""
    weight: float
    """Within the index."""
    why: str
    """Why it belongs to digital exclusion."""
    column: str
    """The column of the table with the component's score, 0 to 100."""
    aggregation: Aggregation
    """How its indicators become one score; the default of the index where the component declares none."""
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]
    """What it is made from."""


class AbsentIndicator(Carried):
    """An indicator that the method calls for and the open data lack."""

    title: str
    """As readers see it."""
    component: str
    """The component it belongs to."""
    weight: float
    """The weight it would have."""
    why: str
    """Why it is absent."""


class IndexInfo(Carried):
    """A composite index as its file in ``declared/indices`` has it, with every default filled in."""

    id: str
    """The name of its file."""
    title: str
    """As readers see it."""
    description: str
    """What it measures."""
    source: str
    """The method it follows, and who published it."""
    normalisation: Normalisation
    """How indicators become comparable, unless they say otherwise."""
    scale: float
    """The top of normalised values: 10 or 100."""
    within_components: Aggregation
    """How indicators become a component's score, unless the component says otherwise."""
    aggregation: Aggregation
    """How components become the score."""
    missing: Literal["error", "reweight", "impute"]
    """What happens to missing values."""
    impute_by: str | None
    """The column whose classes give the medians that gaps are filled with."""
    ties: Literal["min", "average", "code"]
    """The rank of equal scores."""
    absent: tuple[AbsentIndicator, ...]
    """Indicators that the method calls for and the open data lack."""
    fitted_to: str | None
    """The source of the outcome that the weights were fitted to."""
    chance_of: str | None
    """What ``chance_worst_tenth`` is the chance of: the outcome, in words; null where that was not worked out."""
    components: Annotated[tuple[Component, ...], Field(min_length=1)]
    """What it is made from."""
