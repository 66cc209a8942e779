"""Support places, access, people at risk, drivers, sites, stories: their tables and their columns."""

from collections.abc import Mapping
from dataclasses import replace

from pipeline.tables.columns import LSOA21, LSOA_CODE, degrees_point, grid_point, place
from pipeline.tables.quantities import Quantity
from pipeline.tables.table import Column, Family, Table

MEASURES: Mapping[str, Quantity] = {"straight line": "metres", "journeys": "minutes"}
"""How distance to a place is measured, and in what: a straight line on the National Grid, or a matrix of journeys."""

_support = Family("support")
_exclusion = Family("exclusion")
_people = Family("people_at_risk")
_driver = Family("drivers")
_contribution = Family("contributions")
_access = Family("access")
_journey = Family("access", "journeys")
_site = Family("sites")
_story = Family("stories", "stories")

ORIGINS = Table(
    "origins",
    "Where distances are measured from",
    "One point for each LSOA of the area, and for those around it whose people may use its support places.",
    (
        LSOA_CODE,
        *grid_point(place),
        place(
            "located_by",
            "category",
            "Located by",
            "What the point is",
            categories=("population-weighted centroid", "median postcode", "point inside"),
        ),
        place("in_area", "flag", "In the area", "Whether the LSOA belongs to the area that is mapped"),
    ),
    key="lsoa21_code",
)

_KIND = _support("kind", "code", "Kind", "A kind of declared/places.toml", pattern=r"[a-z][a-z0-9_]*")

SUPPORT_PLACES = Table(
    "support_places",
    "Support places",
    "One row for each place that offers or could offer digital support, in the area or within reach of it.",
    (
        _support("place_id", "identifier", "Place", "Kind, and the number or row that the place has in its file"),
        _KIND,
        _support("name", "name", "Name", "As its file gives it"),
        _support("offers", "list", "Offers", "What it offers or could offer, separated by semicolons"),
        _support("opening", "text", "Opening", "Opening hours or who runs it, where its file says so", nullable=True),
        _support("capacity", "amount", "Capacity", "Supply, in units of one library", unit="libraries"),
        _support("counts", "flag", "Counts", "Whether it adds to capacity; mobile places do not"),
        _support("postcode", "code", "Postcode", "As its file gives it", nullable=True),
        *grid_point(_support),
        *degrees_point(_support),
        _support(
            "located_by", "category", "Located by", "What it was located by", categories=("coordinates", "postcode")
        ),
    ),
    key="place_id",
    geography="none",
)

JOURNEYS = Table(
    "journeys",
    "Journeys to support places",
    "Minutes from an LSOA to a support place, from the matrix that an analyst supplied; pairs that it lacks are out of "
    "reach.",
    (
        _journey("pair", "identifier", "Pair", "LSOA and place", pattern=rf"{LSOA21}>.+"),
        _journey("origin", "code", "LSOA code", "LSOA code, ONS nine-character code", pattern=LSOA21),
        _journey("destination", "identifier", "Place", "place_id of the support places"),
        _journey("minutes", "minutes", "Minutes", "Time that the journey takes"),
    ),
    key="pair",
    geography="none",
)

_CHOICES = "by plausible choices (risk index, reach, supply, formula); 1 = worst"
_WORST = "rank, 1 = worst"
SUPPORT_COLUMNS = (
    _support(
        "support_access",
        "ratio",
        "Access to support",
        "Places within reach per 1,000 people at risk (E2SFCA: nearer places and less crowded ones count more)",
        unit="libraries per 1,000 people at risk",
        derived_from=("people_at_risk", "support_places.capacity"),
        nullable=True,
    ),
    _support(
        "capacity_score",
        "score",
        "Capacity score",
        "Percentile of access to support within the area; higher = more capacity, 0 = no place within reach",
        derived_from=("support_access",),
        nullable=True,
    ),
    _support(
        "capacity_decile",
        "decile",
        "Capacity decile",
        "Decile of the capacity score within the area; 1 = least capacity",
        derived_from=("support_access",),
        nullable=True,
    ),
    _exclusion(
        "exclusion_score",
        "score",
        "Exclusion score",
        "High risk and low capacity together; higher = worse",
        derived_from=("risk_score", "capacity_score"),
        nullable=True,
    ),
    _exclusion(
        "exclusion_rank",
        "tied rank",
        "Exclusion rank",
        "Rank of the exclusion score within the area; 1 = high risk and least capacity",
        unit=_WORST,
        derived_from=("exclusion_score",),
        nullable=True,
    ),
    _exclusion(
        "exclusion_decile",
        "decile",
        "Exclusion decile",
        "Decile of the exclusion score within the area; 1 = worst",
        derived_from=("exclusion_score",),
        nullable=True,
    ),
    *(
        _exclusion(
            name,
            "tied rank",
            f"Exclusion rank, {title}",
            f"{title[:1].upper()}{title[1:]} of its exclusion ranks {_CHOICES}",
            unit=_WORST,
            derived_from=("risk_score", "support_access"),
            nullable=True,
            detail=name == "exclusion_rank_median",
        )
        for name, title in (
            ("exclusion_rank_p05", "5th percentile"),
            ("exclusion_rank_median", "median"),
            ("exclusion_rank_p95", "95th percentile"),
        )
    ),
    _exclusion(
        "exclusion_worst_decile_probability",
        "share",
        "In the worst tenth for exclusion",
        "Share of plausible choices that put it in the worst tenth of the exclusion score within the area",
        of="plausible choices",
        derived_from=("risk_score", "support_access"),
        nullable=True,
    ),
)
"""Missing where an area was built without support places."""

