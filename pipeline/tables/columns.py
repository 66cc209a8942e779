"""Columns that many tables have."""

from pipeline.tables.table import Column, Family

LSOA21 = r"[EW]01\d{6}"
LSOA11 = r"[EW]01\d{6}"

place = Family("place")
boundary = Family("place", "lsoa21_boundaries")

LSOA_CODE = boundary("lsoa21_code", "code", "LSOA code", "Lower layer Super Output Area 2021, ONS code", pattern=LSOA21)
LSOA_NAME = boundary("lsoa21_name", "name", "LSOA name", "Lower layer Super Output Area 2021, ONS name")
AREA_NAME = place(
    "area_name",
    "name",
    "Name beside the code",
    "The name that the file gives the LSOA, where it has names: it has to be that of the lookup",
    nullable=True,
    compared_only=True,
)
"""Shows codes that have moved against their rows."""
GEOMETRY = boundary(
    "geometry", "geometry", "Boundary", "Polygon or multipolygon, EPSG:4326 (longitude, latitude)", unit="degrees"
)
BBOX = place(
    "bbox",
    "box",
    "Bounding box",
    "The smallest box around the boundary: xmin, ymin, xmax and ymax, EPSG:4326, so that readers can skip areas",
    unit="degrees",
    derived_from=("geometry",),
)
"""Written beside a geometry in GeoParquet."""


def ons_code(family: Family, name: str, title: str, pattern: str) -> Column:
    """A code of the Office for National Statistics."""
    return family(name, "code", title, f"{title}, ONS nine-character code", pattern=pattern)


def published_name(family: Family, name: str, title: str) -> Column:
    """A name as published."""
    return family(name, "name", title, f"{title}, as published")


LAD_NAME = published_name(Family("place", "lsoa21_icb"), "lad_name", "District")
WARD_NAME = published_name(Family("place", "lsoa21_ward"), "ward_name", "Ward")


def grid_point(family: Family) -> tuple[Column, Column]:
    """Easting and northing of a point on the National Grid."""
    return (
        family("easting", "metres", "Easting", "EPSG:27700 easting", unit="metres, EPSG:27700"),
        family("northing", "metres", "Northing", "EPSG:27700 northing", unit="metres, EPSG:27700"),
    )


def degrees_point(family: Family) -> tuple[Column, Column]:
    """Longitude and latitude of a point."""
    return (
        family("lon", "degrees", "Longitude", "EPSG:4326 longitude", minimum=-180, maximum=180),
        family("lat", "degrees", "Latitude", "EPSG:4326 latitude", minimum=-90, maximum=90),
    )
