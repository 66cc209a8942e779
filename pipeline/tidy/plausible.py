"""Values that cannot be, judged within one source: what its own columns contradict is refused, by LSOA and column.

Each check gets a tidy frame and gives faults in words. The bounds hold for all English LSOAs as published and leave
them room; every constant says how far real data are from it. What one source cannot contradict is left to the
comparison of several (:mod:`pipeline.join.agreement`); the method page lists what nothing contradicts.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.reading.correlation import correlation
from pipeline.tables import DOMAINS, Table
from pipeline.tidy.outlines import in_country

Check = Callable[[pd.DataFrame], Iterator[str]]
_checks: dict[str, Check] = {}

FEWEST = 20
"""Rows from which a distribution says something."""
MOST_ALIKE = 0.5
"""Of the rows that may have one and the same share or score: in England, it is less than 3% for each of them."""
RANK_TIES = 10
"""How far a rank may be from its place in the order. Equal values share a rank; in England that moves it by 1."""
MOST_ODD_DECILES = 0.005
"""Of the LSOAs whose decile may differ from their rank's, as ties fall on either side; in England none does."""
SCORE_ERROR = 0.02
"""Points by which the published IMD score may differ from the one that its domain ranks give: rounding makes 0.0007."""
WORST_AGREEMENT = -0.5
"""Rank correlation of adult skills with the rank of the education domain: -0.93 in England."""

DOMAIN_WEIGHTS = {
    "income": 0.225,
    "employment": 0.225,
    "education": 0.135,
    "health": 0.135,
    "crime": 0.093,
    "barriers": 0.093,
    "living_environment": 0.093,
}
"""English Indices of Deprivation 2025, Technical Report: the weights of the seven domains."""
DECAY = 23.0
"""The constant of the exponential transformation of domain ranks, from the same report."""

MOST_OUTSIDE = 0.05
"""Of the places of a national list that may lie outside England: none does. Single ones are named when located."""

RESIDENTS, MEDIAN_RESIDENTS = (50, 30_000), (800, 5_000)
"""An LSOA is made to have 1,000 to 3,000 residents; in England they have 996 to 9,897, half fewer than 1,608."""
HOUSEHOLDS, MEDIAN_HOUSEHOLDS = (20, 10_000), (300, 2_000)
"""An LSOA is made to have 400 to 1,200 households; in England they have 400 to 1,547, half fewer than 665."""
MEDIAN_AGE_SHARE = (0.005, 0.4)
"""The median share of residents aged 65 to 74, or 75 and over: 0.099 and 0.082 in England."""
MEDIAN_DISABLED = (0.04, 0.5)
"""The median share of disabled residents: 0.17 in England."""
STANDARDISED_MEAN, STANDARDISED_SPREAD, STANDARDISED_LIMIT = 0.5, (0.3, 2.5), 12.0
"""A standardised score: mean 0, spread (standard deviation) 0.88 and values from -3.9 to 3.9 in England."""
LEAST_CONNECTED = 20.0
"""The score of the best connected LSOA is above it: 100 in England."""
SPEED_ADVICE = (
    "It is the publisher's standardised score (mean 0, higher = slower), not Mbit/s. Use the column "
    "'Digital Connectivity' of File 8 as published"
)
HEALTH_ADVICE = (
    "It is the publisher's standardised score (mean 0, higher = more deprived), and no rank or rate. Use the column "
    "'Health Deprivation and Disability Score' of File 7 as published"
)


def check(*reads: str) -> Callable[[Check], Check]:
    """Registers a check of the tables that the readers named ``reads`` give."""

    def register(function: Check) -> Check:
        _checks.update(dict.fromkeys(reads, function))
        return function

    return register


