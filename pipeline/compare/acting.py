"""Declared actions between two runs: their areas beside similar ones where nothing was done."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.catalogue.actions import Action
from pipeline.compare.describing import is_clear
from pipeline.compare.matching import CALIPER, LEAST_ACTED, Matched, match, measure_effect
from pipeline.compare.moves import as_normal
from pipeline.compare.sides import Side, as_position
from pipeline.errors import first
from pipeline.store.changes import ActionCompared
from pipeline.tables import Column

PLACE, PLACE_UNIT = "place in the order of risk", "percentage points"
CAN_SHOW = (
    "It shows whether areas where something was done changed otherwise than similar areas where nothing was, by more "
    "than chance within such groups would make of it.",
)
CANNOT_SHOW = (
    "It does not show what caused the difference. Areas are chosen for a reason, and what chose them may have changed "
    "them too; neighbours and other programmes are not accounted for.",
    "Most indicators of risk are of the census or are published every few years. They do not move within a year, "
    "whatever was done: without an indicator that is renewed (measure in declared/actions.toml), no difference says "
    "nothing.",
    "It is about places. Whether the people who were helped are now online is not known from it.",
)


@dataclass(frozen=True)
class Acted:
    """What came of each action, and which LSOAs were acted on or are compared with these, by code."""

    actions: tuple[ActionCompared, ...]
    acted_on: pd.Series
    similar_to: pd.Series


def compare_actions(actions: Sequence[Action], old: Side, new: Side, columns: dict[str, Column]) -> Acted:
    """Each action's areas beside similar ones.

    Similar are LSOAs of the area in both runs where no declared action was, of the same kind of exclusion and the same
    rural-urban class in the earlier run, and nearest in risk then, within :data:`CALIPER` standard deviations.

    Args:
        columns: of ``risk.parquet``, by name, for the titles and units of measures.
    """
    codes = old.areas.index.intersection(new.areas.index).sort_values()
    earlier, later = old.areas.loc[codes], new.areas.loc[codes]
    every = {code for action in actions for code in action.areas}
    anywhere = codes.isin(sorted(every))
    acted_on: dict[str, list[str]] = {str(code): [] for code in codes}
    similar_to: dict[str, list[str]] = {str(code): [] for code in codes}
    risk = as_normal(earlier["rank"].to_numpy(), len(old.compared))
    classes = list(zip(earlier["kind"], earlier["ruc21_code"], strict=True))
    results = []
    for action in actions:
        there = codes.isin(list(action.areas))
        outside = _outside(action, old, new)
        if outside or not there.any():
            results.append(_nothing(action, int(there.sum()), outside or "None of its areas lies in this area."))
            continue
        # Areas of other actions are neither acted on here nor untouched.
        usable = np.flatnonzero(there | ~anywhere)
        sets = match(risk[usable], [classes[place] for place in usable], there[usable])
        matched = Matched(*(_back(part, usable) for part in (sets.acted, sets.controls, sets.unmatched)))
        for code in codes[there]:
            acted_on[code].append(action.id)
        for place in matched.controls[matched.controls >= 0]:
            similar_to[codes[place]].append(action.id)
        results.append(_compare(action, int(there.sum()), matched, (old, new), (earlier, later), columns))
    return Acted(tuple(results), _joined(acted_on), _joined(similar_to))


def list_unknown(actions: Sequence[Action], side: Side) -> list[str]:
    """The codes of each action that are no LSOA of the nation, as sentences; none where only the area is compared."""
    if side.reference != "england":
        return []
    unknown = {action.id: [code for code in action.areas if code not in side.compared.index] for action in actions}
    return [
        f"{name} (declared/actions.toml) names {len(codes):,} code(s) that are no LSOAs of 2021, and left out. "
        f"Are they of 2011? {first(codes)}"
        for name, codes in unknown.items()
        if codes
    ]


def _joined(names: dict[str, list[str]]) -> pd.Series:
    """The names of each code in one text; None where there are none."""
    return pd.Series({code: "; ".join(some) or None for code, some in names.items()}, dtype="object")


def _back(places: np.ndarray, usable: np.ndarray) -> np.ndarray:
    """Places among the usable rows as places among all; -1 stays."""
    return np.where(places >= 0, usable[np.maximum(places, 0)] if len(usable) else places, -1)


def _outside(action: Action, old: Side, new: Side) -> str:
    """Why an action did not begin between the runs; empty where it did."""
    start = action.start.isoformat()
    if start < old.date[:10]:
        return f"It began on {start}, before the earlier run, which therefore is no state without it."
    if start > new.date[:10]:
        return f"It began on {start}, after the later run."
    return ""


def _nothing(action: Action, inside: int, said: str, matched: Matched | None = None) -> ActionCompared:
    return ActionCompared(
        id=action.id,
        title=action.title,
        programme=action.programme,
        start=action.start.isoformat(),
        people_reached=action.people_reached,
        cost=action.cost,
        areas=len(action.areas),
        in_area=inside,
        matched=0 if matched is None else len(matched.acted),
        controls=0 if matched is None else int((matched.controls >= 0).sum()),
        measure=action.measure or PLACE,
        unit="",
        difference=None,
        low=None,
        high=None,
        p_value=None,
        said=said,
    )


def _compare(
    action: Action,
    inside: int,
    matched: Matched,
    sides: tuple[Side, Side],
    frames: tuple[pd.DataFrame, pd.DataFrame],
    columns: dict[str, Column],
) -> ActionCompared:
    name = action.measure
    if len(matched.acted) < LEAST_ACTED:
        said = (
            f"Too few to say: {len(matched.acted)} of its {inside} neighbourhoods here have similar ones where "
            f"nothing was done; at least {LEAST_ACTED} are needed."
        )
        return _nothing(action, inside, said, matched)
    if name is not None and any(
        name not in frame or not pd.api.types.is_numeric_dtype(frame[name]) for frame in frames
    ):
        said = f"Nothing can be said: {name}, its measure, is no column of numbers in both runs."
        return _nothing(action, inside, said, matched)
    if name is None:
        ends = [as_position(f["rank"].to_numpy(), len(s.compared)) for f, s in zip(frames, sides, strict=True)]
    else:
        ends = [frame[name].to_numpy(dtype="float64") for frame in frames]
    rows = np.unique(np.concatenate([matched.acted, matched.controls[matched.controls >= 0]]))
    change = ends[1] - ends[0]
    if not np.nan_to_num(change[rows]).any():
        said = "Nothing can be said: none of the figures that are compared was renewed between the runs."
        return _nothing(action, inside, said, matched)
    effect = measure_effect(change, matched)
    if effect is None:
        said = f"Too few to say: fewer than {LEAST_ACTED} of its neighbourhoods have figures in both runs."
        return _nothing(action, inside, said, matched)
    column = columns.get(name or "")
    percent = column is not None and column.nature.percent
    factor, unit = (100.0, PLACE_UNIT) if percent else (1.0, PLACE_UNIT if name is None else _unit(column))
    what = f"the {PLACE}" if name is None else column.title if column is not None else name
    figures = [factor * value for value in (effect.difference, effect.low, effect.high)]
    interval = f"95% interval {_signed(figures[1])} to {_signed(figures[2])}"
    start = f"in {effect.sets:,} neighbourhoods, beside {effect.controls:,} similar ones, {what}"
    if is_clear(effect.low, effect.high):
        said = (
            f"{start} changed by {_signed(figures[0])} {unit} against these ({interval}). This is no proof of a cause."
        )
    else:
        said = f"{start} did not change otherwise than chance would explain ({interval} {unit})."
    described = _nothing(action, inside, said, matched)
    return described.model_copy(
        update={
            "measure": what,
            "unit": unit,
            "matched": effect.sets,
            "controls": effect.controls,
            "difference": round(figures[0], 4),
            "low": round(figures[1], 4),
            "high": round(figures[2], 4),
            "p_value": round(effect.p_value, 4),
        }
    )


def _unit(column: Column | None) -> str:
    return column.unit if column is not None else ""


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


ABOUT = (
    f"Similar neighbourhoods are of the same kind of exclusion and rural-urban class, and within {CALIPER} standard "
    "deviations in risk before; up to three for each, each used once, chosen together so that they are as alike as "
    f"they can be. With fewer than {LEAST_ACTED} matched, nothing is said. The interval holds the differences that "
    "randomisation within these groups does not reject."
)
