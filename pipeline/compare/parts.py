"""What moved a rank: its change split among indicators, weights and method, so that the parts add up.

The parts are Shapley values (Shapley 1953; Shorrocks 2013, Decomposition procedures for distributional analysis): the
mean of what a factor changes when it is exchanged before or after each of the others. They add up to the change exactly
and do not depend on an order of the factors, as a sequence of exchanges would.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import Index
from pipeline.compare.sides import Side, changed_values, fill_from_each_other
from pipeline.index import rank_scores, score
from pipeline.index.plausible import Prepared, Recent, declared_choice, prepare_schemes, score_choice

Array = NDArray[np.float64]
FactorKind = Literal["indicator", "weights", "method"]
MOST_EXACT = 8
"""With more factors, orders are drawn: all 2 to the power of 9 combinations and more take too long for a nation."""
ORDERS, SEED = 32, 20260701
METHOD_KEYS = ("normalisation", "scale", "within_components", "aggregation", "missing", "impute_by", "ties")


@dataclass(frozen=True)
class Factor:
    """What differs between two sides; ``column`` is the indicator's."""

    kind: FactorKind
    column: str = ""


@dataclass(frozen=True)
class Parts:
    """The change of the ranks of an area's LSOAs, split.

    Attributes:
        factors: what differs.
        ranks: by LSOA: ``old``, ``new``, ``area_old`` and ``area_new``, worked out by this program.
        nation, area: of the rank among all that are compared, and within the area: LSOAs × factors, in places; below 0
            is towards rank 1, the highest risk. A row adds up to new − old.
        exact: all combinations of factors were worked out; else orders of them were drawn, whose mean adds up too.
    """

    factors: tuple[Factor, ...]
    ranks: pd.DataFrame
    nation: Array
    area: Array
    exact: bool


def split_exactly(value: Callable[[frozenset[int]], Array], count: int) -> Array:
    """The Shapley values of ``count`` factors: one row for each.

    Args:
        value: of a set of factors that are exchanged, the others being as before.
    """
    worked_out = {
        frozenset(some): value(frozenset(some))
        for size in range(count + 1)
        for some in combinations(range(count), size)
    }
    parts = np.zeros((count, *worked_out[frozenset()].shape))
    for some, before in worked_out.items():
        weight = 1.0 / (count * comb(count - 1, len(some))) if len(some) < count else 0.0
        for factor in set(range(count)) - some:
            parts[factor] += weight * (worked_out[some | {factor}] - before)
    return parts


