"""The stages put together: what is fetched, tidied, joined, scored and drawn for an area.

Only this package and the command line know all stages; the stages do not know each other.
"""

from pipeline.stages.data import fetch_area, make_demo
from pipeline.stages.documentation import data_dictionary, write_dictionary
from pipeline.stages.evidence import Asked, calibrate_index, validate_area
from pipeline.stages.join import join_area
from pipeline.stages.pages import draw_area, explain_area
from pipeline.stages.places import place_area
from pipeline.stages.project import Project
from pipeline.stages.score import score_area
from pipeline.stages.site import SitesWanted, site_area
from pipeline.stages.tidy import tidy_nation

__all__ = [
    "Asked",
    "Project",
    "SitesWanted",
    "calibrate_index",
    "data_dictionary",
    "draw_area",
    "explain_area",
    "fetch_area",
    "join_area",
    "make_demo",
    "place_area",
    "score_area",
    "site_area",
    "tidy_nation",
    "validate_area",
    "write_dictionary",
]
