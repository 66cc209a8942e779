"""``sensitivity.json``: the figures of the method page, for other programs."""

from pipeline.index.sensitivity import Sensitivity
from pipeline.store.records import (
    ChoiceEffect,
    CountedTwice,
    EffectiveWeight,
    RemovalEffect,
    SensitivityRecord,
)


def record_sensitivity(sensitivity: Sensitivity, built: str, area: str, index: str) -> SensitivityRecord:
    """Every figure of ``sensitivity``, rounded to four decimals; what cannot be computed is None.

    Args:
        built: when the figures were made. ``area``, ``index``: their ids.
    """
    correlations = sensitivity.correlations
    return SensitivityRecord(
        built=built,
        area=area,
        index=index,
        mean_change=sensitivity.mean_change,
        evaluations=sensitivity.evaluations,
        areas=sensitivity.areas,
        choices=tuple(ChoiceEffect.model_validate(effect) for effect in sensitivity.choices),
        removed=tuple(RemovalEffect.model_validate(effect) for effect in sensitivity.removed),
        counted_twice=tuple(CountedTwice.model_validate(pair) for pair in sensitivity.counted_twice),
        effective=tuple(EffectiveWeight.model_validate(effect) for effect in sensitivity.effective),
        correlations=tuple(
            {"indicator": str(label), **{str(other): float(value) for other, value in row.items()}}
            for label, row in correlations.iterrows()
        ),
    )
