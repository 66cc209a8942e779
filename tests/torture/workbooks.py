"""Damage of workbooks and of tables of Arrow: File 8, the mid-year estimates, indicators and outcomes."""

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import openpyxl
import pandas as pd

from tests.torture.cases import ANY, STOPS, STOPS_OR_SAYS, STOPS_OR_UNDERSTANDS, UNDERSTANDS, Bench, Case, Command
from tests.torture.project import LOCAL, RAW

FILE_8 = f"{RAW}/iod2025_file8/File_8_IoD2025_Underlying_Indicators.xlsx"
CALLS, SIGNAL = f"{LOCAL}/calls.xlsx", f"{LOCAL}/signal.parquet"
BOOKS, ARROW = "workbooks", "parquet"
Rows = list[list[Any]]


def cases() -> Iterator[Case]:
    """Every case of a workbook or a parquet file."""
    for name, change, right in SHEET_KINDS:
        act = _book(FILE_8, "IoD25 Barriers Domain", 0, 6, change)
        yield Case(BOOKS, f"File 8: {name}", act, right, names=("File_8", "iod2025_file8"))
        act = _book(CALLS, "Calls", 2, 1, change)
        yield Case(BOOKS, f"indicator in a workbook: {name}", act, right, names=("calls",))
    for name, content, right in FILE_KINDS:
        for label, file, names in (("File 8", FILE_8, ("File_8", "iod2025_file8")), ("indicator", CALLS, ("calls",))):
            act = _file(file, content, published=file == FILE_8)
            yield Case(BOOKS, f"{label} in a workbook: the file is {name}", act, right, names=names)
    yield from _sheet_cases()
    for name, changed, right in TABLE_KINDS:
        yield Case(ARROW, f"indicator: {name}", _table(changed), right, names=("signal",))
    yield from _outcome_cases()


def _book(
    file: str, sheet: str, headers: int, number: int, change: Callable[[Rows, int, int], None]
) -> Callable[[Bench], None]:
    def act(bench: Bench) -> None:
        book = openpyxl.load_workbook(io.BytesIO(bench.read(file)))
        page = book[sheet]
        rows: Rows = [list(row) for row in page.iter_rows(values_only=True)]
        place = book.sheetnames.index(sheet)
        change(rows, headers, number)
        book.remove(page)
        page = book.create_sheet(sheet, place)
        for row in rows:
            page.append(row)
        content = io.BytesIO()
        book.save(content)
        (bench.publish if file == FILE_8 else bench.write)(file, content.getvalue())

    return act


def _cell(value: Any) -> Callable[[Rows, int, int], None]:
    def change(rows: Rows, headers: int, number: int) -> None:
        rows[headers + 5][number] = value(rows[headers + 5][number]) if callable(value) else value

    return change


def _code(value: Any) -> Callable[[Rows, int, int], None]:
    def change(rows: Rows, headers: int, _number: int) -> None:
        rows[headers + 5][0] = value(rows[headers + 5][0]) if callable(value) else value

    return change


def _rows(change_rows: Callable[[Rows], Rows]) -> Callable[[Rows, int, int], None]:
    def change(rows: Rows, headers: int, _number: int) -> None:
        rows[headers + 1 :] = change_rows(rows[headers + 1 :])

    return change


def _twice(rows: Rows, headers: int, number: int) -> None:
    values = [row[number] for row in rows[headers + 2 :]]
    rows[headers].append(rows[headers][number])
    for row, value in zip(rows[headers + 1 :], [*values, 1.0], strict=True):
        row.append(value)


def _renamed(rows: Rows, headers: int, number: int) -> None:
    rows[headers][number] = "A new name"


def _codes(change: Callable[[str], Any]) -> Callable[[Rows, int, int], None]:
    def act(rows: Rows, headers: int, _number: int) -> None:
        for row in rows[headers + 1 :]:
            row[0] = change(row[0])

    return act


def _as_text(rows: Rows, headers: int, number: int) -> None:
    for row in rows[headers + 1 :]:
        row[number] = str(row[number])


def _constant(rows: Rows, headers: int, number: int) -> None:
    for row in rows[headers + 1 :]:
        row[number] = rows[headers + 1][number]


def _commas(rows: Rows, headers: int, number: int) -> None:
    for row in rows[headers + 1 :]:
        row[number] = str(row[number]).replace(".", ",")


