"""Values of LSOAs of 2011 carried over to those of 2021, by the official lookup."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from pipeline.tables.membership import is_among

CHANGES = {"U": "unchanged", "S": "split", "M": "merged", "X": "irregular"}
"""``CHGIND`` of the lookup, in words."""


@dataclass(frozen=True)
class Lookup:
    """How LSOAs of 2011 became those of 2021, as shares of residents.

    Attributes:
        pairs: ``lsoa11_code``, ``lsoa21_code``, ``change`` and ``part``: of all residents of the LSOAs of 2021 that
            the LSOA of 2011 became, the share who live in this one.
    """

    pairs: pd.DataFrame

    @classmethod
    def of(cls, changes: pd.DataFrame, residents: pd.Series) -> "Lookup":
        """From the table ``lsoa_changes`` and the residents of each LSOA of 2021, by code."""
        pairs = changes.loc[is_among(changes["lsoa21_code"], residents.index), ["lsoa11_code", "lsoa21_code", "change"]]
        people = residents.reindex(pairs["lsoa21_code"]).to_numpy(dtype="float64")
        former = pairs["lsoa11_code"].to_numpy()
        everyone = pd.Series(people).groupby(former).transform("sum").to_numpy()
        children = pd.Series(people).groupby(former).transform("size").to_numpy()
        part = np.where(everyone > 0, people / np.where(everyone > 0, everyone, 1), 1 / children)
        return cls(pairs.assign(part=part).reset_index(drop=True))


@dataclass(frozen=True)
class Carried:
    """Values by LSOA of 2021.

    Attributes:
        values: by ``lsoa21_code``, in the order of codes; an LSOA has none where one that it was made from was not
            given.
        changes: how many of them are unchanged, split, merged and irregular, by these words.
        best_fit: the codes of irregular ones, whose values are the best estimate that the lookup allows.
        lost: codes of 2021 made partly from LSOAs that were given and partly from others, which therefore have no
            value.
    """

    values: pd.Series
    changes: Mapping[str, int]
    best_fit: tuple[str, ...]
    lost: tuple[str, ...]


def carry_over(
    values: pd.Series,
    lookup: Lookup,
    carried_as: Literal["sum", "mean"],
    weights: pd.Series | None = None,
    *,
    in_whole_numbers: bool = False,
) -> Carried:
    """Values of LSOAs of 2011 carried over to those of 2021.

    An unchanged LSOA keeps its value. A ``mean`` (rate, share, score) of a split one holds for all its parts; the value
    of merged ones is their mean, weighted by ``weights``. A ``sum`` (people, things) is shared out among the parts of a
    split LSOA by residents, and added up for merged ones, so that totals stay the same. For an irregular LSOA the
    lookup says only what it was made from: the same is done, by residents, and it is flagged.

    Args:
        values: by LSOA 2011 code, each once; a missing value stays missing.
        weights: what a mean is taken of (its denominator), by LSOA 2011 code; if left out, each counts equally.
        in_whole_numbers: share out a sum in whole numbers; what is left over goes where the fractions are largest.
    """
    given = lookup.pairs[is_among(lookup.pairs["lsoa11_code"], values.index)]
    parents = lookup.pairs.groupby("lsoa21_code")["lsoa11_code"].size()
    complete = given.groupby("lsoa21_code")["lsoa11_code"].size()
    lost = complete.index[complete < parents.reindex(complete.index)]
    value = values.reindex(given["lsoa11_code"]).to_numpy(dtype="float64")
    if carried_as == "sum":
        amounts = value * given["part"].to_numpy()
        if in_whole_numbers:
            amounts = _in_whole_numbers(amounts, given)
        result = pd.Series(amounts).groupby(given["lsoa21_code"].to_numpy()).sum(skipna=False)
    else:
        result = _mean(value, given, weights)
    result = result.drop(index=lost).rename_axis("lsoa21_code").sort_index()
    change = given.drop_duplicates("lsoa21_code").set_index("lsoa21_code")["change"].reindex(result.index)
    counts = {word: int((change == letter).sum()) for letter, word in CHANGES.items()}
    return Carried(result, counts, tuple(result.index[change == "X"]), tuple(sorted(lost)))


def _in_whole_numbers(amounts: np.ndarray, given: pd.DataFrame) -> np.ndarray:
    """``amounts`` in whole numbers whose sum over the parts of an LSOA of 2011 stays as it is."""
    # A part within a millionth of a whole number is that number: shares add up to 1 only approximately.
    floor = np.floor(amounts + 1e-6)
    frame = pd.DataFrame({"parent": given["lsoa11_code"].to_numpy(), "amount": amounts, "floor": floor})
    frame["fraction"] = frame["amount"] - frame["floor"]
    ordered = frame.sort_values(["parent", "fraction"], ascending=[True, False], kind="stable")
    by_parent = ordered.groupby("parent")
    left = (by_parent["amount"].transform("sum") - by_parent["floor"].transform("sum")).round()
    rounded = ordered["floor"] + (by_parent.cumcount() < left)
    return rounded.where(ordered["amount"].notna()).sort_index().to_numpy()


def _mean(value: np.ndarray, given: pd.DataFrame, weights: pd.Series | None) -> pd.Series:
    codes = given["lsoa21_code"].to_numpy()
    weight = given["part"].to_numpy(dtype="float64")
    if weights is not None:
        weight = weight * weights.reindex(given["lsoa11_code"]).to_numpy(dtype="float64")
    frame = pd.DataFrame({"value": value, "weight": weight, "weighted": value * weight})
    by_code = frame.groupby(codes)
    total = by_code[["weight", "weighted"]].sum(skipna=False)
    weighted = total["weighted"] / total["weight"].where(total["weight"] > 0)
    plain = by_code["value"].mean()
    # A single value is kept as it is: weighting and dividing it would round it.
    lone = by_code["value"].size() == 1
    result = plain.where(lone | (total["weight"] == 0), weighted)
    return result.where(by_code["value"].count() == by_code["value"].size())
