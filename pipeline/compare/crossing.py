"""Who entered and left the worst tenth between two sides, and what moved them: the table ``changes``."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import Uncertainty
from pipeline.compare.moves import Moves, find_moves
from pipeline.compare.parts import Parts, split_change
from pipeline.compare.sides import Side, changed_values, fill_from_each_other, refuse_incomparable
from pipeline.tables import CHANGES, Column
from pipeline.tables.changes import (
    BY_BOUNDARY,
    BY_METHOD,
    BY_OTHERS,
    BY_VALUES,
    BY_WEIGHTS,
    ENTERED,
    IN_BOTH,
    LEFT,
    ONLY_NEW,
    ONLY_OLD,
    OUTSIDE,
    STAYED,
)

Array = NDArray[np.float64]
TENTH = 10
SMALL = 1e-6
"""A part of a rank's change below this is none: sums of many numbers end that far from a whole one."""


@dataclass(frozen=True)
class Compared:
    """Two sides compared.

    Attributes:
        frame: the table ``changes``, its columns on actions still empty.
        parts: the change of the ranks, split. ``moves``: which areas moved beyond their uncertainty.
        values: the values of both sides that an index reads, of the area's LSOAs in both: earlier, later.
    """

    frame: pd.DataFrame
    parts: Parts
    moves: Moves
    values: tuple[pd.DataFrame, pd.DataFrame]


def compare_sides(old: Side, new: Side, uncertainty: Uncertainty | None, columns: Mapping[str, Column]) -> Compared:
    """Compare two sides.

    Args:
        uncertainty: what is varied for how sure a change is; None for releases.
        columns: of the indicators, by name, for their titles and units.

    Raises:
        CompareError: their figures do not mean the same, or a column that an index reads is on neither side.
        ScoringError: an index cannot be computed from the values of the other side.
    """
    refuse_incomparable(old, new)
    codes = old.areas.index.intersection(new.areas.index).sort_values()
    parts = split_change(old, new, codes)
    moves = find_moves(old, new, codes, uncertainty)
    before, after = fill_from_each_other(old, new)
    values = before.loc[codes], after.loc[codes]
    in_both = _describe(old, new, parts, moves, values, columns)
    apart = [_only(old, new.areas.index, ONLY_OLD), _only(new, old.areas.index, ONLY_NEW)]
    frame = pd.concat([in_both, *(part for part in apart if len(part))]).sort_index().reset_index()
    frame[["acted_on", "similar_to"]] = None
    return Compared(frame[CHANGES.names], parts, moves, values)


def _describe(
    old: Side,
    new: Side,
    parts: Parts,
    moves: Moves,
    values: tuple[pd.DataFrame, pd.DataFrame],
    columns: Mapping[str, Column],
) -> pd.DataFrame:
    """The LSOAs of both sides, by code."""
    codes = parts.ranks.index
    earlier, later = old.areas.loc[codes], new.areas.loc[codes]
    redrawn = old.redrawn.reindex(codes)
    kinds = np.array([factor.kind for factor in parts.factors])
    change = (later["rank"] - earlier["rank"]).to_numpy(dtype="float64")
    by_kind = {kind: parts.nation[:, kinds == kind].sum(axis=1) for kind in ("indicator", "weights", "method")}
    frame = _names(later).assign(
        run=IN_BOTH,
        redrawn=redrawn.astype("object"),
        rank_old=earlier["rank"].astype("float64"),
        rank_new=later["rank"].astype("float64"),
        rank_change=change,
        part_indicators=by_kind["indicator"],
        part_weights=by_kind["weights"],
        part_method=by_kind["method"],
        part_program=_tidy(change - parts.nation.sum(axis=1)),
    )
    frame = frame.join(_main_indicator(parts, values, columns), validate="one_to_one")
    values_differ = changed_values(*values)
    area_change = (later["area_rank"] - earlier["area_rank"]).to_numpy(dtype="float64")
    was_redrawn = redrawn.notna().to_numpy() & (redrawn != "unchanged").to_numpy()
    reasons = _reasons(parts, parts.nation, change, values_differ, was_redrawn)
    in_area = _reasons(parts, parts.area, area_change, values_differ, was_redrawn)
    england = _crossed(earlier["rank"], len(old.compared), later["rank"], len(new.compared))
    area = _crossed(earlier["area_rank"], len(old.areas), later["area_rank"], len(new.areas))
    crossed_england, crossed_area = (each.isin([ENTERED, LEFT]) for each in (england, area))
    return frame.assign(
        reason=reasons,
        values_changed=moves.frame["values_changed"],
        place_change=moves.frame["change"],
        place_deviation=moves.frame["deviation"],
        p_value=moves.frame["p_value"],
        moved=moves.frame["moved"],
        worst_tenth_england=england,
        reason_england=reasons.where(crossed_england, None),
        worst_tenth_area=area,
        reason_area=in_area.where(crossed_area, None),
        people_at_risk_old=earlier["people_at_risk"],
        people_at_risk_new=later["people_at_risk"],
    )


