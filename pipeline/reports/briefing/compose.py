"""A briefing from the tables and records of an area: for all of it, or for one of its units."""

import datetime
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from pipeline.reading.codes import unit_codes
from pipeline.reports.briefing import sentences as say
from pipeline.reports.briefing.content import Bars, Briefing, Grid, Part, Picture, Section, Tile, cleaned, shortened
from pipeline.reports.briefing.finding import (
    Subject,
    by_kind,
    count_worst,
    describe_kind,
    find,
    is_national,
    names_of,
)
from pipeline.reports.briefing.in_part import find_in_part, kinds_in_part, rank_in_part, tiles_in_part, weigh
from pipeline.reports.briefing.inputs import GROUP, LEVEL_WORDS, BriefingInputs, Unit
from pipeline.reports.limits import ESTIMATES, PLACES_NOT_PEOPLE, limits_of_ranks
from pipeline.reports.priority_groups import say_groups
from pipeline.reports.programmes import NOTHING_ON_EFFECT, PRICES_ASSUMED
from pipeline.reports.words import (
    capital,
    cost_range,
    day_in_words,
    percent,
    plural,
    possessive,
    rank_between,
    short_board,
    word,
)
from pipeline.store.records import RiskRecord, SourceUsed
from pipeline.tables import say_people
from pipeline.tables.programmes import IN_PROGRAMME

RANKED_ROWS, PROGRAMME_ROWS, UNSURE_ROWS, SOURCE_ROWS, GROUP_ROWS = 10, 5, 8, 12, 4
"""Rows that fit two sides of A4."""
LONGEST_NAME = 60
"""Characters of a name in a table; longer ones end in an ellipsis."""
BUDGETS = 3
"""Budgets that are shown."""
LEAST_UNITS = 3
"""Units of a level that are worth ranking."""
FIRM = "#0b5394", "#7fb2e5", "#dfe6ec"
"""Of what is firm, likely and borderline: dark to pale, so that grey paper tells them apart."""
BANDS = ("In at least 90% of them", "In half or more", "In fewer than half")
NAMED_BUDGET = 100_000.0
"""Pounds a year: the sum that the page opens with. The sentence is about the one that is nearest to it."""
NO_KIND = "#c9ced3"
IN_PART = (
    "Its people are counted where they live: an estimate of people at risk in a neighbourhood counts for the unit in "
    "the part of that neighbourhood’s people who belong to it, as if they were like all who live there. How sure risk "
    "and the list of where to act are stands in the briefing on the area."
)


def compose(inputs: BriefingInputs, picture: Picture | None, unit: Unit | None = None) -> Briefing:
    """The briefing on an area, or on ``unit``; ``picture`` is its map."""
    record = inputs.record
    rows = np.arange(len(inputs.frame)) if unit is None else inputs.frame.index.get_indexer(unit.codes)
    place = record.title if unit is None else unit.name
    subject = Subject(inputs, place, rows, everything=unit is None)
    built = datetime.datetime.fromisoformat(record.built)
    briefing = Briefing(
        title=f"{'Fictional data: ' if record.fictional else ''}Digital exclusion in {place}",
        place=place,
        about=_about(inputs, unit),
        day=day_in_words(built),
        built=record.built,
        fictional=record.fictional,
        tiles=_tiles(subject),
        finding=find(subject),
        picture=picture,
        kinds=_kinds(subject),
        ranking=_rank_units(inputs) if unit is None else _rank_neighbourhoods(subject, unit),
        groups=_groups(inputs) if unit is None else None,
        programmes=_programmes(subject, unit),
        money=_money(inputs) if unit is None else None,
        sure=_sure(subject),
        certainty=_certainty(subject),
        unsure=_unsure(inputs, unit),
        sources=_sources(inputs.sources),
        elsewhere=_elsewhere(record, unit),
    )
    return cleaned(briefing if unit is None or unit.shares is None else _by_people(briefing, inputs, unit, unit.shares))


