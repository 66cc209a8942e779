"""What drives a risk: by hand, and what contributions sum to."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue.indices import Aggregation
from pipeline.catalogue.rates import Helps
from pipeline.errors import ScoringError
from pipeline.index import score
from pipeline.risk.drivers import find_drivers
from tests.fixtures.indices import make_component, make_index

HELPS = Helps.model_validate(
    {
        "named_from": 2.0,
        "both_from": 0.5,
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
    assert found.frame["points_to"].tolist() == ["Both", None, "People"]
    assert found.exact


@pytest.mark.parametrize(
    # Of four parts, age has three and cable one: 60 adds 7.5 points, and cable a quarter of its distance from 50.
    ("cable", "side"),
    [(64.0, "People"), (64.9, "People"), (65.0, "Both"), (80.0, "Both"), (100.0, "Both")],
)
def test_both_sides_are_named_where_the_smaller_adds_half_of_the_larger(cable: float, side: str) -> None:
    found = find_drivers(components([60.0], [cable]), MEANS, INDEX, HELPS)
    assert found.frame["points_to"].tolist() == [side]


def test_infrastructure_is_named_only_from_the_declared_points_on() -> None:
    found = find_drivers(components([50.0] * 3 + [40.0], [57.9, 58.0, 40.0, 62.0]), MEANS, INDEX, HELPS)
    assert found.frame["main_driver"].tolist() == [None, "cable", None, "cable"]
    assert found.frame["drivers"].tolist() == [None, "cable", None, "cable"]
    assert found.frame["points_to"].tolist() == [None, "Infrastructure", None, "Infrastructure"]


def test_people_are_named_as_a_driver_however_little_they_add() -> None:
    found = find_drivers(components([50.5], [57.0]), MEANS, INDEX, HELPS)
    assert found.frame["main_driver"].tolist() == ["age"]
    assert found.frame["points_to"].tolist() == [None]


@pytest.mark.parametrize("within", ["arithmetic", "geometric"])
def test_contributions_are_exact_however_indicators_become_components(within: Aggregation) -> None:
    """Two components, one of two indicators, normalised one by one; the score is the engine's."""
    random = np.random.default_rng(1)
    nation = pd.DataFrame(random.uniform(0, 1, (50, 3)), columns=["x", "y", "z"]).rename(index=lambda n: f"A{n}")
    age = make_component("age", 3, ("x", 1, 1), ("z", -1, 2))
    mixed = tuple(
        one.model_copy(update={"normalisation": n})
        for one, n in zip(age.indicators, ("rank-exponential", "min-max"), strict=True)
    )
    age = age.model_copy(update={"indicators": mixed, "aggregation": within})
    index = make_index("percentile", age, make_component("cable", 1, ("y", 1, 1)))
    scores = score(index, nation)
    parts = scores.components.add_prefix("component_")
    found = find_drivers(parts, {str(name): float(mean) for name, mean in parts.mean().items()}, index, HELPS)
    expected = scores.score - scores.score.mean()
    assert found.contributions.sum(axis=1).to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9)
    assert found.exact


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
