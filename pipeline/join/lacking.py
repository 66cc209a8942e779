"""Whether what other tables are carried over by holds every LSOA, before it is used."""

import pandas as pd

from pipeline.errors import JoinError, first


def refuse_lsoas_lacking(codes: pd.Series, listed: pd.Series, where: str) -> None:
    """Refuse a table by which others are carried over, where it lacks LSOAs of the official lookup.

    What is carried over, such as an indicator of an analyst, would otherwise seem to be at fault.

    Args:
        codes: the LSOA codes of 2021 in a table of residents, or of how LSOAs changed, from the file ``where``.
        listed: those of the lookup.

    Raises:
        JoinError: how many LSOAs are missing, and the first of them.
    """
    lacking = sorted(set(listed) - set(codes))
    if lacking:
        raise JoinError(
            f"{where}: {len(lacking):,} of {listed.nunique():,} LSOA(s) have no row: {first(lacking, 5)}. Is the file "
            "complete? Fetch it again."
        )
