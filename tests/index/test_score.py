"""Whole indices by hand: normalise, aggregate, rank, and the three policies for missing values."""

import math
from collections.abc import Sequence

import pandas as pd
import pytest

from pipeline.index import list_weights, score
from tests.fixtures.indices import make_component, make_index, make_table

NAN = math.nan
CODES = ["E1", "E2", "E3", "E4", "E5"]
TABLE = make_table(
    CODES,
    {
        "old": [0.0, 10.0, 20.0, 30.0, 40.0],
        "disabled": [5.0, 1.0, 3.0, 2.0, 4.0],
        "speed": [100.0, 0.0, 50.0, 75.0, 25.0],
        "kind": ["town", "town", "village", "village", "village"],
    },
)
PEOPLE = make_component("people", 3.0, ("old", 1, 1.0), ("disabled", 1, 3.0))
NETWORK = make_component("network", 1.0, ("speed", -1, 1.0))
INDEX = make_index("min-max", PEOPLE, NETWORK)


def with_gaps(**gaps: Sequence[str]) -> pd.DataFrame:
    table = TABLE.copy()
    for column, codes in gaps.items():
        table.loc[codes, column] = NAN
    return table


def test_min_max_index_by_hand() -> None:
    result = score(INDEX, TABLE)
    assert result.normalised["people.old"].tolist() == [0.0, 25.0, 50.0, 75.0, 100.0]
    assert result.normalised["people.disabled"].tolist() == [100.0, 0.0, 50.0, 25.0, 75.0]
    assert result.normalised["network.speed"].tolist() == [0.0, 100.0, 50.0, 25.0, 75.0]
    assert result.components["people"].tolist() == [75.0, 6.25, 50.0, 37.5, 81.25]
    assert result.components["network"].tolist() == [0.0, 100.0, 50.0, 25.0, 75.0]
    assert result.score.tolist() == [56.25, 29.6875, 50.0, 34.375, 79.6875]
    assert result.rank.tolist() == [2, 5, 3, 4, 1]
    assert result.decile.tolist() == [4, 10, 6, 8, 2]
    assert result.indicators_missing.tolist() == [0] * 5
    assert (dict(result.missing), dict(result.imputed), result.scale) == ({}, {}, 100.0)
    assert {frame.index.name for frame in (result.normalised, result.components, result.score)} == {"lsoa21_code"}


def test_scale_is_the_top_of_everything() -> None:
    ten, hundred = score(INDEX.model_copy(update={"scale": 10.0}), TABLE), score(INDEX, TABLE)
    assert ten.score.to_numpy() * 10 == pytest.approx(hundred.score.to_numpy())
    assert ten.normalised.to_numpy().max() == 10.0


def test_list_weights_by_hand() -> None:
    table = list_weights(INDEX)
    assert table[["component", "column"]].to_numpy().tolist() == [
        ["people", "old"],
        ["people", "disabled"],
        ["network", "speed"],
    ]
    assert table["share"].tolist() == [3 / 16, 9 / 16, 1 / 4]
    assert table["weight"].tolist() == [1.0, 3.0, 1.0]
    assert table["component_weight"].tolist() == [3.0, 3.0, 1.0]
    assert table["direction"].tolist() == [1, 1, -1]


def test_a_component_and_an_indicator_may_have_methods_of_their_own() -> None:
    own = make_component("people", 1.0, ("old", 1, 1.0), ("disabled", 1, 1.0), aggregation="geometric")
    ranked = own.indicators[1].model_copy(update={"normalisation": "percentile"})
    index = make_index("min-max", own.model_copy(update={"indicators": (own.indicators[0], ranked)}))
    result = score(index, TABLE)
    assert result.normalised["people.disabled"].tolist() == [100.0, 20.0, 60.0, 40.0, 80.0]
    assert result.components.loc["E3", "people"] == pytest.approx(math.sqrt(51 * 61) - 1)


def test_a_column_may_serve_two_components() -> None:
    index = make_index("min-max", PEOPLE, make_component("again", 1.0, ("old", -1, 1.0)))
    result = score(index, TABLE)
    assert result.components["again"].tolist() == [100.0, 75.0, 50.0, 25.0, 0.0]
    assert list(result.normalised) == ["people.old", "people.disabled", "again.old"]


def test_weighted_sum_by_hand() -> None:
    parts = (PEOPLE.model_copy(update={"weight": 0.5}), NETWORK.model_copy(update={"weight": 0.25}))
    result = score(make_index("min-max", *parts, aggregation="weighted-sum"), TABLE)
    assert result.score.tolist() == [37.5, 28.125, 37.5, 25.0, 59.375]
    assert result.rank.tolist() == [2, 4, 2, 5, 1]


