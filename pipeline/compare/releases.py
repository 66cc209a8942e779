"""Two releases of the English Indices of Deprivation as the sides of a comparison, on the LSOAs of 2021.

A release ranks every LSOA of its time. For one geography, values by LSOA of 2011 are carried over by the official
lookup: an unchanged LSOA keeps its value, the parts of a split one have that of the LSOA they were, merged ones the
mean weighted by residents, and irregular ones the best fit, flagged. Then all LSOAs of 2021 are ranked by the values
carried over.
"""

from dataclasses import dataclass

import pandas as pd

from pipeline.catalogue import Index
from pipeline.compare.sides import Side
from pipeline.errors import CompareError, first
from pipeline.index import rank_scores
from pipeline.places.carrying import CHANGES, Lookup, carry_over

NOTHING = pd.Series(dtype="object")
SCORE = "imd_score"


@dataclass(frozen=True)
class Release:
    """A published index: what readers call it, its year, and its scores and domain ranks by code.

    ``frame`` is by LSOA code of 2021 or of 2011, in the latter case with ``residents``.
    """

    title: str
    year: str
    frame: pd.DataFrame


def carry_release(release: Release, lookup: Lookup, columns: tuple[str, ...]) -> tuple[pd.DataFrame, pd.Series]:
    """A release by LSOA of 2011 on the LSOAs of 2021, and what became of each outline, in words.

    Raises:
        CompareError: LSOAs of 2021 have no value, as the lookup or the release lacks what they were made from.
    """
    carried = {
        name: carry_over(release.frame[name], lookup, "mean", release.frame["residents"]).values for name in columns
    }
    frame = pd.DataFrame(carried)
    empty = frame.index[frame.isna().any(axis=1)]
    if len(empty):
        raise CompareError(
            f"{release.title}: {len(empty):,} LSOA(s) of 2021 have no value, as an LSOA of 2011 that they were made "
            f"from has none: {first(empty, 5)}. Fetch the release and the lookup again."
        )
    changes = lookup.pairs.drop_duplicates("lsoa21_code").set_index("lsoa21_code")["change"].map(CHANGES)
    return frame, changes.reindex(frame.index)


def release_side(
    release: Release, frame: pd.DataFrame, index: Index, areas: pd.DataFrame, redrawn: pd.Series = NOTHING
) -> Side:
    """A release as a side.

    Args:
        frame: its scores and domain ranks by LSOA of 2021. ``index``: how domain ranks become the published score.
        areas: the area's LSOAs by code, with ``lsoa21_name`` and ``lad_name``. ``redrawn``: as for :class:`Side`.
    """
    ordered = frame.sort_index()
    rank = rank_scores(ordered[SCORE])
    inside = areas.sort_index()
    ranked = inside.assign(
        rank=rank.reindex(inside.index),
        area_rank=rank_scores(ordered[SCORE].reindex(inside.index)),
        people_at_risk=float("nan"),
    )
    return Side(
        title=release.title,
        date=release.year,
        kind="release",
        area="",
        reference="england",
        index=index,
        loss=None,
        areas=ranked,
        compared=ordered[list(index.columns)],
        redrawn=redrawn,
    )
