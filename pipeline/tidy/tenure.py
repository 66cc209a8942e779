"""Tenure of households: Census 2021 TS054."""

from typing import BinaryIO

import pandas as pd

from pipeline.tables import TENURE, validate
from pipeline.tidy.reading import numbers, only_england, pick, read_csv

PREFIX = "Tenure of household: "


def tidy_tenure(file: BinaryIO, name: str) -> pd.DataFrame:
    """The shares of households that own outright, rent socially and rent privately, of the table's own total.

    Raises:
        RawFileError: a column is missing, or a value is no whole number.
        SchemaError: a share is out of its range, or a code stands twice.
    """
    kinds = {
        "share_owned_outright": f"{PREFIX}Owned: Owns outright",
        "share_social_rented": f"{PREFIX}Social rented",
        "share_private_rented": f"{PREFIX}Private rented",
    }
    columns = {"lsoa21_code": "geography code", "total": f"{PREFIX}Total: All households", **kinds}
    frame = only_england(numbers(pick(read_csv(file, name), columns, name), ["total", *kinds], name, whole=True))
    for share in kinds:
        frame[share] = frame[share] / frame["total"]
    validate(frame[TENURE.names], TENURE, name)
    return frame[TENURE.names]
