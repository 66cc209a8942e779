"""One small module for each family of official source: raw file in, one tidy frame out.

A tidy frame has one row for each LSOA, our column names and our units, and keeps to its table in
:mod:`pipeline.tables`.
"""

from pipeline.tidy.boundaries import Boundaries, tidy_boundaries
from pipeline.tidy.centroids import tidy_centroids
from pipeline.tidy.deprivation import tidy_deprivation, tidy_underlying_indicators
from pipeline.tidy.digital_propensity import tidy_digital_propensity
from pipeline.tidy.disability import tidy_disability
from pipeline.tidy.gp_practices import tidy_gp_practices
from pipeline.tidy.household_deprivation import tidy_household_deprivation
from pipeline.tidy.household_size import add_household_size
from pipeline.tidy.libraries import tidy_libraries
from pipeline.tidy.lookups import tidy_health_geography, tidy_lsoa_changes, tidy_wards
from pipeline.tidy.population import tidy_population_census, tidy_population_estimates
from pipeline.tidy.postcodes import read_postcodes, tidy_postcodes
from pipeline.tidy.rurality import tidy_rurality
from pipeline.tidy.tenure import tidy_tenure
from pipeline.tidy.towns import tidy_towns

__all__ = [
    "Boundaries",
    "add_household_size",
    "read_postcodes",
    "tidy_boundaries",
    "tidy_centroids",
    "tidy_deprivation",
    "tidy_digital_propensity",
    "tidy_disability",
    "tidy_gp_practices",
    "tidy_health_geography",
    "tidy_household_deprivation",
    "tidy_libraries",
    "tidy_lsoa_changes",
    "tidy_population_census",
    "tidy_population_estimates",
    "tidy_postcodes",
    "tidy_rurality",
    "tidy_tenure",
    "tidy_towns",
    "tidy_underlying_indicators",
    "tidy_wards",
]
