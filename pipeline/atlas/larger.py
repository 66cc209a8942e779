"""What the page says of larger areas: means and their ranges, packed, in an order that it can tell from its areas."""

from collections.abc import Mapping

import pandas as pd

from pipeline.atlas import contract
from pipeline.atlas.inputs import Summary
from pipeline.atlas.packing import pack_table
from pipeline.errors import SchemaError, first
from pipeline.reading.codes import unit_codes

SCORES = ("risk_score", "risk_score_p05", "risk_score_p95")
SHARES = ("share_people_worst_tenth", "share_people_worst_tenth_low", "share_people_worst_tenth_high")
SHOWN = dict.fromkeys(SCORES, 1) | dict.fromkeys(SHARES, 3)
"""Decimals: a mean to a tenth of a point; shares are shown in whole per cent, and a little is not none."""
NAMED = ("unit_code", "unit_name", "share_covered", "residents")
"""What else is carried of units that the page cannot tell from the areas it holds."""
NAMED_SHOWN = {"share_covered": 2, "residents": 0}


def larger_info(summaries: Mapping[str, Summary], areas: pd.DataFrame, *, many: bool) -> contract.LargerInfo | None:
    """The larger areas of each level of ``summaries``; None where there are none.

    Args:
        areas: the areas in the order of the page's table, with the columns that say which units they lie in.
        many: the page is one of many areas, and has no room for the names of practices, networks and groups.

    Raises:
        SchemaError: an area lies in a unit that its summary lacks.
    """
    levels, parts = [], []
    for level, summary in summaries.items():
        if summary.of_areas:
            part = _in_order(level, summary.frame, areas)
        elif many:
            continue
        else:
            part = summary.frame[[*NAMED, *SCORES, *SHARES]]
        levels.append(contract.LargerLevel(id=level, title=summary.title, of_areas=summary.of_areas, units=len(part)))
        parts.append(part)
    if not levels:
        return None
    table = pd.concat(parts, ignore_index=True)
    kept = [column for column in (*SCORES, *SHARES, *NAMED) if column in table]
    return contract.LargerInfo(levels=tuple(levels), units=pack_table(table[kept], SHOWN | NAMED_SHOWN))


def _in_order(level: str, summary: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """The figures of an official level's units in the order of their first area."""
    codes = unit_codes(areas, level)
    order = pd.Index([] if codes is None else codes.dropna().unique())
    absent = order.difference(pd.Index(summary["unit_code"]))
    if len(absent):
        raise SchemaError(f"summary_{level}.parquet lacks {first(absent)}, which areas of the map lie in.")
    return summary.set_index("unit_code").loc[order, [*SCORES, *SHARES]]
