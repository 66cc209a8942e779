"""Census 2021: the share of household returns that came online, by LSOA of 2011, and where paper was sent first."""

from dataclasses import replace
from pathlib import Path

from pipeline.tables import LSOA11, Family, Table
from pipeline.tables.columns import ons_code
from pipeline.tidy.reading import read_given
from pipeline.tidy.registry import Noted, reader

ROUNDING = 0.002
"""By how much the two shares, which are rounded to three decimals, may miss 1 together."""
ANSWERS = {"yes": True, "no": False}

_returns = Family("evidence", "ons_online_share")

ONLINE_SHARE = Table(
    "online_share",
    "Online share of household returns, Census 2021",
    "Observed, not modelled; not official statistics. Where paper was sent first, more answered on paper for that "
    "reason. An outcome to compare scores with, never an input to one.",
    (
        ons_code(_returns, "lsoa11_code", "LSOA 2011 code", LSOA11),
        _returns(
            "online_share",
            "share",
            "Answered online",
            "Household addresses that returned a census questionnaire online, as a share of those that returned one",
            of="household returns",
            worse="low",
        ),
        _returns(
            "paper_first",
            "flag",
            "Paper first",
            "Whether households were sent a paper questionnaire at first, and not a letter with an access code only",
        ),
    ),
    key="lsoa11_code",
    geography="lsoa11",
)


@reader("online_share", ONLINE_SHARE, "validation")
def tidy_online_share(path: Path) -> Noted:
    """The share of returns that came online, 0 to 1, and the paper-first flag, by LSOA of 2011.

    It need not cover all of the nation.

    Raises:
        RawFileError: a column is missing, a value is not a number, a flag is neither Yes nor No, the two shares do not
            add up to 1, or a code is none or appears twice.
        SchemaError: a value is out of its range.
    """
    columns = {
        "lsoa11_code": "LSOA Code",
        "paper_first": "Paper First",
        "online_share": "Online share of returns",
        "paper_share": "Paper share of returns",
    }
    given = read_given(path, columns, key="lsoa11_code").only_england().once()
    given = given.with_numbers("online_share", "paper_share")
    frame = given.frame
    added = frame["online_share"] + frame["paper_share"]
    given.refuse(
        "online_share",
        (added - 1).abs() > ROUNDING + 1e-9,
        "not what the paper share leaves of 1",
        "One of the two columns was changed, or both are written as percentages: fetch the file again.",
    )
    answers = frame["paper_first"].astype("str").str.strip().str.casefold()
    given.refuse("paper_first", ~answers.isin(list(ANSWERS)), "neither Yes nor No")
    flags = answers.map(ANSWERS).astype("bool")
    return replace(given, frame=frame.assign(paper_first=flags)).tidied(ONLINE_SHARE)
