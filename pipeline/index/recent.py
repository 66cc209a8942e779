"""The national ranks that were drawn last: two stages of one run need the same, and drawing them takes seconds.

They are remembered by the content of all that they depend on, so that nothing else is ever taken for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import Index, Uncertainty
from pipeline.catalogue.fits import Loss

Ranks = NDArray[Any]
MOST_BYTES = 50_000_000
"""Ranks that take more are not remembered."""


@dataclass(frozen=True)
class RanksDrawn:
    """Ranks, draws × codes, and the hash of all that they depend on."""

    key: str
    codes: pd.Index
    ranks: Ranks


class RecentRanks:
    """Holds the ranks of one call, of one nation and index; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: RanksDrawn | None = None

    def keep(self, key: str, codes: pd.Index, ranks: Ranks) -> None:
        """Remember ``ranks`` (draws × codes) in place of what was remembered."""
        if ranks.size and ranks.nbytes <= MOST_BYTES:
            with self._lock:
                self._last = RanksDrawn(key, codes, ranks)

    @property
    def last(self) -> RanksDrawn | None:
        """What is remembered."""
        with self._lock:
            return self._last

    def of(self, key: str, codes: pd.Index) -> Ranks | None:
        """The ranks of ``codes`` by each draw; None where they are not all remembered under ``key``."""
        last = self.last
        if last is None or last.key != key:
            return None
        places = last.codes.get_indexer(codes)
        return None if (places < 0).any() else last.ranks[:, places]


RECENT = RecentRanks()


def key_of(index: Index, nation: pd.DataFrame, uncertainty: Uncertainty, loss: Loss | None) -> str:
    """A hash of everything that national ranks depend on."""
    digest = sha256()
    for text in _texts(index, nation, uncertainty, loss):
        digest.update(f"{len(text)}:{text}".encode())
    for column in _columns(index, nation, uncertainty):
        digest.update(nation[column].to_numpy(dtype="float64").tobytes())
    return digest.hexdigest()


def _texts(index: Index, nation: pd.DataFrame, uncertainty: Uncertainty, loss: Loss | None) -> Iterable[str]:
    yield index.model_dump_json()
    yield uncertainty.model_dump_json()
    yield "" if loss is None else loss.model_dump_json()
    # As an array of Python's own texts, which takes a tenth of the time of asking pandas for one after the other.
    yield " ".join(map(str, nation.index.to_numpy(dtype=object)))
    # Gaps are filled with the median of a class.
    yield "" if index.impute_by is None else " ".join(map(str, nation[index.impute_by].to_numpy(dtype=object)))
    yield from (f"{name} {nation[name].dtype}" for name in _columns(index, nation, uncertainty))


def _columns(index: Index, nation: pd.DataFrame, uncertainty: Uncertainty) -> list[str]:
    """Those of indicators, and those that errors go by."""
    used = {*index.columns, *(noise.of for noise in uncertainty.noise)}
    return [name for name in nation.columns if name in used]
