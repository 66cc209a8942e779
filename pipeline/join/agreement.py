"""Whether tables of one nation agree: the same LSOAs, the same households and residents, rows beside their own codes.

Every check compares two independent tables, so that a fault of one shows although it is plausible by itself. The bounds
hold for England as published, with room; each says how far real data are from it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.errors import JoinError, first
from pipeline.join.tables import Part
from pipeline.reading.correlation import correlation
from pipeline.tables.columns import AREA_NAME
from pipeline.tables.membership import is_among

Vector = NDArray[np.float64]

FEWEST = 20
"""LSOAs from which a share of them says something."""
FEWEST_FOR_ORDER = 50
"""LSOAs from which a correlation of neighbouring rows says something."""

PERTURBED, PERTURBED_SHARE = 15, 0.025
"""Two census tables of the same households or residents differ by up to 10, or 1.6%, in England: they are perturbed
separately. More than this many and this share is no perturbation."""
GROWTH = (0.2, 5.0)
"""Residents of a later year as a multiple of the census: an LSOA may be built or pulled down, but half of them are
within a few per cent."""
MEDIAN_GROWTH = (0.8, 1.3)
RESIDENTS_PER_HOUSEHOLD = (0.95, 60.0)
"""In an LSOA: 1.3 to 17.6 in England (halls, barracks and prisons are residents without households)."""
MEDIAN_RESIDENTS_PER_HOUSEHOLD = (1.5, 4.0)
"""2.4 in England."""
STRADDLING_WARDS = 0.001
"""Of wards that may have LSOAs in two districts: none has, if both lookups are of about the same year."""
MOST_RENAMED = 0.05
"""Of the LSOAs whose name in a table may be none of the lookup's, as names are corrected: in England, none differs."""
ROWS_AWAY = (1, 2, 3, -1, -2, -3)
"""How far rows are tried to have moved against their codes."""
CLEARLY_BETTER, STANDARD_ERRORS = 0.02, 1.5
"""By how much, and by how many standard errors, two tables must agree better some rows away than in place before rows
are said to have moved. As published, each pair below agrees best in place, by 0.03 to 0.6."""

CHECKED = (
    "Outlines lie in England, have the size of LSOAs, share no ground, and lie with the others of their MSOA.",
    "All tables have the same LSOAs as the lookup and the boundaries.",
    "Ranks, deciles and scores of the deprivation file agree, and its domains give the published overall score.",
    "Census tables of the same households or residents agree, their parts add up, and none holds percentages or "
    "rounded counts.",
    "The names beside codes are those of the lookup, and districts, Sub-ICB locations and ICBs have one name each.",
    "Columns of independent tables go together as in the published data, so no rows have moved against their codes.",
    "Places with coordinates and a postcode lie near the postcode; the same place in two lists is counted once.",
)
"""What every run compares, in words for the method page."""
TAKEN_ON_TRUST = (
    "the rural-urban class of a single LSOA",
    "how residents of 65 and over of a single LSOA divide into those of 65 to 74 and of 75 and over",
    "single values of broadband and transport connectivity within what is plausible",
    "values of the deprivation file that two LSOAs exchanged in all columns",
    "which ward, district, Sub-ICB location and ICB an LSOA belongs to, where the lookups do not contradict each other",
    "hours of libraries up to 168 a week, and whether a place is still open",
    "where a place is that has only coordinates, or only a postcode",
)
"""What nothing in the sources contradicts, in words for the method page."""
WITHOUT_CENTROIDS = "outlines of two LSOAs of one MSOA that were exchanged, as there are no centroids to show it"
WITHOUT_POSTCODES = "the coordinates of all places, as there is no list of postcodes to compare them with"


@dataclass(frozen=True)
class Related:
    """Two columns of independent tables that go together: the rank correlation must be at least ``floor``.

    ``sign`` is -1 where one is high when the other is low. ``published`` is the correlation in England, for messages.
    """

    one: tuple[str, str]
    other: tuple[str, str]
    floor: float
    published: float
    sign: int = 1


RELATED = (
    Related(("tenure", "share_social_rented"), ("deprivation", "income_deprivation"), 0.4, 0.79),
    Related(("household_deprivation", "share_households_deprived"), ("deprivation", "income_deprivation"), 0.4, 0.85),
    Related(("disability", "share_disabled"), ("household_deprivation", "share_households_deprived"), 0.2, 0.63),
    Related(("population", "share_75_plus"), ("tenure", "share_owned_outright"), 0.3, 0.81),
    Related(("rurality", "rurality"), ("underlying_indicators", "transport_connectivity"), 0.2, -0.62, sign=-1),
    Related(("rurality", "rurality"), ("underlying_indicators", "broadband_deprivation"), 0.0, 0.35),
)
"""In the fictional area, all of them agree better than in England, or nearly as well."""


