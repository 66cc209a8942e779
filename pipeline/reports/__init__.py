"""Pages that explain how an area was scored, how sure it is and how a team assesses itself; and its workbook."""

from pipeline.reports.assess import compose_assessment_page, find_figures, gather_answers
from pipeline.reports.front_door import Download, File, Front, UnitBriefing, compose_front_door
from pipeline.reports.method import Beside, compose_method_page
from pipeline.reports.priority_groups import priority_groups_section
from pipeline.reports.programmes import ProgrammeReport
from pipeline.reports.sensitivity import record_sensitivity

__all__ = [
    "Beside",
    "Download",
    "File",
    "Front",
    "ProgrammeReport",
    "UnitBriefing",
    "compose_assessment_page",
    "compose_front_door",
    "compose_method_page",
    "find_figures",
    "gather_answers",
    "priority_groups_section",
    "record_sensitivity",
]