LIST_COLUMNS = (
    _support(
        "little_support",
        "flag",
        "Little support",
        "Whether support is little by the bounds of [where_to_act] in declared/places.toml: the least access of the "
        "area or help far away, and none nearby",
        derived_from=("support_access", "support_places.capacity"),
        nullable=True,
    ),
    _support(
        "lack_of_support",
        "share",
        "Lack of support",
        "Share of the area's neighbourhoods with more support within reach: 1 − capacity score / 100",
        of="neighbourhoods of the area",
        derived_from=("capacity_score",),
        nullable=True,
        detail=True,
    ),
    _support(
        "unmet_need",
        "estimated people",
        "Unmet need",
        "People at risk × lack of support. An estimate",
        derived_from=("people_at_risk", "lack_of_support"),
        nullable=True,
        detail=True,
    ),
    _exclusion(
        "on_list",
        "flag",
        "On the list of where to act",
        "Whether the risk is high and support is little, by the declared bounds, in enough plausible choices to be on "
        "the list; without support places, whether the risk is high",
        derived_from=("risk_rank", "little_support", "list_probability"),
    ),
    _exclusion(
        "list_probability",
        "share",
        "Meets the bounds of the list",
        "Share of plausible choices in which the risk is high and support is little, by the declared bounds",
        of="plausible choices",
        derived_from=("risk_score", "support_access"),
        nullable=True,
    ),
    _exclusion(
        "unmet_need_expected",
        "estimated people",
        "Unmet need over plausible choices",
        "Mean of people at risk × lack of support over plausible choices, none where it does not meet the bounds of "
        "the list; the list is in this order. An estimate",
        derived_from=("people_at_risk", "risk_score", "support_access"),
        nullable=True,
        detail=True,
    ),
    _exclusion(
        "priority",
        "order",
        "Order on the list",
        "1 = the largest unmet need, act first; missing for areas that are not on the list",
        minimum=1,
        derived_from=("on_list", "unmet_need_expected", "unmet_need"),
        nullable=True,
    ),
)
"""The list of where to act."""

_OF_PEOPLE = ("population_total", "population_65_to_74", "population_75_plus", "share_disabled", "risk_score")
_OFFLINE = "adults who have no internet at home"
_UNSKILLED = "adults who lack the Foundation Level of Essential Digital Skills"


def _estimate(name: str, title: str, meaning: str, derived_from: tuple[str, ...], *, detail: bool = False) -> Column:
    return _people(
        name,
        "estimated people",
        title,
        f"{meaning}. An estimate",
        derived_from=derived_from,
        nullable=True,
        detail=detail,
    )


def _measured(name: str, title: str, meaning: str) -> tuple[Column, ...]:
    """The estimate of a measure, and the ends of its interval."""
    ends = (
        _estimate(
            f"{name}_{end}", f"{title}, {end}", f"{which} end of the 95% interval of {name}", (name,), detail=True
        )
        for end, which in (("low", "Lower"), ("high", "Upper"))
    )
    return (_estimate(name, title, meaning, _OF_PEOPLE), *ends)