def refuse_disagreement(parts: Sequence[Part], lookup: str, expected: int | None = None) -> None:
    """Refuse tables of a nation that contradict each other.

    Args:
        parts: the tidy tables that are joined by LSOA. ``lookup``: the source of the one that says which LSOAs exist.
        expected: the number of LSOAs of the nation, where it is declared.

    Raises:
        JoinError: LSOAs that one table has and another lacks, or every other fault that was seen; with the files, the
            LSOAs and what to do.
    """
    refuse_other_lsoas(parts, lookup, expected)
    tables = {part.table.name: part for part in parts}
    faults = [fault for check in _CHECKS for fault in check(tables)]
    if faults:
        raise JoinError("\n".join(faults))


def refuse_other_lsoas(parts: Sequence[Part], lookup: str, expected: int | None = None) -> None:
    """Refuse a lookup that lacks LSOAs which other tables have, or another number of them than the nation has.

    Args:
        parts, lookup, expected: as in :func:`refuse_disagreement`.

    Raises:
        JoinError: the LSOAs, and the tables that have them.
    """
    listed = next((part for part in parts if part.source == lookup), None)
    if listed is None:
        return
    codes = pd.Index(listed.frame["lsoa21_code"])
    surplus = {part.source: _more(part.frame["lsoa21_code"], codes) for part in parts}
    having = [source for source, more in surplus.items() if len(more)]
    if having:
        lacking = sorted(set().union(*(surplus[source] for source in having)))
        if len(having) == 1 and len(parts) > 2:
            odd = next(part for part in parts if part.source == having[0])
            raise JoinError(
                f"{odd.where}: it has {len(lacking):,} LSOA(s) that no other table has: {first(lacking, 5)}. Get the "
                "table of LSOAs of 2021, or fetch it again."
            )
        raise JoinError(
            f"{listed.where}: it lacks {len(lacking):,} LSOA(s) that other tables have ({first(having, 4)}): "
            f"{first(lacking, 5)}. Areas would be made without them: fetch the lookup again."
        )
    if expected is not None and len(codes) != expected:
        raise JoinError(
            f"{listed.where}: it has {len(codes):,} LSOAs, and {expected:,} are declared (rows in "
            "declared/sources.toml). Fetch the lookup again, or get the one for LSOAs of 2021."
        )


def refuse_other_boundaries(boundaries: "pd.Series[str]", where: str, listed: Part) -> None:
    """Refuse boundaries of a nation whose LSOAs are not those of the lookup.

    Args:
        boundaries: the codes of all outlines of the nation. ``where``: their file, for messages.
        listed: the lookup.

    Raises:
        JoinError: LSOAs that one has and the other lacks.
    """
    outlines, codes = pd.Index(boundaries), pd.Index(listed.frame["lsoa21_code"])
    without_row, without_outline = _more(boundaries, codes), _more(listed.frame["lsoa21_code"], outlines)
    if len(without_row):
        raise JoinError(
            f"{listed.where}: it lacks {len(without_row):,} LSOA(s) that have a boundary ({where}): "
            f"{first(without_row, 5)}. Areas would be made without them: fetch the lookup again."
        )
    if len(without_outline):
        raise JoinError(
            f"{where}: it lacks the boundaries of {len(without_outline):,} of the nation's {len(codes):,} LSOAs: "
            f"{first(without_outline, 5)}. Fetch the boundaries again."
        )


def _more(codes: "pd.Series[str]", than: "pd.Index[str]") -> "pd.Index[str]":
    """The codes that are not among others, in order."""
    return pd.Index(codes[~is_among(codes, than)].sort_values())


