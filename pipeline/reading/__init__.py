"""One way to read a table that somebody else made: text, workbook, parquet or shapes, its cells, codes and numbers."""

from pipeline.reading.codes import code_in, read_codes
from pipeline.reading.coordinates import CoordinateSystem, describe_mismatch, recognise_system
from pipeline.reading.dates import ReadDates, read_dates
from pipeline.reading.formats import read_sheet
from pipeline.reading.headers import RECOGNISED, Header, find_header, find_recognised, loosely_among
from pipeline.reading.numbers import NumberForm, Numbers, number_in, read_numbers
from pipeline.reading.shapes import read_shapes
from pipeline.reading.sheets import Layout, Row, Sheet, plain

__all__ = [
    "RECOGNISED",
    "CoordinateSystem",
    "Header",
    "Layout",
    "NumberForm",
    "Numbers",
    "ReadDates",
    "Row",
    "Sheet",
    "code_in",
    "describe_mismatch",
    "find_header",
    "find_recognised",
    "loosely_among",
    "number_in",
    "plain",
    "read_codes",
    "read_dates",
    "read_numbers",
    "read_shapes",
    "read_sheet",
    "recognise_system",
]
