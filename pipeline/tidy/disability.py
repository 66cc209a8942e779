"""Disability: Census 2021 TS038."""

from typing import BinaryIO

import pandas as pd

from pipeline.tables import Family, Table, validate
from pipeline.tables.columns import LSOA_CODE
from pipeline.tidy.reading import numbers, only_england, read_columns
from pipeline.tidy.registry import member_reader

_disability = Family("population", "census2021_disability")

DISABILITY = Table(
    "disability",
    "Disability, Census 2021",
    "Residents disabled under the Equality Act; the denominator is this table's own total.",
    (
        LSOA_CODE,
        _disability(
            "share_disabled",
            "share",
            "Disabled",
            "Residents disabled under the Equality Act as a share of all usual residents",
            of="residents",
            worse="high",
        ),
        _disability(
            "residents_2021",
            "people",
            "Residents, Census 2021",
            "Usual residents on Census Day, from the table on disability",
            detail=True,
        ),
    ),
    key="lsoa21_code",
)


@member_reader("disability", DISABILITY)
def tidy_disability(file: BinaryIO, name: str) -> pd.DataFrame:
    """Residents, and the share of them disabled under the Equality Act; the denominator is the table's own total.

    Raises:
        RawFileError: a column is missing, or a value is not a whole number.
        SchemaError: a share is out of its range, or a code appears twice.
    """
    columns = {
        "lsoa21_code": "geography code",
        "residents_2021": "Disability: Total: All usual residents",
        "disabled": "Disability: Disabled under the Equality Act",
    }
    frame = read_columns(file, columns, name)
    frame = only_england(numbers(frame, ["residents_2021", "disabled"], name, integers=True))
    frame["share_disabled"] = frame["disabled"] / frame["residents_2021"]
    validate(frame[DISABILITY.names], DISABILITY, name)
    return frame[DISABILITY.names]
