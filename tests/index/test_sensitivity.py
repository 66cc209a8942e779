"""Sobol indices against a function whose indices are known; what indicators do, by worked examples."""

import numpy as np
import pandas as pd
import pytest

from pipeline.index import rank_scores, score
from pipeline.index.plausible import prepare
from pipeline.index.sensitivity import (
    Choosing,
    correlations,
    counted_twice,
    effective_weights,
    rank_changes,
    remove_one,
    sensitivity,
    sobol_indices,
    varied_choices,
)
from tests.index.builders import make_component, make_index, make_table
from tests.index.test_uncertainty import a_table, an_index
from tests.index.uncertain import EVERYTHING, varying, weights


def ishigami(points):
    """sin x₁ + 7 sin² x₂ + 0.1 x₃⁴ sin x₁ on (−π, π)³ (Ishigami & Homma 1990)."""
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_indices_are_those_of_the_ishigami_function():
    a, b = 7.0, 0.1
    first = 0.5 * (1 + b * np.pi**4 / 5) ** 2
    second, both = a**2 / 8, b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = first + second + both
    names = ["x1", "x2", "x3"]
    found = sobol_indices([Choosing(n, 1) for n in names], ishigami, 4096, 1).set_index("choice")
    assert found.loc[names, "first"].tolist() == pytest.approx([first / whole, second / whole, 0.0], abs=0.02)
    totals = [(first + both) / whole, second / whole, both / whole]
    assert found.loc[names, "total"].tolist() == pytest.approx(totals, abs=0.02)


def test_numbers_of_one_choice_are_taken_together():
    """x₁ and x₃ as one choice and x₂ as the other: no interaction is left, and each explains its part alone."""
    found = sobol_indices([Choosing("x2", 1), Choosing("x1 and x3", 2)], lambda u: ishigami(u[:, [1, 0, 2]]), 4096, 1)
    found = found.set_index("choice")
    assert found.loc["x2", ["first", "total"]].tolist() == pytest.approx([0.442, 0.442], abs=0.02)
    assert found.loc["x1 and x3", ["first", "total"]].tolist() == pytest.approx([0.558, 0.558], abs=0.02)


def test_what_cannot_be_estimated_is_said_plainly():
    assert sobol_indices([], ishigami, 8, 1).empty
    assert sobol_indices([Choosing("x", 1)], lambda u: u[:, 0], 8, 1)["total"].tolist() == [1.0]
    flat = sobol_indices([Choosing("x", 1), Choosing("y", 1)], lambda u: np.ones(len(u)), 8, 1)
    assert flat["total"].tolist() == [0.0, 0.0]


def test_the_choices_are_those_that_vary():
    table = a_table()
    how = varying(**EVERYTHING, noise=[{"column": "a", "standard_deviation": 1, "source": "x"}])
    prepared = prepare(an_index(), table, table, how)
    choosing = varied_choices(prepared, how)
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
    assert (rank_changes(prepared, how, points) > 0).all()
    assert varied_choices(prepare(an_index(), table, table, varying()), varying()) == []


def test_weights_from_numbers_are_distributed_as_those_that_are_drawn():
    """The mean rank change is the same whether weights are drawn or made from numbers between 0 and 1."""
    from pipeline.index.plausible import draw_choices, given, rank_choice

    index, table, how = an_index(), a_table(100), varying(weights=weights(20))
    prepared = prepare(index, table, table, how)
    made = rank_changes(prepared, how, np.random.default_rng(1).random((3000, 5)))
    nominal = rank_choice(prepared, given(index))
    drawn = [np.abs(rank_choice(prepared, c) - nominal).mean() for c in draw_choices(prepared, how, 3000, 2)]
    assert made.mean() == pytest.approx(np.mean(drawn), rel=0.05)
    assert np.quantile(made, 0.9) == pytest.approx(np.quantile(drawn, 0.9), rel=0.08)


