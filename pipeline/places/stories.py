"""Human stories: what people said, shown with their consent, and refused where it could identify anyone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.places.personal_data import personal_data
from pipeline.reading import Layout, plain, read_sheet
from pipeline.reading.records import read_records
from pipeline.tables import STORIES, validate

COLUMNS = ("place", "quote", "theme", "source", "consent")
GIVEN = {"yes", "y", "true", "given", "noted"}


def read_stories(path: Path, columns: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The stories in a CSV or workbook with the columns place, quote, theme, source and consent, as written.

    ``columns`` has the headers of these where they are others.

    Raises:
        RawFileError: the file cannot be read, a column is missing or appears twice, a cell is empty, consent is not
            noted, or any cell of the file, in any column, looks like an e-mail address, a telephone number or an NHS
            number. The rows and columns are named, the details are not repeated, and nothing of the file is used.
    """
    _refuse_personal_data([[plain(cell) for cell in row] for row in read_records(path, Layout())[0]], path)
    headers = {column: (columns or {}).get(column, column) for column in COLUMNS}
    given = read_sheet(path, tuple(headers.values())).pick(headers)
    stories = [{"file_row": n, **{c: plain(row[c]) for c in COLUMNS}} for n, row in given.to_dict("index").items()]
    empty = [f"row {s['file_row']} ({c})" for s in stories for c in COLUMNS if not s[c] and c != "consent"]
    if empty:
        raise RawFileError(f"{path}: the cell is empty in {first(empty)}. Fill it in, or remove the row.")
    without = [str(s["file_row"]) for s in stories if str(s["consent"]).lower() not in GIVEN]
    if without:
        raise RawFileError(
            f"{path}: consent to show the story is not noted in row(s) {first(without)}. Write yes there once the "
            "person has agreed, or remove the row."
        )
    return pd.DataFrame(stories).assign(consent="yes")[["file_row", *COLUMNS]]


@dataclass(frozen=True)
class PlacedStories:
    """Stories from the area (table ``stories``), and a line for each from elsewhere: its row and the reason."""

    frame: pd.DataFrame
    refused: list[str]


def place_stories(
    stories: pd.DataFrame, areas: pd.DataFrame, points: pd.DataFrame, postcodes: pd.DataFrame | None
) -> PlacedStories:
    """Where each story belongs: its place is an LSOA code or name, a postcode, or the name of a ward or district.

    A pin is at the LSOA, or at the mean position of those of the ward or district. A postcode is only used to find the
    LSOA and is not kept, even where it is refused: few households share one.

    Args:
        areas: the area's LSOAs with their ``lsoa21_code``, ``lsoa21_name``, ``ward_code``, ``ward_name``, ``lad_code``,
            ``lad_name``. ``points``: ``lon`` and ``lat`` of each, by code.
        postcodes: ``postcode``, ``lsoa21_code``.
    """
    places = _Places(areas, postcodes)
    rows, refused = [], []
    for story in stories.to_dict("records"):
        codes, title, problem = places.find(str(story["place"]))
        if problem:
            refused.append(f"row {story['file_row']}: {problem}")
            continue
        middle = points.loc[codes].mean()
        code = codes[0] if len(codes) == 1 else None
        rows.append({**story, "place": title, "lsoa21_code": code, "lon": middle["lon"], "lat": middle["lat"]})
    frame = pd.DataFrame(rows, columns=STORIES.names).astype({"lsoa21_code": "str"})
    if len(frame):
        validate(frame, STORIES, "stories")
    return PlacedStories(frame, refused)


class _Places:
    """The names of places, and the LSOAs that they consist of."""

    def __init__(self, areas: pd.DataFrame, postcodes: pd.DataFrame | None) -> None:
        self._areas = areas.set_index("lsoa21_code", drop=False)
        self._postcodes: dict[str, str] = {}
        if postcodes is not None:
            bare = postcodes["postcode"].str.replace(" ", "").str.upper()
            self._postcodes = dict(zip(bare, postcodes["lsoa21_code"], strict=True))

    def find(self, place: str) -> tuple[list[str], str, str]:
        """The LSOAs of a place, what to call it, and what is wrong with it if anything is."""
        name, bare = place.strip().casefold(), re.sub(r"\W", "", place).upper()
        if bare in self._areas.index:
            return [bare], self._called(bare), ""
        if bare in self._postcodes:
            return [self._postcodes[bare]], self._called(self._postcodes[bare]), ""
        for title, code in (("lsoa21_name", "lsoa21_code"), ("ward_name", "ward_code"), ("lad_name", "lad_code")):
            named = self._areas[self._areas[title].str.casefold() == name]
            different = len(set(named[code]))
            if different > 1:
                return [], "", f"its place is the name of {different} places here; give an LSOA code or a postcode"
            if len(named):
                called = self._called(named.index[0]) if len(named) == 1 else str(named[title].iloc[0])
                return list(named.index), called, ""
        return [], "", "its place is not an LSOA, postcode, ward or district of the area"

    def _called(self, code: str) -> str:
        here = self._areas.loc[code]
        return f"{here['ward_name']}, {here['lad_name']}"


def _refuse_personal_data(rows: list[list[str]], path: Path) -> None:
    columns = [cell.strip() if cell.strip() and not personal_data(cell) else "" for cell in rows[0]]
    details: dict[str, list[str]] = {}
    for number, row in enumerate(rows, 1):
        # Cell by cell: digits in neighbouring cells are not one number.
        where: dict[str, list[str]] = {}
        for position, cell in enumerate(row):
            column = (columns[position] if position < len(columns) else "") or f"column {position + 1}"
            for kind in personal_data(cell):
                where.setdefault(kind, []).append(column)
        for kind, names in sorted(where.items()):
            details.setdefault(kind, []).append(f"{number} ({', '.join(names)})")
    if details:
        listed = "\n".join(f"  {kind}: row(s) {first(places)}" for kind, places in details.items())
        raise RawFileError(
            f"{path}: this file is not used, because it seems to hold details that could identify someone:\n{listed}\n"
            "  The map may be sent on by e-mail. Take these out of the file itself, and run this again."
        )
