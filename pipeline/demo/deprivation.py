"""Indices of Deprivation of the made-up country, combined as in the technical report on the real ones."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import rankdata

from pipeline.demo.noise import Floats
from pipeline.demo.people import People, standard
from pipeline.tables import DOMAINS

IMD_WEIGHTS = dict(zip(DOMAINS, (0.225, 0.225, 0.135, 0.135, 0.093, 0.093, 0.093), strict=True))
_IMD = "Index of Multiple Deprivation (IMD)"
_CHILDREN, _SKILLS = "Children and Young People Sub-domain", "Adult Skills Sub-domain"
_GEOGRAPHICAL, _WIDER = "Geographical Barriers Sub-domain", "Wider Barriers Sub-domain"
_INDOORS, _OUTDOORS = "Indoors Sub-domain", "Outdoors Sub-domain"
_IDACI, _IDAOPI = (
    "Income Deprivation Affecting Children Index (IDACI)",
    "Income Deprivation Affecting Older People (IDAOPI)",
)
ORDER = (
    _IMD, *DOMAINS.values(), _IDACI, _IDAOPI, _CHILDREN, _SKILLS, _GEOGRAPHICAL, _WIDER, _INDOORS, _OUTDOORS
)  # fmt: skip
RATES = ("Income", "Employment", _IDACI, _IDAOPI)
DRIFT = 0.25
"""By how much the poverty of areas differed at the release before, in standard deviations."""
LONGEST_HEADER = 80
"""The publisher's file cuts one header short at this many characters."""


def make_scores(people: People, seed: int, *, earlier: bool = False) -> dict[str, Floats]:
    """Every index, domain and sub-domain by its published name: scores, higher = more deprived.

    ``earlier``: of the release before, when who was poor differed somewhat, and errors were others.
    """
    random = np.random.default_rng([seed, 23 if earlier else 22])
    poor, remote, count = people.poor, people.remote, len(people.poor)
    if earlier:
        poor = standard(poor + random.normal(0, DRIFT, count))

    def near(loading: float, noise: float, other: Floats | float = 0.0) -> Floats:
        return standard(loading * poor + random.normal(0, noise, count) + other)

    income = near(1, 0.25)
    scores = {
        "Income": 0.02 + 0.58 * expit(-1.1 + 0.95 * income),
        "Employment": 0.01 + 0.42 * expit(-1.2 + 0.9 * near(1, 0.35)),
        "Health Deprivation and Disability": 0.88 * near(1, 0.5),
        "Crime": 0.84 * near(0.8, 0.6, -0.5 * remote),
        _IDACI: 0.02 + 0.72 * expit(-0.9 + 0.9 * standard(income + random.normal(0, 0.35, count))),
        _IDAOPI: 0.02 + 0.55 * expit(-1.2 + 0.8 * standard(income + random.normal(0, 0.4, count))),
        _CHILDREN: 0.87 * near(1, 0.55),
        _SKILLS: 0.02 + 0.72 * expit(-1.0 + 0.7 * near(1, 0.4)),
        _GEOGRAPHICAL: 100 * expit(-0.75 + 0.75 * standard(remote + random.normal(0, 0.35, count))),
        _WIDER: 3.0 * near(0.8, 0.8, -0.3 * remote),
        _INDOORS: 0.63 * near(0.25, 0.8, 0.4 * remote),
        _OUTDOORS: 0.75 * near(0.4, 0.6, -0.6 * remote),
    }
    return combine(scores)


def combine(scores: dict[str, Floats]) -> dict[str, Floats]:
    """The domains that are made of sub-domains, and the index made of the domains, from the ranks of their parts."""
    combined = dict(scores)
    combined["Education, Skills and Training"] = _mean_of_ranks(scores, {_CHILDREN: 0.5, _SKILLS: 0.5})
    combined["Barriers to Housing and Services"] = _mean_of_ranks(scores, {_GEOGRAPHICAL: 0.5, _WIDER: 0.5})
    combined["Living Environment"] = _mean_of_ranks(scores, {_INDOORS: 2 / 3, _OUTDOORS: 1 / 3})
    combined[_IMD] = _mean_of_ranks(combined, {title: IMD_WEIGHTS[name] for name, title in DOMAINS.items()})
    return combined


def rank(score: Floats) -> NDArray[np.int64]:
    """1 for the most deprived; no two share a rank."""
    return np.asarray(rankdata(-score, method="ordinal"), dtype=np.int64)


def exponential(ranks: NDArray[np.int64]) -> Floats:
    """Ranks to 0–100, drawn out at the deprived end, so that one is not cancelled out by the absence of another."""
    share = (len(ranks) - ranks + 1) / len(ranks)
    return np.asarray(-23 * np.log(1 - share * (1 - np.exp(-100 / 23))))


def _mean_of_ranks(scores: dict[str, Floats], weights: dict[str, float]) -> Floats:
    return np.asarray(sum(weight * exponential(rank(scores[name])) for name, weight in weights.items()))


