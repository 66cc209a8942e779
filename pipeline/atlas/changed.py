"""What the page says of changes between two runs of its area, or two releases."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.atlas import contract
from pipeline.atlas.inputs import Changes
from pipeline.tables.changes import BY_VALUES, ENTERED, LEFT

MOST = 400
"""Areas that a page lists."""


def changes_info(changes: Changes | None, codes: Sequence[str]) -> contract.ChangesInfo | None:
    """The areas of ``codes`` that crossed the worst tenth or moved beyond their uncertainty, and what is said of them.

    The worst tenth is the nation's where areas are compared with the nation, and else the area's.
    """
    if changes is None:
        return None
    record = changes.record
    nation = record.england is not None
    column = "worst_tenth_england" if nation else "worst_tenth_area"
    frame = changes.frame[changes.frame["lsoa21_code"].isin(codes)]
    crossed = frame[column].isin([ENTERED, LEFT])
    chosen = frame[crossed | frame["moved"].astype("bool")].assign(
        crossed=frame[column].where(crossed),
        row=frame["lsoa21_code"].map({code: row for row, code in enumerate(codes)}),
        why=frame["reason_england" if nation else "reason_area"].where(crossed).fillna(frame["reason"]),
        size=frame["place_change"].abs(),
    )
    chosen = chosen.assign(both=chosen["crossed"].notna().astype("int64") + chosen["moved"].astype("int64"))
    chosen = chosen.sort_values(["both", "moved", "size", "row"], ascending=[False, False, False, True])
    whose = "the fictional country’s worst tenth" if record.fictional else "England’s worst tenth"
    return contract.ChangesInfo(
        old=record.old.title,
        new=record.new.title,
        releases=record.new.kind == "release",
        of=whose if nation else f"the worst tenth of {record.title}",
        ranked_among=record.ranked_among,
        sentences=record.sentences,
        notes=record.notes,
        areas=tuple(_area(one) for one in chosen.head(MOST).to_dict("records")),
        others=max(0, len(chosen) - MOST),
    )


def _area(one: dict[Any, Any]) -> contract.ChangedArea:
    by_values = one["why"] == BY_VALUES
    return contract.ChangedArea(
        row=one["row"],
        crossed=_or_none(one["crossed"]),
        moved=bool(one["moved"]),
        rank_old=_or_none(one["rank_old"]),
        rank_new=_or_none(one["rank_new"]),
        reason=_or_none(one["why"]),
        indicator=_or_none(one["main_indicator"]) if by_values else None,
        value_old=_or_none(one["main_indicator_old"]) if by_values else None,
        value_new=_or_none(one["main_indicator_new"]) if by_values else None,
    )


def _or_none(value: Any) -> Any:
    return None if pd.isna(value) else value
