"""Which LSOAs the larger areas, or the practices, of an outcome are made of, and with what weights."""

from collections.abc import Mapping

import pandas as pd

from pipeline.errors import EvidenceError, first
from pipeline.evidence.outcome import recognise_vintage
from pipeline.reading import Header, Layout, NumberForm, Sheet, plain, read_numbers
from pipeline.reading.codes import LSOA, OF_OTHER_NATIONS, codes_in, list_wrong_codes

LOOKUP_COLUMNS: Mapping[str, Header] = {
    "unit": ("unit", "area", "practice_code", "PRACTICE_CODE"),
    "lsoa": ("lsoa", "lsoa_code", "lsoa21_code", "lsoa11_code", "LSOA_CODE"),
    "weight": ("weight", "NUMBER_OF_PATIENTS"),
}
"""The columns of a lookup file; the publisher's names of patients by LSOA will do as well."""
LOOKUP_LAYOUT = Layout(likely=tuple(LOOKUP_COLUMNS.values()))
ELSEWHERE = ""
"""In place of an LSOA that cannot be used: its weight counts, and it is in no nation."""


def unit_of(cell: object) -> str:
    """A code or name of an area as it is matched: without regard to capitals and spaces around it."""
    return plain(cell).casefold()


def pick_units(given: pd.Index, candidates: Mapping[str, pd.Series], name: str) -> pd.Series:
    """Of several codes and names that each LSOA's area has, those that the outcome uses: most of its units are among.

    Args:
        given: the units of the outcome, as :func:`unit_of` has them.
        candidates: by what they are (such as "code of the district"), one for each LSOA, indexed by its code.
        name: of the outcome, for messages.

    Returns:
        The unit of each LSOA, missing where it has none.

    Raises:
        EvidenceError: none of them is among the candidates.
    """
    best, most = None, 0
    for units in candidates.values():
        formed = units.dropna().map(unit_of)
        fitting = len(set(given) & set(formed))
        if fitting > most:
            best, most = formed, fitting
    if best is None:
        shown = [f"{what} such as {plain(units.dropna().iloc[0])}" for what, units in candidates.items() if len(units)]
        raise EvidenceError(
            f"{name}: none of its {len(given):,} areas is one of this nation: {first(given, 5)}. Expected "
            f"{' or '.join(shown)}; or give it a lookup, a CSV file with unit, lsoa and weight."
        )
    return best


def members(units: pd.Series, residents: pd.Series) -> pd.DataFrame:
    """``unit, lsoa21_code, weight``: LSOAs of each unit, weighted by their residents; both are indexed by LSOA."""
    return pd.DataFrame(
        {
            "unit": units.to_numpy(),
            "lsoa21_code": units.index.to_numpy(),
            "weight": residents.loc[units.index].to_numpy(dtype="float64"),
        }
    )


def members_of_lookup(sheet: Sheet, changes: pd.DataFrame | None, nation: pd.Index) -> pd.DataFrame:
    """``unit, lsoa21_code, weight`` of a lookup file, one row for each pair.

    Its LSOAs may be of 2011 or 2021. Those of 2011 that changed, and those of other nations, count in the weight of
    their unit, and their LSOA is empty.

    Raises:
        RawFileError: a column is missing, or a weight is not a number from 0.
        EvidenceError: a row has no LSOA code, or no LSOA is of this nation.
    """
    frame = sheet.pick(LOOKUP_COLUMNS)
    codes = codes_in(frame["lsoa"]).str.upper()
    elsewhere = codes.isin(("", "EMPTY", "CLOSED"))
    wrong = list_wrong_codes(codes[~elsewhere], also=OF_OTHER_NATIONS.pattern)
    if wrong:
        raise EvidenceError(f"{sheet.name}: {len(wrong):,} row(s) have no LSOA code such as E01026804: {first(wrong)}.")
    weights = read_numbers(frame["weight"], "weight", sheet.name, NumberForm(), frame["unit"]).values
    if (weights < 0).any():
        shown = [f"row {row}" for row in weights.index[weights < 0]]
        raise EvidenceError(f"{sheet.name}: {len(shown):,} weight(s) are below 0: {first(shown, 5)}.")
    english = codes.where(codes.str.fullmatch(LSOA.pattern), ELSEWHERE)
    usable = nation
    if (
        changes is not None
        and recognise_vintage(pd.Index(english[english != ""].unique()), changes, sheet.name) == "2011"
    ):
        usable = pd.Index(changes.loc[changes["change"] == "U", "lsoa21_code"]).intersection(nation)
    english = english.where(english.isin(usable), ELSEWHERE)
    if (english == ELSEWHERE).all():
        raise EvidenceError(f"{sheet.name}: none of its {len(codes):,} rows is of an LSOA of this nation.")
    pairs = pd.DataFrame({"unit": frame["unit"].map(unit_of), "lsoa21_code": english, "weight": weights})
    return pairs.groupby(["unit", "lsoa21_code"])["weight"].sum().reset_index()
