"""Priority groups against risk: which neighbourhoods belong to which, and how many people at risk live in each."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from pipeline.catalogue.priority_groups import ANY, PriorityGroup, PriorityGroups
from pipeline.catalogue.rates import Rates
from pipeline.errors import DeclarationError
from pipeline.risk.people import sum_people
from pipeline.tables import (
    ALL_BANDS,
    BAND_NAMES,
    INSIDE,
    OUTSIDE,
    PRIORITY_GROUPS,
    UNSAID,
    group_categories,
)

TENTHS = 10
End = Literal["low", "high"]
ANY_TITLE = "Any of these groups"
_SUMMED = ("people_at_risk", "people_at_risk_low", "people_at_risk_high")
_MEASURED = ("not_online", "without_skills")


@dataclass(frozen=True)
class GroupMarks:
    """Which neighbourhoods belong to which groups.

    Attributes:
        frame: ``in_group_<id>`` (missing where the column is) and ``group_risk_<id>`` for each group, by code.
        bounds: the value at which the worst share ends, by the id of the group.
        against: whether high risk is by tenths of the nation or of the area.
    """

    frame: pd.DataFrame
    bounds: Mapping[str, float]
    against: Literal["nation", "area"]


def mark_groups(
    areas: pd.DataFrame,
    nation: pd.DataFrame,
    tenths: tuple[pd.Series, Literal["nation", "area"]],
    declared: PriorityGroups,
    worse: Mapping[str, End | None],
) -> GroupMarks:
    """Whether each neighbourhood belongs to each group, and that together with its risk.

    Args:
        areas: the columns of the area by code. ``nation``: those of every LSOA of the nation.
        tenths: the tenth of risk by code, 1 = worst, and of what it is a tenth.
        worse: which end of a column is the worst, where its meaning says so.

    Raises:
        DeclarationError: a column holds no numbers, or does not say which end is the worst; too much of the nation has
            no value to take a share of it.
    """
    high = tenths[0].reindex(areas.index) <= declared.risk_tenths[0]
    columns: dict[str, pd.Series] = {}
    bounds: dict[str, float] = {}
    for group in declared.groups:
        values = _numbers(areas, group)
        belongs, bound = _belonging(values, nation, group, worse.get(group.column))
        if bound is not None:
            bounds[group.id] = bound
        inside = belongs.astype("boolean").mask(values.isna())
        both, only_risk, only_group, neither = group_categories(group.title)
        risky = pd.Series([both if group_has else only_risk for group_has in belongs], index=areas.index)
        calm = pd.Series([only_group if group_has else neither for group_has in belongs], index=areas.index)
        columns[f"in_group_{group.id}"] = inside
        columns[f"group_risk_{group.id}"] = risky.where(high, calm).astype("str").mask(values.isna())
    return GroupMarks(pd.DataFrame(columns, index=areas.index), bounds, tenths[1])


def tabulate_groups(areas: pd.DataFrame, tenth: str, declared: PriorityGroups, rates: Rates) -> pd.DataFrame:
    """The table ``priority_groups``: neighbourhoods and people by group and band of risk, inside and outside.

    Where several groups are declared, rows of :data:`ANY` count who is in at least one. The people of a row are sums;
    intervals are those of the sums.

    Args:
        areas: the columns of ``risk.parquet`` with those of :func:`mark_groups`, one row per LSOA.
        tenth: the column with the tenth of risk.
    """
    flags = {group.id: areas[f"in_group_{group.id}"].astype("boolean") for group in declared.groups}
    titles = {group.id: group.title for group in declared.groups}
    if len(flags) > 1:
        together = pd.DataFrame(flags)
        # In any group for sure where one says so; outside all only where none is missing.
        flags[ANY] = (
            together.any(axis=1, skipna=True)
            .astype("boolean")
            .mask(~together.fillna(value=False).any(axis=1) & together.isna().any(axis=1))
        )
        titles[ANY] = ANY_TITLE
    bands = list_bands(declared.risk_tenths)
    total = float(areas["people_at_risk"].sum())
    rows = []
    for name, flag in flags.items():
        parts = [(INSIDE, flag.fillna(value=False)), (OUTSIDE, (~flag).fillna(value=False)), (UNSAID, flag.isna())]
        for membership, chosen in parts:
            if membership == UNSAID and not chosen.any():
                continue
            of_part = areas[chosen.to_numpy(dtype=bool)]
            for band, first, last in bands:
                here = of_part[of_part[tenth].between(first, last)]
                rows.append(
                    {
                        "entry": f"{name} {membership} {first}-{last}",
                        "group_id": name,
                        "group_title": titles[name],
                        "membership": membership,
                        "risk_band": band,
                        "tenth_from": first,
                        "tenth_to": last,
                        "lsoas": len(here),
                        "residents": int(here[rates.total].sum()),
                        **_people(here, rates),
                        "share_people_at_risk": float(here["people_at_risk"].sum()) / total if total else math.nan,
                    }
                )
    return pd.DataFrame(rows, columns=PRIORITY_GROUPS.names)


def list_bands(last_tenths: Sequence[int]) -> list[tuple[str, int, int]]:
    """The name, first and last tenth of each band of risk, worst first, and of all of them together at the end."""
    ends = [*last_tenths, TENTHS]
    starts = [1, *(end + 1 for end in last_tenths)]
    named = [(_name_band(start, end), start, end) for start, end in zip(starts, ends, strict=True)]
    return [*named, (ALL_BANDS, 1, TENTHS)]


def _name_band(start: int, end: int) -> str:
    named = BAND_NAMES.get((start, end))
    if named is None:
        return f"Tenth {start}" if start == end else f"Tenths {start} to {end}"
    return named


def _people(areas: pd.DataFrame, rates: Rates) -> dict[str, float]:
    sums = {name: float(areas[name].sum()) for name in _SUMMED}
    for measure in _MEASURED:
        name = f"people_{measure}"
        # The spread over no place at all is not defined, and the sum is 0 for certain.
        of_measure = sum_people(areas, measure, rates) if len(areas) else (0.0, 0.0, 0.0)
        sums |= dict(zip((name, f"{name}_low", f"{name}_high"), of_measure, strict=True))
    return sums


def _numbers(areas: pd.DataFrame, group: PriorityGroup) -> pd.Series:
    values = areas[group.column]
    if pd.api.types.is_bool_dtype(values.dtype) or not pd.api.types.is_numeric_dtype(values.dtype):
        raise DeclarationError(
            f"declared/priority-groups.toml: groups.{group.id}.column '{group.column}' holds no numbers, so it has no "
            "bounds. Name a column of numbers."
        )
    return values.astype("float64")


def _belonging(
    values: pd.Series, nation: pd.DataFrame, group: PriorityGroup, meant: End | None
) -> "tuple[pd.Series[bool], float | None]":
    """Which values are in the group, and where its worst share ends; a missing value is in none."""
    if group.worst_share is None:
        low = -math.inf if group.at_least is None else group.at_least
        high = math.inf if group.at_most is None else group.at_most
        _refuse_empty_bounds(values, nation, group, (low, high))
        return values.between(low, high), None
    worse = group.worse or meant
    if worse is None:
        raise DeclarationError(
            f"declared/priority-groups.toml: groups.{group.id}: '{group.column}' does not say which end is the worst. "
            'Give worse = "low" or worse = "high".'
        )
    compared = values if group.within == "area" else _compared(nation, group)
    ordered = compared.dropna().sort_values(ascending=worse == "low", ignore_index=True)
    if ordered.empty:
        return values.notna(), None
    bound = float(ordered.iloc[max(math.ceil(group.worst_share * len(ordered) - 1e-9), 1) - 1])
    return (values <= bound if worse == "low" else values >= bound), bound


def _refuse_empty_bounds(
    values: pd.Series, nation: pd.DataFrame, group: PriorityGroup, bounds: tuple[float, float]
) -> None:
    """Refuse bounds that no neighbourhood meets, or all of the nation: a slip makes a group that tells nothing."""
    everywhere = pd.Series(nation.get(group.column), index=nation.index, dtype="float64").dropna()
    compared, where = (everywhere, "the nation") if len(everywhere) else (values.dropna(), "the area")
    met = compared.between(*bounds)
    # All of a small area may well belong.
    if compared.empty or (met.any() and not (len(everywhere) and met.all())):
        return
    raise DeclarationError(
        f"declared/priority-groups.toml: groups.{group.id}: {'every' if met.all() else 'no'} neighbourhood of {where} "
        f"meets its bounds. '{group.column}' runs from {compared.min():g} to {compared.max():g} there: correct at_most "
        "or at_least."
    )


def _compared(nation: pd.DataFrame, group: PriorityGroup) -> pd.Series:
    values = pd.Series(nation.get(group.column), index=nation.index, dtype="float64")
    if 2 * values.notna().sum() < len(nation):
        raise DeclarationError(
            f"declared/priority-groups.toml: groups.{group.id}.worst_share is of the nation, and only "
            f"{int(values.notna().sum()):,} of its {len(nation):,} neighbourhoods have a value of '{group.column}'. "
            'Give within = "area", or at_most or at_least.'
        )
    return values
