"""Headers: which of a table's columns is meant, and in which row they are."""

import difflib
import functools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.errors import RawFileError, first

Header = str | tuple[str, ...]
"""The header of a column; or several that it may have: the first that is there is meant."""


class Perhaps(tuple[str, ...]):
    """The forms, in full, of the header of a column that is kept where there is one and never asked for."""


CUT_SHORT = 40
"""Characters: a header of this length or more may be the beginning of the one that is sought."""
ROWS_SEARCHED = 200
"""How far down the headers may be: publishers put notes above them."""

RECOGNISED: Mapping[str, tuple[str, ...]] = {
    "code": (
        "lsoa21cd", "lsoa code", "lsoa21 code", "lsoa 2021 code", "lsoa code 2021", "lsoa code (2021)", "lsoa 2021",
        "lsoa21", "lsoa", "lsoa11cd", "lsoa11_cd", "lsoa11 code", "lsoa 2011 code", "lsoa code (2011)", "lsoa11",
        "geography code", "area code", "areacd", "mnemonic", "feature code",
    ),
    "name": (
        "name", "site name", "place name", "place", "venue", "venue name", "site", "centre", "centre name", "library",
        "organisation", "organisation name", "title", "stop", "stop name",
    ),
    "postcode": ("postcode", "post code", "postal code", "pcd", "pcds", "pcd2", "pcd7", "pcd8", "zip"),
    "longitude": ("longitude", "lon", "long", "lng", "x longitude", "geo longitude", "wgs84 longitude"),
    "latitude": ("latitude", "lat", "y latitude", "geo latitude", "wgs84 latitude"),
    "easting": ("easting", "eastings", "bng e", "oseast1m", "os easting", "gridgb1e", "x easting"),
    "northing": ("northing", "northings", "bng n", "osnrth1m", "os northing", "gridgb1n", "y northing"),
    "x": ("x", "x coord", "x coordinate", "coord x", "point x"),
    "y": ("y", "y coord", "y coordinate", "coord y", "point y"),
    "cost": ("cost", "costs", "price", "annual cost", "yearly cost", "total cost", "cost £", "cost (£)", "cost gbp"),
    "origin": ("origin", "origin id", "from", "from id", "fromid", "from lsoa", "origin lsoa", "lsoa21cd", "lsoa"),
    "destination": ("destination", "destination id", "dest", "to", "to id", "toid", "place id", "dest id"),
    "minutes": ("minutes", "mins", "travel time", "travel time minutes", "time", "duration", "travel time p50",
                "travel time (minutes)", "travel time (mins)", "time (minutes)", "time (mins)"),
    "theme": ("theme", "domain", "topic", "themes", "domains"),
    "now": ("now", "where are we now", "where are we now?", "where we are now", "current", "current level", "today"),
    "target": ("target", "where do we want to be", "where do we want to be?", "where we want to be", "target level",
               "goal", "aim"),
    "how": ("how", "how do we get there", "how do we get there?", "how we get there", "plan", "action", "actions",
            "steps"),
    "owner": ("owner", "owners", "lead", "who", "responsible", "led by"),
    "by_when": ("by when", "by when?", "due", "due date", "deadline", "date", "target date", "when"),
}  # fmt: skip
"""Headers that people use, by what they mean, written as :func:`loose` writes them."""


def strict(header: object) -> str:
    """A header in one line and lower case, with plain dashes and quotation marks."""
    return _strict(str(header))


@functools.lru_cache(maxsize=4_096)
def _strict(header: str) -> str:
    text = re.sub(r"\s+", " ", header).strip().strip("\ufeff\u200b")
    return text.translate(str.maketrans("‘’“”–—−\xa0", "''\"\"--- ")).casefold()


def loose(header: object) -> str:
    """A header as words only: ``from_id``, ``From ID`` and ``from-id`` are one."""
    return re.sub(r"[\s_\-./]+", " ", strict(header)).strip()


def find_header(headers: Sequence[str], wanted: Header, name: str) -> int:
    """The position of the only one of ``headers`` that is ``wanted``.

    Capitals and spaces make no difference, and a long header may have been cut short by the publisher.

    Raises:
        RawFileError: none is, with what it may have been mistaken for; or several are, with their positions.
    """
    fitting = _fitting(headers, wanted)
    if len(fitting) == 1:
        return fitting[0]
    asked = (wanted,) if isinstance(wanted, str) else wanted
    said = f"'{asked[0]}'" if len(asked) == 1 else f"'{asked[0]}' (or {first(asked[1:], 4)})"
    if fitting:
        raise RawFileError(
            f"{name}: the header {said} appears more than once, in columns {_and(n + 1 for n in fitting)}. Which is "
            "meant? Rename the others."
        )
    meant = difflib.get_close_matches(strict(asked[0]), {strict(h): h for h in headers if h}, 1, 0.7)
    guess = f" Did you mean '{next(h for h in headers if strict(h) == meant[0])}'?" if meant else ""
    raise RawFileError(
        f"{name}: the column {said} is missing.{guess} Columns found: {first([h for h in headers if h], 60)}"
    )


