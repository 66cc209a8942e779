"""What drives a risk: by hand, and what contributions sum to."""

from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue.rates import Helps
from pipeline.errors import ScoringError
from pipeline.risk.drivers import find_drivers
from tests.fixtures.indices import make_component, make_index

HELPS = Helps.model_validate(
    {
        "both_within": 3.0,
        "drivers": [
            {
                "component": c,
                "side": s,
                "sentence": "x",
                "helps": [{"what": "w", "source": "s", "page": "https://example.org/p"}],
            }
            for c, s in (("age", "people"), ("cable", "infrastructure"))
        ],
    }
)


INDEX = make_index("percentile", make_component("age", 3, ("x", 1, 1)), make_component("cable", 1, ("y", 1, 1)))


MEANS = {"component_age": 50.0, "component_cable": 50.0}


def components(age: Sequence[float], cable: Sequence[float]) -> pd.DataFrame:
    return pd.DataFrame({"component_age": age, "component_cable": cable}, index=[f"A{n}" for n in range(len(age))])


def test_drivers_by_hand() -> None:
    found = find_drivers(components([60.0, 40.0, 55.0], [90.0, 40.0, 50.0]), MEANS, INDEX, HELPS)
    assert found.contributions.to_numpy().tolist() == [[7.5, 10.0], [-7.5, -2.5], [3.75, 0.0]]
    assert found.frame["main_driver"].tolist() == ["cable", None, "age"]
    assert found.frame["drivers"].tolist() == ["cable; age", None, "age"]
    assert found.frame["points_to"].tolist() == ["Infrastructure", "Both", "People"]
    assert found.exact


@pytest.mark.parametrize(
    ("cable", "side"), [(56.0, "People"), (58.0, "Both"), (62.0, "Both"), (64.0, "Infrastructure")]
)
def test_sides_that_hardly_differ_are_both(cable: float, side: str) -> None:
    found = find_drivers(components([60.0], [cable]), MEANS, INDEX, HELPS)
    assert found.frame["points_to"].tolist() == [side]


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=10))
def test_contributions_sum_to_the_score_less_the_nations(values: Sequence[tuple[float, float]]) -> None:
    frame = components(*(list(column) for column in zip(*values, strict=True)))
    found = find_drivers(frame, MEANS, INDEX, HELPS)
    score = (3 * frame["component_age"] + frame["component_cable"]) / 4
    assert found.contributions.sum(axis=1).to_numpy() == pytest.approx((score - 50.0).to_numpy(), abs=1e-9)


def test_a_geometric_index_says_that_contributions_are_not_exact() -> None:
    index = INDEX.model_copy(update={"aggregation": "geometric"})
    assert not find_drivers(components([60.0], [70.0]), MEANS, index, HELPS).exact


def test_a_missing_component_is_named() -> None:
    with pytest.raises(ScoringError, match="cable"):
        find_drivers(components([1.0], [1.0])[["component_age"]], MEANS, INDEX, HELPS)
