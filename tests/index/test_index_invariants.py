"""What must hold for any index over any table."""

from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.catalogue import Index
from pipeline.catalogue.indices import Component, Indicator
from pipeline.index import score
from tests.fixtures.indices import make_component, make_index, make_table

COLUMNS = ("one", "two", "three")
METHODS = ("min-max", "percentile", "z-score", "rank-exponential")
BRIEF = settings(deadline=None, max_examples=20)
AGGREGATIONS = ("arithmetic", "geometric", "weighted-sum")


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """A few areas with many ties; every indicator varies."""
    count = draw(st.integers(3, 15))
    values = {c: draw(st.lists(st.integers(0, 9), min_size=count, max_size=count)) for c in COLUMNS}
    assume(all(len(set(column)) > 1 for column in values.values()))
    return make_table([f"E{i:02}" for i in range(count)], values).astype("float64")


@st.composite
def indices(draw: st.DrawFn, /, methods: tuple[str, ...] = METHODS, **options: Any) -> Index:
    """Two components over three columns: method, aggregations, directions, weights and ties drawn."""
    method = draw(st.sampled_from(methods))
    allowed = ("arithmetic",) if method == "z-score" else AGGREGATIONS
    weights = [draw(st.sampled_from([0.1, 0.2, 0.25, 0.5])) for _ in range(5)]
    signs = [draw(st.sampled_from([1, -1])) for _ in range(3)]
    first = make_component("first", weights[0], ("one", signs[0], weights[1]), ("two", signs[1], weights[2]))
    second = make_component("second", weights[3], ("three", signs[2], weights[4]))
    drawn = {
        "within_components": draw(st.sampled_from(allowed)),
        "aggregation": draw(st.sampled_from(allowed)),
        "ties": draw(st.sampled_from(["min", "average", "code"])),
    }
    return make_index(method, first, second, **{**drawn, **options})


def scored(index: Index, *tables_: pd.DataFrame) -> Any:
    """The scores, unless this draw is of z-scores that cancel out, which are refused."""
    if index.normalisation == "z-score":
        signs = {i.column: i.direction for i in index.components[0].indicators}
        z = {c: signs[c] * (tables_[0][c] - tables_[0][c].mean()) / tables_[0][c].std(ddof=0) for c in signs}
        weights = {i.column: i.weight for i in index.components[0].indicators}
        first = sum(weights[c] * z[c] for c in z) / sum(weights.values())
        other = tables_[0]["three"]
        z_other = index.components[1].indicators[0].direction * (other - other.mean()) / other.std(ddof=0)
        total = index.components[0].weight * first + index.components[1].weight * z_other
        assume(np.ptp(first) > 1e-6)
        assume(np.ptp(total) > 1e-6)
    return score(index, *tables_)


@given(indices(), tables())
@BRIEF
def test_everything_is_on_its_scale(index: Index, table: pd.DataFrame) -> None:
    result = scored(index, table)
    assert result.score.between(0, index.scale).all()
    assert result.components.ge(0).all(axis=None)
    assert result.components.le(index.scale).all(axis=None)
    assert result.rank.between(1, len(table)).all()
    assert result.decile.between(1, 10).all()
    assert result.score[result.rank.idxmin()] == pytest.approx(result.score.max(), abs=1e-9)


@given(indices(), tables(), st.randoms())
@BRIEF
def test_the_order_of_rows_and_columns_changes_nothing(index: Index, table: pd.DataFrame, random: Random) -> None:
    codes, columns = list(table.index), list(table)
    random.shuffle(codes)
    random.shuffle(columns)
    whole, shuffled = scored(index, table), score(index, table.loc[codes, columns])
    pd.testing.assert_series_equal(shuffled.score, whole.score[codes], check_exact=True)
    pd.testing.assert_series_equal(shuffled.rank, whole.rank[codes])
    pd.testing.assert_series_equal(shuffled.decile, whole.decile[codes])


@given(indices(), tables(), st.data())
@BRIEF
def test_a_subset_of_areas_scores_as_in_the_whole(index: Index, table: pd.DataFrame, data: st.DataObject) -> None:
    codes = data.draw(st.lists(st.sampled_from(list(table.index)), min_size=1, unique=True))
    whole, part = scored(index, table), score(index, table, table.loc[codes])
    pd.testing.assert_series_equal(part.score, whole.score[codes], check_exact=True)
    pd.testing.assert_frame_equal(part.components, whole.components.loc[codes], check_exact=True)