PEOPLE_COLUMNS = (
    _estimate(
        "people_at_risk",
        "People at risk",
        "Adults likely to be shut out: those not online in full, and half (as declared) of those who are online "
        "without basic digital skills",
        ("people_not_online", "people_without_skills"),
    ),
    _estimate(
        "people_at_risk_low",
        "People at risk, low",
        f"Only those not online: {_OFFLINE}. Another measure, not the end of an interval",
        ("people_not_online",),
    ),
    _estimate(
        "people_at_risk_high",
        "People at risk, high",
        f"All without basic digital skills: {_UNSKILLED}. Another measure, not the end of an interval",
        ("people_not_online", "people_without_skills"),
    ),
    *_measured(
        "people_not_online",
        "Not online",
        f"A{_OFFLINE[1:]}: rates by age and disability, shaped by the risk score, adding up to the newest published "
        "total of the nation",
    ),
    *_measured(
        "people_without_skills",
        "Without basic digital skills",
        f"A{_UNSKILLED[1:]}: rates by age, shaped by the risk score, adding up to the newest published total of the "
        "nation",
    ),
)

SIDES = ("Infrastructure", "People", "Both")


def driver_columns(components: Mapping[str, str]) -> tuple[Column, ...]:
    """Which components (name to title) drive the risk."""
    contributions = tuple(column.name for column in contribution_columns(components))
    return (
        _driver(
            "main_driver",
            "category",
            "Main driver",
            "Title of the component that raises its risk above the nation's mean most, of infrastructure only where it "
            "adds enough points to be named; missing where none does",
            derived_from=contributions,
            nullable=True,
        ),
        _contribution(
            "drivers",
            "list",
            "Drivers",
            "Components that raise its risk above the nation's mean, of infrastructure only those that add enough "
            "points; largest first, separated by semicolons",
            derived_from=contributions,
            nullable=True,
        ),
        _driver(
            "points_to",
            "category",
            "Points to",
            "Which components raise its risk above the nation's mean: those for infrastructure, those for people, or "
            "both; missing where neither do by enough points to be named",
            derived_from=contributions,
            categories=SIDES,
            nullable=True,
        ),
    )


BEYOND_COLUMNS = (
    _driver(
        "beyond_similar",
        "list",
        "Beyond similar places",
        "Components that add more to its risk than they do, on average, in the nation's places of similar age and "
        "rurality; the most unusual first, separated by semicolons; missing where none adds a point more",
        derived_from=("risk_score", "share_65_to_74", "share_75_plus", "ruc21_code"),
        nullable=True,
    ),
    _driver(
        "beyond_similar_points",
        "points",
        "Beyond similar places: points",
        "Points that the first of them adds beyond what it adds in similar places",
        derived_from=("beyond_similar",),
        nullable=True,
    ),
)
"""What stands out against places of similar age and rurality."""


def contribution_columns(components: Mapping[str, str]) -> tuple[Column, ...]:
    """What each component (name to title) adds to the score against the nation's mean."""
    return tuple(
        _contribution(
            f"contribution_{name}",
            "points",
            f"{title}: contribution",
            f"Points that {title} adds to the risk score, against the nation's mean; together they are the difference "
            "from the nation's mean score, where the metadata says contributions_exact",
            derived_from=(f"component_{name}",),
        )
        for name, title in components.items()
    )


_BY_LINE = "in a straight line on the National Grid, not by road"
_BY_JOURNEY = "by the journeys supplied"


def nearest_columns(kinds: Mapping[str, str]) -> tuple[Column, ...]:
    """The distance to the nearest place of each kind (id to title), in metres and in minutes."""
    columns = []
    for kind, title in kinds.items():
        metres = _access(
            f"nearest_{kind}_metres",
            "metres",
            f"Nearest {title}",
            f"Distance to the nearest {title}, {_BY_LINE}; missing where none is near enough to be in the data",
            derived_from=("nearest.metres",),
            nullable=True,
            minimum=0,
        )
        minutes = _access(
            f"nearest_{kind}_minutes",
            "minutes",
            f"Nearest {title}",
            f"Time to the nearest {title}, {_BY_JOURNEY}; missing where it has none",
            derived_from=("nearest.minutes",),
            nullable=True,
        )
        former = replace(
            metres,
            name=f"nearest_{kind}_m",
            title=f"{metres.title} (former name)",
            meaning=f"The same as {metres.name}, under its former name, kept for those who build on it",
            derived_from=(metres.name,),
            detail=True,
            copy_of=metres.name,
        )
        columns += [metres, minutes, former]
    return tuple(columns)


def capacity_columns(components: Mapping[str, str], kinds: Mapping[str, str]) -> tuple[Column, ...]:
    """Everything that capacity adds to ``risk.parquet``, in order."""
    return (
        *SUPPORT_COLUMNS,
        *LIST_COLUMNS,
        *PEOPLE_COLUMNS,
        *driver_columns(components),
        *contribution_columns(components),
        *nearest_columns(kinds),
    )