def find_headers(headers: Sequence[str], wanted: Sequence[Header], name: str) -> list[int]:
    """The positions of headers, as :func:`find_header` has them; those that are missing are named together.

    One that is :class:`Perhaps` there has a position only where exactly one column has it.

    Raises:
        RawFileError: as :func:`find_header`.
    """
    wanted = [h for h in wanted if not isinstance(h, Perhaps) or len(_fitting(headers, h)) == 1]
    absent = [header for header in wanted if not _fitting(headers, header)]
    if len(absent) > 1:
        listed = ", ".join(header if isinstance(header, str) else header[0] for header in absent)
        raise RawFileError(
            f"{name}: the columns {listed} are missing. Columns found: {first([h for h in headers if h], 60)}"
        )
    return [find_header(headers, header, name) for header in wanted]


def find_recognised(headers: Sequence[str], meaning: str) -> str | None:
    """The header that people use for ``meaning`` (a key of :data:`RECOGNISED`); ``None`` where there is none.

    Where several are used, the one that comes first in :data:`RECOGNISED`. One that appears twice is returned all the
    same: it is refused where its column is asked for.
    """
    written = {loose(header): header for header in reversed(headers) if header}
    return next((written[form] for form in map(loose, RECOGNISED[meaning]) if form in written), None)


def find_all_recognised(headers: Sequence[str], meaning: str) -> list[str]:
    """Every header that people use for ``meaning``, a key of :data:`RECOGNISED`, in the order of the file.

    Of those that are the same but for capitals and spaces, the first: they are refused where the column is asked for.
    """
    forms = {loose(form) for form in RECOGNISED[meaning]}
    used = {loose(header): header for header in reversed(headers) if header and loose(header) in forms}
    return [header for header in dict.fromkeys(headers) if header in used.values()]


def find_header_row(records: Sequence[Sequence[Any]], wanted: Sequence[Header]) -> tuple[int, int]:
    """The position of the first record that has all headers ``wanted``, or else the most; and how many it has.

    Without any, the first record that is not empty.
    """
    best, most = -1, 0
    for at, record in enumerate(records[:ROWS_SEARCHED]):
        cells = [str(cell) for cell in record]
        if not any(cell.strip() for cell in cells):
            continue
        if best < 0:
            best = at
        count = sum(1 for header in wanted if _fitting(cells, header)) if wanted else 0
        if count > most:
            best, most = at, count
        if wanted and count == len(wanted):
            break
    return max(best, 0), most


def loosely_among(meaning: str) -> tuple[str, ...]:
    """The headers that people use for ``meaning``, for :func:`find_header`: ``from id`` and ``from_id`` alike."""
    forms = RECOGNISED[meaning]
    return tuple(dict.fromkeys(f for form in forms for f in (form, form.replace(" ", "_"), form.replace(" ", "-"))))


def _fitting(headers: Sequence[str], wanted: Header) -> list[int]:
    places, cut_short = _places(tuple(headers))
    for asked in map(strict, (wanted,) if isinstance(wanted, str) else wanted):
        exact = places.get(asked, [])
        cut = [] if isinstance(wanted, Perhaps) else [n for n, header in cut_short if asked.startswith(header)]
        if exact or cut:
            return [*(exact or cut)]
    return []


@functools.lru_cache(maxsize=256)
def _places(headers: tuple[str, ...]) -> tuple[Mapping[str, Sequence[int]], Sequence[tuple[int, str]]]:
    """Where each of the headers is, as :func:`strict` has it; and those that may have been cut short.

    Each column of a table is sought among the same headers, of which there may be hundreds.
    """
    written = [(n, strict(header)) for n, header in enumerate(headers)]
    places: dict[str, list[int]] = {}
    for n, header in written:
        places.setdefault(header, []).append(n)
    return places, [(n, header) for n, header in written if len(header) >= CUT_SHORT]


def _and(numbers: Any) -> str:
    texts = [str(number) for number in numbers]
    return f"{', '.join(texts[:-1])} and {texts[-1]}"
