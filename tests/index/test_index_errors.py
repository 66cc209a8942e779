"""What cannot be scored is refused, and the message says which column, which areas and what to do."""

import math
from collections.abc import Sequence

import pandas as pd
import pytest

from pipeline.catalogue.indices import Index
from pipeline.errors import ScoringError
from pipeline.index import score
from tests.fixtures.indices import make_component, make_index, make_table

CODES = [f"E{i:02}" for i in range(30)]
AGE = make_component("age", 1.0, ("old", 1, 1.0))
NETWORK = make_component("network", 1.0, ("speed", -1, 1.0))
INDEX = make_index("percentile", AGE, NETWORK)


def table(**columns: Sequence[float | str | None]) -> pd.DataFrame:
    full: dict[str, Sequence[float | str | None]] = {
        "old": [float(i) for i in range(30)],
        "speed": [float(i % 7) for i in range(30)],
        "kind": ["a"] * 30,
    }
    return make_table(CODES, {**full, **columns})


def message(index: Index, *tables: pd.DataFrame) -> str:
    with pytest.raises(ScoringError) as caught:
        score(index, *tables)
    return str(caught.value)


def test_a_missing_column_is_named_with_those_there_are() -> None:
    assert message(INDEX, table().drop(columns="speed")) == "test: the reference has no column speed. It has: kind, old"
    assert message(INDEX, table(), table().drop(columns=["old", "speed"])).startswith(
        "test: the table has no column old, speed."
    )


def test_a_constant_indicator_is_named_with_its_component() -> None:
    text = message(INDEX, table(speed=[3.0] * 30))
    assert text.startswith("test: the indicator 'speed' of component 'network' is 3 everywhere in the reference")


def test_a_constant_but_for_floating_point_noise_is_constant() -> None:
    noisy = [0.1 + 0.2, 0.3] * 15
    assert len(set(noisy)) == 2
    assert "'speed' of component 'network' is 0.3 everywhere" in message(INDEX, table(speed=noisy))


def test_a_constant_among_the_areas_is_no_fault_when_the_reference_varies() -> None:
    assert score(INDEX, table(), table().iloc[[4]]).rank.tolist() == [1]


def test_an_indicator_without_any_value_is_named() -> None:
    index = INDEX.model_copy(update={"missing": "reweight"})
    text = message(index, table(speed=[math.nan] * 30))
    assert "'speed' of component 'network' has no value for any area of the reference" in text


def test_infinite_values_are_refused_with_their_codes() -> None:
    values = [float(i) for i in range(30)]
    values[3], values[11] = math.inf, -math.inf
    for missing in ("error", "reweight"):
        text = message(INDEX.model_copy(update={"missing": missing}), table(old=values))
        assert text == "test: the column 'old' of the reference is infinite for 2 area(s): E03, E11"


def test_text_is_no_indicator() -> None:
    assert "the column 'old' of the reference holds" in message(INDEX, table(old=["x"] * 30))


def test_missing_values_are_listed_by_column_with_count_and_the_first_twenty_codes() -> None:
    text = message(INDEX, table(old=[math.nan] * 25 + [1.0, 2.0, 3.0, 4.0, 5.0], speed=[math.nan, *range(29)]))
    assert 'the reference lacks values, and the index says missing = "error"' in text
    assert f"  old: 25 area(s): {', '.join(CODES[:20])} … and 5 more\n" in text
    assert "  speed: 1 area(s): E00\n" in text
    assert 'missing = "reweight" or "impute"' in text


def test_an_area_without_any_indicator_is_refused_under_reweight() -> None:
    gappy = [math.nan, *(float(i) for i in range(29))]
    index = INDEX.model_copy(update={"missing": "reweight"})
    assert message(index, table(old=gappy, speed=gappy)) == "test: 1 area(s) have no indicator with a value: E00"


@pytest.mark.parametrize("kind", [["b"] + ["a"] * 29, [None] + ["a"] * 29])
def test_imputing_without_a_class_that_has_values_is_refused(kind: Sequence[str | None]) -> None:
    index = make_index("percentile", AGE, NETWORK, missing="impute", impute_by="kind")
    text = message(index, table(old=[math.nan, *(float(i) for i in range(29))], kind=kind))
    assert text == "test: 'old' cannot be imputed for 1 area(s), because no area of the same 'kind' has a value: E00"


def test_imputing_by_a_column_that_is_not_there_is_refused() -> None:
    index = make_index("percentile", AGE, NETWORK, missing="impute", impute_by="region")
    assert "impute_by names 'region', which is not a column" in message(index, table(old=[math.nan, *range(29)]))


def test_no_areas_and_repeated_codes_are_refused() -> None:
    assert message(INDEX, table().iloc[:0]) == "test: the reference has no areas to score."
    twice = table().iloc[[0, 1, 1, 2]]
    assert message(INDEX, table(), twice) == "test: the table has more than one row for E01"


def test_a_column_twice_in_a_component_is_refused() -> None:
    index = make_index("percentile", make_component("age", 1.0, ("old", 1, 1.0), ("old", -1, 2.0)))
    assert "the component 'age' names old twice" in message(index, table())


def test_z_scores_are_not_mixed_with_scores_on_a_scale() -> None:
    mixed = AGE.model_copy(update={"indicators": (AGE.indicators[0].model_copy(update={"normalisation": "z-score"}),)})
    assert "it mixes percentile and z-score" in message(make_index("percentile", mixed, NETWORK), table())


def test_z_scores_have_no_geometric_mean() -> None:
    for options in ({"aggregation": "geometric"}, {"within_components": "geometric"}):
        assert "geometric mean needs scores that are not negative" in message(
            make_index("z-score", AGE, NETWORK, **options), table()
        )


def test_z_scores_that_cancel_out_are_refused() -> None:
    both = make_component("both", 1.0, ("old", 1, 1.0), ("young", 1, 1.0))
    text = message(make_index("z-score", both), table(young=[-float(i) for i in range(30)]))
    assert "the indicators of component 'both' cancel each other out" in text


def test_a_weighted_sum_that_would_pass_the_scale_is_refused() -> None:
    assert "those of the components total 2, so that scores would exceed 100" in message(
        make_index("percentile", AGE, NETWORK, aggregation="weighted-sum"), table()
    )
    inside = make_component("both", 1.0, ("old", 1, 0.8), ("speed", 1, 0.4), aggregation="weighted-sum")
    assert "those of the indicators of component 'both' total 1.2" in message(make_index("percentile", inside), table())
