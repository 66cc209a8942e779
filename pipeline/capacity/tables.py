"""The tables of support places, sites and stories, and the columns that capacity adds to ``risk.parquet``."""

from pipeline.schema import Column, Table

_METRES = "metres, EPSG:27700"


def _people(name: str, title: str, description: str) -> Column:
    return Column(name, "number", title, f"{description}. An estimate", unit="people", minimum=0, nullable=True)


def _score(name: str, title: str, description: str) -> Column:
    unit = "score, 0 to 100"
    return Column(name, "number", title, description, unit=unit, minimum=0, maximum=100, nullable=True)


def _decile(name: str, title: str, description: str) -> Column:
    return Column(name, "integer", title, description, unit="decile", minimum=1, maximum=10, nullable=True)


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
        Column("easting", "number", "Easting", "EPSG:27700 easting", unit=_METRES),
        Column("northing", "number", "Northing", "EPSG:27700 northing", unit=_METRES),
        Column("lon", "number", "Longitude", "EPSG:4326 longitude", unit="degrees", minimum=-180, maximum=180),
        Column("lat", "number", "Latitude", "EPSG:4326 latitude", unit="degrees", minimum=-90, maximum=90),
        Column("located_by", "string", "Located by", "What located it", categories=("coordinates", "postcode")),
    ),
    key="place_id",
    geography="none",
)

CAPACITY_COLUMNS = (
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
        "Percentile of access to support within the reference; higher = more capacity, 0 = no place within reach",
    ),
    _decile("capacity_decile", "Capacity decile", "Decile of the capacity score within the area; 1 = least capacity"),
    _score("exclusion_score", "Exclusion score", "High risk and low capacity together; higher = worse"),
    Column(
        "exclusion_rank",
        "number",
        "Exclusion rank",
        "Rank of the exclusion score within the area; 1 = high risk and least capacity",
        unit="rank, 1 = worst",
        minimum=1,
        nullable=True,
    ),
    _decile("exclusion_decile", "Exclusion decile", "Decile of the exclusion score within the area; 1 = worst"),
)
"""Missing where an area was built without support places."""

PEOPLE_COLUMNS = (
    _people(
        "people_at_risk", "People at risk", "Residents likely to be offline or to lack basic digital skills, middle"
    ),
    _people("people_at_risk_low", "People at risk, low", "Residents who do not use the internet, by published rates"),
    _people(
        "people_at_risk_high", "People at risk, high", "Residents who lack basic digital skills, by published rates"
    ),
)

DRIVER_COLUMNS = (
    Column("main_driver", "string", "Main driver", "The component that raises its risk most", nullable=True),
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
        "Whether connectivity or people's circumstances score higher",
        categories=("Infrastructure", "People", "Both"),
        nullable=True,
    ),
)


def nearest_columns(kind: str, title: str) -> tuple[Column, ...]:
    """Distance to the nearest place of a kind; missing where there is none within the farthest looked at."""
    return (
        Column(
            f"nearest_{kind}_m",
            "number",
            f"Nearest {title}",
            f"Distance to the nearest {title}: a straight line on the National Grid, not a journey",
            unit="metres",
            minimum=0,
            nullable=True,
        ),
    )


SITES = Table(
    "sites",
    "Proposed sites",
    "One row for each proposed site, in the order in which they bring most people within reach.",
    (
        Column("order", "integer", "Order", "1 = brings most people within reach first", minimum=1),
        Column("site_id", "string", "Site", "The candidate"),
        Column("name", "string", "Name", "The candidate's name"),
        _people("newly_covered", "Newly covered", "People at risk that it adds to those of the sites before it"),
        _people("covered_alone", "Covered alone", "People at risk newly within reach if it were the only new site"),
        _people("covered_together", "Covered together", "People at risk newly within reach of the sites so far"),
        Column("easting", "number", "Easting", "EPSG:27700 easting", unit=_METRES),
        Column("northing", "number", "Northing", "EPSG:27700 northing", unit=_METRES),
    ),
    key="order",
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
    ),
    key="row",
    geography="none",
)
