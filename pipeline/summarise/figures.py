"""From LSOAs to larger areas: means, shares, people and their certainty, for units of any kind by the same sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue.kinds import BOTH, NEITHER, Kinds
from pipeline.catalogue.rates import Rates
from pipeline.index.grouped import GroupDraws
from pipeline.index.rank import rank_many, rank_values, take_quantiles
from pipeline.risk.kinds import name_kinds
from pipeline.risk.people import interval
from pipeline.summarise.measures import concentrate, extent_weights
from pipeline.summarise.units import Units

if TYPE_CHECKING:
    # Imported here because it is slow to import.
    from scipy.sparse import csr_array

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
ENDS = (0.05, 0.95)
"""What nine of ten plausible indices lie between."""
MEANS: Mapping[str, str] = {
    "risk_score": "risk_score",
    "mean_rank": "england_rank",
    "score_age_settled": "score_age_settled",
    "score_money_skills_health": "score_money_skills_health",
    "support_access": "support_access",
    "lack_of_support": "lack_of_support",
}
"""Weighted means of a unit, and the column of LSOAs that each is a mean of."""
PARTS: Mapping[str, tuple[str, int]] = {
    "worst_tenth": ("england_decile", 1),
    "worst_fifth": ("england_decile", 2),
    "worst_tenth_of_area": ("risk_decile", 1),
    "worst_fifth_of_area": ("risk_decile", 2),
}
"""Which LSOAs are counted: those up to a decile of a column."""


@dataclass(frozen=True)
class Scored:
    """An area as it was scored.

    Attributes:
        frame: the columns of ``risk.parquet`` by code.
        nation: all LSOAs of the nation, by code, with ``residents_imd`` where File 7 gives it.
        kinds: the kinds of exclusion, and the score above which one stands out.
        rates: how people at risk were estimated, with the spread of estimates.
    """

    frame: pd.DataFrame
    nation: pd.DataFrame
    kinds: Kinds
    rates: Rates


@dataclass(frozen=True)
class Part:
    """The part of units that lies in an area: rows are the units that have one, columns the LSOAs of the area.

    Attributes:
        rows: which units of all these are.
        frame: the LSOAs, in the order of the columns.
        shares: of the people of each LSOA who belong to the unit. ``people``: their number.
        everywhere: LSOAs of each unit in the nation. ``covered``: the share of its people who live in the area.
        compared: whether the unit is ranked among the others.
    """

    rows: NDArray[np.int64]
    frame: pd.DataFrame
    shares: "csr_array"
    people: "csr_array"
    everywhere: NDArray[np.int64]
    covered: Vector
    compared: NDArray[np.bool_]

    @property
    def weights(self) -> "csr_array":
        """The people of each LSOA as a share of the unit's in the area; rows add up to 1."""
        return _row_shares(self.people)


def part_in_area(units: Units, scored: Scored, least_covered: float = 0.0, least_people: float = 0.0) -> Part:
    """The part of ``units`` that lies in the area of ``scored``.

    Args:
        least_covered: the share of its people who must live in the area for a unit to be ranked among the others.
        least_people: of the units with a smaller share, those with fewer people in the area are left out.
    """
    columns = scored.nation.index.get_indexer(scored.frame.index)
    people = units.people[:, columns]
    here = np.asarray(people.sum(axis=1)).ravel()
    covered = np.clip(np.divide(here, units.total, out=np.zeros(len(here)), where=units.total > 0), 0.0, 1.0)
    compared = (here > 0) & (covered >= least_covered)
    rows = np.flatnonzero(compared | ((here > 0) & (here >= least_people)))
    return Part(
        rows,
        scored.frame,
        units.shares[:, columns][rows],
        people[rows],
        np.diff(units.people.indptr)[rows].astype("int64"),
        covered[rows],
        compared[rows],
    )


