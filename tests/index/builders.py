"""Small indices and tables for the tests of the engine."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.catalogue import Component, Index, Indicator

COMMON = {"id": "test", "title": "Test", "description": "Test", "source": "Test"}


def make_component(name: str, weight: float, *columns: tuple[str, int, float], **options: Any) -> Component:
    """A component of indicators given as (column, direction, weight)."""
    indicators = tuple(Indicator(column=c, direction=d, weight=w) for c, d, w in columns)  # type: ignore[arg-type]
    return Component(name=name, title=name, weight=weight, indicators=indicators, **options)


def make_index(normalisation: str, *components: Component, **options: Any) -> Index:
    return Index.model_validate({**COMMON, "normalisation": normalisation, "components": components, **options})


def make_table(codes: Sequence[str], columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    return pd.DataFrame(dict(columns), index=pd.Index(codes, name="lsoa21_code"))
