"""Where to act: support within reach, capacity, exclusion and how sure it is, priorities and sites."""

from pipeline.act.certainty import draw_exclusion_intervals
from pipeline.act.exclusion import score_capacity, score_exclusion
from pipeline.act.priorities import Assessment, Assumptions, assess_area, describe_coverage, list_priorities
from pipeline.act.support import Support, list_nearest_places, measure_access

__all__ = [
    "Assessment",
    "Assumptions",
    "Support",
    "assess_area",
    "describe_coverage",
    "draw_exclusion_intervals",
    "list_nearest_places",
    "list_priorities",
    "measure_access",
    "score_capacity",
    "score_exclusion",
]
