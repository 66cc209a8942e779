"""Damage of tables of text: what spreadsheets, editors, publishers and people do to a CSV, and what is right."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.torture.cases import (
    ANY,
    MAPS,
    SAID,
    SAME,
    STOPS,
    STOPS_OR_SAYS,
    STOPS_OR_UNDERSTANDS,
    UNDERSTANDS,
    Bench,
    Case,
    Command,
)

Rows = list[list[str]]


@dataclass(frozen=True)
class Text:
    """A table of text in a file of the project, or in a member of an archive.

    Attributes:
        label: its name in the list of cases.
        file: its name from the project's folder.
        member: its name within a zip archive.
        headers: whether the first row holds headers.
        code: the header (or the place) of the column of codes; ``None`` where it has none.
        name: of the names; ``number`` of a number that is used.
        counts: whether the number is a count of people or households; ``large`` whether thousands are among them.
        whole: whether each LSOA of the nation has to have a row.
        rows_may_go: whether a bad row may be left out and named.
        names: the words of which a message has to hold one.
        skip: kinds of damage that nothing contradicts here, so that no program can tell.
        rights: what is right where it is not what is right as a rule.
    """

    label: str
    file: str
    member: str = ""
    headers: bool = True
    code: str | int | None = None
    name: str | int | None = None
    number: str | int | None = None
    counts: bool = False
    large: bool = False
    whole: bool = True
    rows_may_go: bool = False
    names: tuple[str, ...] = ()
    commands: tuple[Command, ...] = (MAPS,)
    official: bool = True
    skip: frozenset[str] = frozenset()
    rights: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def measured(self) -> bool:
        """Whether a cut shows: by its rows, or by the many cells of each."""
        return self.whole or self.official

    def put(self, bench: Bench, content: bytes) -> None:
        """Put the content in the place of the table."""
        if self.member:
            content = repack(bench.read(self.file), self.member, content)
        if self.official:
            bench.publish(self.file, content)
        else:
            bench.write(self.file, content)

    def get(self, bench: Bench) -> bytes:
        """The undamaged content."""
        content = bench.read(self.file)
        return unpack(content, self.member) if self.member else content


def unpack(content: bytes, member: str) -> bytes:
    """A member of an archive."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(member)


def repack(content: bytes, member: str, changed: bytes) -> bytes:
    """The archive with one member replaced."""
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for info in before.infolist():
            after.writestr(info.filename, changed if info.filename == member else before.read(info.filename))
    return packed.getvalue()


@dataclass
class Grid:
    """The rows of a table of text, with the headers first where it has any."""

    rows: Rows
    headers: bool
    text: Text
    above: str = ""
    line_end: str = "\n"
    separator: str = ","
    places: dict[str | int, int] = field(default_factory=dict)

    def place(self, column: str | int | None) -> int:
        """Where a column is.

        Raises:
            LookupError: there is none.
        """
        if column is None:
            raise LookupError("no such column")
        return column if isinstance(column, int) else self.rows[0].index(column)

    @property
    def first(self) -> int:
        """Where the rows below the headers begin."""
        return 1 if self.headers else 0

    @property
    def below(self) -> Rows:
        """The rows below the headers."""
        return self.rows[self.first :]

    def column(self, column: str | int | None, change: Callable[[str], str], rows: Sequence[int] | None = None) -> None:
        """Change the cells of a column, in all rows or in those given (0 is the first below the headers)."""
        place = self.place(column)
        for cells in self.below if rows is None else map(self.row, rows):
            cells[place] = change(cells[place])

    def row(self, number: int) -> list[str]:
        """A row below the headers; of a short table, counted round."""
        return self.below[number % len(self.below)]

    def written(self) -> bytes:
        """As a file in UTF-8."""
        file = io.StringIO()
        writer = csv.writer(file, delimiter=self.separator, lineterminator=self.line_end)
        writer.writerows(self.rows)
        return (self.above + file.getvalue()).encode("utf-8")


