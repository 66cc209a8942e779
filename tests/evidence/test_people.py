"""Estimates of people beside a survey's own figures: by hand, and on the real survey."""

import numpy as np
import pandas as pd
import pytest

from pipeline.catalogue import Index, read_index
from pipeline.catalogue.rates import read_rates
from pipeline.errors import EvidenceError
from pipeline.evidence import compare_with_survey, describe_people, fit_strength
from pipeline.index import score
from pipeline.risk import estimate_surveyed
from tests.fixtures.folders import DECLARED, MIRROR
from tests.fixtures.projects import Built

CODES = [f"E{number}" for number in range(6)]
MEMBERS = pd.Series(["A", "A", "B", "B", "C", None], index=CODES)
SURVEY = pd.DataFrame(
    {"low": [1_000, np.nan, 3_000], "estimate": [2_000, 1_000, 4_000], "high": [3_000, 2_500, 5_000]},
    index=["A", "B", "C"],
    dtype="float64",
)


def test_sums_are_scaled_to_the_survey_and_held_to_its_limits() -> None:
    people = pd.Series([500.0, 500.0, 1000.0, 500.0, 1000.0, 900.0], index=CODES)
    found = compare_with_survey(people, MEMBERS, SURVEY)
    # 1,000, 1,500 and 1,000 in the three areas, times 2.
    assert found.scale == pytest.approx(2)
    assert found.frame["people"].tolist() == pytest.approx([2_000, 3_000, 2_000])
    assert found.frame["inside"].tolist() == [True, False, False]
    assert found.inside == 1
    assert found.share == pytest.approx(1 / 3)
    by_hand = 2 * (1 * np.log(1 / 3) - (1 - 3)) + 2 * (4 * np.log(4 / 2) - (4 - 2))
    assert found.deviance == pytest.approx(by_hand)


def test_a_lower_limit_below_nobody_is_nobody() -> None:
    people = pd.Series([500.0, 500.0, 1.0, 0.0, 2000.0, 0.0], index=CODES)
    assert compare_with_survey(people, MEMBERS, SURVEY).frame["inside"].tolist() == [True, True, True]


def test_an_area_of_the_survey_without_lsoas_is_named() -> None:
    with pytest.raises(EvidenceError, match=r"1 area\(s\) of the survey have no LSOA: C"):
        compare_with_survey(pd.Series(1.0, index=CODES[:4]), MEMBERS, SURVEY)


def test_the_strength_that_made_the_figures_is_fitted() -> None:
    """Areas whose people grow by exp(strength × z): the survey saw 0.8, in every region."""
    random = np.random.default_rng(7)
    codes = [f"E{number}" for number in range(400)]
    z = pd.Series(random.normal(size=400), index=codes)
    members = pd.Series([f"A{number // 10}" for number in range(400)], index=codes)

    def estimate(strength: float) -> pd.Series:
        return pd.Series(100 * np.exp(strength * z), index=codes)

    seen = estimate(0.8).groupby(members.to_numpy()).sum()
    survey = pd.DataFrame({"low": seen * 0.9, "estimate": seen, "high": seen * 1.1})
    groups = pd.Series([code[:2] for code in survey.index], index=survey.index)
    fit = fit_strength(estimate, members, survey, groups)
    assert fit.strength == pytest.approx(0.8, abs=0.01)
    assert fit.low <= fit.strength <= fit.high
    assert (fit.fitted.inside, fit.left_out.inside) == (40, 40)
    assert fit.without.inside < 40
    said = " ".join(describe_people(fit.without, fit, 0.0, 2020))
    assert "40 within (100%), and 40 (100%) of areas in regions that it was not fitted to" in said


# --- On the real survey ---

PLAIN = {
    "share_75_plus": (24, 1),
    "share_households_deprived": (20, 1),
    "share_owned_outright": (16, 1),
    "health_rank": (11, -1),
    "share_social_rented": (11, 1),
    "adult_skills_deprivation": (9, 1),
    "residents_per_household": (9, -1),
}
"""A plain non-negative fit of percentiles to several outcomes: a score that sees age and hardship alike."""


def plain_index() -> Index:
    components = [
        {
            "name": name,
            "title": name,
            "weight": weight,
            "why": "w",
            "indicators": [{"column": name, "direction": direction}],
        }
        for name, (weight, direction) in PLAIN.items()
    ]
    content = {"id": "plain", "title": "Plain", "description": "d", "source": "s", "normalisation": "percentile"}
    return Index.model_validate({**content, "scale": 100, "components": components})


def read_survey() -> pd.DataFrame:
    rows = (
        pd.read_excel(MIRROR / "internetusers2020.xlsx", sheet_name="9a", header=None, engine="openpyxl")
        .to_numpy()
        .tolist()
    )
    found = {}
    for row in rows:
        for at in (0, 6):
            if len(row) > at + 4 and isinstance(row[at], str) and len(row[at]) == 5 and row[at].startswith("UK"):
                low, estimate, high = (pd.to_numeric(row[at + place], errors="coerce") for place in (2, 3, 4))
                found[row[at]] = (1000 * low, 1000 * estimate, 1000 * high)
    return pd.DataFrame.from_dict(found, orient="index", columns=["low", "estimate", "high"])


def read_membership() -> pd.Series:
    changes = pd.read_csv(MIRROR / "LSOA11_LSOA21_LAD22_EW_LU.csv", encoding="utf-8-sig")
    districts = pd.read_csv(MIRROR / "LAD22_NUTS3_EN_LU.csv").set_index("lad22_name")["nuts3_code"]
    by_code = changes.drop_duplicates("LSOA21CD").set_index("LSOA21CD")["LAD22NM"]
    return by_code.map(districts)


@pytest.mark.real
@pytest.mark.slow
def test_the_estimates_of_2020_lie_within_the_surveys_own_limits(real: Built) -> None:
    """Labour Force Survey 2020, table 9a: 133 areas of England. By age and disability alone, three in four lie within.

    With a score that sees age and hardship alike at least 0.82 do, at the declared strength and near it.
    """
    nation, rates = real[0].nation_table("england"), read_rates(DECLARED / "rates.toml")
    nation = nation.set_index("lsoa21_code") if "lsoa21_code" in nation.columns else nation
    membership, survey = read_membership(), read_survey()
    survey = survey[survey.index.isin(membership.dropna())]
    assert len(survey) == 133
    regions = pd.Series(survey.index.str[:3], index=survey.index)
    plain = score(plain_index(), nation).score

    def estimate(strength: float) -> pd.Series:
        return estimate_surveyed(nation, plain, rates, strength)

    fit = fit_strength(estimate, membership, survey, regions)
    now = compare_with_survey(estimate(rates.shape.strength), membership, survey)
    print("\n".join(describe_people(now, fit, rates.shape.strength, 2020)))
    assert fit.without.share < 0.78
    assert now.share >= 0.82
    assert fit.low > 0.8
    assert fit.high < 1.4
    assert fit.left_out.share >= 0.78
    shipped = read_index(DECLARED / "indices" / "norfolk-waveney.toml")
    people = estimate_surveyed(nation, score(shipped, nation).score, rates)
    by_shipped = compare_with_survey(people, membership, survey)
    print(f"by the shipped index: {by_shipped.inside} of {len(survey)}, deviance {by_shipped.deviance:.0f}")
    assert by_shipped.share >= 0.78
    assert by_shipped.deviance < fit.without.deviance