def _by_people(briefing: Briefing, inputs: BriefingInputs, unit: Unit, shares: "pd.Series[float]") -> Briefing:
    """The briefing on a unit to which neighbourhoods belong in part: people are counted, not neighbourhoods."""
    weighed, several = weigh(inputs, shares), LEVEL_WORDS.get(unit.level, GROUP)[1]
    ranked = int(inputs.summaries[unit.level]["unit_rank"].notna().sum())
    among = say.among_level(_ranked(unit.row), ranked, several, inputs.record.title)
    return replace(
        briefing,
        tiles=tiles_in_part(inputs, unit.level, unit.row, weighed),
        finding=find_in_part(inputs, unit.level, unit.row, weighed),
        kinds=kinds_in_part(inputs, weighed, NO_KIND),
        ranking=rank_in_part(weighed, among, inputs.record.nation.title),
        sure=replace(briefing.sure, sentences=(IN_PART,)),
        certainty=None,
    )


def _about(inputs: BriefingInputs, unit: Unit | None) -> str:
    title, count = inputs.record.title, len(inputs.frame)
    if unit is None:
        return f"Briefing on {plural(count, 'neighbourhood', 'neighbourhoods')} (LSOAs)"
    one = LEVEL_WORDS.get(unit.level, GROUP)[0]
    part = float(unit.row["share_covered"])
    areas = plural(len(unit.codes), "neighbourhood", "neighbourhoods")
    covered = "" if part >= 1 else f"; only its part there, {percent(part, 1)} of its people"
    return f"Briefing on the {one}, {areas} (LSOAs) of {title}{covered}"


def _tiles(subject: Subject) -> tuple[Tile, ...]:
    nation, counted, frame = subject.inputs.record.nation, count_worst(subject), subject.frame
    tenth = (
        f"{possessive(nation.title)} most at-risk tenth" if is_national(subject) else "this map’s most at-risk tenth"
    )
    tiles = [Tile(f"{counted.worst:,} of {counted.ranked:,}", f"neighbourhoods in {tenth}")]
    if frame["people_at_risk"].notna().any():
        people = say_people(float(frame["people_at_risk"].sum()))
        tiles.append(Tile(people, "people at risk of being shut out (an estimate)"))
    kinds = by_kind(subject)
    if kinds:
        kind, people_of_kind, _ = kinds[0]
        total = sum(people for _, people, _ in kinds)
        tiles.append(Tile(percent(people_of_kind, total), f"of them live where {describe_kind(kind)}"))
    here = frame[frame["priority"].notna()]
    if subject.inputs.frame["priority"].notna().any():
        sum_ = f": {say_people(float(here['people_at_risk'].sum()))} people at risk" if len(here) else ""
        one = "neighbourhood" if len(here) == 1 else "neighbourhoods"
        tiles.append(Tile(f"{len(here):,}", f"{one} to act in first{sum_}"))
    return tuple(tiles)


def _kinds(subject: Subject) -> tuple[Part, ...]:
    kinds = by_kind(subject)
    total = sum(people for _, people, _ in kinds)
    return tuple(
        Part(
            capital(describe_kind(kind)),
            people,
            say_people(people),
            percent(people, total),
            subject.inputs.colours.get(kind or "", NO_KIND),
            plural(areas, "neighbourhood", "neighbourhoods"),
        )
        for kind, people, areas in kinds
    )


def choose_level(summaries: Mapping[str, pd.DataFrame], *, everything: bool) -> str | None:
    """The level whose units a briefing on an area ranks: of a nation its ICBs, else what teams work in."""
    order = ("icb", "lad") if everything else ("pcn", "ward", "msoa", "lad")
    ranked = (level for level in order if level in summaries)
    return next((level for level in ranked if summaries[level]["unit_rank"].notna().sum() >= LEAST_UNITS), None)