def summarise(units: Units, part: Part, scored: Scored, draws: GroupDraws | None = None) -> pd.DataFrame:
    """The columns of the table ``summary``, one row for each unit with people in the area, in the order of codes.

    Sums are of the LSOAs' figures times the share of their people who belong to the unit; means are weighted with
    people. Where an LSOA has no value, a mean is over the people of the others.

    Args:
        part: the units' part in the area (:func:`part_in_area`).
        draws: the units by plausible index, columns in the order of ``part.rows``; None leaves intervals empty.
    """
    frame, people, weights = part.frame, part.people, part.weights
    lsoas = np.diff(people.indptr)
    columns: dict[str, object] = {
        "unit_code": units.names.index[part.rows].astype("str"),
        "unit_name": units.names.iloc[part.rows].to_numpy(),
        "lsoas": lsoas,
        "lsoas_everywhere": part.everywhere,
        "share_covered": part.covered,
        "residents": np.asarray(people.sum(axis=1)).ravel(),
    }
    columns |= {name: _mean(weights, _values(frame, column)) for name, column in MEANS.items()}
    columns |= _ranked(np.asarray(columns["risk_score"]), part.compared, draws)
    for name, (decile, upto) in PARTS.items():
        values = _values(frame, decile)
        columns |= _in_part(name, people, weights, np.where(np.isnan(values), np.nan, values <= upto))
    rank, areas = _values(frame, "england_rank"), len(scored.nation)
    unranked = np.isnan(rank).any()
    nothing = np.full(len(lsoas), np.nan)
    columns["extent"] = nothing if unranked else _bounded(weights @ extent_weights(rank, areas))
    columns["local_concentration"] = nothing if unranked else concentrate(people, rank, areas)
    columns |= _kinds(part, scored.kinds, columns)
    columns |= _people(part, scored.rates)
    columns |= _support(part, weights)
    columns |= _deprivation(part, scored.nation)
    return pd.DataFrame(columns).sort_values("unit_code", ignore_index=True)


def _values(frame: pd.DataFrame, column: str) -> Vector:
    """A column as numbers, missing throughout where an area was built without it."""
    if column not in frame.columns:
        return np.full(len(frame), np.nan)
    return frame[column].to_numpy(dtype="float64", na_value=np.nan)


def _mean(weights: "csr_array", values: Vector) -> Vector:
    """The weighted mean of each unit over its LSOAs that have a value; NaN where none has."""
    there = ~np.isnan(values)
    if there.all():
        return np.asarray(weights @ values)
    covered = np.asarray(weights @ there.astype("float64"))
    total = np.asarray(weights @ np.where(there, values, 0.0))
    mean: Vector = np.divide(total, covered, out=np.full(len(total), np.nan), where=covered > 0)
    return mean


def _ranked(score: Vector, compared: NDArray[np.bool_], draws: GroupDraws | None) -> dict[str, Vector]:
    """The unit's rank by mean score, and between which values nine of ten plausible indices put score and rank."""
    rank, low, high = (np.full(len(score), np.nan) for _ in range(3))
    rank[compared] = rank_values(score[compared], "min")
    nothing = np.full(len(score), np.nan)
    columns = {"risk_score_p05": nothing, "risk_score_p95": nothing, "unit_rank": rank}
    worst = (nothing, nothing)
    if draws is not None:
        columns["risk_score_p05"], columns["risk_score_p95"] = _ends(draws.score)
        low[compared], high[compared] = _ends(rank_many(draws.score[:, compared]))
        low_worst, high_worst = _ends(draws.worst)
        worst = (_bounded(low_worst), _bounded(high_worst))
    columns |= {"unit_rank_p05": low, "unit_rank_p95": high}
    columns |= {"share_people_worst_tenth_low": worst[0], "share_people_worst_tenth_high": worst[1]}
    return columns


