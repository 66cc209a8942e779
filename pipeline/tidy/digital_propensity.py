"""ONS Digital Propensity Index: the share of households that answered the 2021 census online, by LSOA of 2011."""

from pathlib import Path

import pandas as pd

from pipeline.tables import DIGITAL_PROPENSITY, validate
from pipeline.tidy.reading import numbers, only_england, pick, read_csv


def tidy_digital_propensity(path: Path) -> pd.DataFrame:
    """The index by LSOA of 2011, 0 to 100, higher = more answered online.

    It need not cover the whole nation.

    Raises:
        RawFileError: a column is missing, or a value is no number.
        SchemaError: a value is out of its range, or a code stands twice.
    """
    name = str(path)
    frame = pick(read_csv(path, name), {"lsoa11_code": "LSOA11CD", "digital_propensity": "Score"}, name)
    frame = numbers(frame, ["digital_propensity"], name, key="lsoa11_code")
    frame = only_england(frame, code="lsoa11_code")[DIGITAL_PROPENSITY.names]
    validate(frame, DIGITAL_PROPENSITY, name)
    return frame
