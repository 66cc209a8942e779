"""Rural-Urban Classification 2021: six classes and their order."""

from dataclasses import replace
from pathlib import Path

from pipeline.tables import RUC21_CODES, RUC21_NAMES, Family, Table
from pipeline.tables.columns import LSOA_CODE
from pipeline.tidy.reading import read_given
from pipeline.tidy.registry import Noted, reader

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
    ),
    key="lsoa21_code",
)


@reader("rurality", RURALITY)
def tidy_rurality(path: Path) -> Noted:
    """Class code, class name and ``rurality``, the order of the class: 0 (UN1) to 5 (RSF1).

    Raises:
        RawFileError: a column is missing, a class is not one of the six, or a code is none or appears twice.
    """
    given = read_given(path, {"lsoa21_code": "LSOA21CD", "ruc21_code": "RUC21CD"}).only_england().once()
    classes = given.frame["ruc21_code"].astype("str").str.upper()
    given.refuse("ruc21_code", ~classes.isin(RUC21_CODES), f"not one of {', '.join(RUC21_CODES)}")
    order = {code: order for order, code in enumerate(RUC21_CODES)}
    frame = given.frame.assign(
        ruc21_code=classes, ruc21_name=classes.map(RUC21_NAMES), rurality=classes.map(order).astype("int64")
    )
    return replace(given, frame=frame).tidied(RURALITY)
