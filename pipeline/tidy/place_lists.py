"""Lists of places as published: the columns that every such table has."""

from pipeline.tables import Family, Table


def place_list(name: str, title: str, source: str) -> Table:
    """The table of a list of places, read from a source: not yet located, with everything that any kind may need."""
    listed = Family("support", source)
    return Table(
        name,
        title,
        "One row for each place that is open, as its publisher lists it.",
        (
            listed("file_row", "order", "Row of the file", "Its row in the file, 1 = the first", minimum=1),
            listed("place_id", "identifier", "Place", "Kind, and the number or code that the place has in its file"),
            listed("name", "name", "Name", "As its file gives it"),
            listed("kind", "code", "Kind", "A kind of declared/places.toml", pattern=r"[a-z][a-z0-9_]*"),
            listed("postcode", "code", "Postcode", "As its file gives it", nullable=True),
            listed("x", "metres", "Easting", "EPSG:27700 easting, where the file gives it", nullable=True),
            listed("y", "metres", "Northing", "EPSG:27700 northing, where the file gives it", nullable=True),
            listed("opening", "text", "Opening", "Who runs it and when it is open, where the file says", nullable=True),
            listed(
                "hours",
                "amount",
                "Hours",
                "Hours a week when somebody is there to help, where the file says",
                unit="hours a week",
                nullable=True,
            ),
        ),
        key="place_id",
        geography="none",
    )
