"""Postcodes of the made-up country, in postcode areas that Royal Mail has never used."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely

from pipeline.demo.cells import Shapes
from pipeline.demo.noise import Floats

MOST_PER_AREA = 25
WITHOUT_COORDINATES = 97
"""One postcode in this many has no coordinates (positional quality 90)."""

_AREAS = ("QZ", "QY", "QX", "QW", "QV", "QU", "QT", "QS")
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
"""The letters of the last two places: the others look too much like digits or each other."""
_PER_SECTOR = len(_LETTERS) ** 2
_PER_POSTCODE_AREA = 99 * 10 * _PER_SECTOR
HEADERS = (
    "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\r\nPostcode,Positional_quality_indicator,Eastings,Northings,Country_code,"
    "NHS_regional_HA_code,NHS_HA_code,Admin_county_code,Admin_district_code,Admin_ward_code\r\n"
)


def make_postcodes(polygons: Shapes, centres: Floats, seed: int) -> pd.DataFrame:
    """``postcode, quality, easting, northing, area`` (the number of the area it lies in), in the order of the areas."""
    random = np.random.default_rng([seed, 40])
    each = min(MOST_PER_AREA, len(_AREAS) * _PER_POSTCODE_AREA // len(polygons))
    area = np.repeat(np.arange(len(polygons)), each)
    places = np.repeat(centres.round(), each, axis=0)
    shapely.prepare(polygons)
    corners, owner = shapely.get_coordinates(polygons, return_index=True)
    first = np.searchsorted(owner, np.arange(len(polygons)))
    many = np.bincount(owner, minlength=len(polygons))
    for _ in range(2):
        corner = corners[first[area] + (random.uniform(0, 1, len(area)) * many[area]).astype(int)]
        nearer = (centres[area] + (corner - centres[area]) * random.uniform(0.02, 0.95, (len(area), 1)) ** 0.6).round()
        inside = shapely.contains_xy(polygons[area], nearer[:, 0], nearer[:, 1])
        places = np.where(inside[:, None], nearer, places)
    lost = np.arange(len(area)) % WITHOUT_COORDINATES == WITHOUT_COORDINATES - 1
    places[lost] = 0
    quality = np.where(lost, 90, np.where(random.uniform(0, 1, len(area)) < 0.03, 50, 10))
    return pd.DataFrame(
        {
            "postcode": [postcode(number) for number in range(len(area))],
            "quality": quality,
            "easting": places[:, 0].astype(np.int64),
            "northing": places[:, 1].astype(np.int64),
            "area": area,
        }
    )


def postcode(number: int) -> str:
    """``QZ1 0AA``, ``QZ1 0AB`` and so on."""
    letters, rest = _AREAS[number // _PER_POSTCODE_AREA], number % _PER_POSTCODE_AREA
    sector, unit = divmod(rest, _PER_SECTOR)
    outward = f"{letters}{sector // 10 + 1}"
    inward = f"{sector % 10}{_LETTERS[unit // len(_LETTERS)]}{_LETTERS[unit % len(_LETTERS)]}"
    return f"{outward} {inward}"


def members(
    postcodes: pd.DataFrame, districts: "pd.Series[str]", wards: "pd.Series[str]"
) -> Iterator[tuple[str, bytes]]:
    """The members of the archive: one CSV without header for each postcode area, and the list of its headers."""
    lines = pd.Series(
        [
            f'"{code}",{quality},{east},{north},"E92000001","","","","{district}","{ward}"'
            for code, quality, east, north, district, ward in zip(
                postcodes["postcode"],
                postcodes["quality"],
                postcodes["easting"],
                postcodes["northing"],
                districts.to_numpy()[postcodes["area"]],
                wards.to_numpy()[postcodes["area"]],
                strict=True,
            )
        ]
    )
    for letters, group in lines.groupby(postcodes["postcode"].str[:2], sort=True):
        yield f"Data/CSV/{str(letters).lower()}.csv", ("\r\n".join(group) + "\r\n").encode("ascii")
    yield "Doc/Code-Point_Open_Column_Headers.csv", HEADERS.encode("ascii")
