"""A workbook as the Government Analysis Function asks: gptables writes it, and this module its tables and properties.

What is ours, and why, is in docs/decisions/0023-workbook.md.
"""

import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from gptables import Cover, GPTable
from gptables.core.wrappers import GPWorkbook, GPWorksheet
from xlsxwriter.core import Core
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.utility import xl_col_to_name, xl_range

from pipeline.reports.workbook.sheets import SHORTHAND, UNAVAILABLE, Look, TableSheet, Workbook, cut
from pipeline.tables import with_unit

FORMATS: Mapping[Look, Mapping[str, Any]] = {
    "text": {"align": "left", "num_format": "@"},
    "whole": {"align": "right", "num_format": "#,##0"},
    "one decimal": {"align": "right", "num_format": "#,##0.0"},
    "two decimals": {"align": "right", "num_format": "#,##0.00"},
    "five decimals": {"align": "right", "num_format": "0.00000"},
    "percent": {"align": "right", "num_format": "0.0%"},
}
NARROWEST, WIDEST, LONGEST_TEXT = 14, 40, 80
"""Characters of a column: what a number with its heading takes, and of one with sentences, which wrap."""
LOOKED_AT = 2_000
"""Rows that the width of a column is taken from."""
CELL_LIMIT = 32_767
"""Characters that Excel allows in a cell."""
LETTER = 1.05
"""Arial of 12 points takes a little more than the letter that widths of columns are counted in."""
BOLD, FILLED = 0.9, 0.95
"""Of a line: what bold letters leave, and what words fill before they wrap."""
LINE, TALLEST = 15.75, 409.0
"""Points of a line, and of the highest row that Excel allows."""
ON_PAPER = 220
"""Characters that a page of A4 still shows when a table is made to fit on it."""
LANGUAGE = "en-GB"
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": False,
}
"""Nothing in a cell is anything but what it says: no text becomes a formula, a number or a link."""


def workbook_bytes(workbook: Workbook) -> bytes:
    """The ``.xlsx`` file: a cover, a list of the sheets, notes, and each table on a sheet of its own.

    The same workbook gives the same bytes.
    """
    file = io.BytesIO()
    book = _Book(file, options=OPTIONS)
    cover = workbook.cover
    book.set_properties(
        {
            "title": cover.title,
            "subject": cover.subject,
            "author": workbook.author,
            "company": workbook.author,
            "keywords": "digital exclusion, neighbourhoods, LSOA",
            "created": datetime.fromisoformat(workbook.built).astimezone(UTC).replace(tzinfo=None),
        }
    )
    tables = {sheet.name: _Table(sheet, number) for number, sheet in enumerate(workbook.sheets, 1)}
    texts = ([_plain(text) for text in part] for part in (cover.intro, cover.about, cover.contact))
    intro, about, contact = texts
    book.add_worksheet("Cover").write_cover(Cover(_plain(cover.title), intro, about, contact, width=100))
    contents = book.make_table_of_contents(tables, column_names=["Sheet", "What it holds"])
    book._update_annotations(tables)
    notes = {"Notes": _notes(book, workbook.notes)} if book._annotations else {}
    sheets = {"Contents": contents, **notes, **tables}
    for name, table in sheets.items():
        book.add_worksheet(name).write_gptable(table, auto_width=True, reference_order=book._annotations)
    book.close()
    return file.getvalue()


def _notes(book: "_Book", notes: Mapping[str, str]) -> GPTable:
    used = [name for name in book._annotations if name in notes]
    return book.make_notesheet(pd.DataFrame({"note": used, "Note": [_plain(notes[name]) for name in used]}))


def _plain(text: str) -> str:
    """``text`` without what gptables would take for a reference to a note or for a link, and what XML cannot hold."""
    held = "".join(letter for letter in text if letter.isprintable())
    return re.sub(r"\]\(", "] (", re.sub(r"\$(?=\$)", "$ ", held))


class _Table(GPTable):  # type: ignore[misc]
    """A table of which the cells are written by :class:`_Sheet`, one after the other."""

    def __init__(self, sheet: TableSheet, number: int) -> None:
        headings = [replace(h, title=_plain(h.title), unit=_plain(h.unit)) for h in sheet.headings]
        titles = [with_unit(heading.title, heading.unit, "\n") for heading in headings]
        says = ["This worksheet contains one table."]
        if any(heading.notes for heading in headings):
            says.append("Headings refer to notes, which are on the sheet Notes.")
        shorthand = [SHORTHAND] if sheet.frame.isin([UNAVAILABLE]).to_numpy().any() else []
        super().__init__(
            sheet.frame.set_axis(titles, axis="columns"),
            f"table_{number}_{re.sub('[^a-z0-9]+', '_', sheet.name.lower()).strip('_')}",
            _plain(sheet.title),
            instructions=" ".join(says),
            legend=[*shorthand, *map(_plain, sheet.says)],
            table_notes={
                title: "".join(f"$${note}$$" for note in heading.notes)
                for title, heading in zip(titles, headings, strict=True)
                if heading.notes
            },
        )
        self.looks: list[Look] = [heading.look for heading in headings]
        self.frozen = sheet.frozen


