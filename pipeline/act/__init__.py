"""Where to act: support within reach, capacity, exclusion and how sure it is, priorities and sites."""

from pipeline.act.certainty import exclusion_intervals
from pipeline.act.exclusion import capacity, exclusion
from pipeline.act.priorities import Act, coverage_in_words, priorities, where_to_act
from pipeline.act.support import Support, nearest_places, support_access

__all__ = [
    "Act",
    "Support",
    "capacity",
    "coverage_in_words",
    "exclusion",
    "exclusion_intervals",
    "nearest_places",
    "priorities",
    "support_access",
    "where_to_act",
]