def split_by_orders(value: Callable[[frozenset[int]], Array], count: int, orders: int = ORDERS) -> Array:
    """Shapley values estimated from orders drawn at random, each with its reverse (Castro et al. 2009).

    Of each order the parts add up to the change, and so does their mean.
    """
    random, drawn = np.random.default_rng(SEED), list[NDArray[np.int64]]()
    for _ in range(orders // 2):
        order = random.permutation(count)
        drawn += [order, order[::-1]]
    nothing = value(frozenset())
    parts = np.zeros((count, *nothing.shape))
    for order in drawn:
        before, exchanged = nothing, frozenset[int]()
        for factor in order.tolist():
            exchanged |= {factor}
            after = value(exchanged)
            parts[factor] += after - before
            before = after
    return parts / len(drawn)


def split_change(old: Side, new: Side, codes: pd.Index) -> Parts:
    """What changed the ranks of ``codes`` (LSOAs of both sides) between two sides.

    Raises:
        CompareError: a column that an index reads is on neither side.
        ScoringError: an index cannot be computed from the values of the other side.
    """
    before, after = fill_from_each_other(old, new)
    differ = changed_values(before, after).any()
    factors = [Factor("indicator", str(name)) for name in differ.index[differ]]
    factors += list_index_factors(old.index, new.index)
    ranked = _Ranked(old, new, factors, before, after, codes)
    exact = len(factors) <= MOST_EXACT
    split = split_exactly if exact else split_by_orders
    both = split(ranked, len(factors)) if factors else np.zeros((0, 2, len(codes)))
    ends = (ranked(frozenset()), ranked(frozenset(range(len(factors)))))
    ranks = {"old": ends[0][0], "new": ends[1][0], "area_old": ends[0][1], "area_new": ends[1][1]}
    return Parts(tuple(factors), pd.DataFrame(ranks, index=codes), both[:, 0].T, both[:, 1].T, exact)


def list_index_factors(old: Index, new: Index) -> list[Factor]:
    """Whether two indices differ in their weights, in their method, or in both.

    Indicators, components and directions that are others count as weights: what one index leaves out has none in it. A
    normalisation or mean of a single component counts as weights too where weights changed with it.
    """
    factors = []
    if _weights_of(old) != _weights_of(new):
        factors.append(Factor("weights"))
    same_weights = not factors
    method = [tuple(getattr(index, key) for key in METHOD_KEYS) for index in (old, new)]
    if method[0] != method[1] or (same_weights and _means_of(old) != _means_of(new)):
        factors.append(Factor("method"))
    return factors


def _weights_of(index: Index) -> object:
    return [(c.name, c.weight, [(i.column, i.direction, i.weight) for i in c.indicators]) for c in index.components]


def _means_of(index: Index) -> object:
    return [(c.aggregation, [i.normalisation for i in c.indicators]) for c in index.components]


class _Ranked:
    """The ranks of an area's LSOAs with some factors of the new side and the others of the old.

    The normalised values of each side by each index are worked out once, so that one more combination costs a few
    weighted means and a sort.
    """

    def __init__(
        self,
        old: Side,
        new: Side,
        factors: Sequence[Factor],
        before: pd.DataFrame,
        after: pd.DataFrame,
        codes: pd.Index,
    ) -> None:
        self._indices = (old.index, new.index)
        self._factors = list(factors)
        self._frames = (self._with_classes(old, before), self._with_classes(new, after))
        self._codes = codes
        self._places = before.index.get_indexer(codes)
        self._prepared: dict[tuple[bool, bool], tuple[Prepared, Prepared]] = {}

    def _with_classes(self, side: Side, frame: pd.DataFrame) -> pd.DataFrame:
        """``frame`` with the classes by which missing values are imputed."""
        classes = {index.impute_by for index in self._indices if index.impute_by} - set(frame.columns)
        return frame.join(side.compared[sorted(classes & set(side.compared.columns))], validate="one_to_one")

    def __call__(self, exchanged: frozenset[int]) -> Array:
        """Ranks among all and within the area: 2 × LSOAs."""
        there = {self._factors[number] for number in exchanged}
        kinds = {factor.kind for factor in there}
        index = self._index(weights="weights" in kinds, method="method" in kinds)
        new = {factor.column for factor in there if factor.kind == "indicator"}
        scores = self._scores(index, ("weights" in kinds, "method" in kinds), new)
        rank = rank_scores(scores, index.ties).to_numpy(dtype="float64")[self._places]
        within = rank_scores(scores.iloc[self._places], index.ties).to_numpy(dtype="float64")
        return np.stack([rank, within])

    def _index(self, *, weights: bool, method: bool) -> Index:
        """The index with the weights of the new side or the old, and the method likewise."""
        old, new = self._indices
        kinds = {factor.kind for factor in self._factors}
        # Where weights are the same, components differ in their normalisations only, which are method.
        of_weights = (new if method else old) if "weights" not in kinds else (new if weights else old)
        of_method = new if method else old
        taken = {key: getattr(of_method, key) for key in METHOD_KEYS}
        return of_weights.model_copy(update=taken)

    def _scores(self, index: Index, key: tuple[bool, bool], new: set[str]) -> pd.Series:
        if key not in self._prepared:
            old_side, new_side = (prepare_schemes(index, frame, frame, (), ()) for frame in self._frames)
            self._prepared[key] = (old_side, new_side)
        prepared = self._prepared[key]
        if any(each.schemes[0].standardised for each in prepared):
            # z-scores are put on a scale by the ends of all indicators together, so that they cannot be exchanged
            # singly.
            return score(index, self._mixed(new)).score
        columns = [indicator.column for component in index.components for indicator in component.indicators]
        matrices = [each.schemes[0].values for each in prepared]
        values = np.asfortranarray(np.where([column in new for column in columns], matrices[1], matrices[0]))
        scheme = replace(prepared[0].schemes[0], values=values)
        one = replace(prepared[0], schemes=(scheme,), recent=Recent())
        return pd.Series(score_choice(one, declared_choice(index)), index=self._frames[0].index)

    def _mixed(self, new: set[str]) -> pd.DataFrame:
        old_frame, new_frame = self._frames
        return old_frame.assign(**{name: new_frame[name] for name in new})
