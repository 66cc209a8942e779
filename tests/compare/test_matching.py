"""Areas acted on beside similar ones: no effect where none was planted, and the planted one where it was."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.compare import CALIPER, CONTROLS, LEAST_ACTED, Effect, match, measure_effect

SEEDS = 100


def make_areas(seed: int, count: int = 400) -> tuple[NDArray[np.float64], list[object], NDArray[np.bool_]]:
    """Risk, classes, and where something was done: more often where the risk is high, as programmes are placed."""
    random = np.random.default_rng(seed)
    risk = random.normal(size=count)
    classes: list[object] = list(zip(random.choice(3, count).tolist(), random.choice(2, count).tolist(), strict=True))
    chance = 0.16 / (1 + np.exp(-1.5 * risk))
    return risk, classes, random.random(count) < chance


def effects(planted: float) -> list[Effect]:
    """Of a hundred nations in which change depends on risk and class, too."""
    results = []
    for seed in range(SEEDS):
        risk, classes, acted = make_areas(seed)
        random = np.random.default_rng(1_000 + seed)
        by_class = {one: random.normal() for one in sorted(set(classes))}  # type: ignore[type-var]
        change = -0.6 * risk + np.array([by_class[one] for one in classes]) + random.normal(0, 1, len(risk))
        effect = measure_effect(change + planted * acted, match(risk, classes, acted))
        assert effect is not None
        results.append(effect)
    return results


def test_no_effect_is_shown_where_none_was_planted() -> None:
    shown = effects(0.0)
    outside = sum(effect.low > 0 or effect.high < 0 for effect in shown)
    # Five of a hundred are expected at 95%; eleven or more have a chance of about 1 in 100.
    assert outside <= 10
    assert abs(np.mean([effect.difference for effect in shown])) < 0.06
    assert sum(effect.p_value <= 0.05 for effect in shown) <= 10


def test_a_planted_effect_is_shown() -> None:
    shown = effects(1.2)
    assert all(effect.low > 0 for effect in shown)
    covered = sum(effect.low <= 1.2 <= effect.high for effect in shown)
    assert covered >= 90
    assert np.mean([effect.difference for effect in shown]) == pytest.approx(1.2, abs=0.06)


def test_without_matching_the_same_change_would_have_shown_an_effect() -> None:
    """What the matching is for: areas of high risk fall back towards the mean whatever is done."""
    naive = []
    for seed in range(SEEDS):
        risk, _, acted = make_areas(seed)
        change = -0.6 * risk + np.random.default_rng(1_000 + seed).normal(0, 1, len(risk))
        naive.append(change[acted].mean() - change[~acted].mean())
    assert np.mean(naive) < -0.3


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_controls_are_like_and_used_once(seed: int, controls: int) -> None:
    risk, classes, acted = make_areas(seed, 60)
    matched = match(risk, classes, acted, controls)
    taken = matched.controls[matched.controls >= 0]
    assert len(set(taken.tolist())) == len(taken)
    assert not acted[taken].any()
    assert acted[matched.acted].all()
    assert sorted([*matched.acted, *matched.unmatched]) == np.flatnonzero(acted).tolist()
    for place, row in zip(matched.acted, matched.controls, strict=True):
        there = row[row >= 0]
        assert len(there)
        assert all(classes[other] == classes[place] for other in there)
        assert (np.abs(risk[there] - risk[place]) <= CALIPER * risk.std() + 1e-12).all()


def test_two_acted_areas_share_the_nearest_controls_as_well_as_can_be() -> None:
    # Nearest first would give 1.0 the control 1.1 and leave 1.15 with none in reach: together both have one.
    risk = np.array([1.0, 1.15, 1.1, 0.9, 9.0])
    matched = match(risk, ["one"] * 5, np.array([True, True, False, False, False]), controls=1, caliper=0.05)
    assert matched.controls.ravel().tolist() == [3, 2]


def test_by_hand() -> None:
    """Ten pairs: the acted-on area changes by 3 more than the other in each."""
    acted, others = np.arange(10), np.arange(10, 20)
    change = np.concatenate([np.arange(10) + 3.0, np.arange(10)])
    matched = match(np.tile(np.arange(10.0), 2), np.tile(np.arange(10), 2).tolist(), np.arange(20) < 10)
    assert matched.acted.tolist() == acted.tolist()
    assert matched.controls[:, 0].tolist() == others.tolist()
    effect = measure_effect(change, matched)
    assert effect is not None
    assert (effect.difference, effect.sets, effect.controls) == (3.0, 10, 10)
    assert (effect.low, effect.high) == pytest.approx((3.0, 3.0)), "every set says the same"
    assert effect.p_value < 0.01


def test_few_areas_say_nothing() -> None:
    count = LEAST_ACTED - 1
    risk = np.tile(np.arange(float(count)), 2)
    matched = match(risk, np.tile(np.arange(count), 2).tolist(), np.arange(2 * count) < count)
    assert len(matched.acted) == count
    assert measure_effect(np.random.default_rng(0).normal(size=2 * count), matched) is None


def test_missing_values_are_left_out_with_their_sets() -> None:
    risk, classes, acted = make_areas(3)
    matched = match(risk, classes, acted)
    change = np.random.default_rng(4).normal(size=len(risk))
    change[matched.acted[0]] = np.nan
    effect = measure_effect(change, matched)
    assert effect is not None
    assert effect.sets == len(matched.acted) - 1


def test_nobody_like_is_unmatched() -> None:
    matched = match(np.array([0.0, 5.0]), ["a", "a"], np.array([True, False]))
    assert len(matched.acted) == 0
    assert matched.unmatched.tolist() == [0]
    assert matched.controls.shape == (0, CONTROLS)
    assert measure_effect(np.zeros(2), matched) is None
