"""Rural-Urban Classification 2021: six classes and their order."""

from pathlib import Path

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.tables import RUC21_CODES, RUC21_NAMES, RURALITY, validate
from pipeline.tidy.reading import only_england, pick, read_csv


def tidy_rurality(path: Path) -> pd.DataFrame:
    """Class code, class name and ``rurality``, the order of the class: 0 (UN1) to 5 (RSF1).

    Raises:
        RawFileError: a column is missing, or a code is none of the six.
        SchemaError: a code stands twice.
    """
    name = str(path)
    frame = only_england(pick(read_csv(path, name), {"lsoa21_code": "LSOA21CD", "ruc21_code": "RUC21CD"}, name))
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
