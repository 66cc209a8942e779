"""Disability: Census 2021 TS038."""

from typing import BinaryIO

from pipeline.tables import Family, Table
from pipeline.tables.columns import LSOA_CODE
from pipeline.tidy.reading import read_given
from pipeline.tidy.registry import Noted, member_reader

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
def tidy_disability(file: BinaryIO, name: str) -> Noted:
    """Residents, and the share of them disabled under the Equality Act; the denominator is the table's own total.

    Raises:
        RawFileError: a column is missing, a value is not a whole number from 0, a total is 0 or less than its part, or
            a code is none or appears twice.
        SchemaError: a value is out of its range.
    """
    columns = {
        "lsoa21_code": "geography code",
        "residents_2021": "Disability: Total: All usual residents",
        "disabled": "Disability: Disabled under the Equality Act",
    }
    given = read_given(file, columns, name).only_england().once().with_counts("residents_2021", "disabled")
    return given.with_share("share_disabled", given.frame["disabled"], of="residents_2021").tidied(DISABILITY)