def refuse_implausible(reads: str, frame: pd.DataFrame, table: Table, name: str) -> None:
    """Refuse a tidy frame whose values contradict each other or their definition.

    Args:
        reads: the reader that gave it. ``table``: its table. ``name``: the file, for the message.

    Raises:
        RawFileError: every fault, with the column and the first LSOAs.
    """
    faults = list(_checks[reads](frame)) if reads in _checks else []
    if table.key == "lsoa21_code":
        faults += _alike(frame, table)
    if faults:
        several = f"{len(faults)} things about it cannot be:\n  " if len(faults) > 1 else ""
        raise RawFileError(f"{name}: {several}" + "\n  ".join(faults))


def _alike(frame: pd.DataFrame, table: Table) -> Iterator[str]:
    """Numbers that are the same everywhere, or for most LSOAs where they should differ."""
    if len(frame) < FEWEST:
        return
    for column in table.columns:
        values = frame[column.name].dropna() if column.storage in ("integer", "number") else pd.Series(dtype=float)
        if len(values) < FEWEST:
            continue
        value = values.iloc[0]
        if bool((values == value).all()):
            yield f"{column.name} is {value:g} for every LSOA. {_why_constant(float(value))}"
        elif column.quantity in ("share", "score", "standardised score"):
            counts = values.value_counts()
            if counts.iloc[0] > MOST_ALIKE * len(values):
                yield (
                    f"{column.name} is {counts.index[0]:g} for {counts.iloc[0]:,} of {len(values):,} LSOAs; published "
                    "values differ. Fetch the file again."
                )


def _why_constant(value: float) -> str:
    if value in (1.0, 100.0):
        return "Are these percentages? The table of counts is needed, as published."
    return "Published values differ from one LSOA to the next: fetch the file again."


@check("deprivation")
def check_deprivation(frame: pd.DataFrame) -> Iterator[str]:
    """Ranks are places in an order of all LSOAs; deciles, scores and domains of one file agree with them."""
    ranks = ["imd_rank", *(f"{domain}_rank" for domain in DOMAINS)]
    faults = [fault for column in ranks for fault in _rank_faults(frame, column)]
    yield from faults
    if faults or len(frame) < FEWEST:
        return
    yield from _decile_faults(frame)
    for score, rank in (
        ("imd_score", "imd_rank"),
        ("income_deprivation", "income_rank"),
        ("employment_deprivation", "employment_rank"),
        ("education_deprivation", "education_rank"),
        ("health_deprivation", "health_rank"),
    ):
        yield from order_faults(frame, score, rank)
    yield from _composition_faults(frame)
    yield from _standardised_faults(frame, "health_deprivation", HEALTH_ADVICE)
    skills = _rank_correlation(frame["adult_skills_deprivation"], frame["education_rank"])
    if not skills <= WORST_AGREEMENT:
        yield (
            f"adult_skills_deprivation does not go with education_rank, which it is a part of (rank correlation "
            f"{skills:.2f}, -0.93 as published): its rows or its column are not the right ones. Fetch the file again."
        )


def _rank_faults(frame: pd.DataFrame, column: str) -> Iterator[str]:
    count = len(frame)
    beyond = frame[frame[column] > count]
    if len(beyond):
        yield (
            f"{column}: a rank is at most {count:,}, as the file has {count:,} English LSOAs; {len(beyond):,} are "
            f"beyond it: {first(_shown(beyond, column), 5)}. The file lacks LSOAs, or these ranks are wrong: fetch it "
            "again."
        )
    elif count >= FEWEST:
        off = np.abs(np.sort(frame[column].to_numpy(dtype="float64")) - np.arange(1, count + 1))
        if off.max() > RANK_TIES:
            common = frame[column].value_counts()
            yield (
                f"{column} is no ranking of its {count:,} LSOAs: {frame[column].nunique():,} different ranks, "
                f"rank {common.index[0]:g} {common.iloc[0]:,} times. Fetch the file again."
            )


