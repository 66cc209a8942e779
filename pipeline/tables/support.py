"""Support places, access, people at risk, drivers, sites, stories, priorities: their tables and their columns."""

from collections.abc import Mapping

from pipeline.tables.columns import LSOA21, LSOA_CODE, LSOA_NAME, code_column, name_column
from pipeline.tables.table import Column, Table

_METRES = "metres, EPSG:27700"
MEASURES = ("straight line", "journeys")
"""How the way to a place is measured: metres on the National Grid, or minutes of a matrix that an analyst supplies."""


def _people(name: str, title: str, description: str) -> Column:
    return Column(name, "number", title, f"{description}. An estimate", unit="people", minimum=0, nullable=True)


def _score(name: str, title: str, description: str) -> Column:
    unit = "score, 0 to 100"
    return Column(name, "number", title, description, unit=unit, minimum=0, maximum=100, nullable=True)


def _decile(name: str, title: str, description: str) -> Column:
    return Column(name, "integer", title, description, unit="decile", minimum=1, maximum=10, nullable=True)


def _rank(name: str, title: str, description: str) -> Column:
    return Column(name, "number", title, description, unit="rank, 1 = worst", minimum=1, nullable=True)


def _share(name: str, title: str, description: str) -> Column:
    return Column(name, "number", title, description, unit="share, 0 to 1", minimum=0, maximum=1, nullable=True)


EASTING = Column("easting", "number", "Easting", "EPSG:27700 easting", unit=_METRES)
NORTHING = Column("northing", "number", "Northing", "EPSG:27700 northing", unit=_METRES)
LON = Column("lon", "number", "Longitude", "EPSG:4326 longitude", unit="degrees", minimum=-180, maximum=180)
LAT = Column("lat", "number", "Latitude", "EPSG:4326 latitude", unit="degrees", minimum=-90, maximum=90)

CENTROIDS = Table(
    "centroids",
    "Population-weighted centroids of LSOAs",
    "The point that is nearest to where people of an LSOA live, as published.",
    (LSOA_CODE, EASTING, NORTHING),
    key="lsoa21_code",
)

ORIGINS = Table(
    "origins",
    "Where distances are measured from",
    "One point for each LSOA of the area, and for those around it whose people may come to its support places.",
    (
        LSOA_CODE,
        EASTING,
        NORTHING,
        Column(
            "located_by",
            "string",
            "Located by",
            "What the point is",
            categories=("population-weighted centroid", "point inside"),
        ),
        Column("in_area", "boolean", "In the area", "Whether the LSOA belongs to the area that is mapped"),
    ),
    key="lsoa21_code",
)

SUPPORT_PLACES = Table(
    "support_places",
    "Support places",
    "One row for each place that offers or could offer digital support, in the area or within reach of it.",
    (
        Column("place_id", "string", "Place", "Kind and the place's own number or row in its file"),
        Column("kind", "string", "Kind", "A kind of declared/places.toml", pattern=r"[a-z][a-z0-9_]*"),
        Column("name", "string", "Name", "As its file gives it"),
        Column("offers", "string", "Offers", "What it offers or could offer, separated by semicolons"),
        Column("opening", "string", "Opening", "Opening hours or who runs it, where known", nullable=True),
        Column("capacity", "number", "Capacity", "Supply, in units of one library", unit="libraries", minimum=0),
        Column("counts", "boolean", "Counts", "Whether it adds to capacity; mobile places do not"),
        Column("postcode", "string", "Postcode", "As its file gives it", nullable=True),
        EASTING,
        NORTHING,
        LON,
        LAT,
        Column("located_by", "string", "Located by", "What located it", categories=("coordinates", "postcode")),
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
        Column("pair", "string", "Pair", "LSOA and place", pattern=rf"{LSOA21}>.+"),
        code_column("origin", "LSOA code", LSOA21),
        name_column("destination", "Place", "place_id of the support places"),
        Column("minutes", "number", "Minutes", "How long it takes", unit="minutes", minimum=0),
    ),
    key="pair",
    geography="none",
)

