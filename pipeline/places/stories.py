"""Human stories: what people said, shown with their consent, and refused where it could identify anyone."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.catalogue.areas import StoryAllowed
from pipeline.errors import RawFileError, first
from pipeline.reading import Layout, plain, read_sheet
from pipeline.reading.records import read_records
from pipeline.tables import STORIES, validate

COLUMNS = ("place", "quote", "theme", "source", "consent")
GIVEN = {"yes", "y", "true", "given", "noted"}


@dataclass(frozen=True)
class ReadStories:
    """Stories as written, with their ``file_row``, and a line for each false alarm that somebody has overruled."""

    frame: pd.DataFrame
    notes: tuple[str, ...]


def read_stories(
    path: Path, columns: Mapping[str, str] | None = None, allowed: Sequence[StoryAllowed] = ()
) -> ReadStories:
    """The stories in a CSV or workbook with the columns place, quote, theme, source and consent, as written.

    ``columns`` has the headers of these where they are others.

    Args:
        allowed: cells that are shown although they look like personal data.

    Raises:
        RawFileError: the file cannot be read, a column is missing or appears twice, a cell is empty, consent is not
            noted, or any cell of the file, in any column, looks as if it could identify someone and is not ``allowed``.
            The rows and columns are named, the details are not repeated, and nothing of the file is used.
    """
    headers = {column: (columns or {}).get(column, column) for column in COLUMNS}
    layout = Layout(naming="save the sheet with the stories as a workbook of its own")
    rows = [[plain(cell) for cell in row] for row in read_records(path, layout)[0]]
    notes = _refuse_personal_data(rows, path, headers["place"], allowed)
    given = read_sheet(path, tuple(headers.values()), layout).pick(headers)
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
    return ReadStories(pd.DataFrame(stories).assign(consent="yes")[["file_row", *COLUMNS]], notes)


@dataclass(frozen=True)
class PlacedStories:
    """Stories from the area (table ``stories``), and a line for each from elsewhere: its row and the reason."""

    frame: pd.DataFrame
    refused: list[str]


def place_stories(
    stories: pd.DataFrame,
    areas: pd.DataFrame,
    points: pd.DataFrame,
    postcodes: pd.DataFrame | None,
    towns: pd.DataFrame | None = None,
) -> PlacedStories:
    """Where each story belongs: its place is an LSOA code or name, a postcode, or the name of a ward, district or town.

    A pin is at the LSOA, at the mean position of those of the ward or district, or where the map's search finds the
    town. A postcode is only used to find the LSOA and is not kept, even where it is refused: few households share one.
    In names, capitals, accents, spaces, apostrophes, dashes and full stops make no difference, and neither do "and" and
    "&", or "St" and "Saint". A ward may be followed by its district: ``St Benet's, Fenland``.

    Args:
        areas: the area's LSOAs with their ``lsoa21_code``, ``lsoa21_name``, ``ward_code``, ``ward_name``, ``lad_code``,
            ``lad_name``. ``points``: ``lon`` and ``lat`` of each, by code.
        postcodes: ``postcode``, ``lsoa21_code``. ``towns``: ``name``, ``lon``, ``lat`` of those in the area.
    """
    places = _Places(areas, postcodes, towns)
    rows, refused = [], []
    for story in stories.to_dict("records"):
        place = places.find(str(story["place"]))
        if place.problem:
            refused.append(f"row {story['file_row']}: {place.problem}")
            continue
        at = points.loc[place.codes].mean() if place.point is None else place.point
        code = place.codes[0] if len(place.codes) == 1 else None
        rows.append({**story, "place": place.title, "lsoa21_code": code, "lon": at["lon"], "lat": at["lat"]})
    frame = pd.DataFrame(rows, columns=STORIES.names).astype({"lsoa21_code": "str"})
    if len(frame):
        validate(frame, STORIES, "stories")
    return PlacedStories(frame, refused)


def bare_name(name: str) -> str:
    """The name of a place without what people write differently, for comparing."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    plain = "".join(c for c in letters if unicodedata.category(c) not in ("Mn", "Cf"))
    # Apostrophes go without a gap, so that "King's" is "kings"; other signs end a word.
    plain = re.sub(r"['\u2018\u2019\u201b\u02bc\u02b9\u2032\u0060\u00b4\uff07]", "", plain)
    words = ["st" if word == "saint" else word for word in re.findall(r"[^\W_]+", plain)]
    return "".join(words)


@dataclass(frozen=True)
class _Place:
    """The LSOAs of a place, or the point of a town; what to call it; and what is wrong with it if anything is."""

    codes: list[str]
    title: str
    problem: str = ""
    point: pd.Series | None = None


_LEVELS = (("lsoa21_name", "lsoa21_code"), ("ward_name", "ward_code"), ("lad_name", "lad_code"))