class _Body(NamedTuple):
    """A column of a table below its head: its format, and what follows that in each cell."""

    format: Format
    texts: list[str]


class _Sheet(GPWorksheet):  # type: ignore[misc]
    """A sheet that writes large tables: gptables keeps a dictionary for each cell, which takes a minute for England."""

    def __init__(self) -> None:
        super().__init__()
        self.dim_rowmax: int
        self._body: list[_Body] = []

    def write_cover(self, cover: Cover) -> list[int]:
        """The cover, each row as high as its text."""
        written: list[int] = super().write_cover(cover)
        texts = [cover.title]
        for heading, part in (("Introductory information", cover.intro), ("About these data", cover.about)):
            texts += [heading, *part]
        for row, text in enumerate([*texts, "Contact", *cover.contact]):
            self.set_row(row, _height([text], [cover.width / LETTER]))
        return written

    def _parse_table_urls(self, gptable: GPTable) -> None:
        """Leave text of data that looks like a link as it is."""

    def _write_table_elements(self, _pos: list[int], gptable: GPTable, _auto_width: object) -> list[int]:
        first, _, last, _ = gptable.data_range
        heads = list(gptable.table.columns)
        columns = gptable.table.to_numpy(dtype=object).T.tolist()
        if not isinstance(gptable, _Table):
            columns = [[_one_text(value) for value in column] for column in columns]
        looks: list[Look] = gptable.looks if isinstance(gptable, _Table) else ["text"] * len(heads)
        widths = [_width(head, column) for head, column in zip(heads, columns, strict=True)]
        self.set_row(first, _height(heads, [width * BOLD for width in widths]))
        self._set_heights(columns, widths, first + 1)
        self.fit_to_pages(math.ceil(sum(widths) / ON_PAPER), 0)
        self.repeat_rows(first)
        head_format = self.theme.column_heading_format
        for number, look in enumerate(looks):
            body = {**self.theme.data_format, **FORMATS[look], "valign": "top"}
            self.set_column(number, number, round(widths[number] * LETTER))
            write = self._keep_column if isinstance(gptable, _Table) else self._write_column
            write(first + 1, number, columns[number], body)
        head_formats = [self._workbook.add_format({**head_format, "align": FORMATS[look]["align"]}) for look in looks]
        described = [{"header": h, "header_format": f} for h, f in zip(heads, head_formats, strict=True)]
        made = {"columns": described, "autofilter": False, "style": None, "name": gptable.table_name}
        # XlsxWriter keeps every cell of a table in mind, lest another lies over it: there is one a sheet.
        self.add_table(first, 0, first + 1, len(heads) - 1, made)
        # A table has a row below its head, even where it has no values.
        self.tables[-1]["range"] = self.tables[-1]["a_range"] = xl_range(first, 0, max(last, first + 1), len(heads) - 1)
        self._check_dimensions(last, len(heads) - 1)
        if isinstance(gptable, _Table) and gptable.frozen:
            self.freeze_panes(first + 1, gptable.frozen)
        return [last + 1, 0]

    def _set_heights(self, columns: Sequence[Sequence[object]], widths: Sequence[int], first: int) -> None:
        """Rows with a text that wraps are as high as that needs; programs that read workbooks do not all see to it."""
        lines = np.ones(len(columns[0]), dtype="int64")
        for values, width in zip(columns, widths, strict=True):
            lengths = {value: len(value) if isinstance(value, str) else 0 for value in dict.fromkeys(values)}
            if max(lengths.values(), default=0) < width:
                continue
            length = np.array([lengths[value] for value in values], dtype="int64")
            needed = np.where(length < width, 1, np.ceil(length / (width * FILLED)))
            lines = np.maximum(lines, needed.astype("int64"))
        for row in np.flatnonzero(lines > 1):
            self.set_row(first + int(row), min(LINE * int(lines[row]) + 2, TALLEST))

    def _keep_column(self, _row: int, _column: int, values: Sequence[object], look: Mapping[str, Any]) -> None:
        """The next column of the table, which :meth:`_write_rows` writes."""
        self._body.append(_Body(self._workbook.add_format(look), self._texts(values)))

    def _texts(self, values: Sequence[object]) -> list[str]:
        """What follows in the XML of a sheet after the format of each cell of a column, as XlsxWriter writes it.

        Raises:
            TypeError: a cell has no value, or an infinite one.
        """
        texts = {value: self._text(value) for value in dict.fromkeys(values)}
        written = {value for value in texts if isinstance(value, str)}
        # Each text has been counted once.
        self.str_table.count += sum(value in written for value in values) - len(written) if written else 0
        return [texts[value] for value in values]

    def _text(self, value: object) -> str:
        if isinstance(value, str):
            # A character takes two units at most.
            text = value if 2 * len(value) <= CELL_LIMIT else cut(value, CELL_LIMIT)
            return f' t="s"><v>{self.str_table._get_shared_string_index(text)}</v></c>'
        if not isinstance(value, int | float) or not math.isfinite(value):
            raise TypeError(f"A cell of {self.name} is neither a text nor a number: {value!r}")
        return f"><v>{value:.16G}</v></c>"

    def _write_column(self, row: int, column: int, values: Sequence[object], look: Mapping[str, Any]) -> None:
        body = self._workbook.add_format(look)
        for number, value in enumerate(values, row):
            if isinstance(value, _Link):
                linked = self._workbook.add_format({**look, "underline": True, "font_color": "blue"})
                self.write_url(number, column, value.target, linked, str(value))
            # As the methods without the underscore do, which first look whether they were given "A1" for two numbers.
            elif isinstance(value, str):
                self._write_string(number, column, value[:CELL_LIMIT], body)
            else:
                self._write_number(number, column, value, body)

    def _write_rows(self) -> None:
        """The rows, exactly as XlsxWriter writes them; those of a table in a tenth of the time, and of the memory."""
        if not self._body or not self._body[0].texts:
            super()._write_rows()
            return
        last: int = self.dim_rowmax
        first = last + 1 - len(self._body[0].texts)
        self.dim_rowmax = first - 1
        super()._write_rows()
        self.dim_rowmax = last
        row = "".join(
            f'<c r="{xl_col_to_name(number)}%s" s="{column.format._get_xf_index()}"%s'
            for number, column in enumerate(self._body)
        )
        names = list(map(str, range(first + 1, last + 2)))
        parts = [part for column in self._body for part in (names, column.texts)]
        for number, cells in enumerate(zip(*parts, strict=True), first):
            self._write_row(number, f"1:{len(self._body)}", self.row_info.get(number))
            self.fh.write(row % cells + "</row>")


