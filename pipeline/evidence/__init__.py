"""Does a score predict anything: indices held against an outcome, and weights fitted to one.

It knows nothing of files: an outcome, a table of the nation and indices in, tables of evidence out.
"""

from pipeline.evidence.calibrate import Calibration, calibrate
from pipeline.evidence.outcome import Outcome, find_code_column, match_outcome
from pipeline.evidence.report import (
    calibration_lines,
    calibration_summary,
    index_toml,
    outcome_summary,
    validation_lines,
)
from pipeline.evidence.validate import Validation, validate_indices

__all__ = [
    "Calibration",
    "Outcome",
    "Validation",
    "calibrate",
    "calibration_lines",
    "calibration_summary",
    "find_code_column",
    "index_toml",
    "match_outcome",
    "outcome_summary",
    "validate_indices",
    "validation_lines",
]
