"""What is packed into bytes, and the headers of those bytes."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, RootModel
from typing_extensions import TypeAliasType

from pipeline.atlas.contract.base import Carried, Count, Span


class PackedTable(Carried):
    """A table as bytes; their layout is under *Table* in ``docs/contract.md``."""

    rows: Count
    """How many rows."""
    packed: str
    """Text of gzip: *Bytes as text* in ``docs/contract.md``."""


class AreaTable(PackedTable):
    """The table of the areas, of which the columns of the first picture come first."""

    rest: str
    """What belongs to the other columns, as text of gzip: a ``TableTexts``, and the bytes after those of ``packed``."""


class PackedPostcodes(Carried):
    """Postcodes with the area of each, as bytes; their layout is under *Postcodes* in ``docs/contract.md``."""

    whole: bool
    """Every postcode; otherwise only sectors ("NR2 3"), each with all areas that its postcodes lie in."""
    count: Count
    """How many postcodes, or sectors."""
    packed: str
    """Text of gzip: *Bytes as text* in ``docs/contract.md``."""


class GeometrySections(Carried):
    """Where each section of the geometry lies: offset and length, in bytes."""

    arc_lengths: Span
    """Vertices of each arc."""
    xs: Span
    """Grid columns of the vertices."""
    ys: Span
    """Grid rows of the vertices."""
    ring_lengths: Span
    """Arcs in each ring."""
    ring_arcs: Span
    """The arcs of the rings."""
    area_rings: Span
    """Rings of each area."""
    ring_is_hole: Span
    """Whether each ring is a hole."""


class PackedGeometry(Carried):
    """The areas as shared arcs, as bytes; their layout is under *Geometry* in ``docs/contract.md``."""

    packed: str
    """Text of gzip: *Bytes as text* in ``docs/contract.md``."""
    origin: tuple[float, float]
    """Web Mercator metres of grid point (0, 0)."""
    step: float
    """Web Mercator metres from one grid point to the next."""
    arcs: Count
    """How many arcs."""
    rings: Count
    """How many rings."""
    sections: GeometrySections
    """Where each lies in the bytes."""


class FinerSections(Carried):
    """Where each lies in the bytes of the vertices that come after the first picture: offset and length."""

    between: Span
    """How many lie between two vertices that are there at first."""
    xs: Span
    """How far each is from where it is expected, in grid columns."""
    ys: Span
    """The same in grid rows."""


class AreaGeometry(PackedGeometry):
    """The boundaries of the areas, of which the vertices of the first picture come first."""

    rest: str
    """The other vertices, as text of gzip: *Geometry* in ``docs/contract.md``."""
    rest_sections: FinerSections
    """Where each lies in the bytes of ``rest``."""


class Stream(Carried):
    """Whole numbers of a column, one a row, from 0."""

    width: Annotated[int, Field(ge=1, le=8)]
    """Bytes a number."""
    delta: bool
    """Each is the difference from the one before, zigzag-coded."""
    along: str | None
    """The column, described earlier, in whose order the numbers stand; ``null`` for the order of the rows."""
    at: Span
    """Offset and length of its bytes."""


class FloatStream(Carried):
    """IEEE numbers of a column, one a row."""

    width: Literal[8]
    """Bytes a number."""
    at: Span
    """Offset and length of its bytes."""


class SameColumn(Carried):
    """A column that repeats an earlier one."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True, validate_by_alias=True)

    kind: Literal["same"] = "same"
    same_as: str = Field(alias="as")
    """The name of the earlier column."""


class TextColumn(Carried):
    """Text as numbers of a list."""

    kind: Literal["text"] = "text"
    values: tuple[str, ...]
    """The list."""
    codes: Stream
    """0 for no value, else the position in ``values``, counted from 1."""


class CountedColumn(Carried):
    """Codes and names that count up (``E01000001``, ``Norwich 001A``): a head, a number and a tail."""

    kind: Literal["counted"] = "counted"
    digits: int
    """Digits of every number, leading zeros included."""
    head: Stream
    """The position in ``heads``, counted from 0."""
    heads: tuple[str, ...]
    """The text before the number."""
    tail: Stream
    """The position in ``tails``, counted from 0."""
    tails: tuple[str, ...]
    """The text after the number."""
    number: Stream
    """The number."""


