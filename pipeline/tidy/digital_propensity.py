"""ONS Digital Propensity Index: the share of households that answered the 2021 census online, by LSOA of 2011."""

from pathlib import Path

from pipeline.tables import LSOA11, Family, Table
from pipeline.tables.columns import ons_code
from pipeline.tidy.reading import read_given
from pipeline.tidy.registry import Noted, reader

CODES = ("LSOA11CD", "LSOA11_CD", "LSOAcode", "LSOA code", "LSOA code (2011)")
"""Headers of the codes: of the table on request, and of the workbook of the article."""

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
def tidy_digital_propensity(path: Path) -> Noted:
    """The index by LSOA of 2011, 0 to 100, higher = more answered online, from a CSV or from the article's workbook.

    It need not cover all of the nation.

    Raises:
        RawFileError: a column is missing, a value is not a number, or a code is none or appears twice.
        SchemaError: a value is out of its range.
    """
    given = read_given(path, {"lsoa11_code": CODES, "digital_propensity": "Score"}, key="lsoa11_code")
    return given.only_england().once().with_numbers("digital_propensity").tidied(DIGITAL_PROPENSITY)
