"""Tenure of households: Census 2021 TS054."""

from typing import BinaryIO

from pipeline.tables import Family, Table
from pipeline.tables.columns import AREA_NAME, LSOA_CODE
from pipeline.tidy.reading import read_given
from pipeline.tidy.registry import Noted, member_reader

PREFIX = "Tenure of household: "


_tenure = Family("households", "census2021_tenure")

TENURE = Table(
    "tenure",
    "Tenure of households, Census 2021",
    "Shares of households; the denominator is this table's own total.",
    (
        LSOA_CODE,
        *(
            _tenure(name, "share", title, meaning, of="households", detail=True)
            for name, title, meaning in (
                ("share_owned_outright", "Homes owned outright", "Households that own their home without a mortgage"),
                (
                    "share_social_rented",
                    "Social rented",
                    "Households that rent from a council or a housing association",
                ),
                ("share_private_rented", "Private rented", "Households that rent privately"),
            )
        ),
        _tenure(
            "share_owned_or_social",
            "share",
            "Owned outright or social rented",
            "Households that own without a mortgage or rent from a council or a housing association: those that "
            "neither pay a mortgage nor rent privately, nearly all",
            of="households",
            worse="high",
            detail=True,
        ),
        _tenure(
            "households_by_tenure",
            "count",
            "Households by tenure",
            "All households on Census Day by this table, which should be those of the table on their deprivation",
            unit="households",
            minimum=1,
            detail=True,
            compared_only=True,
        ),
        AREA_NAME,
    ),
    key="lsoa21_code",
)


_OTHERS = {
    AREA_NAME.name: "geography",
    "owned": f"{PREFIX}Owned",
    "mortgage": f"{PREFIX}Owned: Owns with a mortgage or loan",
    "shared_ownership": f"{PREFIX}Shared ownership: Shared ownership",
    "council": f"{PREFIX}Social rented: Rents from council or Local Authority",
    "association": f"{PREFIX}Social rented: Other social rented",
    "landlord": f"{PREFIX}Private rented: Private landlord or letting agency",
    "other_private": f"{PREFIX}Private rented: Other private rented",
    "rent_free": f"{PREFIX}Lives rent free",
}
"""The other columns of the table, by which those that are used are checked."""


@member_reader("tenure", TENURE)
def tidy_tenure(file: BinaryIO, name: str) -> Noted:
    """The shares of households that own outright, rent socially and rent privately, and the total that they are of.

    Those that own outright and those that rent socially are given together as well: few of either are of working age
    and in work, which is what they have in common.

    Raises:
        RawFileError: a column is missing, a value is not a whole number from 0, a total is 0 or less than its part, or
            a code is none or appears twice.
        SchemaError: a value is out of its range.
    """
    kinds = {
        "share_owned_outright": f"{PREFIX}Owned: Owns outright",
        "share_social_rented": f"{PREFIX}Social rented",
        "share_private_rented": f"{PREFIX}Private rented",
    }
    columns = {"lsoa21_code": "geography code", "households_by_tenure": f"{PREFIX}Total: All households", **kinds}
    given = read_given(file, columns, name, perhaps=_OTHERS).only_england().once()
    given = given.with_counts("households_by_tenure", *kinds)
    shares = ("owned", "shared_ownership", "share_social_rented", "share_private_rented", "rent_free")
    for total, parts in (
        ("households_by_tenure", shares),
        ("owned", ("share_owned_outright", "mortgage")),
        ("share_social_rented", ("council", "association")),
        ("share_private_rented", ("landlord", "other_private")),
    ):
        given = given.refuse_other_sum(total, *parts)
    neither = given.frame["share_owned_outright"] + given.frame["share_social_rented"]
    given = given.with_share("share_owned_or_social", neither, of="households_by_tenure")
    for share in kinds:
        given = given.with_share(share, given.frame[share], of="households_by_tenure")
    return given.tidied(TENURE)
