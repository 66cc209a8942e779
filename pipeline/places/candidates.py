"""Candidate sites for new support places, from a file of an analyst."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.catalogue.places import PlaceColumns, PlaceKind
from pipeline.errors import RawFileError, did_you_mean, first
from pipeline.places.points import coordinate_numbers, refuse_unusual_system
from pipeline.places.support_places import (
    LIKELY,
    GivenPlaces,
    fill_columns,
    point_cells,
    refuse_second_positions,
    report_places,
)
from pipeline.reading import (
    Header,
    Layout,
    NumberForm,
    Sheet,
    describe_mismatch,
    loosely_among,
    plain,
    read_numbers,
    read_sheet,
)
from pipeline.reading.coordinates import DEGREES, GRID, recognise_system
from pipeline.reading.headers import find_all_recognised

COLUMNS = ("name", "postcode", "x", "y", "cost")


def read_candidates(
    path: Path, columns: Mapping[str, str] | None = None, layout: Layout | None = None, crs: str | None = None
) -> GivenPlaces:
    """Candidate sites: a name, and a postcode or coordinates; of shapes, a name.

    Headers that people use are recognised (``Site name``, ``Post code``, ``Latitude``, ``Easting``, ``Cost (£)``).
    The coordinates of a row come first; if it has none, its postcode. Without ``crs``, the system that the headers
    name, or that the numbers of nine in ten rows look like.

    Args:
        path: CSV, workbook, parquet or a file of shapes.
        columns: the headers of ``name``, ``postcode``, ``x``, ``y`` and ``cost`` where they are others.
        layout: what is declared of the file.
        crs: the coordinate system.

    Returns:
        Columns :data:`REPORTED`, ``cost`` (1 in each row where the file has no costs), and ``priced`` (whether it has).

    Raises:
        RawFileError: the file cannot be read, a column is missing, coordinates are in no system that can be
            recognised, or a cost is missing or is not a number above 0; by row.
    """
    given = dict(columns or {})
    unknown = sorted(set(given) - set(COLUMNS))
    if unknown:
        raise RawFileError(
            f"--columns: candidates have no column '{unknown[0]}'.{did_you_mean(unknown[0], COLUMNS)} They have "
            f"{', '.join(COLUMNS)}."
        )
    wanted: list[Header] = list(given.values())
    layout = replace(layout or Layout(), likely=(*LIKELY, loosely_among("cost")))
    sheet = read_sheet(path, wanted, layout)
    headers, named = fill_columns(sheet, given)
    points = sheet.points is not None
    if "name" not in headers or not (points or {"x", "y"} <= headers.keys() or "postcode" in headers):
        needed = "the column name" if points else "the columns name, and postcode or x and y"
        raise RawFileError(
            f"{path}: candidate sites need {needed}. Columns found: {first([h for h in sheet.headers if h])}. Name "
            "others with --columns name=…,x=…,y=…"
        )
    system = crs or sheet.crs or named or _recognised(sheet, headers, layout)
    refuse_unusual_system(system, str(path))
    cost = headers.get("cost") or _only_cost(sheet)
    kind = PlaceKind.model_validate(
        {
            "id": "candidate",
            "title": "candidate site",
            "plural": "candidate sites",
            "origin": str(path),
            "why": "given by the analyst",
            "file": path.name,
            "crs": system,
            "offers": ("somewhere to go",),
            "columns": PlaceColumns(**{key: headers.get(key) for key in ("name", "postcode", "x", "y")}),
        }
    )
    frame = report_places(sheet, kind, layout)
    if "x" not in given:
        refuse_second_positions(sheet, frame, layout, "--columns")
    costs = _costs(sheet, cost, layout)
    return GivenPlaces(frame.assign(cost=costs.to_numpy(), priced=cost is not None), sheet.notes)


def _only_cost(sheet: Sheet) -> str | None:
    """The header of the costs that people use; ``None`` where there is none.

    Raises:
        RawFileError: there are several, such as a yearly cost and a total.
    """
    used = find_all_recognised(sheet.headers, "cost")
    if len(used) > 1:
        raise RawFileError(
            f"{sheet.name}: {' and '.join(repr(header) for header in used)} may all be the cost. Which is meant? Name "
            "it with --columns cost=…"
        )
    return used[0] if used else None


def _costs(sheet: Sheet, header: str | None, layout: Layout) -> pd.Series:
    if header is None:
        return pd.Series(1.0, index=sheet.rows)
    cells = sheet.column(header)
    costs = read_numbers(cells, header, sheet.name, NumberForm(unit="cost", decimal=layout.decimal)).values
    bad = [f"row {row}: '{plain(cells[row])}'" for row in costs.index[~(costs > 0)]]
    if bad:
        raise RawFileError(f"{sheet.name}: cost should be a number above 0, such as 1500 or 2.5; found {first(bad)}")
    return costs


def _recognised(sheet: Sheet, headers: Mapping[str, str], layout: Layout) -> str:
    """The system that the coordinates look like; degrees where there are none."""
    x, y = point_cells(sheet, headers)
    across, up, _ = coordinate_numbers(x, y, NumberForm(decimal=layout.decimal))
    there = across.notna() & up.notna() & ~((across == 0) & (up == 0))
    if not there.any():
        return DEGREES
    like = recognise_system(across[there], up[there])
    if like is not None and not like.swapped:
        return like.code
    if like is None and (across[there].abs() > 180).mean() > 0.5 and (across[there] < 1e6).all():
        return GRID
    if like is None and (across[there].abs() <= 180).mean() > 0.5:
        return DEGREES
    raise RawFileError(f"{sheet.name}: {describe_mismatch(across[there], up[there], None)}.")
