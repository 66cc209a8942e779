"""Does a score predict anything: indices compared with an outcome, and weights fitted to one.

It reads and writes no files: an outcome, a table of the nation and indices in, tables and records of evidence out.
"""

from pipeline.evidence.calibrate import Calibration, FitSettings, calibrate
from pipeline.evidence.outcome import Outcome, match_outcome, read_outcome_file
from pipeline.evidence.people import (
    StrengthFit,
    SurveyComparison,
    compare_with_survey,
    describe_people,
    fit_strength,
)
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
    "Calibration",
    "FitSettings",
    "Outcome",
    "StrengthFit",
    "SurveyComparison",
    "Validation",
    "calibrate",
    "compare_with_survey",
    "describe_calibration",
    "describe_people",
    "describe_validation",
    "fit_strength",
    "format_index",
    "match_outcome",
    "name_fitted",
    "read_outcome_file",
    "record_calibration",
    "record_validation",
    "summarise_outcome",
    "validate_indices",
]
