"""Older residents of the wider neighbourhood: of the Middle layer Super Output Area that an LSOA is part of."""

import pandas as pd

from pipeline.reading.codes import msoa_names
from pipeline.tables import Family
from pipeline.tidy.registry import derived

SHARE_75_PLUS_MSOA = Family("population")(
    "share_75_plus_msoa",
    "share",
    "Aged 75 and over, wider neighbourhood",
    "Residents aged 75 and over as a share of all residents of the MSOA that it is part of, some five LSOAs",
    of="residents of the MSOA",
    worse="high",
    derived_from=("lsoa21_name", "population_75_plus", "population_total"),
    detail=True,
)


@derived(SHARE_75_PLUS_MSOA, over_nation=True)
def share_75_plus_msoa(nation: pd.DataFrame) -> pd.Series:
    """Residents aged 75 and over by all residents, both summed over the MSOA."""
    older, everybody = ("population_75_plus", "population_total")
    sums = nation[[older, everybody]].groupby(msoa_names(nation["lsoa21_name"])).transform("sum")
    return sums[older] / sums[everybody]