def _rank_units(inputs: BriefingInputs) -> Section | None:
    """The units of highest mean risk, with the ranks that plausible indices give them."""
    everything = len(inputs.frame) == inputs.record.nation.areas
    level = choose_level(inputs.summaries, everything=everything)
    if level is None:
        return None
    one, several = LEVEL_WORDS[level]
    summary = inputs.summaries[level]
    ranked = summary[summary["unit_rank"].notna()].sort_values(["unit_rank", "unit_code"])
    shown = ranked.head(RANKED_ROWS)
    districts = _districts(inputs.frame, level)
    heads = [capital(one), *(["District"] if districts else []), "Rank", "People at risk", "By either measure"]
    if ranked["lsoas_worst_tenth"].notna().any():
        heads.append("In the worst tenth")
    kinds = level in ("ward", "msoa", "pcn") and bool(shown["kind"].notna().any())
    rows = []
    for row in shown.to_dict("records"):
        name = _trimmed(short_board(str(row["unit_name"])))
        cells = [name, *([_trimmed(districts.get(str(row["unit_code"]), "–"))] if districts else [])]
        cells += [word(row["kind"])] if kinds else []
        cells.append(_rank(row["unit_rank_p05"], row["unit_rank_p95"], row["unit_rank"]))
        cells += [_people(row["people_at_risk"]), _range(row["people_at_risk_low"], row["people_at_risk_high"])]
        if "In the worst tenth" in heads:
            cells.append(f"{row['lsoas_worst_tenth']:,.0f} of {row['lsoas']:,.0f}")
        rows.append(tuple(cells))
    if kinds:
        heads.insert(2 if districts else 1, "Kind that stands out")
    all_units = [_ranked(row) for row in ranked.to_dict("records")]
    units = all_units[: len(shown)]
    said = [say.leader(units, len(ranked), several), say.in_front(units, RANKED_ROWS, several)]
    said.append(say.most_people(all_units, several))
    partly = int((shown["share_covered"] < 1).sum())
    note = f"Rank by mean risk among {len(ranked):,} {several}: between which it lies by {say.WAYS}."
    if partly:
        note += f" {partly:,} of these {'is' if partly == 1 else 'are'} only in part in this area."
    grid = Grid(
        f"The {len(rows):,} {several} of highest mean risk",
        tuple(heads),
        tuple(rows),
        len(heads) - 3 - ("In the worst tenth" in heads),
        note,
    )
    return Section(f"Where risk is highest: {several}", tuple(text for text in said if text), grid)


def _groups(inputs: BriefingInputs) -> Section | None:
    """How many people at risk live in priority groups, in the words of the page on the method."""
    if inputs.groups is None or inputs.groups.empty:
        return None
    more = "{count} more such sentences are on the page on the method."
    return Section("Priority groups", shortened(say_groups(inputs.groups, inputs.record), GROUP_ROWS, more))


def _districts(frame: pd.DataFrame, level: str) -> dict[str, str]:
    """The district in which most LSOAs of a ward, or of an MSOA, lie; nothing where there is only one."""
    units = unit_codes(frame, level) if level in ("ward", "msoa") else None
    if units is None or frame["lad_name"].nunique() < 2:
        return {}
    both = (frame["lad_name"].notna() & units.notna()).to_numpy()
    unit, codes = pd.factorize(units[both])
    district, names = pd.factorize(frame["lad_name"][both], sort=True)
    counts = np.bincount(unit * len(names) + district, minlength=len(codes) * len(names)).reshape(len(codes), -1)
    # Of those that hold as many, the first in the alphabet.
    return {str(code): str(names[most]) for code, most in zip(codes, counts.argmax(axis=1), strict=True)}


def _rank_neighbourhoods(subject: Subject, unit: Unit) -> Section | None:
    """The neighbourhoods of a unit, the highest risk first, and its place among the units of its level."""
    inputs, frame = subject.inputs, subject.frame
    _, several = LEVEL_WORDS.get(unit.level, GROUP)
    ranked = inputs.summaries[unit.level]["unit_rank"].notna().sum()
    among = say.among_level(_ranked(unit.row), int(ranked), several, inputs.record.title)
    national = is_national(subject)
    rank, low, high = (
        ("england_rank", "england_rank_p05", "england_rank_p95") if national else ("risk_rank", "rank_p05", "rank_p95")
    )
    named = frame.assign(called=names_of(frame))
    shown = named[named[rank].notna()].sort_values([rank, "called"]).head(RANKED_ROWS)
    everyone = inputs.record.nation.areas if national else len(inputs.frame)
    where = inputs.record.nation.title if national else inputs.record.title
    rows = tuple(
        (
            _trimmed(str(row["called"])),
            word(row["kind"]),
            _rank(row[low], row[high], row[rank]),
            _people(row["people_at_risk"]),
            _range(row["people_at_risk_low"], row["people_at_risk_high"]),
            "–" if pd.isna(row["priority"]) else f"{row['priority']:,.0f}",
        )
        for row in shown.to_dict("records")
    )
    heads = (
        "Neighbourhood",
        "Kind that stands out",
        "Rank",
        "People at risk",
        "By either measure",
        "Place on the list",
    )
    note = f"Rank among {everyone:,} of {where}, 1st = highest risk: between which it lies by {say.WAYS}."
    left = len(frame) - len(shown)
    if left:
        note += f" {left:,} more {'is' if left == 1 else 'are'} not shown."
    grid = Grid(f"The {len(rows):,} neighbourhoods of highest risk", heads, rows, 2, note)
    return Section("Its neighbourhoods", (among,) if among else (), grid if rows else None)


