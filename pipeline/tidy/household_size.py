"""Residents for each household, from two tables of the same census."""

import pandas as pd


def add_household_size(joined: pd.DataFrame) -> pd.DataFrame:
    """``joined`` with ``residents_per_household``: ``residents_2021`` (TS038) over ``households`` (TS011).

    Residents of care homes, halls and barracks count as residents and not as households, so the few areas that have
    many of them look as if their households were large.
    """
    return joined.assign(residents_per_household=joined["residents_2021"] / joined["households"])