def read_grid(text: Text, content: bytes) -> Grid:
    """The rows of an undamaged table."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return Grid([row for row in rows if row], text.headers, text)


Change = Callable[[Grid], bytes | None]
"""Damages the rows in place, or gives the bytes of the whole file."""


@dataclass(frozen=True)
class Kind:
    """A kind of damage, and what is right: ``needs`` are the columns without which it cannot be done."""

    group: str
    name: str
    change: Change
    right: frozenset[str]
    needs: tuple[str, ...] = ()


KINDS: list[Kind] = []


def kind(group: str, name: str, right: frozenset[str], *needs: str) -> Callable[[Change], Change]:
    """Register a kind of damage."""

    def register(change: Change) -> Change:
        KINDS.append(Kind(group, name, change, right, needs))
        return change

    return register


def cases(text: Text, kinds: Sequence[Kind] | None = None) -> Iterator[Case]:
    """A case for each kind of damage that can be done to this table."""
    for one in KINDS if kinds is None else kinds:
        if any(getattr(text, need) in (None, False) for need in one.needs) or one.name in text.skip:
            continue
        yield Case(
            kind=one.group,
            name=f"{text.label}: {one.name}",
            act=damage(text, one.change),
            right=_right(text, one),
            names=text.names,
            commands=text.commands,
            lines=not (text.rows_may_go and one.name in MOVES_LINES),
            withdrawn=("stories.parquet", "records/places.json") if text.label == "stories" else (),
        )


MOVES_LINES = (
    "sep=, above",
    "sep=; above, and semicolons",
    "empty lines at the end and between",
    "three lines of title above",
    "the headers a second time, further down",
    "in reverse order",
)
"""What leaves every value as it is, on another line."""


def damage(text: Text, change: Change) -> Callable[[Bench], None]:
    """What damages the table in a project."""

    def act(bench: Bench) -> None:
        grid = read_grid(text, text.get(bench))
        content = change(grid)
        text.put(bench, grid.written() if content is None else content)

    return act


def _right(text: Text, one: Kind) -> frozenset[str]:
    """What is right for this table: a bad row of a list may be left out and named."""
    if one.name in text.rights:
        return text.rights[one.name]
    may_go = text.rows_may_go and one.group.startswith(("numbers", "codes", "rows"))
    if may_go and one.right in (STOPS, STOPS_OR_UNDERSTANDS):
        return one.right | {SAID}
    return one.right


# --- how the file is written: the bytes

WRITTEN = "writing: bytes and separators"


@kind(WRITTEN, "byte-order mark", UNDERSTANDS)
def _mark(grid: Grid) -> bytes:
    content = grid.written()
    return b"\xef\xbb\xbf" + content if not content.startswith(b"\xef\xbb\xbf") else content[3:]


@kind(WRITTEN, "Windows line ends", UNDERSTANDS)
def _windows(grid: Grid) -> None:
    grid.line_end = "\r\n"


@kind(WRITTEN, "line ends of old Macs", STOPS_OR_UNDERSTANDS)
def _mac(grid: Grid) -> None:
    grid.line_end = "\r"


@kind(WRITTEN, "UTF-16 with its mark", UNDERSTANDS)
def _utf16(grid: Grid) -> bytes:
    return grid.written().decode().encode("utf-16")


@kind(WRITTEN, "UTF-16 with tabs, as Excel's Unicode text", UNDERSTANDS | {SAID})
def _unicode_text(grid: Grid) -> bytes:
    grid.separator, grid.line_end = "\t", "\r\n"
    return grid.written().decode().encode("utf-16")


@kind(WRITTEN, "UTF-16 without its mark", STOPS_OR_UNDERSTANDS)
def _utf16_bare(grid: Grid) -> bytes:
    return grid.written().decode().encode("utf-16-le")


@kind(WRITTEN, "semicolons", UNDERSTANDS | {SAID})
def _semicolons(grid: Grid) -> None:
    grid.separator = ";"


@kind(WRITTEN, "tabs", UNDERSTANDS | {SAID})
def _tabs(grid: Grid) -> None:
    grid.separator = "\t"


@kind(WRITTEN, "upright strokes", STOPS_OR_UNDERSTANDS | STOPS_OR_SAYS)
def _strokes(grid: Grid) -> None:
    grid.separator = "|"


@kind(WRITTEN, "sep=, above", UNDERSTANDS, "headers")
def _sep(grid: Grid) -> None:
    grid.above = "sep=,\n"


@kind(WRITTEN, "sep=; above, and semicolons", UNDERSTANDS | {SAID}, "headers")
def _sep_semicolons(grid: Grid) -> None:
    grid.above, grid.separator = "sep=;\r\n", ";"


@kind(WRITTEN, "empty lines at the end and between", UNDERSTANDS)
def _empty_lines(grid: Grid) -> bytes:
    lines = grid.written().decode().splitlines()
    return "\n".join([*lines[:5], "", *lines[5:], "", ""]).encode()


@kind(WRITTEN, "every cell in quotation marks", UNDERSTANDS)
def _quoted(grid: Grid) -> bytes:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(grid.rows)
    return file.getvalue().encode()


@kind(WRITTEN, "a Windows-1252 byte in a name", frozenset({SAME, "said", "refused"}), "name")
def _windows_1252(grid: Grid) -> bytes:
    grid.column(grid.text.name, lambda cell: f"{cell}~", [3])
    return grid.written().replace(b"~", b"\x92", 1)


@kind(WRITTEN, "a byte that no letters have, in a name", ANY, "name")
def _odd_byte(grid: Grid) -> bytes:
    grid.column(grid.text.name, lambda cell: f"{cell}~", [3])
    return grid.written().replace(b"~", b"\x81", 1)


@kind(WRITTEN, "a zero byte in a name", ANY, "name")
def _zero_byte(grid: Grid) -> None:
    grid.column(grid.text.name, lambda cell: f"{cell}\0x", [3])


@kind(WRITTEN, "a zero byte in a number", STOPS, "number")
def _zero_byte_in_number(grid: Grid) -> None:
    grid.column(grid.text.number, lambda cell: f"{cell}\0", [3])


@kind(WRITTEN, "an unclosed quotation mark", STOPS_OR_SAYS)
def _unclosed(grid: Grid) -> bytes:
    lines = grid.written().decode().splitlines(keepends=True)
    middle = len(lines) // 2
    return "".join([*lines[:middle], '"' + lines[middle], *lines[middle + 1 :]]).encode()


# --- what is around the table

LAYOUT = "layout: headers and columns"


@kind(LAYOUT, "three lines of title above", UNDERSTANDS, "headers")
def _preamble(grid: Grid) -> None:
    grid.above = "Invented statistics,,\nPublished in May\n\n"


@kind(LAYOUT, "empty cells right of everything", UNDERSTANDS, "headers")
def _empty_right(grid: Grid) -> None:
    for row in grid.rows:
        row += ["", ""]


@kind(LAYOUT, "a comma at the end of every row but the headers", UNDERSTANDS, "headers")
def _trailing(grid: Grid) -> None:
    for row in grid.below:
        row.append("")


@kind(LAYOUT, "something right of the headers in one row", STOPS, "headers")
def _something_right(grid: Grid) -> None:
    for row in grid.below:
        row.append("")
    grid.row(4)[-1] = "see note"


@kind(LAYOUT, "one row with a cell too few", ANY)
def _short_row(grid: Grid) -> None:
    grid.row(5).pop()


@kind(LAYOUT, "one row shifted to the right", STOPS_OR_SAYS)
def _shifted_right(grid: Grid) -> None:
    grid.row(5).insert(0, "")


@kind(LAYOUT, "one row shifted to the left", STOPS_OR_SAYS)
def _shifted_left(grid: Grid) -> None:
    grid.row(5).append(grid.row(5).pop(0))


@kind(LAYOUT, "the headers a second time, further down", ANY, "headers")
def _headers_again(grid: Grid) -> None:
    grid.rows.insert(9, list(grid.rows[0]))


@kind(LAYOUT, "no headers", STOPS, "headers")
def _no_headers(grid: Grid) -> None:
    del grid.rows[0]


@kind(LAYOUT, "a header that is read twice, with other values", STOPS, "headers", "number")
def _twice(grid: Grid) -> None:
    place = grid.place(grid.text.number)
    grid.rows[0].append(grid.rows[0][place])
    for before, row in zip(grid.below[1:] + grid.below[:1], grid.below, strict=True):
        row.append(before[place])


@kind(LAYOUT, "the same, left of it", STOPS, "headers", "number")
def _twice_left(grid: Grid) -> None:
    place = grid.place(grid.text.number)
    values = [row[place] for row in grid.below[1:] + grid.below[:1]]
    grid.rows[0].insert(0, grid.rows[0][place])
    for value, row in zip(values, grid.below, strict=True):
        row.insert(0, value)


@kind(LAYOUT, "the header of the codes twice", STOPS, "headers", "code")
def _code_twice(grid: Grid) -> None:
    place = grid.place(grid.text.code)
    grid.rows[0].append(grid.rows[0][place])
    for before, row in zip(grid.below[1:] + grid.below[:1], grid.below, strict=True):
        row.append(before[place])


@kind(LAYOUT, "a header that is read is gone with its column", STOPS, "headers", "number")
def _column_gone(grid: Grid) -> None:
    place = grid.place(grid.text.number)
    for row in grid.rows:
        del row[place]


@kind(LAYOUT, "a header that is read has another name", STOPS, "headers", "number")
def _renamed(grid: Grid) -> None:
    grid.rows[0][grid.place(grid.text.number)] = "A new name"


@kind(LAYOUT, "headers with capitals for small letters", STOPS_OR_UNDERSTANDS, "headers")
def _capitals(grid: Grid) -> None:
    grid.rows[0] = [header.swapcase() for header in grid.rows[0]]


@kind(LAYOUT, "spaces around headers", UNDERSTANDS, "headers")
def _spaces(grid: Grid) -> None:
    grid.rows[0] = [f" {header} " for header in grid.rows[0]]


@kind(LAYOUT, "columns in another order", UNDERSTANDS, "headers", "number")
def _reordered(grid: Grid) -> None:
    for row in grid.rows:
        row.reverse()


@kind(LAYOUT, "an empty column on the left", STOPS_OR_UNDERSTANDS, "headers", "number")
def _empty_left(grid: Grid) -> None:
    for row in grid.rows:
        row.insert(0, "")


@kind(LAYOUT, "the values of two columns swapped, not their headers", STOPS, "headers", "name", "code")
def _swapped(grid: Grid) -> None:
    one, other = grid.place(grid.text.name), grid.place(grid.text.code)
    for row in grid.below:
        row[one], row[other] = row[other], row[one]


# --- rows

ROWS = "rows: missing, twice, shifted"


@kind(ROWS, "in reverse order", UNDERSTANDS, "code")
def _reversed(grid: Grid) -> None:
    grid.rows[grid.first :] = grid.below[::-1]


@kind(ROWS, "one twice", ANY, "code")
def _row_twice(grid: Grid) -> None:
    grid.rows.append(list(grid.row(7)))


@kind(ROWS, "one twice, with another value", STOPS, "code", "number")
def _row_twice_other(grid: Grid) -> None:
    other = list(grid.row(7))
    other[grid.place(grid.text.number)] = grid.row(8)[grid.place(grid.text.number)]
    if other == grid.row(7):
        other[grid.place(grid.text.number)] = "3"
    grid.rows.append(other)


@kind(ROWS, "one missing", STOPS_OR_SAYS, "code", "whole")
def _row_missing(grid: Grid) -> None:
    del grid.rows[grid.first + 11]


@kind(ROWS, "the first missing", STOPS_OR_SAYS, "code", "whole")
def _first_missing(grid: Grid) -> None:
    del grid.rows[grid.first]


@kind(ROWS, "the second half missing", STOPS_OR_SAYS, "code", "whole")
def _half(grid: Grid) -> None:
    del grid.rows[grid.first + 30 :]


@kind(ROWS, "cut off in the first cell of the last row", STOPS_OR_SAYS)
def _cut_in_row(grid: Grid) -> bytes:
    content = grid.written()
    last = content.rstrip().rfind(b"\n") + 1
    return content[: last + max(2, len(grid.rows[-1][0]) // 2)]


@kind(ROWS, "a row of Wales more", UNDERSTANDS | {SAID}, "code", "whole")
def _wales(grid: Grid) -> None:
    row = list(grid.row(3))
    row[grid.place(grid.text.code)] = "W01900001"
    grid.rows.append(row)


@kind(ROWS, "a row of an LSOA that there is not", ANY, "code", "whole")
def _stranger(grid: Grid) -> None:
    row = list(grid.row(3))
    row[grid.place(grid.text.code)] = "E01999999"
    grid.rows.append(row)


@kind(ROWS, "only headers", STOPS, "headers")
def _only_headers(grid: Grid) -> None:
    del grid.rows[1:]


# --- codes

CODES = "codes: written otherwise"


@kind(CODES, "in lower case", UNDERSTANDS, "code")
def _lower(grid: Grid) -> None:
    grid.column(grid.text.code, str.lower)


@kind(CODES, "with spaces around", UNDERSTANDS, "code")
def _spaced(grid: Grid) -> None:
    grid.column(grid.text.code, lambda code: f"  {code} ")


@kind(CODES, "with a hard space behind", STOPS_OR_UNDERSTANDS, "code")
def _hard_space(grid: Grid) -> None:
    grid.column(grid.text.code, lambda code: f"{code}\u00a0")


@kind(CODES, "with the name beside each", STOPS_OR_UNDERSTANDS, "code")
def _beside(grid: Grid) -> None:
    grid.column(grid.text.code, lambda code: f"{code} : Somewhere 001A")


@kind(CODES, "one with the letter O for a nought", STOPS_OR_SAYS, "code")
def _letter(grid: Grid) -> None:
    grid.column(grid.text.code, lambda code: code.replace("0", "O", 1), [2])


@kind(CODES, "the first with the letter O for a nought", STOPS_OR_SAYS, "code")
def _first_letter(grid: Grid) -> None:
    grid.column(grid.text.code, lambda code: code.replace("0", "O", 1), [0])


@kind(CODES, "one empty", STOPS_OR_SAYS, "code")
def _empty_code(grid: Grid) -> None:
    grid.column(grid.text.code, lambda code: "", [6])


@kind(CODES, "one is a number", STOPS_OR_SAYS, "code")
def _number_code(grid: Grid) -> None:
    grid.column(grid.text.code, lambda code: "5", [4])


@kind(CODES, "all without their letter", STOPS, "code")
def _letterless(grid: Grid) -> None:
    grid.column(grid.text.code, lambda code: code[1:])


@kind(CODES, "one cut short", STOPS_OR_SAYS, "code")
def _short_code(grid: Grid) -> None:
    grid.column(grid.text.code, lambda code: code[:-1], [9])


@kind(CODES, "full-width digits in one", STOPS_OR_UNDERSTANDS, "code")
def _wide_code(grid: Grid) -> None:
    grid.column(grid.text.code, _full_width, [9])


# --- numbers

NUMBERS = "numbers: written otherwise"


def _full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if letter.isdecimal() else letter for letter in text)


def _cell(name: str, right: frozenset[str], change: Callable[[str], str], row: int = 5) -> None:
    @kind(NUMBERS, name, right, "number")
    def _(grid: Grid) -> None:
        grid.column(grid.text.number, change, [row])


for mark in ("*", "c", "[c]", "[x]", ":", "..", "-", "#N/A", "NULL", "n/a", "<5", "suppressed"):
    _cell(f"one is {mark}", STOPS_OR_SAYS, lambda _cell_before, mark=mark: mark)  # type: ignore[misc]
_cell("one is empty", STOPS_OR_SAYS, lambda cell: "")
_cell("one is a space", STOPS_OR_SAYS, lambda cell: " ")
_cell("one has a decimal comma after a lone nought", STOPS, lambda cell: "0,123")
_cell("one has a decimal comma", STOPS, lambda cell: "7,5")
_cell("one has a decimal comma and a minus", STOPS, lambda cell: "-0,123")
_cell("one is inf", STOPS, lambda cell: "inf")
_cell("one is -Infinity", STOPS, lambda cell: "-Infinity")
_cell("one is nan", STOPS_OR_SAYS, lambda cell: "nan")
_cell("one is e5", STOPS, lambda cell: "e5")
_cell("one in powers of ten", STOPS_OR_UNDERSTANDS, lambda cell: f"{float(cell.replace(',', '')) / 1_000:.9f}e3")
_cell("one has 5,000 digits", STOPS, lambda cell: "9" * 5_000)
_cell("one has full-width digits", STOPS_OR_UNDERSTANDS, _full_width)
_cell("one has a percent sign", STOPS_OR_UNDERSTANDS, lambda cell: f"{cell}%")
_cell("one has a pound sign", STOPS, lambda cell: f"£{cell}")
_cell("one is negative", STOPS, lambda cell: "-400")
_cell("one is huge", STOPS, lambda cell: "987654321987654")
_cell("one is a word", STOPS, lambda cell: "many")
_cell("one has two points", STOPS, lambda cell: "1.2.3")
_cell("one is a date", STOPS, lambda cell: "03/04/2021")
_cell("one is TRUE", STOPS, lambda cell: "TRUE")
_cell("one is hexadecimal", STOPS, lambda cell: "0x1F")
_cell("one has an underscore", STOPS, lambda cell: "1_000")
_cell("one has a note behind", STOPS, lambda cell: f"{cell} (r)")
_cell(
    "one in Arabic digits",
    STOPS_OR_UNDERSTANDS,
    lambda cell: "".join(chr(0x660 + int(c)) if c.isdecimal() else c for c in cell),
)


@kind(NUMBERS, "all have decimal commas", STOPS, "number")
def _all_commas(grid: Grid) -> None:
    grid.column(grid.text.number, lambda cell: f"0,{cell.replace('.', '').replace(',', '')}")


@kind(NUMBERS, "all have decimal commas, and semicolons between", STOPS, "number")
def _continental(grid: Grid) -> None:
    grid.separator = ";"
    grid.column(grid.text.number, lambda cell: f"0,{cell.replace('.', '').replace(',', '')}")


@kind(NUMBERS, "thousands with commas", UNDERSTANDS, "number", "large")
def _thousands(grid: Grid) -> None:
    grid.column(
        grid.text.number, lambda cell: f"{int(cell.replace(',', '')):,}" if "," not in cell else cell.replace(",", "")
    )


@kind(NUMBERS, "thousands with spaces", STOPS_OR_UNDERSTANDS, "number", "large")
def _spaces_between(grid: Grid) -> None:
    grid.column(grid.text.number, lambda cell: f"{int(cell.replace(',', '')):,}".replace(",", " "))


@kind(NUMBERS, "a point and a nought behind each", UNDERSTANDS, "number", "counts")
def _point_nought(grid: Grid) -> None:
    grid.column(grid.text.number, lambda cell: f"{cell.replace(',', '')}.0")


@kind(NUMBERS, "the same in every row", STOPS_OR_SAYS, "number")
def _constant(grid: Grid) -> None:
    first = grid.row(0)[grid.place(grid.text.number)]
    grid.column(grid.text.number, lambda cell: first)


@kind(NUMBERS, "counts in percent", STOPS, "number", "counts")
def _percent(grid: Grid) -> None:
    grid.column(grid.text.number, lambda cell: "100")


@kind(NUMBERS, "moved down by a row", STOPS_OR_SAYS, "number", "counts", "code")
def _moved(grid: Grid) -> None:
    place = grid.place(grid.text.number)
    values = [row[place] for row in grid.below]
    for row, value in zip(grid.below, values[-1:] + values[:-1], strict=True):
        row[place] = value


# --- the whole file

FILES = "files: cut, empty, another thing"


@kind(FILES, "empty", STOPS)
def _empty(grid: Grid) -> bytes:
    return b""


@kind(FILES, "one line end", STOPS)
def _line_end(grid: Grid) -> bytes:
    return b"\n"


@kind(FILES, "arbitrary bytes", STOPS)
def _arbitrary(grid: Grid) -> bytes:
    import random

    return random.Random(len(grid.rows)).randbytes(4_000)


@kind(FILES, "zero bytes", STOPS)
def _zeros(grid: Grid) -> bytes:
    return bytes(4_000)


@kind(FILES, "a web page", STOPS)
def _page(grid: Grid) -> bytes:
    return b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in, to go on.</body></html>\n"


@kind(FILES, "a sentence", STOPS)
def _sentence(grid: Grid) -> bytes:
    return b"Service temporarily unavailable\n"


@kind(FILES, "an error in JSON", STOPS)
def _error(grid: Grid) -> bytes:
    return b'{"error": "rate limit", "code": 429}\n'


@kind(FILES, "packed by gzip under the same name", STOPS_OR_UNDERSTANDS)
def _gzip(grid: Grid) -> bytes:
    import gzip

    return gzip.compress(grid.written(), mtime=0)


@kind(FILES, "an Excel workbook under the same name", STOPS_OR_UNDERSTANDS)
def _workbook(grid: Grid) -> bytes:
    import openpyxl

    book, file = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in grid.rows:
        sheet.append(row)
    book.save(file)
    return file.getvalue()


for tenth in range(1, 10):

    def _cut(grid: Grid, tenth: int = tenth) -> bytes:
        content = grid.written()
        return content[: len(content) * tenth // 10]

    kind(FILES, f"cut after {tenth} tenths", STOPS_OR_SAYS, "measured")(_cut)
