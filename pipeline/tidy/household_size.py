"""Residents for each household, from two tables of the same census."""

import pandas as pd

from pipeline.tables import Family
from pipeline.tidy.registry import derived

HOUSEHOLD_SIZE = Family("households")(
    "residents_per_household",
    "ratio",
    "Residents per household",
    "Usual residents (residents_2021) divided by households; residents of care homes and halls are included",
    unit="residents",
    worse="low",
    derived_from=("residents_2021", "households"),
    detail=True,
)


@derived(HOUSEHOLD_SIZE)
def household_size(joined: pd.DataFrame) -> pd.Series:
    """``residents_2021`` (TS038) over ``households`` (TS011).

    Residents of care homes, halls and barracks count as residents and not as households, so the few areas with
    many of them seem to have large households.
    """
    return joined["residents_2021"] / joined["households"]
