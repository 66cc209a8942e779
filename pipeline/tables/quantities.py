"""The kinds of value that a column can hold, and what follows from each: storage, unit, decimals, percent, sorting."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Storage = Literal["string", "integer", "number", "boolean", "geometry", "box"]
End = Literal["low", "high"]

Quantity = Literal[
    "identifier",
    "code",
    "name",
    "category",
    "list",
    "text",
    "flag",
    "people",
    "estimated people",
    "count",
    "share",
    "score",
    "standardised score",
    "points",
    "rank",
    "tied rank",
    "decile",
    "order",
    "ratio",
    "amount",
    "correlation",
    "pounds",
    "metres",
    "minutes",
    "degrees",
    "geometry",
    "box",
]
Group = Literal[
    "place",
    "rurality",
    "population",
    "households",
    "deprivation",
    "connectivity",
    "indicators",
    "components",
    "score",
    "certainty",
    "kinds",
    "support",
    "exclusion",
    "people_at_risk",
    "drivers",
    "contributions",
    "access",
    "help",
    "sites",
    "programmes",
    "priority_groups",
    "self_assessment",
    "stories",
    "evidence",
    "changes",
]


@dataclass(frozen=True)
class Nature:
    """What follows from a quantity.

    Attributes:
        storage: the type of its values.
        meaning: what a value means.
        unit: the unit, unless a column gives another.
        decimals: the number shown, of the percentage where it is shown as one.
        kept: the decimals of the stored value that are enough to show it.
        percent: a value of 0 to 1 that is shown as 0% to 100%.
        first: the end that a list sorted by it starts with; ``None`` where it has none.
        minimum, maximum: limits, inclusive, unless a column gives others.
    """

    storage: Storage
    meaning: str
    unit: str = ""
    decimals: int = 0
    kept: int = 0
    percent: bool = False
    first: End | None = None
    minimum: float | None = None
    maximum: float | None = None


QUANTITIES: Mapping[Quantity, Nature] = {
    "identifier": Nature("string", "Identifies the rows of a table", first="low"),
    "code": Nature("string", "An official or declared code", first="low"),
    "name": Nature("string", "A name, as its source has it", first="low"),
    "category": Nature("string", "One of a few names", first="low"),
    "list": Nature("string", "Names, separated by semicolons"),
    "text": Nature("string", "Words"),
    "flag": Nature("boolean", "Yes or no"),
    "people": Nature("integer", "People, counted", unit="people", first="high", minimum=0),
    "estimated people": Nature("number", "People, estimated", unit="people", first="high", minimum=0),
    "count": Nature("integer", "Things, counted", first="high", minimum=0),
    "share": Nature(
        "number",
        "A part of a total that the column names",
        unit="share, 0 to 1",
        decimals=1,
        kept=4,
        percent=True,
        first="high",
        minimum=0,
        maximum=1,
    ),
    "score": Nature(
        "number",
        "A position on a scale",
        unit="score, 0 to 100",
        decimals=2,
        kept=2,
        first="high",
        minimum=0,
        maximum=100,
    ),
    "standardised score": Nature(
        "number",
        "Standard deviations from a mean, or the like",
        unit="standardised score",
        decimals=2,
        kept=2,
        first="high",
    ),
    "points": Nature("number", "A part of a score", unit="points of the score", decimals=2, kept=2, first="high"),
    "rank": Nature("integer", "A position in an order, as published", unit="rank", first="low", minimum=1),
    "tied rank": Nature(
        "number",
        "A position in an order; equal values share one, which may be a half",
        unit="rank",
        decimals=1,
        kept=1,
        first="low",
        minimum=1,
    ),
    "decile": Nature("integer", "A tenth of an order", unit="decile", first="low", minimum=1, maximum=10),
    "order": Nature("integer", "A running number, or the order of classes", first="low"),
    "ratio": Nature("number", "One thing divided by another", decimals=2, kept=2, first="high", minimum=0),
    "amount": Nature("number", "A measured sum", decimals=2, kept=2, first="high", minimum=0),
    "correlation": Nature(
        "number",
        "A rank correlation",
        unit="correlation, -1 to 1",
        decimals=2,
        kept=2,
        first="high",
        minimum=-1,
        maximum=1,
    ),
    "pounds": Nature("number", "A sum of money", unit="pounds", first="low", minimum=0),
    "metres": Nature("number", "A length on the ground", unit="metres", first="low"),
    "minutes": Nature("number", "A time", unit="minutes", first="low", minimum=0),
    "degrees": Nature("number", "A longitude or a latitude", unit="degrees", decimals=5, kept=5),
    "geometry": Nature("geometry", "A polygon or multipolygon"),
    "box": Nature("box", "West, south, east and north of a geometry"),
}

GROUPS: Mapping[Group, str] = {
    "place": "Place",
    "rurality": "Rural or urban",
    "population": "Residents",
    "households": "Households",
    "deprivation": "Deprivation",
    "connectivity": "Connections",
    "indicators": "Added indicators",
    "components": "Components of the index",
    "score": "Risk",
    "certainty": "Certainty of the rank",
    "kinds": "What kind of exclusion",
    "support": "Support within reach",
    "exclusion": "High risk, little support",
    "people_at_risk": "People at risk",
    "drivers": "What drives the risk",
    "contributions": "Contributions to the score",
    "access": "Distance to the nearest places",
    "help": "What helps",
    "sites": "Proposed sites",
    "programmes": "Programmes",
    "priority_groups": "Priority groups",
    "self_assessment": "Self-assessment",
    "stories": "Human stories",
    "evidence": "Evidence",
    "changes": "Changes between two runs",
}
"""The groups of columns in the order in which they are shown, and their headings."""
