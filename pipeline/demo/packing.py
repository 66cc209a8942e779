"""Tables as the bytes of CSV files, archives and workbooks: the same table always gives the same bytes."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd

from pipeline import raw

EPOCH = (2021, 3, 21, 0, 0, 0)
"""The time that archives give for their members."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_ROWS_AT_A_TIME = 2_000


def csv_bytes(frame: pd.DataFrame, *, byte_order_mark: bool = False, line_end: str = "\n") -> bytes:
    """A CSV in UTF-8."""
    text = frame.to_csv(index=False, lineterminator=line_end)
    return text.encode("utf-8-sig" if byte_order_mark else "utf-8")


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """An archive."""
    return raw.zip_bytes(members, EPOCH)


def workbook_bytes(sheets: Mapping[str, pd.DataFrame], above: Mapping[str, list[str]] | None = None) -> bytes:
    """An Excel workbook; ``above`` gives lines of text that a sheet has above its header row.

    Written here part by part: national workbooks have tens of millions of cells, and general writers
    stamp them with the time.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compresslevel=3) as archive:
        for name, text in _parts(list(sheets)).items():
            archive.writestr(raw.member_at(name, EPOCH), _HEAD + text)
        for number, (name, frame) in enumerate(sheets.items(), 1):
            with archive.open(raw.member_at(f"xl/worksheets/sheet{number}.xml", EPOCH), "w") as member:
                for piece in _sheet(frame, (above or {}).get(name, [])):
                    member.write(piece.encode("utf-8"))
    return content.getvalue()


def _parts(names: list[str]) -> dict[str, str]:
    numbers = range(1, len(names) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers
    )
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in zip(numbers, names, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
    }


def _sheet(frame: pd.DataFrame, above: list[str]) -> Iterator[str]:
    header = [*([[line] for line in above]), list(frame.columns)]
    yield f'<worksheet xmlns="{_MAIN}"><sheetData>'
    yield "".join(f"<row>{''.join(_text(cell) for cell in row)}</row>" for row in header)
    for first in range(0, len(frame), _ROWS_AT_A_TIME):
        columns = [_cells(frame.iloc[first : first + _ROWS_AT_A_TIME, number]) for number in range(frame.shape[1])]
        yield "".join(f"<row>{''.join(row)}</row>" for row in zip(*columns, strict=True))
    yield "</sheetData></worksheet>"


def _text(value: Any) -> str:
    return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def _cell(value: Any) -> str:
    """A cell of a column in which texts and numbers are mixed, as publishers mix them."""
    if value is None or value != value:
        return "<c/>"
    return f"<c><v>{value:g}</v></c>" if isinstance(value, int | float) else _text(value)


def _cells(values: "pd.Series[Any]") -> list[str]:
    if values.dtype == object:
        return [_cell(value) for value in values]
    if not pd.api.types.is_numeric_dtype(values.dtype):
        return [_text(value) for value in values]
    numbers = values.to_numpy()
    if numbers.dtype.kind == "f" and not np.isnan(numbers).any() and (numbers % 1 == 0).all():
        numbers = numbers.astype(np.int64)
    return ["<c/>" if number != number else f"<c><v>{number}</v></c>" for number in numbers.tolist()]
