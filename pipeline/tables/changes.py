"""What changed between two runs of an area, or two releases of an index."""

from pipeline.tables.columns import LAD_NAME, LSOA_CODE, LSOA_NAME
from pipeline.tables.quantities import Quantity
from pipeline.tables.table import Column, Family, Table

_change = Family("changes")
IN_BOTH, ONLY_OLD, ONLY_NEW = "In both", "Only in the earlier", "Only in the later"
ENTERED, LEFT, STAYED, OUTSIDE = "Entered", "Left", "Stayed in", "Not in it"
BY_VALUES, BY_OTHERS = "Indicator values", "Values of other areas"
BY_WEIGHTS, BY_METHOD, BY_BOUNDARY = "Weights", "Method", "Boundary"
REASONS = (BY_VALUES, BY_OTHERS, BY_WEIGHTS, BY_METHOD, BY_BOUNDARY)
"""What moved an area most: its value of one indicator; values of others, while its own stayed; the rest as named."""
REDRAWN = ("unchanged", "split", "merged", "irregular")
_PLACES = "places; below 0 is towards rank 1, the highest risk"


def _rank(name: str, title: str, meaning: str) -> Column:
    return _change(name, "tied rank", title, meaning, unit="rank, 1 = highest risk", nullable=True)


def _part(name: str, title: str, meaning: str, *derived: str) -> Column:
    return _change(name, "points", title, meaning, unit=_PLACES, nullable=True, derived_from=derived)


def _category(name: str, title: str, meaning: str, categories: tuple[str, ...], *, nullable: bool = False) -> Column:
    return _change(name, "category", title, meaning, categories=categories, nullable=nullable)


def _text(name: str, quantity: Quantity, title: str, meaning: str) -> Column:
    return _change(name, quantity, title, meaning, nullable=True)


CHANGES = Table(
    "changes",
    "Changes between two runs",
    "One row for each LSOA of either run, sorted by code. Ranks are among the LSOAs that the index compares with (as a "
    "rule all of England) unless they are of the area. Which runs, and at which rate areas are said to have moved, "
    "is in the metadata. Scores of two runs are not subtracted: each is relative to all areas of its own run.",
    (
        LSOA_CODE,
        LSOA_NAME,
        LAD_NAME,
        _category("run", "In which run", "Whether the area held the LSOA in both runs", (IN_BOTH, ONLY_OLD, ONLY_NEW)),
        _category(
            "redrawn",
            "Boundary since 2011",
            "How the LSOA was made from those of 2011, where the earlier values were carried over from them",
            REDRAWN,
            nullable=True,
        ),
        _rank("rank_old", "Rank, earlier", "Rank in the earlier run, as published then"),
        _rank("rank_new", "Rank, later", "Rank in the later run"),
        _part("rank_change", "Change of the rank", "Later less earlier rank", "rank_new", "rank_old"),
        _part("part_indicators", "Part of indicators", "What indicator values that differ moved of it"),
        _part("part_weights", "Part of weights", "What other weights, or other indicators in the index, moved of it"),
        _part("part_method", "Part of the method", "What another normalisation, mean or rule of the index moved of it"),
        _part(
            "part_program",
            "Part of the program or boundary",
            "The rest: what another version of the program, or carrying values over to new outlines, moved of it",
        ),
        _text("main_indicator", "name", "Main indicator", "The indicator whose values moved the rank most"),
        _part("part_main_indicator", "Part of the main indicator", "What that indicator moved of the change"),
        _text("main_indicator_old", "name", "Main indicator, earlier", "Its earlier value here, in words"),
        _text("main_indicator_new", "name", "Main indicator, later", "Its later value here, in words"),
        _category("reason", "Reason", "What moved the rank most the way it went", REASONS, nullable=True),
        _change(
            "values_changed",
            "flag",
            "Values changed",
            "Whether a value of the LSOA that an index reads differs between the runs",
        ),
        _change(
            "place_change",
            "standardised score",
            "Change of place",
            "How far its values and the index moved it among the earlier values of all others, as a normal score, so "
            "that a step at either end counts for more than one among the many in between; above 0 = towards higher "
            "risk",
            nullable=True,
        ),
        _change(
            "place_deviation",
            "standardised score",
            "Uncertainty of that",
            "Standard deviation of the change of place over pairs of plausible indices, or of the usual movement",
            nullable=True,
            minimum=0,
        ),
        _change(
            "p_value",
            "share",
            "p-value",
            "Chance of a change as large or larger were there none",
            of="chance",
            nullable=True,
        ),
        _change("moved", "flag", "Moved beyond uncertainty", "Whether it moved by more than its uncertainty"),
        _category(
            "worst_tenth_england",
            "England's worst tenth",
            "Whether it is or was in the worst tenth of all compared",
            (ENTERED, LEFT, STAYED, OUTSIDE),
        ),
        _category(
            "reason_england", "Why it crossed, England", "What moved it across that line", REASONS, nullable=True
        ),
        _category(
            "worst_tenth_area",
            "The area's worst tenth",
            "Whether it is or was in the worst tenth of the area",
            (ENTERED, LEFT, STAYED, OUTSIDE),
        ),
        _category("reason_area", "Why it crossed, the area", "What moved it across that line", REASONS, nullable=True),
        _change(
            "people_at_risk_old",
            "estimated people",
            "People at risk, earlier",
            "People at risk in the earlier run. An estimate",
            nullable=True,
        ),
        _change(
            "people_at_risk_new",
            "estimated people",
            "People at risk, later",
            "People at risk in the later run. An estimate",
            nullable=True,
        ),
        _text("acted_on", "list", "Acted on", "Actions that were declared for this LSOA, separated by semicolons"),
        _text("similar_to", "list", "Similar to", "Actions whose LSOAs this one is compared with, as nothing was done"),
    ),
    key="lsoa21_code",
)