def _names(areas: pd.DataFrame) -> pd.DataFrame:
    return areas[["lsoa21_name", "lad_name"]]


def _tidy(values: Array) -> Array:
    return np.where(np.abs(values) < SMALL, 0.0, values)


def _main_indicator(
    parts: Parts, values: tuple[pd.DataFrame, pd.DataFrame], columns: Mapping[str, Column]
) -> pd.DataFrame:
    """The indicator that moved each rank most either way, its part, and its values in words."""
    codes = parts.ranks.index
    nothing = pd.Series(None, index=codes, dtype="object")
    indicators = [number for number, factor in enumerate(parts.factors) if factor.kind == "indicator"]
    if not indicators:
        empty = dict.fromkeys(("main_indicator", "main_indicator_old", "main_indicator_new"), nothing)
        return pd.DataFrame({**empty, "part_main_indicator": pd.Series(np.nan, index=codes)})
    moved = parts.nation[:, indicators]
    place = np.abs(moved).argmax(axis=1)
    part = moved[np.arange(len(codes)), place]
    names = np.array([parts.factors[number].column for number in indicators], dtype="object")[place]
    there = np.abs(part) >= SMALL
    said = {
        end: [
            say_value(value[name].iloc[row], columns.get(name)) if some else None
            for row, (name, some) in enumerate(zip(names, there, strict=True))
        ]
        for end, value in zip(("old", "new"), values, strict=True)
    }
    titles = [columns[name].title if name in columns else name for name in names]
    return pd.DataFrame(
        {
            "main_indicator": pd.Series(titles, index=codes, dtype="object").where(there, None),
            "main_indicator_old": pd.Series(said["old"], index=codes, dtype="object"),
            "main_indicator_new": pd.Series(said["new"], index=codes, dtype="object"),
            "part_main_indicator": pd.Series(part, index=codes).where(there),
        }
    )


def say_value(value: float, column: Column | None) -> str:
    """A value in words, with as many decimals as its column shows and one more."""
    if pd.isna(value):
        return "missing"
    if column is None:
        return f"{value:,.2f}"
    nature = column.nature
    return f"{100 * value:,.1f}%" if nature.percent else f"{value:,.{nature.decimals}f}"


def _reasons(
    parts: Parts, split: Array, change: Array, values_changed: pd.DataFrame, redrawn: NDArray[np.bool_]
) -> pd.Series:
    """What moved each rank most, the way it went; None where it did not move.

    Args:
        split: LSOAs × factors. ``change``: of the published rank, so that what is left is of the program or boundary.
        values_changed: by LSOA and indicator. ``redrawn``: LSOAs with another outline than the earlier value is of.
    """
    codes = parts.ranks.index
    rest = change - split.sum(axis=1)
    towards = np.column_stack([split, rest]) * np.sign(change)[:, None]
    most = towards.argmax(axis=1)
    labels: list[str | None] = []
    for row, place in enumerate(most.tolist()):
        if abs(change[row]) < SMALL or towards[row, place] < SMALL:
            labels.append(None)
        elif redrawn[row]:
            labels.append(BY_BOUNDARY)
        elif place == len(parts.factors) or parts.factors[place].kind == "method":
            labels.append(BY_METHOD)
        elif parts.factors[place].kind == "weights":
            labels.append(BY_WEIGHTS)
        else:
            changed = bool(values_changed[parts.factors[place].column].iloc[row])
            labels.append(BY_VALUES if changed else BY_OTHERS)
    return pd.Series(labels, index=codes, dtype="object")


def _crossed(old: pd.Series, old_count: int, new: pd.Series, new_count: int) -> pd.Series:
    before, after = TENTH * old <= old_count, TENTH * new <= new_count
    named = np.select([~before & after, before & ~after, before & after], [ENTERED, LEFT, STAYED], OUTSIDE)
    return pd.Series(named, index=old.index)


def _only(side: Side, others: pd.Index, run: str) -> pd.DataFrame:
    """The LSOAs that the area holds on one side alone: they came or went with its boundary."""
    areas = side.areas.loc[side.areas.index.difference(others)]
    suffix, crossed = ("old", LEFT) if run == ONLY_OLD else ("new", ENTERED)
    frame = _names(areas).reindex(columns=[name for name in CHANGES.names if name != "lsoa21_code"])
    frame["run"] = run
    frame[["values_changed", "moved"]] = False
    frame[f"rank_{suffix}"] = areas["rank"].astype("float64")
    frame[f"people_at_risk_{suffix}"] = areas["people_at_risk"]
    for name, rank, count in (("england", "rank", len(side.compared)), ("area", "area_rank", len(side.areas))):
        inside = TENTH * areas[rank] <= count
        frame[f"worst_tenth_{name}"] = np.where(inside, crossed, OUTSIDE)
        frame[f"reason_{name}"] = pd.Series(BY_BOUNDARY, index=areas.index, dtype="object").where(inside, None)
    frame["reason"] = BY_BOUNDARY
    return frame
