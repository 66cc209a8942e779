"""Who lives in the made-up country: plausible, correlated, and nobody."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from pipeline.demo.geography import Land
from pipeline.demo.noise import Floats, smooth_field

Integers = NDArray[np.int64]

BANDS = 18
"""Five-year bands: 0 to 4 ... 80 to 84, 85 and over."""
_YOUNG = np.array([5.2, 5.5, 5.8, 5.5, 5.4, 6.0, 6.4, 6.4, 6.1, 5.9, 6.9, 7.2, 6.6])
_OLD = np.array([27.0, 27.5, 20.0, 13.5, 12.0])
_STUDENTS = np.array([0, 0, 0, 1.0, 1.8, 1.1, 0.5, 0.2, 0, 0, -0.1, -0.2, -0.2])
_DISABLED_BY_BAND = np.array(
    [0.03, 0.08, 0.10, 0.12, 0.14, 0.13, 0.12, 0.13, 0.14, 0.16, 0.18, 0.21, 0.24, 0.25, 0.29, 0.36, 0.46, 0.60]
)


@dataclass(frozen=True)
class People:
    """One row for each area: residents by band, and those limited a lot, a little, or not at all by a health condition.

    ``poor`` and ``remote`` are what the indicators share: standardised, higher = poorer, further from everything.
    """

    bands: Integers
    limited_a_lot: Integers
    limited_a_little: Integers
    not_limited: Integers
    poor: Floats
    remote: Floats

    @property
    def total(self) -> Integers:
        """All residents."""
        return np.asarray(self.bands.sum(axis=1))


def make_people(land: Land, seed: int) -> People:
    """Poorer in parts of the city and in coastal towns, older by the sea and in the countryside."""
    random = np.random.default_rng([seed, 10])
    count = len(land.polygons)
    kilometres = land.centres / 1_000
    quarter, region = smooth_field(kilometres, 2.0, 6.0, random), smooth_field(kilometres, 15, 50, random)
    seaside = np.exp(-land.shore / 3_000)
    town = land.in_town.astype(float)
    poor = standard(
        town * (0.35 * land.urban + 0.75 * quarter * land.urban + 1.1 * seaside) + 0.25 * region
        + 0.3 * quarter + random.normal(0, 0.45, count)
    )  # fmt: skip
    old = expit(
        -1.08 - 0.80 * land.urban + 0.55 * seaside + 0.15 * (1 - town) - 0.16 * poor + random.normal(0, 0.20, count)
    )
    old = np.clip(old, 0.10, 0.45)
    residents = np.clip(random.normal(1_680, 270, count), 1_000, 3_000).round().astype(np.int64)
    bands = random.multinomial(residents, _shares(old, land.urban * (land.town == 0) + 0.2 * quarter * town))
    remote = standard(-1.1 * land.urban - 0.5 * town + 0.35 * np.log1p(land.remote / 5_000) + 0.2 * region)
    return People(bands, *_health(bands, poor, random), poor=poor, remote=remote)


def standard(values: Floats) -> Floats:
    """Mean 0, standard deviation 1."""
    return np.asarray((values - values.mean()) / values.std())


def _shares(old: Floats, students: Floats) -> Floats:
    young = np.maximum(_YOUNG * (1 + np.clip(students, 0, 1.2)[:, None] * _STUDENTS), 1)
    young = young / young.sum(axis=1, keepdims=True) * (1 - old)[:, None]
    late = _OLD / _OLD.sum() * old[:, None]
    shares = np.hstack([young, late])
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _health(bands: Integers, poor: Floats, random: np.random.Generator) -> tuple[Integers, Integers, Integers]:
    total = bands.sum(axis=1)
    by_age = (bands * _DISABLED_BY_BAND).sum(axis=1) / total
    age = np.log(by_age / (1 - by_age))
    odds = age.mean() + 1.6 * (age - age.mean()) + 0.24 * poor + random.normal(0, 0.07, len(poor))
    disabled = random.binomial(total, expit(odds))
    a_lot = random.binomial(disabled, np.clip(0.40 + 0.05 * poor, 0.2, 0.65))
    return a_lot, disabled - a_lot, random.binomial(total - disabled, 0.085)


def single_years(bands: Integers, random: np.random.Generator) -> Integers:
    """Residents by sex and single year of age, F0 to F90 and then M0 to M90; 90 is 90 and over."""
    years = []
    for number in range(BANDS):
        width = 6 if number == BANDS - 1 else 5
        share = np.full(width, 1 / width) if width == 5 else np.array([0.19, 0.16, 0.14, 0.12, 0.10, 0.29])
        years.append(random.multinomial(bands[:, number], share))
    ages = np.hstack(years)
    women = random.binomial(ages, np.linspace(0.488, 0.60, ages.shape[1]))
    return np.hstack([women, ages - women])