NEAREST = Table(
    "nearest",
    "The nearest support places of each LSOA",
    "One row for each LSOA, kind and place, the nearest first; mobile places are left out, as they stop elsewhere.",
    (
        _access("entry", "identifier", "Entry", "LSOA, kind and number", pattern=rf"{LSOA21}>[a-z0-9_]+>\d+"),
        LSOA_CODE,
        _KIND,
        _access("number", "order", "Number", "1 = the nearest of its kind", minimum=1),
        _access("place_id", "identifier", "Place", "As in support_places", derived_from=("support_places.place_id",)),
        _access(
            "metres",
            "metres",
            "Metres",
            f"Distance to the place, {_BY_LINE}; missing where journeys were supplied",
            derived_from=("origins.easting", "origins.northing", "support_places.easting", "support_places.northing"),
            nullable=True,
            minimum=0,
        ),
        _access(
            "minutes",
            "minutes",
            "Minutes",
            f"Time to the place, {_BY_JOURNEY}; missing where none were supplied",
            derived_from=("journeys.minutes",),
            nullable=True,
        ),
        _access(
            "distance",
            "amount",
            "Distance",
            "Metres or minutes, whichever was measured (the metadata says which)",
            unit="metres or minutes",
            derived_from=("metres", "minutes"),
        ),
    ),
    key="entry",
    geography="none",
)


def _covered(name: str, title: str, reached: str) -> Column:
    """People at risk whom sites bring within reach."""
    return _site(
        name,
        "estimated people",
        title,
        f"People at risk {reached}. An estimate",
        derived_from=("risk.people_at_risk",),
        nullable=True,
    )


SITES = Table(
    "sites",
    "Proposed sites",
    "One row for each proposed site, the one that helps most people first.",
    (
        _site("site_number", "order", "Number", "1 = helps most people first", minimum=1),
        _site("site_id", "identifier", "Site", "The candidate"),
        _site("name", "name", "Name", "The candidate's name"),
        _covered("newly_covered", "Newly covered", "newly within reach by it, after the sites before it"),
        _covered("covered_alone", "Covered alone", "newly within reach if it were the only new site"),
        _covered("covered_together", "Covered together", "newly within reach of the sites so far"),
        _site(
            "way_saved",
            "amount",
            "Distance saved",
            "Distance to the nearest place that it saves, times people at risk, beyond the sites before it",
            unit="kilometres, or minutes, × people",
            derived_from=("risk.people_at_risk",),
            nullable=True,
        ),
        _site("cost", "amount", "Cost", "In the unit of the budget; 1 where none is given"),
        *grid_point(_site),
        *degrees_point(_site),
    ),
    key="site_number",
    geography="none",
)

COVERAGE = Table(
    "coverage",
    "Coverage by number of sites",
    "People at risk within reach by the best plan of each number of new sites.",
    (
        _site("sites", "count", "Sites", "Number of new sites", unit="sites"),
        _covered("newly_covered", "Newly covered", "newly within reach"),
        _covered("covered", "Covered", "within reach of existing and new places"),
        _site(
            "share_covered",
            "share",
            "Share covered",
            "Covered people as a share of all people at risk of the area",
            of="people at risk",
            derived_from=("covered", "risk.people_at_risk"),
            nullable=True,
        ),
        _site(
            "gap",
            "ratio",
            "Gap",
            "How much better the best plan could be, as a share of this one; 0 = proven best, missing = not proven",
            unit="share of this plan",
            nullable=True,
        ),
    ),
    key="sites",
    geography="none",
)

STORIES = Table(
    "stories",
    "Human stories",
    "What people said, shown with their consent. Nothing in it may identify anyone.",
    (
        _story("file_row", "order", "Row of the file", "Row of the file, 1 = headers", minimum=2),
        _story("place", "name", "Place", "A code, a postcode or the name of a place"),
        _story("quote", "text", "Quote or insight", "In the words of the person or of whoever listened"),
        _story("theme", "name", "Theme", "What it is about"),
        _story("source", "text", "Source", "Who collected it, and when"),
        _story("consent", "category", "Consent", "Consent to show it was noted", categories=("yes",)),
        _story(
            "lsoa21_code",
            "code",
            "LSOA code",
            "The LSOA it belongs to; missing where the place is larger than one",
            pattern=LSOA21,
            nullable=True,
        ),
        *degrees_point(_story),
    ),
    key="file_row",
    geography="none",
)