def test_a_choice_that_does_nothing_has_no_part():
    """Two components hold the same column: their weights change nothing; the third's does."""
    random = np.random.default_rng(3)
    table = make_table([f"A{i}" for i in range(80)], {"x": random.random(80), "y": random.random(80)})
    index = make_index("percentile", make_component("x", 1, ("x", 1, 1)), make_component("y", 1, ("y", 1, 1)))
    found = sensitivity(index, table, table, varying(weights=weights(10), normalisation={"others": ["percentile"]}))
    assert set(found.choices["choice"]) == {"Weight of x", "Weight of y"}
    assert found.evaluations == 64 * 4
    nothing = sensitivity(index, table, table, varying())
    assert nothing.choices.empty
    assert nothing.mean_change == 0


def test_leaving_out_an_indicator_by_hand():
    index = make_index("min-max", make_component("x", 1, ("x", 1, 1)), make_component("y", 1, ("y", 1, 1)))
    codes = [f"A{i}" for i in range(10)]
    table = make_table(codes, {"x": [9, *range(8), 8.5], "y": [0, *[0] * 8, 9]})
    prepared = prepare(index, table, table, varying())
    found = remove_one(prepared).set_index("column")
    nominal = score(index, table).rank
    by_x = rank_scores(table["x"].astype(float))
    assert found.loc["y", "mean_change"] == (by_x - nominal).abs().mean() == 0.2
    # Without y, A0 (x = 9) takes the place of A9.
    assert found.loc["y", "worst_tenth_changed"] == 1.0
    assert found.loc["x", "worst_tenth_changed"] == 0.0
    alone = make_index("min-max", make_component("x", 1, ("x", 1, 1)))
    assert remove_one(prepare(alone, table, table, varying())).empty


def test_double_counting_is_named():
    random = np.random.default_rng(3)
    x = random.random(100)
    columns = {"x": x, "near": x + 0.01 * random.random(100), "other": random.random(100), "part": random.random(100)}
    table = make_table([f"A{i}" for i in range(100)], columns)
    parts = [make_component(name, 1, (name, -1 if name == "near" else 1, 1)) for name in columns]
    index = make_index("percentile", *parts)
    how = varying(contains=[{"whole": "other", "parts": ["part", "absent"], "why": "made of it"}])
    prepared = prepare(index, table, table, how)
    found = counted_twice(prepared, 0.9, how.contains)
    assert found[["first", "second"]].to_numpy().tolist() == [["x", "near"], ["other", "part"]]
    assert found["correlation"][0] < -0.99
    assert found["why"].tolist() == ["Their correlation passes 0.9.", "made of it"]
    pd.testing.assert_series_equal(correlations(prepared)["x.x"], correlations(prepared).loc["x.x"], check_names=False)


def test_effective_weights_of_independent_components_follow_the_squares_of_their_weights():
    """Independent and equally spread components explain w² / Σw² of the variance."""
    random = np.random.default_rng(3)
    table = make_table([f"A{i}" for i in range(6000)], {c: random.random(6000) for c in "xyz"})
    index = make_index("percentile", *(make_component(c, w, (c, 1, 1)) for c, w in zip("xyz", (3, 2, 1), strict=True)))
    found = effective_weights(prepare(index, table, table, varying())).set_index("component")
    assert found["given"].tolist() == pytest.approx([3 / 6, 2 / 6, 1 / 6])
    assert found["explains"].tolist() == pytest.approx([9 / 14, 4 / 14, 1 / 14], abs=0.02)
    assert (found["correlation"] ** 2).tolist() == pytest.approx([9 / 14, 4 / 14, 1 / 14], abs=0.02)
    assert found["effective"].sum() == pytest.approx(1)


def test_an_indicator_that_is_the_same_all_over_the_area_explains_nothing():
    nation = a_table(200)
    area = nation.iloc[10:60].assign(d=0.5)
    found = sensitivity(an_index(), nation, area, varying()).effective.set_index("component")
    assert found.loc["three", "explains"] == 0
    assert np.isnan(found.loc["three", "correlation"])


def test_a_large_area_is_sampled_and_says_so():
    table = a_table(600)
    found = sensitivity(an_index(), table, table, varying(weights=weights(50)))
    assert found.areas == 500
    assert found.as_json()["areas"] == 500
    assert found.as_json()["choices"][0]["total"] > 0
