"""Disability: Census 2021 TS038."""

from typing import BinaryIO

import pandas as pd

from pipeline.tables import DISABILITY, validate
from pipeline.tidy.reading import numbers, only_england, pick, read_csv


def tidy_disability(file: BinaryIO, name: str) -> pd.DataFrame:
    """Residents, and the share of them disabled under the Equality Act; the denominator is the table's own total.

    Raises:
        RawFileError: a column is missing, or a value is no whole number.
        SchemaError: a share is out of its range, or a code stands twice.
    """
    columns = {
        "lsoa21_code": "geography code",
        "residents_2021": "Disability: Total: All usual residents",
        "disabled": "Disability: Disabled under the Equality Act",
    }
    frame = pick(read_csv(file, name), columns, name)
    frame = only_england(numbers(frame, ["residents_2021", "disabled"], name, whole=True))
    frame["share_disabled"] = frame["disabled"] / frame["residents_2021"]
    validate(frame[DISABILITY.names], DISABILITY, name)
    return frame[DISABILITY.names]
