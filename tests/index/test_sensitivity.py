"""Sobol indices against a function whose indices are known; what indicators do, by worked examples."""

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from SALib.sample import sobol

from pipeline.errors import MachineError
from pipeline.index import rank_scores, score
from pipeline.index.plausible import prepare
from pipeline.index.sensitivity import (
    ChoiceEffect,
    Choosing,
    EffectiveWeight,
    RemovalEffect,
    analyse_sensitivity,
    correlate_indicators,
    cross_sample,
    estimate_sobol_indices,
    find_counted_twice,
    list_varied_choices,
    measure_effective_weights,
    measure_rank_changes,
    remove_each,
)
from tests.fixtures.indices import make_component, make_index, make_random_table, make_table, make_three_components
from tests.fixtures.uncertainties import EVERYTHING, varying, weights


def by(name: str, effects: tuple[ChoiceEffect | EffectiveWeight | RemovalEffect, ...]) -> pd.DataFrame:
    """A table of effects, indexed by one of their fields."""
    return pd.DataFrame(effects).set_index(name)


def ishigami(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """sin x₁ + 7 sin² x₂ + 0.1 x₃⁴ sin x₁ on (−π, π)³ (Ishigami & Homma 1990)."""
    x = np.pi * (2 * points - 1)
    values: NDArray[np.float64] = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return values


def test_sobol_indices_are_those_of_the_ishigami_function() -> None:
    a, b = 7.0, 0.1
    first = 0.5 * (1 + b * np.pi**4 / 5) ** 2
    second, both = a**2 / 8, b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = first + second + both
    names = ["x1", "x2", "x3"]
    found = by("choice", estimate_sobol_indices([Choosing(n, 1) for n in names], ishigami, 4096, 1))
    assert found.loc[names, "first"].tolist() == pytest.approx([first / whole, second / whole, 0.0], abs=0.02)
    totals = [(first + both) / whole, second / whole, both / whole]
    assert found.loc[names, "total"].tolist() == pytest.approx(totals, abs=0.02)


def test_numbers_of_one_choice_are_taken_together() -> None:
    """x₁ and x₃ as one choice and x₂ as the other: no interaction is left, and each explains its part alone."""
    choosing = [Choosing("x2", 1), Choosing("x1 and x3", 2)]
    found = by("choice", estimate_sobol_indices(choosing, lambda u: ishigami(u[:, [1, 0, 2]]), 4096, 1))
    assert found.loc[["x2"], ["first", "total"]].to_numpy().ravel() == pytest.approx([0.442, 0.442], abs=0.02)
    assert found.loc[["x1 and x3"], ["first", "total"]].to_numpy().ravel() == pytest.approx([0.558, 0.558], abs=0.02)


def test_what_cannot_be_estimated_is_said_plainly() -> None:
    assert estimate_sobol_indices([], ishigami, 8, 1) == ()
    assert estimate_sobol_indices([Choosing("x", 1)], lambda u: u[:, 0], 8, 1) == (
        ChoiceEffect("x", 1.0, 0.0, 1.0, 0.0),
    )
    flat = estimate_sobol_indices([Choosing("x", 1), Choosing("y", 1)], lambda u: np.ones(len(u)), 8, 1)
    assert [effect.total for effect in flat] == [0.0, 0.0]


def test_the_choices_are_those_that_vary() -> None:
    table = make_random_table()
    how = varying(**EVERYTHING, noise=[{"column": "a", "standard_deviation": 1, "source": "x"}])
    prepared = prepare(make_three_components(), table, table, how)
    choosing = list_varied_choices(prepared, how)
    assert [(c.title, c.numbers) for c in choosing] == [
        ("Weight of one", 1),
        ("Weight of two", 1),
        ("Weight of three", 1),
        ("Weights within one", 2),
        ("Normalisation", 1),
        ("Arithmetic or geometric mean", 1),
        ("Errors in the data", 1),
    ]
    points = np.random.default_rng(1).random((5, 8))
    assert (measure_rank_changes(prepared, how, points) > 0).all()
    assert list_varied_choices(prepare(make_three_components(), table, table, varying()), varying()) == []


def test_weights_from_numbers_are_distributed_as_those_that_are_drawn() -> None:
    """The mean rank change is the same whether weights are drawn or made from numbers between 0 and 1."""
    from pipeline.index.plausible import declared_choice, draw_choices, rank_choice

    index, table, how = make_three_components(), make_random_table(100), varying(weights=weights(20))
    prepared = prepare(index, table, table, how)
    made = measure_rank_changes(prepared, how, np.random.default_rng(1).random((3000, 5)))
    nominal = rank_choice(prepared, declared_choice(index))
    drawn = [np.abs(rank_choice(prepared, c) - nominal).mean() for c in draw_choices(prepared, how, 3000, 2)]
    assert made.mean() == pytest.approx(np.mean(drawn), rel=0.05)
    assert np.quantile(made, 0.9) == pytest.approx(np.quantile(drawn, 0.9), rel=0.08)


def test_a_choice_that_does_nothing_has_no_part() -> None:
    """Two components hold the same column: their weights change nothing; the third's does."""
    random = np.random.default_rng(3)
    table = make_table([f"A{i}" for i in range(80)], {"x": random.random(80), "y": random.random(80)})
    index = make_index("percentile", make_component("x", 1, ("x", 1, 1)), make_component("y", 1, ("y", 1, 1)))
    found = analyse_sensitivity(
        index, table, table, varying(weights=weights(10), normalisation={"others": ["percentile"]})
    )
    assert {effect.choice for effect in found.choices} == {"Weight of x", "Weight of y"}
    assert found.evaluations == 64 * 4
    nothing = analyse_sensitivity(index, table, table, varying())
    assert nothing.choices == ()
    assert nothing.mean_change == 0


def test_leaving_out_an_indicator_by_hand() -> None:
    index = make_index("min-max", make_component("x", 1, ("x", 1, 1)), make_component("y", 1, ("y", 1, 1)))
    codes = [f"A{i}" for i in range(10)]
    table = make_table(codes, {"x": [9, *range(8), 8.5], "y": [0, *[0] * 8, 9]})
    prepared = prepare(index, table, table, varying())
    found = by("column", remove_each(prepared))
    nominal = score(index, table).rank
    by_x = rank_scores(table["x"].astype(float))
    assert found.loc["y", "mean_change"] == (by_x - nominal).abs().mean() == 0.2
    # Without y, A0 (x = 9) takes the place of A9.
    assert found.loc["y", "worst_tenth_changed"] == 1.0
    assert found.loc["x", "worst_tenth_changed"] == 0.0
    alone = make_index("min-max", make_component("x", 1, ("x", 1, 1)))
    assert remove_each(prepare(alone, table, table, varying())) == ()


def test_double_counting_is_named() -> None:
    random = np.random.default_rng(3)
    x = random.random(100)
    columns = {"x": x, "near": x + 0.01 * random.random(100), "other": random.random(100), "part": random.random(100)}
    table = make_table([f"A{i}" for i in range(100)], columns)
    parts = [make_component(name, 1, (name, -1 if name == "near" else 1, 1)) for name in columns]
    index = make_index("percentile", *parts)
    how = varying(contains=[{"whole": "other", "parts": ["part", "absent"], "why": "made of it"}])
    prepared = prepare(index, table, table, how)
    found = find_counted_twice(prepared, 0.9, how.contains)
    assert [(pair.first, pair.second) for pair in found] == [("x", "near"), ("other", "part")]
    assert found[0].correlation < -0.99
    assert [pair.why for pair in found] == ["Their correlation exceeds 0.9.", "made of it"]
    matrix = correlate_indicators(prepared)
    pd.testing.assert_series_equal(matrix["x.x"], matrix.T["x.x"], check_names=False)


def test_effective_weights_of_independent_components_follow_the_squares_of_their_weights() -> None:
    """Independent and equally spread components explain w² / Σw² of the variance."""
    random = np.random.default_rng(3)
    table = make_table([f"A{i}" for i in range(6000)], {c: random.random(6000) for c in "xyz"})
    index = make_index("percentile", *(make_component(c, w, (c, 1, 1)) for c, w in zip("xyz", (3, 2, 1), strict=True)))
    found = by("component", measure_effective_weights(prepare(index, table, table, varying())))
    assert found["given"].tolist() == pytest.approx([3 / 6, 2 / 6, 1 / 6])
    assert found["explains"].tolist() == pytest.approx([9 / 14, 4 / 14, 1 / 14], abs=0.02)
    assert (found["correlation"] ** 2).tolist() == pytest.approx([9 / 14, 4 / 14, 1 / 14], abs=0.02)
    assert found["effective"].sum() == pytest.approx(1)


def test_an_indicator_that_is_the_same_all_over_the_area_explains_nothing() -> None:
    nation = make_random_table(200)
    area = nation.iloc[10:60].assign(d=0.5)
    found = by("component", analyse_sensitivity(make_three_components(), nation, area, varying()).effective)
    assert found.loc["three", "explains"] == 0
    assert np.isnan(found["correlation"].loc["three"])


def test_a_large_area_is_sampled_and_says_so() -> None:
    table = make_random_table(600)
    found = analyse_sensitivity(make_three_components(), table, table, varying(weights=weights(50)))
    assert found.areas == 500
    assert found.choices[0].total > 0


def test_a_sequence_that_scipy_could_not_set_up_gives_no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    choices = [Choosing("one", 1), Choosing("two", 3)]
    assert estimate_sobol_indices(choices, lambda points: points[:, 0], 64, 1)[0].choice == "one"
    monkeypatch.setattr("scipy.stats.qmc.Sobol.random", lambda self, n: np.zeros((n, self.d)))
    with pytest.raises(MachineError, match="SciPy could not read the table of numbers"):
        estimate_sobol_indices(choices, lambda points: points[:, 0], 64, 1)


def test_points_are_those_of_the_library_to_the_last_bit() -> None:
    owners = ["a", "b", "b", "c", "d", "d", "d"]
    problem = {"num_vars": 7, "names": list("1234567"), "groups": owners, "bounds": [[0.0, 1.0]] * 7}
    expected = sobol.sample(problem, 16, calc_second_order=False, seed=5)
    assert np.array_equal(cross_sample(owners, 16, 5), expected)
