"""What a comparison comes to: counts, and sentences, of which each is said only where it is beyond uncertainty."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.compare.crossing import Compared, say_value
from pipeline.compare.moves import RATE
from pipeline.store.changes import (
    ChangesRecord,
    Crossing,
    IndicatorChange,
    MoveTest,
    PartOfChange,
    PeopleCompared,
    TenthCompared,
)
from pipeline.store.records import PeopleHere
from pipeline.tables import Column, say_people
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
    STAYED,
)

MOST_NAMED = 5
WORDS = {
    BY_VALUES: "indicator values",
    BY_OTHERS: "the values of other areas",
    BY_WEIGHTS: "the weights",
    BY_METHOD: "the method",
    BY_BOUNDARY: "the boundary",
}
PEOPLE = {"not_online": "adults who are not online", "without_skills": "adults without basic digital skills"}


def summarise_tenth(frame: pd.DataFrame, of: str) -> TenthCompared:
    """Who entered and left a worst tenth. ``of``: ``england`` or ``area``, as in the columns of ``changes``."""
    status, reason = frame[f"worst_tenth_{of}"], frame[f"reason_{of}"]
    crossed = status.isin([ENTERED, LEFT])
    # What came or went with the boundary did so without any doubt.
    beyond = crossed & (frame["moved"].astype(bool) | (frame["run"] != IN_BOTH))
    rows = frame[crossed].assign(reason=reason[crossed], status=status[crossed], beyond=beyond[crossed])
    rows = rows.sort_values(["status", "beyond", "rank_new"], ascending=[True, False, True])
    return TenthCompared(
        entered=int((status == ENTERED).sum()),
        left=int((status == LEFT).sum()),
        stayed=int((status == STAYED).sum()),
        entered_beyond=int(((status == ENTERED) & beyond).sum()),
        left_beyond=int(((status == LEFT) & beyond).sum()),
        reasons=_counted(reason[crossed]),
        reasons_beyond=_counted(reason[beyond]),
        areas=tuple(
            Crossing(
                code=row["lsoa21_code"],
                name=row["lsoa21_name"],
                change=row["status"],
                reason=_or_none(row["reason"]),
                main_indicator=_or_none(row["main_indicator"]),
                moved=bool(row["beyond"]),
                rank_old=_or_none(row["rank_old"]),
                rank_new=_or_none(row["rank_new"]),
            )
            for row in rows.to_dict("records")
        ),
    )


def _counted(values: pd.Series) -> dict[str, int]:
    return {str(name): int(count) for name, count in values.dropna().value_counts().items()}


def _or_none(value: object) -> object:
    return None if value is None or value != value else value


def summarise_moves(compared: Compared, columns: Mapping[str, Column]) -> MoveTest:
    """How moves were told, and how many went each way."""
    moves = compared.moves
    moved = moves.frame["moved"].to_numpy(dtype=bool)
    up = moves.frame["change"].to_numpy() > 0
    return MoveTest(
        draws=moves.draws,
        rate=moves.rate,
        usual=moves.usual,
        without_error=tuple(_title(name, columns) for name in moves.without_error),
        towards_higher=int((moved & up).sum()),
        towards_lower=int((moved & ~up).sum()),
        compared=len(moves.frame),
    )


def _title(name: str, columns: Mapping[str, Column]) -> str:
    return columns[name].title if name in columns else name


def summarise_parts(compared: Compared, columns: Mapping[str, Column]) -> tuple[PartOfChange, ...]:
    """What each factor moved, the most first; what neither indicators nor index explain is of program or boundary."""
    factors, nation = compared.parts.factors, compared.parts.nation
    named = {"weights": "Weights", "method": "Method"}
    titles = [_title(f.column, columns) if f.kind == "indicator" else named[f.kind] for f in factors]
    means = [float(np.abs(nation[:, place]).mean()) for place in range(len(factors))]
    rest = float(compared.frame["part_program"].abs().mean())
    if rest > 0:
        titles, means = [*titles, "Program or boundary"], [*means, rest]
    listed = [PartOfChange(title=t, mean_places=round(m, 2)) for t, m in zip(titles, means, strict=True)]
    return tuple(sorted(listed, key=lambda part: -part.mean_places))


def summarise_indicators(compared: Compared, columns: Mapping[str, Column]) -> tuple[IndicatorChange, ...]:
    """Indicators with values that changed anywhere among the areas that are compared, the most moving first."""
    before, after = compared.values
    listed = []
    for place, factor in enumerate(compared.parts.factors):
        if factor.kind != "indicator":
            continue
        name, column = factor.column, columns.get(factor.column)
        old, new = before[name], after[name]
        listed.append(
            IndicatorChange(
                column=name,
                title=_title(name, columns),
                changed=int(((old != new) & ~(old.isna() & new.isna())).sum()),
                median_old=say_value(float(old.median()), column),
                median_new=say_value(float(new.median()), column),
                mean_places=round(float(np.abs(compared.parts.nation[:, place]).mean()), 2),
            )
        )
    return tuple(sorted(listed, key=lambda each: -each.mean_places))


def compare_people(old: Mapping[str, PeopleHere], new: Mapping[str, PeopleHere]) -> tuple[PeopleCompared, ...]:
    """The estimates of both runs, and whether their intervals lie apart.

    Most of the error of an estimate is the same in both runs, so that intervals which lie apart are more than enough.
    """
    return tuple(
        PeopleCompared(
            measure=name,
            means=PEOPLE.get(name, name),
            old=old[name].people,
            old_low=old[name].low,
            old_high=old[name].high,
            new=new[name].people,
            new_low=new[name].low,
            new_high=new[name].high,
            beyond=old[name].high < new[name].low or new[name].high < old[name].low,
        )
        for name in old
        if name in new
    )


def say_changes(record: ChangesRecord) -> tuple[str, ...]:
    """Sentences for readers: each only where what it says is beyond uncertainty.

    Those that crossed a line within their uncertainty are said to be that, and nothing else is said of them.
    """
    test, sides = record.test, f"between {record.old.title} and {record.new.title}"
    moved = test.towards_higher + test.towards_lower
    usual = test.usual is not None
    if moved:
        ways = [
            f"{count:,} towards {which} risk"
            for count, which in ((test.towards_higher, "higher"), (test.towards_lower, "lower"))
            if count
        ]
        lines = [
            f"{moved:,} of {test.compared:,} neighbourhoods moved {_by(moved, usual=usual)} {sides}: "
            f"{' and '.join(ways)} (at most {RATE:.0%} of such are expected to be chance)."
        ]
    else:
        lines = [f"None of {test.compared:,} neighbourhoods moved {_by(0, usual=usual)} {sides}."]
    nation = "the fictional country’s worst tenth" if record.fictional else "England’s worst tenth"
    if record.england is not None:
        lines += _say_tenth(record.england, nation, usual=usual)
    if not record.is_nation:
        lines += _say_tenth(record.of_area, f"the worst tenth of {record.title}", usual=usual)
    if record.came or record.went:
        lines.append(
            f"The area is drawn otherwise: {record.came:,} {_neighbourhoods(record.came)} joined it, {record.went:,} "
            "left it."
        )
    for people in record.people or ():
        if people.beyond:
            lines.append(
                f"{people.means[:1].upper()}{people.means[1:]}: about {say_people(people.old)} "
                f"({say_people(people.old_low)} to {say_people(people.old_high)}) then, {say_people(people.new)} "
                f"({say_people(people.new_low)} to {say_people(people.new_high)}) in the later run. Estimates."
            )
    lines += [f"{a.title}: {a.said}" for a in record.actions if is_clear(a.low, a.high)]
    return tuple(lines)


def is_clear(low: float | None, high: float | None) -> bool:
    """Whether an interval lies on one side of 0."""
    return low is not None and high is not None and (low > 0 or high < 0)


def _say_tenth(tenth: TenthCompared, which: str, *, usual: bool) -> list[str]:
    lines = []
    beyond = [area for area in tenth.areas if area.moved]
    for change, verb, count in (("Entered", "entered", tenth.entered_beyond), ("Left", "left", tenth.left_beyond)):
        if count:
            there = [area for area in beyond if area.change == change]
            lines.append(
                f"{count:,} {_neighbourhoods(count)} {verb} {which} and moved {_by(count, usual=usual)}: "
                f"{_listed([area.name for area in there])}. What moved {_them(count)} most: {_why(there)}."
            )
    within = tenth.entered + tenth.left - tenth.entered_beyond - tenth.left_beyond
    if within:
        lines.append(
            f"{within:,} {_neighbourhoods(within)} crossed the line of {which} without having moved "
            f"{_by(within, usual=usual)}: this is no evidence of a change."
        )
    return lines


def _by(count: int, *, usual: bool) -> str:
    if usual:
        return "more than is usual"
    return f"by more than {'its' if count == 1 else 'their'} uncertainty"


def _neighbourhoods(count: int) -> str:
    return "neighbourhood" if count == 1 else "neighbourhoods"


def _them(count: int) -> str:
    return "it" if count == 1 else "them"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else f"{shown} and {len(names) - MOST_NAMED:,} more"


def _why(areas: Iterable[Crossing]) -> str:
    """Reasons with how often each, the most frequent first; of values, which indicator."""
    counts: dict[str, int] = {}
    for area in areas:
        word = WORDS.get(area.reason or "", "several things at once")
        if area.reason == BY_VALUES and area.main_indicator:
            word = area.main_indicator
        counts[word] = counts.get(word, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{word} ({count:,})" for word, count in ordered)


def count_runs(frame: pd.DataFrame) -> tuple[int, int]:
    """The LSOAs that the area holds in the later run alone, and in the earlier one alone."""
    return int((frame["run"] == ONLY_NEW).sum()), int((frame["run"] == ONLY_OLD).sum())
