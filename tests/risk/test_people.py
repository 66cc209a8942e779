"""People at risk by rates that differ with age: by hand, and what they must keep to."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue.rates import Rates
from pipeline.errors import ScoringError
from pipeline.risk.people import estimate_people_at_risk, measure_coverage
from tests.fixtures.indices import make_series
from tests.fixtures.rates import make_rates


def areas() -> pd.DataFrame:
    columns = {
        "population_total": [1000, 2000, 500],
        "population_65_plus": [200, 100, 0],
        "income_deprivation": [0.1, 0.2, 0.4],
    }
    return pd.DataFrame(columns, index=["A", "B", "C"])


def test_people_at_risk_by_hand() -> None:
    found = estimate_people_at_risk(areas(), make_rates())
    low = [800 * 0.8 * 0.01 + 200 * 0.2, 1900 * 0.8 * 0.01 + 20, 4.0]
    high = [800 * 0.8 * 0.1 + 120, 1900 * 0.8 * 0.1 + 60, 40.0]
    assert found["people_at_risk_low"].tolist() == pytest.approx(low)
    assert found["people_at_risk_high"].tolist() == pytest.approx(high)
    assert found["people_at_risk"].tolist() == pytest.approx([(a + b) / 2 for a, b in zip(low, high, strict=True)])


def test_scaling_by_deprivation_keeps_the_nations_total() -> None:
    plain, scaled = estimate_people_at_risk(areas(), make_rates()), estimate_people_at_risk(areas(), make_rates(0.3))
    for column in plain:
        assert scaled[column].sum() == pytest.approx(plain[column].sum())
    assert scaled["people_at_risk"]["C"] > plain["people_at_risk"]["C"]
    assert scaled["people_at_risk"]["A"] < plain["people_at_risk"]["A"]


@given(st.floats(0, 2), st.sampled_from([0.2, 0.6, 0.95]))
def test_no_scaling_moves_the_nations_total_though_no_rate_passes_one(elasticity: float, high: float) -> None:
    content = make_rates(elasticity).model_dump()
    content["bands"][1]["high"]["value"] = high
    found = estimate_people_at_risk(areas(), Rates.model_validate(content))
    plain = estimate_people_at_risk(areas(), Rates.model_validate(content | {"scaling": None}))
    assert found["people_at_risk_high"].sum() == pytest.approx(plain["people_at_risk_high"].sum())


def test_scaling_that_cannot_keep_the_total_is_refused() -> None:
    frame = areas().assign(income_deprivation=[0.0, 0.0, 0.9], population_65_plus=[200, 100, 10])
    with pytest.raises(ScoringError, match="Lower the elasticity"):
        estimate_people_at_risk(frame, make_rates(2))


@pytest.mark.parametrize(
    ("column", "message"), [("share_75_plus", "does not count people"), ("ruc21_code", "does not count people")]
)
def test_bands_count_people(column: str, message: str) -> None:
    content = make_rates().model_dump()
    content["bands"][1]["column"] = column
    with pytest.raises(ScoringError, match=message):
        estimate_people_at_risk(areas().assign(share_75_plus=0.1, ruc21_code="UN1"), Rates.model_validate(content))


def test_scaling_by_a_rank_is_refused() -> None:
    content = make_rates(0.5).model_dump()
    content["scaling"]["column"] = "imd_rank"
    with pytest.raises(ScoringError, match="go backwards"):
        estimate_people_at_risk(areas().assign(imd_rank=[1, 2, 3]), Rates.model_validate(content))


@given(st.floats(0, 2))
def test_the_middle_lies_between_low_and_high_and_nobody_counts_twice(elasticity: float) -> None:
    found = estimate_people_at_risk(areas(), make_rates(elasticity))
    assert (found["people_at_risk_low"] <= found["people_at_risk"] + 1e-9).all()
    assert (found["people_at_risk"] <= found["people_at_risk_high"] + 1e-9).all()
    assert (found["people_at_risk_high"] <= areas()["population_total"]).all()


def test_more_old_people_than_people_are_refused_by_code() -> None:
    with pytest.raises(ScoringError, match="more residents in the age bands than in total: C"):
        estimate_people_at_risk(areas().assign(population_65_plus=[1, 1, 501]), make_rates())


def test_what_a_worst_tenth_list_covers_and_misses() -> None:
    found = measure_coverage(make_series([10.0, 30.0, 60.0]), make_series([1, 2, 3]))
    assert (found.inside, found.missed, found.share) == (10.0, 90.0, 0.1)
    assert measure_coverage(make_series([0.0]), make_series([1])).share == 0
