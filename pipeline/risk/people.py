"""The number of people likely to be shut out: a small-area estimate from published rates and totals.

A synthetic estimate (Rao and Molina 2015, chapter 3): the adults of each LSOA by age and disability, times published
rates, with the odds moved by the area's risk score and raked to published totals (Deming and Stephan 1940).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue.rates import Measure, Rates, Total
from pipeline.errors import ScoringError, first
from pipeline.tidy import source_columns

Array = NDArray[np.float64]

NORMAL = 1.959964
"""Standard deviations to either side that hold 95% of a normal distribution."""
NEWTON_STEPS = 60
FARTHEST = 30.0
"""The largest shift of log odds that is tried."""


@dataclass(frozen=True)
class Coverage:
    """The people at risk who live in listed areas, and those who live elsewhere; people, and a share from 0 to 1."""

    inside: float
    missed: float

    @property
    def share(self) -> float:
        """The part of all people at risk who live in the listed areas; 0 where there are none."""
        total = self.inside + self.missed
        return self.inside / total if total > 0 else 0.0


@dataclass(frozen=True)
class Estimates:
    """Estimates of people, and what they rest on.

    Attributes:
        frame: ``people_at_risk``, ``people_not_online`` and ``people_without_skills``, each with ``_low`` and
            ``_high``, in people, by code.
        adults_counted: whether adults were counted; else a published share of the residents stands in.
        shaped_over: which areas the risk score was compared over; "none" where there was no score.
    """

    frame: pd.DataFrame
    adults_counted: bool
    shaped_over: Literal["nation", "area", "none"]


@dataclass(frozen=True)
class Adults:
    """The adults of each area by age band, and by disability.

    Attributes:
        counts: people, shape (areas, bands, 2): the disabled, then the others.
        bands: the bands' names.
        counted: whether the adults were counted; else a published share of the residents stands in.
    """

    counts: Array
    bands: tuple[str, ...]
    counted: bool

    @property
    def by_area(self) -> Array:
        """The adults of each area."""
        return np.asarray(self.counts.sum(axis=(1, 2)))


def estimate_people(areas: pd.DataFrame, score: pd.Series, rates: Rates) -> Estimates:
    """Every estimate of people, for all areas of a nation.

    ``people_not_online`` and ``people_without_skills`` are the two measures, and their ``_low`` and ``_high`` 95%
    intervals. ``people_at_risk`` counts those not online in full, and ``rates.part`` of those who are online but
    without the skills; its ``_low`` and ``_high`` are the two measures themselves.

    Args:
        areas: residents by age, all residents and the share disabled, of all areas of the nation, by code.
        score: their risk score, higher = more risk. Where only some have one, the score moves people among these.
        rates: what is declared.

    Raises:
        ScoringError: a column is missing or wrong, or the totals cannot all be kept.
    """
    values = score.reindex(areas.index)
    scored = values.notna().to_numpy()
    result, counted = pd.DataFrame(index=areas.index), True
    for name, measure in rates.measures.named:
        adults = split_adults(areas, rates, measure)
        bands = estimate_bands(adults, values, rates, measure, measure.totals)
        if scored.any() and not scored.all():
            some = replace(adults, counts=adults.counts[scored])
            kept = [_with_share(total, bands[scored], some) for total in measure.totals]
            bands[scored] = estimate_bands(some, values[scored], rates, measure, kept)
        people = bands.sum(axis=1)
        low, high = interval(people, measure.overall, rates.spread.neighbourhoods)
        result[f"people_{name}"] = people
        result[f"people_{name}_low"], result[f"people_{name}_high"] = low, np.minimum(high, adults.by_area)
        counted = counted and adults.counted
    offline, without = result["people_not_online"], result["people_without_skills"]
    most = np.maximum(offline, without)
    result.insert(0, "people_at_risk", offline + rates.part * (most - offline))
    result.insert(1, "people_at_risk_low", offline)
    result.insert(2, "people_at_risk_high", most)
    return Estimates(result, counted, "nation" if scored.all() else "area" if scored.any() else "none")


def estimate_surveyed(areas: pd.DataFrame, score: pd.Series, rates: Rates, strength: float | None = None) -> pd.Series:
    """The people not online in each area in the year of the survey that has figures of larger areas, to compare with.

    Args:
        areas: as for :func:`estimate_people`. ``score``: likewise, of every area.
        strength: instead of the declared one.

    Raises:
        ScoringError: no totals of that year are declared, a column is missing or wrong, or totals cannot be kept.
    """
    measure = rates.measures.not_online
    if not measure.surveyed:
        raise ScoringError(
            "declared/rates.toml has no totals in measures.not_online.surveyed to compare a survey with."
        )
    if strength is not None:
        rates = rates.model_copy(update={"shape": rates.shape.model_copy(update={"strength": strength})})
    adults = split_adults(areas, rates, measure)
    bands = estimate_bands(adults, score.reindex(areas.index), rates, measure, measure.surveyed)
    return pd.Series(bands.sum(axis=1), index=areas.index)


def _with_share(total: Total, bands: Array, adults: Adults) -> Total:
    """``total`` with the share of ``adults`` that estimates by area and band already give."""
    group = [adults.bands.index(band) for band in total.bands] or list(range(len(adults.bands)))
    return total.model_copy(update={"value": float(bands[:, group].sum() / adults.counts[:, group].sum())})


def interval(people: Array | float, total: Total, spread: Array | float) -> tuple[Array, Array]:
    """The 95% interval of an estimate: the national total's own, and the spread of areas about their estimates.

    Both are taken as normal in the logarithm, and independent: people × exp(∓1.96 √(s² + spread²)), with
    s = ln(high / low) / (2 × 1.96) of the total.
    """
    national = np.log(total.high / total.low) / (2 * NORMAL)
    factor = np.exp(NORMAL * np.hypot(national, spread))
    return np.asarray(people / factor), np.asarray(people * factor)


def sum_people(frame: pd.DataFrame, measure: str, rates: Rates) -> tuple[float, float, float]:
    """The people of a measure over all areas of ``frame``, with low and high.

    The interval is that of the sum, not the sum of the areas' own: their errors partly cancel.
    """
    total = float(frame[f"people_{measure}"].sum())
    declared = dict(rates.measures.named)[measure]
    low, high = interval(total, declared.overall, rates.spread.over(len(frame)))
    return total, float(low), float(high)


def split_adults(areas: pd.DataFrame, rates: Rates, measure: Measure) -> Adults:
    """The adults of each area by age and disability. The two together are not published for LSOAs.

    The nation's disability by age is raised or lowered in its odds, by one factor for each area, until the area's
    residents of all ages hold its census share of disabled people: raking of the area's age × disability table to both
    its margins. Where the share is missing the nation's disability by age stands.

    Raises:
        ScoringError: a column is missing or wrong, or the bands hold more people than the total.
    """
    residents = _residents(areas, rates)
    rest = next(number for number, band in enumerate(rates.bands) if band.column is None)
    adults, counted = _adults_of_rest(areas, residents, rest, measure)
    children = np.maximum(residents[:, rest] - adults, 0)
    of_bands = residents.copy()
    of_bands[:, rest] = adults
    everyone = np.column_stack([of_bands, children])
    disabled = [band.disabled.value for band in rates.bands]
    of_children = rates.bands[rest].children
    prevalence = np.array([*disabled, of_children.value if of_children is not None else disabled[rest]])
    share = _column(areas, rates.disabled, may_be_missing=True) if rates.disabled in areas.columns else None
    chances = _rake_disability(everyone, prevalence, share)[:, :-1]
    counts = np.stack([of_bands * chances, of_bands * (1 - chances)], axis=2)
    return Adults(counts, tuple(band.id for band in rates.bands), counted)


def estimate_bands(adults: Adults, score: pd.Series, rates: Rates, measure: Measure, totals: Sequence[Total]) -> Array:
    """The people of one measure by area and age band, shape (areas, bands), raked to ``totals``.

    The log odds of a group are those of its published rate, plus strength × the area's excess of risk (see
    :class:`pipeline.catalogue.rates.Shape`), plus one number for each age group that a total is given for. Odds keep
    every rate under 1, so no area has more people at risk than adults.

    Args:
        adults: of all areas that the totals are of. ``score``: their risk score, in the same order.
        totals: shares of the adults, by age or of all.

    Raises:
        ScoringError: the totals contradict each other.
    """
    logits = _log_odds(adults, measure) + (rates.shape.strength * measure_excess(adults, score, measure))[:, None, None]
    people = np.zeros(adults.counts.shape[:2])
    for group, target in _targets(adults, totals):
        counts, at = adults.counts[:, group], logits[:, group]
        shift = shift_odds(counts.reshape(1, -1), at.reshape(1, -1), np.array([target]))
        people[:, group] = (counts * _chance(at + shift)).sum(axis=2)
    return people


def measure_excess(adults: Adults, score: pd.Series, measure: Measure) -> Array:
    """How far the risk score exceeds what ages and disability alone would give, in standard deviations over adults.

    The score's standardised value less that of the logarithm of the share that the published rates give for the area.
    Zero everywhere where a score is missing.
    """
    values, weights = score.to_numpy(dtype="float64"), adults.by_area
    if np.isnan(values).any() or weights.sum() == 0:
        return np.zeros(len(values))
    expected = (adults.counts * _chance(_log_odds(adults, measure))).sum(axis=(1, 2))
    share = np.divide(expected, weights, out=np.full(len(weights), np.nan), where=weights > 0)
    # Where nobody lives nothing is estimated.
    logged = np.log(np.where(np.isnan(share), np.nanmean(share), share))
    return _standardise(values, weights) - _standardise(logged, weights)


def measure_coverage(people: pd.Series, listed_as: pd.Series) -> Coverage:
    """The number of ``people`` who live in the areas marked 1, and the number who live elsewhere."""
    listed = (listed_as == 1).to_numpy()
    values = people.to_numpy(dtype="float64")
    return Coverage(float(values[listed].sum()), float(values[~listed].sum()))


def _log_odds(adults: Adults, measure: Measure) -> Array:
    """The log odds of each group, shape (1, bands, 2)."""
    by_band = {rate.band: rate for rate in measure.rates}
    pairs = [
        (rate.all.value, rate.all.value)
        if rate.all is not None
        else tuple(figure.value for figure in (rate.disabled, rate.not_disabled) if figure is not None)
        for rate in (by_band[band] for band in adults.bands)
    ]
    values = np.array(pairs)[None]
    return np.asarray(np.log(values / (1 - values)))


def _targets(adults: Adults, totals: Sequence[Total]) -> list[tuple[list[int], float]]:
    """Groups of bands that do not overlap, and the people of each; what the total of all leaves is for the others."""
    of_bands = adults.counts.sum(axis=(0, 2))
    overall = next(total for total in totals if not total.bands)
    left, rest = overall.value * float(of_bands.sum()), set(range(len(adults.bands)))
    targets = []
    for total in totals:
        group = [adults.bands.index(band) for band in total.bands]
        if group:
            target = total.value * float(of_bands[group].sum())
            targets.append((group, target))
            left -= target
            rest -= set(group)
    if rest:
        targets.append((sorted(rest), left))
    possible = all(0 <= target <= of_bands[group].sum() for group, target in targets)
    if not possible or (not rest and abs(left) > 1e-6 * max(float(of_bands.sum()), 1.0)):
        by_age = "; ".join(f"{total.value:.1%} of {' and '.join(total.bands)}" for total in totals if total.bands)
        raise ScoringError(
            "declared/rates.toml: the totals contradict each other: by the ages of this nation, those of age bands "
            f"({by_age}) cannot add up to {overall.value:.1%} of all adults. Correct one, or leave out one of a band."
        )
    return targets


def _rake_disability(people: Array, prevalence: Array, share: Array | None) -> Array:
    """The chance of being disabled of each group of each area, so that ``share`` of all its ``people`` are."""
    logits = np.log(prevalence / (1 - prevalence))
    shift = np.zeros(len(people))
    if share is not None:
        shift = shift_odds(people, logits, np.nan_to_num(share) * people.sum(axis=1))
        shift[np.isnan(share)] = 0.0
    return _chance(logits + shift[:, None])


def shift_odds(people: Array, logits: Array, target: Array) -> Array:
    """The shift of each area's log odds at which they expect ``target`` of its ``people``.

    Newton's method from the odds as given; bounded steps keep it from running off where nearly all are expected. An
    area is left alone once a step changes nothing, or changes back what the step before did.
    """
    result, before = np.zeros(len(people)), np.full(len(people), np.nan)
    areas, shift = np.arange(len(people)), np.zeros(len(people))
    for left in reversed(range(NEWTON_STEPS)):
        chance = _chance(logits + shift[:, None])
        expected = people * chance
        slope = (expected * (1 - chance)).sum(axis=1)
        gap = expected.sum(axis=1) - target
        step = np.divide(gap, slope, out=np.zeros(len(gap)), where=slope > 0)
        moved = np.clip(shift - np.clip(step, -2, 2), -FARTHEST, FARTHEST)
        # What swings between two values ends, after an odd number of further steps, on the one before.
        result[areas] = np.where((moved == before) & (left % 2 == 1), shift, moved)
        going = (moved != shift) & (moved != before)
        if not going.any():
            break
        if going.all():
            before, shift = shift, moved
        else:
            people, target, areas = people[going], target[going], areas[going]
            before, shift = shift[going], moved[going]
    return result


def _chance(logits: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-logits)))


def _standardise(values: Array, weights: Array) -> Array:
    mean = np.average(values, weights=weights)
    spread = np.sqrt(np.average((values - mean) ** 2, weights=weights))
    return np.zeros(len(values)) if spread < 1e-12 else np.asarray((values - mean) / spread)


def _residents(areas: pd.DataFrame, rates: Rates) -> Array:
    """Residents of each band, shape (areas, bands); the band without column holds all others."""
    counted = {band.id: _people_in(areas, band.column) for band in rates.bands if band.column is not None}
    rest = _people_in(areas, rates.total) - np.sum([*counted.values(), np.zeros(len(areas))], axis=0)
    wrong = areas.index[rest < 0]
    if len(wrong):
        raise ScoringError(f"{len(wrong):,} area(s) have more residents in the age bands than in total: {first(wrong)}")
    return np.column_stack([counted.get(band.id, rest) for band in rates.bands])


def _adults_of_rest(areas: pd.DataFrame, residents: Array, rest: int, measure: Measure) -> tuple[Array, bool]:
    """The adults among the residents of the band without column, and whether they were counted."""
    declared = measure.adults
    if declared.column in areas.columns and areas[declared.column].notna().all():
        older = np.delete(residents, rest, axis=1).sum(axis=1)
        return np.clip(_people_in(areas, declared.column) - older, 0, residents[:, rest]), True
    return residents[:, rest] * declared.share.value, False


def _people_in(areas: pd.DataFrame, name: str) -> Array:
    columns = source_columns()
    if name in columns and columns[name].quantity != "people":
        counted = [column.name for column in columns.values() if column.quantity == "people"]
        raise ScoringError(
            f"declared/rates.toml: '{name}' does not count people ({columns[name].unit or 'it has no unit'}). Bands "
            f"need columns of residents: {', '.join(counted)}."
        )
    return _column(areas, name)


def _column(areas: pd.DataFrame, name: str, *, may_be_missing: bool = False) -> Array:
    if name not in areas.columns:
        raise ScoringError(f"declared/rates.toml asks for the column '{name}', which is missing.")
    if not pd.api.types.is_numeric_dtype(areas[name]):
        raise ScoringError(f"declared/rates.toml asks for the column '{name}', which does not hold numbers.")
    values = areas[name].to_numpy(dtype="float64")
    missing = np.isnan(values) & may_be_missing
    wrong = areas.index[~((values >= 0) | missing)]
    if len(wrong):
        raise ScoringError(f"{name}: {len(wrong):,} area(s) have no value of 0 or more: {first(wrong)}")
    return values