class PlaceNamesColumn(Carried):
    """What places are called: the name of an MSOA or ward, and what tells apart those that share it.

    Worked out from the columns ``lsoa21_name``, ``ward_name`` and ``lad_name``, which come before it. An MSOA is the
    part of ``lsoa21_name`` before its last letter.
    """

    kind: Literal["places"] = "places"
    names: str
    """One line for each MSOA in the order in which they first appear; an empty line: the ward of each area. A word of
    one figure or small letter (0 to 9, then a to z) means a word of the MSOA's wards, in the order of their
    areas, and then of its districts, each counted once. Words lie between spaces, commas and ampersands; one that
    begins with "=" is what follows it."""
    endings: tuple[str, ...]
    """What follows; in brackets, "*" is the last letter of ``lsoa21_name``, and "#" its last word."""
    ending: Stream
    """The position in ``endings``, counted from 0."""


class NumberColumn(Carried):
    """Numbers of few decimals as whole numbers."""

    kind: Literal["number"] = "number"
    decimals: int
    """The number of decimals of every value."""
    lowest: int
    """The lowest value, times 10 to the power ``decimals``."""
    values: Stream
    """0 for no value, else the value times 10 to the power ``decimals``, less ``lowest``, plus 1."""


class OrderedColumn(Carried):
    """Numbers of which the order and ties matter: rounded to what is shown, and told apart within the same number."""

    kind: Literal["ordered"] = "ordered"
    decimals: int
    """The number of decimals that are shown."""
    slots: Annotated[int, Field(ge=1)]
    """How many numbers can be told apart among those that are shown alike."""
    lowest: int
    """The lowest value, times 10 to the power ``decimals``, times ``slots``."""
    values: Stream
    """0 for no value, else the value times 10 to the power ``decimals``, times ``slots``, less ``lowest``, plus 1."""


class RatioColumn(Carried):
    """Percentiles, bit for bit: 100 times a number of equal parts."""

    kind: Literal["ratio"] = "ratio"
    parts: Annotated[int, Field(ge=1)]
    """How many parts 100 has."""
    values: Stream
    """0 for no value, else the number of parts, plus 1: the value is 100 × (number / ``parts``), in this order."""


class FloatColumn(Carried):
    """Numbers bit for bit."""

    kind: Literal["float"] = "float"
    values: FloatStream
    """NaN for no value."""


PackedColumn = TypeAliasType(
    "PackedColumn",
    Annotated[
        SameColumn
        | TextColumn
        | CountedColumn
        | PlaceNamesColumn
        | NumberColumn
        | OrderedColumn
        | RatioColumn
        | FloatColumn,
        Field(discriminator="kind"),
    ],
)


class TableHeader(RootModel[dict[str, PackedColumn]]):
    """The header of a packed table: its columns by name, each after those that it refers to."""

    model_config = ConfigDict(frozen=True)


class TableTexts(RootModel[dict[str, tuple[str, ...]]]):
    """The header of the rest of a packed table: the texts of columns that the first picture does without."""

    model_config = ConfigDict(frozen=True)


class SectorStreams(Carried):
    """Where the streams of sectors are."""

    areas: Span
    """Rows of the table: for each sector the areas that its postcodes lie in, ascending."""
    counts: Span
    """How many areas each sector has."""


class PostcodeStreams(Carried):
    """Where the streams of full postcodes are."""

    areas: Span
    """Rows of the table, one for each postcode."""
    counts: Span
    """How many postcodes each sector has."""
    units: Span
    """The last two letters of each postcode."""


class PostcodesHeader(Carried):
    """The header of the packed postcodes."""

    sectors: tuple[str, ...]
    """In alphabetical order, such as "NR2 1"."""
    at: PostcodeStreams | SectorStreams
    """Offset and length of each stream; of sectors where only these are kept."""