def _decile_faults(frame: pd.DataFrame) -> Iterator[str]:
    expected = np.ceil(frame["imd_rank"] / len(frame) * 10).clip(1, 10)
    away = (frame["imd_decile"] - expected).abs()
    odd = frame[(away > 1) | ((away == 1) & ((away == 1).mean() > MOST_ODD_DECILES))]
    if len(odd):
        reverse = bool((frame["imd_decile"] == 11 - expected).mean() > 1 - MOST_ODD_DECILES)
        yield (
            f"imd_decile contradicts imd_rank for {len(odd):,} LSOA(s): "
            f"{first(_shown(odd, 'imd_decile', 'imd_rank'), 5)}. "
            + ("Decile 1 should be the most deprived tenth, and is the least. " if reverse else "")
            + "Fetch the file again."
        )


def order_faults(frame: pd.DataFrame, score: str, rank: str) -> Iterator[str]:
    """A higher score has a lower rank: the row above or below a fall is wrong, whichever of them."""
    ordered = frame.sort_values([rank, score], ascending=[True, False], kind="stable")
    rise = np.flatnonzero(np.diff(ordered[score].to_numpy(dtype="float64")) > 1e-9)
    if not len(rise):
        return
    if _rank_correlation(frame[score], frame[rank]) > 0.9:
        yield f"{rank} runs the wrong way: rank 1 should have the highest {score}, and has the lowest. Fetch it again."
        return
    values = ordered[score].to_numpy(dtype="float64")
    highest_below = np.maximum.accumulate(values[::-1])[::-1]
    too_low = np.append(values[:-1] < highest_below[1:] - 1e-9, False)
    too_high = np.append(False, values[1:] > np.minimum.accumulate(values)[:-1] + 1e-9)
    rows = ordered[too_high if too_high.sum() <= too_low.sum() else too_low]
    yield (
        f"{score} contradicts {rank} for {len(rows):,} LSOA(s), among them "
        f"{first(_shown(rows, score, rank), 5)}: a higher score should have a lower rank. Values of one column "
        "were changed, or lie beside other LSOAs: fetch the file again."
    )


def _composition_faults(frame: pd.DataFrame) -> Iterator[str]:
    """The IMD score is a weighted sum of exponentially transformed domain ranks, so each checks the others."""
    rebuilt = np.zeros(len(frame))
    for domain, weight in DOMAIN_WEIGHTS.items():
        share = 1 - (frame[f"{domain}_rank"].to_numpy(dtype="float64") - 1) / len(frame)
        rebuilt -= weight * DECAY * np.log(1 - share * (1 - np.exp(-100 / DECAY)))
    odd = frame.assign(from_domains=rebuilt.round(3))[np.abs(rebuilt - frame["imd_score"]) > SCORE_ERROR]
    if len(odd):
        yield (
            f"imd_score is not what the seven domain ranks give by the published weights for {len(odd):,} LSOA(s): "
            f"{first(_shown(odd, 'imd_score', 'from_domains'), 5)}. A column was changed or mistaken for another: "
            "fetch the file again."
        )


def _standardised_faults(frame: pd.DataFrame, column: str, advice: str) -> Iterator[str]:
    values = frame[column]
    mean, spread = float(values.mean()), float(values.std())
    low, high = STANDARDISED_SPREAD
    if abs(mean) > STANDARDISED_MEAN or not low <= spread <= high:
        yield f"{column} has the mean {mean:,.2f} and the spread {spread:,.2f}. {advice}."
    far = frame[values.abs() > STANDARDISED_LIMIT]
    if len(far):
        yield (f"{column} of {len(far):,} LSOA(s) is no standardised score: {first(_shown(far, column), 5)}. {advice}.")


@check("deprivation_2019")
def check_deprivation_2019(frame: pd.DataFrame) -> Iterator[str]:
    """Ranks are places in an order of all LSOAs of 2011; scores and deciles of the file agree with them."""
    by_code = frame.rename(columns={"lsoa11_code": "lsoa21_code"})
    faults = list(_rank_faults(by_code, "imd_rank"))
    yield from faults
    if not faults and len(frame) >= FEWEST:
        yield from _decile_faults(by_code)
        yield from order_faults(by_code, "imd_score", "imd_rank")


