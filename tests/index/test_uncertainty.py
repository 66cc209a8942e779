"""Rank intervals: what nothing varied must give, what intervals claim, and what draws must keep to."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as each
from hypothesis import settings
from hypothesis import strategies as st

from pipeline.catalogue import read_index, read_uncertainty
from pipeline.errors import DeclarationError
from pipeline.index import rank_intervals, score
from pipeline.index.plausible import draw_choices, given, prepare, rank_choice, score_choice, without
from tests.folders import DECLARED
from tests.index.builders import make_component, make_index, make_table
from tests.index.uncertain import EVERYTHING, NOTHING, varying, weights

RANKS = ["rank_p05", "rank_median", "rank_p95"]


def an_index(normalisation="percentile", **options):
    return make_index(
        normalisation,
        make_component("one", 3, ("a", 1, 1), ("b", -1, 2)),
        make_component("two", 2, ("c", 1, 1)),
        make_component("three", 1, ("d", 1, 1)),
        **options,
    )


def a_table(count=60, seed=0, distinct=None):
    random = np.random.default_rng(seed)
    values = random.normal(size=(count, 4)) if distinct is None else random.integers(0, distinct, (count, 4))
    values = values.astype(float)
    values[:2] = [[0, 0, 0, 0], [1, 1, 1, 1]]
    return make_table([f"E{i:08d}" for i in random.permutation(count)], dict(zip("abcd", values.T, strict=True)))


@each(
    st.sampled_from(["percentile", "min-max", "z-score", "rank-exponential"]),
    st.sampled_from(["arithmetic", "geometric", "weighted-sum"]),
    st.sampled_from(["min", "average", "code"]),
    st.integers(0, 2**16),
    st.integers(1, 5),
)
@settings(max_examples=60, deadline=None)
def test_with_nothing_varied_every_rank_is_the_nominal(normalisation, aggregation, ties, seed, draws):
    aggregation = "arithmetic" if normalisation == "z-score" else aggregation
    index = an_index(normalisation, aggregation=aggregation, ties=ties)
    if aggregation == "weighted-sum":
        small = [c.model_copy(update={"weight": c.weight / 10}) for c in index.components]
        index = index.model_copy(update={"components": tuple(small)})
    table = a_table(40, seed, distinct=3)
    nominal = score(index, table)
    found = rank_intervals(index, table, None, varying(draws=draws))
    for name in RANKS:
        assert (found.frame[name] == nominal.rank).all()
    assert (found.nominal == nominal.rank).all()
    assert (found.frame["worst_decile_probability"] == (nominal.decile == 1)).all()


def test_missing_values_are_reweighted_as_the_score_does():
    index, table = an_index(missing="reweight"), a_table()
    table.loc[table.index[5:15], "c"] = np.nan
    found = rank_intervals(index, table, None, varying())
    assert (found.frame["rank_median"] == score(index, table).rank).all()


def test_a_worked_example():
    """Two indicators that disagree: A leads on one, B on the other, C is last on both."""
    index = make_index("min-max", make_component("x", 1, ("x", 1, 1)), make_component("y", 1, ("y", 1, 1)))
    table = make_table(["A", "B", "C"], {"x": [10, 6, 0], "y": [5, 10, 0]})
    found = rank_intervals(index, table, None, varying(draws=4000, weights=weights(2)))
    # A leads where 10w + 5(1 - w) > 6w + 10(1 - w), so where w > 5/9; a flat Dirichlet puts 4/9 of the draws there.
    assert found.frame.loc["C", RANKS].tolist() == [3, 3, 3]
    assert found.frame.loc["A", RANKS].tolist() == [1, 2, 2]
    assert found.frame.loc["B", RANKS].tolist() == [1, 1, 2]
    prepared = prepare(index, table, table, varying(weights=weights(2)))
    choices = draw_choices(prepared, varying(weights=weights(2)), 4000, 1)
    leads = np.mean([rank_choice(prepared, choice)[0] == 1 for choice in choices])
    assert leads == pytest.approx(4 / 9, abs=0.03)


def test_a_percentile_is_a_rank_that_some_draw_gave():
    """Of two draws the median is the smaller rank; with halves only where ties are averaged."""
    found = rank_intervals(an_index(), a_table(), None, varying(draws=2, weights=weights(5)))
    assert (found.frame["rank_median"] == found.frame["rank_p05"]).all()
    assert all(found.frame[name].dtype == "int64" for name in RANKS)


@each(st.integers(0, 2**16))
@settings(max_examples=20, deadline=None)
def test_intervals_are_in_order_and_do_not_depend_on_the_order_of_rows(seed):
    table, how = a_table(50, seed, distinct=4), varying(draws=30, **EVERYTHING)
    index = an_index()
    found = rank_intervals(index, table, None, how).frame
    assert (found["rank_p05"] <= found["rank_median"]).all()
    assert (found["rank_median"] <= found["rank_p95"]).all()
    assert found["rank_p05"].min() == 1
    assert found["rank_p95"].max() <= 50
    assert found["worst_decile_probability"].between(0, 1).all()
    shuffled = rank_intervals(index, table.sample(frac=1, random_state=seed), None, how).frame
    pd.testing.assert_frame_equal(shuffled.sort_index(), found.sort_index())


def test_the_same_seed_gives_the_same_and_another_not():
    table, how = a_table(), varying(draws=50, **EVERYTHING)
    first = rank_intervals(an_index(), table, None, how).frame
    pd.testing.assert_frame_equal(first, rank_intervals(an_index(), table, None, how).frame)
    other = rank_intervals(an_index(), table, None, varying(**{**EVERYTHING, "draws": 50, "seed": 9})).frame
    assert not first.equals(other)


@pytest.mark.parametrize("options", [{"weights": weights(20)}, EVERYTHING], ids=["weights", "everything"])
def test_intervals_hold_the_truth_as_often_as_they_claim(options):
    """The true index is drawn as the plausible ones are: 90% of its ranks lie in the intervals, and the probability of
    the worst tenth is the share of such areas that are there."""
    table, how, index = a_table(200, 4), varying(draws=600, **options), an_index()
    found = rank_intervals(index, table, None, how)
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


def test_intervals_from_noise_hold_the_ranks_before_the_noise():
    """Errors of the declared size on every indicator: the ranks of the true values lie in 90% of the intervals."""
    truth, deviation = a_table(300, 5), 0.15
    noise = [{"column": c, "standard_deviation": deviation, "source": "this test"} for c in "abcd"]
    index, how, inside = an_index(), varying(draws=300, noise=noise), []
    for seed in range(10):
        observed = truth + np.random.default_rng([8, seed]).normal(scale=deviation, size=truth.shape)
        found = rank_intervals(index, observed, None, how).frame
        true = score(index, truth).rank
        inside.append(((true >= found["rank_p05"]) & (true <= found["rank_p95"])).mean())
    assert np.mean(inside) == pytest.approx(0.9, abs=0.03)


@pytest.mark.parametrize("own", ["percentile", "z-score"])
def test_noise_too_small_to_see_changes_nothing(own):
    noise = [{"column": "c", "relative_standard_deviation": 1e-12, "source": "this test"}]
    index, table = an_index(own), a_table()
    how = varying(noise=noise, normalisation={"others": ["z-score", "min-max"]})
    prepared = prepare(index, table, table, how)
    for choice in draw_choices(prepared, how, 20, 1):
        quiet = type(choice)(choice.components, choice.within, choice.scheme, choice.aggregation)
        np.testing.assert_allclose(score_choice(prepared, choice), score_choice(prepared, quiet), atol=100 / 60 + 1e-6)


def test_areas_are_compared_with_the_reference_and_ranked_among_themselves():
    index, nation = an_index(), a_table(300, 2)
    area = nation.iloc[:40]
    found = rank_intervals(index, nation, area, varying())
    assert (found.frame["rank_median"] == score(index, nation, area).rank).all()


def test_only_what_is_different_is_tried():
    table = a_table()
    prepared = prepare(an_index("min-max", aggregation="weighted-sum"), table, table, varying(**EVERYTHING))
    assert [scheme.title for scheme in prepared.schemes] == ["min-max", "percentile", "z-score", "rank-exponential"]
    assert prepared.aggregations == ("weighted-sum", "geometric")
    prepared = prepare(an_index("z-score"), table, table, varying(**EVERYTHING))
    assert prepared.aggregations == ("arithmetic", "geometric")


def test_z_scores_on_a_scale_rank_as_z_scores_do():
    index, table = an_index("z-score"), a_table()
    prepared = prepare(index, table, table, varying())
    scores = score_choice(prepared, given(index))
    assert np.corrcoef(scores, score(index, table).score)[0, 1] == pytest.approx(1)
    assert scores.min() >= 0


def test_weights_drawn_lie_around_those_given_and_keep_their_total():
    index, table, how = an_index(), a_table(), varying(weights=weights(50))
    choices = draw_choices(prepare(index, table, table, how), how, 5000, 1)
    assert choices.components.sum(axis=1) == pytest.approx(np.full(5000, 6.0))
    assert choices.components.mean(axis=0) == pytest.approx([3, 2, 1], rel=0.02)
    assert choices.within[0].mean(axis=0) == pytest.approx([1, 2], rel=0.02)
    assert (choices.within[1] == 1).all()


def test_an_indicator_left_out_counts_for_nothing():
    index, table = an_index(), a_table()
    prepared = prepare(index, table, table, varying())
    smaller = make_index("percentile", make_component("one", 3, ("a", 1, 1), ("b", -1, 2)), index.components[2])
    assert (rank_choice(prepared, without(prepared, 2)) == score(smaller, table).rank).all()
    fewer = make_index("percentile", make_component("one", 3, ("b", -1, 2)), *index.components[1:])
    assert (rank_choice(prepared, without(prepared, 0)) == score(fewer, table).rank).all()
    with pytest.raises(IndexError):
        without(prepared, 4)


def test_what_was_varied_is_written_down():
    found = rank_intervals(an_index(), a_table(), None, varying(draws=40, **EVERYTHING))
    assert found.varied["draws"] == 40
    assert found.varied["worst_tenth"] == 6
    assert [w["component"] for w in found.varied["weights"]] == ["one", "two", "three", "one", "one"]
    assert found.varied["weights"][0]["p05"] < 0.5 < found.varied["weights"][0]["p95"]
    assert rank_intervals(an_index(), a_table(), None, varying()).varied["concentration"]["components"] is None


def test_the_shipped_declaration_and_every_shipped_index_go_together():
    how = read_uncertainty(DECLARED / "uncertainty.toml")
    assert how.draws == 2000
    for path in (DECLARED / "indices").glob("*.toml"):
        index = read_index(path)
        random = np.random.default_rng(1)
        codes = [f"E{i:08d}" for i in range(50)]
        table = make_table(codes, {column: random.random(50) for column in index.columns})
        nominal = score(index, table).rank
        found = rank_intervals(index, table, None, how.model_copy(update={"draws": 20}))
        assert (found.nominal == nominal).all()


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
def test_a_fault_in_the_declaration_is_named(tmp_path, change, message):
    from pipeline.catalogue.reading import parse
    from pipeline.catalogue.uncertainty import Uncertainty

    with pytest.raises(DeclarationError, match=message):
        parse(Uncertainty, NOTHING | change, tmp_path / "uncertainty.toml", "")