_CHOICES = "by plausible choices (risk index, reach, supply, formula); 1 = worst"
SUPPORT_COLUMNS = (
    Column(
        "support_access",
        "number",
        "Access to support",
        "Places within reach for each thousand people at risk (E2SFCA: nearer places and less crowded ones count more)",
        unit="libraries per 1,000 people at risk",
        minimum=0,
        nullable=True,
    ),
    _score(
        "capacity_score",
        "Capacity score",
        "Percentile of access to support within the area; higher = more capacity, 0 = no place within reach",
    ),
    _decile("capacity_decile", "Capacity decile", "Decile of the capacity score within the area; 1 = least capacity"),
    _score("exclusion_score", "Exclusion score", "High risk and low capacity together; higher = worse"),
    _rank(
        "exclusion_rank",
        "Exclusion rank",
        "Rank of the exclusion score within the area; 1 = high risk and least capacity",
    ),
    _decile("exclusion_decile", "Exclusion decile", "Decile of the exclusion score within the area; 1 = worst"),
    _rank("exclusion_rank_p05", "Exclusion rank, 5th percentile", f"5th percentile of its exclusion ranks {_CHOICES}"),
    _rank("exclusion_rank_median", "Exclusion rank, median", f"Median of its exclusion ranks {_CHOICES}"),
    _rank(
        "exclusion_rank_p95", "Exclusion rank, 95th percentile", f"95th percentile of its exclusion ranks {_CHOICES}"
    ),
    _share(
        "exclusion_worst_decile_probability",
        "In the worst tenth for exclusion",
        "Share of plausible choices that put it in the worst tenth of the exclusion score within the area",
    ),
)
"""Missing where an area was built without support places."""

PEOPLE_COLUMNS = (
    _people(
        "people_at_risk",
        "People at risk",
        "Residents likely to be shut out, between low and high",
    ),
    _people("people_at_risk_low", "People at risk, low", "Residents who do not use the internet, by published rates"),
    _people(
        "people_at_risk_high",
        "People at risk, high",
        "Residents who lack essential digital skills, by published rates",
    ),
)

SIDES = ("Infrastructure", "People", "Both")
_DRIVERS = (
    Column(
        "main_driver",
        "string",
        "Main driver",
        "Title of the component that raises its risk above the nation's mean most; missing where none does",
        nullable=True,
    ),
    Column(
        "drivers",
        "string",
        "Drivers",
        "Components that raise its risk above the nation's mean, largest first, separated by semicolons",
        nullable=True,
    ),
    Column(
        "points_to",
        "string",
        "Points to",
        "Which exceed the nation's mean more: the components that stand for infrastructure, or those for people",
        categories=SIDES,
        nullable=True,
    ),
)


def contribution_columns(components: Mapping[str, str]) -> tuple[Column, ...]:
    """What each component (name to title) adds to the score against the nation's mean."""
    return tuple(
        Column(
            f"contribution_{name}",
            "number",
            f"{title}: contribution",
            f"Points that {title} adds to the risk score, against the nation's mean; all together are its difference "
            "from the nation's mean score, where the metadata says contributions_exact",
            unit="points of the score",
        )
        for name, title in components.items()
    )


def nearest_columns(kinds: Mapping[str, str], measure: str) -> tuple[Column, ...]:
    """The way to the nearest place of each kind (id to title), by one of :data:`MEASURES`."""
    straight = measure == "straight line"
    how = "a straight line on the National Grid, not a journey" if straight else "minutes, by the matrix supplied"
    return tuple(
        Column(
            f"nearest_{kind}_{'m' if straight else 'min'}",
            "number",
            f"Nearest {title}",
            f"Way to the nearest {title}: {how}; missing where none is near enough to be in the data",
            unit="metres" if straight else "minutes",
            minimum=0,
            nullable=True,
        )
        for kind, title in kinds.items()
    )


def capacity_columns(components: Mapping[str, str], kinds: Mapping[str, str], measure: str) -> tuple[Column, ...]:
    """Everything that capacity adds to ``risk.parquet``, in order."""
    return (
        *SUPPORT_COLUMNS,
        *PEOPLE_COLUMNS,
        *_DRIVERS,
        *contribution_columns(components),
        *nearest_columns(kinds, measure),
    )


NEAREST = Table(
    "nearest",
    "The nearest support places of each LSOA",
    "One row for each LSOA, kind and place, the nearest first; mobile places are left out, as they stop elsewhere.",
    (
        Column("entry", "string", "Entry", "LSOA, kind and number", pattern=rf"{LSOA21}>[a-z0-9_]+>\d+"),
        LSOA_CODE,
        Column("kind", "string", "Kind", "A kind of declared/places.toml", pattern=r"[a-z][a-z0-9_]*"),
        Column("number", "integer", "Number", "1 = the nearest of its kind", minimum=1),
        Column("place_id", "string", "Place", "As in support_places"),
        Column(
            "distance",
            "number",
            "Distance",
            "Metres in a straight line, or minutes where journeys were supplied (the metadata says which)",
            unit="metres or minutes",
            minimum=0,
        ),
    ),
    key="entry",
    geography="none",
)

