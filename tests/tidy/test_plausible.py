"""What a source's own columns contradict is refused; what is published passes."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from pipeline.catalogue import read_sources
from pipeline.errors import RawFileError
from pipeline.tidy import reader_of
from pipeline.tidy.plausible import refuse_implausible
from tests.fixtures.folders import DECLARED
from tests.fixtures.nation import tidied_nation

Change = Callable[[pd.DataFrame], pd.DataFrame]
DECLARED_SOURCES = read_sources(DECLARED / "sources.toml")


def judge(source: str, frame: pd.DataFrame) -> None:
    by = reader_of(DECLARED_SOURCES[source])
    refuse_implausible(by.reads, frame, by.table, f"{source}.csv")


def everywhere(column: str, value: float) -> Change:
    return lambda frame: frame.assign(**{column: value})


def once(column: str, value: float, row: int = 4) -> Change:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        values = frame[column].mask(np.arange(len(frame)) == row, value)
        return frame.assign(**{column: values.astype(frame[column].dtype)})

    return change


def exchanged(one: str, other: str) -> Change:
    return lambda frame: frame.assign(**{one: frame[other].to_numpy(), other: frame[one].to_numpy()})


@pytest.mark.parametrize("areas", [60, 120])
def test_what_is_published_passes(areas: int) -> None:
    for source, frame in tidied_nation(areas).items():
        judge(source, frame)


@pytest.mark.parametrize(
    ("source", "change", "message"),
    [
        ("iod2025_file7", once("imd_rank", 999_999), r"at most 120.*E0190\d+ \(999,999\)"),
        ("iod2025_file7", once("crime_rank", 121), "crime_rank: a rank is at most 120"),
        ("iod2025_file7", everywhere("imd_rank", 1), "imd_rank is no ranking of its 120 LSOAs"),
        ("iod2025_file7", everywhere("income_rank", 60), "income_rank is no ranking"),
        ("iod2025_file7", lambda f: f.assign(imd_rank=121 - f["imd_rank"]), "imd_rank runs the wrong way"),
        ("iod2025_file7", lambda f: f.assign(imd_decile=11 - f["imd_decile"]), "Decile 1 should be the most deprived"),
        ("iod2025_file7", once("imd_decile", 10, row=0), "imd_decile contradicts imd_rank"),
        ("iod2025_file7", once("imd_score", 99.0), r"imd_score contradicts imd_rank.*\(99, "),
        (
            "iod2025_file7",
            exchanged("income_deprivation", "employment_deprivation"),
            "income_deprivation contradicts income_rank",
        ),
        ("iod2025_file7", exchanged("crime_rank", "health_rank"), "seven domain ranks"),
        ("iod2025_file7", once("health_deprivation", 11.0), r"health_deprivation contradicts health_rank.*\(11, "),
        (
            "iod2025_file7",
            once("education_deprivation", 0.0, row=3),
            "education_deprivation contradicts education_rank",
        ),
        (
            "iod2025_file7",
            lambda f: f.assign(health_deprivation=121.0 - f["health_rank"]),
            "health_deprivation has the mean 60.50",
        ),
        ("iod2025_file7", everywhere("adult_skills_deprivation", 0.3), "is 0.3 for every LSOA"),
        (
            "iod2025_file7",
            lambda f: f.assign(adult_skills_deprivation=f["adult_skills_deprivation"].to_numpy()[::-1]),
            "adult_skills_deprivation does not go with education_rank",
        ),
        (
            "iod2025_file8",
            lambda f: f.assign(broadband_deprivation=60 - 20 * f["broadband_deprivation"]),
            "not Mbit/s",
        ),
        ("iod2025_file8", once("broadband_deprivation", 80.0), r"no standardised score: E0190\d+ \(80\)"),
        (
            "iod2025_file8",
            exchanged("broadband_deprivation", "transport_connectivity"),
            "broadband_deprivation has the mean",
        ),
        ("ruc2021", everywhere("rurality", 0), "rurality is 0 for every LSOA"),
        ("census2021_household_deprivation", everywhere("households", 100), "Are these percentages"),
        (
            "census2021_household_deprivation",
            lambda f: f.assign(households=f["households"] % 3 + 99),
            "half of the LSOAs have fewer than 100 in households",
        ),
        (
            "census2021_household_deprivation",
            lambda f: f.assign(share_households_deprived=f["share_households_two_dimensions"] * 0.99),
            "more households are deprived in two or more ways",
        ),
        ("census2021_tenure", everywhere("households_by_tenure", 100), "Are these percentages"),
        ("census2021_tenure", lambda f: f.assign(share_owned_outright=0.9), "together more than all households"),
        ("census2021_age", lambda f: f.assign(population_total=f["population_total"] * 1000), "or thousands"),
        ("census2021_age", once("population_total", 3), r"population_total of 1 LSOA\(s\) is not between 50"),
        ("census2021_age", lambda f: f.assign(share_75_plus=f["share_75_plus"] / 100), "median of share_75_plus"),
        ("census2021_disability", everywhere("share_disabled", 0.2), "share_disabled is 0.2 for every LSOA"),
        (
            "census2021_disability",
            lambda f: f.assign(share_disabled=np.where(np.arange(len(f)) < 80, 0.2, f["share_disabled"])),
            "is 0.2 for 80 of 120 LSOAs",
        ),
    ],
)
def test_what_cannot_be_is_named(source: str, change: Change, message: str) -> None:
    with pytest.raises(RawFileError, match=message) as refused:
        judge(source, change(tidied_nation()[source].copy()))
    assert str(refused.value).startswith(f"{source}.csv: ")


def test_libraries_off_the_map_are_named() -> None:
    listed = pd.concat([tidied_nation(600)["libraries"]])
    swapped = listed.assign(x=listed["y"] - 300_000, y=listed["x"] + 100_000)
    with pytest.raises(RawFileError, match="lie outside England: row 2"):
        judge("libraries", swapped)


def test_few_rows_are_not_judged_by_how_they_are_spread() -> None:
    frame = tidied_nation()["iod2025_file8"].head(5)
    judge("iod2025_file8", frame.assign(broadband_deprivation=1.0))