def _programmes(subject: Subject, unit: Unit | None) -> Section | None:
    """The programmes that come first; of a unit those with neighbourhoods in it."""
    report, areas = subject.inputs.programmes, subject.inputs.programme_areas
    if report is None or report.programmes.empty:
        return None
    programmes = report.programmes.sort_values("programme")
    if unit is not None and areas is not None:
        here = areas[areas["lsoa21_code"].isin(subject.frame.index)]
        programmes = programmes[programmes["programme"].isin(here["programme"][here["standing"] == IN_PROGRAMME])]
    if programmes.empty:
        return None
    shown = programmes.head(PROGRAMME_ROWS)
    rows = tuple(
        (
            f"{row['programme']}. {_trimmed(str(row['name']))}",
            word(row["kind"]),
            _trimmed(word(row["host"])),
            f"{row['neighbourhoods']:,}",
            say_people(row["people_at_risk"]),
            cost_range(row["cost_low"], row["cost"], row["cost_high"]),
        )
        for row in shown.to_dict("records")
    )
    left = len(programmes) - len(shown)
    more = f"{left:,} more {'is' if left == 1 else 'are'} in programmes.csv. " if left else ""
    note = (
        f"{more}A programme bundles neighbourhoods of the list of where to act that touch and are of one kind. Cost: "
        f"in a year, for helping {percent(report.record.costs.helped_share, 1)} of its people at risk; all low to all "
        "high prices."
    )
    heads = ("Programme", "Kind", "Could be held at", "Neighbourhoods", "People at risk", "Outline cost")
    counted = "Programmes, the largest unmet need first" if unit is None else "Programmes with neighbourhoods here"
    return Section("Programmes to begin with", (), Grid(counted, heads, rows, 3, note))


def _money(inputs: BriefingInputs) -> Section | None:
    """What sums of money reach; sums that pay for nothing, or for no more than a smaller one, are left out."""
    report = inputs.programmes
    if report is None or report.programmes.empty or report.budgets.empty:
        return None
    budgets = report.budgets.sort_values("budget")
    budgets = budgets[(budgets["chosen"] > 0) & ~budgets.duplicated(["chosen", "people_reached"])].head(BUDGETS)
    if budgets.empty:
        return None
    programmes, people = len(report.programmes), float(inputs.frame["people_at_risk"].sum())
    rows = tuple(
        (
            f"£{row['budget']:,.0f}",
            f"{row['chosen']:,} of {programmes:,}",
            say_people(row["people_reached"]),
            cost_range(row["cost_low"], row["cost"], row["cost_high"]),
            "proven" if row["gap"] == 0 else f"within {row['gap']:.1%}",
        )
        for row in budgets.to_dict("records")
    )
    heads = ("A year’s budget", "Programmes", "People at risk reached", "Outline cost", "None reaches more")
    named = budgets.iloc[int((budgets["budget"] - NAMED_BUDGET).abs().argmin())]
    said = say.money_reaches(
        float(named["budget"]),
        int(named["chosen"]),
        programmes,
        (float(named["people_reached"]), people),
        float(named["gap"]),
    )
    grid = Grid("What budgets reach, by central prices", heads, rows, 1, PRICES_ASSUMED)
    return Section("What money reaches", (said,) if said else (), grid)


