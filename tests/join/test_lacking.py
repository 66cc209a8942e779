"""Residents that lack LSOAs are named before what is measured by them."""

import pandas as pd
import pytest

from pipeline.errors import JoinError
from pipeline.join import refuse_lsoas_lacking

CODES = pd.Series([f"E019000{number:02d}" for number in range(1, 61)])


def test_residents_of_every_lsoa_are_in_order_and_so_are_those_of_others_besides() -> None:
    refuse_lsoas_lacking(CODES, CODES, "ages.zip")
    refuse_lsoas_lacking(pd.concat([CODES, pd.Series(["E01900099"])]), CODES, "ages.zip")


def test_a_second_half_that_is_missing_is_named() -> None:
    with pytest.raises(JoinError, match=r"^ages.zip: 30 of 60 LSOA\(s\) have no row: E01900031, .* and 25 more"):
        refuse_lsoas_lacking(CODES[:30], CODES, "ages.zip")
