"""Households and their deprivation: Census 2021 TS011."""

from typing import BinaryIO

import pandas as pd

from pipeline.tables import Family, Table, validate
from pipeline.tables.columns import LSOA_CODE
from pipeline.tidy.reading import numbers, only_england, read_columns
from pipeline.tidy.registry import member_reader

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
    ),
    key="lsoa21_code",
)


@member_reader("household_deprivation", HOUSEHOLD_DEPRIVATION)
def tidy_household_deprivation(file: BinaryIO, name: str) -> pd.DataFrame:
    """The number of households, and the share deprived in at least one of education, employment, health and housing.

    Raises:
        RawFileError: a column is missing, or a value is not a whole number.
        SchemaError: a share is out of its range, or a code appears twice.
    """
    columns = {
        "lsoa21_code": "geography code",
        "households": f"{PREFIX}Total: All households{SUFFIX}",
        "not_deprived": f"{PREFIX}Household is not deprived in any dimension{SUFFIX}",
    }
    frame = read_columns(file, columns, name)
    frame = only_england(numbers(frame, ["households", "not_deprived"], name, integers=True))
    frame["share_households_deprived"] = 1 - frame["not_deprived"] / frame["households"]
    validate(frame[HOUSEHOLD_DEPRIVATION.names], HOUSEHOLD_DEPRIVATION, name)
    return frame[HOUSEHOLD_DEPRIVATION.names]
