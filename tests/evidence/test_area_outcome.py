import numpy as np
import pandas as pd
import pytest

from pipeline.catalogue import DeclaredOutcome
from pipeline.errors import EvidenceError
from pipeline.evidence import AreaOutcome, GivenAreas, Outcome, agree, error_of_limits, match_area_outcome

UNITS = [f"X{n:02}" for n in range(12)]
CODES = pd.Index([f"E0100000{n:02}" for n in range(24)], name="lsoa21_code")


def declared(**values: object) -> DeclaredOutcome:
    return DeclaredOutcome.model_validate(
        {
            "id": "offline",
            "title": "Offline",
            "measures": "Adults offline",
            "source": "survey",
            "column": "offline",
            "level": "nuts3",
            "caveat": "A sample.",
            **values,
        }
    )


def pairs(weights: list[float] | None = None) -> pd.DataFrame:
    """Two LSOAs in each of twelve areas."""
    return pd.DataFrame({"unit": np.repeat(UNITS, 2), "lsoa21_code": CODES, "weight": weights or [1.0] * 24})


def matched(values: pd.Series, membership: pd.DataFrame, error: pd.Series | None = None) -> AreaOutcome:
    return match_area_outcome(declared(), GivenAreas(values, error), membership, CODES)


def test_a_score_of_an_area_is_the_mean_of_its_lsoas_by_residents() -> None:
    outcome = matched(pd.Series(np.arange(12.0), index=UNITS), pairs([3.0, 1.0] * 12))
    scores = pd.DataFrame({"s": np.arange(24.0)}, index=CODES)
    # The second area has the LSOAs 2 and 3: (3 · 2 + 1 · 3) / 4.
    assert outcome.scores_of(scores)["s"].to_list()[:2] == [0.25, 2.25]
    assert agree(scores["s"], outcome) == pytest.approx(1)
    assert agree(-scores["s"], outcome) == pytest.approx(-1)


def test_an_area_without_a_value_and_one_that_lies_mostly_elsewhere_are_left_out_and_counted() -> None:
    values = pd.Series(np.arange(13.0), index=[*UNITS, "X99"])
    values["X00"] = np.nan
    membership = pairs()
    membership.loc[membership["lsoa21_code"] == CODES[3], ["lsoa21_code", "weight"]] = ("W01000001", 3.0)
    outcome = matched(values, membership)
    assert list(outcome.left_out.values()) == [1, 1, 1]
    assert outcome.rows == 13
    assert outcome.values.index.to_list() == UNITS[2:]


def test_too_few_areas_one_value_and_an_area_twice_are_refused() -> None:
    values = pd.Series(np.arange(12.0), index=UNITS)
    with pytest.raises(EvidenceError, match="5 of its 5 areas have a value"):
        matched(values[:5], pairs())
    with pytest.raises(EvidenceError, match="the same value, 4"):
        matched(values * 0 + 4, pairs())
    with pytest.raises(EvidenceError, match="1 area.s. appear more than once: X00"):
        matched(pd.concat([values, values[:1]]), pairs())


def test_the_error_is_the_half_width_of_the_interval_and_the_upper_half_where_the_lower_limit_is_not_given() -> None:
    values, low, high = pd.Series([10.0, 2.0]), pd.Series([6.08, np.nan]), pd.Series([13.92, 5.92])
    assert error_of_limits(values, low, high).to_list() == pytest.approx([2.0, 2.0], abs=1e-4)


def test_reliability_is_the_share_of_variance_that_is_not_error() -> None:
    # The variance of 0 to 11 is 13; an error of 2 has the variance 4.
    values = pd.Series(np.arange(12.0), index=UNITS)
    outcome = matched(values, pairs(), pd.Series(2.0, index=UNITS))
    assert outcome.reliability == pytest.approx(1 - 4 / 13)
    assert matched(values, pairs()).reliability is None
    assert matched(values, pairs(), pd.Series(9.0, index=UNITS)).reliability == 0


def test_a_group_is_compared_by_the_chance_that_one_of_it_scores_above_another() -> None:
    codes = CODES[:4]
    outcome = Outcome("g", pd.Series([0.0, 0.0, 1.0, 1.0], index=codes), False, "2021", 4, {}, "group")
    # Of four pairs, two are in order, one is not, and one is a tie.
    assert agree(pd.Series([1.0, 3.0, 3.0, 2.0], index=codes), outcome) == pytest.approx(2.5 / 4)
    assert agree(pd.Series([1.0, 2.0, 3.0, 4.0], index=codes), outcome) == 1


def test_an_area_belongs_to_the_place_where_most_of_its_weight_lies() -> None:
    outcome = matched(pd.Series(np.arange(12.0), index=UNITS), pairs([1.0, 2.0] * 12))
    places = pd.Series(np.where(np.arange(24) % 2 == 0, "even", "odd"), index=CODES)
    assert set(outcome.mostly_in(places)) == {"odd"}
