"""Whether the residents are those of every LSOA, before anything is measured by them."""

import pandas as pd

from pipeline.errors import JoinError, first


def refuse_residents_lacking(residents: pd.Series, listed: pd.Series, where: str) -> None:
    """Refuse residents that lack LSOAs of the official lookup.

    What is carried over by residents, such as an indicator of an analyst, would otherwise seem to be at fault.

    Args:
        residents: the LSOA codes of the table of residents, which comes from the file ``where``.
        listed: those of the lookup.

    Raises:
        JoinError: how many LSOAs are missing, and the first of them.
    """
    lacking = sorted(set(listed) - set(residents))
    if lacking:
        raise JoinError(
            f"{where}: {len(lacking):,} of {listed.nunique():,} LSOA(s) have no row: {first(lacking, 5)}. Is the file "
            "complete? Fetch it again."
        )
