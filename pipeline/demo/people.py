"""Who lives in the made-up country: plausible, correlated, and nobody."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import rankdata

from pipeline.demo.geography import Land
from pipeline.schema import DOMAINS, RUC21_CODES

DOMAIN_WEIGHTS = (0.225, 0.225, 0.135, 0.135, 0.093, 0.093, 0.093)
BANDS = 18
"""Five-year bands from 0–4 to 85 and over."""


def make_people(land: Land, random: np.random.Generator) -> pd.DataFrame:
    """One row per area: residents by band (``band_0`` to ``band_17``), ``disabled``, scores and rural-urban class."""
    count = len(land.polygons)
    seaside = np.exp(-land.coast / 2_500)
    poor = _standard(1.1 * land.urban + 0.7 * seaside * land.urban + random.normal(0, 0.55, count))
    old = expit(-1.55 - 0.9 * land.urban + 0.9 * seaside + random.normal(0, 0.28, count))
    residents = np.clip(random.normal(1_650, 260, count), 900, 3_400).round().astype(int)
    bands = _bands(residents, old, random)
    disabled = np.clip(0.10 + 0.035 * poor + 0.22 * old + random.normal(0, 0.012, count), 0.03, 0.5)
    frame = pd.DataFrame(bands, columns=[f"band_{number}" for number in range(BANDS)])
    frame["disabled"] = (bands.sum(axis=1) * disabled).round().astype(int)
    frame["ruc"] = _classes(land)
    frame["broadband"] = (_standard(-1.2 * land.urban + random.normal(0, 0.6, count)) * 0.8).round(3)
    frame["connectivity"] = np.clip(20 + 70 * land.urban + random.normal(0, 6, count), 1, 100).round(3)
    frame["skills"] = expit(-1.5 + 0.55 * poor + random.normal(0, 0.2, count)).round(3)
    return pd.concat([frame, _deprivation(poor, land, random)], axis=1)


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((values - values.mean()) / values.std())


def _bands(residents: NDArray[np.int64], old: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.int64]:
    young = np.tile(np.array([5.2, 5.4, 5.8, 5.6, 6, 6.4, 6.6, 6.5, 6.2, 6.1, 6.9, 7, 6.4]), (len(residents), 1))
    late = np.tile(np.array([28.0, 27, 20, 14, 11]), (len(residents), 1))
    shares = np.hstack(
        [young / young.sum(1, keepdims=True) * (1 - old)[:, None], late / late.sum(1, keepdims=True) * old[:, None]]
    )
    return random.multinomial(residents, shares)


def _classes(land: Land) -> NDArray[np.object_]:
    """Classes by how urban a place is; those beyond the city's half are further from it."""
    size = np.digitize(land.urban, [0.02, 0.25])
    far = np.linalg.norm(land.centres - land.centres[land.urban.argmax()], axis=1)
    further = far > np.quantile(far, 0.6)
    return np.asarray(np.array(RUC21_CODES, dtype=object)[(2 - size) * 2 + further])


def _deprivation(poor: NDArray[np.float64], land: Land, random: np.random.Generator) -> pd.DataFrame:
    """Domain scores and ranks, and the IMD made from the ranks as the technical report says."""
    count = len(poor)
    frame = pd.DataFrame()
    loading = dict(zip(DOMAINS, (1.0, 0.95, 0.8, 0.85, 0.6, -0.1, 0.2), strict=True))
    for name in DOMAINS:
        latent = loading[name] * poor + random.normal(0, 0.45, count) + (-land.urban if name == "barriers" else 0)
        rates = name in ("income", "employment")
        frame[f"{name}_score"] = expit(-1.9 + 0.75 * latent).round(3) if rates else _standard(latent).round(3)
        frame[f"{name}_rank"] = rankdata(-latent, method="ordinal").astype(int)
    share = [(count - frame[f"{name}_rank"] + 1) / count for name in DOMAINS]
    parts = [-23 * np.log(1 - part * (1 - np.exp(-100 / 23))) for part in share]
    score = sum(weight * part for weight, part in zip(DOMAIN_WEIGHTS, parts, strict=True))
    frame["imd_score"] = np.round(score, 3)
    frame["imd_rank"] = rankdata(-np.asarray(score), method="min").astype(int)
    return frame
