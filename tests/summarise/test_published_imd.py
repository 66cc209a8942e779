"""Means of the Index of Multiple Deprivation 2025 over districts and ICBs against those that its publisher gives.

Published averages are weighted with residents of mid-2022. File 7 of a mirror may lack these denominators; residents of
the census of 2021 then stand in for them, and means differ by less than 0.1 points. Shares of LSOAs need no weights and
agree exactly. The publisher gives no summaries for Sub-ICB locations in 2025: these are the same sums.
"""

from io import BytesIO
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest

from pipeline.store import empty
from pipeline.summarise.figures import weigh_deprivation
from pipeline.summarise.units import units_of_level
from pipeline.tidy.deprivation import tidy_deprivation
from pipeline.tidy.lookups import tidy_health_geography
from pipeline.tidy.msoa_names import MSOA_NAMES
from pipeline.tidy.population import tidy_population_census
from tests.fixtures.folders import MIRROR

pytestmark = pytest.mark.real

FILE_13 = {
    "NHS Birmingham and Solihull Integrated Care Board": 34.770,
    "NHS Black Country Integrated Care Board": 30.214,
    "NHS Cheshire and Merseyside Integrated Care Board": 25.531,
    "NHS Dorset Integrated Care Board": 16.905,
    "NHS North West London Integrated Care Board": 23.635,
    "NHS Surrey Heartlands Integrated Care Board": 10.378,
    "NHS West Yorkshire Integrated Care Board": 27.808,
}
"""IMD, average score, of ICBs of 2024: File 13 of the English Indices of Deprivation 2025."""
FILE_10 = {
    "Dacorum": 14.031,
    "East Staffordshire": 19.021,
    "Mid Sussex": 8.658,
    "Oadby and Wigston": 13.428,
    "Rutland": 9.851,
    "Thanet": 32.017,
    "West Berkshire": 11.049,
    "Worthing": 15.928,
}
"""IMD, average score, of districts of 2024: File 10."""
MOST_IN_WORST_TENTH = ["Middlesbrough", "Birmingham", "Hartlepool", "Kingston upon Hull, City of", "Manchester"]
"""The districts with most of their LSOAs in the worst tenth: the statistical release of 30 October 2025."""
RANKS_OF_AVERAGE_RANK = {"Blackpool": 1, "Burnley": 4, "Blackburn with Darwen": 11, "Pendle": 13, "Hyndburn": 16}
"""Lancashire County Council, Indices of deprivation 2025, of 296 districts."""
BY_OTHER_DENOMINATORS, BY_ROUNDED_SCORES = 0.1, 0.001
"""Points by which a mean differs where the census stands in; with the publisher's denominators, by rounding only."""


@pytest.fixture(scope="module")
def nation() -> pd.DataFrame:
    file = MIRROR / "File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv"
    deprivation = tidy_deprivation(file).frame.set_index("lsoa21_code")
    lookup = tidy_health_geography(MIRROR / "LSOA21_SICBL24_ICB24_CAL24_LAD24_EN_LU.csv").frame.set_index("lsoa21_code")
    with ZipFile(MIRROR / "census2021-ts007a.zip") as archive:
        member = next(name for name in archive.namelist() if name.endswith("lsoa.csv"))
        census = tidy_population_census(BytesIO(archive.read(member)), member).frame
    residents = census.set_index("lsoa21_code")["population_total"]
    return deprivation.join(lookup, validate="one_to_one").join(residents, validate="one_to_one")


def means(nation: pd.DataFrame, level: str, column: str) -> pd.Series:
    units = units_of_level(level, nation, empty(MSOA_NAMES))
    assert units is not None
    assert units.partition
    weighted = weigh_deprivation(units.shares, nation) @ nation[column].to_numpy(dtype="float64")
    return pd.Series(weighted, index=units.names.to_numpy())


@pytest.mark.parametrize(("level", "published"), [("icb", FILE_13), ("lad", FILE_10)])
def test_average_scores(nation: pd.DataFrame, level: str, published: dict[str, float]) -> None:
    allowed = BY_OTHER_DENOMINATORS if nation["residents_imd"].isna().any() else BY_ROUNDED_SCORES
    differences = means(nation, level, "imd_score")[list(published)].to_numpy() - np.array(list(published.values()))
    assert np.abs(differences).max() < allowed


def test_shares_of_lsoas_in_the_worst_tenth_are_exact(nation: pd.DataFrame) -> None:
    share = nation.assign(worst=nation["imd_decile"] == 1).groupby("lad_name")["worst"].mean()
    assert share.nlargest(5).index.tolist() == MOST_IN_WORST_TENTH
    assert share["Middlesbrough"] == 0.5
    assert round(float((share > 0).mean()), 2) == 0.65


def test_ranks_of_the_average_rank(nation: pd.DataFrame) -> None:
    order = means(nation, "lad", "imd_rank").rank()[list(RANKS_OF_AVERAGE_RANK)]
    assert np.abs(order.to_numpy() - np.array(list(RANKS_OF_AVERAGE_RANK.values()))).max() <= 1


def test_norfolk_and_waveney_is_the_same_as_sub_icb_and_icb(nation: pd.DataFrame) -> None:
    as_board = means(nation, "icb", "imd_score")["NHS Norfolk and Waveney Integrated Care Board"]
    as_location = means(nation, "sicbl", "imd_score")["NHS Norfolk and Waveney ICB - 26A"]
    assert as_board == pytest.approx(as_location)