def _same_names(tables: Mapping[str, Part]) -> Iterator[str]:
    """The name beside a code is that of the lookup; one that belongs to another LSOA shows that codes have moved."""
    lookup = tables.get("health_geography")
    if lookup is None:
        return
    listed = lookup.frame.sort_values("lsoa21_code", ignore_index=True)
    names = listed.set_index("lsoa21_code")["lsoa21_name"]
    for part in tables.values():
        if AREA_NAME.name not in part.frame or part is lookup:
            continue
        beside = part.frame.sort_values("lsoa21_code", ignore_index=True)
        if beside["lsoa21_code"].equals(listed["lsoa21_code"]) and _alike(
            beside[AREA_NAME.name], listed["lsoa21_name"]
        ):
            continue
        given = beside.set_index("lsoa21_code")[AREA_NAME.name].dropna()
        other = given[given.to_numpy() != names.reindex(given.index).to_numpy()]
        moved = other[other.isin(names)]
        odd = moved if len(moved) else other
        if len(moved) or (len(given) >= FEWEST and len(other) > max(1, MOST_RENAMED * len(given))):
            shown = [f"{code} ('{name}' and '{names.get(code, '')}')" for code, name in odd.items()]
            yield (
                f"{part.where}: {len(odd):,} LSOA(s) have another name than in the lookup ({lookup.where}): "
                f"{first(shown, 4)}. Codes of one of the two files have moved against their rows: fetch both again."
            )


def _alike(one: "pd.Series[str]", other: "pd.Series[str]") -> bool:
    """Whether two columns of text are the same, value by value."""
    return bool(pa.array(one, pa.string()).equals(pa.array(other, pa.string())))


def _same_households(tables: Mapping[str, Part]) -> Iterator[str]:
    pair = _pair(tables, ("household_deprivation", "households"), ("tenure", "households_by_tenure"))
    if pair is not None:
        yield from _same_counts(*pair, "households on Census Day")


def _same_residents(tables: Mapping[str, Part]) -> Iterator[str]:
    pair = _pair(tables, ("population", "population_total"), ("disability", "residents_2021"))
    if pair is None:
        return
    one, other, values = pair
    if one.of_census:
        yield from _same_counts(one, other, values, "residents on Census Day")
        return
    growth = values["one"] / values["other"]
    middle = float(growth.median())
    if len(values) >= FEWEST and not MEDIAN_GROWTH[0] <= middle <= MEDIAN_GROWTH[1]:
        yield (
            f"{one.where}: half of the LSOAs have less than {middle:.2f} times the residents that the census counted "
            f"({other.where}). Is it the right sheet and column? Fetch it again."
        )
        return
    odd = values[~growth.between(*GROWTH)]
    if len(odd):
        yield (
            f"{one.where}: {len(odd):,} LSOA(s) have residents that the census ({other.where}) contradicts: "
            f"{first(_shown(odd), 5)}. Fetch it again."
        )


def _same_counts(one: Part, other: Part, values: pd.DataFrame, what: str) -> Iterator[str]:
    """Two counts of the same things by the same census, which differ by perturbation only."""
    apart = (values["one"] - values["other"]).abs()
    odd = values[(apart > PERTURBED) & (apart > PERTURBED_SHARE * values.max(axis=1))]
    if len(odd):
        yield (
            f"{one.where} and {other.where} count the same {what}, and contradict each other for {len(odd):,} of "
            f"{len(values):,} LSOA(s): {first(_shown(odd), 5)}. One of them has other values, or values beside other "
            "codes: fetch both again."
        )


def _household_size(tables: Mapping[str, Part]) -> Iterator[str]:
    pair = _pair(tables, ("disability", "residents_2021"), ("household_deprivation", "households"))
    if pair is None:
        return
    one, other, values = pair
    size = values["one"] / values["other"]
    middle, (low, high) = float(size.median()), MEDIAN_RESIDENTS_PER_HOUSEHOLD
    if len(values) >= FEWEST and not low <= middle <= high:
        yield (
            f"{one.where} and {other.where} give {middle:.2f} residents for each household in half of the LSOAs; it "
            "should be about 2.4. One of them does not hold counts: fetch both again."
        )
        return
    odd = values[~size.between(*RESIDENTS_PER_HOUSEHOLD)]
    if len(odd):
        yield (
            f"{one.where} and {other.where} contradict each other (residents, households) in {len(odd):,} LSOA(s): "
            f"{first(_shown(odd), 5)}. Fetch both again."
        )


