"""What a briefing says of a unit to which neighbourhoods belong in part: a practice, a network, a weighted group.

Its people live here and there, so that people are counted, and not neighbourhoods.
"""

import pandas as pd

from pipeline.reports.briefing import sentences as say
from pipeline.reports.briefing.content import Grid, Part, Section, Tile, Topic
from pipeline.reports.briefing.finding import ACT, KIND, PEOPLE, WORST, describe_kind, names_of
from pipeline.reports.briefing.inputs import BriefingInputs
from pipeline.reports.words import about, capital, listed, percent, possessive, rank_between, word
from pipeline.tables import say_people

ROWS = 10
FIRST = 3
"""Neighbourhoods on the list of where to act that are named."""
REGISTERED = ("practice", "pcn")


def weigh(inputs: BriefingInputs, shares: "pd.Series[float]") -> pd.DataFrame:
    """The LSOAs of a unit with what of each belongs to it: ``called``, ``at_risk`` (people) and ``people``.

    Args:
        shares: of the people of each LSOA who belong to the unit, by code.
    """
    frame = inputs.frame.loc[shares.index]
    return frame.assign(
        called=names_of(frame),
        at_risk=frame["people_at_risk"] * shares,
        people=frame["population_total"] * shares,
    )


def find_in_part(
    inputs: BriefingInputs, level: str, row: "pd.Series[float]", weighed: pd.DataFrame
) -> tuple[Topic, ...]:
    """The finding, by people. ``row`` is that of the table ``summary``."""
    who, nation = ("patients" if level in REGISTERED else "people"), inputs.record.nation.title
    measures = inputs.record.capacity.people.measures
    topics = [(WORST, _worst(row, who, nation))]
    if weighed["at_risk"].notna().any():
        people = (float(row[f"people_at_risk{end}"]) for end in ("", "_low", "_high"))
        words = (measures.not_online.means, measures.without_skills.means)
        topics.append((PEOPLE, say.people_among(str(row["unit_name"]), who, tuple(people), words)))
        kinds = [(describe_kind(kind), number) for kind, number in by_kind_in_part(weighed)]
        topics += [(KIND, say.in_kinds(kinds)), (ACT, _act(weighed))]
    return tuple(Topic(title, text) for title, text in topics if text)


def _worst(row: "pd.Series[float]", who: str, nation: str) -> str | None:
    share = row["share_people_worst_tenth"]
    if pd.isna(share):
        return None
    ends = (row["share_people_worst_tenth_low"], row["share_people_worst_tenth_high"])
    low, high = (None, None) if any(map(pd.isna, ends)) else (float(ends[0]), float(ends[1]))
    return say.people_in_tenth(str(row["unit_name"]), who, (float(share), low, high), nation)


def by_kind_in_part(weighed: pd.DataFrame) -> list[tuple[str | None, float]]:
    """People at risk of the unit by the kind of the place where they live, most first."""
    if not weighed["kind"].notna().any():
        return []
    sums = weighed.groupby(weighed["kind"].astype("object").fillna(""))["at_risk"].sum()
    return sorted(((str(kind) or None, float(number)) for kind, number in sums.items()), key=lambda pair: -pair[1])


def _act(weighed: pd.DataFrame) -> str | None:
    here = weighed[weighed["priority"].notna() & (weighed["at_risk"] > 0)].sort_values("at_risk", ascending=False)
    if here.empty:
        return "None of these people lives in a neighbourhood on the list of where to act."
    most = listed(
        [f"{name} ({about(people)})" for name, people in zip(here["called"], here["at_risk"], strict=True)][:FIRST]
    )
    total = about(float(here["at_risk"].sum()))
    return f"Of these people, {total} live in neighbourhoods on the list of where to act, most in {most}."


def tiles_in_part(
    inputs: BriefingInputs, level: str, row: "pd.Series[float]", weighed: pd.DataFrame
) -> tuple[Tile, ...]:
    """The main figures of such a unit."""
    who = "patients" if level in REGISTERED else "people"
    tiles = [Tile(say_people(float(row["residents"])), f"{who} who live in {inputs.record.title}")]
    if pd.notna(row["share_people_worst_tenth"]):
        tenth = f"{possessive(inputs.record.nation.title)} most at-risk tenth"
        tiles.append(Tile(percent(float(row["share_people_worst_tenth"]), 1), f"of them live in {tenth}"))
    if weighed["at_risk"].notna().any():
        tiles.append(Tile(say_people(float(row["people_at_risk"])), "at risk of being shut out (an estimate)"))
        here = float(weighed["at_risk"][weighed["priority"].notna()].sum())
        tiles.append(Tile(say_people(here), "of these live in neighbourhoods to act in first"))
    return tuple(tiles)


def kinds_in_part(inputs: BriefingInputs, weighed: pd.DataFrame, blank: str) -> tuple[Part, ...]:
    """People at risk by kind; ``blank`` is the colour where the kind cannot be said."""
    kinds = [pair for pair in by_kind_in_part(weighed) if pair[1] > 0]
    total = sum(people for _, people in kinds)
    return tuple(
        Part(
            capital(describe_kind(kind)),
            people,
            say_people(people),
            percent(people, total),
            inputs.colours.get(kind or "", blank),
            "estimated",
        )
        for kind, people in kinds
    )


def rank_in_part(weighed: pd.DataFrame, among: str | None, nation: str) -> Section | None:
    """The neighbourhoods where most of the unit's people at risk live."""
    shown = weighed[weighed["at_risk"] > 0].sort_values(["at_risk", "called"], ascending=[False, True]).head(ROWS)
    if shown.empty:
        return None
    rows = tuple(
        (
            str(row["called"]),
            word(row["kind"]),
            "–"
            if pd.isna(row["england_rank_p05"])
            else rank_between(int(row["england_rank_p05"]), int(row["england_rank_p95"])),
            say_people(float(row["people"])),
            say_people(float(row["at_risk"])),
        )
        for row in shown.to_dict("records")
    )
    heads = ("Neighbourhood", "Kind that stands out", f"Rank in {nation}", "Its people there", "Of these at risk")
    left = int((weighed["at_risk"] > 0).sum()) - len(shown)
    note = f"Rank: 1st = highest risk, between which it lies by {say.WAYS}."
    if left:
        note += f" {left:,} more {'is' if left == 1 else 'are'} not shown."
    caption = f"The {len(rows):,} neighbourhoods where most of its people at risk live"
    return Section("Where its people live", (among,) if among else (), Grid(caption, heads, rows, 2, note))