@check("underlying_indicators")
def check_underlying_indicators(frame: pd.DataFrame) -> Iterator[str]:
    """Broadband is a standardised score, and connectivity runs from 0 to 100."""
    if len(frame) < FEWEST:
        return
    yield from _standardised_faults(frame, "broadband_deprivation", SPEED_ADVICE)
    highest = float(frame["transport_connectivity"].max())
    if highest <= LEAST_CONNECTED:
        yield (
            f"transport_connectivity is {highest:,.2f} at most; the publisher's score runs from 0 to 100, and "
            "somewhere it is high. Was it divided, or is it another column? Fetch the file again."
        )


@check("population_estimates", "population_census")
def check_population(frame: pd.DataFrame) -> Iterator[str]:
    """Residents as many as LSOAs have, and age bands that are parts of them."""
    yield from _sizes(frame, "population_total", RESIDENTS, MEDIAN_RESIDENTS)
    over = frame[frame["population_65_to_74"] + frame["population_75_plus"] > frame["population_total"]]
    if len(over):
        yield (
            f"more residents are aged 65 and over than there are of all ages in {len(over):,} LSOA(s): "
            f"{first(_shown(over, 'population_65_to_74', 'population_75_plus', 'population_total'), 5)}"
        )
    for column in ("share_65_to_74", "share_75_plus"):
        yield from _median(frame, column, MEDIAN_AGE_SHARE)


@check("disability")
def check_disability(frame: pd.DataFrame) -> Iterator[str]:
    """Residents as many as LSOAs have, and a part of them disabled."""
    yield from _sizes(frame, "residents_2021", RESIDENTS, MEDIAN_RESIDENTS)
    yield from _median(frame, "share_disabled", MEDIAN_DISABLED)


@check("household_deprivation")
def check_household_deprivation(frame: pd.DataFrame) -> Iterator[str]:
    """Households as many as LSOAs have; those deprived in several ways are among those deprived in any."""
    yield from _sizes(frame, "households", HOUSEHOLDS, MEDIAN_HOUSEHOLDS)
    yield from _median(frame, "share_households_deprived", (0.1, 0.95))
    yield from _median(frame, "share_households_two_dimensions", (0.02, 0.7))
    several, any_way = "share_households_two_dimensions", "share_households_deprived"
    over = frame[frame[several] > frame[any_way] + 1e-9]
    if len(over):
        yield (
            f"more households are deprived in two or more ways than in any way in {len(over):,} LSOA(s): "
            f"{first(_shown(over, several, any_way), 5)}. Columns were changed or mistaken for others: fetch "
            "the file again."
        )


@check("tenure")
def check_tenure(frame: pd.DataFrame) -> Iterator[str]:
    """Households as many as LSOAs have; those that own outright, rent socially or privately are parts of them."""
    yield from _sizes(frame, "households_by_tenure", HOUSEHOLDS, MEDIAN_HOUSEHOLDS)
    shares = ["share_owned_outright", "share_social_rented", "share_private_rented"]
    over = frame[frame[shares].sum(axis=1) > 1 + 1e-9]
    if len(over):
        yield (
            f"households that own outright, rent socially or rent privately are together more than all households in "
            f"{len(over):,} LSOA(s): {first(over['lsoa21_code'], 5)}. Two columns may be the same."
        )


@check("health_geography")
def check_health_geography(frame: pd.DataFrame) -> Iterator[str]:
    """A code has one name and a name one code; a Sub-ICB location belongs to one Integrated Care Board."""
    for one, other in (
        ("lad_code", "lad_name"),
        ("sicbl_code", "sicbl_name"),
        ("icb_code", "icb_name"),
        ("lad_name", "lad_code"),
        ("sicbl_name", "sicbl_code"),
        ("icb_name", "icb_code"),
        ("sicbl_code", "icb_code"),
    ):
        yield from _several(frame, one, other)