def _sure(subject: Subject) -> Section:
    frame, record = subject.frame, subject.inputs.record
    said = []
    if record.uncertainty is not None:
        worst = frame[frame["risk_decile"] == 1]
        stay = int((worst["worst_decile_probability"] >= say.STANDS_FAST).sum())
        where = record.title if subject.everything else f"{record.title} that are here"
        said.append(say.staying(len(worst), stay, record.uncertainty.draws, where))
    if record.fit is not None and record.fit.chance is not None and "chance_worst_tenth" in frame.columns:
        chances = frame["chance_worst_tenth"][frame["england_decile"] == 1].dropna()
        said.append(say.truly(chances.tolist(), record.fit.chance.title, record.nation.title))
    else:
        said.append(f"How likely a score is right is not known here. {record.without_fit or ''}".strip())
    probabilities = frame["list_probability"][frame["priority"].notna()].dropna()
    said.append(say.firm_list(probabilities.tolist()))
    return Section("How sure this is", tuple(text for text in said if text))


def _certainty(subject: Subject) -> Bars | None:
    """How many of the worst tenth, and of the list, stand fast: bars of three parts."""
    frame = subject.frame
    lists = {
        "Most at-risk tenth of the map": frame["worst_decile_probability"][frame["risk_decile"] == 1].dropna(),
        "On the list of where to act": frame["list_probability"][frame["priority"].notna()].dropna(),
    }
    present = {label: shares for label, shares in lists.items() if len(shares)}
    if not present:
        return None
    caption = "Neighbourhoods, by the share of plausible indices or choices in which they are there"
    return Bars(caption, tuple(present), tuple(_bands(shares) for shares in present.values()))


def _bands(shares: "pd.Series[float]") -> tuple[Part, ...]:
    firm = int((shares >= say.STANDS_FAST).sum())
    likely = int(((shares >= say.LIKELY) & (shares < say.STANDS_FAST)).sum())
    counts = (firm, likely, len(shares) - firm - likely)
    return tuple(
        Part(label, count, f"{count:,}", percent(count, len(shares)), colour)
        for label, count, colour in zip(BANDS, counts, FIRM, strict=True)
    )


def _unsure(inputs: BriefingInputs, unit: Unit | None) -> Section:
    record = inputs.record
    money = [PRICES_ASSUMED, NOTHING_ON_EFFECT] if unit is None and inputs.programmes is not None else []
    ranks = limits_of_ranks(record.uncertainty) if record.uncertainty is not None else []
    said = dict.fromkeys([PLACES_NOT_PEOPLE, ESTIMATES, *inputs.limits, *ranks, *money])
    more = "{count} more such limits are on the page on the method."
    return Section("What is not known", shortened(list(said), UNSURE_ROWS, more))


def _sources(sources: Sequence[SourceUsed]) -> Section:
    """Each source as its licence asks to be named, with the licence."""
    named: dict[str, None] = {}
    for source in sources:
        text = (source.attribution.removeprefix("Source: ") or f"{source.title}, {source.publisher}").rstrip(". ")
        licence = source.licence
        named[text if licence in text else f"{text} ({licence})"] = None
    texts = [text for text in named if not any(other != text and other.startswith(text) for other in named)]
    more = "{count} more are on the map, under Sources."
    return Section("Sources", shortened([f"{text}." for text in texts], SOURCE_ROWS, more))


def _elsewhere(record: RiskRecord, unit: Unit | None) -> str:
    index = f"Scored by the index “{record.index.title}”."
    on_map = "The map (atlas.html) shows every neighbourhood"
    if unit is not None:
        on_map += f" of {record.title}"
    return f"{index} {on_map}; the page on the method (method.html) says how sure each figure is, and why."


def _ranked(row: "Mapping[Hashable, Any] | pd.Series[float]") -> say.Ranked:
    low, high = row["unit_rank_p05"], row["unit_rank_p95"]
    drawn = not (pd.isna(low) or pd.isna(high))
    people = (float(row[f"people_at_risk{end}"]) for end in ("", "_low", "_high"))
    return say.Ranked(
        short_board(str(row["unit_name"])), int(low) if drawn else None, int(high) if drawn else None, *people
    )


def _rank(low: float, high: float, rank: float) -> str:
    if pd.isna(low) or pd.isna(high):
        return f"{rank:,.0f}"
    return rank_between(int(low), int(high))


def _people(people: float) -> str:
    return "–" if pd.isna(people) else say_people(people)


def _range(low: float, high: float) -> str:
    return "–" if pd.isna(low) or pd.isna(high) else f"{say_people(low)} to {say_people(high)}"


def _trimmed(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
