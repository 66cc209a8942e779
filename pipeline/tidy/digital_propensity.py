"""ONS Digital Propensity Index: the share of households that answered the 2021 census online, by LSOA of 2011."""

from pathlib import Path

import pandas as pd

from pipeline.tables import LSOA11, Family, Table, validate
from pipeline.tables.columns import ons_code
from pipeline.tidy.reading import numbers, only_england, read_columns
from pipeline.tidy.registry import reader

_propensity = Family("evidence", "ons_dpi")

DIGITAL_PROPENSITY = Table(
    "digital_propensity",
    "ONS Digital Propensity Index, Census 2021",
    "Share of households that answered the 2021 census online, modelled where paper was sent first. An outcome to "
    "compare scores with, never an input to one.",
    (
        ons_code(_propensity, "lsoa11_code", "LSOA 2011 code", LSOA11),
        _propensity(
            "digital_propensity",
            "score",
            "Digital propensity",
            "Digital Propensity Index; higher = more answered online",
            worse="low",
        ),
    ),
    key="lsoa11_code",
    geography="lsoa11",
)


@reader("digital_propensity", DIGITAL_PROPENSITY, "validation")
def tidy_digital_propensity(path: Path) -> pd.DataFrame:
    """The index by LSOA of 2011, 0 to 100, higher = more answered online.

    It need not cover all of the nation.

    Raises:
        RawFileError: a column is missing, or a value is not a number.
        SchemaError: a value is out of its range, or a code appears twice.
    """
    name = str(path)
    frame = read_columns(path, {"lsoa11_code": "LSOA11CD", "digital_propensity": "Score"}, name)
    frame = numbers(frame, ["digital_propensity"], name, key="lsoa11_code")
    frame = only_england(frame, code="lsoa11_code")[DIGITAL_PROPENSITY.names]
    validate(frame, DIGITAL_PROPENSITY, name)
    return frame