SITES = Table(
    "sites",
    "Proposed sites",
    "One row for each proposed site, in the order in which they help most people.",
    (
        Column("order", "integer", "Order", "1 = helps most people first", minimum=1),
        Column("site_id", "string", "Site", "The candidate"),
        Column("name", "string", "Name", "The candidate's name"),
        _people("newly_covered", "Newly covered", "People at risk newly within reach by it, after the sites before it"),
        _people("covered_alone", "Covered alone", "People at risk newly within reach if it were the only new site"),
        _people("covered_together", "Covered together", "People at risk newly within reach of the sites so far"),
        Column(
            "way_saved",
            "number",
            "Way saved",
            "Way to the nearest place that it saves, times people at risk, after the sites before it; p-median only",
            unit="kilometres, or minutes, × people",
            minimum=0,
            nullable=True,
        ),
        Column("cost", "number", "Cost", "In the unit of the budget; 1 where none is given", minimum=0),
        EASTING,
        NORTHING,
        LON,
        LAT,
    ),
    key="order",
    geography="none",
)

COVERAGE = Table(
    "coverage",
    "Coverage by number of sites",
    "People at risk within reach by the best plan of each number of new sites.",
    (
        Column("sites", "integer", "Sites", "How many new sites", minimum=0),
        _people("newly_covered", "Newly covered", "People at risk newly within reach"),
        _people("covered", "Covered", "People at risk within reach of existing and new places"),
        _share("share_covered", "Share covered", "Covered people as a share of all people at risk of the area"),
        Column(
            "gap",
            "number",
            "Gap",
            "How far the best plan there is could be above this one, as a share of it; 0 = proven best, missing = not "
            "proven",
            unit="share",
            minimum=0,
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
        Column("row", "integer", "Row", "Row of the file, 1 = headers", minimum=2),
        Column("place", "string", "Place", "A code, a postcode or the name of a place"),
        Column("quote", "string", "Quote or insight", "In the words of the person or of who listened"),
        Column("theme", "string", "Theme", "What it is about"),
        Column("source", "string", "Source", "Who collected it, and when"),
        Column("consent", "string", "Consent", "Consent to show it was noted", categories=("yes",)),
        Column(
            "lsoa21_code",
            "string",
            "LSOA code",
            "The LSOA it belongs to; missing where the place is larger than one",
            pattern=LSOA21,
            nullable=True,
        ),
        LON,
        LAT,
    ),
    key="row",
    geography="none",
)

PRIORITIES = Table(
    "priorities",
    "Where to act first",
    "The worst tenth of the area, the worst first, with what is known of why and of what is near.",
    (
        Column("order", "integer", "Order", "1 = act first", minimum=1),
        LSOA_CODE,
        LSOA_NAME,
        name_column("ward_name", "Ward"),
        name_column("lad_name", "District"),
        *(c for c in SUPPORT_COLUMNS if c.name in ("exclusion_rank", "exclusion_decile")),
        Column(
            "risk_rank", "number", "Risk rank", "Rank of the risk score within the area; 1 = highest risk", minimum=1
        ),
        _share(
            "worst_decile_probability",
            "In the worst tenth",
            "Share of plausible indices that put it in the worst tenth of risk of the area",
        ),
        *(c for c in SUPPORT_COLUMNS if c.name == "exclusion_worst_decile_probability"),
        *PEOPLE_COLUMNS,
        *(c for c in _DRIVERS if c.name != "drivers"),
        Column("nearest_support", "string", "Nearest support", "The nearest place that offers help now", nullable=True),
        Column("nearest_support_kind", "string", "Its kind", "What kind of place that is", nullable=True),
        Column(
            "nearest_support_distance",
            "number",
            "Its distance",
            "Metres in a straight line, or minutes where journeys were supplied",
            unit="metres or minutes",
            minimum=0,
            nullable=True,
        ),
        Column("suggested_help", "string", "Suggested help", "What usually helps with the main driver", nullable=True),
        Column("help_source", "string", "Source of the help", "Who says so", nullable=True),
    ),
    key="order",
)
