"""The sheets of an area's workbook: what they are called, what is noted, and what the cover says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.reports.workbook.sheets import CoverPage, Heading, TableSheet, Workbook, distinct_names, table_sheet
from pipeline.store.records import RiskRecord, SourceUsed
from pipeline.tables import KIND_TITLES, MEASURES, Column, Table, colleague_columns

AUTHOR = "Digital-exclusion risk maps"
ROWS_ON_A_SCREEN = 25
"""A table of more rows than this has its head kept in sight."""
NOTES: Mapping[str, str] = {
    "people": "An estimate from published rates and totals, not a count. It is rounded to the nearest 10 below 1,000, "
    "and to the nearest 100 from there. Sums of rounded numbers differ from rounded sums.",
    "residents": "Residents of its neighbourhoods, whole or in part, rounded to the nearest 10 below 1,000, and to the "
    "nearest 100 from there.",
    "tenths": "1 is the most at-risk tenth; rank 1 is the highest risk. Neighbouring ranks are not meaningfully "
    "different.",
    "score": "A score says where a neighbourhood stands from 0 to 100; higher is more risk. A component is scored "
    "against every neighbourhood of {nation}: 90 means that 90% of these score no higher.",
    "certainty": "How sure a rank is. Other weights and choices that are as plausible give other ranks: nine in ten of "
    "them lie between the 5th and the 95th percentile.",
    "right": "How often neighbourhoods placed like this one were truly in the worst tenth of {nation}, by the outcome "
    "that the weights were fitted to.",
    "kind": "Which of two kinds of exclusion stands out against {nation}, as the two need different help: Both, or "
    "Neither, where that is so.",
    "support": "Support within reach counts places that offer help now, nearer and less crowded ones more.",
    "list": "The list of where to act: the risk is high, and support is little, by the declared bounds.",
    "distance": "{distance}",
    "cost": "An outline by assumed prices, which are declared in costs.toml. It is no quotation.",
    "place": "The risk is of the place, not of the person: most people in a worst-tenth area are online, and most "
    "people who are not live elsewhere.",
}
"""What headings refer to, by the name of the note."""
BY_GROUP: Mapping[str, tuple[str, ...]] = {
    "components": ("score",),
    "certainty": ("certainty",),
    "kinds": ("kind",),
    "support": ("support",),
    "access": ("distance",),
}
BY_NAME: Mapping[str, tuple[str, ...]] = {
    "risk_score": ("score", "place"),
    "chance_worst_tenth": ("right",),
    **dict.fromkeys(("residents", "people_on_list"), ("residents",)),
    **dict.fromkeys((f"people_of_kind_{kind}" for kind in (*KIND_TITLES, "both", "neither")), ("residents", "kind")),
    "on_list": ("list",),
    "priority": ("list",),
    "list_probability": ("list", "certainty"),
}
BY_QUANTITY: Mapping[str, tuple[str, ...]] = {
    "estimated people": ("people",),
    "tied rank": ("tenths",),
    "pounds": ("cost",),
}
SOURCE_HEADINGS = (
    Heading("Source"),
    Heading("Publisher"),
    Heading("Release"),
    Heading("Licence"),
    Heading("Attribution, as the licence asks"),
    Heading("Where it is"),
    Heading("File that was read"),
    Heading("Fetched", unit="ISO 8601, UTC"),
    Heading("SHA-256 of the file"),
)
DICTIONARY_HEADINGS = (
    Heading("Sheet"),
    Heading("Heading"),
    Heading("Name in the data files"),
    Heading("Unit"),
    Heading("Meaning"),
)


@dataclass(frozen=True, eq=False)
class GivenTable:
    """A table for a sheet: the ``name`` of the sheet, its schema, and the rows; ``columns`` are those wanted."""

    name: str
    title: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]

    @classmethod
    def of(cls, table: Table, frame: pd.DataFrame, name: str = "", title: str = "") -> "GivenTable":
        """Every column of a table that a spreadsheet can hold."""
        plain = tuple(column for column in table.columns if column.storage not in ("geometry", "box"))
        return cls(name or table.title, title or table.title, frame, plain)

    @classmethod
    def of_neighbourhoods(
        cls, table: Table, frame: pd.DataFrame, record: RiskRecord, more: Sequence[Column] = ()
    ) -> "GivenTable":
        """The columns of ``risk`` that a colleague needs, and ``more``, the highest risk first."""
        columns = (*colleague_columns(table, MEASURES[record.capacity.measure]), *more)
        ordered = frame.sort_values(["risk_rank", "lsoa21_code"], kind="stable")
        return cls("Neighbourhoods", f"Neighbourhoods of {record.title}, the highest risk first", ordered, columns)


@dataclass(frozen=True, eq=False)
class WorkbookInputs:
    """What the workbook of an area is made from.

    Attributes:
        record: that of ``risk.parquet``. ``tables``: what gets a sheet, in order.
        sources: of all of these, each once. ``limits``: plain sentences on what the data do not show.
        built: in UTC, ISO 8601. ``program``: its version.
    """

    record: RiskRecord
    tables: Sequence[GivenTable]
    sources: Sequence[SourceUsed]
    limits: Sequence[str]
    built: str
    program: str


def compose_workbook(inputs: WorkbookInputs) -> Workbook:
    """Cover, notes, a sheet for each table, sources with their licences, and a dictionary of every column."""
    given = distinct_names(_sheet(table) for table in inputs.tables)
    record = inputs.record
    title = f"{'FICTIONAL DATA. ' if record.fictional else ''}Digital-exclusion risk: {record.title}"
    return Workbook(
        CoverPage(title, "Digital-exclusion risk by neighbourhood", *_cover(inputs)),
        {name: _filled(text, record) for name, text in NOTES.items()},
        distinct_names([*given, _sources(inputs.sources), _dictionary(given)]),
        inputs.built,
        AUTHOR,
    )


def _cover(inputs: WorkbookInputs) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    record = inputs.record
    fiction = ("All data in this workbook are invented. They describe no real place.",) if record.fictional else ()
    sources = "Sources and the licences that they are under are on the sheet Sources."
    return (
        (
            *fiction,
            f"Who is likely to be shut out of digital health care in {record.title}, where, and where to act first: "
            f"{record.rows:,} neighbourhoods (Lower layer Super Output Areas of 2021), scored by the index "
            f"{record.index.title}.",
            f"Built {inputs.built[:10]} by {AUTHOR}, version {inputs.program}.",
            "Each sheet has one table. The sheet Contents links to each of them; Notes explains what headings refer "
            "to; Dictionary says what every column means, and its name in the data files.",
            "All columns, unrounded, are in risk_flat.parquet and risk.csv beside this workbook; boundaries are in the "
            "GeoPackage and in risk.parquet.",
        ),
        (
            NOTES["place"],
            "Numbers of people at risk are estimates from published rates and totals, not counts.",
            *dict.fromkeys([*inputs.limits, *record.notes]),
            sources,
        ),
        ("Ask the team that gave you this workbook; it can build it again from the sources.",),
    )


def _filled(text: str, record: RiskRecord) -> str:
    straight = "In a straight line from where people of the neighbourhood live, not by road."
    distance = straight if record.capacity.measure == "straight line" else "By the journeys that were supplied."
    return text.replace("{distance}", distance).replace("{nation}", record.nation.title)


def _sheet(given: GivenTable) -> TableSheet:
    notes = {column.name: _notes_of(column) for column in given.columns}
    made = table_sheet((given.name, given.title), given.frame, given.columns, notes)
    if len(made.frame) <= ROWS_ON_A_SCREEN:
        return replace(made, says=() if len(made.frame) else ("There is no row: nothing of this kind was made.",))
    return replace(made, frozen=2)


def _notes_of(column: Column) -> tuple[str, ...]:
    if column.name in BY_NAME:
        return BY_NAME[column.name]
    tenths = ("tenths",) if column.quantity == "decile" and column.group in ("score", "exclusion") else ()
    listed = (BY_QUANTITY.get(column.quantity, ()), BY_GROUP.get(column.group, ()), tenths)
    return tuple(dict.fromkeys(note for notes in listed for note in notes))


def _sources(sources: Iterable[SourceUsed]) -> TableSheet:
    rows = [
        (s.title, s.publisher, s.release, s.licence, s.attribution, s.landing_page, s.file, s.fetched_at, s.sha256)
        for s in sources
    ]
    frame = pd.DataFrame(rows, columns=range(len(SOURCE_HEADINGS)), dtype="object")
    return TableSheet("Sources", "Sources, and the licences that they are under", _complete(frame), SOURCE_HEADINGS)


def _dictionary(sheets: Iterable[TableSheet]) -> TableSheet:
    rows = [
        (sheet.name, heading.title, column.name, heading.unit, column.meaning)
        for sheet in sheets
        for heading, column in zip(sheet.headings, sheet.dictionary, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=range(len(DICTIONARY_HEADINGS)), dtype="object")
    return TableSheet(
        "Dictionary",
        "What every column means",
        _complete(frame, "none"),
        DICTIONARY_HEADINGS,
        frozen=1 if len(frame) > ROWS_ON_A_SCREEN else 0,
    )


def _complete(frame: pd.DataFrame, absent: str = "[x]") -> pd.DataFrame:
    """No cell is blank."""
    return frame.where(frame.notna() & (frame != ""), absent)
