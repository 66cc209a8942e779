"""Households and their deprivation: Census 2021 TS011."""

from dataclasses import replace
from typing import BinaryIO

from pipeline.tables import Family, Table
from pipeline.tables.columns import AREA_NAME, LSOA_CODE
from pipeline.tidy.reading import read_given
from pipeline.tidy.registry import Noted, member_reader

PREFIX, SUFFIX = "Household deprivation: ", "; measures: Value"


_household = Family("households", "census2021_household_deprivation")

HOUSEHOLD_DEPRIVATION = Table(
    "household_deprivation",
    "Households and their deprivation, Census 2021",
    "Deprived in a dimension: education, employment, health and disability, or housing, as the census defines them.",
    (
        LSOA_CODE,
        _household(
            "households",
            "count",
            "Households",
            "All households on Census Day",
            unit="households",
            minimum=1,
            detail=True,
        ),
        _household(
            "share_households_deprived",
            "share",
            "Households deprived in some way",
            "Households deprived in at least one of education, employment, health and disability, and housing",
            of="households",
            worse="high",
            detail=True,
        ),
        _household(
            "share_households_two_dimensions",
            "share",
            "Households deprived in two or more ways",
            "Households deprived in at least two of education, employment, health and disability, and housing",
            of="households",
            worse="high",
            detail=True,
        ),
        AREA_NAME,
    ),
    key="lsoa21_code",
)


@member_reader("household_deprivation", HOUSEHOLD_DEPRIVATION)
def tidy_household_deprivation(file: BinaryIO, name: str) -> Noted:
    """The number of households, and the shares deprived in at least one and in at least two of the four dimensions.

    Raises:
        RawFileError: a column is missing, a value is not a whole number from 0, a total is 0 or less than its part, or
            a code is none or appears twice.
        SchemaError: a value is out of its range.
    """
    columns = {
        "lsoa21_code": "geography code",
        "households": f"{PREFIX}Total: All households{SUFFIX}",
        "not_deprived": f"{PREFIX}Household is not deprived in any dimension{SUFFIX}",
        "deprived_in_one": _deprived("one dimension"),
    }
    several = {f"deprived_in_{count}": _deprived(f"{count} dimensions") for count in ("two", "three", "four")}
    given = read_given(file, columns, name, perhaps={AREA_NAME.name: "geography", **several}).only_england().once()
    given = given.with_counts("households", "not_deprived", "deprived_in_one")
    given = given.refuse_other_sum("households", "not_deprived", "deprived_in_one", *several)
    given = given.with_share("share_not_deprived", given.frame["not_deprived"], of="households")
    fewer = given.frame["not_deprived"] + given.frame["deprived_in_one"]
    given = given.with_share("share_in_one_or_none", fewer, of="households")
    frame = given.frame.assign(
        share_households_deprived=1 - given.frame["share_not_deprived"],
        share_households_two_dimensions=1 - given.frame["share_in_one_or_none"],
    )
    return replace(given, frame=frame).tidied(HOUSEHOLD_DEPRIVATION)


def _deprived(words: str) -> str:
    """The header of the households that are deprived in so many dimensions."""
    return f"{PREFIX}Household is deprived in {words}{SUFFIX}"
