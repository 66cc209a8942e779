"""Rural-Urban Classification 2021: six classes and their order."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.reading import plain
from pipeline.tables import RUC21_CODES, RUC21_NAMES, Family, Table
from pipeline.tables.columns import AREA_NAME, LSOA_CODE
from pipeline.tidy.reading import Given, read_given
from pipeline.tidy.registry import Noted, reader

URBAN_RURAL = {code: "Urban" if code.startswith("U") else "Rural" for code in RUC21_CODES}
"""The publisher's flag beside each class."""

_rurality = Family("rurality", "ruc2021")

RURALITY = Table(
    "rurality",
    "Rural-Urban Classification 2021",
    "Six classes, and their order as a number.",
    (
        LSOA_CODE,
        _rurality(
            "ruc21_code",
            "category",
            "Rural-urban class code",
            "Rural-Urban Classification 2021",
            categories=RUC21_CODES,
        ),
        _rurality("ruc21_name", "category", "Rural-urban class", "Rural-Urban Classification 2021, in words"),
        _rurality(
            "rurality",
            "order",
            "Rurality",
            "Order of the rural-urban class: 0 = urban, nearer to a city or major town; 5 = smaller rural, furthest",
            unit="order, higher = more rural and further",
            worse="high",
            minimum=0,
            maximum=5,
        ),
        AREA_NAME,
    ),
    key="lsoa21_code",
)


@reader("rurality", RURALITY)
def tidy_rurality(path: Path) -> Noted:
    """Class code, class name and ``rurality``, the order of the class: 0 (UN1) to 5 (RSF1).

    Raises:
        RawFileError: a column is missing, a class is not one of the six, or a code is none or appears twice.
    """
    others = {AREA_NAME.name: "LSOA21NM", "in_words": "RUC21NM", "flag": "Urban_rural_flag"}
    given = read_given(path, {"lsoa21_code": "LSOA21CD", "ruc21_code": "RUC21CD"}, perhaps=others)
    given = given.only_england().once()
    classes = given.frame["ruc21_code"].astype("str").str.upper()
    given.refuse("ruc21_code", ~classes.isin(RUC21_CODES), f"not one of {', '.join(RUC21_CODES)}")
    _refuse_other_words(given, classes)
    order = {code: order for order, code in enumerate(RUC21_CODES)}
    frame = given.frame.assign(
        ruc21_code=classes, ruc21_name=classes.map(RUC21_NAMES), rurality=classes.map(order).astype("int64")
    )
    return replace(given, frame=frame).tidied(RURALITY)


def _refuse_other_words(given: Given, classes: "pd.Series[str]") -> None:
    """Refuse classes that the words of the same row contradict, where the file has these.

    Raises:
        RawFileError: the name is that of another class, or the flag that of the other kind; by row and code.
    """
    for column, words_of in (("in_words", RUC21_NAMES), ("flag", URBAN_RURAL)):
        if column not in given.titles:
            continue
        # A few words stand in every row.
        place, words = pd.factorize(given.frame[column], use_na_sentinel=False)
        written = pd.Series(np.array([plain(word).casefold() for word in words], dtype=object)[place], classes.index)
        folded = {code: words.casefold() for code, words in words_of.items()}
        odd = written.isin(set(folded.values())) & (written != classes.map(folded))
        given.refuse(column, odd, f"not those of the class in '{given.titles['ruc21_code']}'")
