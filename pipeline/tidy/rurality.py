"""Rural-Urban Classification 2021: six classes and their order."""

from pathlib import Path

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.tables import RUC21_CODES, RUC21_NAMES, Family, Table, validate
from pipeline.tables.columns import LSOA_CODE
from pipeline.tidy.reading import only_england, read_columns
from pipeline.tidy.registry import reader

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
def tidy_rurality(path: Path) -> pd.DataFrame:
    """Class code, class name and ``rurality``, the order of the class: 0 (UN1) to 5 (RSF1).

    Raises:
        RawFileError: a column is missing, or a code is not one of the six.
        SchemaError: a code appears twice.
    """
    name = str(path)
    frame = only_england(read_columns(path, {"lsoa21_code": "LSOA21CD", "ruc21_code": "RUC21CD"}, name))
    unknown = frame.loc[~frame["ruc21_code"].isin(RUC21_CODES)]
    if len(unknown):
        shown = [f"{r.lsoa21_code}: '{r.ruc21_code}'" for r in unknown.itertuples()]
        raise RawFileError(
            f"{name}: RUC21CD should be one of {', '.join(RUC21_CODES)}; {len(shown):,} are not: {first(shown)}"
        )
    frame["ruc21_name"] = frame["ruc21_code"].map(RUC21_NAMES)
    frame["rurality"] = frame["ruc21_code"].map({code: order for order, code in enumerate(RUC21_CODES)}).astype("int64")
    validate(frame[RURALITY.names], RURALITY, name)
    return frame[RURALITY.names]
