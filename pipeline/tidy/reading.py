"""Publishers' tables read as text, and their numbers and codes read or refused by name."""

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from pipeline.errors import RawFileError, first

SUPPRESSED = {"-", "..", ".", "[c]", "[x]", "[z]", "[u]", "n/a", "na"}
"""What publishers write for a value that they do not give: confidential, not available, not applicable."""

_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([eE][+-]?\d+)?")


def read_csv(source: Path | BinaryIO, name: str) -> pd.DataFrame:
    """A CSV as text: byte-order mark and stray spaces removed, empty cells as ``""``, nothing guessed.

    ``name`` is how the file is called in errors.

    Raises:
        RawFileError: the file is a web page, is not text, has no rows, or its rows differ in length.
    """
    content = source.read_bytes() if isinstance(source, Path) else source.read()
    start = content[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise RawFileError(
            f"{name}: expected a CSV table, found a web page. Fetch it again: the server sent an error page."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    try:
        frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, na_values=[], skipinitialspace=True)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise RawFileError(f"{name}: expected a CSV table, and it cannot be read as one: {error}") from error
    frame.columns = [str(column).strip() for column in frame.columns]
    stripped: pd.DataFrame = frame.apply(lambda values: values.str.strip())
    return stripped


def pick(frame: pd.DataFrame, wanted: dict[str, str], name: str) -> pd.DataFrame:
    """The columns ``wanted`` (our name to the publisher's header) under our names.

    A header that the publisher cut short is matched by its prefix, when just one column fits.

    Raises:
        RawFileError: a header is not there, or fits several columns; the message lists those found.
    """
    found = {}
    for ours, header in wanted.items():
        matches = [c for c in frame.columns if c.casefold() == header.casefold()]
        matches = matches or [c for c in frame.columns if len(c) >= 40 and header.casefold().startswith(c.casefold())]
        if len(matches) != 1:
            reason = "is not there" if not matches else "fits several columns"
            raise RawFileError(f"{name}: the column '{header}' {reason}. Columns found: {first(frame.columns, 60)}")
        found[matches[0]] = ours
    return frame[list(found)].rename(columns=found)


def only_england(frame: pd.DataFrame, code: str = "lsoa21_code") -> pd.DataFrame:
    """The rows whose LSOA is in England (codes starting with E), in the order of their codes."""
    return frame[frame[code].str.startswith("E")].sort_values(code, ignore_index=True)


def numbers(
    frame: pd.DataFrame,
    columns: Sequence[str],
    name: str,
    *,
    whole: bool = False,
    suppressed: bool = False,
    key: str = "lsoa21_code",
) -> pd.DataFrame:
    """``frame`` with ``columns`` read from the publishers' number formats (``1,234``, ``0.5``, ``-1.2``).

    Args:
        whole: read as 64-bit integers; a fraction is refused.
        suppressed: allow the publishers' marks for a value not given (``-``, ``..``, ``[c]``, ``[x]``, empty),
            which become missing values. Without it they are refused, as every other text is.

    Raises:
        RawFileError: what was found that is no number, in which column, for which areas.
    """
    result = frame.copy()
    for column in columns:
        values = frame[column]
        if pd.api.types.is_numeric_dtype(values.dtype):
            parsed = values.astype("float64")
        else:
            text = values.astype(str).str.strip()
            absent = text.str.lower().isin(SUPPRESSED | {""}) if suppressed else pd.Series(False, index=text.index)
            wrong = ~absent & ~(text.str.fullmatch(_NUMBER) & text.str.contains(r"\d"))
            if wrong.any():
                shown = [f"{k}: '{v}'" for k, v in zip(frame.loc[wrong, key], text[wrong], strict=True)]
                raise RawFileError(
                    f"{name}: column '{column}' should hold numbers; {len(shown):,} value(s) are not: {first(shown)}"
                )
            parsed = pd.to_numeric(text.where(~absent).str.replace(",", ""), errors="raise").astype("float64")
        if parsed.isna().any() and not suppressed:
            raise RawFileError(f"{name}: column '{column}' has no value for {first(frame.loc[parsed.isna(), key])}")
        if whole:
            broken = parsed.notna() & (parsed % 1 != 0)
            if broken.any():
                raise RawFileError(
                    f"{name}: column '{column}' should hold whole numbers; not so for {first(frame.loc[broken, key])}"
                )
            result[column] = parsed.astype("Int64" if parsed.isna().any() else "int64")
        else:
            result[column] = parsed
    return result
