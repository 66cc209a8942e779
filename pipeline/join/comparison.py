"""An area and its nation: what every score of the area is made from."""

from dataclasses import dataclass
from typing import Self

import pandas as pd

from pipeline.catalogue import Fit, Index
from pipeline.catalogue.areas import Reference
from pipeline.catalogue.fits import Loss


@dataclass(frozen=True)
class Comparison:
    """An area, the nation it belongs to, the index it is scored by, and what its indicators are compared with.

    Attributes:
        area: the joined columns of the area's LSOAs, by code and in the order of codes, without geometry.
        nation: the same columns of all LSOAs of the nation, by code.
        index: the columns that count, and their weights.
        reference: ``england`` compares indicators over ``nation``, ``area`` over ``area`` alone.
        fit: what calibrating left of these weights; ``None`` where there is nothing, or it belongs to other weights.
    """

    area: pd.DataFrame
    nation: pd.DataFrame
    index: Index
    reference: Reference = "england"
    fit: Fit | None = None

    @classmethod
    def of_joined(
        cls, joined: pd.DataFrame, nation: pd.DataFrame, index: Index, reference: Reference = "england"
    ) -> Self:
        """From ``joined.parquet`` of the area, with or without geometry, and ``reference.parquet`` of the nation.

        The codes of either may be the column ``lsoa21_code`` or the index.
        """
        plain = pd.DataFrame(joined.drop(columns="geometry", errors="ignore"))
        return cls(_by_code(plain).sort_index(), _by_code(nation), index, reference)

    @property
    def loss(self) -> Loss | None:
        """How much less other weights agree with the outcomes that the index was fitted to, where that was measured."""
        return None if self.fit is None else self.fit.loss

    @property
    def compared_with(self) -> pd.DataFrame:
        """The LSOAs that indicators are compared with."""
        return self.area if self.reference == "area" else self.nation


def _by_code(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_index("lsoa21_code") if "lsoa21_code" in frame.columns else frame
