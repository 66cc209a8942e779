"""Official files through the one way to read a table: columns under our names, their codes and numbers checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.reading import Header, Layout, NumberForm, plain, read_numbers, read_sheet
from pipeline.reading.codes import codes_in
from pipeline.reading.headers import Perhaps, find_header, find_headers, strict
from pipeline.reading.numbers import in_figures
from pipeline.reading.text import CUT_SHORT
from pipeline.tables import Table, validate
from pipeline.tables.columns import AREA_NAME
from pipeline.tidy.registry import Noted

LSOA21, LSOA11 = "lsoa21_code", "lsoa11_code"
ENGLISH = r"E01[0-9]{6}"
OTHER_NATIONS = {"W": "Wales", "S": "Scotland", "N": "Northern Ireland"}
_ELSEWHERE = r"(?:W01|S01|N2[01])[0-9]{6}"
_LARGER = {"E00": "output areas", "E02": "MSOAs", "E05": "wards", "E06": "districts", "E07": "districts"}
LAST_OF_2011 = "E01033768"
"""The last code of an LSOA of 2011 in England: those that were new in 2021 come after it."""
NATIONAL = 20_000
"""A table of so many English LSOAs covers the nation, so that some of them must be new in 2021."""

FEWEST, MANY = 20, 50
"""Rows from which, and a count for the largest of them from which, all being multiples of five is no chance."""
PERTURBED = 10
"""By how much a count may differ from what its parts add up to, for each of them (their root sum of squares). In every
census table of England, parts add up exactly; other releases may be perturbed cell by cell, by 3 at most."""

WHOLE = NumberForm(integers=True)
MEASURE = NumberForm()


@dataclass(frozen=True)
class Given:
    """Columns of an official file under our names, and what should be said of everything made from them.

    Attributes:
        frame: text as written, or numbers once read; indexed by the number of the row in the file.
        name: the file, with its sheet or member, for messages.
        titles: the publisher's header of each column.
        key: the column with the codes of the rows.
        notes: what was recognised in the file, left out of it or marked in it as not given.
    """

    frame: pd.DataFrame
    name: str
    titles: Mapping[str, str]
    key: str = LSOA21
    notes: tuple[str, ...] = ()

    def with_codes(self, *columns: str) -> "Given":
        """Codes of areas in capitals, without spaces and without names beside them."""
        return replace(self, frame=self.frame.assign(**{column: codes_in(self.frame[column]) for column in columns}))

    def with_counts(self, *columns: str) -> "Given":
        """Whole numbers from 0.

        Raises:
            RawFileError: by row and code, where a value is not one.
        """
        given = self.with_numbers(*columns, form=WHOLE)
        for column in columns:
            given.refuse(column, given.frame[column] < 0, "below 0, and cannot be")
            given.refuse_rounded(column)
        return replace(given, frame=given.frame.astype(dict.fromkeys(columns, "int64")))

    def with_numbers(self, *columns: str, form: NumberForm = MEASURE) -> "Given":
        """Numbers as publishers write them (``1,234``, ``-0.5``); marks for values not given are counted in a note.

        Raises:
            RawFileError: by row and code, where a value is none, or is not given although ``form`` asks for it.
        """
        frame, notes = self.frame.copy(), [*self.notes]
        for column in columns:
            numbers = read_numbers(frame[column], self.titles[column], self.name, form, self._labels())
            frame[column] = numbers.values
            note = numbers.note(self.titles[column])
            notes += [note] if note else []
        return replace(self, frame=frame, notes=tuple(notes))

    def with_share(self, share: str, part: "pd.Series[Any]", of: str) -> "Given":
        """``part`` as a share of the column ``of``.

        Raises:
            RawFileError: by row and code, where there is nothing to take a share of, or the part is the larger.
        """
        total = self.frame[of]
        self.refuse(of, total <= 0, "0, and shares of it are needed")
        larger = part > total
        if larger.any():
            shown = [f"row {row} ({self._label(row)}): {part[row]:,} of {total[row]:,}" for row in total.index[larger]]
            raise RawFileError(
                f"{self.name}: {len(shown):,} row(s) have more in {share} than in '{self.titles[of]}', which should "
                f"be its total: {first(shown, 5)}. Fetch the file again."
            )
        return replace(self, frame=self.frame.assign(**{share: part / total}))

    def refuse_rounded(self, column: str) -> None:
        """Refuse counts all of which are multiples of five: as published, they are not rounded.

        Raises:
            RawFileError: they are, and the largest is more than a round handful.
        """
        counts = self.frame[column]
        if len(counts) >= FEWEST and counts.max() >= MANY and bool((counts % 5 == 0).all()):
            by = next(unit for unit in (1000, 100, 50, 10, 5) if bool((counts % unit == 0).all()))
            raise RawFileError(
                f"{self.name}: column '{self.titles[column]}': all {len(counts):,} counts are multiples of {by}, so "
                "they were rounded; as published, they are not. Fetch the file again, from its publisher."
            )

    def refuse_other_sum(self, total: str, *parts: str) -> "Given":
        """The same rows, where ``parts`` add up to the column ``total``; not looked at where a column is absent.

        Raises:
            RawFileError: they do not, by more than separately perturbed counts would; by row and code.
        """
        if not {total, *parts} <= self.titles.keys():
            return self
        stated, *values = (self.numbers_in(column) for column in (total, *parts))
        added = pd.concat(values, axis=1).sum(axis=1, skipna=False)
        odd = (added - stated).abs() > PERTURBED * (len(parts) + 1) ** 0.5
        if odd.any():
            shown = [
                f"row {row} ({self._label(row)}): {added[row]:,.0f} and {stated[row]:,.0f}" for row in odd[odd].index
            ]
            raise RawFileError(
                f"{self.name}: the {len(parts)} columns from '{self.titles[parts[0]]}' to '{self.titles[parts[-1]]}' "
                f"should add up to '{self.titles[total]}'; {len(shown):,} row(s) do not: {first(shown, 5)}. Values of "
                "one column were changed, lie beside other codes or are no counts: fetch the file again."
            )
        return self

    def numbers_in(self, column: str) -> "pd.Series[Any]":
        """A column that others are checked by as numbers, missing where a cell is none."""
        cells = self.frame[column]
        if not pd.api.types.is_numeric_dtype(cells.dtype):
            quick = in_figures(cells)
            if quick is not None:
                return quick
            cells = cells.astype("str").str.replace(",", "")
        return pd.to_numeric(cells, errors="coerce").astype("float64")

    def only_england(self) -> "Given":
        """The rows of English LSOAs, in the order of their codes; how many of other nations are left out is noted.

        Raises:
            RawFileError: a row is of no LSOA (a total, a code that cannot be), no row is English, or the codes of a
                table for the whole nation are those of LSOAs of 2011.
        """
        codes = self.frame[self.key]
        english = codes.str.fullmatch(ENGLISH)
        if english.all():
            here, notes = self.frame, self.notes
        else:
            elsewhere = ~english & codes.str.fullmatch(_ELSEWHERE)
            self._refuse_others(codes[~english & ~elsewhere])
            there = codes[elsewhere].str[0].map(OTHER_NATIONS).value_counts()
            said = [f"{count:,} row(s) of {nation} left out" for nation, count in there.items()]
            here, notes = self.frame[english], (*self.notes, *said)
        if here.empty:
            raise RawFileError(f"{self.name}: it has no English LSOA (codes starting with E01). Is it the right file?")
        if self.key == LSOA21 and len(here) >= NATIONAL and here[self.key].max() <= LAST_OF_2011:
            raise RawFileError(
                f"{self.name}: column '{self.titles[self.key]}' holds codes of LSOAs of 2011: none of "
                f"{len(here):,} is one of those that were new in 2021. Fetch the table for LSOAs of 2021."
            )
        return replace(self, frame=here.sort_values(self.key), notes=notes)

    def once(self) -> "Given":
        """The same rows.

        Raises:
            RawFileError: a code has several rows; by code, with the rows.
        """
        codes = self.frame[self.key]
        if codes.is_unique:
            return self
        twice = codes[codes.duplicated(keep=False)]
        rows = twice.index.to_series().groupby(twice.to_numpy()).apply(lambda at: " and ".join(map(str, sorted(at))))
        shown = [f"{code} (rows {at})" for code, at in rows.items()]
        raise RawFileError(
            f"{self.name}: {len(shown):,} code(s) in '{self.titles[self.key]}' appear more than once: {first(shown)}. "
            "Take out what is repeated, or fetch the file again."
        )

    def refuse(self, column: str, rows: "pd.Series[bool]", what: str, remedy: str = "Fetch the file again.") -> None:
        """Refuse the ``rows`` that are marked, whose values in ``column`` are ``what``.

        Raises:
            RawFileError: where any is; by row and code.
        """
        if rows.any():
            values = self.frame[column][rows]
            shown = [f"row {row} ({self._label(row)}): '{plain(value):.40}'" for row, value in values.items()]
            raise RawFileError(
                f"{self.name}: column '{self.titles[column]}': {len(shown):,} value(s) are {what}: {first(shown, 5)}. "
                f"{remedy}"
            )

    def tidied(self, table: Table) -> Noted:
        """The columns of ``table``, checked against it, and the notes.

        Raises:
            SchemaError: a value is missing or out of its range, or a key appears twice; by code.
        """
        frame = self.frame
        if AREA_NAME in table.columns and AREA_NAME.name not in frame:
            frame = frame.assign(**{AREA_NAME.name: pd.Series(None, index=frame.index, dtype="str")})
        frame = frame[table.names].reset_index(drop=True)
        validate(frame, table, self.name)
        return Noted(frame, self.notes)

    def _labels(self) -> "pd.Series[Any]":
        return self.frame[self.key]

    def _label(self, row: Any) -> str:
        return plain(self.frame[self.key].loc[row])

    def _refuse_others(self, codes: "pd.Series[str]") -> None:
        if codes.empty:
            return
        shown = [f"row {row}: '{code:.40}'" for row, code in codes.items()]
        kinds = {_LARGER[code[:3]] for code in codes if code[:3] in _LARGER}
        like = f" Some are codes of {first(sorted(kinds))}: fetch the table for LSOAs." if kinds else ""
        raise RawFileError(
            f"{self.name}: column '{self.titles[self.key]}' should hold codes of LSOAs such as E01026804; "
            f"{len(shown):,} row(s) do not: {first(shown, 5)}.{like} Take out totals and notes, and correct the codes."
        )


def read_given(
    source: Path | BinaryIO,
    wanted: Mapping[str, Header],
    name: str = "",
    *,
    key: str = LSOA21,
    sheet: str | None = None,
    perhaps: Mapping[str, Header] | None = None,
) -> Given:
    """The columns ``wanted`` (our name to the publisher's header, or to several that it may have) of an official file.

    The file may be text, a workbook, parquet, or an archive of one of them, whatever its name says. Codes of LSOAs in
    ``key`` are cleaned as :meth:`Given.with_codes` does.

    Args:
        source: the path of a file, or an opened one.
        wanted: a header that the publisher cut short is matched by its beginning.
        name: of an opened file, for messages.
        key: the column with the codes of the rows.
        sheet: of a workbook, the end of its name; ``None``: the only one with the headers.
        perhaps: columns that others are checked by, where the file has them.

    Raises:
        RawFileError: the file cannot be read as a table, a header is missing or appears twice, or a row has more or
            fewer cells than the headers.
    """
    layout = Layout(sheet=None if sheet is None else f"*{sheet}", any_sheet=sheet is None)
    extra = {o: Perhaps((header,) if isinstance(header, str) else header) for o, header in (perhaps or {}).items()}
    read = read_sheet(source, list(wanted.values()), layout, name=name, everything=False, perhaps=list(extra.values()))
    there = {**wanted, **{ours: header for ours, header in extra.items() if find_headers(read.headers, [header], "")}}
    titles = {ours: read.headers[find_header(read.headers, header, read.name)] for ours, header in there.items()}
    _refuse_several(read.headers, wanted, read.name)
    notes = read.notes if read.ended else (*read.notes, CUT_SHORT)
    given = Given(read.pick(there), read.name, titles, key, notes)
    return given.with_codes(key) if key in (LSOA21, LSOA11) else given


def _refuse_several(headers: Sequence[str], wanted: Mapping[str, Header], name: str) -> None:
    """Refuse a file that has a column in several of the forms that its header may have, such as of two years."""
    for forms in wanted.values():
        if isinstance(forms, str):
            continue
        there = [header for header in headers if strict(header) in set(map(strict, forms))]
        if len(there) > 1:
            raise RawFileError(
                f"{name}: the columns {first(there)} mean the same. Which is meant? Take out the others, or fetch the "
                "table of one year."
            )