class _Link(str):
    """A text that leads to another sheet."""

    target: str = ""


def _one_text(value: object) -> object:
    """A cell that gptables makes of its list of sheets: a link is a text and its target, a text a list."""
    if isinstance(value, dict):
        ((text, target),) = value.items()
        link = _Link(text)
        link.target = target
        return link
    return " ".join(value) if isinstance(value, list) else value


class _Book(GPWorkbook):  # type: ignore[misc]
    """gptables' workbook with sheets of this module, and its language among the properties."""

    def add_worksheet(self, name: str | None = None, gridlines: str = "hide_all") -> _Sheet:
        """A sheet, its gridlines hidden."""
        sheet: _Sheet = super(GPWorkbook, self).add_worksheet(name, _Sheet)
        sheet.theme, sheet._workbook = self.theme, self
        sheet.hide_gridlines({"show_all": 0, "hide_printed": 1, "hide_all": 2}[gridlines])
        sheet.set_landscape()
        sheet.set_paper(A4)
        return sheet

    def _get_packager(self) -> Packager:
        return _Packager()


A4 = 9
"""The number of the paper in a workbook."""


class _Core(Core):  # type: ignore[misc]
    def _write_cp_keywords(self) -> None:
        super()._write_cp_keywords()
        self._xml_data_element("dc:language", LANGUAGE)


class _Packager(Packager):  # type: ignore[misc]
    def _write_core_file(self) -> None:
        core = _Core()
        core._set_properties(self.workbook.doc_properties)
        core._set_xml_writer(self._filename("docProps/core.xml"))
        core._assemble_xml_file()


def _width(head: str, values: Sequence[object]) -> int:
    """Characters that a column takes: as its values need, within limits; its heading wraps."""
    longest_word = max(len(word) for word in head.replace("\n", " ").split())
    longest_value = max((len(str(value)) for value in dict.fromkeys(values[:LOOKED_AT])), default=0)
    widest = LONGEST_TEXT if longest_value > LONGEST_TEXT else WIDEST
    return max(NARROWEST, min(max(longest_word + 1, longest_value + 1), widest))


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Points of a row in which ``texts`` wrap in columns of these ``widths``, characters."""
    lines = [
        sum(max(1, math.ceil(len(line) / (width * FILLED))) for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=True)
    ]
    return min(LINE * max(lines) + 4, TALLEST)
