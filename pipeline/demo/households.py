"""Households of the made-up country: their number, housing, and dimensions of deprivation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from pipeline.demo.noise import Floats
from pipeline.demo.people import People, standard

Integers = NDArray[np.int64]

TENURES = (
    "Owned: Owns outright",
    "Owned: Owns with a mortgage or loan",
    "Shared ownership: Shared ownership",
    "Social rented: Rents from council or Local Authority",
    "Social rented: Other social rented",
    "Private rented: Private landlord or letting agency",
    "Private rented: Other private rented",
    "Lives rent free",
)
DIMENSIONS = 4
"""Education, employment, health and housing."""
FIRST_OLD = 13


@dataclass(frozen=True)
class Households:
    """Households by tenure, shape (areas, tenures), and by how many dimensions they are deprived in, (areas, 5)."""

    tenure: Integers
    deprived: Integers

    @property
    def total(self) -> Integers:
        """All households."""
        return np.asarray(self.tenure.sum(axis=1))


def make_households(people: People, seed: int) -> Households:
    """Older areas own outright and have small households; poorer ones rent socially and lack more."""
    random = np.random.default_rng([seed, 80])
    old = people.bands[:, FIRST_OLD:].sum(axis=1) / people.total
    size = 2.75 - 1.9 * old - 0.06 * people.poor + random.normal(0, 0.09, len(old))
    total = np.round(people.total / np.clip(size, 1.4, 3.6)).astype(np.int64)
    tenure = random.multinomial(total, _tenure_shares(people.poor, standard(old), random))
    chance = expit(-1.62 + 0.38 * people.poor + 0.10 * standard(old) + random.normal(0, 0.08, len(old)))
    ways = np.arange(DIMENSIONS + 1)
    shares = np.array([1, 4, 6, 4, 1]) * chance[:, None] ** ways * (1 - chance[:, None]) ** (DIMENSIONS - ways)
    deprived = random.multinomial(total, shares / shares.sum(axis=1, keepdims=True))
    return Households(tenure, deprived)


def _tenure_shares(poor: Floats, old: Floats, random: np.random.Generator) -> Floats:
    noise = random.normal(0, 0.15, (len(poor), 4))
    outright = np.exp(-0.15 - 0.25 * poor + 0.55 * old + noise[:, 0])
    mortgage = np.exp(-0.20 - 0.30 * poor - 0.15 * old + noise[:, 1])
    social = np.exp(-1.00 + 0.85 * poor + noise[:, 2])
    private = np.exp(-0.75 + 0.15 * poor - 0.30 * old + noise[:, 3])
    rare = np.full_like(poor, 0.03)
    shares = np.column_stack(
        [outright, mortgage, rare, social * 0.5, social * 0.5, private * 0.88, private * 0.12, rare * 0.2]
    )
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))
