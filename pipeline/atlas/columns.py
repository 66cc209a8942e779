"""Which columns of the table the page has, the decimals it keeps of each, and how it names and shows them."""

from collections.abc import Sequence

from pipeline.atlas.contract import ColumnInfo
from pipeline.atlas.inputs import PageInputs
from pipeline.catalogue import Index
from pipeline.store.records import RiskRecord
from pipeline.tables import DERIVED, MEASURES, MEMBER_OF, STANDING, Column


def page_columns(inputs: PageInputs, *, many: bool) -> tuple[Column, ...]:
    """The columns of the page; those that the page works out for itself come last.

    The page works out contributions and the order of drivers. Whether an area is in a priority group is
    said together with its risk. Of the distances to places it has those that were
    measured, under one name. A page of many areas leaves out columns that no score or colour needs and that only the
    list of all numbers would show; the tables beside the page have them.
    """
    index, look = inputs.record.index, inputs.look
    used = {*index.columns, index.impute_by, *(name for y in look.layers for name in (y.column, y.column_by))}
    measured = MEASURES[inputs.record.capacity.measure]
    return tuple(
        column
        for column in (*inputs.table.columns, *_membership(inputs), *DERIVED)
        if column.storage not in ("geometry", "box")
        and column.group != "contributions"
        and not (column.group == "priority_groups" and column.storage == "boolean")
        and column.copy_of is None
        and (column.group != "access" or column.quantity == measured)
        and (not many or not column.detail or column.name in used)
    )


def _membership(inputs: PageInputs) -> tuple[Column, ...]:
    return () if inputs.programmes is None else (STANDING, MEMBER_OF)


SUMMED = (
    *("people_at_risk", "people_at_risk_low", "people_at_risk_high"),
    # Mostly the same numbers as the low and the high one, which are then carried once.
    *("people_not_online", "people_without_skills"),
)
"""Columns that the page adds up: whole numbers would make other sums than those of the table."""


SCORED_DECIMALS = 6
"""Of components and risk scores that the page scores from again: areas within a millionth of a point are one rank."""


def kept_decimals(columns: Sequence[Column], *, many: bool) -> dict[str, int]:
    """The decimals that the page keeps, by column of numbers; with many areas, fewer in columns that no score needs."""
    return {
        column.name: 1
        if column.name in SUMMED
        or (many and column.quantity == "score" and column.group in ("support", "exclusion", "kinds"))
        else column.nature.kept
        for column in columns
        if column.storage == "number"
    }


def scored_decimals(columns: Sequence[Column], *, whole_nation: bool) -> dict[str, int]:
    """The decimals of components and scores that the page scores from again.

    A page of the entire nation computes its components from the indicators; any other page cannot, as it does not hold
    the nation that they were compared with.
    """
    if whole_nation:
        return {}
    scored = (column.name for column in columns if column.group == "components" or column.name == "risk_score")
    return dict.fromkeys(scored, SCORED_DECIMALS)


def exact_columns(index: Index, *, many: bool) -> set[str]:
    """The columns that the page scores from again, and so must not be rounded.

    Exclusion scores tie only at exactly equal capacity, which a page of many areas has no room to store.
    """
    exact = set(index.columns)
    if not many:
        exact.add("capacity_score")
    return exact


def column_info(column: Column, decimals: int, record: RiskRecord) -> ColumnInfo:
    """A column as the page names and shows it; ``decimals`` is how many of its values the page keeps."""
    nature = column.nature
    return ColumnInfo(
        name=column.name,
        title=column.title,
        description=column.meaning,
        unit=column.shown_unit,
        type=nature.storage,
        decimals=nature.decimals if nature.percent else decimals,
        percent=nature.percent,
        as_of=_release(column, record),
        quantity=column.quantity,
        group=column.group,
    )


def _release(column: Column, record: RiskRecord) -> str | None:
    """The release of the source of ``column``, or the one release of everything it is worked out from."""
    names = column.derived_from if column in DERIVED else (column.name,)
    sources = {record.columns_from.get(name) for name in names}
    releases = {source.release for source in record.sources if source.id in sources}
    return releases.pop() if len(sources) == 1 and len(releases) == 1 else None
