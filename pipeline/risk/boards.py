"""The ICBs of a nation compared, and which places an area holds only a part of."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.store.records import BoardSummary, PartOfPlace

Integers = NDArray[np.int64]
ENDS = (0.05, 0.95)
"""What nine of ten plausible indices lie between."""
LEVELS = ("ward", "lad", "sicbl", "icb")
"""Places that areas lie in, the smallest first; each has the columns ``<level>_code`` and ``<level>_name``."""


def number_boards(nation: pd.DataFrame) -> Integers:
    """The ICB of each area of a nation, counted from 0 in the order of their codes; -1 for none."""
    if "icb_code" not in nation.columns:
        return np.full(len(nation), -1, dtype="int64")
    return np.asarray(pd.factorize(nation["icb_code"], sort=True)[0], dtype="int64")


def compare_boards(
    nation: pd.DataFrame, decile: pd.Series, people: pd.Series, drawn: Integers | None = None
) -> tuple[BoardSummary, ...] | None:
    """The ICBs of a nation by the share of their areas in its worst tenth, in the order of their codes.

    None where the nation cannot be ranked, or its areas lie in no ICB. Equal shares have the same rank.

    Args:
        nation: ``icb_code`` and ``icb_name`` of every area, by code.
        decile: of each area in the nation. ``people``: at risk, in each.
        drawn: areas in the worst tenth by plausible index, draws × ICBs; None leaves the ends of what they give empty.
    """
    numbers = number_boards(nation)
    if decile.isna().all() or (numbers < 0).all():
        return None
    inside = numbers >= 0
    areas = np.bincount(numbers[inside])
    worst = np.bincount(numbers[inside & (decile.reindex(nation.index) == 1).to_numpy()], minlength=len(areas))
    at_risk = people.reindex(nation.index).to_numpy(dtype="float64")
    counted = inside & ~np.isnan(at_risk)
    sums = np.bincount(numbers[counted], weights=at_risk[counted], minlength=len(areas))
    ranks = _ranks(worst / areas)
    counts, places = (None, None) if drawn is None else (_ends(drawn), _ends(_ranks(drawn / areas)))
    first = nation.loc[inside, ["icb_code", "icb_name"]].drop_duplicates("icb_code").sort_values("icb_code")
    return tuple(
        BoardSummary(
            code=code,
            name=name,
            areas=int(areas[board]),
            worst=int(worst[board]),
            worst_low=None if counts is None else int(counts[0, board]),
            worst_high=None if counts is None else int(counts[1, board]),
            rank=int(ranks[board]),
            rank_low=None if places is None else int(places[0, board]),
            rank_high=None if places is None else int(places[1, board]),
            people_at_risk=round(float(sums[board]), 1),
        )
        for board, (code, name) in enumerate(first.itertuples(index=False))
    )


def _ranks(shares: NDArray[np.float64]) -> Integers:
    """1 for the highest share of the last axis; equal shares have the same."""
    higher = shares[..., None, :] > shares[..., :, None]
    ranks: Integers = 1 + higher.sum(axis=-1)
    return ranks


def _ends(drawn: Integers) -> Integers:
    """Numbers that occur between which nine of ten draws lie, by column."""
    return np.asarray(np.quantile(drawn, ENDS, axis=0, method="inverted_cdf"), dtype="int64")


def find_parts(nation: pd.DataFrame, codes: pd.Index) -> tuple[PartOfPlace, ...]:
    """The places of which an area holds some LSOAs and not all, with how many they have in the nation.

    Args:
        nation: ``<level>_code`` of every LSOA, by code. ``codes``: the LSOAs of the area.
    """
    parts = []
    for level in LEVELS:
        column = f"{level}_code"
        if column not in nation.columns:
            continue
        everywhere, here = nation[column].value_counts(), nation.loc[codes, column].value_counts()
        divided = here.index[here < everywhere.reindex(here.index)]
        parts += [PartOfPlace(level=level, code=code, areas=int(everywhere[code])) for code in sorted(divided)]
    return tuple(parts)
