"""Which people of which LSOAs belong to each larger area: one sparse matrix, whether whole LSOAs or parts of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.errors import JoinError, first
from pipeline.reading.codes import msoa_names
from pipeline.summarise.levels import LEVELS

if TYPE_CHECKING:
    # Imported here because it is slow to import.
    from scipy.sparse import csr_array

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Units:
    """The larger areas of one level.

    Attributes:
        level: what they are: a key of :data:`LEVELS`, ``practice``, ``pcn``, or the id of a declared grouping.
        names: the name of each unit, by its code.
        shares: of the people of each LSOA (column) who belong to each unit (row), units × LSOAs of the nation.
        people: their number, likewise.
        total: all people of each unit, wherever they live: also those whose LSOA is not in the nation.
        partition: whether every LSOA of the nation belongs to one unit and no more.
        without: the LSOAs of the nation that belong to no unit, where the others belong to one.
    """

    level: str
    names: "pd.Series[str]"
    shares: "csr_array"
    people: "csr_array"
    total: Vector
    partition: bool = False
    without: tuple[str, ...] = ()


def units_of_level(level: str, nation: pd.DataFrame, msoas: pd.DataFrame) -> Units | None:
    """The units of an official level over all LSOAs of a nation, one to one; ``None`` where no lookup gives them.

    Args:
        level: a key of :data:`LEVELS`.
        nation: ``lsoa21_name``, ``population_total`` and ``<level>_code`` and ``<level>_name`` of every LSOA, by code.
        msoas: ``msoa21_code``, ``msoa21_name`` and ``msoa21_common_name``; may have no rows. An MSOA that it lacks goes
            by its official name.

    Raises:
        JoinError: a unit has two names.
    """
    from scipy.sparse import csr_array

    given = _given(level, nation, msoas)
    if given is None:
        return None
    pair, listed = given
    of_unit = listed.drop_duplicates()
    twice = of_unit[of_unit["unit"].duplicated(keep=False)]
    if len(twice):
        shown = [f"{unit} ({name})" for unit, name in twice.itertuples(index=False)]
        raise JoinError(f"{LEVELS[level]}: a code has several names in the lookup: {first(shown)}. Fetch it again.")
    of_pair, codes = pd.factorize(listed["unit"], sort=True)
    unit = np.append(of_pair, -1)[pair]
    lsoas = np.flatnonzero(unit >= 0)
    names = of_unit.set_index("unit")["name"].reindex(pd.Index(codes, name="unit"))
    if level == "ward" and "lad_name" in nation.columns:
        _, begin = np.unique(unit[lsoas], return_index=True)
        names = _tell_apart(names, nation["lad_name"].iloc[lsoas[begin]])
    ends = np.concatenate([[0], np.cumsum(np.bincount(unit[lsoas], minlength=len(codes)))])
    by_unit = lsoas[np.argsort(unit[lsoas], kind="stable")]
    shares = csr_array((np.ones(len(lsoas)), by_unit, ends), shape=(len(codes), len(nation)))
    people = _times(shares, nation["population_total"].to_numpy(dtype="float64"))
    without = tuple(nation.index[unit < 0].unique().sort_values())
    total = np.asarray(people.sum(axis=1), dtype="float64").ravel()
    return Units(level, names.astype("str"), shares, people, total, not without, without)


def _given(level: str, nation: pd.DataFrame, msoas: pd.DataFrame) -> tuple[NDArray[np.intp], pd.DataFrame] | None:
    """The pairs of a code and a name that the nation has at a level, and the number of each LSOA's; -1 without a code.

    An LSOA is one of many with the same pair: pairs are looked at once.

    Returns:
        The number for each LSOA, and ``unit`` and ``name`` of each pair, in the order in which they are met; None where
        no lookup gives units of the level.
    """
    if level == "msoa":
        pair, distinct = pd.factorize(msoa_names(nation["lsoa21_name"]))
        official = pd.Series(distinct, dtype="object")
        of_name = msoas.set_index("msoa21_name").astype("object")
        common = official.map(of_name["msoa21_common_name"])
        names = (common + " (" + official + ")").where(common.notna(), official)
        return pair, pd.DataFrame({"unit": official.map(of_name["msoa21_code"]).fillna(official), "name": names})
    if f"{level}_code" not in nation.columns:
        return None
    code, codes = pd.factorize(nation[f"{level}_code"])
    name, titles = pd.factorize(nation[f"{level}_name"])
    coded = code >= 0
    number, pairs = pd.factorize((code * (len(titles) + 1) + name + 1)[coded])
    both = np.full(len(code), -1, dtype=np.intp)
    both[coded] = number
    listed = pd.DataFrame(
        {
            "unit": codes.take(pairs // (len(titles) + 1)).astype("object"),
            "name": titles.append(pd.Index([None])).take(pairs % (len(titles) + 1) - 1).astype("object"),
        }
    )
    return both, listed


def _tell_apart(names: "pd.Series[str]", districts: "pd.Series[str]") -> "pd.Series[str]":
    """The name of each unit by its code; one that another unit has too is followed by its district, given in order."""
    shared = names.duplicated(keep=False)
    return names.where(~shared, names + " (" + districts.set_axis(names.index).astype("object") + ")")


def units_of_shares(level: str, names: "pd.Series[str]", weights: pd.DataFrame, residents: pd.Series) -> Units:
    """Units of LSOAs, or of shares of them.

    Args:
        names: by the code of the unit.
        weights: ``unit``, ``lsoa21_code`` and ``weight``: the share of the LSOA's people who belong to it, 0 to 1.
        residents: of every LSOA of the nation, by code.
    """
    shares = _matrix(names, weights, residents.index)
    people = _times(shares, residents.to_numpy(dtype="float64"))
    return Units(level, names, shares, people, np.asarray(people.sum(axis=1), dtype="float64").ravel())


def units_of_counts(
    level: str, names: "pd.Series[str]", counts: pd.DataFrame, residents: pd.Series, total: pd.Series
) -> Units:
    """Units that people belong to whose LSOA is known, such as the patients of GP practices.

    Args:
        names: by the code of the unit.
        counts: ``unit``, ``lsoa21_code`` and ``weight``: people of the LSOA who belong to it.
        residents: of every LSOA of the nation, by code.
        total: all people of each unit, by its code: also those who live outside the nation or nobody knows where.
    """
    people = _matrix(names, counts, residents.index)
    per_resident = residents.to_numpy(dtype="float64")
    part = np.divide(1.0, per_resident, out=np.zeros(len(per_resident)), where=per_resident > 0)
    return Units(level, names, _times(people, part), people, total.reindex(names.index).to_numpy(dtype="float64"))


def _times(matrix: "csr_array", by: Vector) -> "csr_array":
    """Every column of a matrix times its number; what is not zero stays in it, even where the number is."""
    from scipy.sparse import csr_array

    return csr_array((matrix.data * by[matrix.indices], matrix.indices, matrix.indptr), shape=matrix.shape)


def _matrix(names: "pd.Series[str]", weights: pd.DataFrame, codes: pd.Index) -> "csr_array":
    """Weights as units × LSOAs; several rows of one pair are added up."""
    from scipy.sparse import coo_array

    rows = names.index.get_indexer(pd.Index(weights["unit"]))
    columns = codes.get_indexer(pd.Index(weights["lsoa21_code"]))
    if (rows < 0).any() or (columns < 0).any():
        lost = weights[(rows < 0) | (columns < 0)]
        raise JoinError(f"Weights of no unit, or of no LSOA of the nation: {first(lost['lsoa21_code'])}")
    values = weights["weight"].to_numpy(dtype="float64")
    matrix: csr_array = coo_array((values, (rows, columns)), shape=(len(names), len(codes))).tocsr()
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return matrix
