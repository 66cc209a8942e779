"""Estimates of people beside a survey of larger areas: which LSOA is where, and what is said."""

import numpy as np
import pandas as pd

from pipeline.catalogue.rates import Rates
from pipeline.risk import estimate_surveyed
from pipeline.stages.survey import describe_survey, locate_in_survey
from tests.fixtures.rates import declare_rates, make_total


def make_nation() -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    random = np.random.default_rng(3)
    codes = [f"E{number:08}" for number in range(240)]
    frame = pd.DataFrame(
        {
            "population_total": random.integers(1_200, 2_000, 240),
            "population_65_plus": random.integers(100, 600, 240),
            "share_disabled": random.uniform(0.1, 0.3, 240),
        },
        index=codes,
    )
    members = pd.Series([f"UK{'ABC'[number // 80]}{number // 20:02}" for number in range(240)], index=codes)
    return frame, pd.Series(random.uniform(10, 90, 240), index=codes), members


def declared(strength: float) -> Rates:
    content = declare_rates(strength)
    content["measures"]["not_online"]["surveyed"] = [make_total(0.08)]
    return Rates.model_validate(content)


def test_an_lsoa_is_in_the_area_of_its_district_of_2022() -> None:
    changes = pd.DataFrame(
        {"lsoa21_code": ["E1", "E1", "E2", "E3"], "lad22_name": ["Fenmouth", "Fenmouth", "Gullhaven", "Elsewhere"]}
    )
    districts = pd.DataFrame({"lad22_name": ["Fenmouth", "Gullhaven"], "nuts3_code": ["UKA01", "UKA02"]})
    found = locate_in_survey(changes, districts)
    assert found[["E1", "E2"]].tolist() == ["UKA01", "UKA02"]
    assert found.isna().tolist() == [False, False, True]


def test_what_a_survey_says_of_the_declared_strength() -> None:
    nation, score, members = make_nation()
    seen = estimate_surveyed(nation, score, declared(0.7)).groupby(members.to_numpy()).sum()
    survey = pd.DataFrame(
        {
            "nuts_code": ["UKA", *seen.index],
            "people_not_online": [1.0, *seen],
            "people_not_online_low": [np.nan, *seen * 0.98],
            "people_not_online_high": [2.0, *seen * 1.02],
        }
    )
    said = describe_survey(nation, score, declared(0.7), survey, members)
    assert said[0].startswith("People not online, 2020 version: 12 of 12 areas of the survey lie within its 95% limits")
    assert "the strength that fits best is 0.70" in said[1]
    assert describe_survey(nation, score, declared(0.7), survey.head(5), members) == []