def _shift(rows: Rows, headers: int, _number: int) -> None:
    rows[headers + 5].insert(0, None)


def _empty_right(rows: Rows, headers: int, _number: int) -> None:
    rows[headers + 3] += [None, " "]


def _note_right(rows: Rows, headers: int, _number: int) -> None:
    rows[headers + 3] += [None, "see note"]


def _title(rows: Rows, _headers: int, _number: int) -> None:
    rows[:0] = [["Invented statistics"], [None], ["Published in May"]]


def _note_below(rows: Rows, _headers: int, _number: int) -> None:
    rows += [[None], ["Source: invented"]]


SHEET_KINDS: tuple[tuple[str, Callable[[Rows, int, int], None], frozenset[str]], ...] = (
    ("a header that is read twice, with other values", _twice, STOPS),
    ("a header that is read has another name", _renamed, STOPS),
    ("a decimal comma as text in a cell", _cell("-0,123"), STOPS),
    ("decimal commas in all cells", _commas, STOPS),
    ("numbers as text", _as_text, STOPS_OR_UNDERSTANDS),
    ("one is a word", _cell("many"), STOPS),
    ("one is empty", _cell(None), STOPS_OR_SAYS),
    ("one is *", _cell("*"), STOPS_OR_SAYS),
    ("one is #N/A", _cell("#N/A"), STOPS_OR_SAYS),
    ("one is a formula", _cell("=1/0"), STOPS_OR_SAYS),
    ("one is TRUE", _cell(True), STOPS),
    ("one is a date", _cell(pd.Timestamp("2021-03-04").to_pydatetime()), STOPS),
    ("one is huge", _cell(1e300), STOPS_OR_SAYS),
    ("one has full-width digits", _cell("１２"), STOPS),
    ("one has a percent sign", _cell(lambda value: f"{value}%"), STOPS),
    ("all the same", _constant, STOPS_OR_SAYS),
    ("codes in lower case", _codes(str.lower), UNDERSTANDS),
    ("codes with spaces", _codes(lambda code: f" {code}  "), UNDERSTANDS),
    ("codes with names beside them", _codes(lambda code: f"{code} : Somewhere"), STOPS_OR_UNDERSTANDS),
    ("one code with a letter O", _code(lambda code: code.replace("0", "O", 1)), STOPS_OR_SAYS),
    ("one code a number", _code(1_900_006), STOPS_OR_SAYS),
    ("one code empty", _code(None), STOPS_OR_SAYS),
    ("a row missing", _rows(lambda rows: rows[:9] + rows[10:]), STOPS_OR_SAYS),
    ("half the rows", _rows(lambda rows: rows[:30]), STOPS_OR_SAYS),
    ("a row twice, with another value", _rows(lambda rows: [*rows, [rows[3][0], *rows[4][1:]]]), STOPS),
    ("rows in reverse order", _rows(lambda rows: rows[::-1]), UNDERSTANDS),
    ("an empty row between", _rows(lambda rows: [*rows[:9], [None], *rows[9:]]), UNDERSTANDS),
    ("no rows", _rows(lambda rows: []), STOPS),
    ("one row shifted", _shift, STOPS),
    ("empty cells right of the headers", _empty_right, UNDERSTANDS),
    ("a note right of the headers", _note_right, ANY),
    ("three rows of title above", _title, STOPS_OR_UNDERSTANDS),
    ("a source below", _note_below, STOPS_OR_UNDERSTANDS | STOPS_OR_SAYS),
)


def _file(file: str, content: Callable[[bytes], bytes], *, published: bool) -> Callable[[Bench], None]:
    def act(bench: Bench) -> None:
        (bench.publish if published else bench.write)(file, content(bench.read(file)))

    return act


def _without(name: str) -> Callable[[bytes], bytes]:
    def content(before: bytes) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(before)) as archive, zipfile.ZipFile(packed, "w") as after:
            for member in archive.namelist():
                if name not in member:
                    after.writestr(member, archive.read(member))
        return packed.getvalue()

    return content


def _flipped(before: bytes) -> bytes:
    middle = len(before) // 2
    return before[:middle] + bytes(byte ^ 0xFF for byte in before[middle : middle + 60]) + before[middle + 60 :]


