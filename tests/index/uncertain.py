"""Small declarations of what is varied, for the tests."""

from typing import Any

from pipeline.catalogue import Uncertainty

NOTHING: dict[str, Any] = {
    "draws": 1,
    "seed": 1,
    "weights": {"components": float("inf"), "within_components": float("inf")},
    "sensitivity": {"samples": 64, "largest_area": 500, "seed": 2},
    "hotspots": {"permutations": 99, "seed": 3, "false_discovery_rate": 0.1},
}


def varying(**options: Any) -> Uncertainty:
    """Nothing is varied but what ``options`` say."""
    return Uncertainty.model_validate({**NOTHING, **options})


def weights(concentration: float) -> dict[str, float]:
    return {"components": concentration, "within_components": concentration}


EVERYTHING = {
    "weights": weights(50),
    "normalisation": {"others": ["percentile", "min-max", "z-score", "rank-exponential"]},
    "aggregation": {"others": ["arithmetic", "geometric", "weighted-sum"]},
}