class _Places:
    """The names of places, and the LSOAs that they consist of."""

    def __init__(self, areas: pd.DataFrame, postcodes: pd.DataFrame | None, towns: pd.DataFrame | None) -> None:
        self._areas = areas.set_index("lsoa21_code", drop=False)
        self._names = {title: self._areas[title].map(bare_name, na_action="ignore") for title, _ in _LEVELS}
        self._towns = None if towns is None else towns.assign(bare=towns["name"].map(bare_name))
        self._postcodes: dict[str, str] = {}
        if postcodes is not None:
            bare = postcodes["postcode"].str.replace(" ", "").str.upper()
            self._postcodes = dict(zip(bare, postcodes["lsoa21_code"], strict=True))

    def find(self, place: str) -> _Place:
        """The place that is called ``place``."""
        bare = re.sub(r"[\W_]", "", place).upper()
        if bare in self._areas.index:
            return _Place([bare], self._called(bare))
        if bare in self._postcodes:
            return _Place([self._postcodes[bare]], self._called(self._postcodes[bare]))
        return self._named(place) or self._town(place) or self._in_district(place) or _Place([], "", UNPLACED)

    def _named(self, place: str, within: "pd.Series[bool] | None" = None) -> _Place | None:
        """An LSOA, ward or district by its name, of those that ``within`` marks."""
        name = bare_name(place)
        for title, code in _LEVELS:
            here = self._names[title] == name
            named = self._areas[here if within is None else here & within]
            different = named.drop_duplicates(code)
            if len(different) > 1:
                in_full = [f"{row[title]}, {row['lad_name']}" for _, row in different.iterrows()]
                return _Place(
                    [],
                    "",
                    f"its place is the name of {len(different)} places here; give an LSOA code or a postcode, or one "
                    f"of: {'; '.join(dict.fromkeys(in_full))}",
                )
            if len(named):
                called = self._called(named.index[0]) if len(named) == 1 else str(named[title].iloc[0])
                return _Place(list(named.index), called)
        return None

    def _town(self, place: str) -> _Place | None:
        """A town, at its point."""
        if self._towns is None:
            return None
        named = self._towns[self._towns["bare"] == bare_name(place)]
        if named.empty:
            return None
        if len(named) > 1:
            return _Place([], "", f"its place is the name of {len(named)} towns here; give a ward or a postcode")
        return _Place([], str(named["name"].iloc[0]), point=named.iloc[0])

    def _in_district(self, place: str) -> _Place | None:
        """A ward with its district behind a comma."""
        ward, comma, district = place.rpartition(",")
        if not comma:
            return None
        return self._named(ward, self._names["lad_name"] == bare_name(district))

    def _called(self, code: str) -> str:
        here = self._areas.loc[code]
        return f"{here['ward_name']}, {here['lad_name']}"


UNPLACED = "its place is not an LSOA, postcode, ward, district or town of the area"


def text_mark(text: str) -> str:
    """The mark of a cell's text, by which ``stories_allowed`` names it: another text has another."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _refuse_personal_data(
    rows: list[list[str]], path: Path, place: str, allowed: Sequence[StoryAllowed]
) -> tuple[str, ...]:
    """A line for each cell that is ``allowed``, and for what fits none; any other cell refuses the file.

    ``place`` is the header of the column with the places, in which a postcode may be.
    """
    # What could identify someone is told by patterns that take time to make.
    from pipeline.places.personal_data import personal_data

    places = [[cell.strip().casefold() for cell in row].count(place.strip().casefold()) for row in rows]
    top = next((number for number, count in enumerate(places) if count), 0)
    headers = rows[top] if rows else []
    columns = [cell.strip() if cell.strip() and not personal_data(cell) else "" for cell in headers]
    details: dict[str, list[str]] = {}
    notes, offers, used = [], [], set[StoryAllowed]()
    for number, row in enumerate(rows, 1):
        # Cell by cell: digits in neighbouring cells are not one number.
        where: dict[str, list[str]] = {}
        for position, cell in enumerate(row):
            column = (columns[position] if position < len(columns) else "") or f"column {position + 1}"
            kinds = personal_data(cell, postcodes=number <= top + 1 or column.casefold() != place.strip().casefold())
            if not kinds:
                continue
            mark = text_mark(cell)
            given = next(
                (a for a in allowed if (a.row, a.column.lower(), a.text) == (number, column.lower(), mark)), None
            )
            if given is not None:
                used.add(given)
                notes.append(f"row {number} ({column}) is shown although it looks like {first(kinds)}: {given.why}")
                continue
            offers.append(f'{{ row = {number}, column = "{column}", text = "{mark}", why = "..." }}')
            for kind in kinds:
                where.setdefault(kind, []).append(column)
        for kind, names in sorted(where.items()):
            details.setdefault(kind, []).append(f"{number} ({', '.join(names)})")
    if details:
        listed = "\n".join(f"  {kind}: row(s) {first(numbers)}" for kind, numbers in details.items())
        if not any(places):
            listed += f"\n  There is no column '{place}', the only one in which a postcode may be (stories_columns)."
        raise RawFileError(
            f"{path}: this file is not used, because it seems to hold details that could identify someone:\n{listed}\n"
            "  The map may be sent on by e-mail. Take these out of the file itself, and run this again.\n"
            "  If you have read a cell and it identifies no one, allow it in the area's table in declared/areas.toml:\n"
            f"    stories_allowed = [{first(offers, 3)}]"
        )
    unused = [f"row {a.row} ({a.column})" for a in allowed if a not in used]
    if unused:
        notes.append(
            f"stories_allowed fits nothing in the file for {first(unused)}: remove it from declared/areas.toml"
        )
    return tuple(notes)
