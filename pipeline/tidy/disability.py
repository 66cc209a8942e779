"""Disability: Census 2021 TS038."""

from typing import BinaryIO

from pipeline.tables import Family, Table
from pipeline.tables.columns import AREA_NAME, LSOA_CODE
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
        AREA_NAME,
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
    others = {
        AREA_NAME.name: "geography",
        "not_disabled": "Disability: Not disabled under the Equality Act",
        **{
            f"limited_{much}": f"{columns['disabled']}: Day-to-day activities limited a {much}"
            for much in ("lot", "little")
        },
    }
    given = read_given(file, columns, name, perhaps=others).only_england().once()
    given = given.with_counts("residents_2021", "disabled")
    given = given.refuse_other_sum("residents_2021", "disabled", "not_disabled")
    given = given.refuse_other_sum("disabled", "limited_lot", "limited_little")
    return given.with_share("share_disabled", given.frame["disabled"], of="residents_2021").tidied(DISABILITY)
