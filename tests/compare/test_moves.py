"""What moved beyond its uncertainty: planted changes are discovered, and others at the stated rate only."""

import numpy as np
import pandas as pd
import pytest

from pipeline.compare import RATE, Moves, Side, find_moves
from pipeline.compare.moves import as_normal
from tests.fixtures.sides import SURE, make_comparison_index, make_side, make_truth, observe, without_errors

TRUTH = make_truth()
PLANTED = TRUTH.index[[3, 77, 140, 260, 399]]


def moves_between(old: Side, new: Side, **options: object) -> Moves:
    return find_moves(old, new, old.compared.index, options.get("uncertainty", SURE))  # type: ignore[arg-type]


def plant(nation: pd.DataFrame, codes: pd.Index, by: float = 0.25) -> pd.DataFrame:
    """More old residents in some areas."""
    return nation.assign(old_share=nation["old_share"] + by * nation.index.isin(codes))


def discovered(moves: Moves) -> pd.Index:
    return moves.frame.index[moves.frame["moved"]]


def test_exactly_the_planted_changes_are_discovered() -> None:
    nation = observe(TRUTH, 1)
    moves = moves_between(make_side(nation), make_side(plant(nation, PLANTED)))
    assert discovered(moves).tolist() == PLANTED.tolist()
    assert moves.frame["values_changed"].sum() == len(PLANTED)
    assert (moves.frame.loc[PLANTED, "change"] > 0).all(), "towards higher risk"
    others = moves.frame.drop(index=PLANTED)
    assert (others["change"] == 0).all(), "others are passed, and have not moved"
    assert (others["p_value"] == 1).all()


def test_two_counts_of_the_same_people_differ_by_chance_alone() -> None:
    """Of twenty pairs of counts without a change, at most a few name anybody at all."""
    named = [
        len(discovered(moves_between(make_side(observe(TRUTH, 2 * n)), make_side(observe(TRUTH, 2 * n + 1)))))
        for n in range(20)
    ]
    # With nothing to discover, the rate is how often anything is named: a chance of 1 in 1,000 for more than 5.
    assert sum(count > 0 for count in named) <= 5


def test_planted_changes_among_errors_are_discovered_at_the_stated_rate() -> None:
    wrong, right, missed = 0, 0, 0
    planted = TRUTH.index[::10]
    for n in range(12):
        new = observe(plant(TRUTH, planted), 100 + 2 * n)
        there = discovered(moves_between(make_side(observe(TRUTH, 101 + 2 * n)), make_side(new)))
        right += there.isin(planted).sum()
        wrong += (~there.isin(planted)).sum()
        missed += len(planted.difference(there))
    assert wrong / (right + wrong) <= 1.5 * RATE
    assert missed <= 0.02 * 12 * len(planted), "those that are near the top already have nowhere to go"


def test_the_p_values_of_no_change_are_as_small_as_they_say() -> None:
    pairs = [(make_side(observe(TRUTH, 300 + 2 * n)), make_side(observe(TRUTH, 301 + 2 * n))) for n in range(10)]
    p = np.concatenate([moves_between(*pair).frame["p_value"] for pair in pairs])
    for level in (0.01, 0.05, 0.2):
        assert 0.2 * level <= np.mean(p <= level) <= 1.2 * level, level


def test_another_index_is_as_uncertain_as_both() -> None:
    """Other weights within what is plausible move nobody beyond doubt, though ranks change and lines are crossed."""
    old, new = make_side(TRUTH), make_side(TRUTH, make_comparison_index(4.6, 3.2, 2.2))
    moves = moves_between(old, new)
    assert (old.areas["rank"] != new.areas["rank"]).mean() > 0.5
    assert not len(discovered(moves))
    assert (moves.frame["deviation"] > 0).all()
    assert not moves.frame["values_changed"].any()


def test_another_index_far_from_the_first_moves_areas() -> None:
    turned = make_comparison_index(1.0, 1.0, 40.0)
    assert len(discovered(moves_between(make_side(TRUTH), make_side(TRUTH, turned)))) > 20


def test_the_same_run_twice_moves_nothing() -> None:
    moves = moves_between(make_side(TRUTH), make_side(TRUTH))
    assert not len(discovered(moves))
    assert (moves.frame["p_value"] == 1).all()


def test_a_column_without_a_declared_error_is_compared_with_the_usual_movement() -> None:
    random = np.random.default_rng(5)
    later = TRUTH.assign(slow=TRUTH["slow"] + random.normal(0, 0.2, len(TRUTH)))
    usual = moves_between(make_side(TRUTH), make_side(later))
    assert usual.without_error == ("slow",)
    assert usual.usual is not None
    assert usual.usual > 0
    assert len(discovered(usual)) < 0.1 * len(TRUTH)
    jumped = later.assign(slow=later["slow"] + 6 * later.index.isin(PLANTED) * np.sign(-TRUTH["slow"]))
    assert set(PLANTED[:3]) <= set(discovered(moves_between(make_side(TRUTH), make_side(jumped))))


def test_planted_changes_without_a_declared_error_are_discovered_exactly_where_all_else_stays() -> None:
    later = TRUTH.assign(slow=TRUTH["slow"] + 3 * TRUTH.index.isin(PLANTED))
    assert discovered(moves_between(make_side(TRUTH), make_side(later))).tolist() == PLANTED.tolist()


def test_without_uncertainty_only_the_usual_movement_counts() -> None:
    later = plant(observe(TRUTH, 9), PLANTED)
    moves = moves_between(make_side(observe(TRUTH, 10)), make_side(later), uncertainty=None)
    assert moves.draws == 0
    assert set(PLANTED) <= set(discovered(moves))


def test_errors_that_did_not_change_do_not_count() -> None:
    nation = observe(TRUTH, 1)
    old, new = make_side(nation), make_side(nation.assign(slow=nation["slow"] + nation.index.isin(PLANTED)))
    with_errors, without = moves_between(old, new), moves_between(old, new, uncertainty=without_errors())
    pd.testing.assert_frame_equal(with_errors.frame, without.frame)


@pytest.mark.parametrize("count", [10, 33_755])
def test_normal_scores_mirror_each_other(count: int) -> None:
    scores = as_normal(np.arange(1, count + 1), count)
    np.testing.assert_allclose(scores, -scores[::-1], atol=1e-9)
    assert scores[0] > 0, "rank 1 is the highest risk"
