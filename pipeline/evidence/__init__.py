"""Does a score predict anything: indices compared with an outcome, and weights fitted to one.

It reads and writes no files: an outcome, a table of the nation and indices in, tables and records of evidence out.
"""

from pipeline.evidence.agreement import Observed, agree, area_under_curve
from pipeline.evidence.area_outcome import AreaOutcome, GivenAreas, error_of_limits, match_area_outcome
from pipeline.evidence.calibrate import Calibration, FitSettings, calibrate
from pipeline.evidence.comparing import Draws, compare_outcomes
from pipeline.evidence.describing import (
    describe_agreement,
    outcomes_fitted_to,
    record_agreement,
    summarise_compared,
    tabulate_agreement,
)
from pipeline.evidence.fit import Target
from pipeline.evidence.given import observe, observe_areas, read_area_file, read_lsoa_file
from pipeline.evidence.outcome import PAPER_FIRST, Outcome, match_outcome, only_where, read_outcome_file
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
    format_fit,
    format_index,
    name_fitted,
    record_calibration,
    record_validation,
    summarise_outcome,
)
from pipeline.evidence.units import members, members_of_lookup, pick_units, unit_of
from pipeline.evidence.validate import Validation, validate_indices

__all__ = [
    "PAPER_FIRST",
    "AreaOutcome",
    "Calibration",
    "Draws",
    "FitSettings",
    "GivenAreas",
    "Observed",
    "Outcome",
    "StrengthFit",
    "SurveyComparison",
    "Target",
    "Validation",
    "agree",
    "area_under_curve",
    "calibrate",
    "compare_outcomes",
    "compare_with_survey",
    "describe_agreement",
    "describe_calibration",
    "describe_people",
    "describe_validation",
    "error_of_limits",
    "fit_strength",
    "format_fit",
    "format_index",
    "match_area_outcome",
    "match_outcome",
    "members",
    "members_of_lookup",
    "name_fitted",
    "observe",
    "observe_areas",
    "only_where",
    "outcomes_fitted_to",
    "pick_units",
    "read_area_file",
    "read_lsoa_file",
    "read_outcome_file",
    "record_agreement",
    "record_calibration",
    "record_validation",
    "summarise_compared",
    "summarise_outcome",
    "tabulate_agreement",
    "unit_of",
    "validate_indices",
]
