"""CDRC Internet User Classification 2018: the group of each LSOA of 2011."""

from dataclasses import replace
from pathlib import Path

from pipeline.tables import LSOA11, Family, Table
from pipeline.tables.columns import ons_code
from pipeline.tidy.reading import read_given
from pipeline.tidy.registry import Noted, reader

GROUPS = {
    1: "e-Cultural Creators",
    2: "e-Professionals",
    3: "e-Veterans",
    4: "Youthful Urban Fringe",
    5: "e-Rational Utilitarians",
    6: "e-Mainstream",
    7: "Passive and Uncommitted Users",
    8: "Digital Seniors",
    9: "Settled Offline Communities",
    10: "e-Withdrawn",
}
"""The publisher's numbers and names; a higher number is, by and large, less engaged."""

_classification = Family("evidence", "iuc2018")

USER_CLASSIFICATION = Table(
    "user_classification",
    "CDRC Internet User Classification 2018",
    "A classification of neighbourhoods, itself modelled from surveys, sales and infrastructure. An outcome to compare "
    "scores with, never an input to one.",
    (
        ons_code(_classification, "lsoa11_code", "LSOA 2011 code", LSOA11),
        _classification(
            "user_group",
            "order",
            "Group",
            "Number of the group, 1 (most engaged, by and large) to 10 (e-Withdrawn)",
            minimum=1,
            maximum=10,
            worse="high",
        ),
        _classification(
            "user_group_name", "category", "Group name", "The publisher's name of it", categories=tuple(GROUPS.values())
        ),
    ),
    key="lsoa11_code",
    geography="lsoa11",
)


@reader("user_classification", USER_CLASSIFICATION, "validation")
def tidy_user_classification(path: Path) -> Noted:
    """The group of each LSOA of 2011 in England; it need not cover all of it.

    Raises:
        RawFileError: a column is missing, a group is no whole number or has another name than its publisher's, or a
            code is none or appears twice.
        SchemaError: a group is out of its range.
    """
    columns = {"lsoa11_code": "LSOA11_CD", "user_group": "GRP_CD", "user_group_name": "GRP_LABEL"}
    given = read_given(path, columns, key="lsoa11_code").only_england().once().with_counts("user_group")
    named = given.frame["user_group"].map(GROUPS)
    given.refuse("user_group", named.isna(), "no group from 1 to 10")
    told = given.frame["user_group_name"].astype("str").str.strip().str.casefold()
    given.refuse("user_group_name", told != named.str.casefold(), "not the name of the group beside it")
    return replace(given, frame=given.frame.assign(user_group_name=named)).tidied(USER_CLASSIFICATION)
