"""Which areas moved beyond the uncertainty of their ranks, at a stated rate of false discoveries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm, t

from pipeline.catalogue import Index, Uncertainty
from pipeline.catalogue.fits import Loss
from pipeline.compare.sides import Side, changed_values, columns_of, fill_from_each_other
from pipeline.index import score
from pipeline.index.checks import vector
from pipeline.index.plausible import draw_choices, error_deviations, prepare, score_choice
from pipeline.index.rank import TOLERANCE
from pipeline.index.uncertainty import rank_draws
from pipeline.space.hotspots import adjust_for_false_discovery

Array = NDArray[np.float64]
DRAWS = 200
"""Of which the standard deviation is taken, not the tails, so that few are enough."""
ROWS_AT_ONCE = 400_000
"""Rows that are scored together: more take more memory than time."""
RATE = 0.05
"""The share of false discoveries among the areas that are said to have moved (Benjamini and Hochberg 1995)."""
OF_A_NORMAL = 1.4826
"""Times the median absolute deviation: the standard deviation, were the values normally distributed."""


@dataclass(frozen=True)
class Moves:
    """The change of each area's place, and whether it is beyond its uncertainty.

    Attributes:
        frame: by LSOA: ``change`` of its place among the earlier nation as a normal score (above 0: towards higher
            risk), its ``deviation``, ``p_value`` and ``moved``; and ``values_changed``, whether one of its values
            that an index reads did.
        draws: plausible indices of each side; 0 where a change is compared with the usual movement alone.
        usual: the standard deviation of the usual movement where that was the least taken; None where it was not, or
            most areas did not move.
        without_error: the changed columns of which no error is declared.
        rate: of false discoveries.
    """

    frame: pd.DataFrame
    draws: int
    usual: float | None
    without_error: tuple[str, ...]
    rate: float = RATE


def find_moves(old: Side, new: Side, codes: pd.Index, uncertainty: Uncertainty | None, draws: int = DRAWS) -> Moves:
    """Which of the areas ``codes`` moved beyond their uncertainty.

    Places are in one frame, that of the earlier nation: an area's later values, scored by the later index, are ranked
    among the earlier values of all others, scored by the same index. So an area moves by its own values and by the
    index, and not because others changed. Its change (as a normal score of the rank) is compared with what errors and
    choices alone would do to it. Each side is ranked many times. What the sides share is the same for both and moves
    nothing: the weights, the normalisation and the mean, where the index is the same, and the errors of values that
    did not change. What differs is drawn for each side on its own: the errors of columns with values that changed, and
    all choices where the index is another. Errors weigh otherwise at another place, so the larger of the two sides'
    standard deviations counts for both, times the root of 2. The change divided by that is compared with Student's t
    distribution; of the p-values, those are discoveries that keep the false discovery rate.

    A change of a column without a declared error would count in full. Where there is one, or no uncertainty is given,
    the deviation is at least that of the usual movement: 1.4826 times the median absolute deviation of all areas'
    changes (an empirical null; Efron 2004). Then only areas are discovered that moved more than is usual.

    Args:
        codes: LSOAs of both sides.
        uncertainty: what is varied; None for releases of an index whose makers declare none.

    Raises:
        ScoringError: the later index cannot be computed from the earlier values.
    """
    before, after = fill_from_each_other(old, new)
    values = changed_values(before, after)
    columns = [str(name) for name in values.columns[values.any()]]
    errors = set() if uncertainty is None else {noise.column for noise in uncertainty.noise}
    without_error = tuple(name for name in columns if name not in errors)
    same_index, made = _same(old, new), 0 if uncertainty is None else min(draws, uncertainty.draws)
    classes = _classes(old, new)
    before, after = (frame.join(classes, validate="one_to_one") for frame in (before, after))
    sides = [(side, _Frame.of(side.index, before, codes), frame) for side, frame in ((old, before), (new, after))]
    places = [frame.place(ends.loc[codes])[0] for _, frame, ends in sides]
    change = places[1] - places[0]
    deviation = np.zeros(len(codes))
    if uncertainty is not None:
        varied = replace_noise(uncertainty, columns).model_copy(update={"draws": made})
        deviation = _deviation(sides, codes, varied, errors_only=same_index)
    usual = None
    if without_error or uncertainty is None:
        # Where most areas did not move at all, there is no usual movement.
        usual = float(OF_A_NORMAL * np.median(np.abs(change - np.median(change)))) or None
        deviation = np.maximum(deviation, usual or 0.0)
    differ = values.any(axis=1).reindex(codes).to_numpy()
    p_value = _p_values(change, deviation, made, differ | (not same_index))
    frame = pd.DataFrame(
        {
            "change": change,
            "deviation": deviation,
            "p_value": p_value,
            "moved": adjust_for_false_discovery(p_value) <= RATE,
            "values_changed": differ,
        },
        index=codes,
    )
    return Moves(frame, made, usual, without_error)


@dataclass(frozen=True)
class _Frame:
    """The earlier nation as the frame of places by one index.

    Attributes:
        values: of the earlier nation. ``rows``: those of the areas whose places are asked for.
        ordered: its scores, the lowest first. ``before``: the scores of those areas in it.
    """

    index: Index
    values: pd.DataFrame
    rows: NDArray[np.int64]
    ordered: Array
    before: Array

    @classmethod
    def of(cls, index: Index, values: pd.DataFrame, codes: pd.Index) -> "_Frame":
        scores, rows = score(index, values).score.to_numpy(), values.index.get_indexer(codes)
        return cls(index, values, rows, np.sort(scores), scores[rows])

    def place(self, areas: pd.DataFrame) -> Array:
        """The places of the areas with other values, as normal scores: one row for each time that they come.

        An area's place is among the others: what it was itself is not above it.
        """
        moved = score(self.index, self.values, areas).score.to_numpy().reshape(-1, len(self.rows))
        return _place_among(moved, self.ordered, self.before)


def _place_among(moved: Array, ordered: Array, before: Array) -> Array:
    higher = len(ordered) - np.searchsorted(ordered, moved + TOLERANCE, side="right")
    return as_normal(higher - (before > moved + TOLERANCE) + 1, len(ordered))


def _classes(old: Side, new: Side) -> pd.DataFrame:
    """The classes by which an index imputes, where it reads no indicator of that name."""
    wanted = {side.index.impute_by for side in (old, new) if side.index.impute_by} - set(columns_of(old, new))
    return old.compared[sorted(wanted & set(old.compared.columns))]


def as_normal(rank: NDArray[np.generic], count: int) -> Array:
    """The normal score of ranks among ``count`` areas: 0 for the median, above 0 for higher risk (Blom 1958)."""
    return np.asarray(norm.ppf((count - np.asarray(rank, dtype="float64") + 1 - 0.375) / (count + 0.25)))


def replace_noise(uncertainty: Uncertainty, columns: Collection[str]) -> Uncertainty:
    """``uncertainty`` with the errors of some columns only."""
    return uncertainty.model_copy(update={"noise": tuple(n for n in uncertainty.noise if n.column in columns)})


def _same(old: Side, new: Side) -> bool:
    """Whether both sides are scored alike; the words of an index do not count."""
    texts = {"id", "title", "description", "source", "mix", "absent", "fitted_to"}
    plain = [side.index.model_dump(exclude=texts) for side in (old, new)]
    for index in plain:
        for component in index["components"]:
            for part in (component, *component["indicators"]):
                part.update(why="", title="")
    return plain[0] == plain[1]


def _deviation(
    sides: Sequence[tuple[Side, _Frame, pd.DataFrame]], codes: pd.Index, uncertainty: Uncertainty, *, errors_only: bool
) -> Array:
    """The standard deviation of the changes of ``codes``: of the sides with their frames and values."""
    parts = []
    for number, (side, frame, values) in enumerate(sides):
        counted = side.compared[_counted(uncertainty, values, side.compared)]
        areas = values.join(counted, validate="one_to_one").loc[codes]
        seeded = uncertainty.model_copy(update={"seed": uncertainty.seed + number})
        parts.append(_err(frame, areas, seeded) if errors_only else _vary(frame, areas, seeded, side.loss))
    return np.asarray(np.sqrt(2.0) * np.maximum(*parts))


def _counted(uncertainty: Uncertainty, there: pd.DataFrame, side: pd.DataFrame) -> list[str]:
    """The columns with the numbers that shares are of, where a side has them and they are not among its indicators."""
    wanted = {noise.of for noise in uncertainty.noise if noise.of is not None}
    return sorted((wanted & set(side.columns)) - set(there.columns))


def _err(frame: _Frame, areas: pd.DataFrame, uncertainty: Uncertainty) -> Array:
    """The standard deviation of places over errors in the data alone, by the index as it is declared."""
    noise = [n for n in uncertainty.noise if n.column in frame.index.columns and (n.of is None or n.of in areas)]
    if not noise:
        return np.zeros(len(areas))
    random, places = np.random.default_rng(uncertainty.seed), []
    deviations = {n.column: error_deviations(n, vector(areas[n.column]), areas) for n in noise}
    at_once = max(1, ROWS_AT_ONCE // len(areas))
    for start in range(0, uncertainty.draws, at_once):
        times = min(at_once, uncertainty.draws - start)
        stacked = pd.concat([areas] * times, ignore_index=True)
        for name, deviation in deviations.items():
            stacked[name] += random.standard_normal(len(stacked)) * np.tile(deviation, times)
        places.append(frame.place(stacked))
    return np.asarray(np.concatenate(places).std(axis=0, ddof=1))


def _vary(frame: _Frame, areas: pd.DataFrame, uncertainty: Uncertainty, loss: Loss | None) -> Array:
    """The standard deviation of places over plausible indices, and errors in what changed."""
    nation = frame.values.join(areas[[name for name in areas if name not in frame.values]], validate="one_to_one")
    both = pd.concat([nation, areas.set_axis([f"{code} later" for code in areas.index])])
    prepared = prepare(frame.index, frame.values, both, uncertainty)
    choices = draw_choices(prepared, uncertainty, uncertainty.draws, uncertainty.seed, loss)

    def ranks_of(number: int) -> Array:
        scores = score_choice(prepared, choices[number])
        ordered, moved = np.sort(scores[: len(nation)]), scores[len(nation) :]
        higher = len(nation) - np.searchsorted(ordered, moved + TOLERANCE, side="right")
        return np.asarray(higher - (scores[frame.rows] > moved + TOLERANCE) + 1.0)

    ranks = rank_draws(len(choices), len(areas), ranks_of, highest=len(nation))
    return np.asarray(as_normal(ranks, len(nation)).std(axis=0, ddof=1))


def _p_values(change: Array, deviation: Array, draws: int, may_have: NDArray[np.bool_]) -> Array:
    """Two-sided p-values; 1 for areas that cannot have moved, and for those that did not at all."""
    settled = (np.abs(change) <= TOLERANCE) | ~may_have
    with np.errstate(divide="ignore", invalid="ignore"):
        standardised = np.abs(change) / deviation
    tails = 2 * (t.sf(standardised, draws - 1) if draws > 1 else norm.sf(standardised))
    return np.where(settled, 1.0, np.nan_to_num(tails, nan=1.0))
