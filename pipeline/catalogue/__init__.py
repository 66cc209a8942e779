"""What is declared under ``declared/``, read into frozen objects that refuse unknown keys."""

from pipeline.catalogue.areas import Area, read_areas
from pipeline.catalogue.fits import Fit, fit_of, fit_path, read_fit
from pipeline.catalogue.indicators import (
    IndicatorColumn,
    IndicatorFile,
    index_for,
    read_indicators,
    refuse_names,
    with_indicator_layers,
)
from pipeline.catalogue.indices import Component, Fitted, Index, Indicator, hash_weights, read_index, say_fit
from pipeline.catalogue.layers import Layer, Look, Palette, StreetMap, read_layers
from pipeline.catalogue.outcomes import DeclaredOutcome, read_outcomes
from pipeline.catalogue.sources import Source, read_sources
from pipeline.catalogue.uncertainty import Hotspots, Sensitivity, Uncertainty, read_uncertainty

__all__ = [
    "Area",
    "Component",
    "DeclaredOutcome",
    "Fit",
    "Fitted",
    "Hotspots",
    "Index",
    "Indicator",
    "IndicatorColumn",
    "IndicatorFile",
    "Layer",
    "Look",
    "Palette",
    "Sensitivity",
    "Source",
    "StreetMap",
    "Uncertainty",
    "fit_of",
    "fit_path",
    "hash_weights",
    "index_for",
    "read_areas",
    "read_fit",
    "read_index",
    "read_indicators",
    "read_layers",
    "read_outcomes",
    "read_sources",
    "read_uncertainty",
    "refuse_names",
    "say_fit",
    "with_indicator_layers",
]