def _ends(drawn: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Values that occur between which nine of ten draws lie, by column."""
    if not drawn.shape[1]:
        return np.zeros(0), np.zeros(0)
    low, high = take_quantiles(drawn, ENDS)
    return low, high


def _in_part(name: str, people: "csr_array", weights: "csr_array", inside: Vector) -> dict[str, Vector]:
    """LSOAs that are ``inside`` (1, 0, or NaN throughout), their share, and the share of people who live there."""
    count = _touched(people) @ inside
    return {
        f"lsoas_{name}": count,
        f"share_lsoas_{name}": count / np.diff(people.indptr),
        f"share_people_{name}": _bounded(np.asarray(weights @ inside)),
    }


def _touched(people: "csr_array") -> "csr_array":
    """1 for every LSOA with any part in a unit."""
    touched = people.copy()
    touched.data = np.ones(len(touched.data))
    return touched


def _bounded(share: Vector) -> Vector:
    """Shares without the noise of sums beyond 0 and 1."""
    return np.clip(share, 0.0, 1.0)


def _kinds(part: Part, kinds: Kinds, means: Mapping[str, object]) -> dict[str, object]:
    """The people who live where a kind stands out, and the kind that stands out in the unit's mean scores."""
    named = part.frame["kind"].astype("object") if "kind" in part.frame.columns else pd.Series(None, dtype="object")
    ends: dict[str, str] = {**{kind.id: kind.title for kind in kinds.kinds}, "both": BOTH, "neither": NEITHER}
    columns: dict[str, object] = {
        f"people_of_kind_{name}": part.people @ (named == title).to_numpy(dtype="float64")
        for name, title in ends.items()
    }
    scores = np.column_stack([np.asarray(means[f"score_{kind.id}"]) for kind in kinds.kinds])
    columns["kind"] = name_kinds(scores, kinds)
    return columns


def _people(part: Part, rates: Rates) -> dict[str, Vector]:
    """Estimates of people with their intervals: that of a sum, as errors of neighbourhoods partly cancel."""
    shares, frame = part.shares, part.frame
    squares = shares.copy()
    squares.data = squares.data**2
    added = np.asarray(shares.sum(axis=1)).ravel()
    # As many LSOAs as would have the same weight each (Kish 1965): parts of LSOAs are fewer than their number.
    effective = added**2 / np.asarray(squares.sum(axis=1)).ravel()
    spread = np.array([rates.spread.over(number) for number in effective])
    columns: dict[str, Vector] = {}
    for name, measure in rates.measures.named:
        total, least, most = (shares @ _values(frame, f"people_{name}{end}") for end in ("", "_low", "_high"))
        low, high = interval(total, measure.overall, spread)
        # Of one LSOA its own interval, which ends at its adults.
        columns[f"people_{name}"] = total
        columns[f"people_{name}_low"], columns[f"people_{name}_high"] = np.maximum(low, least), np.minimum(high, most)
    at_risk = {f"people_at_risk{end}": shares @ _values(frame, f"people_at_risk{end}") for end in ("", "_low", "_high")}
    return {**at_risk, **columns}


def _support(part: Part, weights: "csr_array") -> dict[str, Vector]:
    """People with little support, and the LSOAs on the list of where to act, with their people."""
    little, listed = _values(part.frame, "little_support"), _values(part.frame, "on_list")
    return {
        "share_people_little_support": _bounded(weights @ little),
        "lsoas_on_list": _touched(part.people) @ listed,
        "people_on_list": part.people @ listed,
    }


def _deprivation(part: Part, nation: pd.DataFrame) -> dict[str, Vector]:
    """The Index of Multiple Deprivation as its publisher summarises it, weighted with its own denominators."""
    frame = part.frame
    weights = weigh_deprivation(part.shares, nation.reindex(frame.index))
    decile = _values(frame, "imd_decile")
    worst = np.where(np.isnan(decile), np.nan, decile == 1)
    return {
        "imd_score": _mean(weights, _values(frame, "imd_score")),
        "imd_share_lsoas_worst_tenth": _touched(part.people) @ worst / np.diff(part.people.indptr),
    }


def weigh_deprivation(shares: "csr_array", lsoas: pd.DataFrame) -> "csr_array":
    """Weights of LSOAs within units by the residents that the Indices of Deprivation count; rows add up to 1.

    By ``population_total`` where File 7 came without its denominators.

    Args:
        shares: of the people of each LSOA (column) who belong to each unit (row).
        lsoas: ``population_total`` and ``residents_imd`` of the LSOAs, in the order of the columns.
    """
    from scipy.sparse import csr_array

    residents = _values(lsoas, "residents_imd")
    if np.isnan(residents).any():
        residents = _values(lsoas, "population_total")
    return _row_shares(
        csr_array((shares.data * residents[shares.indices], shares.indices, shares.indptr), shape=shares.shape)
    )


def _row_shares(matrix: "csr_array") -> "csr_array":
    """Every value as a share of its row's sum; zero where that is."""
    from scipy.sparse import csr_array

    # Each value is divided, so that one alone is exactly 1.
    total = np.repeat(np.asarray(matrix.sum(axis=1), dtype="float64").ravel(), np.diff(matrix.indptr))
    data = np.divide(matrix.data, total, out=np.zeros(len(total)), where=total > 0)
    return csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)
