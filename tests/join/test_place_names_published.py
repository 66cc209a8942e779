"""Names of places from the published files: unique within every district of England, and the same in any order."""

import geopandas as gpd
import pandas as pd
import pytest

from pipeline.join.place_names import former_districts, name_places
from pipeline.tidy.lookups import tidy_health_geography, tidy_lsoa_changes, tidy_wards
from pipeline.tidy.msoa_names import tidy_msoa_names
from tests.fixtures.folders import MIRROR

pytestmark = pytest.mark.real
SUB_ICB = "E38000239"


@pytest.fixture(scope="module")
def england() -> pd.DataFrame:
    lookup = tidy_health_geography(MIRROR / "LSOA21_SICBL24_ICB24_CAL24_LAD24_EN_LU.csv").frame
    wards = tidy_wards(MIRROR / "LSOA21_WD24_LAD24_EW_LU.csv").frame[["lsoa21_code", "ward_name"]]
    return lookup.merge(wards, on="lsoa21_code", validate="one_to_one")


@pytest.fixture(scope="module")
def msoas() -> dict[str, str]:
    frame = tidy_msoa_names(MIRROR / "MSOA-Names-Latest2.csv").frame
    return dict(zip(frame["msoa21_name"], frame["msoa21_common_name"], strict=True))


@pytest.fixture(scope="module")
def points() -> pd.DataFrame:
    outlines = gpd.read_parquet(MIRROR / "LSOA21_BSC_EN.parquet")
    middle = outlines.geometry.to_crs(27700).centroid
    return pd.DataFrame({"easting": middle.x, "northing": middle.y}).set_index(outlines["LSOA21CD"])


def test_every_name_of_england_is_unique_within_its_district(
    england: pd.DataFrame, msoas: dict[str, str], points: pd.DataFrame
) -> None:
    names = name_places(england, msoas, points)
    districts = england.set_index("lsoa21_code")["lad_code"]
    assert not pd.DataFrame({"name": names, "district": districts}).duplicated().any()
    assert names.str.contains(" side$|, centre$").mean() > 0.75
    some = england[england["lad_code"].isin(sorted(set(england["lad_code"]))[::10])]
    other = name_places(some.sample(frac=1, random_state=3), msoas, points.iloc[::-1])
    pd.testing.assert_series_equal(names[other.index], other)


def test_norfolk_and_waveney_has_names_that_people_know_and_waveney(
    england: pd.DataFrame, msoas: dict[str, str], points: pd.DataFrame
) -> None:
    """72 of its LSOAs lie in East Suffolk, in what was the district of Waveney until 2019."""
    here = england[england["sicbl_code"] == SUB_ICB]
    near = england[england["lad_code"].isin(here["lad_code"])]
    names = name_places(near, msoas, points.loc[here["lsoa21_code"]])[here["lsoa21_code"]]
    assert names.groupby(here.set_index("lsoa21_code")["lad_code"]).nunique().sum() == len(here) == 624
    assert names["E01026592"] == "Caister on Sea, east side"
    former = former_districts(here, tidy_lsoa_changes(MIRROR / "LSOA11_LSOA21_LAD22_EW_LU.csv").frame)
    assert former.value_counts().to_dict() == {"Waveney": 72}
