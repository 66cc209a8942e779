"""Every score compared with every outcome: over the nation, in the area asked for, and within ICBs.

Intervals are 95% percentile bootstrap intervals. Neighbours resemble each other, so clusters are drawn and not LSOAs:
districts, or, in an area of few districts, MSOAs. Larger areas are drawn themselves, and the
error of a survey with them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.evidence.agreement import Observed, area_under_curve, curve_of_ranks
from pipeline.evidence.area_outcome import AreaOutcome
from pipeline.evidence.outcome import Outcome
from pipeline.evidence.validate import (
    CELLS,
    FEWEST,
    Counts,
    Vector,
    correlate_ranks,
    draw_resamples,
    interval_of,
    resampled_ranks,
    spearman,
)
from pipeline.reading.codes import msoa_names
from pipeline.tables import is_among

Objects = NDArray[np.object_]
Flags = NDArray[np.bool_]

LEAST_OF_EACH = 5
"""A group is compared where at least so many areas are in it, and as many are not."""
FEWEST_DISTRICTS = 5
"""With fewer districts, drawing districts says little: the smaller clusters are drawn."""
DRAWN_THEMSELVES = ("district", "icb", "nuts3")
"""Levels of areas that are large enough to be drawn one by one; MSOAs and practices are drawn with their district."""
CORRELATION, CURVE = "rank correlation", "area under the curve"
COLUMNS = (
    "outcome",
    "candidate",
    "statistic",
    "level",
    "units",
    "areas",
    "places",
    "agreement",
    "low",
    "high",
    "reliability",
    "corrected",
)


@dataclass(frozen=True)
class Draws:
    """How the intervals are drawn: the number of resamples, and the seed of the random numbers."""

    number: int = 1_000
    seed: int = 2021


AS_USUAL = Draws()


def compare_outcomes(
    candidates: pd.DataFrame,
    outcomes: Sequence[Observed],
    places: pd.DataFrame,
    area: pd.Index,
    draws: Draws = AS_USUAL,
) -> pd.DataFrame:
    """Compare every column of ``candidates`` with every outcome.

    Args:
        candidates: one score per column, higher = more risk, for all LSOAs of the nation, indexed by code.
        outcomes: what was observed.
        places: ``lsoa21_name, icb_code, lad_code`` of all LSOAs, indexed by code.
        area: the codes of the area asked for.
        draws: how the intervals are drawn.

    Returns:
        One row for each outcome, candidate and level: ``outcome, candidate, statistic`` (rank correlation, or area
        under the curve for a group), ``level`` (``all``; ``area``, where enough of it was observed; ``icb``: the median
        within ICBs), ``units`` (what was compared: ``lsoa`` or the level of the areas), ``areas`` (their number),
        ``places`` (the number of ICBs, else 1), ``agreement, low, high``, and for a survey ``reliability`` (by its
        published limits) and ``corrected``: the correlation divided by its root (Spearman 1904), at most 1.
    """
    rows: list[dict[str, object]] = []
    for together in _of_same_areas(outcomes):
        rows += list(_compare(candidates, together, places, area, draws))
    order = {outcome.name: number for number, outcome in enumerate(outcomes)}
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.sort_values("outcome", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def _of_same_areas(outcomes: Sequence[Observed]) -> Iterator[list[Observed]]:
    """Outcomes of LSOAs that were observed in the same LSOAs, which share the ranks of every resample; others alone."""
    groups: list[list[Observed]] = []
    for outcome in outcomes:
        for group in groups:
            if (
                isinstance(outcome, Outcome)
                and isinstance(group[0], Outcome)
                and outcome.values.index.equals(group[0].values.index)
            ):
                group.append(outcome)
                break
        else:
            groups.append([outcome])
    yield from groups


def _compare(
    candidates: pd.DataFrame, outcomes: Sequence[Observed], places: pd.DataFrame, area: pd.Index, draws: Draws
) -> Iterator[dict[str, object]]:
    outcome = outcomes[0]
    scores = outcome.scores_of(candidates)
    values = {str(column): scores[column].to_numpy(dtype="float64") for column in scores.columns}
    icb, district, small, here = _places_of(outcome, places, area)
    everywhere = np.ones(len(scores), dtype=bool)
    levels = [("all", [everywhere], district if _needs_clusters(outcome) else None)]
    if FEWEST <= here.sum() < len(here):
        few = len(np.unique(district[here])) < FEWEST_DISTRICTS
        levels.append(("area", [here], small if few else district))
    boards = [inside for code in np.unique(icb) for inside in [icb == code] if inside.sum() >= FEWEST]
    if len(boards) > 1:
        levels.append(("icb", boards, district))
    for number, (level, insides, clusters) in enumerate(levels):
        kept = np.logical_or.reduce(insides)
        random = np.random.default_rng([draws.seed, number])
        drawn = _Drawn(
            {name: vector[kept] for name, vector in values.items()},
            [_Target(o, kept) for o in outcomes],
            [inside[kept] for inside in insides],
            None if clusters is None else clusters[kept],
            is_part=level != "all",
        )
        for (name, candidate), judged in drawn.judge(draws.number, random).items():
            of = next(o for o in outcomes if o.name == name)
            reliability = of.reliability if isinstance(of, AreaOutcome) and level == "all" else None
            yield {
                "outcome": name,
                "candidate": candidate,
                "statistic": CURVE if of.measure == "group" else CORRELATION,
                "level": level,
                "units": of.level if isinstance(of, AreaOutcome) else "lsoa",
                **judged._asdict(),
                "reliability": reliability,
                "corrected": correct(judged.agreement, reliability),
            }


def correct(value: float, reliability: float | None) -> float | None:
    """A correlation as it would be without the error of the sample (Spearman 1904), between −1 and 1."""
    if reliability is None or reliability <= 0:
        return None
    return float(np.clip(value / reliability**0.5, -1, 1))


def _needs_clusters(outcome: Observed) -> bool:
    return isinstance(outcome, Outcome) or outcome.level not in DRAWN_THEMSELVES


def _places_of(outcome: Observed, places: pd.DataFrame, area: pd.Index) -> tuple[Objects, Objects, Objects, Flags]:
    """Of each area of the outcome: ICB, district, the smaller cluster, and whether it lies in the area asked for."""
    if isinstance(outcome, Outcome):
        measured = places.loc[outcome.values.index]
        small = msoa_names(measured["lsoa21_name"]).to_numpy(dtype=object)
        here = is_among(measured.index, area)
        return measured["icb_code"].to_numpy(object), measured["lad_code"].to_numpy(object), small, here
    inside = pd.Series(np.where(is_among(places.index, area), "here", "elsewhere"), index=places.index)
    units = np.asarray(outcome.values.index.astype("str"), dtype=object)
    icb, district, where = (outcome.mostly_in(of) for of in (places["icb_code"], places["lad_code"], inside))
    return icb, district, units, where == "here"


class _Target:
    """What scores are compared with: the harm in each area, whether it is a group, and the error of a survey."""

    def __init__(self, outcome: Observed, kept: Flags) -> None:
        self.name = outcome.name
        self.harm = outcome.harm.to_numpy(dtype="float64")[kept]
        self.is_group = outcome.measure == "group"
        error = outcome.error if isinstance(outcome, AreaOutcome) else None
        self.error = None if error is None else error.to_numpy(dtype="float64")[kept]

    def agree(self, score: Vector, inside: Flags) -> float:
        harm = self.harm[inside]
        if not self.is_group:
            return spearman(score[inside], harm)
        return area_under_curve(score[inside], harm > 0) if self.is_mixed(inside) else float("nan")

    def is_mixed(self, inside: Flags) -> bool:
        """Whether enough of the areas are in the group, and enough are not."""
        there = int((self.harm[inside] > 0).sum())
        return min(there, int(inside.sum()) - there) >= LEAST_OF_EACH

    def ranks(self, inside: Flags, counts: Counts, random: np.random.Generator) -> Counts:
        """The ranks of the harm in every resample, with the error of a survey drawn for each."""
        harm = self.harm[inside]
        if self.error is None:
            return resampled_ranks(harm, counts)
        drawn = harm + random.standard_normal((len(counts), len(harm))) * self.error[inside]
        return np.stack([resampled_ranks(values, c[None, :])[0] for values, c in zip(drawn, counts, strict=True)])


class _Judged(NamedTuple):
    """How well a score agrees with an outcome: over how many areas, in how many places, and the interval."""

    areas: int
    places: int
    agreement: float
    low: float
    high: float


class _Drawn:
    """Scores and targets over the same areas, judged in one place or in several, of which the median is taken."""

    def __init__(
        self,
        scores: Mapping[str, Vector],
        targets: Sequence[_Target],
        insides: Sequence[Flags],
        clusters: Objects | None,
        *,
        is_part: bool,
    ) -> None:
        self.scores, self.targets, self.insides, self.clusters = scores, targets, insides, clusters
        self.is_part = is_part

    def judge(self, number: int, random: np.random.Generator) -> "dict[tuple[str, str], _Judged]":
        """How well each candidate agrees with each outcome, where there is enough to tell."""
        drawn: dict[tuple[str, str], list[Vector]] = {}
        size = len(next(iter(self.scores.values())))
        step = max(1, CELLS // size)
        for start in range(0, number, step):
            counts = draw_resamples(size, min(step, number - start), random, self.clusters)
            for key, draws in self._draw(counts, random).items():
                drawn.setdefault(key, []).append(draws)
        result = {}
        for target in self.targets:
            for candidate, score in self.scores.items():
                each = np.array([target.agree(score, inside) for inside in self.insides])
                used = ~np.isnan(each)
                if not used.any():
                    continue
                value = float(np.median(each[used]))
                draws = np.concatenate(drawn[target.name, candidate])
                if self.is_part or target.error is not None:
                    draws = _moved_to(value, draws)
                areas = sum(int(inside.sum()) for inside, there in zip(self.insides, used, strict=True) if there)
                result[target.name, candidate] = _Judged(areas, int(used.sum()), value, *interval_of(draws).values())
        return result

    def _draw(self, counts: Counts, random: np.random.Generator) -> dict[tuple[str, str], Vector]:
        parts: dict[tuple[str, str], list[Vector]] = {}
        for inside in self.insides:
            times = counts[:, inside]
            harms = {t.name: t.ranks(inside, times, random) for t in self.targets if not t.is_group}
            for candidate, score in self.scores.items():
                ranks = resampled_ranks(score[inside], times)
                for target in self.targets:
                    if target.is_group and not target.is_mixed(inside):
                        draws = np.full(len(times), np.nan)
                    elif target.is_group:
                        draws = curve_of_ranks(ranks, target.harm[inside] > 0, times)
                    else:
                        draws = correlate_ranks(ranks, harms[target.name], times)
                    parts.setdefault((target.name, candidate), []).append(draws)
        return {key: _median(np.stack(draws)) for key, draws in parts.items()}


def _median(draws: Counts) -> Vector:
    """The median over places, the first axis; NaN in a draw where no place has a value."""
    there = ~np.isnan(draws).all(axis=0)
    result = np.full(draws.shape[1], np.nan)
    result[there] = np.nanmedian(draws[:, there], axis=0)
    return result


def _moved_to(value: float, draws: Vector) -> Vector:
    """``draws`` moved so that their median is ``value``.

    The estimates of a survey hold an error already, so that drawing it once more makes every agreement look weaker;
    and a resample has fewer different districts than an ICB or an area has, which does the same. The spread is kept.
    """
    present = draws[~np.isnan(draws)]
    return np.asarray(np.clip(draws + value - np.median(present), -1, 1)) if len(present) else draws