def file_7(keys: pd.DataFrame, scores: dict[str, Floats], people: People) -> pd.DataFrame:
    """The table of File 7: score, rank and decile of everything, and the four denominators."""
    columns = _ranked(scores, cut_short=True)
    bands = people.bands
    columns["Total population: mid 2022"] = people.total
    columns["Dependent Children aged 0-15: mid 2022"] = bands[:, :3].sum(axis=1) + bands[:, 3] // 5
    columns["Older population aged 60 and over: mid 2022"] = bands[:, 12:].sum(axis=1)
    working = bands[:, 3] * 2 // 5 + bands[:, 4:13].sum(axis=1) + bands[:, 13] * 2 // 5
    columns["Working age population 18-66 (for use with Employment Deprivation Domain): mid 2022"] = working
    return pd.concat([keys, pd.DataFrame(columns, index=keys.index)], axis=1)


def file_7_before(
    keys: pd.DataFrame, scores: dict[str, Floats], denominators: dict[str, NDArray[np.int64]]
) -> pd.DataFrame:
    """The table of File 7 of 2019, by LSOA of 2011; its last header ends with a space, as published."""
    return pd.concat([keys, pd.DataFrame(_ranked(scores) | denominators, index=keys.index)], axis=1)


def before_denominators(bands: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """The five denominators of 2019 from residents in five-year bands, by their headers."""
    young = bands[:, :3].sum(axis=1) + bands[:, 3] // 5
    older, prisoners = bands[:, 12:].sum(axis=1), "(excluding prisoners)"
    working = bands[:, 3] * 2 // 5 + bands[:, 4:12].sum(axis=1) + bands[:, 12] // 2
    return {
        f"Total population: mid 2015 {prisoners}": bands.sum(axis=1),
        f"Dependent Children aged 0-15: mid 2015 {prisoners}": young,
        f"Population aged 16-59: mid 2015 {prisoners}": bands.sum(axis=1) - young - older,
        f"Older population aged 60 and over: mid 2015 {prisoners}": older,
        f"Working age population 18-59/64: for use with Employment Deprivation Domain {prisoners} ": working,
    }


def _ranked(scores: dict[str, Floats], *, cut_short: bool = False) -> dict[str, NDArray[np.generic]]:
    """Score, rank and decile of everything, by the publisher's headers; ``cut_short``: with the one that is."""
    columns: dict[str, NDArray[np.generic]] = {}
    for name in ORDER:
        ranks = rank(scores[name])
        columns[f"{name} Score (rate)" if name in RATES else f"{name} Score"] = scores[name].round(3)
        columns[f"{name} Rank (where 1 is most deprived)"] = ranks
        header = f"{name} Decile (where 1 is most deprived 10% of LSOAs)"
        columns[header[:LONGEST_HEADER] if cut_short and name == _CHILDREN else header] = -(-10 * ranks // len(ranks))
    return columns


def file_8(keys: pd.DataFrame, scores: dict[str, Floats], people: People, seed: int) -> dict[str, pd.DataFrame]:
    """The sheets of File 8: indicators behind the income, employment, education and barriers domains."""
    random = np.random.default_rng([seed, 30])
    count, bands = len(keys), people.bands
    children, older = bands[:, :3].sum(axis=1) + bands[:, 3] // 5, bands[:, 12:].sum(axis=1)
    broadband = standard(0.9 * people.remote + 0.2 * people.poor + random.normal(0, 0.65, count))
    income = {
        "Income Domain numerator": _counted(scores["Income"] * people.total),
        "Income Deprivation Affecting Children Index (IDACI) numerator": _counted(scores[_IDACI] * children),
        "Income Deprivation Affecting Older People Index (IDAOPI) numerator": _counted(scores[_IDAOPI] * older),
    }
    employment = {"Employment Domain numerator": _counted(scores["Employment"] * bands[:, 4:13].sum(axis=1))}
    education = {"Adult skills and English language proficiency indicator": scores[_SKILLS].round(3)}
    barriers = {
        "Connectivity Score": (100 - scores[_GEOGRAPHICAL]).round(3),
        "Housing affordability indicator": (0.9 * standard(scores[_WIDER] + random.normal(0, 2, count))).round(3),
        "Digital Connectivity (Broadband download and upload speeds)": (0.88 * broadband).round(3),
        "Patient-to-GP Ratio": np.exp(random.normal(7.6, 0.3, count)).round(3),
    }
    sheets = {"Income": income, "Employment": employment, "Education": education, "Barriers": barriers}
    return {f"IoD25 {name} Domain": keys.assign(**columns) for name, columns in sheets.items()}


def _counted(people: Floats) -> Floats:
    """People to the nearest five; fewer than ten are not published."""
    rounded = (people / 5).round() * 5
    return np.where(rounded < 10, np.nan, rounded)