@check("wards")
def check_wards(frame: pd.DataFrame) -> Iterator[str]:
    """A ward has one name; wards of several districts may share it."""
    yield from _several(frame, "ward_code", "ward_name")


@check("libraries")
def check_libraries(frame: pd.DataFrame) -> Iterator[str]:
    """Eastings and northings in England, or where the fictional area lies."""
    placed = frame[frame["x"].notna() & frame["y"].notna()]
    x, y = (placed[axis].to_numpy(dtype="float64") for axis in ("x", "y"))
    outside = placed[~in_country(x, y)]
    if len(placed) >= FEWEST and len(outside) > MOST_OUTSIDE * len(placed):
        swapped = in_country(y, x).mean() > in_country(x, y).mean()
        rows = [f"row {row} ({name})" for row, name in zip(outside["file_row"], outside["name"], strict=True)]
        yield (
            f"{len(outside):,} of {len(placed):,} places lie outside England: {first(rows, 3)}. "
            + ("Easting and northing are swapped. " if swapped else "Are these eastings and northings in metres? ")
            + "Fetch the file again."
        )


def _several(frame: pd.DataFrame, one: str, other: str) -> Iterator[str]:
    """Values of a column that go with several of another, although each should go with one; with an LSOA of the few."""
    pairs = frame.groupby([one, other], sort=True)["lsoa21_code"].agg(["size", "first"]).reset_index()
    several = pairs[pairs.duplicated(one, keep=False)]
    if len(several):
        rare = several.sort_values("size", kind="stable").drop_duplicates(one)
        shown = [
            f"{value} ({' and '.join(map(str, several.loc[several[one] == value, other].head(3)))}; see {code})"
            for value, code in zip(rare[one], rare["first"], strict=True)
        ]
        yield (
            f"{one}: {len(shown):,} have more than one {other}: {first(shown, 5)}. Values of one column were changed, "
            "or lie beside other LSOAs: fetch the lookup again."
        )


def _sizes(frame: pd.DataFrame, column: str, limits: tuple[float, float], median: tuple[float, float]) -> Iterator[str]:
    """Counts of an LSOA that are too small or too large for one, all together or one by one."""
    middle = float(frame[column].median())
    if len(frame) >= FEWEST and not median[0] <= middle <= median[1]:
        yield (
            f"half of the LSOAs have fewer than {middle:,.0f} in {column}; LSOAs are made to have {median[0]:,.0f} to "
            f"{median[1]:,.0f}. Are these counts, as published, and not percentages or thousands?"
        )
        return
    odd = frame[~frame[column].between(*limits)]
    if len(odd):
        yield (
            f"{column} of {len(odd):,} LSOA(s) is not between {limits[0]:,.0f} and {limits[1]:,.0f}: "
            f"{first(_shown(odd, column), 5)}. Fetch the file again."
        )


def _median(frame: pd.DataFrame, column: str, limits: tuple[float, float]) -> Iterator[str]:
    middle = float(frame[column].median())
    if len(frame) >= FEWEST and not limits[0] <= middle <= limits[1]:
        yield (
            f"the median of {column} is {middle:.1%}; it should be between {limits[0]:.1%} and {limits[1]:.1%}. Is it "
            "the right column? Fetch the file again."
        )


def _rank_correlation(one: pd.Series, other: pd.Series) -> float:
    return correlation(one.rank().to_numpy("float64"), other.rank().to_numpy("float64"))


def _shown(rows: pd.DataFrame, *columns: str) -> list[str]:
    """Rows by their code, with the values concerned."""
    cells: Mapping[str, list[object]] = {column: rows[column].tolist() for column in columns}
    values = zip(*cells.values(), strict=True)
    return [
        f"{code} ({', '.join(f'{value:,.10g}' for value in row)})"
        for code, row in zip(rows["lsoa21_code"], values, strict=True)
    ]
