"""Names of MSOAs that people know, as the House of Commons Library gives them."""

from dataclasses import replace
from pathlib import Path

from pipeline.errors import RawFileError
from pipeline.tables import Family, Table
from pipeline.tables.columns import ons_code, published_name
from pipeline.tidy.reading import read_given
from pipeline.tidy.registry import Noted, reader

ENGLISH = r"E02\d{6}"

_msoa = Family("place", "msoa_names")

MSOA_NAMES = Table(
    "msoa_names",
    "Names of MSOAs that people know",
    "Middle layer Super Output Areas of 2021, of some five LSOAs each, as residents call them. Unique in a district.",
    (
        ons_code(_msoa, "msoa21_code", "MSOA code", ENGLISH),
        published_name(_msoa, "msoa21_name", "MSOA name, as the Office for National Statistics gives it"),
        published_name(_msoa, "msoa21_common_name", "MSOA name, as the House of Commons Library gives it"),
    ),
    key="msoa21_code",
    geography="none",
)


@reader("msoa_names", MSOA_NAMES, "lookup")
def tidy_msoa_names(path: Path) -> Noted:
    """The name that people know of each English MSOA, sorted by code.

    Raises:
        RawFileError: a column is missing, no row is English, or a code appears twice.
        SchemaError: a name is empty.
    """
    columns = {"msoa21_code": "msoa21cd", "msoa21_name": "msoa21nm", "msoa21_common_name": "msoa21hclnm"}
    given = read_given(path, columns, key="msoa21_code").with_codes("msoa21_code")
    english = given.frame[given.frame["msoa21_code"].str.fullmatch(ENGLISH)]
    if english.empty:
        raise RawFileError(f"{given.name}: it has no English MSOA (codes starting with E02). Is it the right file?")
    names = {column: english[column].astype("str").str.strip() for column in ("msoa21_name", "msoa21_common_name")}
    # The Library leaves a name out where it has none: the ward stands in for it.
    frame = english.assign(**names).loc[names["msoa21_common_name"] != ""].sort_values("msoa21_code")
    return replace(given, frame=frame).once().tidied(MSOA_NAMES)
