"""What stands out beyond places of similar age and rurality: by hand, and what must hold of it."""

import numpy as np
import pandas as pd
import pytest

from pipeline.catalogue.rates import Helps
from pipeline.risk.similar import FEWEST, Beyond, compare_with_similar, say_beyond_similar

HELP = {"what": "w", "source": "s", "page": "https://example.org/p"}


def helps(least: float = 1.0, named_from: float = 2.0) -> Helps:
    drivers = [
        {"component": component, "side": side, "sentence": "x", "helps": [HELP]}
        for component, side in (("age", "people"), ("money", "people"), ("cable", "infrastructure"))
    ]
    return Helps.model_validate({"named_from": named_from, "similar": {"least_points": least}, "drivers": drivers})


def line(count: int, code: str = "UN1") -> pd.DataFrame:
    """A nation whose places are ever older, one step of both percentiles apart."""
    share = np.arange(1, count + 1) / 1000
    columns = {"share_65_to_74": share, "share_75_plus": share, "ruc21_code": code}
    return pd.DataFrame(columns, index=[f"E{n:08}" for n in range(count)])


def test_the_expectation_is_the_mean_of_the_nearest_by_age_itself_left_out() -> None:
    nation = line(41)
    contributions = pd.DataFrame({"age": np.arange(41.0), "money": [0.0] * 41}, index=nation.index)
    contributions.loc[nation.index[20], "money"] = 6.0
    found = compare_with_similar(contributions, nation, nation.index, 4).points
    # In the line, age is what one expects between the two neighbours on either side.
    assert found["age"].iloc[2:-2].to_numpy() == pytest.approx(np.zeros(37))
    # At its older end, the four nearest are all younger: 40 less the mean of 36, 37, 38 and 39.
    assert found["age"].iloc[-1] == pytest.approx(2.5)
    # The place with money 6 has neighbours with 0; each of its four neighbours has it among their four.
    assert found["money"].iloc[18:23].tolist() == pytest.approx([-1.5, -1.5, 6.0, -1.5, -1.5])
    assert found["money"].iloc[17] == pytest.approx(0.0)


def test_only_places_of_the_same_rural_urban_class_are_compared() -> None:
    town, village = line(30), line(30, "RSF1").rename(index=lambda code: code.replace("E", "F"))
    nation = pd.concat([town, village])
    contributions = pd.DataFrame({"cable": [0.0] * 30 + [5.0] * 30}, index=nation.index)
    found = compare_with_similar(contributions, nation, nation.index, 10).points
    assert found["cable"].to_numpy() == pytest.approx(np.zeros(60))


def test_a_class_of_few_places_and_a_missing_value_are_not_judged() -> None:
    nation = pd.concat([line(30), line(FEWEST, "RSF1").rename(index=lambda code: code.replace("E", "F"))])
    contributions = pd.DataFrame({"age": np.arange(30.0 + FEWEST)}, index=nation.index)
    contributions.iloc[3, 0] = np.nan
    found = compare_with_similar(contributions, nation, nation.index, 5).points["age"]
    assert found.iloc[30:].isna().all()
    assert found.iloc[:30].isna().tolist() == [n == 3 for n in range(30)]


def test_a_nation_without_ages_or_classes_says_nothing() -> None:
    nation = line(30).drop(columns="ruc21_code")
    contributions = pd.DataFrame({"age": np.arange(30.0)}, index=nation.index)
    assert compare_with_similar(contributions, nation, nation.index, 5).points.isna().all(axis=None)


def test_places_that_share_a_point_are_compared_with_each_other() -> None:
    nation = line(60).assign(share_65_to_74=0.1, share_75_plus=0.1)
    contributions = pd.DataFrame({"age": [1.0] * 60}, index=nation.index)
    found = compare_with_similar(contributions, nation, nation.index, 5).points
    assert found["age"].to_numpy() == pytest.approx(np.zeros(60))


def test_some_places_are_judged_as_when_all_are() -> None:
    random = np.random.default_rng(2)
    nation = line(200).sample(frac=1, random_state=1).sort_index()
    nation["share_75_plus"] = random.uniform(0, 0.2, 200)
    contributions = pd.DataFrame(random.normal(size=(200, 2)), index=nation.index, columns=["age", "money"])
    everywhere = compare_with_similar(contributions, nation, nation.index, 15)
    some = nation.index[[5, 77, 120]]
    only = compare_with_similar(contributions, nation, some, 15)
    pd.testing.assert_frame_equal(only.points, everywhere.points.loc[some])
    pd.testing.assert_frame_equal(only.unusual, everywhere.unusual.loc[some])


def test_unusual_is_in_standard_deviations_of_the_similar_places() -> None:
    nation = line(31)
    contributions = pd.DataFrame({"age": [0.0, 2.0] * 15 + [5.0]}, index=nation.index)
    found = compare_with_similar(contributions, nation, nation.index[-1:], 6)
    # The six nearest of the last have 0 and 2 in turn: mean 1, standard deviation 1.
    assert found.points["age"].tolist() == pytest.approx([4.0])
    assert found.unusual["age"].tolist() == pytest.approx([4.0])


def test_it_is_silent_under_a_point_and_has_the_most_unusual_first() -> None:
    codes = [f"E{n}" for n in range(5)]
    points = pd.DataFrame(
        {"age": [0.99, 1.0, 2.0, np.nan, 2.0], "money": [0.5, -3.0, 4.5, np.nan, 4.5], "cable": [0.0] * 5}, index=codes
    )
    unusual = points.assign(age=[9.0, 1.0, 1.0, np.nan, 3.0], money=[1.0, -1.0, 2.0, np.nan, 2.0])
    found = say_beyond_similar(Beyond(points, unusual), points.fillna(0.0), helps())
    assert found["beyond_similar"].tolist() == [None, "age", "money; age", None, "age; money"]
    assert found["beyond_similar_points"].fillna(-1).tolist() == [-1, 1.0, 4.5, -1, 2.0]


def test_infrastructure_needs_points_of_its_own_to_be_named() -> None:
    codes = ["E1", "E2"]
    beyond = pd.DataFrame({"age": [0.0, 0.0], "cable": [1.5, 1.5]}, index=codes)
    contributions = pd.DataFrame({"age": [0.0, 0.0], "cable": [1.9, 2.0]}, index=codes)
    found = say_beyond_similar(Beyond(beyond, beyond), contributions, helps())
    assert found["beyond_similar"].tolist() == [None, "cable"]
