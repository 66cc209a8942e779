"""Rank intervals: what nothing varied must give, what intervals claim, and what draws must keep to."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalogue import Index, read_index, read_uncertainty
from pipeline.catalogue.fits import Loss
from pipeline.catalogue.indices import Aggregation, Normalisation
from pipeline.catalogue.uncertainty import Noise
from pipeline.errors import DeclarationError
from pipeline.index import NationalWanted, draw_national_ranks, draw_rank_intervals, score
from pipeline.index.normalise import percentile
from pipeline.index.plausible import (
    Choices,
    _with_noise,
    declared_choice,
    draw_choices,
    error_deviations,
    leave_out,
    measure_loss,
    prepare,
    rank_choice,
    score_choice,
)
from pipeline.index.rank import Ties
from tests.fixtures.folders import DECLARED
from tests.fixtures.indices import make_component, make_index, make_random_table, make_table, make_three_components
from tests.fixtures.uncertainties import EVERYTHING, NOTHING, varying, weights

RANKS = ["rank_p05", "rank_median", "rank_p95"]


@given(
    st.sampled_from(["percentile", "min-max", "z-score", "rank-exponential"]),
    st.sampled_from(["arithmetic", "geometric", "weighted-sum"]),
    st.sampled_from(["min", "average", "code"]),
    st.integers(0, 2**16),
    st.integers(1, 5),
)
@settings(max_examples=60, deadline=None)
def test_with_nothing_varied_every_rank_is_the_nominal(
    normalisation: Normalisation, aggregation: Aggregation, ties: Ties, seed: int, draws: int
) -> None:
    aggregation = "arithmetic" if normalisation == "z-score" else aggregation
    index = make_three_components(normalisation, aggregation=aggregation, ties=ties)
    if aggregation == "weighted-sum":
        small = [c.model_copy(update={"weight": c.weight / 10}) for c in index.components]
        index = index.model_copy(update={"components": tuple(small)})
    table = make_random_table(40, seed, distinct=3)
    nominal = score(index, table)
    found = draw_rank_intervals(index, table, None, varying(draws=draws))
    for name in RANKS:
        assert (found.frame[name] == nominal.rank).all()
    assert (found.frame["worst_decile_probability"] == (nominal.decile == 1)).all()


def test_missing_values_are_reweighted_as_the_score_does() -> None:
    index, table = make_three_components(missing="reweight"), make_random_table()
    table.loc[table.index[5:15], "c"] = np.nan
    found = draw_rank_intervals(index, table, None, varying())
    assert (found.frame["rank_median"] == score(index, table).rank).all()


def test_a_worked_example() -> None:
    """Two indicators that disagree: A leads on one, B on the other, C is last on both."""
    index = make_index("min-max", make_component("x", 1, ("x", 1, 1)), make_component("y", 1, ("y", 1, 1)))
    table = make_table(["A", "B", "C"], {"x": [10, 6, 0], "y": [5, 10, 0]})
    found = draw_rank_intervals(index, table, None, varying(draws=4000, weights=weights(2)))
    # A leads where 10w + 5(1 - w) > 6w + 10(1 - w), so where w > 5/9; a flat Dirichlet puts 4/9 of the draws there.
    assert found.frame.loc[["C", "A", "B"], RANKS].to_numpy().tolist() == [[3, 3, 3], [1, 2, 2], [1, 1, 2]]
    prepared = prepare(index, table, table, varying(weights=weights(2)))
    choices = draw_choices(prepared, varying(weights=weights(2)), 4000, 1)
    leads = np.mean([rank_choice(prepared, choice)[0] == 1 for choice in choices])
    assert leads == pytest.approx(4 / 9, abs=0.03)


def test_a_percentile_is_a_rank_that_some_draw_gave() -> None:
    """Of two draws the median is the smaller rank; with halves only where ties are averaged."""
    found = draw_rank_intervals(
        make_three_components(), make_random_table(), None, varying(draws=2, weights=weights(5))
    )
    assert (found.frame["rank_median"] == found.frame["rank_p05"]).all()
    assert all(found.frame[name].dtype == "int64" for name in RANKS)


@given(st.integers(0, 2**16))
@settings(max_examples=20, deadline=None)
def test_intervals_are_in_order_and_do_not_depend_on_the_order_of_rows(seed: int) -> None:
    table, how = make_random_table(50, seed, distinct=4), varying(draws=30, **EVERYTHING)
    index = make_three_components()
    found = draw_rank_intervals(index, table, None, how).frame
    assert (found["rank_p05"] <= found["rank_median"]).all()
    assert (found["rank_median"] <= found["rank_p95"]).all()
    assert found["rank_p05"].min() == 1
    assert found["rank_p95"].max() <= 50
    assert found["worst_decile_probability"].between(0, 1).all()
    shuffled = draw_rank_intervals(index, table.sample(frac=1, random_state=seed), None, how).frame
    pd.testing.assert_frame_equal(shuffled.sort_index(), found.sort_index())


def test_the_same_seed_gives_the_same_and_another_not() -> None:
    table, how = make_random_table(), varying(draws=50, **EVERYTHING)
    first = draw_rank_intervals(make_three_components(), table, None, how).frame
    pd.testing.assert_frame_equal(first, draw_rank_intervals(make_three_components(), table, None, how).frame)
    other = draw_rank_intervals(
        make_three_components(), table, None, varying(**{**EVERYTHING, "draws": 50, "seed": 9})
    ).frame
    assert not first.equals(other)


@pytest.mark.parametrize("options", [{"weights": weights(20)}, EVERYTHING], ids=["weights", "everything"])
def test_intervals_hold_the_truth_as_often_as_they_claim(
    options: Mapping[str, Mapping[str, int | Sequence[str]]],
) -> None:
    """The true index is drawn as the plausible ones are: 90% of its ranks lie in the intervals, and the probability of
    the worst tenth is the share of such areas that are there."""
    table, how, index = make_random_table(200, 4), varying(draws=600, **options), make_three_components()
    found = draw_rank_intervals(index, table, None, how)
    prepared = prepare(index, table, table, how)
    inside, worst = [], []
    for truth in draw_choices(prepared, how, 400, seed=77):
        ranks = rank_choice(prepared, truth)
        inside.append(((ranks >= found.frame["rank_p05"]) & (ranks <= found.frame["rank_p95"])).mean())
        worst.append(ranks <= 20)
    # Ends that are ranks themselves make intervals a little wide, never narrow.
    assert 0.895 <= np.mean(inside) <= 0.95
    claimed = found.frame["worst_decile_probability"]
    assert np.abs(np.mean(worst, axis=0) - claimed).max() < 0.1
    assert np.mean(worst, axis=0)[claimed >= 0.9].mean() >= 0.9


def test_intervals_from_noise_hold_the_ranks_before_the_noise() -> None:
    """Errors of the declared size on every indicator: the ranks of the true values lie in 90% of the intervals."""
    truth, deviation = make_random_table(300, 5), 0.15
    noise = [{"column": c, "standard_deviation": deviation, "source": "this test"} for c in "abcd"]
    index, how, inside = make_three_components(), varying(draws=300, noise=noise), []
    for seed in range(10):
        observed = truth + np.random.default_rng([8, seed]).normal(scale=deviation, size=truth.shape)
        found = draw_rank_intervals(index, observed, None, how).frame
        true = score(index, truth).rank
        inside.append(((true >= found["rank_p05"]) & (true <= found["rank_p95"])).mean())
    assert np.mean(inside) == pytest.approx(0.9, abs=0.03)


@pytest.mark.parametrize("own", ["percentile", "z-score"])
def test_noise_too_small_to_see_changes_nothing(own: str) -> None:
    noise = [{"column": "c", "relative_standard_deviation": 1e-12, "source": "this test"}]
    index, table = make_three_components(own), make_random_table()
    how = varying(noise=noise, normalisation={"others": ["z-score", "min-max"]})
    prepared = prepare(index, table, table, how)
    for choice in draw_choices(prepared, how, 20, 1):
        quiet = type(choice)(choice.components, choice.within, choice.scheme, choice.aggregation)
        np.testing.assert_allclose(score_choice(prepared, choice), score_choice(prepared, quiet), atol=100 / 60 + 1e-6)


def test_areas_are_compared_with_the_reference_and_ranked_among_themselves() -> None:
    index, nation = make_three_components(), make_random_table(300, 2)
    area = nation.iloc[:40]
    found = draw_rank_intervals(index, nation, area, varying())
    assert (found.frame["rank_median"] == score(index, nation, area).rank).all()


def test_only_what_is_different_is_tried() -> None:
    table = make_random_table()
    prepared = prepare(
        make_three_components("min-max", aggregation="weighted-sum"), table, table, varying(**EVERYTHING)
    )
    assert [scheme.title for scheme in prepared.schemes] == ["min-max", "percentile", "z-score", "rank-exponential"]
    assert prepared.aggregations == ("weighted-sum", "geometric")
    prepared = prepare(make_three_components("z-score"), table, table, varying(**EVERYTHING))
    assert prepared.aggregations == ("arithmetic", "geometric")


def test_z_scores_on_a_scale_rank_as_z_scores_do() -> None:
    index, table = make_three_components("z-score"), make_random_table()
    prepared = prepare(index, table, table, varying())
    scores = score_choice(prepared, declared_choice(index))
    assert np.corrcoef(scores, score(index, table).score)[0, 1] == pytest.approx(1)
    assert scores.min() >= 0


def test_weights_drawn_lie_around_those_given_and_keep_their_total() -> None:
    index, table, how = make_three_components(), make_random_table(), varying(weights=weights(50))
    choices = draw_choices(prepare(index, table, table, how), how, 5000, 1)
    assert choices.components.sum(axis=1) == pytest.approx(np.full(5000, 6.0))
    assert choices.components.mean(axis=0) == pytest.approx([3, 2, 1], rel=0.02)
    assert choices.within[0].mean(axis=0) == pytest.approx([1, 2], rel=0.02)
    assert (choices.within[1] == 1).all()


def test_an_indicator_left_out_counts_for_nothing() -> None:
    index, table = make_three_components(), make_random_table()
    prepared = prepare(index, table, table, varying())
    smaller = make_index("percentile", make_component("one", 3, ("a", 1, 1), ("b", -1, 2)), index.components[2])
    assert (rank_choice(prepared, leave_out(prepared, 2)) == score(smaller, table).rank).all()
    fewer = make_index("percentile", make_component("one", 3, ("b", -1, 2)), *index.components[1:])
    assert (rank_choice(prepared, leave_out(prepared, 0)) == score(fewer, table).rank).all()
    with pytest.raises(IndexError):
        leave_out(prepared, 4)


def test_what_was_varied_is_written_down() -> None:
    found = draw_rank_intervals(make_three_components(), make_random_table(), None, varying(draws=40, **EVERYTHING))
    assert found.variation.draws == 40
    assert found.variation.worst_tenth == 6
    assert [weight.component for weight in found.variation.weights] == ["one", "two", "three", "one", "one"]
    assert found.variation.weights[0].p05 < 0.5 < found.variation.weights[0].p95
    assert np.isinf(
        draw_rank_intervals(
            make_three_components(), make_random_table(), None, varying()
        ).variation.concentration.components
    )


def test_the_shipped_declaration_and_every_shipped_index_go_together() -> None:
    how = read_uncertainty(DECLARED / "uncertainty.toml")
    assert how.draws == 2000
    for path in (DECLARED / "indices").glob("*.toml"):
        index = read_index(path)
        random = np.random.default_rng(1)
        codes = [f"E{i:08d}" for i in range(50)]
        table = make_table(codes, {column: random.random(50) for column in index.columns})
        nominal = score(index, table).rank
        found = draw_rank_intervals(index, table, None, how.model_copy(update={"draws": 20}))
        assert found.variation.worst_tenth == (nominal <= 5).sum()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"draws": 0}, "draws"),
        ({"weights": {"components": -1, "within_components": 1}}, "weights.components"),
        ({"normalisation": {"others": ["log"]}}, "normalisation.others"),
        ({"noise": [{"column": "a", "source": "x"}]}, "either standard_deviation"),
        ({"noise": [{"column": "a", "standard_deviation": 1, "source": "x"}] * 2}, "given twice for a"),
        ({"sensitivity": {"samples": 100, "largest_area": 10, "seed": 1}}, "power of 2"),
        ({"spread": 1}, "unknown key"),
    ],
)
def test_a_fault_in_the_declaration_is_named(
    tmp_path: Path,
    change: Mapping[str, Mapping[str, int | Sequence[str]] | int | Sequence[Mapping[str, int | str]]],
    message: str,
) -> None:
    from pipeline.catalogue.reading import parse
    from pipeline.catalogue.uncertainty import Uncertainty

    with pytest.raises(DeclarationError, match=message):
        parse(Uncertainty, {**NOTHING, **change}, tmp_path / "uncertainty.toml", "")


LOSS = Loss(
    terms=("x.a", "y.b"),
    shares=(0.5, 0.5),
    agreement=0.5,
    standard_error=0.01,
    slope=(0.0, 0.0),
    curvature=(2.0, 0.0, 0.0, 2.0),
    alternatives={"percentile, arithmetic": 0.0, "min-max, arithmetic": 0.01},
)


def two_terms() -> Index:
    return make_index("percentile", make_component("x", 1, ("a", 1, 1)), make_component("y", 1, ("b", 1, 1)))


def test_the_loss_of_a_choice_is_that_of_its_weights_and_of_its_method() -> None:
    """Weights 0.6 and 0.4 are 0.1 away from the fitted ones each: half of 2 · 0.01 twice is 0.02."""
    index, table = two_terms(), make_random_table()
    how = varying(normalisation={"others": ["min-max", "z-score"]})
    prepared = prepare(index, table, table, how)
    choices = Choices(
        np.array([[1.0, 1.0], [6.0, 4.0], [6.0, 4.0], [1.0, 1.0]]),
        (np.ones((4, 1)), np.ones((4, 1))),
        np.array([0, 0, 1, 2]),
        np.zeros(4, dtype="int64"),
        None,
    )
    assert measure_loss(prepared, choices, LOSS).tolist() == pytest.approx([0, 0.02, 0.03, np.inf])


def test_an_index_that_fits_less_is_drawn_less_often() -> None:
    index, table = two_terms(), make_random_table()
    how = varying(weights=weights(5), normalisation={"others": ["min-max"]}, fit={"tolerance": 0.01})
    prepared = prepare(index, table, table, how)
    plain, fitted = (draw_choices(prepared, how, 2000, 3, loss) for loss in (None, LOSS))
    assert np.mean(fitted.scheme == 1) == pytest.approx(np.exp(-1) / (1 + np.exp(-1)), abs=0.03)
    assert np.mean(plain.scheme == 1) == pytest.approx(0.5, abs=0.04)
    shares = [c.components[:, 0] / c.components.sum(axis=1) for c in (plain, fitted)]
    # A flat Dirichlet has a standard deviation of 0.2; with exp(-2(w - 0.5)^2 / 0.01) it is about 0.05.
    assert shares[1].std() == pytest.approx(0.05, abs=0.01)
    assert shares[0].std() > 3 * shares[1].std()
    assert len(fitted) == 2000


@given(st.integers(0, 2**31), st.floats(1e-4, 1))
def test_draws_are_taken_as_often_as_they_weigh(seed: int, tolerance: float) -> None:
    index, table = two_terms(), make_random_table()
    how = varying(weights=weights(5), fit={"tolerance": tolerance})
    prepared = prepare(index, table, table, how)
    again = [draw_choices(prepared, how, 50, seed, LOSS).components.tolist() for _ in range(2)]
    assert again[0] == again[1]


def test_a_share_of_few_people_varies_more_than_that_of_many() -> None:
    """A tenth of 100 people has a standard error of about 3 points, of 10,000 a tenth of that."""
    few = error_deviations(
        Noise(column="a", of="n", source="x"), np.array([0.1, 0.1, 0.0]), pd.DataFrame({"n": [100, 10_000, 100]})
    )
    assert few == pytest.approx([0.0311, 0.0030, 0.0099], abs=1e-4)


def test_an_error_by_a_number_that_is_not_there_is_left_out() -> None:
    index, table = make_three_components(), make_random_table()
    noise = [{"column": "a", "of": "people", "source": "x"}]
    assert prepare(index, table, table, varying(noise=noise)).noisy == ()
    with_people = table.assign(people=1000)
    assert prepare(index, with_people, with_people, varying(noise=noise)).noisy_columns == ("a",)


def test_drawn_errors_have_the_size_that_was_declared() -> None:
    index, table = two_terms(), make_random_table(400, 3)
    how = varying(noise=[{"column": "a", "standard_deviation": 0.05, "source": "x"}])
    prepared = prepare(index, table, table, how)
    drawn = np.array([_with_noise(prepared, 0, seed)[:, 0] for seed in range(400)])
    values, random = table["a"].to_numpy(), np.random.default_rng(1)
    exact = [percentile(values + 0.05 * random.standard_normal(400), values, 1, 100.0) for _ in range(400)]
    assert drawn.std(axis=0).mean() == pytest.approx(np.std(exact, axis=0).mean(), rel=0.05)
    assert drawn.mean(axis=0) == pytest.approx(np.mean(exact, axis=0), abs=2)
    assert (_with_noise(prepared, 0, 1) == _with_noise(prepared, 0, 1)).all()


def test_national_ranks_hold_the_rank_in_the_nation() -> None:
    index, nation = make_three_components(), make_random_table(300, 2)
    codes = nation.index[:40]
    how = varying(weights=weights(50), national_draws=200)
    ranks = draw_national_ranks(index, nation, NationalWanted(codes), how).frame
    true = score(index, nation).rank.loc[codes]
    assert list(ranks.columns) == ["england_rank_p05", "england_rank_p95"]
    assert ((ranks["england_rank_p05"] <= true) & (true <= ranks["england_rank_p95"])).mean() > 0.9
    still = draw_national_ranks(index, nation, NationalWanted(codes), varying()).frame
    assert (still["england_rank_p05"] == true).all()
    assert (still["england_rank_p95"] == true).all()


def test_draws_count_the_worst_tenth_by_group() -> None:
    index, nation = make_three_components(), make_random_table(300, 2)
    groups = np.arange(300) % 4 - 1
    fixed = draw_national_ranks(index, nation, NationalWanted(nation.index[:0], groups), varying())
    worst = (score(index, nation).decile == 1).to_numpy()
    assert fixed.frame.empty
    assert (fixed.worst == [int(worst[groups == group].sum()) for group in range(3)]).all()
    moved = draw_national_ranks(
        index, nation, NationalWanted(nation.index[:2], groups * 0), varying(weights=weights(50))
    )
    assert (moved.worst == 30).all()
    assert draw_national_ranks(index, nation, NationalWanted(nation.index[:1]), varying()).worst.shape[1] == 0