def test_z_score_index_is_pure_inside_and_on_the_scale_outside() -> None:
    index = make_index(
        "z-score", make_component("one", 1.0, ("old", 1, 1.0)), make_component("two", 1.0, ("speed", -1, 1.0))
    )
    result = score(index, TABLE)
    sd = math.sqrt(200)  # of 0, 10, 20, 30, 40
    assert result.normalised["one.old"].to_numpy() == pytest.approx([-20 / sd, -10 / sd, 0.0, 10 / sd, 20 / sd])
    assert result.components["one"].to_numpy() == pytest.approx([0.0, 25.0, 50.0, 75.0, 100.0])
    # The sums of z are -4, 1, 0, 0, 3 halves of sqrt(2): from -4 to 3.
    assert result.score.to_numpy() == pytest.approx([0.0, 500 / 7, 400 / 7, 400 / 7, 100.0])
    assert result.rank.tolist() == [5, 2, 3, 3, 1]


def test_areas_are_compared_with_the_reference_not_with_each_other() -> None:
    few = TABLE.loc[["E4", "E2"]]
    for method in ("min-max", "percentile", "z-score", "rank-exponential"):
        index = INDEX.model_copy(update={"normalisation": method})
        whole, part = score(index, TABLE), score(index, TABLE, few)
        pd.testing.assert_series_equal(part.score, whole.score[few.index])
        pd.testing.assert_frame_equal(part.components, whole.components.loc[few.index])
    assert score(INDEX, TABLE, few).rank.to_dict() == {"E4": 1, "E2": 2}
    assert score(INDEX, TABLE, few).decile.to_dict() == {"E4": 5, "E2": 10}


def test_values_beyond_the_reference_stay_on_the_scale() -> None:
    beyond = make_table(["X1", "X2"], {"old": [-9.0, 99.0], "disabled": [0.0, 9.0], "speed": [500.0, -1.0]})
    for method in ("min-max", "percentile", "z-score", "rank-exponential"):
        result = score(INDEX.model_copy(update={"normalisation": method}), TABLE, beyond)
        assert result.score["X2"] == pytest.approx(100.0)
        assert 0.0 <= result.score["X1"] < 15.0
        assert result.score["X2"] <= 100.0


def test_inputs_are_left_as_they_are() -> None:
    table = with_gaps(old=["E1"])
    before = table.copy()
    for options in ({"missing": "reweight"}, {"missing": "impute", "impute_by": "kind"}):
        score(make_index("percentile", PEOPLE, NETWORK, **options), table, table.copy())
        pd.testing.assert_frame_equal(table, before)


def test_reweight_leaves_out_what_is_missing_and_says_so() -> None:
    table = with_gaps(disabled=["E2", "E3"], speed=["E3"])
    result = score(make_index("min-max", PEOPLE, NETWORK, missing="reweight"), table)
    assert result.components["people"].to_dict() == pytest.approx(
        {"E1": 75.0, "E2": 25.0, "E3": 50.0, "E4": 18.75, "E5": 75.0}
    )
    assert math.isnan(result.components["network"].loc["E3"])
    assert result.score["E3"] == pytest.approx(50.0)  # people alone
    assert result.score["E2"] == pytest.approx((3 * 25.0 + 100.0) / 4)
    assert result.indicators_missing.to_dict() == {"E1": 0, "E2": 1, "E3": 2, "E4": 0, "E5": 0}
    assert dict(result.missing) == {"disabled": ("E2", "E3"), "speed": ("E3",)}
    assert dict(result.imputed) == {}


def test_reweight_under_z_scores_keeps_the_missing_component_missing() -> None:
    result = score(make_index("z-score", PEOPLE, NETWORK, missing="reweight"), with_gaps(speed=["E3"]))
    assert result.components["network"].isna().to_dict() == {
        "E1": False,
        "E2": False,
        "E3": True,
        "E4": False,
        "E5": False,
    }
    assert result.score.between(0, 100).all()


def test_impute_takes_the_median_of_the_class_over_the_reference() -> None:
    table = with_gaps(old=["E5"])
    result = score(make_index("min-max", PEOPLE, NETWORK, missing="impute", impute_by="kind"), table)
    # Villages that have a value: 20 and 30, so 25, on the range 0 to 30 of the values there are.
    assert result.normalised.loc["E5", "people.old"] == pytest.approx(100 * 25 / 30)
    assert result.normalised.loc["E4", "people.old"] == 100.0
    assert dict(result.imputed) == dict(result.missing) == {"old": ("E5",)}
    assert result.indicators_missing.to_dict() == {"E1": 0, "E2": 0, "E3": 0, "E4": 0, "E5": 1}


def test_impute_uses_the_reference_for_areas_scored_alone_and_ordered_classes() -> None:
    table = with_gaps(old=["E5"])
    table["kind"] = pd.Categorical(table["kind"], ["town", "village", "unused"], ordered=True)
    index = make_index("percentile", PEOPLE, NETWORK, missing="impute", impute_by="kind")
    alone = score(index, table, table.loc[["E5"]])
    assert alone.score["E5"] == score(index, table).score["E5"]
    assert dict(alone.imputed) == {"old": ("E5",)}


def test_nullable_and_whole_numbers_are_read_as_numbers() -> None:
    table = TABLE.assign(old=pd.array([0, 10, None, 30, 40], dtype="Int64"), disabled=[5, 1, 3, 2, 4])
    result = score(make_index("min-max", PEOPLE, NETWORK, missing="reweight"), table)
    assert dict(result.missing) == {"old": ("E3",)}
    assert result.components.loc["E3", "people"] == 50.0