def _wards_in_districts(tables: Mapping[str, Part]) -> Iterator[str]:
    if "wards" not in tables or "health_geography" not in tables:
        return
    wards, lookup = tables["wards"], tables["health_geography"]
    of_ward = wards.frame.set_index("lsoa21_code")["ward_code"].reindex(lookup.frame["lsoa21_code"])
    both = pd.DataFrame({"ward": of_ward.to_numpy(), "district": lookup.frame["lad_code"].to_numpy()}).dropna()
    districts = both.drop_duplicates()["ward"].value_counts()
    astride = districts.index[districts > 1]
    if len(astride) > STRADDLING_WARDS * len(districts):
        yield (
            f"{wards.where} and {lookup.where} do not fit together: {len(astride):,} of {len(districts):,} wards have "
            f"LSOAs in two districts: {first(sorted(astride), 5)}. They are of different years, or the rows of one "
            "lie beside other codes: fetch both again."
        )


def _homes(tables: Mapping[str, Part]) -> Iterator[str]:
    """Social renting goes with income deprivation, and private renting far less: 0.79 and 0.25 in England at most."""
    pairs = [
        _pair(tables, ("tenure", share), ("deprivation", "income_deprivation"))
        for share in ("share_social_rented", "share_private_rented")
    ]
    if any(pair is None or len(pair[2]) < FEWEST_FOR_ORDER for pair in pairs):
        return
    social, private = (_correlation(*pair[2].rank().to_numpy().T) for pair in pairs if pair is not None)
    if private > social:
        yield (
            f"{tables['tenure'].where}: the columns of social and private renting are exchanged: the second goes with "
            f"income deprivation more closely than the first (rank correlation {private:.2f} and {social:.2f}). Fetch "
            "it again."
        )


def _related_columns(tables: Mapping[str, Part]) -> Iterator[str]:
    for related in RELATED:
        pair = _pair(tables, related.one, related.other)
        if pair is None or len(pair[2]) < FEWEST_FOR_ORDER:
            continue
        one, other, values = pair
        one_rank, other_rank = values.rank().to_numpy().T
        in_place = related.sign * _correlation(one_rank, other_rank)
        moved = max(related.sign * _correlation(*_away(one_rank, other_rank, rows)) for rows in ROWS_AWAY)
        error = 1 / np.sqrt(len(values))
        names = f"{related.one[1]} ({one.where}) and {related.other[1]} ({other.where})"
        if moved > in_place + max(CLEARLY_BETTER, STANDARD_ERRORS * error) and moved >= related.floor:
            yield (
                f"{names} agree better a row or a few apart than in the same row (rank correlation "
                f"{related.sign * moved:.2f} and {related.sign * in_place:.2f}): the values of one file have moved "
                "against their codes. Fetch both again."
            )
        elif in_place < related.floor - 2 * error:
            yield (
                f"{names} do not go together: their rank correlation is {related.sign * in_place:.2f}, and "
                f"{related.published:.2f} as published. Values lie beside other codes, or a column was mistaken for "
                "another: fetch both again."
            )


_CHECKS: tuple[Callable[[Mapping[str, Part]], Iterator[str]], ...] = (
    _same_names,
    _same_households,
    _same_residents,
    _household_size,
    _wards_in_districts,
    _homes,
    _related_columns,
)


def _pair(
    tables: Mapping[str, Part], one: tuple[str, str], other: tuple[str, str]
) -> tuple[Part, Part, pd.DataFrame] | None:
    """Two tables with the values of a column of each by LSOA; ``None`` where one of them is absent."""
    if any(table not in tables or column not in tables[table].frame for table, column in (one, other)):
        return None
    left, right = tables[one[0]], tables[other[0]]
    there = right.frame.set_index("lsoa21_code")[other[1]]
    codes = pd.Index(left.frame["lsoa21_code"])
    values = pd.DataFrame(
        {
            "one": left.frame[one[1]].to_numpy(dtype="float64", na_value=np.nan),
            "other": (there if there.index.equals(codes) else there.reindex(codes)).to_numpy(
                "float64", na_value=np.nan
            ),
        },
        index=codes,
    )
    return left, right, values.dropna()


def _correlation(one: Vector, other: Vector) -> float:
    together = correlation(one, other)
    return together if together == together else 0.0


def _away(one: Vector, other: Vector, rows: int) -> tuple[Vector, Vector]:
    """The values of ``one`` beside those of ``other`` that stand ``rows`` rows further down."""
    return (one[:-rows], other[rows:]) if rows > 0 else (one[-rows:], other[:rows])


def _shown(values: pd.DataFrame) -> list[str]:
    return [
        f"{code} ({one:,.0f} and {other:,.0f})"
        for code, one, other in zip(values.index, values["one"], values["other"], strict=True)
    ]