@given(indices(ties="min"), tables(), st.data())
@BRIEF
def test_equal_areas_have_equal_scores_and_ranks_wherever_they_stand(
    index: Index, table: pd.DataFrame, data: st.DataObject
) -> None:
    twin = data.draw(st.sampled_from(list(table.index)))
    doubled = pd.concat([table, table.loc[[twin]].rename(index={twin: "Z99"})])
    result = scored(index, doubled)
    assert result.score["Z99"] == result.score[twin]
    assert result.rank["Z99"] == result.rank[twin]


@given(indices(), tables(), st.data(), st.integers(1, 20))
@BRIEF
def test_more_risk_in_one_area_never_lowers_its_score(
    index: Index, table: pd.DataFrame, data: st.DataObject, more: int
) -> None:
    code = data.draw(st.sampled_from(list(table.index)))
    indicator = data.draw(st.sampled_from([i for c in index.components for i in c.indicators]))
    riskier = table.copy()
    riskier.loc[code, indicator.column] += indicator.direction * more
    assert scored(index, table, riskier).score[code] >= score(index, table).score[code] - 1e-9
    # Compared with itself, the reference moves too; under min-max and ranks that cannot help the area either.
    if index.normalisation != "z-score":
        assume(np.ptp(riskier[indicator.column]) > 0)
        assert score(index, riskier).score[code] >= score(index, table).score[code] - 1e-9


@given(indices(methods=("percentile", "rank-exponential")), tables())
@BRIEF
def test_monotone_transforms_of_indicators_change_nothing_under_ranks(index: Index, table: pd.DataFrame) -> None:
    transformed = table.assign(one=np.exp(table["one"]), two=table["two"] ** 3 - 40, three=np.log1p(table["three"]))
    pd.testing.assert_series_equal(score(index, transformed).score, score(index, table).score, check_exact=True)


@given(indices(), tables(), st.sampled_from([0.1, 0.5, 0.75]))
@BRIEF
def test_scaling_all_weights_changes_only_weighted_sums(index: Index, table: pd.DataFrame, factor: float) -> None:
    def scaled(part: Component | Indicator) -> Component | Indicator:
        return part.model_copy(update={"weight": part.weight * factor})

    components = tuple(
        scaled(c).model_copy(update={"indicators": tuple(scaled(i) for i in c.indicators)}) for c in index.components
    )
    sums = [index.within_components, index.aggregation].count("weighted-sum")
    assume(index.within_components != "weighted-sum" or index.aggregation != "geometric")
    before, after = scored(index, table), score(index.model_copy(update={"components": components}), table)
    assert after.score.to_numpy() == pytest.approx(before.score.to_numpy() * factor**sums, abs=1e-7)
    if not sums:
        pd.testing.assert_series_equal(after.rank, before.rank)
    assert after.weights["share"].to_numpy() == pytest.approx(before.weights["share"].to_numpy())


@given(indices(), tables())
@BRIEF
def test_policies_agree_when_nothing_is_missing(index: Index, table: pd.DataFrame) -> None:
    table = table.assign(kind="any")
    strict = scored(index, table)
    for update in ({"missing": "reweight"}, {"missing": "impute", "impute_by": "kind"}):
        other = score(index.model_copy(update=update), table)
        pd.testing.assert_series_equal(other.score, strict.score, check_exact=True)
        pd.testing.assert_series_equal(other.rank, strict.rank)
        assert not other.missing
        assert not other.imputed


@given(indices(methods=("min-max",), within_components="arithmetic", aggregation="arithmetic"), tables())
@BRIEF
def test_turning_every_direction_turns_the_score(index: Index, table: pd.DataFrame) -> None:
    turned = tuple(
        c.model_copy(
            update={"indicators": tuple(i.model_copy(update={"direction": -i.direction}) for i in c.indicators)}
        )
        for c in index.components
    )
    opposite = score(index.model_copy(update={"components": turned}), table)
    assert opposite.score.to_numpy() == pytest.approx(100 - score(index, table).score.to_numpy())


@given(indices(ties="code"), tables())
@BRIEF
def test_ranks_with_ties_by_code_are_a_permutation_and_deciles_even(index: Index, table: pd.DataFrame) -> None:
    result = scored(index, table)
    assert sorted(result.rank) == list(range(1, len(table) + 1))
    sizes = result.decile.value_counts().reindex(range(1, 11), fill_value=0)
    assert sizes.max() - sizes.min() <= 1
