"""Does a score predict anything: indices compared with an outcome, and weights fitted to one.

It reads and writes no files: an outcome, a table of the nation and indices in, tables and records of evidence out.
"""

from pipeline.evidence.agreement import Observed, agree, area_under_curve
from pipeline.evidence.area_outcome import AreaOutcome, GivenAreas, error_of_limits, match_area_outcome
from pipeline.evidence.calibrate import Calibration, FitSettings, calibrate
from pipeline.evidence.outcome import Outcome, match_outcome, read_outcome_file
from pipeline.evidence.report import (
    describe_calibration,
    describe_validation,
    format_index,
    name_fitted,
    record_calibration,
    record_validation,
    summarise_outcome,
)
from pipeline.evidence.validate import Validation, validate_indices

__all__ = [
    "AreaOutcome",
    "Calibration",
    "FitSettings",
    "GivenAreas",
    "Observed",
    "Outcome",
    "Validation",
    "agree",
    "area_under_curve",
    "calibrate",
    "describe_calibration",
    "describe_validation",
    "error_of_limits",
    "format_index",
    "match_area_outcome",
    "match_outcome",
    "name_fitted",
    "read_outcome_file",
    "record_calibration",
    "record_validation",
    "summarise_outcome",
    "validate_indices",
]
