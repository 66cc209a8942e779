"""Households and their deprivation: Census 2021 TS011."""

from typing import BinaryIO

import pandas as pd

from pipeline.tables import HOUSEHOLD_DEPRIVATION, validate
from pipeline.tidy.reading import numbers, only_england, pick, read_csv

PREFIX, SUFFIX = "Household deprivation: ", "; measures: Value"


def tidy_household_deprivation(file: BinaryIO, name: str) -> pd.DataFrame:
    """The number of households, and the share deprived in at least one of education, employment, health and housing.

    Raises:
        RawFileError: a column is missing, or a value is no whole number.
        SchemaError: a share is out of its range, or a code stands twice.
    """
    columns = {
        "lsoa21_code": "geography code",
        "households": f"{PREFIX}Total: All households{SUFFIX}",
        "not_deprived": f"{PREFIX}Household is not deprived in any dimension{SUFFIX}",
    }
    frame = pick(read_csv(file, name), columns, name)
    frame = only_england(numbers(frame, ["households", "not_deprived"], name, whole=True))
    frame["share_households_deprived"] = 1 - frame["not_deprived"] / frame["households"]
    validate(frame[HOUSEHOLD_DEPRIVATION.names], HOUSEHOLD_DEPRIVATION, name)
    return frame[HOUSEHOLD_DEPRIVATION.names]