FILE_KINDS: tuple[tuple[str, Callable[[bytes], bytes], frozenset[str]], ...] = (
    ("empty", lambda _b: b"", STOPS),
    ("cut in half", lambda b: b[: len(b) // 2], STOPS),
    ("without its last bytes", lambda b: b[:-30], STOPS),
    ("with other bytes in the middle", _flipped, STOPS),
    ("arbitrary bytes", lambda _b: np.random.default_rng(6).bytes(5_000), STOPS),
    ("a web page", lambda _b: b"<!doctype html><html><body>Please sign in</body></html>", STOPS),
    ("a CSV", lambda _b: b"LSOA,Calls by 100\nE01900001,3\n", STOPS),
    ("an error in JSON", lambda _b: b'{"error": "rate limit"}', STOPS),
    ("a zip of something else", lambda b: _without("xl/")(b), STOPS),
    ("without its sheets", lambda b: _without("worksheets/")(b), STOPS),
)


def _sheet_cases() -> Iterator[Case]:
    def sheets(file: str, change: Callable[[Any], None]) -> Callable[[Bench], None]:
        def act(bench: Bench) -> None:
            book = openpyxl.load_workbook(io.BytesIO(bench.read(file)))
            change(book)
            content = io.BytesIO()
            book.save(content)
            (bench.publish if file == FILE_8 else bench.write)(file, content.getvalue())

        return act

    def rename(book: Any) -> None:
        book.worksheets[-1].title = "Results"

    def again(book: Any) -> None:
        book.copy_worksheet(book.worksheets[-1]).title = "Barriers Domain (2)"

    def hide(book: Any) -> None:
        book.worksheets[-1].sheet_state = "hidden"
        book.create_sheet("Front", 0)

    for label, file, names in (("File 8", FILE_8, ("File_8", "iod2025_file8")), ("indicator", CALLS, ("calls",))):
        yield Case(BOOKS, f"{label}: its sheet has another name", sheets(file, rename), STOPS, names=names)
        yield Case(BOOKS, f"{label}: its sheet is hidden", sheets(file, hide), ANY, names=names)
    yield Case(BOOKS, "File 8: two sheets that could be meant", sheets(FILE_8, again), ANY, names=("File_8",))


def _table(change: Callable[[pd.DataFrame], pd.DataFrame | bytes]) -> Callable[[Bench], None]:
    def act(bench: Bench) -> None:
        changed = change(pd.read_parquet(io.BytesIO(bench.read(SIGNAL))))
        bench.write(SIGNAL, changed if isinstance(changed, bytes) else _parquet(changed))

    return act


def _parquet(frame: pd.DataFrame) -> bytes:
    content = io.BytesIO()
    frame.to_parquet(content)
    return content.getvalue()


def _at(frame: pd.DataFrame, column: str, value: object) -> pd.DataFrame:
    values = frame[column].astype(object).tolist()
    values[3] = value
    return frame.assign(**{column: values})


def _cut(part: float) -> Callable[[pd.DataFrame], bytes]:
    return lambda frame: _parquet(frame)[: int(len(_parquet(frame)) * part)]


TABLE_KINDS: tuple[tuple[str, Callable[[pd.DataFrame], pd.DataFrame | bytes], frozenset[str]], ...] = (
    ("codes in the index", lambda f: f.set_index("lsoa11"), STOPS_OR_UNDERSTANDS),
    ("codes are numbers", lambda f: f.assign(lsoa11=range(len(f))), STOPS),
    ("codes as categories", lambda f: f.assign(lsoa11=pd.Categorical(f["lsoa11"])), UNDERSTANDS),
    ("codes in lower case", lambda f: f.assign(lsoa11=f["lsoa11"].str.lower()), STOPS_OR_UNDERSTANDS),
    ("one code missing", lambda f: _at(f, "lsoa11", None), STOPS_OR_SAYS),
    ("numbers as text", lambda f: f.assign(minutes=f["minutes"].astype(str)), STOPS_OR_UNDERSTANDS),
    ("numbers as text with decimal commas", lambda f: f.assign(minutes="0," + f.index.astype(str)), STOPS),
    ("one infinite", lambda f: f.assign(minutes=f["minutes"].where(f.index != 3, np.inf)), STOPS),
    ("one not a number", lambda f: f.assign(minutes=f["minutes"].where(f.index != 3)), STOPS_OR_SAYS),
    ("one below nought", lambda f: f.assign(minutes=f["minutes"].where(f.index != 3, -4.0)), STOPS),
    ("truths for numbers", lambda f: f.assign(minutes=f["minutes"] > 100), STOPS),
    ("dates for numbers", lambda f: f.assign(minutes=pd.Timestamp("2021-03-04")), STOPS),
    ("lists for numbers", lambda f: f.assign(minutes=pd.Series([[1.0, 2.0]] * len(f), dtype=object)), STOPS),
    ("all the same", lambda f: f.assign(minutes=7.0), STOPS_OR_SAYS),
    ("a denominator of nought", lambda f: f.assign(residents=0), STOPS),
    (
        "one denominator missing",
        lambda f: f.assign(residents=f["residents"].where(f.index != 3)),
        STOPS_OR_SAYS | UNDERSTANDS,
    ),
    ("a column gone", lambda f: f.drop(columns="minutes"), STOPS),
    ("a row missing", lambda f: f.drop(index=5).reset_index(drop=True), STOPS_OR_SAYS),
    ("a row twice", lambda f: f.iloc[[*range(len(f)), 3]], STOPS_OR_SAYS | UNDERSTANDS),
    ("rows in reverse order", lambda f: f.iloc[::-1], UNDERSTANDS),
    ("no rows", lambda f: f.iloc[:0], STOPS),
    ("a CSV under its name", lambda f: f.to_csv(index=False).encode(), STOPS_OR_UNDERSTANDS),
    ("empty", lambda f: b"", STOPS),
    ("arbitrary bytes", lambda f: np.random.default_rng(7).bytes(3_000), STOPS),
    *((f"cut after {tenth} tenths", _cut(tenth / 10), STOPS) for tenth in (1, 3, 5, 7, 9)),
)


def _validate(file: str, *more: str) -> tuple[Command, ...]:
    return (("validate", "demo", "--outcome", f"{LOCAL}/{file}", "--column", "rate", "--draws", "100", *more),)


USUAL = _validate("outcome.csv")


def _outcome_cases() -> Iterator[Case]:
    """The same outcome in the other formats that people have."""

    def frame(bench: Bench) -> pd.DataFrame:
        return pd.read_csv(io.BytesIO(bench.read(f"{LOCAL}/outcome.csv")))

    def book(bench: Bench, sheets: int = 1) -> bytes:
        content = io.BytesIO()
        with pd.ExcelWriter(content, engine="openpyxl") as writer:
            for number in range(sheets):
                frame(bench).to_excel(writer, sheet_name=f"Sheet{number + 1}", index=False)
        return content.getvalue()

    formats: tuple[tuple[str, Callable[[Bench], bytes], frozenset[str]], ...] = (
        ("xlsx", book, UNDERSTANDS | STOPS_OR_SAYS),
        ("two.xlsx", lambda bench: book(bench, 2), STOPS),
        ("parquet", lambda bench: _parquet(frame(bench)), UNDERSTANDS | STOPS_OR_SAYS),
        ("index.parquet", lambda bench: _parquet(frame(bench).set_index("LSOA code")), UNDERSTANDS | STOPS_OR_SAYS),
        ("cut.parquet", lambda bench: _parquet(frame(bench))[:900], STOPS),
        ("cut.xlsx", lambda bench: book(bench)[:2_000], STOPS),
        ("old.xls", lambda _bench: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3_000), STOPS),
        ("odd.csv", lambda _bench: np.random.default_rng(8).bytes(3_000), STOPS),
        ("empty.csv", lambda _bench: b"", STOPS),
        ("odd.docx", lambda _bench: b"PK\x03\x04nothing of use", STOPS),
    )
    for name, content, right in formats:
        file = f"outcome.{name}"

        def act(bench: Bench, file: str = file, content: Callable[[Bench], bytes] = content) -> None:
            bench.write(f"{LOCAL}/{file}", content(bench))

        commands = _validate(file)
        yield Case(BOOKS, f"outcome in {file}", act, right, names=("outcome",), commands=commands, usual=USUAL)
    yield Case(
        BOOKS,
        "outcome that there is not",
        lambda _bench: None,
        STOPS,
        names=("nowhere.csv",),
        commands=_validate("nowhere.csv"),
        usual=USUAL,
        evidence="words",
    )
